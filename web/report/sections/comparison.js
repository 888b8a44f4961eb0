/** Two runs side by side, with the place where they first differ. */
import { el, name } from '../../view/dom.js';
import { counted, number, seconds } from '../../view/format.js';
import { timeAxis } from '../../view/plot.js';
import { rasterView } from '../../view/rasterView.js';
import { tableView } from '../../view/tableView.js';
import { traceView } from '../../view/traceView.js';
import { timeButtons } from './activity.js';

/** Row-major. */
const elementOf = (index, shape) => index.reduce((sum, one, d) => sum * (shape?.[d] ?? 1) + one, 0);

function statesText(first) {
  const texts = first.states.map(({ observable, base, run }) => {
    const before = base.length > 1 ? `${number(base[0], 7)} and ${number(run[0], 7)} before, ` : '';
    return `${observable} ${before}${number(base[base.length - 1], 7)} and ${number(run[run.length - 1], 7)} after the step`;
  });
  return texts.length ? ` There: ${texts.join('; ')}.` : '';
}

function divergenceText(first, dt, labels) {
  return el(
    'p',
    { class: 'divergence' },
    el('strong', {}, `First difference: step ${number(first.step)} (${seconds(first.step * dt)})`),
    ', node ',
    name(first.node),
    `, neuron [${first.index.join(', ')}]: ${first.observable} ${number(first.base, 7)} in `,
    name(labels[0]),
    ` and ${number(first.run, 7)} in `,
    name(labels[1]),
    `.${statesText(first)}`,
  );
}

function differences(place, one, dt, labels) {
  const rows = one.traces;
  tableView(place, {
    caption: 'How far each node is from the first run',
    columns: [
      { label: 'node', text: (row) => name(row.node), value: (row) => row.node },
      { label: 'quantity', text: (row) => row.observable },
      { label: `spikes of ${labels[0]}`, text: (row) => number(row.base_spikes), value: (row) => row.base_spikes ?? -1, isNumber: true },
      { label: `of ${labels[1]}`, text: (row) => number(row.spikes), value: (row) => row.spikes ?? -1, isNumber: true },
      { label: 'values that differ', text: (row) => number(row.unequal), value: (row) => row.unequal, isNumber: true },
      {
        label: 'first at',
        text: (row) => (row.first_step === null ? 'equal' : seconds(row.first_step * dt)),
        value: (row) => row.first_step ?? Infinity,
        isNumber: true,
      },
      { label: 'van Rossum', text: (row) => number(row.van_rossum, 3), value: (row) => row.van_rossum ?? -1, isNumber: true },
      { label: 'cosine', text: (row) => number(row.cosine, 4), value: (row) => row.cosine, isNumber: true },
    ],
    rows,
  });
}

export function comparison(place, report) {
  if (!report.comparison) {
    return false;
  }
  const [one] = report.comparison.comparisons;
  const first = one.first_difference;
  const labels = report.runs.map((run) => run.label);
  const classes = one.changed_classes ? ' The outputs name another class.' : '';
  place.append(
    first ? divergenceText(first, report.dt, labels) : el('p', {}, 'Both runs are equal in every spike and value that was recorded.'),
    el('p', {}, `${counted(one.traces.filter((trace) => !trace.equal).length, 'quantity differs', 'quantities differ')} of ${one.traces.length}.${classes}`),
  );
  if (!first) {
    differences(place, one, report.dt, labels);
    return true;
  }
  place.append(timeButtons(report.time));
  sideBySide(place, report, first);
  differences(place, one, report.dt, labels);
  return true;
}

/** The plots of both runs in two columns, which zoom together. */
function sideBySide(place, report, first) {
  const marks = (recording) => [{ step: first.step, ...(recording.name === first.node ? { neuron: elementOf(first.index, recording.shape) } : {}) }];
  const pairs = el('div', { class: 'pair' }, report.runs.map((run) => el('h3', {}, name(run.label))));
  place.append(pairs);
  for (const _ of report.runs) {
    const axis = el('div', { class: 'axis' });
    pairs.append(axis);
    timeAxis(axis, report.time);
  }
  for (const base of report.runs[0].recordings.filter((recording) => recording.role !== 'input')) {
    const other = report.runs[1].recordings.find((one) => one.name === base.name && one.quantity === base.quantity);
    const isOfFirst = base.values && base.name === first.node && base.quantity === 'v';
    if (!other || (base.values && !isOfFirst && base.role !== 'output')) {
      continue;
    }
    [base, other].forEach((recording, side) => {
      const cell = el('div');
      pairs.append(cell);
      const options = { time: report.time, colour: side, alternative: false, marks };
      if (recording.events) {
        rasterView(cell, [recording], options);
      } else {
        traceView(cell, [recording], { ...options, neuron: isOfFirst ? elementOf(first.index, recording.shape) : undefined });
      }
    });
  }
}
