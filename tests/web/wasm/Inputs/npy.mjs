// npy.mjs - NumPy's arrays in files
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import { readFileSync, writeFileSync } from 'node:fs';

const arrays = {
  'b1': Uint8Array, 'u1': Uint8Array, 'i1': Int8Array, 'i2': Int16Array, 'i4': Int32Array, 'f4': Float32Array, 'f8': Float64Array,
};

/** {shape, data} of an array in C order. */
export function readNpy(path) {
  const bytes = readFileSync(path);
  const length = bytes[6] === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  const start = bytes[6] === 1 ? 10 : 12;
  const header = bytes.toString('latin1', start, start + length);
  const type = /'descr': '[<|](\w+)'/.exec(header)?.[1];
  if (!arrays[type] || /'fortran_order': True/.test(header)) {
    throw new Error(`${path}: ${header}`);
  }
  const shape = /'shape': \(([^)]*)\)/.exec(header)[1].split(',').filter((dim) => dim.trim()).map(Number);
  const data = bytes.subarray(start + length);
  return { shape, data: new arrays[type](data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)) };
}

/** Writes an array of float32. */
export function writeNpy(path, shape, data) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY\x01\x00', 'latin1');
  head.writeUInt16LE(header.length, 8);
  writeFileSync(path, Buffer.concat([head, Buffer.from(header), Buffer.from(data.buffer)]));
}
