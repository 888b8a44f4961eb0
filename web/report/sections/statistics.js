/** Rates and counts of each node, from its spikes. */
import { name } from '../../view/dom.js';
import { countsOf } from '../../view/events.js';
import { number, percent } from '../../view/format.js';
import { tableView } from '../../view/tableView.js';

/** What a node did: how many of its neurons spiked, how often, and how seldom on the average step. */
function rowOf(recording, dt) {
  const counts = countsOf(recording.events, recording.neurons);
  const spikes = recording.events.times.length;
  const active = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const whole = recording.steps * dt;
  return {
    name: recording.name,
    role: recording.role,
    neurons: recording.neurons,
    spikes,
    active,
    rate: spikes / recording.neurons / whole,
    highest: most / whole,
    sparsity: 1 - spikes / (recording.neurons * recording.steps),
  };
}

export function statistics(place, report) {
  const rows = report.runs[0].recordings.filter((one) => one.events).map((one) => rowOf(one, report.dt));
  if (rows.length === 0) {
    return false;
  }
  const highest = Math.max(1e-12, ...rows.map((row) => row.rate));
  tableView(place, {
    caption: 'Spikes of each node. Activation sparsity: the share of neurons and steps without a spike.',
    columns: [
      { label: 'node', text: (row) => name(row.name), value: (row) => row.name },
      { label: 'neurons', text: (row) => number(row.neurons), value: (row) => row.neurons, isNumber: true },
      { label: 'that spike', text: (row) => number(row.active), value: (row) => row.active, isNumber: true },
      { label: 'spikes', text: (row) => number(row.spikes), value: (row) => row.spikes, isNumber: true },
      { label: 'mean rate (Hz)', text: (row) => number(row.rate, 3), value: (row) => row.rate, isNumber: true, share: (row) => row.rate / highest },
      { label: 'highest (Hz)', text: (row) => number(row.highest, 3), value: (row) => row.highest, isNumber: true },
      { label: 'activation sparsity', text: (row) => percent(row.sparsity), value: (row) => row.sparsity, isNumber: true },
    ],
    rows,
  });
  return true;
}
