/**
 * Moving through time on a plot: drag to zoom, double-click for all, Ctrl and wheel, Shift and wheel, and keys. A wheel alone
 * scrolls the page, as elsewhere.
 */
import { el } from './dom.js';

/** What the hint under a plot says. */
export const navigationHint =
  'Drag over a plot to zoom in, double-click to see all. Ctrl + wheel zooms, Shift + wheel moves. Keys on a plot: ← → + − 0.';

const keys = {
  ArrowLeft: (time) => time.pan(-0.2),
  ArrowRight: (time) => time.pan(0.2),
  PageUp: (time) => time.pan(-0.9),
  PageDown: (time) => time.pan(0.9),
  '+': (time) => time.zoom(0.6),
  '=': (time) => time.zoom(0.6),
  '-': (time) => time.zoom(1 / 0.6),
  0: (time) => time.reset(),
  Home: (time) => time.set(0, time.span),
  End: (time) => time.set(time.whole - time.span, time.whole),
};

/**
 * @param {HTMLElement} element positioned, and around the plot
 * @param {import('./timeWindow.js').TimeWindow} time
 * @param {() => {left: number, width: number}} plot where time is drawn, in pixels of the element
 * @returns {() => void} ends it
 */
export function navigateTime(element, time, plot) {
  const selection = el('div', { class: 'selection', hidden: true });
  element.append(selection);
  let from;
  const x = (event) => {
    const { left, width } = plot();
    const at = event.clientX - element.getBoundingClientRect().left - left;
    return Math.min(1, Math.max(0, at / width));
  };
  const seconds = (share) => time.start + share * time.span;
  const show = (to) => {
    const { left, width } = plot();
    selection.hidden = Math.abs(to - from) * width < 3;
    selection.style.left = `${left + Math.min(from, to) * width}px`;
    selection.style.width = `${Math.abs(to - from) * width}px`;
  };
  const ways = {
    pointerdown: (event) => {
      if (event.button === 0 && !event.target.closest('button, select, a, summary')) {
        from = x(event);
      }
    },
    pointermove: (event) => {
      if (from !== undefined) {
        element.setPointerCapture(event.pointerId);
        show(x(event));
      }
    },
    pointerup: (event) => {
      if (from !== undefined && !selection.hidden) {
        const ends = [from, x(event)].sort((a, b) => a - b).map(seconds);
        time.set(ends[0], ends[1]);
      }
      from = undefined;
      selection.hidden = true;
    },
    pointercancel: () => {
      from = undefined;
      selection.hidden = true;
    },
    dblclick: () => time.reset(),
    wheel: (event) => {
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        time.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 200))), seconds(x(event)));
      } else if (sideways && !time.isWhole && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
        event.preventDefault();
        time.pan(sideways / 800);
      }
    },
    keydown: (event) => {
      const act = keys[event.key];
      if (act && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest('select, input')) {
        event.preventDefault();
        act(time);
      }
    },
  };
  const options = { passive: false };
  Object.entries(ways).forEach(([kind, way]) => element.addEventListener(kind, way, options));
  return () => {
    Object.entries(ways).forEach(([kind, way]) => element.removeEventListener(kind, way, options));
    selection.remove();
  };
}
