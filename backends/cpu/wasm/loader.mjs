// loader.mjs - a network that `nirc compile --emit=wasm` wrote, in browsers, Node.js and workers
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The module says of itself where its inputs, outputs and states lie in the block of memory of a
// network, as JSON in the custom section "nirc". Nothing here depends on a network.

import { Parameter, Port, Source, arrays, list } from './ports.mjs';

/** A network and its state, advanced a step at a time. */
class Session {
  #network;
  #memory;
  #views;
  /** The outputs of the last step by their nodes; the next step overwrites the arrays. */
  outputs = {};
  constructor(network) {
    this.#network = network;
    this.#memory = network.allocateNetwork();
    for (const port of network.ports.outputs) {
      this.outputs[port.node] = new arrays[port.dtype](port.size);
    }
    this.reset();
  }
  /** The slot of a port, as it lies in the memory, which is another buffer after it has grown. */
  slot(port) {
    const { buffer } = this.#network.exports.memory;
    if (this.#views?.buffer !== buffer) {
      this.#views = { buffer, slots: new Map() };
    }
    let slot = this.#views.slots.get(port);
    if (!slot) {
      slot = new port.array(buffer, this.memory + port.offset, port.reach);
      this.#views.slots.set(port, slot);
    }
    return slot;
  }
  /** Where the network lies, for the functions that the module exports. */
  get memory() {
    if (this.#memory === 0) {
      throw new Error('the session is closed');
    }
    return this.#memory;
  }
  /** Back to before the first step. */
  reset() {
    this.#network.exports.reset(this.memory);
    Object.values(this.outputs).forEach((output) => output.fill(0));
    return this;
  }
  /** Advances by one step. `inputs`: an array of all values of the only input, or of each input by
   *  its node; {events: [indices]} stands for those that are 1, where all others are 0. What is
   *  left out is 0. Returns `outputs`. */
  step(inputs = {}) {
    const ports = this.#network.ports.inputs;
    const byName = this.#network.byName(inputs);
    for (const port of ports) {
      const to = this.slot(port);
      const given = byName[port.node];
      if (given === undefined) {
        to.fill(0);
      } else if (given.events) {
        to.fill(0);
        for (const i of given.events) {
          if (!(i >= 0 && i < port.size)) {
            throw new RangeError(`input '${port.node}': found an event of ${i}, expected 0 to ${port.size - 1}`);
          }
          port.put(to, i, 1);
        }
      } else if (given.length === port.size) {
        port.write(to, given, 0);
      } else {
        throw new RangeError(`input '${port.node}': found ${given.length} values, expected ${port.size}`);
      }
    }
    this.#network.exports.advance(this.memory);
    for (const port of this.#network.ports.outputs) {
      port.read(this.slot(port), this.outputs[port.node], 0);
    }
    return this.outputs;
  }
  /** A state as it is after the last step, or an output: read('lif1', 'v'). */
  read(node, observable) {
    const port = this.#network.port(node, observable);
    const values = new arrays[port.dtype](port.size);
    port.read(this.slot(port), values, 0);
    return values;
  }
  /** What a state is before the next step. */
  write(node, state, values) {
    const port = this.#network.port(node, state);
    if (!port.state || values.length !== port.size) {
      throw new RangeError(
        port.state
          ? `'${node}' ${state}: found ${values.length} values, expected ${port.size}`
          : `'${node}' ${state} is no state of neurons`,
      );
    }
    port.write(this.slot(port), values, 0);
  }
  /** Gives the memory back. */
  close() {
    this.#network.freeNetwork(this.#memory);
    this.#memory = 0;
    this.#views = undefined;
  }
}

/** What a run recorded of an output or a state. */
class Trace {
  constructor(port, batch, steps) {
    Object.assign(this, port.info);
    this.shape = [batch, steps, ...port.shape];
    this.data = new arrays[port.dtype](batch * steps * port.size);
  }
  /** What is not 0 of a sample, as {times, neurons}: the numbers of steps and of elements. */
  events(sample = 0) {
    const [, steps] = this.shape;
    const times = [];
    const neurons = [];
    const first = sample * steps * this.size;
    for (let i = 0; i < steps * this.size; ++i) {
      if (this.data[first + i] !== 0) {
        times.push(Math.floor(i / this.size));
        neurons.push(i % this.size);
      }
    }
    return { times: Uint32Array.from(times), neurons: Uint32Array.from(neurons) };
  }
}

