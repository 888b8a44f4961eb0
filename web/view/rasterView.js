/**
 * Rasters: a dot for each spike, time to the right, neurons downward. Zoomed out, where dots would cover each other, each pixel
 * shows how many spikes fall on it. A million spikes take some milliseconds: they are in typed arrays by time, and what is in
 * sight is found by binary search.
 */
import { el, name } from './dom.js';
import { countsOf, density, lowerBound, sorted } from './events.js';
import { counted, indexText, number, seconds } from './format.js';
import { gutter, Plot, timeAxis } from './plot.js';
import { tableView } from './tableView.js';
import { TimeWindow } from './timeWindow.js';

/**
 * @typedef {{name: string, quantity: string, dt: number, steps: number, neurons: number, shape?: number[], also?: string,
 *            role?: string, complete?: boolean, events: {times: Uint32Array, neurons: Uint32Array}}} SpikeRecording
 */

/** Above so many spikes in sight, cells are counted and drawn as one picture. */
const mostDots = 20000;

/** One row for a neuron where there is room, and never taller than a screen. */
const heightOf = (neurons) => Math.round(Math.min(220, Math.max(34, neurons * (neurons <= 16 ? 12 : 5) + 10)));

/** [red, green, blue] of "#rrggbb". */
const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

/** The cells as a picture: the more spikes, the stronger the colour. */
function pictureOf({ bins, most }, columns, rows, colour) {
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const [red, green, blue] = channels(colour);
  const scale = Math.log(1 + most);
  const shades = new Uint32Array(256);
  for (let i = 0; i < 256; i += 1) {
    shades[i] = ((i << 24) | (blue << 16) | (green << 8) | red) >>> 0; // little-endian: alpha is the highest byte
  }
  for (let i = 0; i < bins.length; i += 1) {
    if (bins[i] > 0) {
      pixels[i] = shades[Math.round(255 * (most <= 1 ? 1 : 0.35 + (0.65 * Math.log(1 + bins[i])) / scale))];
    }
  }
  return image;
}

/** How dark a cell of that many spikes is has to be known, so a scratch canvas scales the picture to the plot. */
function drawCells(plot, recording, first, last, colour) {
  const { context, ratio, height } = plot;
  const across = Math.max(1, Math.min(Math.round(plot.inner * ratio), last - first));
  const rows = Math.max(1, Math.min(Math.round(height * ratio), recording.neurons));
  const cells = density(recording.events, recording.neurons, first, last, across, rows);
  const scratch = new OffscreenCanvas(across, rows);
  scratch.getContext('2d').putImageData(pictureOf(cells, across, rows, colour), 0, 0);
  context.imageSmoothingEnabled = false;
  const left = plot.x(first * recording.dt);
  context.drawImage(scratch, left, 0, plot.x(last * recording.dt) - left, height);
  return cells.total;
}

function drawDots(plot, recording, from, to, colour) {
  const { context, height } = plot;
  const { times, neurons } = recording.events;
  const row = height / recording.neurons;
  const step = (recording.dt / plot.time.span) * plot.inner;
  const tall = Math.min(14, Math.max(1, row * 0.75));
  const wide = Math.min(3, Math.max(1.25, step * 0.75));
  const scale = plot.inner / plot.time.span;
  const origin = gutter.left - plot.time.start * scale;
  context.fillStyle = colour;
  for (let i = from; i < to; i += 1) {
    context.fillRect(origin + (times[i] + 0.5) * recording.dt * scale - wide / 2, (neurons[i] + 0.5) * row - tall / 2, wide, tall);
  }
  return to - from;
}

function drawMarks(plot, recording, marks) {
  const { context, height } = plot;
  for (const mark of marks) {
    const x = plot.markTime((mark.step + 0.5) * recording.dt);
    if (x !== undefined && mark.neuron !== undefined) {
      context.beginPath();
      context.arc(x, ((mark.neuron + 0.5) * height) / recording.neurons, 7, 0, 2 * Math.PI);
      context.stroke();
    }
  }
}

