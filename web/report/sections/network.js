/**
 * The compiled network, as WebAssembly: change its input or a threshold and see the raster at once. It starts when it comes into sight,
 * with the input of the run, and says whether it gives the same spikes.
 */
import { load } from '../../../backends/cpu/wasm/loader.mjs';
import { el, name } from '../../view/dom.js';
import { counted, number } from '../../view/format.js';
import { rasterView } from '../../view/rasterView.js';
import { unpack } from '../unpack.js';
import { constant, counts, poisson } from '../stimuli.js';
import { colourOf, timeButtons } from './activity.js';

/** A run that takes longer than this, in milliseconds, waits until a slider is let go. */
const mostForEachMove = 120;

const recordedInput = 'of the report';
const inputs = {
  [recordedInput]: { fields: [] },
  'random spikes': { fields: ['rate', 'seed'] },
  constant: { fields: ['current'] },
};

/** A labelled input of a form that says its value. */
function control(label, attributes, text, changed) {
  const output = el('output', {});
  const input = el('input', attributes);
  const show = () => {
    output.textContent = text(Number(input.value));
  };
  input.addEventListener('input', () => {
    show();
    changed('input');
  });
  input.addEventListener('change', () => changed('change'));
  show();
  return { element: el('label', {}, el('span', {}, label, ' ', output), input), value: () => Number(input.value), input, show };
}

const times = (text) => (value) => `× ${number(2 ** value, 3)}${text(2 ** value)}`;

/** A slider for each threshold: times what the file has. */
function thresholds(network, changed) {
  return network.parameters.map((parameter) => {
    const base = parameter.value;
    const text = typeof base === 'number' ? (factor) => ` = ${number(base * factor, 3)}` : () => '';
    const label = el('span', {}, name(parameter.node), ` ${parameter.name}`);
    const slider = control(label, { type: 'range', min: -2, max: 2, step: 0.05, value: 0 }, times(text), changed);
    const apply = () => {
      const factor = 2 ** slider.value();
      parameter.value = typeof base === 'number' ? base * factor : base.map((one) => one * factor);
    };
    return { ...slider, apply };
  });
}

/** What the network takes in each of the ways to drive it. */
function stimulus(kind, report, network, dense, values) {
  const given = {};
  for (const port of network.info.inputs) {
    if (kind === 'random spikes') {
      given[port.node] = poisson(port.size, report.steps, values.rate * report.dt, values.seed);
    } else if (kind === 'constant') {
      given[port.node] = constant(port.size, report.steps, values.current);
    } else {
      const recording = report.runs[0].recordings.find((one) => one.name === port.node && one.events);
      given[port.node] = recording ? { ...counts(recording.events), steps: report.steps } : dense.get(port.node);
    }
  }
  return given;
}

/** The traces of spikes as views take them, of the nodes that the report shows. */
function recordingsOf(run, report) {
  return report.runs[0].recordings
    .filter((one) => one.events && one.role !== 'input')
    .map((one) => {
      const trace = run.traces.find((each) => each.node === one.name && each.observable === 'spikes');
      return trace ? { ...one, events: repeated(trace) } : undefined;
    })
    .filter(Boolean);
}

/** A neuron that spikes several times in a step stands there as often. */
function repeated(trace) {
  const events = trace.events();
  if (trace.dtype === 'uint8') {
    return events;
  }
  const [, steps] = trace.shape;
  const timesOf = [];
  const neurons = [];
  for (let i = 0; i < steps * trace.size; i += 1) {
    for (let k = trace.data[i]; k > 0; k -= 1) {
      timesOf.push(Math.floor(i / trace.size));
      neurons.push(i % trace.size);
    }
  }
  return { times: Uint32Array.from(timesOf), neurons: Uint32Array.from(neurons) };
}

const isSame = (a, b) => a.length === b.length && a.every((one, i) => one === b[i]);

/** Whether every spike is one of the run in the report, and none is missing. */
const isEqual = (recordings, report) =>
  recordings.every((one) => {
    const before = report.runs[0].recordings.find((other) => other.name === one.name && other.events);
    return before.complete === false || (isSame(one.events.times, before.events.times) && isSame(one.events.neurons, before.events.neurons));
  });

