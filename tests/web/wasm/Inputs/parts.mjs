// parts.mjs - what a WebAssembly module imports and exports, and whether it adds vectors
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import { readFileSync } from 'node:fs';

const bytes = readFileSync(process.argv[2]);
const module = new WebAssembly.Module(bytes);
console.log('imports:', WebAssembly.Module.imports(module).map((one) => one.name).join(' ') || 'none');
console.log('exports:', WebAssembly.Module.exports(module).map((one) => one.name).join(' '));
const add = Buffer.from([0xfd, 0xe4, 0x01]); // f32x4.add
console.log('f32x4.add:', bytes.includes(add) ? 'some' : 'none');
