/** What the report was made of and with. */
import { el } from '../../view/dom.js';
import { bytes, number } from '../../view/format.js';

const text = (value) => (Array.isArray(value) ? value.join(', ') : typeof value === 'object' && value !== null ? JSON.stringify(value) : typeof value === 'number' ? number(value, 9) : String(value ?? '–'));

/** What the model's own file says. */
function ofModel({ model }) {
  const platforms = model.origin?.platforms ?? [];
  return [
    ['file', model.file],
    ['SHA-256', model.sha256],
    ['NIR', model.version],
    ['written by', platforms.length ? platforms.map((one) => one.name ?? one).join(' or ') : null],
    ['parameters', bytes(model.totals.bytes)],
  ];
}

const list = (pairs) =>
  el('dl', { class: 'facts-list' }, pairs.filter(([, value]) => value !== null && value !== undefined && value !== '').map(([what, value]) => [el('dt', {}, what), el('dd', {}, text(value))]));

export function provenance(place, report) {
  place.append(list(ofModel(report)));
  for (const run of report.runs) {
    const rest = Object.entries(run.provenance).filter(([key]) => !['model', 'model_sha256'].includes(key));
    const title = report.runs.length > 1 ? `Run ${run.label}, in full` : 'The run, in full';
    place.append(el('details', {}, el('summary', {}, title), list(rest)));
  }
  const licences = document.getElementById('licences')?.textContent.trim();
  if (licences) {
    place.append(el('details', {}, el('summary', {}, 'Licences of what this page is made of'), el('pre', { class: 'licences', tabindex: 0 }, licences)));
  }
}
