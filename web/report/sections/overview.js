/** The numbers that people look for first. */
import { el, name } from '../../view/dom.js';
import { bytes, counted, number, seconds } from '../../view/format.js';
import { countsOf } from '../../view/events.js';

const tile = (what, value, more) => [el('dt', {}, what), el('dd', {}, value, more ? el('small', {}, more) : null)];

/** The output that says which class a sample is: the spikes of its neurons, or the sums of its numbers. */
export function verdictOf(report) {
  const outputs = report.runs[0].recordings.filter((one) => one.role === 'output' || one.also !== undefined);
  if (outputs.length !== 1 || outputs[0].neurons < 2) {
    return undefined;
  }
  const [output] = outputs;
  let sums;
  if (output.events) {
    sums = countsOf(output.events, output.neurons);
  } else if (output.shown.length === output.neurons) {
    sums = output.shown.map((_, column) => {
      let sum = 0;
      for (let at = column; at < output.values.length; at += output.shown.length) {
        sum += output.values[at];
      }
      return sum;
    });
  } else {
    return undefined;
  }
  const most = sums.reduce((a, b) => Math.max(a, b), -Infinity);
  const winner = output.events && most === 0 ? -1 : sums.indexOf(most);
  return { output, sums, winner, unit: output.events ? 'spikes' : 'in sum' };
}

function verdictText(report) {
  const verdict = verdictOf(report);
  if (!verdict || verdict.winner < 0) {
    return null;
  }
  const { output, sums, winner, unit } = verdict;
  const label = report.label === null ? '' : report.label === winner ? ', as its label says' : `; its label says ${report.label}`;
  return el(
    'p',
    { class: 'verdict' },
    'At the output ',
    name(output.also ?? output.name),
    ', ',
    el('strong', {}, `neuron ${winner}`),
    ` has most: ${number(sums[winner], 3)} ${unit}${label}.`,
  );
}

export function overview(place, report) {
  const { totals } = report.model;
  const [run] = report.runs;
  const spiking = run.recordings.filter((one) => one.events && one.role === 'node');
  const spikes = spiking.reduce((sum, one) => sum + one.events.times.length, 0);
  const input = run.recordings.filter((one) => one.events && one.role === 'input').reduce((sum, one) => sum + one.events.times.length, 0);
  const whole = report.time.whole;
  place.append(
    el(
      'dl',
      { class: 'tiles' },
      ...[
        ['Neurons', number(totals.neurons), `in ${counted(totals.nodes, 'node')}`],
        ['Synapses', number(totals.synapses), 'other than 0'],
        ['Parameters', number(totals.parameters), bytes(totals.bytes)],
        ['Time', seconds(whole), `${counted(Math.round(whole / report.dt), 'step')} of ${seconds(report.dt)}`],
        ['Spikes', number(spikes), input ? `and ${number(input)} of inputs` : 'of neurons'],
        ['Mean rate', `${number(totals.neurons ? spikes / totals.neurons / whole : 0, 3)} Hz`, 'of all neurons'],
      ].map(([what, value, more]) => el('div', {}, ...tile(what, value, more))),
    ),
    verdictText(report) ?? '',
  );
}
