/** Every choice that NIR leaves open, and what was chosen. */
import { el, name } from '../../view/dom.js';
import { seconds } from '../../view/format.js';

function valueText({ value, families }) {
  return el('div', { class: 'value' }, families ? `${families.join(', ')}: ` : '', el('code', {}, value));
}

function row(choice) {
  return el(
    'tr',
    { class: choice.isUsual ? 'usual' : '' },
    el('th', { scope: 'row' }, choice.name),
    el('td', { class: choice.isUsual ? '' : 'chosen' }, choice.values.map(valueText)),
    el('td', {}, choice.values.map((one) => el('div', {}, one.meaning || choice.summary))),
  );
}

function facts(report) {
  const { provenance } = report.runs[0];
  const late = report.graph.late.map(([from, to], i) => [i > 0 ? ', ' : '', name(report.graph.nodes[from].name), ' → ', name(report.graph.nodes[to].name)]);
  return [
    ['step', [seconds(provenance.dt), report.choices.dtFrom ? ` (from ${report.choices.dtFrom})` : '']],
    ['semantics', el('code', {}, provenance.semantics)],
    ['target', provenance.target],
    ['numbers', provenance.format ? el('code', {}, provenance.format) : provenance.dtype],
    ['times in the file', `in ${provenance.time_unit}`],
    ['late edges', late.length ? [late, ': they carry the value of the step before'] : 'none'],
  ];
}

export function choices(place, report) {
  const list = el('dl', { class: 'facts-list' }, facts(report).map(([what, value]) => [el('dt', {}, what), el('dd', {}, value)]));
  const heads = ['choice', 'value', 'what it means'].map((head) => el('th', { scope: 'col' }, head));
  const table = el(
    'table',
    {},
    el('caption', {}, 'Bold: other than in the preset nir'),
    el('thead', {}, el('tr', {}, heads)),
    el('tbody', {}, report.choices.semantics.map(row)),
  );
  place.append(list, el('div', { class: 'table-place', tabindex: 0, role: 'region', 'aria-label': 'Choices' }, table));
}
