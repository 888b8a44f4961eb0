/**
 * The stretch of time that views show. Views that share one zoom together.
 */
export class TimeWindow extends EventTarget {
  /** @param {number} whole seconds of a run @param {number} dt seconds of a step, which bounds how far one zooms in */
  constructor(whole, dt) {
    super();
    this.whole = whole > 0 ? whole : 1;
    this.least = Math.min(this.whole, dt * 5);
    this.start = 0;
    this.end = this.whole;
  }

  get span() {
    return this.end - this.start;
  }

  get isWhole() {
    return this.start === 0 && this.end === this.whole;
  }

  /** Shows [start, end] as far as there is such a time. */
  set(start, end) {
    const span = Math.min(this.whole, Math.max(this.least, end - start));
    const from = Math.min(this.whole - span, Math.max(0, start + (end - start - span) / 2));
    if (from !== this.start || from + span !== this.end) {
      this.start = from;
      this.end = span === this.whole ? this.whole : from + span;
      this.dispatchEvent(new Event('change'));
    }
  }

  /** @param {number} factor below 1: closer @param {number} [at] seconds that stay where they are */
  zoom(factor, at = (this.start + this.end) / 2) {
    this.set(at - (at - this.start) * factor, at + (this.end - at) * factor);
  }

  /** @param {number} share of what is shown */
  pan(share) {
    const by = Math.min(this.whole - this.end, Math.max(-this.start, share * this.span));
    this.set(this.start + by, this.end + by);
  }

  reset() {
    this.set(0, this.whole);
  }
}

/** Times of ticks in [start, end]: about `count`, at 1, 2 or 5 times a power of ten. */
export function ticks(start, end, count) {
  const rough = (end - start) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough * 0.999) ?? power * 10;
  const times = [];
  for (let i = Math.ceil(start / step - 1e-9); i * step <= end + step * 1e-9; i += 1) {
    times.push(i * step);
  }
  return { step, times };
}