/** Draws what is in sight and returns how many spikes that is. */
function drawRaster(plot, recording, colour, marks) {
  const { context, time } = plot;
  const { times } = recording.events;
  const first = Math.max(0, Math.floor(time.start / recording.dt + 1e-6));
  const last = Math.min(recording.steps, Math.ceil(time.end / recording.dt - 1e-6));
  const from = lowerBound(times, first);
  const to = lowerBound(times, last);
  context.save();
  context.beginPath();
  context.rect(gutter.left, 0, plot.inner, plot.height);
  context.clip();
  const drawn = to - from > mostDots ? drawCells(plot, recording, first, last, colour) : drawDots(plot, recording, from, to, colour);
  drawMarks(plot, recording, marks);
  context.restore();
  return drawn;
}

function drawEdges(plot, recording) {
  const { context, height } = plot;
  context.fillStyle = plot.colours.line;
  context.fillRect(gutter.left - 1, 0, 1, height);
  if (recording.neurons <= 5) {
    for (let neuron = 0; neuron < recording.neurons; neuron += 1) {
      plot.leftText(String(neuron), ((neuron + 0.5) * height) / recording.neurons);
    }
    return;
  }
  plot.leftText('0', 1, 'top');
  plot.leftText(number(recording.neurons - 1), height - 1, 'bottom');
}

/** "lif1: 132 spikes of 3 neurons in 300 ms, 147 Hz in the mean; neuron 2 spikes most, 47 times." */
export function rasterSummary(recording) {
  const { events, neurons, steps, dt } = recording;
  const counts = countsOf(events, neurons);
  const rate = events.times.length / neurons / (steps * dt);
  let most = 0;
  for (let neuron = 1; neuron < neurons; neuron += 1) {
    most = counts[neuron] > counts[most] ? neuron : most;
  }
  const busiest = events.times.length > 0 ? `; neuron ${indexText(most, recording.shape)} spikes most, ${counted(counts[most], 'time')}` : '';
  return `${recording.name || 'node'}: ${counted(events.times.length, 'spike')} of ${counted(neurons, 'neuron')} in ${seconds(steps * dt)}, ${number(rate, 3)} Hz in the mean${busiest}.`;
}

/** The neurons with most spikes, as a table: what a raster says in words. */
function alternative(current) {
  const details = el('details', { class: 'alternative' }, el('summary', {}, 'Table'));
  details.addEventListener(
    'toggle',
    () => {
      const recording = current();
      const counts = [...countsOf(recording.events, recording.neurons)].map((count, neuron) => [neuron, count]);
      const rows = counts.sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 200);
      tableView(details, {
        caption: `${recording.name}: neurons with most spikes`,
        columns: [
          { label: 'neuron', text: ([neuron]) => indexText(neuron, recording.shape), value: (row) => row[0] },
          { label: 'spikes', text: ([, count]) => number(count), value: (row) => row[1], isNumber: true },
          { label: 'rate (Hz)', text: ([, count]) => number(count / (recording.steps * recording.dt)), value: (row) => row[1], isNumber: true },
        ],
        rows,
      });
    },
    { once: true },
  );
  return details;
}

/** What is under the pointer, in words. */
function readout(plot, current, line) {
  plot.element.addEventListener('pointermove', (event) => {
    const recording = current();
    const box = plot.canvas.getBoundingClientRect();
    const share = (event.clientX - box.left - gutter.left) / plot.inner;
    const neuron = Math.floor(((event.clientY - box.top) / plot.height) * recording.neurons);
    const inside = share >= 0 && share <= 1 && neuron >= 0 && neuron < recording.neurons;
    line.textContent = inside ? `${seconds(plot.time.start + share * plot.time.span)}, neuron ${indexText(neuron, recording.shape)}` : '';
  });
  plot.element.addEventListener('pointerleave', () => {
    line.textContent = '';
  });
}

