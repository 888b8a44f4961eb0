// loader.mjs - a network that `nirc compile --emit=wasm` wrote, in browsers, Node.js and workers
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The module says of itself where its inputs, outputs and states lie in the block of memory of a
// network, as JSON in the custom section "nirc". Nothing here depends on a network.

const arrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
};

const product = (shape) => shape.reduce((a, b) => a * b, 1);
const list = (names) => (names.length ? names.map((name) => `'${name}'`).join(', ') : 'none');

/** What a number becomes on its way into a network of integers: rounded to nearest, ties to even,
 *  and saturated; 0 for a NaN. Adding 1.5 * 2^52 leaves a float64 no digits behind the point. */
function quantized(x, scale, least, most) {
  const whole = 1.5 * 2 ** 52;
  const q = x / scale;
  return q === q ? Math.min(Math.max(q, least), most) + whole - whole : 0;
}

/** An input, output or state: where its numbers lie in a network's memory, and what they mean. */
class Port {
  constructor(json) {
    Object.assign(this, json);
    this.size = product(json.shape);
    this.latency ??= 0;
    // As recordings of nirc have them.
    this.dtype = this.bits ? 'uint8' : this.count ? 'int32' : this.scales ? 'float64' : this.type;
    this.isPlain = !this.bits && !this.count && !this.scales && !this.channels_last;
    this.array = arrays[this.type];
    const [channels, positions, pitch] = this.channels_last ?? [];
    this.reach = channels ? positions * pitch : this.elements;
  }
  /** The same as the functions `step` and `run` of the module take it: in the node's own order. */
  asArgument(number) {
    const type = this.type === 'uint8' ? 'uint8' : this.count && number !== 'int32' ? 'int32' : number;
    return new Port({
      ...this,
      type,
      offset: 0,
      elements: this.size,
      channels_last: undefined,
      count: this.count && number === 'int32',
    });
  }
  get info() {
    const { node, observable, shape, size, dtype, latency } = this;
    return { node, observable, shape, size, dtype, latency };
  }
  /** Where element `i` of the node's own order lies. */
  place(i) {
    if (!this.channels_last) {
      return i;
    }
    const [, positions, pitch] = this.channels_last;
    return (i % positions) * pitch + Math.floor(i / positions);
  }
  scale(i) {
    return this.scales[Math.floor((i * this.scales.length) / this.size)];
  }
  /** `from`: the slot. */
  read(from, to, first) {
    if (this.isPlain) {
      to.set(from, first);
      return;
    }
    for (let i = 0; i < this.size; ++i) {
      let x;
      if (this.bits) {
        x = (from[i >>> 5] >>> (i & 31)) & 1;
      } else {
        x = from[this.place(i)];
        x = this.scales ? x * this.scale(i) : x;
        x = this.count ? Math.min(x, 2147483647) : x; // a network that runs away counts without end
      }
      to[first + i] = x;
    }
  }
  write(to, values, first) {
    if (this.isPlain && values.length === this.size) {
      to.set(values);
      return;
    }
    for (let i = 0; i < this.size; ++i) {
      this.put(to, i, values[first + i]);
    }
  }
  put(to, i, x) {
    to[this.place(i)] = this.scales ? quantized(x, this.scale(i), this.least, this.most) : x;
  }
}

/** A number of a node's neurons that can be changed: a threshold. */
class Parameter {
  #network;
  #json;
  #drop;
  constructor(network, json, drop) {
    this.#network = network;
    this.#json = json;
    this.#drop = drop;
    this.node = json.node;
    this.name = json.name;
    this.size = json.neurons;
    this.isUniform = json.uniform;
  }
  #write(json, values) {
    const { exports, description } = this.#network;
    const port = new Port({ ...json, shape: [json.uniform ? 1 : json.neurons] });
    const to = new arrays[description.dtype](exports.memory.buffer, exports[json.symbol].value, port.reach);
    for (let i = 0; i < port.size; ++i) {
      const of = (numbers, none) => (numbers ? numbers[numbers.length === 1 ? 0 : i] : none);
      to[port.place(i)] = values[i] / of(json.divisor, 1) - of(json.less, 0);
    }
  }
  /** The model's numbers: one for all neurons, or an array of one for each. As they are stored,
   *  rounded to the network's type. */
  get value() {
    const { exports, description } = this.#network;
    const port = new Port({ ...this.#json, shape: [this.isUniform ? 1 : this.size] });
    const from = new arrays[description.dtype](exports.memory.buffer, exports[this.#json.symbol].value, port.reach);
    const of = (i) => {
      const { divisor } = this.#json;
      return from[port.place(i)] * (divisor ? divisor[divisor.length === 1 ? 0 : i] : 1);
    };
    return this.isUniform ? of(0) : Float64Array.from({ length: this.size }, (_, i) => of(i));
  }
  /** All networks of this module have it from their next step on. */
  set value(value) {
    const one = typeof value === 'number';
    const count = this.isUniform ? 1 : this.size;
    if (!one && value.length !== count) {
      throw new RangeError(`'${this.node}' ${this.name}: found ${value.length} values, expected ${count}`);
    }
    const values = one ? new Float64Array(count).fill(value) : value;
    if (!values.every(Number.isFinite)) {
      throw new RangeError(`'${this.node}' ${this.name}: found ${value}, expected finite numbers`);
    }
    this.#write(this.#json, values);
    if (this.#drop) {
      this.#write(this.#drop, values);
    }
  }
}

/** The values of one sample's steps: from a dense array, or from events. */
class Source {
  constructor(port, given, batch, steps) {
    this.port = port;
    this.steps = 0;
    if (given === undefined) {
      return;
    }
    const of = `input '${port.node}'`;
    if (given.times && given.neurons) {
      if (batch !== 1) {
        throw new RangeError(`${of}: found events for ${batch} samples, expected one sample`);
      }
      this.events = { times: given.times, neurons: given.neurons, values: given.values };
      this.steps = given.steps ?? given.times.reduce((last, t) => Math.max(last, t + 1), 0);
      this.order = Array.from(given.times.keys()).sort((a, b) => given.times[a] - given.times[b]);
      this.next = 0;
      const wrong = given.neurons.find((i) => !(i >= 0 && i < port.size));
      if (wrong !== undefined) {
        throw new RangeError(`${of}: found an event of neuron ${wrong}, expected 0 to ${port.size - 1}`);
      }
      return;
    }
    this.data = given.data ?? given;
    this.steps = this.data.length / (port.size * batch);
    if (!Number.isInteger(this.steps)) {
      throw new RangeError(
        `${of}: found ${this.data.length} values, expected a multiple of ${port.size * batch}, one for each ` +
          `element${batch === 1 ? '' : ' and sample'} of a step`,
      );
    }
  }
  /** Writes step `t` of a sample to `to`, the slot or a place in a buffer of the same layout. */
  write(to, sample, t) {
    if (t >= this.steps) {
      to.fill(0); // past its end an input is 0
    } else if (this.events) {
      to.fill(0);
      const { times, neurons, values } = this.events;
      this.next = t === 0 ? 0 : this.next;
      for (; this.next < this.order.length && times[this.order[this.next]] <= t; ++this.next) {
        const k = this.order[this.next];
        this.port.put(to, neurons[k], values ? values[k] : 1);
      }
    } else {
      const first = (sample * this.steps + t) * this.port.size;
      if (this.port.isPlain && this.data.subarray) {
        to.set(this.data.subarray(first, first + this.port.size));
      } else {
        this.port.write(to, this.data, first);
      }
    }
  }
}

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
