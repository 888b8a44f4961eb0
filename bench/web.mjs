// web.mjs - the speed of a network in WebAssembly, beside the same in machine code with vectors of 128 bits
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// node bench/web.mjs BIN FOLDER [--browser MODULES]: BIN has nirc and bench-write, FOLDER is for what is made. MODULES is a folder in whose
// node_modules playwright-core is; then Chromium runs them, too. All run on one thread, in turns; the best of each counts.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [bin, folder, , modules] = process.argv.slice(2);
const here = fileURLToPath(new URL('.', import.meta.url));
const steps = 2000;
const rounds = 7;
const activities = [0, 0.01, 0.03, 0.1, 0.3];
const run = (program, ...words) => execFileSync(program, words, { cwd: folder, encoding: 'utf8' });

/** Where a neuron's own input makes it fire (bench/Networks.h), by a generator that C would have, too. */
function inputOf(size, activity) {
  const values = new Float32Array(steps * size);
  let state = 1;
  for (let i = 0; i < values.length; ++i) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = state / 2 ** 32 < activity ? 3 : 0;
  }
  return values;
}

/** Seconds of the best of three runs, as in web_native.c, and spikes. The page has its own copy of this text. */
function measure(network, input) {
  let best = Infinity;
  let into;
  for (let round = 0; round < 3; ++round) {
    const start = performance.now();
    into = network.run(input, { into });
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return { seconds: best, spikes: into.trace('output').data.reduce((sum, x) => sum + x, 0) };
}

async function browser(name) {
  const require = createRequire(join(resolve(modules), 'package.json'));
  const { chromium } = require('playwright-core');
  const instance = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true });
  const page = await instance.newPage();
  const loader = readFileSync(join(folder, `${name}.mjs`), 'utf8');
  await page.setContent(`<script type="module">${loader.replaceAll('</', '<\\/')}
    window.load = load; window.inputOf = ${inputOf}; window.steps = ${steps}; window.measure = ${measure};</script>`);
  await page.waitForFunction(() => window.load);
  await page.evaluate(async (text) => {
    window.network = await load(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
    for (const start = performance.now(); performance.now() - start < 1000;) {
      measure(network, inputOf(network.info.inputs[0].size, 0.03));
    }
  }, readFileSync(join(folder, `${name}.wasm`)).toString('base64'));
  return {
    version: instance.version(),
    run: (size, activity) => page.evaluate(([size, activity]) => measure(network, inputOf(size, activity)), [size, activity]),
    close: () => instance.close(),
  };
}

mkdirSync(folder, { recursive: true });
const name = 'dense-1024';
if (!existsSync(join(folder, `${name}.nir`))) {
  run(join(resolve(bin), 'bench-write'), '.', '--quick');
}
const nirc = join(resolve(bin), 'nirc');
run(nirc, 'compile', `${name}.nir`, '--dt', '1ms', '--emit=wasm', '-o', `${name}.wasm`, '-q');
run(nirc, 'compile', `${name}.nir`, '--dt', '1ms', '--emit=object', '--cpu', 'x86-64', '-o', '.', '-q');
run('cc', '-O2', '-I.', join(here, 'web_native.c'), 'dense_1024.o', '-o', 'native', '-lm');
const { load } = await import(pathToFileURL(join(resolve(folder), `${name}.mjs`)));
const network = await load();
const { size } = network.info.inputs[0];
for (const start = performance.now(); performance.now() - start < 1000;) {
  measure(network, inputOf(size, 0.03)); // until engines have compiled it as well as they can
}
const page = modules ? await browser(name) : undefined;

console.log(`${name}: ${steps} steps, best of ${rounds}; native is x86-64 with SSE2, node ${process.version}` +
  (page ? `, Chromium ${page.version}` : ''));
console.log('active   native us/step   node us/step  of native   events/s' + (page ? '   Chromium us/step  of native   events/s' : ''));
for (const activity of activities) {
  const input = inputOf(size, activity);
  const file = join(folder, 'input.f32');
  writeFileSync(file, Buffer.from(input.buffer));
  const best = { native: Infinity, node: Infinity, page: Infinity };
  let spikes;
  for (let round = 0; round < rounds; ++round) {
    const [seconds, count] = run('./native', 'input.f32', String(steps)).split(' ').map(Number);
    const inNode = measure(network, input);
    const inPage = await page?.run(size, activity);
    spikes = inNode.spikes;
    if (count !== spikes || (inPage && inPage.spikes !== spikes)) {
      throw new Error(`found ${spikes} spikes, ${inPage?.spikes} in Chromium, expected ${count}`);
    }
    best.native = Math.min(best.native, seconds);
    best.node = Math.min(best.node, inNode.seconds);
    best.page = Math.min(best.page, inPage?.seconds ?? Infinity);
  }
  const us = (seconds) => ((seconds * 1e6) / steps).toFixed(2);
  const columns = (seconds, width) => {
    const share = `${Math.round((100 * best.native) / seconds)} %`;
    const events = ((spikes * size) / seconds / 1e9).toFixed(2) + 'e9';
    return us(seconds).padStart(width) + share.padStart(11) + events.padStart(11);
  };
  console.log(`${Math.round(activity * 100)} %`.padStart(6) + us(best.native).padStart(17) + columns(best.node, 15) +
    (page ? columns(best.page, 19) : ''));
}
await page?.close();
