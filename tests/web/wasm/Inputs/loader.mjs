// loader.mjs - what the JavaScript beside a module does, in the order of docs/webassembly.md
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// node loader.mjs MODULE.mjs INTEGERS.mjs INPUT.npy, of two-layers.nir: 12 inputs, neurons lif1 (20) and lif2 (3).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { readNpy } from './npy.mjs';

const [script, integerScript, input] = process.argv.slice(2);
const { load, Network } = await import(pathToFileURL(script));
const { load: loadIntegers } = await import(pathToFileURL(integerScript));
const { data } = readNpy(input); // [300, 12]
const bytes = readFileSync(script.replace(/mjs$/, 'wasm'));
const network = await load(bytes);

// Every source gives the same network.
const module = new WebAssembly.Module(bytes);
const response = (type) => new Response(bytes, { headers: { 'content-type': type } });
const all = [await load(), await load(module), new Network(module), await load(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
  await load(response('application/wasm')), await load(Promise.resolve(response('text/plain'))), await load(pathToFileURL(script.replace(/mjs$/, 'wasm')))];
const counts = (recording) => {
  const { data: spikes } = recording.trace('output');
  return [0, 1, 2].map((i) => spikes.filter((_, at) => at % 3 === i).reduce((a, b) => a + b, 0));
};
for (const one of all) {
  assert.deepEqual(counts(one.run(data)), [45, 40, 47]); // README.md
}
assert.deepEqual(network.info.inputs, [{ node: 'input', observable: 'value', shape: [12], size: 12, dtype: 'float32', latency: 0 }]);
assert.deepEqual(network.info.states.map((one) => `${one.node}:${one.observable}`), ['lif1:v', 'lif2:v']);
assert.equal(network.info.dt, 1e-3);

// Runs: shapes, batches, lengths, records, events.
const whole = network.run(data, { records: ['lif1:v'] });
assert.deepEqual(whole.trace('output').shape, [1, 300, 3]);
assert.deepEqual(whole.trace('lif1', 'v').shape, [1, 300, 20]);
assert.deepEqual(network.run({ input: data }).trace('output').data, whole.trace('output').data);
assert.deepEqual(network.run(Array.from(data)).trace('output').data, whole.trace('output').data);
const twice = network.run(Float32Array.of(...data, ...data), { batch: 2 }).trace('output');
assert.deepEqual(twice.shape, [2, 300, 3]);
assert.deepEqual(twice.data.subarray(900), whole.trace('output').data);
assert.deepEqual(twice.events(1), whole.trace('output').events());
const longer = network.run(data, { steps: 400 });
assert.deepEqual(longer.trace('output').data.subarray(0, 900), whole.trace('output').data);
assert.equal(network.run(data, { steps: 7 }).trace('output').data.length, 21);
const again = network.run(new Float32Array(3600));
const { data: array } = again.trace('output');
assert.equal(network.run(data, { into: again }).trace('output').data, array);
assert.deepEqual(array, whole.trace('output').data);
const times = [], neurons = [], values = [];
data.forEach((x, i) => x !== 0 && (times.push(Math.floor(i / 12)), neurons.push(i % 12), values.push(x)));
times.reverse(), neurons.reverse(), values.reverse(); // in any order
assert.deepEqual(network.run({ times, neurons, values }, { steps: 300 }).trace('output').data, whole.trace('output').data);
const events = whole.trace('output').events();
assert.equal(events.times.length, 132);
assert.ok(events.times.every((t, i) => whole.trace('output').data[t * 3 + events.neurons[i]] === 1));

// Sessions take turns, and share nothing; a closed one's memory is used again.
const first = network.session(), second = network.session();
for (let t = 0; t < 300; ++t) {
  const now = data.subarray(t * 12, t * 12 + 12);
  const out = first.step(now).output;
  assert.deepEqual(out, whole.trace('output').data.subarray(t * 3, t * 3 + 3));
  if (t % 3 === 0) {
    second.step({ events: [1, 5] });
  }
}
assert.deepEqual(first.read('lif1', 'v'), whole.trace('lif1', 'v').data.subarray(299 * 20));
const v = second.read('lif2', 'v');
second.reset();
second.write('lif2', 'v', v);
assert.deepEqual(second.read('lif2', 'v'), v);
second.reset();
assert.ok(second.read('lif2', 'v').every((x) => x === 0));
assert.deepEqual(second.step({ input: { events: [3] } }).output, second.reset().step(Float32Array.from({ length: 12 }, (_, i) => Number(i === 3))).output);
const { memory } = second;
second.close();
assert.equal(network.session().memory, memory);
const many = Array.from({ length: 2000 }, () => network.session()); // the memory grows under those that are there
assert.deepEqual(first.read('lif1', 'v'), whole.trace('lif1', 'v').data.subarray(299 * 20));
assert.deepEqual(many[1999].step({ events: [3] }).output, many[7].step({ events: [3] }).output);

// Parameters.
assert.deepEqual(network.parameters.map((one) => [one.node, one.name, one.size, one.isUniform, one.value]),
  [['lif1', 'v_threshold', 20, true, 1], ['lif2', 'v_threshold', 3, true, 1]]);
network.parameter('lif2').value = 1e9;
assert.deepEqual(counts(network.run(data)), [0, 0, 0]);
network.parameter('lif2', 'v_threshold').value = [1];
assert.deepEqual(counts(network.run(data)), [45, 40, 47]);
const integers = await loadIntegers();
assert.deepEqual(integers.parameters, []);
assert.notEqual(integers.info.format, '');
assert.equal(integers.run(data, { records: ['lif1:v'] }).trace('lif1').dtype, 'float64');

// What is refused, and what is said.
const refuses = (run, text) => assert.throws(run, (error) => error.message.includes(text) || assert.fail(`${error.message}: not ${text}`));
refuses(() => network.run(data.subarray(1)), "input 'input': found 3599 values, expected a multiple of 12");
refuses(() => network.run({ inptu: data }), "found no input 'inptu', there are 'input'");
refuses(() => network.run(data, { records: ['lif1:u'] }), "found no 'lif1:u', there are 'output:spikes', ");
refuses(() => network.run({ times: [0], neurons: [12] }), 'found an event of neuron 12, expected 0 to 11');
refuses(() => network.run(data, { into: longer }), 'into: found');
refuses(() => first.step([1, 2]), "input 'input': found 2 values, expected 12");
refuses(() => first.step({ events: [-1] }), 'found an event of -1, expected 0 to 11');
refuses(() => first.write('lif1', 'v', [0]), "'lif1' v: found 1 values, expected 20");
refuses(() => first.write('output', 'spikes', [0, 0, 0]), 'is no state of neurons');
refuses(() => second.step(), 'the session is closed');
refuses(() => network.parameter('fc1'), "found no parameter 'fc1', there are 'lif1:v_threshold'");
refuses(() => (network.parameter('lif1').value = NaN), "'lif1' v_threshold: found NaN, expected finite numbers");
refuses(() => (network.parameter('lif1').value = [1, 2]), 'found 2 values, expected 1');
const other = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)); // an empty one
refuses(() => new Network(other), 'is none that nirc compile --emit=wasm wrote');
console.log('all as expected');
