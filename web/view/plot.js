/** What plots over time have in common: a canvas with a place for labels at its left, lines of time, and its own size. */
import { el } from './dom.js';
import { number, unitOf } from './format.js';
import { navigateTime } from './navigateTime.js';
import { colours, onTheme } from './theme.js';
import { ticks } from './timeWindow.js';

/** Pixels left and right of where time is drawn, the same in all plots, so that times stand above each other. */
export const gutter = { left: 76, right: 14 };

/**
 * A canvas that keeps the width of its place, draws when something changed and it can be seen, and moves through time.
 * @param {{time: import('./timeWindow.js').TimeWindow, height: number, label: string,
 *          draw: (plot: Plot) => void}} options `label`: what the plot shows, in a sentence
 */
export class Plot {
  constructor({ time, height, label, draw }) {
    this.time = time;
    this.height = height;
    this.width = 0;
    this.draw = draw;
    this.canvas = el('canvas', { role: 'img' });
    this.element = el('div', { class: 'plot', tabindex: 0, role: 'group' }, this.canvas);
    this.label = label;
    this.canvas.style.height = `${height}px`;
    this.isSeen = false;
    this.isStale = true;
    this.asked = 0;
    const changed = () => this.redraw();
    time.addEventListener('change', changed);
    const ends = [
      () => time.removeEventListener('change', changed),
      onTheme(() => this.redrawNow()),
      navigateTime(this.element, time, () => ({ left: gutter.left, width: this.inner })),
    ];
    const sizes = new ResizeObserver(() => this.redraw());
    sizes.observe(this.element);
    const sights = new IntersectionObserver(
      (entries) => {
        this.isSeen = entries[entries.length - 1].isIntersecting;
        if (this.isSeen && this.isStale) {
          this.redraw();
        }
      },
      { rootMargin: '300px' },
    );
    sights.observe(this.element);
    // Paper shows all of it, also what was never scrolled to.
    const print = () => this.redrawNow();
    addEventListener('beforeprint', print);
    ends.push(() => sizes.disconnect(), () => sights.disconnect(), () => removeEventListener('beforeprint', print));
    this.destroy = () => {
      cancelAnimationFrame(this.asked);
      ends.forEach((end) => end());
      this.element.remove();
    };
  }

  /** What the plot shows, in a sentence, for who does not see it. */
  set label(text) {
    this.canvas.setAttribute('aria-label', text);
    this.element.setAttribute('aria-label', `${text} Keys move through time.`);
  }

  /** Pixels over which time is drawn. */
  get inner() {
    return Math.max(10, this.width - gutter.left - gutter.right);
  }

  x(seconds) {
    return gutter.left + ((seconds - this.time.start) / this.time.span) * this.inner;
  }

  /** Once for all changes of a frame, and only where it can be seen. */
  redraw() {
    this.isStale = true;
    if (this.isSeen && !this.asked) {
      this.asked = requestAnimationFrame(() => {
        this.asked = 0;
        this.redrawNow();
      });
    }
  }

  redrawNow() {
    this.width = this.element.clientWidth || 900;
    this.ratio = Math.min(3, window.devicePixelRatio || 1);
    this.isStale = false;
    const { canvas } = this;
    canvas.width = Math.round(this.width * this.ratio);
    canvas.height = Math.round(this.height * this.ratio);
    const context = canvas.getContext('2d');
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.context = context;
    this.colours = colours();
    context.font = this.colours.font;
    this.drawGrid();
    this.draw(this);
  }

  drawGrid() {
    const { context } = this;
    context.fillStyle = this.colours.grid;
    for (const time of ticks(this.time.start, this.time.end, this.inner / 90).times) {
      context.fillRect(Math.round(this.x(time)), 0, 1, this.height);
    }
  }

  /** A word at the left of the plot. */
  leftText(text, y, baseline = 'middle') {
    const { context } = this;
    context.fillStyle = this.colours.soft;
    context.textAlign = 'right';
    context.textBaseline = /** @type {CanvasTextBaseline} */ (baseline);
    context.fillText(text, gutter.left - 8, y, gutter.left - 12);
  }

  /** A dashed line at a time that matters; where it stands, if it is in sight. */
  markTime(seconds) {
    const { context } = this;
    const x = this.x(seconds);
    if (x < gutter.left || x > gutter.left + this.inner) {
      return undefined;
    }
    context.strokeStyle = this.colours.mark;
    context.lineWidth = 1.5;
    context.setLineDash([5, 4]);
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, this.height);
    context.stroke();
    context.setLineDash([]);
    return x;
  }

  /** A word at the right end of a line, above it or, at the top, below it; readable over what is drawn there. */
  rightText(text, y) {
    const { context } = this;
    context.textAlign = 'right';
    context.textBaseline = y > 16 ? 'bottom' : 'top';
    context.lineWidth = 3;
    context.strokeStyle = this.colours.paper;
    context.fillStyle = this.colours.soft;
    const at = [gutter.left + this.inner - 2, y > 16 ? y - 1 : y + 3];
    context.strokeText(text, at[0], at[1]);
    context.fillText(text, at[0], at[1]);
  }
}

/** The axis of time over plots that share a window, with buttons. */
export function timeAxis(element, time) {
  const height = 30;
  const plot = new Plot({
    time,
    height,
    label: 'Axis of time.',
    draw: (here) => {
      const { context } = here;
      const { step, times } = ticks(time.start, time.end, here.inner / 90);
      const [size, unit] = unitOf(Math.max(step, time.span / 20));
      context.clearRect(0, 0, here.width, height);
      context.fillStyle = here.colours.soft;
      context.fillRect(gutter.left, height - 1, here.inner, 1);
      context.textBaseline = 'alphabetic';
      for (const one of times) {
        const x = Math.round(here.x(one));
        context.fillRect(x, height - 6, 1, 6);
        context.textAlign = x > here.width - 40 ? 'right' : 'center';
        context.fillText(number(Number((one / size).toPrecision(9)), 6), x > here.width - 40 ? here.width - 2 : x, height - 10);
      }
      here.leftText(`time (${unit})`, height - 14);
    },
  });
  element.append(plot.element);
  return { destroy: plot.destroy };
}