/** "3 neurons, 132 spikes, 147 Hz". */
function factsText(recording) {
  const spikes = recording.events.times.length;
  const cut = recording.complete === false ? ', the first steps of it' : '';
  const rate = spikes / recording.neurons / (recording.steps * recording.dt);
  return `${counted(recording.neurons, 'neuron')}, ${counted(spikes, 'spike')}${cut}, ${number(rate, 3)} Hz`;
}

/** The figure of one recording; `set` shows another of the same node. */
function row(given, options, index) {
  let recording = given;
  const plot = new Plot({
    time: options.time,
    height: options.height ?? heightOf(recording.neurons),
    label: '',
    draw: (here) => {
      const before = performance.now();
      const palette = here.colours.series;
      const colour = palette[(options.colourOf?.(recording) ?? options.colour ?? index) % palette.length];
      const drawn = drawRaster(here, recording, colour, options.marks?.(recording) ?? []);
      drawEdges(here, recording);
      here.canvas.dataset.drawn = String(drawn);
      here.canvas.dataset.milliseconds = (performance.now() - before).toFixed(2);
    },
  });
  const line = el('span', { class: 'readout' });
  const also = recording.also ? [' → ', name(recording.also)] : [];
  const facts = el('span', { class: 'facts' });
  const set = (now) => {
    recording = { ...now, events: sorted(now.events, now.steps) };
    plot.label = `Raster of ${rasterSummary(recording)}`;
    facts.textContent = factsText(recording);
    plot.canvas.dataset.spikes = String(recording.events.times.length);
    plot.canvas.dataset.node = recording.name;
    plot.redraw();
  };
  set(given);
  readout(plot, () => recording, line);
  const table = options.alternative === false ? null : alternative(() => recording);
  const head = el('div', { class: 'plot-head' }, el('h3', {}, name(recording.name), also), facts, line, table);
  return { element: el('figure', { class: 'raster' }, head, plot.element), plot, set };
}

/**
 * Draws a raster for each recording of spikes, one under the other.
 * @param {HTMLElement} element
 * @param {SpikeRecording[]} recordings
 * @param {{time?: TimeWindow, axis?: boolean, height?: number, colour?: number, alternative?: boolean,
 *          colourOf?: (recording: SpikeRecording) => number,
 *          marks?: (recording: SpikeRecording) => {step: number, neuron?: number}[]}} [options] `time`: shared by views that
 *   zoom together; `colour`: a number of the palette, else one for each
 * @returns {{update: (recordings: SpikeRecording[]) => void, destroy: () => void, time: TimeWindow}}
 */
export function rasterView(element, recordings, options = {}) {
  const time = options.time ?? new TimeWindow(recordings[0] ? recordings[0].steps * recordings[0].dt : 1, recordings[0]?.dt ?? 1);
  let ends = [];
  const destroy = () => {
    ends.forEach((end) => end());
    ends = [];
  };
  let rows = [];
  const update = (given) => {
    const now = given.filter((recording) => recording.events);
    if (now.length === rows.length && now.every((one, i) => one.name === rows[i].name && one.neurons === rows[i].neurons)) {
      now.forEach((recording, i) => rows[i].set(recording));
      return;
    }
    destroy();
    rows = [];
    if (options.axis) {
      const axis = el('div', { class: 'axis' });
      element.append(axis);
      ends.push(timeAxis(axis, time).destroy, () => axis.remove());
    }
    now.forEach((recording, index) => {
      const { element: figure, plot, set } = row(recording, { ...options, time }, index);
      element.append(figure);
      rows.push({ name: recording.name, neurons: recording.neurons, set });
      ends.push(plot.destroy, () => figure.remove());
    });
  };
  update(recordings);
  return { update, destroy, time };
}
