// What tests of the page share: the page served as static files, a browser that may ask for nothing else, files that are dropped, and
// runs of the native nirc to compare with.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const build = resolve(process.env.NIRC_BUILD ?? 'build');
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const dist = join(build, 'web/dist/page');
const { chromium } = createRequire(join(build, 'web/node_modules/x.js'))('playwright-core');

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json', '.txt': 'text/plain' };

/** The folder as a site. @returns {Promise<{url: string, close: () => void}>} */
export async function serve() {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    const file = join(dist, path === '/' ? 'index.html' : path);
    if (!file.startsWith(dist) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file));
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => { server.closeAllConnections(); server.close(); } };
}

export const launch = () => chromium.launch({ executablePath: process.env.NIRC_CHROMIUM ?? '/usr/bin/chromium', headless: true });

/** The page, watched: nothing in the console, no request but to the site. */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, serviceWorkers: 'block', ...options });
  const page = await context.newPage();
  page.faults = [];
  const blocked = 'Service Worker registration blocked by Playwright'; // as asked for above
  page.on('console', (message) => message.text() === blocked || page.faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => page.faults.push(`error in the page: ${error.message}`));
  page.on('request', (request) => request.url().startsWith(url) || request.url().startsWith('data:') || page.faults.push(`request: ${request.url()}`));
  await page.goto(url);
  await page.waitForSelector('#drop');
  return page;
}

export const status = (page) => page.textContent('#status');

/** Drops bytes on the page and waits for what it says. */
export async function drop(page, name, bytes) {
  await page.evaluate(() => { document.getElementById('status').textContent = ''; });
  const transfer = await page.evaluateHandle(async ([fileName, base64]) => {
    const data = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const all = new DataTransfer();
    all.items.add(new File([data], fileName));
    return all;
  }, [name, Buffer.from(bytes).toString('base64')]);
  await page.dispatchEvent('#drop', 'drop', { dataTransfer: transfer });
  await page.waitForFunction(() => /( open|errors|opened|drives .*|read)\.$/.test(document.getElementById('status').textContent), null, { timeout: 60000 });
  return status(page);
}

/** Sets the controls by id, and runs. @returns what the worker answered, or the text of the error */
export async function run(page, controls) {
  for (const [id, value] of Object.entries(controls)) {
    const control = page.locator(`[id="${id}"]`);
    await (await control.evaluate((one) => one.tagName) === 'SELECT' ? control.selectOption(String(value)) : control.fill(String(value)));
  }
  await page.evaluate(() => {
    document.getElementById('status').textContent = '';
    window.nirc = undefined;
  });
  await page.click('form.run button[type=submit]');
  await page.waitForFunction(() => /(run is done|not be run)/.test(document.getElementById('status').textContent), null, { timeout: 120000 });
  return page.evaluate(() => {
    const plain = (recording) => ({ ...recording, events: recording.events && { times: [...recording.events.times], neurons: [...recording.events.neurons] }, values: recording.values && [...recording.values] });
    const answer = window.nirc?.answer;
    return answer ? { ...answer, lanes: answer.lanes.map((lane) => ({ ...lane, recordings: lane.recordings.map(plain) })) } : { error: document.querySelector('#results [role=alert]').textContent };
  });
}

export const nirc = (...args) => execFileSync(join(build, 'bin/nirc'), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
export const tried = (...args) => spawnSync(join(build, 'bin/nirc'), args, { encoding: 'utf8' });

/** A .npy file of numbers in 8, 32 or 64 bits: its shape and its numbers. */
export function npy(path) {
  const bytes = readFileSync(path);
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  const shape = /'shape': \(([^)]*)\)/.exec(header)[1].split(',').filter((one) => one.trim()).map(Number);
  const kind = /'descr': '.(..)'/.exec(header)[1];
  const Kind = { u1: Uint8Array, i4: Int32Array, f4: Float32Array, f8: Float64Array }[kind];
  return { shape, values: new Kind(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length)) };
}

/** All that the native nirc records of a run, by "node observable". */
export function recorded(folder, args) {
  rmSync(folder, { recursive: true, force: true });
  nirc('run', ...args, '--record', 'all', '-o', `${folder}/`, '-q');
  const { files } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
  return new Map(files.map(({ file, node, observable }) => [`${node} ${observable}`, npy(join(folder, file))]));
}

/** Every recording of the page against the native one. @returns how many numbers were compared */
export function compare(lane, native) {
  let compared = 0;
  for (const recording of lane.recordings) {
    const { name, quantity, steps, neurons, events, values, shown } = recording;
    const theirs = native.get(`${name} ${quantity}`) ?? native.get(`${name} value`);
    assert.ok(theirs, `${name} ${quantity} is not recorded by nirc run, which has ${[...native.keys()]}`);
    assert.equal(theirs.values.length, steps * neurons, name);
    if (events) {
      const own = new Float64Array(steps * neurons);
      events.times.forEach((time, i) => { own[time * neurons + events.neurons[i]] += 1; });
      assert.deepEqual(own, Float64Array.from(theirs.values), `spikes of ${name}`);
      compared += own.length;
    } else {
      values.forEach((value, i) => {
        const other = theirs.values[Math.floor(i / shown.length) * neurons + shown[i % shown.length]];
        assert.ok(Object.is(value, Number(other)), `${quantity} of ${name} at step ${Math.floor(i / shown.length)}: ${value}, nirc run has ${other}`);
      });
      compared += values.length;
    }
  }
  return compared;
}

const modelsIn = (folder) => (existsSync(folder) ? readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.nir')).map((name) => join(folder, name)).filter((path) => statSync(path).isFile()) : []);

/** The files of examples/ and, where they are there, the published ones. */
export const models = () => [...modelsIn(join(root, 'examples')), ...modelsIn(process.env.NIRC_REFERENCE_DATA ?? join(root, '../shared/data'))].sort();

/** Pictures for people, in the folder NIRC_SCREENSHOTS where there is one. */
export async function picture(page, name) {
  const folder = process.env.NIRC_SCREENSHOTS;
  if (folder) {
    mkdirSync(folder, { recursive: true });
    await page.evaluate(async () => {
      for (let y = 0; y < document.body.scrollHeight; y += 400) {
        scrollTo(0, y);
        await new Promise((done) => { setTimeout(done, 60); });
      }
      scrollTo(0, 0);
    });
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }
}

export { basename, join };
