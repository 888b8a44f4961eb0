/** Arrays of numbers out of JSON: base64, deflate, planes of bytes, as tools/report/Packed.h writes them. */

const types = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array };

/** @param {string} text base64 */
function bytesOf(text) {
  if (Uint8Array.fromBase64) {
    return Uint8Array.fromBase64(text);
  }
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i += 1) {
    bytes[i] = letters.charCodeAt(i);
  }
  return bytes;
}

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * @param {{type: string, size: number, data: string}} packed
 * @returns {Promise<any>} the typed array that `type` names
 */
export async function unpack({ type, size, data }) {
  const planes = await inflated(bytesOf(data));
  const array = new types[type](size);
  const width = array.BYTES_PER_ELEMENT;
  if (width === 1) {
    return planes;
  }
  const bytes = new Uint8Array(array.buffer);
  for (let plane = 0; plane < width; plane += 1) {
    const from = plane * size;
    for (let i = 0, to = plane; i < size; i += 1, to += width) {
      bytes[to] = planes[from + i];
    }
  }
  return array;
}

/** Spikes by step as spikes with their steps. */
async function eventsOf({ perStep, neurons }) {
  const [counts, who] = await Promise.all([unpack(perStep), unpack(neurons)]);
  const times = new Uint32Array(who.length);
  let at = 0;
  counts.forEach((count, step) => {
    times.fill(step, at, at + count);
    at += count;
  });
  return { times, neurons: who };
}

/** A recording as views take it. */
export async function recordingOf(packed) {
  return {
    ...packed,
    ...(packed.events ? { events: await eventsOf(packed.events) } : {}),
    ...(packed.values ? { values: await unpack(packed.values) } : {}),
  };
}
