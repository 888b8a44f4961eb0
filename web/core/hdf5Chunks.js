// Data sets that are stored in chunks, packed or not: found by a B-tree of version 1 (HDF5 File Format Specification, III.A.1), as
// h5py writes them unless told otherwise. jsfive reads them too, one number at a time; large ones then take minutes.
import { Filters } from 'jsfive';
import { numberAt, Unsupported } from './hdf5Types.js';

/** The chunks below a node of the tree: where each begins in the data set, in the file, and its length there. */
function* chunksOf(view, at, rank, depth = 0) {
  const isNode = view.getUint32(at, false) === 0x54524545 && view.getUint8(at + 4) === 1; // "TREE"
  if (!isNode || depth > 16) {
    throw new Unsupported('a damaged tree of chunks');
  }
  const level = view.getUint8(at + 5);
  const count = view.getUint16(at + 6, true);
  const keyBytes = 8 + 8 * rank;
  for (let i = 0; i < count; ++i) {
    const key = at + 24 + i * (keyBytes + 8);
    const child = numberAt(view, key + keyBytes);
    if (level > 0) {
      yield* chunksOf(view, child, rank, depth + 1);
    } else {
      yield {
        bytes: view.getUint32(key, true),
        mask: view.getUint32(key + 4, true),
        start: Array.from({ length: rank - 1 }, (_, d) => numberAt(view, key + 8 + 8 * d)),
        at: child,
      };
    }
  }
}

/** Undoes the filters of a chunk, the last first. */
function unpacked(buffer, chunk, filters, size) {
  let bytes = buffer.slice(chunk.at, chunk.at + chunk.bytes);
  if (bytes.byteLength !== chunk.bytes) {
    throw new Unsupported('a chunk outside the file');
  }
  for (let i = filters.length - 1; i >= 0; --i) {
    if (!(chunk.mask & 1 << i)) {
      bytes = Filters.get(filters[i])(bytes, size);
    }
  }
  return new Uint8Array(bytes);
}

/** Copies what of a chunk lies inside the data set, row by row. */
function place(chunkBytes, start, chunk, shape, size, out) {
  const rank = shape.length;
  const lengths = shape.map((length, d) => Math.min(chunk[d], length - start[d]));
  if (rank === 0 || lengths.some((length) => length <= 0)) {
    return;
  }
  const row = lengths[rank - 1] * size;
  const rows = lengths.slice(0, -1).reduce((a, b) => a * b, 1);
  const index = new Array(rank).fill(0);
  for (let r = 0; r < rows; ++r) {
    let from = 0;
    let to = 0;
    for (let d = 0; d < rank; ++d) {
      from = from * chunk[d] + index[d];
      to = to * shape[d] + start[d] + index[d];
    }
    out.set(chunkBytes.subarray(from * size, from * size + row), to * size);
    for (let d = rank - 2; d >= 0 && ++index[d] === lengths[d]; --d) {
      index[d] = 0;
    }
  }
}

/**
 * The bytes of a data set in chunks, in `out`, which is zeroed. Filters are numbers of HDF5: 1 deflate, 2 shuffle, 3 Fletcher's sum.
 * @param {ArrayBuffer} buffer @param {{at?: number, chunk: number[]}} layout @param {number[]} shape @param {number} size
 * @param {number[]} filters @param {Uint8Array} out
 */
export function readChunks(buffer, layout, shape, size, filters, out) {
  const chunk = layout.chunk.slice(0, -1); // the last one is the size of an element
  const elements = chunk.reduce((a, b) => a * b, 1);
  if (chunk.length !== shape.length || chunk.some((length) => length < 1) || elements * size > 2 ** 31) {
    throw new Unsupported('chunks that are not of the shape');
  }
  let found = 0;
  if (layout.at !== undefined) {
    for (const one of chunksOf(new DataView(buffer), layout.at, layout.chunk.length)) {
      const bytes = unpacked(buffer, one, filters, size);
      if (bytes.length < elements * size) {
        throw new Unsupported('a chunk that is too short');
      }
      place(bytes, one.start, chunk, shape, size, out);
      ++found;
    }
  }
  // What no chunk holds has the fill value, which is looked up only by the whole library.
  return found === shape.reduce((n, length, d) => n * Math.ceil(length / chunk[d]), 1);
}

