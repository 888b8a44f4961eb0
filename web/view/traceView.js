/**
 * Numbers over time, as voltages: the neuron that is chosen, the others faint behind it, its threshold dashed, and its spikes
 * above. Where several steps fall on a pixel it shows their least and most.
 */
import { el, name } from './dom.js';
import { lowerBound } from './events.js';
import { indexText, number } from './format.js';
import { gutter, Plot, timeAxis } from './plot.js';
import { ticks, TimeWindow } from './timeWindow.js';

/**
 * @typedef {{name: string, quantity: string, dt: number, steps: number, neurons: number, shape?: number[], shown?: number[],
 *            threshold?: number[], values: Float32Array}} ValueRecording `values`: [steps, shown], row-major; without `shown`
 *   [steps, neurons]
 */

const names = { v: 'membrane potential', i: 'synaptic current', value: 'value' };

/** The least and most of the chosen neuron, with its threshold, and a little room; what others have beyond is cut off. */
function rangeOf({ values, threshold, shown }, chosen) {
  let least = Infinity;
  let most = -Infinity;
  for (let at = chosen; at < values.length; at += shown.length) {
    least = Math.min(least, values[at]);
    most = Math.max(most, values[at]);
  }
  if (Number.isFinite(threshold?.[chosen])) {
    least = Math.min(least, threshold[chosen]);
    most = Math.max(most, threshold[chosen]);
  }
  if (!(most > least)) {
    const middle = Number.isFinite(least) ? least : 0;
    return [middle - 1, middle + 1];
  }
  const room = (most - least) * 0.08;
  return [least - room, most + room];
}

/** A line through the steps in sight: each step a point, or the least and most of each pixel. */
function drawLine(plot, recording, column, y) {
  const { context, time } = plot;
  const { values, dt, steps } = recording;
  const stride = recording.shown.length;
  const first = Math.max(0, Math.floor(time.start / dt) - 1);
  const last = Math.min(steps, Math.ceil(time.end / dt) + 1);
  const perPixel = (last - first) / (plot.inner * plot.ratio);
  context.beginPath();
  if (perPixel <= 2) {
    for (let step = first; step < last; step += 1) {
      context.lineTo(plot.x((step + 0.5) * dt), y(values[step * stride + column]));
    }
  } else {
    for (let step = first; step < last; ) {
      const end = Math.min(last, Math.max(step + 1, Math.floor(step + perPixel)));
      let least = Infinity;
      let most = -Infinity;
      const x = plot.x((step + 0.5) * dt);
      for (; step < end; step += 1) {
        const value = values[step * stride + column];
        least = value < least ? value : least;
        most = value > most ? value : most;
      }
      context.lineTo(x, y(least));
      context.lineTo(x, y(most));
    }
  }
  context.stroke();
}

function drawThreshold(plot, value, y) {
  const { context } = plot;
  context.strokeStyle = plot.colours.soft;
  context.lineWidth = 1;
  context.setLineDash([6, 4]);
  context.beginPath();
  context.moveTo(gutter.left, y(value));
  context.lineTo(gutter.left + plot.inner, y(value));
  context.stroke();
  context.setLineDash([]);
}

function drawSpikes(plot, spikes, neuron, colour) {
  const { context } = plot;
  context.fillStyle = colour;
  const { times, neurons } = spikes.events;
  const last = lowerBound(times, Math.ceil(plot.time.end / spikes.dt));
  for (let i = lowerBound(times, Math.floor(plot.time.start / spikes.dt) - 1); i < last; i += 1) {
    if (neurons[i] === neuron) {
      context.fillRect(plot.x((times[i] + 0.5) * spikes.dt) - 0.75, 1, 1.5, 7);
    }
  }
}

function drawTraces(plot, recording, chosen, options, colour) {
  const { context, height } = plot;
  const [low, high] = rangeOf(recording, chosen);
  const top = options.spikes ? 12 : 4;
  const y = (value) => top + ((high - value) / (high - low)) * (height - top - 4);
  context.save();
  context.beginPath();
  context.rect(gutter.left, 0, plot.inner, height);
  context.clip();
  context.lineJoin = 'round';
  context.strokeStyle = plot.colours.line;
  context.lineWidth = 1;
  recording.shown.forEach((_, column) => column !== chosen && drawLine(plot, recording, column, y));
  const threshold = recording.threshold?.[chosen];
  if (Number.isFinite(threshold)) {
    drawThreshold(plot, threshold, y);
  }
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  drawLine(plot, recording, chosen, y);
  if (options.spikes) {
    drawSpikes(plot, options.spikes, recording.shown[chosen], colour);
  }
  (options.marks?.(recording) ?? []).forEach((mark) => plot.markTime((mark.step + 0.5) * recording.dt));
  context.restore();
  context.fillStyle = plot.colours.line;
  context.fillRect(gutter.left - 1, 0, 1, height);
  for (const value of ticks(low, high, height / 36).times) {
    const at = y(value);
    if (at > 6 && at < height - 5) {
      plot.leftText(number(Number(value.toPrecision(6)), 4), at);
    }
  }
  if (Number.isFinite(threshold)) {
    plot.rightText(`threshold ${number(threshold, 3)}`, y(threshold));
  }
}

