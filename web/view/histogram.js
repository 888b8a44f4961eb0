/** A distribution as bars. */
import { svg } from './dom.js';
import { number } from './format.js';

const size = { width: 220, height: 44, foot: 13 };

/** @param {{from: number, to: number, counts: number[]}} bins @param {string} what */
export function histogram(bins, what) {
  const most = Math.max(1, ...bins.counts);
  const wide = size.width / bins.counts.length;
  const bars = bins.counts.map((count, i) => {
    // A bar that is there can be seen, however small its share.
    const tall = count > 0 ? Math.max(1, (count / most) * size.height) : 0;
    return svg('rect', { x: i * wide, y: size.height - tall, width: Math.max(0.5, wide - 0.75), height: tall });
  });
  const zero = bins.from < 0 && bins.to > 0 ? (size.width * -bins.from) / (bins.to - bins.from) : undefined;
  const peak = bins.counts.indexOf(most);
  const at = bins.from + ((peak + 0.5) / bins.counts.length) * (bins.to - bins.from);
  return svg(
    'svg',
    {
      class: 'histogram',
      viewBox: `0 0 ${size.width} ${size.height + size.foot}`,
      role: 'img',
      'aria-label': `Distribution of ${what} from ${number(bins.from)} to ${number(bins.to)}, most near ${number(at, 2)}`,
    },
    bars,
    zero === undefined ? null : svg('line', { class: 'zero', x1: zero, x2: zero, y1: 0, y2: size.height }),
    svg('line', { class: 'foot', x1: 0, x2: size.width, y1: size.height, y2: size.height }),
    svg('text', { x: 0, y: size.height + 11 }, number(bins.from, 3)),
    zero !== undefined && zero > 50 && zero < size.width - 50 ? svg('text', { x: zero, y: size.height + 11, 'text-anchor': 'middle' }, '0') : null,
    svg('text', { x: size.width, y: size.height + 11, 'text-anchor': 'end' }, number(bins.to, 3)),
  );
}
