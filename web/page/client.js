// The worker as functions that give promises.

/** An answer that says why there is none; `diagnostic` is as `nirc check --json` has it. */
export class Refusal extends Error {
  constructor(answer) {
    super(answer.error.message);
    this.diagnostic = answer.error;
    this.lane = answer.lane;
    this.ended = Boolean(answer.ended);
  }
}

export class Client {
  /** @param {string | URL} script */
  constructor(script) {
    this.worker = new Worker(script);
    this.waiting = new Map();
    this.next = 0;
    this.worker.onmessage = ({ data }) => this.take(data);
    this.worker.onerror = (event) => {
      const answer = { error: { name: 'internal', severity: 'error', node: null, message: `the worker failed: ${event.message ?? 'its script cannot be loaded'}`, notes: [] } };
      for (const { reject } of this.waiting.values()) {
        reject(new Refusal(answer));
      }
      this.waiting.clear();
    };
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
    if (answer.error) {
      one.reject(new Refusal(answer));
    } else {
      one.resolve(answer);
    }
  }

  ask(kind, content = {}, onProgress = undefined, moved = []) {
    return new Promise((resolve, reject) => {
      const id = this.next++;
      this.waiting.set(id, { resolve, reject, onProgress });
      this.worker.postMessage({ id, kind, ...content }, moved);
    });
  }

  semantics() {
    return this.ask('semantics');
  }
  /** @param {string} name @param {ArrayBuffer} buffer which is given away */
  open(name, buffer) {
    return this.ask('open', { name, buffer }, undefined, [buffer]);
  }
  check(options) {
    return this.ask('check', { options });
  }
  drop(name, buffer) {
    return this.ask('drop', { name, buffer }, undefined, [buffer]);
  }
  run(request, onProgress) {
    return this.ask('run', { request }, onProgress);
  }
  stop() {
    return this.ask('stop');
  }
}
