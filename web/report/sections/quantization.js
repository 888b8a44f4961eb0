/** What became of weights and states in integers. */
import { el, name } from '../../view/dom.js';
import { bytes, number, percent } from '../../view/format.js';
import { tableView } from '../../view/tableView.js';

const range = (one) => `${number(one.least)} … ${number(one.most)}`;
const scale = (scales) => (scales.length === 1 ? number(scales[0], 3) : `${number(Math.min(...scales), 3)} … ${number(Math.max(...scales), 3)}`);

function weights(place, nodes) {
  const rows = nodes.filter((node) => node.weights);
  if (rows.length === 0) {
    return;
  }
  tableView(place, {
    caption: 'Weights as integers: used is the share of the format’s range that they reach, lost those that became 0',
    columns: [
      { label: 'node', text: (row) => name(row.node), value: (row) => row.node },
      { label: 'bits', text: (row) => number(row.weights.bits), value: (row) => row.weights.bits, isNumber: true },
      { label: 'integers', text: (row) => range(row.weights), value: (row) => row.weights.most, isNumber: true },
      { label: 'used', text: (row) => percent(row.weights.used), value: (row) => row.weights.used, isNumber: true, share: (row) => row.weights.used },
      { label: 'one stands for', text: (row) => scale(row.weights.scales), value: (row) => row.weights.scales[0], isNumber: true },
      { label: 'clipped', text: (row) => number(row.weights.clipped), value: (row) => row.weights.clipped, isNumber: true },
      { label: 'lost', text: (row) => `${number(row.weights.vanished)} of ${number(row.weights.present)}`, value: (row) => row.weights.vanished, isNumber: true },
      { label: 'rms error', text: (row) => number(row.weights.rms_error, 3), value: (row) => row.weights.rms_error, isNumber: true },
    ],
    rows,
  });
}

function states(place, nodes) {
  const rows = nodes.flatMap((node) => node.states.map((state) => ({ node: node.node, ...state })));
  if (rows.length === 0) {
    return;
  }
  tableView(place, {
    caption: 'States: the range that is proven for all inputs',
    columns: [
      { label: 'node', text: (row) => name(row.node), value: (row) => row.node },
      { label: 'state', text: (row) => row.state },
      { label: 'bits', text: (row) => number(row.bits), value: (row) => row.bits, isNumber: true },
      { label: 'integers', text: range, value: (row) => row.most, isNumber: true },
      { label: 'can overflow', text: (row) => (row.can_overflow ? 'yes' : 'no') },
      {
        label: 'time constant',
        text: (row) => (row.tau === null ? '–' : `${number(row.effective_tau, 3)} s for ${number(row.tau, 3)} s`),
        value: (row) => row.tau ?? -1,
        isNumber: true,
      },
    ],
    rows,
  });
}

export function quantization(place, report) {
  const { quantization: all } = report;
  if (!all) {
    return false;
  }
  const notes = all.nodes.flatMap((node) => node.notes.map((note) => el('li', {}, name(node.node), `: ${note}`)));
  place.append(
    el('p', {}, 'Format ', el('code', {}, all.format), `: weights take ${bytes(all.weight_bytes)}, states ${bytes(all.state_bytes)}.`),
    all.calibration ? el('p', { class: 'facts' }, `Ranges of inputs are from ${all.calibration}.`) : '',
    notes.length ? el('ul', {}, notes) : '',
  );
  weights(place, all.nodes);
  states(place, all.nodes);
  return true;
}
