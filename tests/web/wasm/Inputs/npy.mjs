// npy.mjs - NumPy's arrays in files
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import { readFileSync } from 'node:fs';

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
