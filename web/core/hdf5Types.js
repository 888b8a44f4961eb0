// What an HDF5 file says of the numbers in it: types, shapes, layouts. jsfive finds the messages; it says neither whether an
// enumeration is a bool nor whether an integer uses all its bits, so they are read here. Source: "HDF5 File Format Specification
// Version 3.0", sections IV.A.2.b (dataspace), d (datatype) and i (data layout).

/** What only the whole library of HDF5 can read, or a file that is damaged. */
export class Unsupported extends Error {}

/**
 * @typedef {object} Type
 * @property {string} [dtype] NumPy's name, where it is one that nirc reads
 * @property {boolean} [bigEndian]
 * @property {number} size bytes of an element
 * @property {'fixed' | 'variable'} [text]
 * @property {number} [padding] of text of fixed length: 0 null-terminated, 1 null-padded, 2 space-padded
 * @property {string} [other] what it is called where nirc does not read it
 */

const integers = { 1: 'int8', 2: 'int16', 4: 'int32', 8: 'int64' };
/** IEEE's formats: size, then sign, exponent at, exponent bits, fraction bits, bias. */
const floats = [
  ['float16', 2, 15, 10, 5, 10, 15],
  ['float32', 4, 31, 23, 8, 23, 127],
  ['float64', 8, 63, 52, 11, 52, 1023],
];

/** @param {DataView} view @param {number} at @returns {Type} */
export function typeAt(view, at) {
  const kind = view.getUint8(at) & 15;
  const bits = [view.getUint8(at + 1), view.getUint8(at + 2)];
  const size = view.getUint32(at + 4, true);
  const properties = at + 8;
  switch (kind) {
    case 0: {
      const isWhole = view.getUint16(properties, true) === 0 && view.getUint16(properties + 2, true) === 8 * size;
      const name = integers[size];
      if (!isWhole || !name) {
        return { size, other: `${8 * size}-bit integers` };
      }
      return { size, dtype: bits[0] & 8 ? name : `u${name}`, bigEndian: (bits[0] & 1) === 1 };
    }
    case 1:
      return floatAt(view, properties, size, bits);
    case 3:
      return { size, text: 'fixed', padding: bits[0] & 15 };
    case 8:
      return isBool(view, at, size) ? { size: 1, dtype: 'bool' } : { size, other: 'an enumeration' };
    case 9:
      return (bits[0] & 15) === 1 ? { size, text: 'variable' } : { size, other: 'lists of variable length' };
    default:
      return { size, other: { 4: 'bit fields', 5: 'opaque bytes', 6: 'a compound type', 7: 'references', 10: 'an array type' }[kind] ?? 'an unknown type' };
  }
}

function floatAt(view, properties, size, bits) {
  const isImplied = (bits[0] >> 4 & 3) === 2; // the leading bit of the fraction is not stored
  const found = floats.find(([, ofSize, sign, exponentAt, exponentBits, fractionBits, bias]) =>
    size === ofSize && isImplied && bits[1] === sign && view.getUint8(properties + 4) === exponentAt &&
    view.getUint8(properties + 5) === exponentBits && view.getUint8(properties + 6) === 0 &&
    view.getUint8(properties + 7) === fractionBits && view.getUint32(properties + 8, true) === bias);
  const isVax = (bits[0] & 0x41) === 0x41;
  return found && !isVax ? { size, dtype: found[0], bigEndian: (bits[0] & 1) === 1 }
    : { size, other: `${8 * size}-bit floats of an unusual format` };
}

/** h5py's bool: an enumeration of int8 with FALSE = 0 and TRUE = 1. */
function isBool(view, at, size) {
  const version = view.getUint8(at) >> 4;
  const members = view.getUint16(at + 1, true);
  const base = at + 8;
  if (size !== 1 || members !== 2 || (view.getUint8(base) & 15) !== 0) {
    return false;
  }
  let from = base + 8 + 4; // the base type and its properties
  for (const name of ['FALSE', 'TRUE']) {
    for (const letter of `${name}\0`) {
      if (view.getUint8(from++) !== letter.charCodeAt(0)) {
        return false;
      }
    }
    from += version < 3 ? (8 - (name.length + 1) % 8) % 8 : 0;
  }
  return view.getUint8(from) === 0 && view.getUint8(from + 1) === 1;
}

/** The dimensions, or null for a dataspace without elements. @returns {number[] | null} */
export function shapeAt(view, at) {
  const version = view.getUint8(at);
  const rank = view.getUint8(at + 1);
  if ((version !== 1 && version !== 2) || rank > 32) {
    throw new Unsupported('a dataspace of an unknown version');
  }
  if (version === 2 && view.getUint8(at + 3) === 2) {
    return null;
  }
  return Array.from({ length: rank }, (_, i) => numberAt(view, at + (version === 1 ? 8 : 4) + 8 * i));
}

/** A length or an address of 64 bits. One beyond 2^53 is more than any browser has memory for. */
export function numberAt(view, at) {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new Unsupported('a length or an address beyond 2^53');
  }
  return Number(value);
}

export const undefinedAddress = 0xffffffffffffffffn;

/**
 * Where the elements lie: in place, in one piece (`at` is undefined where nothing was written), or in chunks.
 * @returns {{kind: 'pieces' | 'chunks', at?: number, bytes?: number, chunk?: number[]}}
 */
export function layoutAt(view, at) {
  const version = view.getUint8(at);
  const kind = view.getUint8(at + 1);
  const addressAt = (from) => view.getBigUint64(from, true) === undefinedAddress ? undefined : numberAt(view, from);
  if (version === 3 || version === 4) {
    if (kind === 0) {
      return { kind: 'pieces', at: at + 4, bytes: view.getUint16(at + 2, true) };
    }
    if (kind === 1) {
      return { kind: 'pieces', at: addressAt(at + 2), bytes: numberAt(view, at + 10) };
    }
    if (kind === 2 && version === 3) {
      const rank = view.getUint8(at + 2);
      const chunk = Array.from({ length: rank }, (_, i) => view.getUint32(at + 11 + 4 * i, true));
      return { kind: 'chunks', at: addressAt(at + 3), chunk };
    }
  }
  throw new Unsupported('a layout that only the whole library reads');
}
