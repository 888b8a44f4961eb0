/** Which core has which neurons: the picture of `nirc map`, and how full each core is. */
import { el, name } from '../../view/dom.js';
import { counted, number, percent } from '../../view/format.js';
import { tableView } from '../../view/tableView.js';

/** A shadow tree, so that what a core sends shows under the pointer, as in the file, and the drawing's style reaches nothing else. */
function pictureOf(svg, label) {
  const place = el('div', { class: 'mapping-picture', role: 'img', 'aria-label': label });
  const drawing = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  const style = el('style', {}, 'svg { display: block; max-width: 100%; height: auto; }');
  place.attachShadow({ mode: 'open' }).append(style, document.importNode(drawing, true));
  return place;
}

/** How much of a resource each core uses; a share where the limit is known. */
function columnOf({ name: resource, limit }) {
  const used = (row) => row.used[resource] ?? 0;
  const share = limit > 0 ? (row) => used(row) / limit : undefined;
  return { label: resource, text: (row) => (share ? percent(share(row)) : number(used(row))), value: used, isNumber: true, share };
}

export function mapping(place, report) {
  if (!report.mapping) {
    return false;
  }
  const { svg, mapping: map } = report.mapping;
  const cores = map.cores.length;
  place.append(
    el('p', {}, `${counted(cores, 'core')} of ${map.target}${map.least_cores ? `; no partition takes fewer than ${number(map.least_cores)}` : ''}.`),
    pictureOf(svg, `Map of ${cores} cores, coloured by node, filled as their memory is`),
  );
  tableView(place, {
    caption: 'Cores, and the share of each resource that is used',
    columns: [
      { label: 'core', text: (row) => number(row.core), value: (row) => row.core },
      { label: 'chip, column, row', text: (row) => `${row.chip}, ${row.column}, ${row.row}` },
      { label: 'neurons', text: (row) => number(row.neurons), value: (row) => row.neurons, isNumber: true },
      { label: 'of nodes', text: (row) => row.nodes.map((one, i) => [i > 0 ? ', ' : '', name(one.node)]), value: (row) => row.nodes[0]?.node ?? '' },
      ...map.resources.map(columnOf),
    ],
    rows: map.cores,
  });
  return true;
}
