// What came of a run: spikes and numbers over time, and of two runs where they first differ.
import { el, name } from '../view/dom.js';
import { counted, indexText, number, seconds } from '../view/format.js';
import { navigationHint } from '../view/navigateTime.js';
import { timeAxis } from '../view/plot.js';
import { rasterView } from '../view/rasterView.js';
import { TimeWindow } from '../view/timeWindow.js';
import { traceView } from '../view/traceView.js';

/** Buttons that move all plots, for those who do not drag. */
function timeButtons(time) {
  const button = (text, label, act) => el('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, text);
  return el('div', { class: 'time-buttons' },
    button('+', 'Zoom in', () => time.zoom(0.5)), button('−', 'Zoom out', () => time.zoom(2)),
    button('←', 'Earlier', () => time.pan(-0.4)), button('→', 'Later', () => time.pan(0.4)),
    button('All', 'Show the whole run', () => time.reset()));
}

const shapeOf = (recordings, node) => recordings.find((recording) => recording.name === node)?.shape;

/** "node lif1, neuron 3: v is 0.51 and 0.49". */
function differenceLine(what, difference, answer) {
  const { dt } = answer.lanes[0];
  const { step, node, element, observable, first, second } = difference;
  return el('p', { class: 'divergence' },
    el('strong', {}, `${what}: step ${number(step)} (${seconds(step * dt)})`), ', node ', name(node),
    `, neuron ${indexText(element, shapeOf(answer.lanes[0].recordings, node))}: ${observable} is ${number(first, 9)} under `, name(answer.lanes[0].label),
    ` and ${number(second, 9)} under `, name(answer.lanes[1].label), '.');
}

function comparison(answer) {
  if (answer.lanes.length < 2) {
    return [];
  }
  if (!answer.difference) {
    return [el('p', {}, 'Both runs are equal in every spike and every state of every node.')];
  }
  const lines = [differenceLine('First difference', answer.difference, answer)];
  if (answer.spikeDifference && answer.spikeDifference.step !== answer.difference.step) {
    lines.push(differenceLine('First spike that differs', answer.spikeDifference, answer));
  } else if (!answer.spikeDifference) {
    lines.push(el('p', {}, 'All spikes are equal.'));
  }
  return lines;
}

/** Spikes of each node in each run, as a sentence for those who see no raster. */
function summary(answer) {
  return answer.lanes.map((lane) => {
    const spikes = lane.recordings.filter((recording) => recording.events && recording.kind !== 'Input' && recording.kind !== 'Output');
    const total = spikes.reduce((sum, recording) => sum + recording.total, 0);
    const outputs = lane.recordings.filter((recording) => recording.kind === 'Output' && recording.events);
    const said = outputs.map((output) => [', ', name(output.name), ` ${counted(output.total, 'spike')}`]);
    return el('p', { class: 'totals' }, name(lane.label), `: ${counted(answer.done, 'step')} of ${seconds(lane.dt)}, ${counted(total, 'spike')} in all`, said, '.');
  });
}

const marksOf = (answer) => (recording) => [answer.difference, answer.spikeDifference]
  .filter((difference) => difference && difference.node === recording.name)
  .map(({ step, element }) => ({ step, neuron: element }));

/** An Input carries what its neighbours also show; an Output what its node does. */
function order(recordings) {
  const rank = (recording) => (recording.kind === 'Input' ? 0 : recording.kind === 'Output' ? 2 : 1);
  return [...recordings].sort((a, b) => rank(a) - rank(b));
}

function plots(place, answer, time) {
  const isPair = answer.lanes.length === 2;
  const columns = el('div', { class: isPair ? 'pair' : 'single' });
  place.append(columns);
  const cells = () => answer.lanes.map(() => columns.appendChild(el('div', {})));
  if (isPair) {
    columns.append(...answer.lanes.map((lane) => el('h3', { class: 'lane' }, name(lane.label))));
  }
  const ends = cells().map((cell) => {
    cell.className = 'axis';
    return timeAxis(cell, time).destroy;
  });
  const marks = marksOf(answer);
  order(answer.lanes[0].recordings).forEach((base, index) => {
    const isInput = base.kind === 'Input';
    answer.lanes.forEach((lane, side) => {
      const cell = columns.appendChild(el('div', {}));
      const recording = lane.recordings.find((one) => one.name === base.name && one.quantity === base.quantity);
      if (!recording || (isInput && side === 1 && !isPair)) {
        return;
      }
      if (isPair) {
        cell.append(el('span', { class: 'lane-of' }, name(lane.label))); // where there is one column
      }
      const options = { time, colour: isPair ? side : index, marks, alternative: !isPair };
      const neuron = marks(recording)[0]?.neuron;
      const spikes = lane.recordings.find((one) => one.name === recording.name && one.events);
      const view = recording.events ? rasterView(cell, [recording], options) : traceView(cell, [recording], { ...options, spikes, neuron });
      ends.push(view.destroy);
    });
  });
  return () => ends.forEach((end) => end());
}

/**
 * @param {HTMLElement} place
 * @param {any} answer of the worker's `run`
 * @returns {{destroy: () => void}}
 */
export function showResults(place, answer) {
  const { dt } = answer.lanes[0];
  const time = new TimeWindow(answer.done * dt, dt);
  const isCut = answer.lanes.some((lane) => lane.recordings.some((recording) => recording.cut));
  place.replaceChildren(
    ...summary(answer),
    ...comparison(answer),
    ...(isCut ? [el('p', { class: 'hint' }, 'Of a node with more than 16,777,216 spikes the first are shown.')] : []),
    timeButtons(time), el('p', { class: 'hint' }, navigationHint));
  const destroy = plots(place, answer, time);
  return { destroy };
}
