// thresholds.mjs - thresholds that are changed, beside runs of models that have them
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// node thresholds.mjs INPUT.npy THRESHOLD (MODULE.mjs RESULTS)...

import { pathToFileURL } from 'node:url';
import { caseOf, inputsOf, problemsOf, stepped } from './compare.mjs';

const [input, threshold, ...pairs] = process.argv.slice(2);
for (let i = 0; i < pairs.length; i += 2) {
  const { load } = await import(pathToFileURL(pairs[i]));
  const network = await load();
  const one = caseOf(pairs[i + 1], [input]);
  const options = { steps: one.steps, batch: one.batch, records: one.records };
  const before = network.run(inputsOf(one), options).traces;
  for (const parameter of network.parameters) {
    parameter.value = Number(threshold);
  }
  const after = network.run(inputsOf(one), options).traces;
  const problems = [...problemsOf(one.traces, after, 'run'), ...problemsOf(one.traces, stepped(network, one), 'step')];
  if (problemsOf(before, after, 'before').length === 0) {
    problems.push('the threshold changed nothing');
  }
  console.log(`${pairs[i]}: ${problems.join('; ') || 'equal'}`);
}