/** A compiled network. Sessions of it share its weights, and nothing that changes but parameters. */
export class Network {
  #free = [];
  #blocks;
  #top;
  constructor(module) {
    const [section] = WebAssembly.Module.customSections(module, 'nirc');
    if (!section) {
      throw new TypeError('the module is none that nirc compile --emit=wasm wrote');
    }
    this.description = JSON.parse(new TextDecoder().decode(section));
    if (this.description.format_version !== 1) {
      throw new TypeError(`the module is of version ${this.description.format_version}, expected 1`);
    }
    this.exports = new WebAssembly.Instance(module).exports;
    this.#top = this.exports.__heap_base.value;
    const { inputs, ports, outputs, records } = this.description;
    const made = ports.map((json) => new Port(json));
    this.ports = {
      inputs: inputs.map((json) => new Port(json)),
      outputs: made.slice(0, outputs),
      records: made.slice(outputs, outputs + records),
      all: made,
    };
    const changes = this.description.parameters;
    const find = (node, name) => changes.find((one) => one.node === node && one.name === name);
    this.parameters = changes
      .filter((one) => one.name !== 'v_drop')
      .map((one) => new Parameter(this, one, one.name === 'v_threshold' && find(one.node, 'v_drop')));
  }

  /** What there is to know of it. */
  get info() {
    const { nirc, model, semantics, format, dtype, dt } = this.description;
    const infos = (ports) => ports.map((port) => port.info);
    return {
      nirc,
      model,
      semantics,
      format,
      dtype,
      dt,
      inputs: infos(this.ports.inputs),
      outputs: infos(this.ports.outputs),
      states: infos(this.ports.all.filter((port) => port.state)),
      records: infos(this.ports.all.slice(this.ports.outputs.length)),
    };
  }

  /** A new network before its first step. */
  session() {
    return new Session(this);
  }

  /** The threshold of a node: parameter('lif1').value = 0.5. */
  parameter(node, name) {
    const found = this.parameters.find((one) => one.node === node && (!name || one.name === name));
    if (!found) {
      const names = this.parameters.map((one) => `${one.node}:${one.name}`);
      throw new RangeError(`found no parameter '${node}${name ? `:${name}` : ''}', there are ${list(names)}`);
    }
    return found;
  }

  /** Runs whole samples from before their first step. `inputs`: an array [batch, steps, ...] of the
   *  only input, or of each by its node; or {times, neurons, values?, steps?}, its events.
   *  `steps`: as many as the longest input has. `records`: what else to keep, as 'lif1:v'.
   *  `into`: an earlier recording of the same shape, whose arrays are written again. */
  run(inputs = {}, { steps = 0, batch = 1, records, into } = {}) {
    const byName = this.byName(inputs);
    const sources = this.ports.inputs.map((port) => new Source(port, byName[port.node], batch, steps));
    const length = steps || Math.max(0, ...sources.map((source) => source.steps));
    const recorded = records ? this.#recorded(records) : this.ports.records;
    const ports = [...this.ports.outputs, ...recorded];
    const traces = into?.traces ?? ports.map((port) => new Trace(port, batch, length));
    const isSame = (port, i) =>
      traces[i]?.node === port.node && traces[i].observable === port.observable && traces[i].data.length === batch * length * port.size;
    if (traces.length !== ports.length || !ports.every(isSame)) {
      throw new RangeError('into: found a recording of other traces or steps, expected the same');
    }
    const session = this.session();
    for (let sample = 0; sample < batch; ++sample) {
      session.reset();
      if (recorded.length) {
        this.#runRecorded(session, sample, length, sources, ports, traces);
      } else {
        this.#runWhole(session, sample, length, sources, traces);
      }
    }
    session.close();
    return {
      dt: this.description.dt,
      steps: length,
      batch,
      traces,
      /** The trace of a node; of an output its name is enough. */
      trace: (node, observable) => {
        const found = traces.find((one) => one.node === node && (!observable || one.observable === observable));
        if (!found) {
          const names = traces.map((one) => `${one.node}:${one.observable}`);
          throw new RangeError(`found no trace '${node}${observable ? `:${observable}` : ''}', there are ${list(names)}`);
        }
        return found;
      },
    };
  }

