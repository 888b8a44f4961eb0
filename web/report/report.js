/** The report: data out of the page, and its sections. */
import { el, name } from '../view/dom.js';
import { themeSwitch } from '../view/theme.js';
import { TimeWindow } from '../view/timeWindow.js';
import { activity } from './sections/activity.js';
import { advice } from './sections/advice.js';
import { choices } from './sections/choices.js';
import { comparison } from './sections/comparison.js';
import { graph } from './sections/graph.js';
import { mapping } from './sections/mapping.js';
import { network } from './sections/network.js';
import { overview } from './sections/overview.js';
import { provenance } from './sections/provenance.js';
import { quantization } from './sections/quantization.js';
import { statistics } from './sections/statistics.js';
import { recordingOf } from './unpack.js';

/**
 * Each: a title, and a function that fills a section from the report, or returns false where there is nothing to show.
 * @type {[string, string, (place: HTMLElement, report: any) => boolean | void][]}
 */
const sections = [
  ['overview', 'Overview', overview],
  ['advice', 'Checks', advice],
  ['graph', 'Graph', graph],
  ['activity', 'Activity', activity],
  ['comparison', 'Comparison', comparison],
  ['statistics', 'Statistics', statistics],
  ['network', 'Try it', network],
  ['quantization', 'Quantization', quantization],
  ['mapping', 'Cores', mapping],
  ['choices', 'Choices', choices],
  ['provenance', 'Provenance', provenance],
];

/** The file's name without folders. */
const fileName = (path) => path.split(/[/\\]/).pop();

/** The data with its arrays as typed arrays, and the window of time that all plots share. */
async function load() {
  const data = JSON.parse(document.getElementById('data').textContent);
  const runs = await Promise.all(
    data.runs.map(async (run) => ({ ...run, recordings: await Promise.all(run.recordings.map(recordingOf)) })),
  );
  const first = runs[0].recordings[0];
  const dt = runs[0].provenance.dt;
  const steps = first?.steps ?? 1;
  return { ...data, runs, time: new TimeWindow(steps * dt, dt), dt, steps };
}

/** What every section can be reached by. Screen readers skip to the content first. */
function head(report, links) {
  const title = el('h1', {}, name(fileName(report.model.file)));
  const what = el('p', { class: 'facts' }, `${report.extent}, ${report.runs[0].text}`, report.sample ? [', sample ', name(report.sample)] : '');
  const buttons = el('div', { class: 'buttons' }, el('button', { type: 'button', onclick: () => print() }, 'Print'), themeSwitch());
  const top = el('header', { class: 'top' }, el('div', { class: 'title' }, title, what), buttons);
  const nav = el('nav', { 'aria-label': 'Sections' }, links);
  return [el('a', { class: 'skip', href: '#content' }, 'Skip to the content'), top, nav];
}

async function show() {
  const started = performance.now();
  const place = document.getElementById('report');
  const report = await load();
  const main = el('main', { id: 'content', tabindex: -1 });
  place.append(main);
  const links = [];
  for (const [id, title, fill] of sections) {
    const section = el('section', { id, 'aria-labelledby': `${id}-title` }, el('h2', { id: `${id}-title` }, title));
    main.append(section);
    if (fill(section, report) === false) {
      section.remove();
    } else {
      links.push(el('a', { href: `#${id}` }, title));
    }
  }
  place.prepend(...head(report, links));
  place.append(el('footer', {}, `Written by nirc ${report.nirc}. All of it is in this file: nothing was loaded.`));
  // For tests: milliseconds of this script, and since the page was asked for.
  document.documentElement.dataset.opened = String(Math.round(performance.now()));
  document.documentElement.dataset.ready = String(Math.round(performance.now() - started));
  return report;
}

/** For tests, and for who looks at the data from the console. */
window.nirc = { report: show() };
window.nirc.report.catch((error) => {
  const text = `This report cannot be shown: ${error.message}. It needs a browser of 2023 or later.`;
  document.getElementById('report').append(el('p', { role: 'alert', class: 'advice error' }, text));
  throw error;
});
