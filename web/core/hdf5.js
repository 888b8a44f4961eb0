// An HDF5 file as the tree that nirc's core reads (Tree.h): groups with their members, data sets as texts or bytes. The readers of
// ir/file then say of it what they say of any file. jsfive finds groups, members and heaps; what it or hdf5Types.js cannot read is
// left to the whole library (hdf5Library.js), which is loaded only then.
import { File } from 'jsfive';
import { readChunks } from './hdf5Chunks.js';
import { layoutAt, shapeAt, typeAt, Unsupported } from './hdf5Types.js';

const message = { dataspace: 1, linkInfo: 2, datatype: 3, fill: 5, link: 6, external: 7, layout: 8, filters: 11, attribute: 12, attributeInfo: 21 };

/** What nirc's core is told: objects, the root first, and the bytes that they lie in. Larger data sets are named, not read. */
export class TreeWriter {
  static maxTensorBytes = 2 ** 30;
  static maxTotalBytes = 3 * 2 ** 29;
  static maxObjects = 2_000_000;

  objects = [];
  pieces = [];
  bytes = 0;

  /** @param {Uint8Array} bytes @returns {number} where they lie, a multiple of 64 */
  add(bytes) {
    const at = this.bytes;
    this.pieces.push([at, bytes]);
    this.bytes += Math.ceil(bytes.length / 64) * 64;
    return at;
  }

  /** Whether that much more may be read. */
  hasRoom(bytes) {
    return bytes <= TreeWriter.maxTensorBytes && this.bytes + bytes <= TreeWriter.maxTotalBytes;
  }

  newObject() {
    if (this.objects.length >= TreeWriter.maxObjects) {
      throw new Error(`more than ${TreeWriter.maxObjects} groups and data sets`);
    }
    return this.objects.push({}) - 1;
  }

  /** All bytes, into memory that is as long. @param {Uint8Array} memory */
  copyTo(memory) {
    for (const [at, bytes] of this.pieces) {
      memory.set(bytes, at);
    }
  }
}

/** A file being read with jsfive. */
class Reading {
  constructor(buffer) {
    this.buffer = buffer;
    this.view = new DataView(buffer);
    this.file = new File(buffer, 'model.nir');
    this.tree = new TreeWriter();
    this.known = new Map(); // the object at an address: a group can be reached twice, or contain itself
    this.heaps = new Map();
  }

  read() {
    this.checkLength();
    this.object(this.file._dataobjects, 0);
    return this.tree;
  }

  /** A file that was cut says how long it was. Superblock, II.A. */
  checkLength() {
    const version = this.view.getUint8(8);
    const at = version < 2 ? 24 + (version === 1 ? 4 : 0) + 16 : 12 + 16;
    const end = this.view.getBigUint64(at, true);
    if (end > BigInt(this.buffer.byteLength)) {
      throw new Unsupported(`the file is cut: it has ${this.buffer.byteLength} bytes of ${end}`);
    }
  }

  one(objects, type) {
    const found = objects.find_msg_type(type);
    if (found.length === 0) {
      throw new Unsupported('an object that lacks a message');
    }
    if (found[0].get('flags') & 2) {
      throw new Unsupported('a type that several objects share');
    }
    return found[0].get('offset_to_message');
  }

  object(objects, depth) {
    if (this.known.has(objects.offset)) {
      return this.known.get(objects.offset);
    }
    const index = this.tree.newObject();
    this.known.set(objects.offset, index);
    const out = this.tree.objects[index];
    if (objects.is_dataset) {
      Object.assign(out, this.dataset(objects));
    } else if (depth > 1000) {
      throw new Unsupported('groups nested deeper than 1000');
    } else {
      out.links = [];
      for (const [name, address] of this.linksOf(objects, out)) {
        out.links.push({ name, object: this.object(new objects.constructor(this.buffer, address), depth + 1) });
      }
    }
    const attributes = this.attributes(objects);
    if (attributes.length > 0) {
      out.attributes = attributes;
    }
    return index;
  }

  /** The members, in the order of their creation where the file keeps it, else of the bytes of their names. */
  linksOf(objects, out) {
    const messages = objects.find_msg_type(message.link);
    const isTracked = objects.find_msg_type(message.linkInfo).some((info) => this.view.getUint8(info.get('offset_to_message') + 1) & 1);
    let links = [];
    if (isTracked && messages.length > 0) {
      links = messages.map((each) => objects._decode_link_msg(this.buffer, each.get('offset_to_message')))
        .sort(([a], [b]) => a - b).map(([, link]) => link);
    } else {
      links = [...objects.iter_links()];
      if (isTracked) {
        links = byCreation(links);
      } else {
        const encoder = new TextEncoder();
        links = links.map((link) => [link, encoder.encode(link[0])]).sort(([, a], [, b]) => compareBytes(a, b)).map(([link]) => link);
      }
    }
    const soft = links.find(([, address]) => typeof address !== 'number');
    if (soft) {
      out.refusal = `member '${soft[0]}' is a soft link, expected a group or a dataset`;
      return [];
    }
    return links;
  }

  dataset(objects) {
    const type = typeAt(this.view, this.one(objects, message.datatype));
    const shape = shapeAt(this.view, this.one(objects, message.dataspace));
    if (objects.find_msg_type(message.external).length > 0) {
      throw new Unsupported('a data set in another file');
    }
    if (shape === null) {
      return { null: true };
    }
    const count = shape.reduce((a, b) => a * b, 1);
    const bytes = count * type.size;
    if (type.other) {
      return { shape, other: type.other };
    }
    if (!this.tree.hasRoom(bytes)) {
      return { shape, dtype: type.dtype ?? 'uint8' };
    }
    return this.value(type, shape, this.elements(objects, shape, type.size, bytes));
  }

