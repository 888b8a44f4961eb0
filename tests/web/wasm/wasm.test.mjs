// wasm.test.mjs - networks in WebAssembly in Chromium, to the bit as `nirc run`
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// node --test tests/web/wasm/wasm.test.mjs, with NIRC_BUILD and NIRC_CHROMIUM; playwright-core is in build/web/node_modules, or in
// NIRC_MODULES. With NIRC_WASM_ALL=1 it takes all examples and published networks in float32, float64 and int8, in Node.js as well.
// One browser for all.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { caseOf, inputsOf, problemsOf, stepped } from './Inputs/compare.mjs';
import { writeNpy } from './Inputs/npy.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const build = resolve(process.env.NIRC_BUILD ?? join(root, 'build'));
const modules = resolve(process.env.NIRC_MODULES ?? join(build, 'web/node_modules'));
const { chromium } = createRequire(join(modules, 'x.js'))('playwright-core');
const data = join(process.env.NIRC_REFERENCE_DATA ?? join(root, '../shared/data'), 'nir-paper');
const isAll = process.env.NIRC_WASM_ALL === '1';
const folder = mkdtempSync(join(tmpdir(), 'nirc-wasm-'));
const nirc = (...words) => execFileSync(join(build, 'bin/nirc'), words, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
const example = (name) => join(root, 'examples', name);

let browser;
let page;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.NIRC_CHROMIUM ?? '/usr/bin/chromium', headless: true });
  page = await browser.newPage();
  page.faults = [];
  page.on('console', (message) => page.faults.push(message.text()));
  page.on('pageerror', (error) => page.faults.push(error.message));
  page.on('request', (request) => page.faults.push(request.url()));
  nirc('compile', example('lif.nir'), '--dt', '1ms', '--emit=wasm', '-o', 'any.wasm', '-q');
  const loader = readFileSync(join(folder, 'any.mjs'), 'utf8'); // which reads every module
  await page.setContent(`<script type="module">${loader.replaceAll('</', '<\\/')}\nwindow.load = load;</script>`);
  await page.waitForFunction(() => window.load);
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const base64 = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');

/** The traces of a run and of single steps in the page. */
async function inPage(bytes, one) {
  const inputs = Object.entries(one.inputs).map(([node, { data: values }]) => [node, values.constructor.name, base64(values)]);
  const options = { steps: one.steps, batch: one.batch, records: one.records };
  const traces = await page.evaluate(async ([module, given, how]) => {
    const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const network = await window.load(bytesOf(module));
    const named = Object.fromEntries(given.map(([node, type, text]) => [node, new globalThis[type](bytesOf(text).buffer)]));
    const recording = network.run(named[''] ?? named, how);
    const text = (array) => {
      const all = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      let letters = '';
      for (let i = 0; i < all.length; i += 32768) {
        letters += String.fromCharCode(...all.subarray(i, i + 32768));
      }
      return btoa(letters);
    };
    return recording.traces.map((trace) => [trace.data.constructor.name, text(trace.data)]);
  }, [base64(bytes), inputs, options]);
  return traces.map(([type, text]) => {
    const all = Uint8Array.from(Buffer.from(text, 'base64'));
    return { data: new globalThis[type](all.buffer) };
  });
}

/** Random spikes for a network that has no recording. */
function spikes(name, shape, weight) {
  const values = new Float32Array(shape.reduce((a, b) => a * b));
  let state = 7;
  for (let i = 0; i < values.length; ++i) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = state / 2 ** 32 < 0.1 ? weight : 0;
  }
  writeNpy(join(folder, name), shape, values);
  return join(folder, name);
}

const numbers = (input) => [['--dtype', 'float32'], ['--dtype', 'float64'], ['--format', 'int8', ...input.flatMap((one) => ['--calibrate', one])]];
const networks = [
  { model: example('two-layers.nir'), input: () => [example('two-layers.npy')], options: ['--record', 'lif1:v,spikes'] },
  { model: example('recurrent.nir'), input: () => [example('recurrent.npy')], options: [] },
  { model: example('coincidence.nir'), input: () => [`left=${example('coincidence-left.npy')}`, `right=${example('coincidence-right.npy')}`], options: [] },
];
if (isAll) {
  networks.push(
    ...['lif', 'cart', 'moving-bar'].map((name) => ({ model: example(`${name}.nir`), input: () => [example(`${name}.npy`)], options: [] })),
    { model: example('fashion-mnist/cnn.nir'), input: () => [spikes('cnn.npy', [2, 50, 1, 28, 28], 1)], options: [] },
    { model: example('fashion-mnist/mlp.nir'), input: () => [spikes('mlp.npy', [2, 50, 784], 1)], options: [] },
    ...['lif_norse', 'lif_rockpool'].map((name) => ({ model: join(data, `${name}.nir`), dt: '1e-4', input: () => [spikes('lif.npy', [1000, 1], 40)], options: [] })),
    // Whose second neuron never spikes.
    { model: join(data, 'two_lif_neurons.nir'), dt: '1e-4', input: () => [spikes('lif.npy', [1000, 1], 40)], options: ['--record', 'lif1:v,spikes', '--record', 'lif2:v'] },
    ...['bias_zero', 'noBias_subtract'].map((name) => ({ model: join(data, `braille_noDelay_${name}.nir`), dt: '1e-4', input: () => [spikes('braille.npy', [2, 256, 12], 1)], options: [] })),
    { model: join(data, 'cnn_sinabs.nir'), input: () => [spikes('sinabs.npy', [1, 100, 2, 34, 34], 1)], options: ['--record', '3:v'] },
  );
}

for (const { model, input, options, dt = '1ms' } of networks) {
  const name = model.slice(root.length + 1).replace(/^.*nir-paper\//, '');
  test(`${name} gives the bits of nirc run in Chromium`, { skip: !existsSync(model) && 'the reference data is not there', timeout: 600000 }, async () => {
    const files = input();
    for (const [i, kind] of numbers(files).entries()) {
      const choices = ['--dt', dt, ...options, ...kind];
      nirc('compile', model, ...choices, '--emit=wasm', '-o', `${i}.wasm`, '-q');
      nirc('run', model, ...choices, ...files.flatMap((one) => ['--input', one]), '-o', `${i}`, '-q');
      const one = caseOf(join(folder, `${i}`), files);
      const bytes = readFileSync(join(folder, `${i}.wasm`));
      const said = [...problemsOf(one.traces, await inPage(bytes, one), 'Chromium')];
      if (isAll) {
        const { Network } = await import(pathToFileURL(join(folder, `${i}.mjs`)));
        const network = new Network(new WebAssembly.Module(bytes));
        const recording = network.run(inputsOf(one), { steps: one.steps, batch: one.batch, records: one.records });
        said.push(...problemsOf(one.traces, recording.traces, 'node'), ...problemsOf(one.traces, stepped(network, one), 'steps'));
        const count = one.traces.reduce((sum, trace) => sum + trace.data.length, 0);
        const total = one.traces[0].data.reduce((sum, x) => sum + x, 0);
        console.log(`${name} ${kind[1]}: ${bytes.length} bytes, ${count} values equal, sum of outputs ${total}`);
      }
      assert.deepEqual(said, []);
    }
    assert.deepEqual(page.faults, []);
  });
}