  /** A step at a time, with what the states are in between. */
  #runRecorded(session, sample, length, sources, ports, traces) {
    for (let t = 0; t < length; ++t) {
      for (const source of sources) {
        source.write(session.slot(source.port), sample, t);
      }
      this.exports.advance(session.memory);
      for (let i = 0; i < ports.length; ++i) {
        const port = ports[i];
        port.read(session.slot(port), traces[i].data, (sample * length + t) * port.size);
      }
    }
  }

  /** Many steps at a time: the module copies inputs and outputs. */
  #runWhole(session, sample, length, sources, traces) {
    const { steps, inputs, outputs } = (this.#blocks ??= this.#allocateBlocks());
    const { buffer } = this.exports.memory;
    const places = [...inputs, ...outputs].map((block) => block.at);
    for (let first = 0; first < length; first += steps) {
      const count = Math.min(steps, length - first);
      for (const [i, { port, at }] of inputs.entries()) {
        const to = new port.array(buffer, at, count * port.size);
        for (let t = 0; t < count; ++t) {
          sources[i].write(to.subarray(t * port.size, (t + 1) * port.size), sample, first + t);
        }
      }
      this.exports.run(session.memory, count, ...places);
      for (const [i, { port, at }] of outputs.entries()) {
        const from = new port.array(buffer, at, count * port.size);
        const start = (sample * length + first) * port.size;
        if (port.isPlain) {
          traces[i].data.set(from, start);
        } else {
          for (let t = 0; t < count; ++t) {
            port.read(from.subarray(t * port.size, (t + 1) * port.size), traces[i].data, start + t * port.size);
          }
        }
      }
    }
  }

  /** Memory for the inputs and outputs of some steps. */
  #allocateBlocks() {
    const number = this.description.format ? 'int32' : this.description.dtype;
    const asArguments = (ports) => ports.map((port) => ({ port: port.asArgument(number), at: 0 }));
    const inputs = asArguments(this.ports.inputs);
    const outputs = asArguments(this.ports.outputs);
    const all = [...inputs, ...outputs];
    const bytes = ({ port }) => port.size * port.array.BYTES_PER_ELEMENT;
    const most = 1 << 18; // stays in a cache
    const perStep = all.reduce((sum, block) => sum + bytes(block), 0);
    const steps = Math.max(1, Math.min(1024, Math.floor(most / perStep)));
    for (const block of all) {
      block.at = this.#allocate(steps * bytes(block));
    }
    return { steps, inputs, outputs };
  }

  #recorded(records) {
    return records.flatMap((record) => {
      const [, node, names] = /^(.*):([^:]*)$/.exec(record) ?? [null, record, ''];
      return names.split(',').map((name) => this.port(node, name));
    });
  }

  /** Inputs by their nodes; an array alone is that of the only one. */
  byName(inputs) {
    const { inputs: ports } = this.ports;
    const isOne = inputs.length !== undefined || inputs.events || (inputs.times && inputs.neurons) || ArrayBuffer.isView(inputs.data);
    if (isOne && ports.length !== 1) {
      throw new RangeError(`found one input, expected an object of ${list(ports.map((port) => port.node))}`);
    }
    if (isOne) {
      return { [ports[0].node]: inputs };
    }
    for (const name of Object.keys(inputs)) {
      if (!ports.some((port) => port.node === name)) {
        throw new RangeError(`found no input '${name}', there are ${list(ports.map((port) => port.node))}`);
      }
    }
    return inputs;
  }

  port(node, observable) {
    const found = this.ports.all.find((port) => port.node === node && port.observable === observable);
    if (!found) {
      const names = this.ports.all.map((port) => `${port.node}:${port.observable}`);
      throw new RangeError(`found no '${node}:${observable}', there are ${list(names)}`);
    }
    return found;
  }

  allocateNetwork() {
    const reused = this.#free.pop();
    if (reused !== undefined) {
      return reused;
    }
    return this.#allocate(Math.max(this.description.arena_bytes, 64));
  }
  #allocate(bytes) {
    const at = Math.ceil(this.#top / 64) * 64;
    this.#top = at + bytes;
    const { memory } = this.exports;
    const page = 65536;
    const missing = this.#top - memory.buffer.byteLength;
    if (missing > 0) {
      memory.grow(Math.ceil(missing / page));
    }
    return at;
  }
  freeNetwork(at) {
    if (at !== 0) {
      this.#free.push(at);
    }
  }
}

/** Where `load` finds the module if nobody says; `nirc compile` writes it here. */
const defaultSource = () => undefined;

/** The network of a module: its bytes, its URL, a Response, a promise of one, or what was compiled
 *  of it. Nothing else is fetched, and the module imports nothing. */
export async function load(source = defaultSource()) {
  const given = await source;
  if (given instanceof WebAssembly.Module) {
    return new Network(given);
  }
  if (ArrayBuffer.isView(given) || given instanceof ArrayBuffer) {
    return new Network(await WebAssembly.compile(given));
  }
  if (typeof Response === 'function' && given instanceof Response) {
    // Servers that do not know the type of .wasm are many.
    const isTyped = given.headers.get('content-type')?.startsWith('application/wasm');
    return new Network(isTyped ? await WebAssembly.compileStreaming(given) : await WebAssembly.compile(await given.arrayBuffer()));
  }
  if (given === undefined) {
    throw new TypeError('found no module, expected its bytes, its URL or a Response');
  }
  const url = new URL(given, typeof document === 'undefined' ? undefined : document.baseURI);
  if (url.protocol === 'file:' && typeof process !== 'undefined' && process.getBuiltinModule) {
    return load(process.getBuiltinModule('node:fs').readFileSync(url));
  }
  return load(await fetch(url));
}