  /** The bytes of all elements. */
  elements(objects, shape, size, bytes) {
    const layout = layoutAt(this.view, this.one(objects, message.layout));
    if (layout.kind === 'pieces' && layout.at !== undefined) {
      if (layout.bytes < bytes || layout.at + bytes > this.buffer.byteLength) {
        throw new Unsupported('elements outside the file');
      }
      return new Uint8Array(this.buffer, layout.at, bytes);
    }
    const out = new Uint8Array(bytes);
    const filters = (objects.filter_pipeline ?? []).map((filter) => filter.get('filter_id'));
    if (filters.some((id) => ![1, 2, 3].includes(id))) {
      throw new Unsupported('a filter that is not known');
    }
    const isWhole = layout.kind === 'chunks' && readChunks(this.buffer, layout, shape, size, filters, out);
    if (!isWhole && bytes > 0 && objects.fillvalue !== 0) {
      throw new Unsupported('a fill value');
    }
    return out;
  }

  /** Elements as texts, or as numbers in little-endian order. */
  value(type, shape, raw) {
    if (type.text) {
      return { shape, texts: this.texts(type, raw) };
    }
    const bytes = type.bigEndian && type.size > 1 ? swapped(raw, type.size) : raw;
    return { shape, dtype: type.dtype, at: this.tree.add(bytes) };
  }

  texts(type, raw) {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const texts = [];
    for (let at = 0; at + type.size <= raw.length; at += type.size) {
      texts.push(decoder.decode(type.text === 'fixed' ? unpadded(raw.subarray(at, at + type.size), type.padding)
        : this.heapText(raw, at)));
    }
    return texts;
  }

  /** A text of variable length: its length, and where it is in a heap. */
  heapText(raw, at) {
    const view = new DataView(raw.buffer, raw.byteOffset + at, 16);
    const length = view.getUint32(0, true);
    if (view.getBigUint64(4, true) === 0n || length === 0) {
      return new Uint8Array();
    }
    const [, data] = this.file._dataobjects._vlen_size_and_data(raw.buffer, raw.byteOffset + at);
    if (!data || data.byteLength < length) {
      throw new Unsupported('a text that is not where it should be');
    }
    const bytes = new Uint8Array(data, 0, length);
    const end = bytes.indexOf(0);
    return end < 0 ? bytes : bytes.subarray(0, end);
  }

  /** IV.A.2.m. */
  attributes(objects) {
    if (objects.find_msg_type(message.attributeInfo).some((info) => this.hasDense(info))) {
      throw new Unsupported('attributes in a heap');
    }
    return objects.find_msg_type(message.attribute).map((each) => {
      const at = each.get('offset_to_message');
      const version = this.view.getUint8(at);
      const [nameBytes, typeBytes, spaceBytes] = [2, 4, 6].map((offset) => this.view.getUint16(at + offset, true));
      if (version < 1 || version > 3 || (version > 1 && this.view.getUint8(at + 1) !== 0)) {
        throw new Unsupported('an attribute of an unknown version');
      }
      const padded = (length) => version === 1 ? Math.ceil(length / 8) * 8 : length;
      const nameAt = at + (version === 3 ? 9 : 8);
      const name = new TextDecoder().decode(unpadded(new Uint8Array(this.buffer, nameAt, nameBytes), 0));
      const typeAtByte = nameAt + padded(nameBytes);
      const spaceAt = typeAtByte + padded(typeBytes);
      const type = typeAt(this.view, typeAtByte);
      const shape = shapeAt(this.view, spaceAt);
      if (shape === null || type.other) {
        return shape === null ? { name, null: true } : { name, shape, other: type.other };
      }
      const bytes = shape.reduce((a, b) => a * b, 1) * type.size;
      return { name, ...this.value(type, shape, new Uint8Array(this.buffer, spaceAt + padded(spaceBytes), bytes)) };
    });
  }

  hasDense(info) {
    const at = info.get('offset_to_message');
    const flags = this.view.getUint8(at + 1);
    return this.view.getBigUint64(at + 2 + (flags & 1 ? 2 : 0), true) !== 0xffffffffffffffffn;
  }
}

/** jsfive gives the members of a large group in the order of their numbers as texts: "0", "1", "10", "2". */
function byCreation(links) {
  const numbers = links.map((_, i) => i).sort((a, b) => (String(a) < String(b) ? -1 : 1));
  const sorted = new Array(links.length);
  numbers.forEach((number, i) => {
    sorted[number] = links[i];
  });
  return sorted;
}

function compareBytes(a, b) {
  for (let i = 0; i < Math.min(a.length, b.length); ++i) {
    if (a[i] !== b[i]) {
      return a[i] - b[i];
    }
  }
  return a.length - b.length;
}

function unpadded(bytes, padding) {
  if (padding === 0) {
    const end = bytes.indexOf(0);
    return end < 0 ? bytes : bytes.subarray(0, end);
  }
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === (padding === 2 ? 32 : 0)) {
    --end;
  }
  return bytes.subarray(0, end);
}

export function swapped(bytes, size) {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i += size) {
    for (let b = 0; b < size; ++b) {
      out[i + b] = bytes[i + size - 1 - b];
    }
  }
  return out;
}

/** @param {ArrayBuffer} buffer @returns {TreeWriter} or throws where the whole library is needed, or the file is none. */
export function readTree(buffer) {
  return new Reading(buffer).read();
}

/** The first bytes of each HDF5 file. */
export function isHdf5(bytes) {
  return [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);
}
