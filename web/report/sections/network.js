/**
 * The compiled network: change its input or a threshold and see the raster at once. Filled where the report carries the
 * network as WebAssembly.
 */
export function network(place, report) {
  return Boolean(report.network);
}
