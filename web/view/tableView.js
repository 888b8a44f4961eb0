/** Tables that sort by any column. */
import { el } from './dom.js';

/** Rows that are shown at first. */
const first = 40;

/**
 * @typedef {{label: string, text: (row: any) => any, value?: (row: any) => number | string, isNumber?: boolean, share?: (row: any) => number,
 *            help?: string}} Column `text`: a text or an element; `value`: what is sorted by; `share`: length of a bar, 0 to 1
 */

const compare = (a, b) => {
  if (a === b) {
    return 0;
  }
  if (typeof a === 'number' && typeof b === 'number') {
    return a - b;
  }
  return String(a ?? '').localeCompare(String(b ?? ''), 'en', { numeric: true });
};

function cell(column, row, isHeader) {
  const content = column.text(row);
  const kinds = [column.isNumber && 'number', column.share && 'has-bar'].filter(Boolean).join(' ');
  const whole = el(isHeader ? 'th' : 'td', { class: kinds || null, scope: isHeader ? 'row' : null }, content);
  if (column.share) {
    whole.style.setProperty('--share', String(Math.max(0, Math.min(1, column.share(row)))));
  }
  return whole;
}

/**
 * @param {HTMLElement} element
 * @param {{caption: string, columns: Column[], rows: any[]}} table the first column names the row
 * @param {{total?: any, all?: boolean}} [options] `total`: a last row that stays last
 * @returns {{update: (rows: any[]) => void, destroy: () => void}}
 */
export function tableView(element, table, options = {}) {
  let rows = table.rows;
  let by = -1;
  let down = false;
  let all = options.all ?? false;
  const body = el('tbody');
  const foot = el('tfoot');
  const more = el('button', { type: 'button', class: 'more' });
  const value = (column, row) => (column.value ? column.value(row) : column.text(row));
  const heads = table.columns.map((column, i) =>
    el(
      'th',
      { scope: 'col', class: column.isNumber ? 'number' : null, title: column.help },
      el('button', { type: 'button', onclick: () => sort(i) }, column.label),
    ),
  );
  const show = () => {
    const order = by < 0 ? rows : [...rows].sort((a, b) => compare(value(table.columns[by], a), value(table.columns[by], b)) * (down ? -1 : 1));
    const shown = all ? order : order.slice(0, first);
    body.replaceChildren(...shown.map((row) => el('tr', {}, table.columns.map((column, i) => cell(column, row, i === 0)))));
    foot.replaceChildren(...(options.total ? [el('tr', {}, table.columns.map((column, i) => cell({ ...column, share: undefined }, options.total, i === 0)))] : []));
    more.hidden = shown.length === rows.length;
    more.textContent = `Show all ${rows.length}`;
    heads.forEach((head, i) => head.setAttribute('aria-sort', i !== by ? 'none' : down ? 'descending' : 'ascending'));
  };
  function sort(i) {
    down = by === i ? !down : Boolean(table.columns[i].isNumber);
    by = i;
    show();
  }
  more.addEventListener('click', () => {
    all = true;
    show();
  });
  const whole = el(
    'div',
    { class: 'table-place', tabindex: 0, role: 'region', 'aria-label': table.caption },
    el('table', {}, el('caption', {}, table.caption), el('thead', {}, el('tr', {}, heads)), body, foot),
    more,
  );
  element.append(whole);
  show();
  return {
    update: (now) => {
      rows = now;
      show();
    },
    destroy: () => whole.remove(),
  };
}
