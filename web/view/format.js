/** Numbers and units as people read them. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** "12,345", "0.0213", "1.2e-9". */
export function number(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return '–';
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? '∞' : '−∞';
  }
  if (Number.isInteger(value) && Math.abs(value) < 1e15) {
    return grouped.format(value).replace('-', '−');
  }
  const size = Math.abs(value);
  if (size >= 1e3 && size < 1e6) {
    return grouped.format(Number(value.toPrecision(digits))).replace('-', '−');
  }
  const text = size >= 1e6 || size < 1e-4 ? value.toExponential(digits - 1) : value.toPrecision(digits);
  return text
    .replace(/(\.\d*?)0+(e|$)/, '$1$2')
    .replace(/\.(e|$)/, '$1')
    .replaceAll('-', '−')
    .replace('e+', 'e');
}

/** "3 spikes", "1 spike". */
export const counted = (count, word, plural = `${word}s`) => `${number(count)} ${count === 1 ? word : plural}`;

const units = [
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
  [1e-9, 'ns'],
];

/** The unit in which a time reads best: [factor, name]. */
export function unitOf(seconds) {
  return units.find(([size]) => Math.abs(seconds) >= size * 0.9999) ?? units[units.length - 1];
}

/** "120 ms". */
export function seconds(value, digits = 4) {
  if (value === 0) {
    return '0 s';
  }
  const [size, unit] = unitOf(value);
  return `${number(Number((value / size).toPrecision(12)), digits)} ${unit}`;
}

/** "2 × 34 × 34"; "1" of a lone number; "?" where it could not be found. */
export const shapeText = (shape) => (shape === null ? '?' : shape && shape.length > 0 ? shape.map((one) => number(one)).join(' × ') : '1');

/** The index of a neuron in the shape of its node, "[3, 16, 2]". */
export function indexText(neuron, shape) {
  if (!shape || shape.length < 2) {
    return String(neuron);
  }
  const index = [];
  for (let d = shape.length - 1; d >= 0; d -= 1) {
    index.unshift(neuron % shape[d]);
    neuron = Math.floor(neuron / shape[d]);
  }
  return `[${index.join(', ')}]`;
}

/** "12.5 %". */
export const percent = (share) => `${number(Number((share * 100).toPrecision(3)))} %`;

/** "12.5 KiB". */
export function bytes(count) {
  const size = ['B', 'KiB', 'MiB', 'GiB'];
  let i = 0;
  while (count >= 1024 && i < size.length - 1) {
    count /= 1024;
    i += 1;
  }
  return `${number(Number(count.toPrecision(3)))} ${size[i]}`;
}
