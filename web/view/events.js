/**
 * Spikes as two arrays, in the order of their steps: `times` in steps, `neurons` row-major in the shape of the node.
 */

/** Puts spikes in the order of their steps where they are not. A sort by counting: linear. */
export function sorted(events, steps) {
  const { times, neurons } = events;
  let isSorted = true;
  for (let i = 1; i < times.length && isSorted; i += 1) {
    isSorted = times[i - 1] <= times[i];
  }
  if (isSorted) {
    return events;
  }
  const places = new Uint32Array(steps + 1);
  for (const time of times) {
    places[time + 1] += 1;
  }
  for (let step = 0; step < steps; step += 1) {
    places[step + 1] += places[step];
  }
  const out = { times: new Uint32Array(times.length), neurons: new Uint32Array(times.length) };
  for (let i = 0; i < times.length; i += 1) {
    const place = places[times[i]];
    places[times[i]] += 1;
    out.times[place] = times[i];
    out.neurons[place] = neurons[i];
  }
  return out;
}

/** The first index whose time is not below `step`. */
export function lowerBound(times, step) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] < step) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

const known = new WeakMap();

/** How often each neuron spiked. Counted once: several views ask for it. */
export function countsOf(events, neurons) {
  const before = known.get(events.neurons);
  if (before && before.length === neurons) {
    return before;
  }
  const counts = new Uint32Array(neurons);
  const who = events.neurons;
  for (let i = 0; i < who.length; i += 1) {
    counts[who[i]] += 1;
  }
  known.set(events.neurons, counts);
  return counts;
}

/**
 * How many spikes fall on each cell of a grid of `columns` over [start, end) in steps, and `rows` over the neurons.
 * @returns {{bins: Uint32Array, most: number, total: number}}
 */
export function density(events, neurons, start, end, columns, rows) {
  const bins = new Uint32Array(columns * rows);
  const { times } = events;
  const first = lowerBound(times, start);
  const last = lowerBound(times, end);
  const across = columns / (end - start);
  const down = rows / neurons;
  let most = 0;
  for (let i = first; i < last; i += 1) {
    const column = Math.min(columns - 1, ((times[i] - start) * across) | 0);
    const row = Math.min(rows - 1, (events.neurons[i] * down) | 0);
    const count = (bins[row * columns + column] += 1);
    most = count > most ? count : most;
  }
  return { bins, most, total: last - first };
}