/** The controls, and what happens when one is moved. */
function panel(place, report, network, dense) {
  const kind = el('select', { 'aria-label': 'Input' }, Object.keys(inputs).map((one) => el('option', {}, one)));
  const said = el('p', { class: 'facts', role: 'status' });
  const plots = el('div', {});
  let view;
  let taken = 0;
  const run = () => {
    shifts.forEach((one) => one.apply());
    const values = Object.fromEntries(Object.entries(fields).map(([key, one]) => [key, one.value()]));
    const before = performance.now();
    const result = network.run(stimulus(kind.value, report, network, dense, values), { steps: report.steps });
    taken = performance.now() - before;
    const recordings = recordingsOf(result, report);
    const spikes = recordings.reduce((sum, one) => sum + one.events.times.length, 0);
    const isOriginal = kind.value === recordedInput && shifts.every((one) => one.value() === 0);
    const equal = isOriginal ? (isEqual(recordings, report) ? '; equal to the run of this report, spike by spike' : '; the run of this report differs') : '';
    said.textContent = `${counted(report.steps, 'step')} in ${number(taken, 3)} ms: ${counted(spikes, 'spike')}${equal}.`;
    said.dataset.spikes = String(spikes);
    said.dataset.equal = String(isOriginal && equal.startsWith('; equal'));
    if (view) {
      view.update(recordings);
    } else {
      view = rasterView(plots, recordings, { time: report.time, axis: true, alternative: false, colourOf: (one) => colourOf(report, one.name) });
    }
  };
  let asked = 0;
  const changed = (event) => {
    if (event === 'change' || taken < mostForEachMove) {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(run);
    }
  };
  const fields = {
    rate: control('rate', { type: 'range', min: 0, max: 3, step: 0.02, value: 1.7 }, (value) => `${number(10 ** value, 3)} Hz`, changed),
    seed: control('seed', { type: 'number', min: 0, max: 999999, step: 1, value: 1 }, () => '', changed),
    current: control('value', { type: 'range', min: -1, max: 5, step: 0.05, value: 1 }, (value) => number(value, 3), changed),
  };
  const raw = fields.rate.value;
  fields.rate.value = () => 10 ** raw();
  const shifts = thresholds(network, changed);
  const showFields = () => Object.entries(fields).forEach(([key, one]) => (one.element.hidden = !inputs[kind.value].fields.includes(key)));
  kind.addEventListener('change', () => {
    showFields();
    changed('change');
  });
  const reset = () => {
    kind.value = recordedInput;
    shifts.forEach((one) => {
      one.input.value = '0';
      one.show();
    });
    showFields();
    run();
  };
  showFields();
  place.append(
    el('div', { class: 'controls' }, el('label', {}, 'input', kind), Object.values(fields).map((one) => one.element), shifts.map((one) => one.element)),
    el('div', { class: 'buttons' }, el('button', { type: 'button', onclick: reset }, 'As in the report'), timeButtons(report.time)),
    said,
    plots,
  );
  run();
}

async function start(place, report) {
  const { module, inputs: numbers } = report.network;
  const network = await load(await unpack(module));
  const dense = new Map(await Promise.all(numbers.map(async ({ node, values }) => [node, await unpack(values)])));
  panel(place, report, network, dense);
}

export function network(place, report) {
  if (!report.network) {
    return false;
  }
  if (report.network.missing) {
    place.append(el('p', { class: 'facts' }, `The compiled network is not in this report: ${report.network.missing}.`));
    return true;
  }
  place.append(el('p', { class: 'hint' }, 'The compiled network runs in this page. Change its input or a threshold; thresholds are times those of the file.'));
  const sights = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) {
      sights.disconnect();
      start(place, report).catch((error) => place.append(el('p', { class: 'advice error', role: 'alert' }, `The network does not run here: ${error.message}`)));
    }
  });
  sights.observe(place);
  return true;
}
