// The whole library of HDF5, as WebAssembly (h5wasm): a script of its own, four megabytes, which hdf5.js' caller loads only for a
// file that jsfive cannot read. It gives the same tree.
import { quietly } from './hdf5Errors.js';
import { Dataset, File, Group, ready } from 'h5wasm';
import { TreeWriter } from './hdf5.js';

const typeNames = { 3: 'text', 4: 'bit fields', 5: 'opaque bytes', 6: 'a compound type', 7: 'references', 8: 'an enumeration', 9: 'lists of variable length', 10: 'an array type' };
const filterNames = { 4: 'szip', 307: 'bzip2', 32000: 'lzf', 32001: 'blosc', 32004: 'lz4', 32008: 'bitshuffle', 32013: 'zfp', 32015: 'zstd', 32017: 'sz', 32026: 'blosc2' };

/** NumPy's name of a type, where it is one that nirc reads. */
function dtypeOf(metadata) {
  const bits = 8 * metadata.size;
  if (metadata.type === 0 && [8, 16, 32, 64].includes(bits)) {
    return `${metadata.signed ? '' : 'u'}int${bits}`;
  }
  if (metadata.type === 1 && [16, 32, 64].includes(bits)) {
    return `float${bits}`;
  }
  const members = metadata.type === 8 ? metadata.enum_type?.members : undefined;
  const isBool = members && metadata.size === 1 && Object.keys(members).length === 2 && members.FALSE === 0 && members.TRUE === 1;
  return isBool ? 'bool' : undefined;
}

/** What a data set or an attribute holds. @param {() => any} read its elements */
function valueOf(tree, metadata, read) {
  const { shape } = metadata;
  if (shape === null || shape === undefined) {
    return { null: true };
  }
  const dtype = dtypeOf(metadata);
  if (metadata.type !== 3 && !dtype) {
    return { shape, other: typeNames[metadata.type] ?? `${8 * metadata.size}-bit numbers` };
  }
  const bytes = shape.reduce((a, b) => a * b, 1) * metadata.size;
  if (!tree.hasRoom(bytes)) {
    return { shape, dtype: dtype ?? 'uint8' };
  }
  const value = read();
  if (metadata.type === 3) {
    return { shape, texts: Array.isArray(value) ? value.flat(Infinity).map(String) : [String(value ?? '')] };
  }
  return { shape, dtype, at: tree.add(bytesOf(value, dtype, bytes)) };
}

function bytesOf(value, dtype, bytes) {
  if (ArrayBuffer.isView(value)) {
    // Of numbers of 16 bits the library makes float32, as JavaScript has none.
    return dtype === 'float16' ? halves(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  const list = (Array.isArray(value) ? value.flat(Infinity) : [value]).map((x) => (typeof x === 'boolean' ? Number(x) : x));
  const out = new DataView(new ArrayBuffer(bytes));
  const put = { bool: 'setInt8', int8: 'setInt8', uint8: 'setUint8', int16: 'setInt16', uint16: 'setUint16', int32: 'setInt32', uint32: 'setUint32', int64: 'setBigInt64', uint64: 'setBigUint64', float32: 'setFloat32', float64: 'setFloat64' }[dtype];
  if (!put) {
    return halves(list);
  }
  const size = bytes / Math.max(1, list.length);
  list.forEach((x, i) => out[put](i * size, dtype.endsWith('64') && dtype !== 'float64' ? BigInt(x) : Number(x), true));
  return new Uint8Array(out.buffer);
}

/** Numbers that are exact in 16 bits, as such. */
function halves(values) {
  const out = new Uint16Array(values.length);
  const view = new DataView(new ArrayBuffer(4));
  for (let i = 0; i < values.length; ++i) {
    view.setFloat32(0, values[i]);
    const bits = view.getUint32(0);
    const sign = bits >>> 16 & 0x8000;
    const exponent = (bits >>> 23 & 255) - 127;
    const fraction = bits & 0x7fffff;
    out[i] = exponent === 128 ? sign | 0x7c00 | (fraction ? 0x200 : 0)
      : exponent >= -14 ? sign | exponent + 15 << 10 | fraction >>> 13
        : exponent >= -24 ? sign | (fraction | 0x800000) >>> -exponent - 1 : sign;
  }
  return new Uint8Array(out.buffer);
}

function attributesOf(tree, entity) {
  return Object.entries(entity.attrs).map(([name, attribute]) => ({
    name, ...valueOf(tree, { ...attribute.metadata, shape: attribute.shape }, () => attribute.value),
  }));
}

function datasetOf(tree, dataset) {
  const unknown = dataset.filters.find(({ id }) => ![1, 2, 3, 5, 6].includes(id));
  if (unknown) {
    const name = filterNames[unknown.id];
    return { shape: dataset.shape, filter: name ? `${name} (filter ${unknown.id})` : `filter ${unknown.id}` };
  }
  try {
    return valueOf(tree, dataset.metadata, () => dataset.value);
  } catch (error) {
    return { shape: dataset.shape ?? [], broken: String(error?.message ?? error) };
  }
}

function add(tree, entity, depth) {
  const index = tree.newObject();
  const out = tree.objects[index];
  if (entity instanceof Dataset) {
    Object.assign(out, datasetOf(tree, entity));
  } else if (entity instanceof Group && depth < 300) {
    out.links = [];
    for (const name of entity.keys()) {
      const member = entity.get(name);
      if (member instanceof Group || member instanceof Dataset) {
        out.links.push({ name, object: add(tree, member, depth + 1) });
      } else {
        out.refusal = `member '${name}' is neither a group nor a dataset of this file`;
      }
    }
  } else {
    out.broken = 'groups nested deeper than 300, or inside themselves';
  }
  const attributes = attributesOf(tree, entity);
  if (attributes.length > 0) {
    out.attributes = attributes;
  }
  return index;
}

/** @param {ArrayBuffer} buffer @returns {Promise<TreeWriter>} or throws what the library says. */
export async function readTreeWithLibrary(buffer) {
  const { FS } = await ready;
  const path = 'model.nir';
  FS.writeFile(path, new Uint8Array(buffer));
  try {
    return quietly(() => {
      const file = new File(path, 'r');
      if (!(file.file_id > 0n)) {
        throw new Error('it cannot be opened');
      }
      try {
        const tree = new TreeWriter();
        add(tree, file, 0);
        return tree;
      } finally {
        file.close();
      }
    });
  } finally {
    FS.unlink(path);
  }
}

self.nircReadTreeWithLibrary = readTreeWithLibrary;
