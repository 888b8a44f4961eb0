// nirc's core in JavaScript: requests and answers are objects, see Page.h. A trap, which only want of memory should cause, is an
// error of the kind CoreTrap; the instance is then of no more use.

/** The core has ended: the next request needs a new one. */
export class CoreTrap extends Error {}

/** What the core asks of a system: it prints nothing, reads nothing, and its environment is empty. */
function system() {
  const done = () => 0;
  const notThere = () => 8; // "bad file"
  const zero = (memory, ...at) => {
    const view = new DataView(memory().buffer);
    at.forEach((address) => view.setUint32(address, 0, true));
    return 0;
  };
  return (memory) => new Proxy({
    environ_sizes_get: (count, size) => zero(memory, count, size),
    environ_get: done,
    proc_exit: (code) => { throw new CoreTrap(`the core ended with ${code}`); },
  }, { get: (known, name) => known[name] ?? notThere, has: () => true });
}

/** nirc's core, instantiated. */
export class Core {
  /** @param {WebAssembly.Module} module */
  static async of(module) {
    const core = new Core();
    const wasi = system()(() => core.exports.memory);
    const imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      (imports[from] ??= {})[name] = wasi[name];
    }
    core.exports = (await WebAssembly.instantiate(module, imports)).exports;
    core.exports._initialize();
    return core;
  }

  /** @returns {{presets: {name: string, summary: string, choices: string}[], choices: object[]}} */
  semantics() {
    return this.call(() => this.exports.nirc_semantics());
  }
  /** A model, from a tree or the words of a reader that failed. */
  open(name, tree) {
    return this.withBytes({ name, ...(tree.unreadable ? tree : { objects: tree.objects }) }, tree.bytes ?? 0, (memory) => tree.copyTo?.(memory), 'nirc_open');
  }
  /** What `nirc check` says. @param {{dt?: string, semantics?: string, timeUnit?: string}} options */
  check(options) {
    return this.withText(options, 'nirc_check');
  }
  /** A signal in a .npy file. @param {Uint8Array} bytes */
  dropArray(name, bytes) {
    return this.withBytes({ name }, bytes.length, (memory) => memory.set(bytes), 'nirc_drop');
  }
  /** A signal in NIRData. */
  dropTree(name, tree) {
    return this.withBytes({ name, ...(tree.unreadable ? tree : { objects: tree.objects }) }, tree.bytes ?? 0, (memory) => tree.copyTo?.(memory), 'nirc_drop');
  }
  /** Makes one or two runs ready: see Page.h. */
  start(request) {
    return this.withText(request, 'nirc_start');
  }
  /** @param {number} steps @returns {{done: number, steps: number}} */
  advance(steps) {
    return this.call(() => this.exports.nirc_advance(steps));
  }

  /** What was kept, with its numbers: see web/view/README.md for the form of a recording. */
  records() {
    const answer = this.call(() => this.exports.nirc_records());
    const { buffer } = this.exports.memory;
    for (const lane of answer.lanes) {
      lane.recordings = lane.records.map(({ events, values, ...record }) => {
        const of = { ...record };
        if (events) {
          of.events = {
            times: new Uint32Array(buffer, events.steps, events.count).slice(),
            neurons: new Uint32Array(buffer, events.elements, events.count).slice(),
          };
        } else {
          of.shown = Array.from({ length: values.kept }, (_, i) => i);
          of.values = new Float64Array(buffer, values.at, values.kept * record.steps).slice();
        }
        return of;
      });
      delete lane.records;
    }
    return answer;
  }

  call(ask) {
    let length;
    try {
      length = ask();
    } catch (error) {
      throw error instanceof CoreTrap ? error : new CoreTrap(`the core ended: ${error?.message ?? error}`);
    }
    const answer = new Uint8Array(this.exports.memory.buffer, this.exports.nirc_answer(), length);
    return JSON.parse(new TextDecoder().decode(answer));
  }

  /** Memory of the core, which takes it over. */
  take(length) {
    const at = this.exports.nirc_take(length);
    if (at === 0) {
      throw new CoreTrap(`${length} bytes are more memory than there is`);
    }
    return at;
  }

  withText(request, name) {
    const text = new TextEncoder().encode(JSON.stringify(request));
    const at = this.take(text.length);
    new Uint8Array(this.exports.memory.buffer).set(text, at);
    const answer = this.call(() => this.exports[name](at, text.length));
    this.exports.nirc_release(at);
    return answer;
  }

  withBytes(request, length, fill, name) {
    const text = new TextEncoder().encode(JSON.stringify(request));
    const at = this.take(text.length);
    const bytes = this.take(length);
    new Uint8Array(this.exports.memory.buffer).set(text, at);
    fill(new Uint8Array(this.exports.memory.buffer, bytes, length));
    const answer = this.call(() => this.exports[name](at, text.length, bytes, length));
    this.exports.nirc_release(at);
    return answer;
  }
}
