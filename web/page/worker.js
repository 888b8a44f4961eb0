// What runs beside the page, so that the page answers at all times: nirc's core, and the reading of files.
import { Core, CoreTrap } from '../core/core.js';
import { isHdf5, readTree } from '../core/hdf5.js';

/** @type {Promise<Core> | undefined} */
let core;
let compiled;
let stopped = false;
/** What a new core is to be given again: the file that is open, and the signals that drive it. */
let opened;
let dropped = [];

async function getCore() {
  compiled ??= fetch(new URL('core.wasm', self.location.href)).then(async (response) => {
    if (!response.ok) {
      throw new Error(`core.wasm: ${response.status} ${response.statusText}`);
    }
    return WebAssembly.compile(await response.arrayBuffer());
  });
  core ??= compiled.then((module) => Core.of(module)).then(restored);
  return core;
}

async function restored(fresh) {
  if (opened) {
    fresh.open(opened.name, await treeOf(opened.buffer));
  }
  for (const { name, buffer } of dropped) {
    await dropInto(fresh, name, buffer);
  }
  return fresh;
}

async function dropInto(nirc, name, buffer) {
  return isNpy(buffer) ? nirc.dropArray(name, new Uint8Array(buffer)) : nirc.dropTree(name, await treeOf(buffer));
}

/** The whole library of HDF5 is loaded for those files alone that need it. */
async function readWithLibrary(buffer) {
  if (!self.nircReadTreeWithLibrary) {
    importScripts(new URL('hdf5Library.js', self.location.href).href);
  }
  return self.nircReadTreeWithLibrary(buffer);
}

/** The tree of a file, or what the reader says of it. @returns {Promise<import('../core/hdf5.js').TreeWriter | {unreadable: string}>} */
async function treeOf(buffer) {
  if (!isHdf5(new Uint8Array(buffer, 0, Math.min(8, buffer.byteLength)))) {
    return { unreadable: buffer.byteLength === 0 ? 'the file is empty' : 'the first bytes are not those of HDF5' };
  }
  try {
    return readTree(buffer);
  } catch {
    try {
      return await readWithLibrary(buffer);
    } catch (error) {
      return { unreadable: String(error?.message ?? error).slice(0, 500) };
    }
  }
}

const isNpy = (buffer) => [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, i) => new Uint8Array(buffer)[i] === byte); // "\x93NUMPY"

/** Lets a message in, as "stop". */
const pause = () => new Promise((resolve) => { setTimeout(resolve, 0); });

const requests = {
  async semantics() {
    return (await getCore()).semantics();
  },
  async open({ name, buffer }) {
    opened = undefined; // a file that ends the core is not tried again
    dropped = [];
    const answer = (await getCore()).open(name, await treeOf(buffer));
    opened = answer.error ? undefined : { name, buffer };
    return answer;
  },
  async check({ options }) {
    return (await getCore()).check(options);
  },
  async drop({ name, buffer }) {
    const answer = await dropInto(await getCore(), name, buffer);
    if (!answer.error) {
      dropped.push({ name, buffer });
    }
    return answer;
  },
  /** Runs in stretches of some 40 ms, and says after each how far it is. */
  async run({ request }, progress) {
    const nirc = await getCore();
    stopped = false;
    const started = nirc.start(request);
    if (started.error) {
      return started;
    }
    let stretch = 1;
    let state = { done: 0, steps: started.steps };
    while (state.done < state.steps && !stopped) {
      const before = performance.now();
      state = nirc.advance(stretch);
      if (state.error) {
        return state;
      }
      const took = performance.now() - before;
      stretch = Math.max(1, Math.min(100000, Math.round(stretch * Math.min(4, 40 / Math.max(took, 1)))));
      progress(state);
      await pause();
    }
    const kept = nirc.records();
    const lanes = started.lanes.map((lane, i) => ({ ...lane, ...kept.lanes[i] }));
    return { ...started, ...kept, lanes, done: state.done };
  },
  async stop() {
    stopped = true;
    return {};
  },
};

/** Arrays move to the page; they are not copied. */
function buffersIn(answer) {
  return (answer.lanes ?? []).flatMap(({ recordings = [] }) =>
    recordings.flatMap(({ events, values }) => (events ? [events.times.buffer, events.neurons.buffer] : [values.buffer])));
}

self.onmessage = async ({ data: { id, kind, ...rest } }) => {
  try {
    const answer = await requests[kind](rest, (state) => self.postMessage({ id, progress: state }));
    self.postMessage({ id, answer }, buffersIn(answer));
  } catch (error) {
    const isTrap = error instanceof CoreTrap || error instanceof RangeError;
    if (isTrap) {
      core = undefined; // the next file gets a new one
    }
    const message = isTrap ? `nirc ended, most likely for want of memory: ${error.message}` : String(error?.message ?? error);
    self.postMessage({ id, answer: { error: { name: 'internal', severity: 'error', node: null, message, notes: [] } } });
  }
};
