/** Spikes and numbers of the run, all on one axis of time. */
import { el } from '../../view/dom.js';
import { navigationHint } from '../../view/navigateTime.js';
import { timeAxis } from '../../view/plot.js';
import { rasterView } from '../../view/rasterView.js';
import { traceView } from '../../view/traceView.js';

/** Buttons that move all plots, for those who do not drag. */
export function timeButtons(time) {
  const button = (text, label, act) => el('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, text);
  return el(
    'div',
    { class: 'buttons time-buttons' },
    button('+', 'Zoom in', () => time.zoom(0.5)),
    button('−', 'Zoom out', () => time.zoom(2)),
    button('←', 'Earlier', () => time.pan(-0.4)),
    button('→', 'Later', () => time.pan(0.4)),
    button('All', 'Show the whole run', () => time.reset()),
  );
}

/** Colours of nodes: the same in every plot of a node. */
export const colourOf = (report, node) => {
  const names = report.graph.nodes.filter((one) => report.runs[0].recordings.some((recording) => recording.name === one.name)).map((one) => one.name);
  return Math.max(0, names.indexOf(node));
};

export function activity(place, report) {
  const { recordings } = report.runs[0];
  const axis = el('div', { class: 'axis' });
  place.append(timeButtons(report.time), el('p', { class: 'hint' }, navigationHint), axis);
  timeAxis(axis, report.time);
  const byName = new Map();
  for (const recording of recordings) {
    byName.set(recording.name, [...(byName.get(recording.name) ?? []), recording]);
  }
  for (const [node, all] of byName) {
    const spikes = all.find((one) => one.events);
    const colour = colourOf(report, node);
    if (spikes) {
      rasterView(place, [spikes], { time: report.time, colour });
    }
    const numbers = all.filter((one) => one.values);
    traceView(place, numbers, { time: report.time, colour, spikes, title: !spikes });
  }
}
