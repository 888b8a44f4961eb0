// The worker as functions that give promises.

/** An answer that says why there is none; `diagnostic` is as `nirc check --json` has it. */
export class Refusal extends Error {
  constructor(answer) {
    super(answer.error.message);
    this.diagnostic = answer.error;
    this.lane = answer.lane;
    this.isLost = Boolean(answer.isLost); // with all that was open
  }
}

/** Seconds that a file may take to be read: a damaged one can keep a reader busy without end. */
const secondsFor = (bytes) => 10 + bytes / 1e6;

const errorOf = (name, message, notes = []) => ({ error: { name, severity: 'error', node: null, message, notes } });

export class Client {
  /** @param {string | URL} script */
  constructor(script) {
    this.script = script;
    this.waiting = new Map();
    this.next = 0;
    this.start();
  }

  start() {
    this.worker = new Worker(this.script);
    this.worker.onmessage = ({ data }) => this.take(data);
    this.worker.onerror = (event) => this.end(errorOf('internal', `the worker failed: ${event.message ?? 'its script cannot be loaded'}`));
  }

  /** Whether a file is being read. */
  get isReading() {
    return [...this.waiting.values()].some(({ timer }) => timer !== undefined);
  }

  /** Ends the worker whatever it does; what it was asked gets this answer. The new one has no file. */
  end(answer = errorOf('stopped', 'it was stopped')) {
    this.worker.terminate();
    const all = [...this.waiting.values()];
    this.waiting.clear();
    this.start();
    for (const { reject, timer } of all) {
      clearTimeout(timer);
      reject(new Refusal({ ...answer, isLost: true }));
    }
  }

  take({ id, answer, progress }) {
    const one = this.waiting.get(id);
    if (!one) {
      return;
    }
    if (progress) {
      one.onProgress?.(progress);
      return;
    }
    this.waiting.delete(id);
    clearTimeout(one.timer);
    if (answer.error) {
      one.reject(new Refusal(answer));
    } else {
      one.resolve(answer);
    }
  }

  ask(kind, content = {}, onProgress = undefined) {
    return new Promise((resolve, reject) => {
      const id = this.next++;
      this.waiting.set(id, { resolve, reject, onProgress });
      this.worker.postMessage({ id, kind, ...content });
    });
  }

  /** The same with a file, which is given away, and must be read in some time. */
  askToRead(kind, name, buffer) {
    return new Promise((resolve, reject) => {
      const id = this.next++;
      const seconds = secondsFor(buffer.byteLength);
      const late = errorOf('limit', `is read for more than ${Math.round(seconds)} s: it is damaged, or too large for a page`, [{ node: null, message: '`nirc check` reads larger files' }]);
      this.waiting.set(id, { resolve, reject, timer: setTimeout(() => this.end(late), 1000 * seconds) });
      this.worker.postMessage({ id, kind, name, buffer }, [buffer]);
    });
  }

  semantics() {
    return this.ask('semantics');
  }
  /** @param {string} name @param {ArrayBuffer} buffer which is given away */
  open(name, buffer) {
    return this.askToRead('open', name, buffer);
  }
  check(options) {
    return this.ask('check', { options });
  }
  drop(name, buffer) {
    return this.askToRead('drop', name, buffer);
  }
  run(request, onProgress) {
    return this.ask('run', { request }, onProgress);
  }
  stop() {
    return this.ask('stop');
  }
}
