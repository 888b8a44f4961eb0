// What nirc says, as a list: errors, warnings and notes with what to do about them.
import { el, name } from '../view/dom.js';

const rank = ['error', 'warning', 'note'];

/** @param {{severity: string, name?: string | null, node?: string | null, message: string, notes: {node?: string | null, message: string}[]}} one */
export function diagnosticItem(one) {
  const where = (node) => (node ? ['node ', name(node), ': '] : []);
  return el('li', { class: `advice ${one.severity}` },
    el('p', {}, el('strong', { class: 'kind' }, one.severity), where(one.node), one.message),
    one.notes.map((note) => el('p', { class: 'fix' }, where(note.node), note.message)));
}

/** @param {any[]} diagnostics */
export function diagnosticList(diagnostics) {
  const sorted = [...diagnostics].sort((a, b) => rank.indexOf(a.severity) - rank.indexOf(b.severity));
  return el('ul', { class: 'diagnostics' }, sorted.map(diagnosticItem));
}
