// ports.mjs - how the inputs, outputs, states and thresholds of a network lie in the memory of its module
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

export const arrays = {
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
export const list = (names) => (names.length ? names.map((name) => `'${name}'`).join(', ') : 'none');

/** What a number becomes on its way into a network of integers: rounded to nearest, ties to even,
 *  and saturated; 0 for a NaN. Adding 1.5 * 2^52 leaves a float64 no digits behind the point. */
function quantized(x, scale, least, most) {
  const whole = 1.5 * 2 ** 52;
  const q = x / scale;
  return q === q ? Math.min(Math.max(q, least), most) + whole - whole : 0;
}

/** An input, output or state: where its numbers lie in a network's memory, and what they mean. */
export class Port {
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
export class Parameter {
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
export class Source {
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
