/** Inputs that are made in the page. */

/** Whole numbers of 32 bits at random, the same for the same seed: Marsaglia's xorshift (2003). */
function randomOf(seed) {
  let x = (seed * 2654435761 + 88675123) >>> 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
}

/** A spike in each element and step with that probability. */
export function poisson(size, steps, probability, seed) {
  const next = randomOf(seed);
  const limit = Math.min(1, probability) * 2 ** 32;
  const times = [];
  const neurons = [];
  for (let step = 0; step < steps; step += 1) {
    for (let i = 0; i < size; i += 1) {
      if (next() < limit) {
        times.push(step);
        neurons.push(i);
      }
    }
  }
  return { times: Uint32Array.from(times), neurons: Uint32Array.from(neurons), steps };
}

/** Spikes in their order, of which one that stands there several times is one with that value. */
export function counts({ times, neurons }) {
  const of = { times: [], neurons: [], values: [] };
  for (let i = 0; i < times.length; i += 1) {
    const last = of.times.length - 1;
    if (last >= 0 && of.times[last] === times[i] && of.neurons[last] === neurons[i]) {
      of.values[last] += 1;
    } else {
      of.times.push(times[i]);
      of.neurons.push(neurons[i]);
      of.values.push(1);
    }
  }
  return of;
}

/** The same value in every element and step. */
export const constant = (size, steps, value) => new Float32Array(size * steps).fill(value);
