// compare.mjs - runs networks in WebAssembly, and compares every bit with what `nirc run` recorded
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// node compare.mjs MODULE.mjs RESULTS INPUT.npy...: RESULTS is the folder of `nirc run -o`; INPUT.npy is for the only input, or
// NODE=INPUT.npy for each; or RESULTS/run.json says node and file of each. Several such groups are separated by `--`. Each network is
// run whole, and a step at a time.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { readNpy } from './npy.mjs';

/** What is compared of a network: its inputs, how it is run, and what is expected. */
export function caseOf(folder, words) {
  const report = JSON.parse(readFileSync(`${folder}/run.json`));
  const given = words.map((word) => /^(?:([^=]*)=)?(.*)$/.exec(word).slice(1));
  const named = words.length ? given : report.inputs.map(({ node, file }) => [node, file]);
  const inputs = Object.fromEntries(named.map(([node, path]) => [node ?? '', readNpy(path)]));
  const traces = report.files.map((file) => ({ ...file, data: readNpy(`${folder}/${file.file}`).data }));
  const records = traces.slice(report.outputs.length).map((one) => `${one.node}:${one.observable}`);
  return { inputs, traces, records, steps: report.steps, batch: report.batch };
}

/** Where two arrays differ first, bit by bit but for the bits of a NaN; -1: nowhere. */
function firstDifference(a, b) {
  for (let i = 0; i < Math.max(a.length, b.length); ++i) {
    if (!Object.is(a[i], b[i])) {
      return i;
    }
  }
  return -1;
}

/** What is wrong with what was recorded; nothing where all is equal. */
export function problemsOf(expected, traces, how) {
  return expected.flatMap((want, i) => {
    const at = firstDifference(want.data, traces[i].data);
    const where = `${how}: ${want.node}:${want.observable}[${at}]`;
    return at < 0 ? [] : [`${where} is ${traces[i].data[at]}, nirc run has ${want.data[at]}`];
  });
}

/** The inputs as the network takes them: of one that has no name, alone. */
export const inputsOf = ({ inputs }) => (inputs[''] ? inputs[''] : inputs);

/** The same traces from a session. */
export function stepped(network, { inputs, traces, steps, batch }) {
  const session = network.session();
  const all = traces.map((one) => ({ ...one, data: new one.data.constructor(one.data.length) }));
  for (let sample = 0; sample < batch; ++sample) {
    session.reset();
    for (let t = 0; t < steps; ++t) {
      const now = {};
      for (const port of network.info.inputs) {
        const { data } = inputs[port.node] ?? inputs[''];
        const given = data.length / port.size / batch; // steps
        const first = (sample * given + t) * port.size;
        if (t < given) {
          now[port.node] = data.subarray(first, first + port.size);
        }
      }
      session.step(now);
      for (const one of all) {
        const values = session.read(one.node, one.observable);
        one.data.set(values, (sample * steps + t) * values.length);
      }
    }
  }
  session.close();
  return all;
}

async function compare([script, folder, ...words]) {
  const { load } = await import(pathToFileURL(script));
  const network = await load();
  const one = caseOf(folder, words);
  const { traces } = network.run(inputsOf(one), { steps: one.steps, batch: one.batch, records: one.records });
  const problems = [
    ...problemsOf(one.traces, traces, 'run'),
    ...problemsOf(one.traces, stepped(network, one), 'step'),
  ];
  const values = one.traces.reduce((sum, trace) => sum + trace.data.length, 0);
  const spikes = one.traces[0].data.reduce((sum, x) => sum + Math.abs(x), 0);
  console.log(`${script}: ${problems.length ? problems.join('; ') : `${values} values equal, sum of outputs ${spikes}`}`);
  return problems.length === 0;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const groups = [[]];
  for (const word of process.argv.slice(2)) {
    word === '--' ? groups.push([]) : groups.at(-1).push(word);
  }
  for (const group of groups.filter((words) => words.length)) {
    process.exitCode = (await compare(group)) ? process.exitCode : 1;
  }
}