/** "lif1, membrane potential of neuron 3: from 0 to 1, threshold 1." */
export function traceSummary(recording, chosen) {
  let least = Infinity;
  let most = -Infinity;
  for (let at = chosen; at < recording.values.length; at += recording.shown.length) {
    least = Math.min(least, recording.values[at]);
    most = Math.max(most, recording.values[at]);
  }
  const threshold = recording.threshold?.[chosen];
  const what = names[recording.quantity] ?? recording.quantity;
  return `${recording.name || 'node'}, ${what} of neuron ${indexText(recording.shown[chosen], recording.shape)}: from ${number(least)} to ${number(most)}${Number.isFinite(threshold) ? `, threshold ${number(threshold)}` : ''}.`;
}

function row(given, options, index) {
  const shown = given.shown ?? Array.from({ length: given.neurons }, (_, i) => i);
  const recording = { ...given, shown };
  let chosen = Math.max(0, shown.indexOf(options.neuron ?? shown[0]));
  const plot = new Plot({
    time: options.time,
    height: options.height ?? 104,
    label: traceSummary(recording, chosen),
    draw: (here) => {
      const palette = here.colours.series;
      drawTraces(here, recording, chosen, options, palette[(options.colour ?? index) % palette.length]);
    },
  });
  plot.canvas.dataset.node = recording.name;
  const select = el(
    'select',
    { 'aria-label': `Neuron of ${recording.name}` },
    shown.map((neuron, i) => el('option', { value: i, selected: i === chosen }, `neuron ${indexText(neuron, recording.shape)}`)),
  );
  select.addEventListener('change', () => {
    chosen = Number(select.value);
    plot.label = traceSummary(recording, chosen);
    plot.redrawNow();
  });
  const all = shown.length < recording.neurons ? ` (${shown.length} of ${number(recording.neurons)})` : '';
  const what = names[recording.quantity] ?? recording.quantity;
  const title = options.title === false ? null : el('h3', {}, name(recording.name));
  const element = el(
    'figure',
    { class: 'trace' },
    el('div', { class: 'plot-head' }, title, el('span', { class: 'facts' }, `${what}${recording.quantity === what ? '' : `, ${recording.quantity}`}`), select, el('span', { class: 'facts' }, all)),
    plot.element,
  );
  return { element, plot };
}

/**
 * Draws a plot for each recording of numbers, one under the other.
 * @param {HTMLElement} element
 * @param {ValueRecording[]} recordings
 * @param {{time?: TimeWindow, axis?: boolean, height?: number, colour?: number, neuron?: number, title?: boolean,
 *          marks?: (recording: ValueRecording) => {step: number}[],
 *          spikes?: import('./rasterView.js').SpikeRecording}} [options] `spikes`: of the same node; `neuron`: shown at first
 * @returns {{update: (recordings: ValueRecording[]) => void, destroy: () => void, time: TimeWindow}}
 */
export function traceView(element, recordings, options = {}) {
  const time = options.time ?? new TimeWindow(recordings[0] ? recordings[0].steps * recordings[0].dt : 1, recordings[0]?.dt ?? 1);
  let ends = [];
  const destroy = () => {
    ends.forEach((end) => end());
    ends = [];
  };
  const update = (now) => {
    destroy();
    if (options.axis) {
      const axis = el('div', { class: 'axis' });
      element.append(axis);
      ends.push(timeAxis(axis, time).destroy, () => axis.remove());
    }
    now.filter((recording) => recording.values && recording.values.length > 0).forEach((recording, index) => {
      const { element: figure, plot } = row(recording, { ...options, time }, index);
      element.append(figure);
      ends.push(plot.destroy, () => figure.remove());
    });
  };
  update(recordings);
  return { update, destroy, time };
}
