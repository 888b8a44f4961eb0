/** What each node is and did, in NeuroBench's counts and in rates. */
import { el, name } from '../../view/dom.js';
import { countsOf } from '../../view/events.js';
import { bytes, number, percent } from '../../view/format.js';
import { tableView } from '../../view/tableView.js';

/** How many neurons spike at least once. */
const spikingOf = (recording) => countsOf(recording.events, recording.neurons).reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);

const column = (label, key, help, text = number) => ({
  label,
  help,
  text: (row) => (row[key] === null || row[key] === undefined || (row[key] === 0 && row.name) ? '' : text(row[key])),
  value: (row) => row[key] ?? -1,
  isNumber: true,
});

/** NeuroBench's own names, as its harness prints them. */
function benchmark(figures) {
  const operations = figures.SynapticOperations ?? {};
  const pairs = [
    ['Footprint', bytes(figures.Footprint)],
    ['Connection sparsity', number(figures.ConnectionSparsity)],
    ['Activation sparsity', number(figures.ActivationSparsity)],
    ['Dense operations', number(operations.Dense)],
    ['Effective MACs', number(operations.Effective_MACs)],
    ['Effective ACs', number(operations.Effective_ACs)],
    ['Membrane updates', number(figures.MembraneUpdates)],
  ];
  return el('dl', { class: 'tiles' }, pairs.map(([what, value]) => el('div', {}, el('dt', {}, what), el('dd', {}, value))));
}

export function statistics(place, report) {
  const stats = report.statistics;
  if (stats.missing) {
    place.append(el('p', { class: 'facts' }, `Not counted: ${stats.missing}.`));
    return;
  }
  const spiking = new Map(report.runs[0].recordings.filter((one) => one.events).map((one) => [one.name, spikingOf(one)]));
  const rows = stats.nodes.filter((row) => row.role !== 'other').map((row) => ({ ...row, name: row.node, spiking: spiking.get(row.node) }));
  const fastest = Math.max(1e-12, ...rows.map((row) => row.rate_hz ?? 0));
  place.append(el('p', { class: 'facts' }, 'By NeuroBench’s definitions, for this sample:'), benchmark(stats.neurobench));
  tableView(
    place,
    {
      caption: 'Each node',
      columns: [
        { label: 'node', text: (row) => (row.name ? name(row.name) : 'total'), value: (row) => row.name },
        { label: 'type', text: (row) => row.type ?? '' },
        column('neurons', 'neurons', 'elements with a membrane'),
        column('synapses', 'synapses', 'connections whose weight is not 0'),
        column('that spike', 'spiking', 'neurons that spike at least once'),
        column('spikes', 'spikes', ''),
        { ...column('mean rate (Hz)', 'rate_hz', 'spikes of a neuron in a second', (value) => number(value, 3)), share: (row) => (row.name ? (row.rate_hz ?? 0) / fastest : 0) },
        column('activation sparsity', 'activation_sparsity', 'the share of neurons and steps without a spike', percent),
        column('effective ACs', 'effective_acs', 'additions of weights'),
        column('effective MACs', 'effective_macs', 'multiplications and additions of weights'),
        column('membrane updates', 'membrane_updates', 'neurons and steps whose membrane changed'),
      ],
      rows,
    },
    { total: stats.total },
  );
  for (const gap of stats.workload?.not_counted ?? []) {
    place.append(el('p', { class: 'facts' }, `Not counted: ${gap}.`));
  }
}
