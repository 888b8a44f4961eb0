/** What nirc says of the model and of running it so: errors first, then warnings, then notes. */
import { el, name } from '../../view/dom.js';

const order = ['error', 'warning', 'note'];

function item(one) {
  const place = one.node ? ['node ', name(one.node), ': '] : '';
  return el(
    'div',
    { class: `advice ${one.severity}` },
    el('p', {}, el('span', { class: 'kind' }, one.severity), place, one.message),
    one.notes.length ? el('ul', {}, one.notes.map((note) => el('li', {}, note.node ? ['node ', name(note.node), ': '] : '', note.message))) : null,
    one.why ? el('details', {}, el('summary', {}, one.name), el('p', {}, one.why), one.fix ? el('p', {}, `Fix: ${one.fix}`) : null) : null,
  );
}

export function advice(place, report) {
  if (report.advice.length === 0) {
    place.append(el('p', {}, 'Nothing to say: no error, no warning, no advice.'));
    return;
  }
  const sorted = [...report.advice].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  place.append(...sorted.map(item));
}
