// The page that opens any .nir, in a browser: node --test tests/web/page/page.test.mjs, with NIRC_BUILD and NIRC_CHROMIUM; with
// NIRC_SCREENSHOTS=FOLDER it leaves pictures. One browser for all.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { contrasts } from '../report/contrast.mjs';
import { basename, compare, dist, drop, join, launch, models, nirc, open, picture, recorded, root, run, serve, status, tried } from './site.mjs';

const folder = mkdtempSync(join(tmpdir(), 'nirc-page-'));
const example = (name) => join(root, 'examples', name);
let browser;
let site;

before(async () => {
  site = await serve();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  site?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A test with a page of its own, in whose console nothing may stand at the end. */
function onPage(name, act, options = {}) {
  test(name, { timeout: 240000 }, async (context) => {
    const page = await open(browser, site.url, options);
    await act(page, context);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}

/** What `nirc check` says, in the form of the page's list. */
function checkOf(path) {
  const report = JSON.parse(tried('check', path, '--json').stdout);
  return { ok: report.ok, said: report.diagnostics.map(({ severity, node, message }) => `${severity} ${node ?? ''} ${message}`) };
}

onPage('every file is checked in the same words, and its spikes and voltages are those of nirc run', async (page, context) => {
  let compared = 0;
  let count = 0;
  for (const path of models()) {
    const said = await drop(page, basename(path), readFileSync(path));
    const native = checkOf(path);
    const own = await page.evaluate(() => [...document.querySelectorAll('#check .advice')].map((one) => ({ severity: one.querySelector('.kind').textContent, text: one.querySelector('p').textContent })));
    assert.equal(said, `${basename(path)} is open${native.ok ? '' : '; it has errors'}.`);
    assert.equal(own.length, native.said.length, `${path}: ${JSON.stringify(native.said)}`);
    for (const { severity, text } of own) {
      const words = text.slice(severity.length).replace(/^node .*?: /, '');
      assert.ok(native.said.some((line) => line.startsWith(severity) && line.endsWith(words)), `${path}: ${text}`);
    }
    if (!native.ok) {
      continue;
    }
    const dt = await page.inputValue('#dt') || '1ms';
    const inputs = await page.evaluate(() => [...document.querySelectorAll('fieldset legend bdi')].map((one) => one.textContent));
    const sources = inputs.flatMap((input) => ['--input', `${input}=poisson:200Hz`]);
    const rates = Object.fromEntries(inputs.map((_, i) => [`input-${i}-value`, '200Hz']));
    // Every file in one type and on one target, taken in turn; every third under the other semantics that many files name.
    const [dtype, target] = [['f64', 'cpu'], ['f32', 'reference'], ['f64', 'reference'], ['f32', 'cpu']][count % 4];
    const semantics = count % 3 === 2 ? 'snntorch' : 'nir';
    const args = [path, ...sources, '--seed', '7', '--steps', '40', '--dt', dt, '--semantics', semantics, '--dtype', dtype, '--target', target];
    const answer = await run(page, { dt, steps: 40, seed: 7, semantics, dtype, ...rates });
    assert.equal(answer.error, undefined, `${path}: ${answer.error}`);
    compared += compare(answer.lanes[0], recorded(join(folder, 'native'), args));
    count += 1;
  }
  context.diagnostic(`${count} of ${models().length} files run, ${compared} numbers compared`);
  assert.ok(compared > 10000);
});

onPage('an example opens with its recording, and spikes as README.md says', async (page) => {
  await page.click('[data-example="two-layers.nir"]');
  await page.waitForFunction(() => document.getElementById('status').textContent.endsWith('drives input.'));
  const answer = await run(page, {});
  const output = answer.lanes[0].recordings.find((recording) => recording.name === 'output');
  const counts = [0, 0, 0];
  output.events.neurons.forEach((neuron) => { counts[neuron] += 1; });
  assert.deepEqual(counts, [45, 40, 47]);
  assert.match(await page.textContent('.command'), /^nirc run two-layers\.nir --input two-layers\.npy --dt 1ms --semantics nir$/);
  await picture(page, 'two-layers');
});

onPage('recordings drive what is open, dropped as .npy or as NIRData', async (page) => {
  nirc('run', example('two-layers.nir'), '--input', example('two-layers.npy'), '--dt', '1ms', '--record', 'input', '-o', join(folder, 'two.nird'), '-q');
  await drop(page, 'two-layers.nir', readFileSync(example('two-layers.nir')));
  assert.equal(await drop(page, 'two-layers.npy', readFileSync(example('two-layers.npy'))), 'two-layers.npy drives input.');
  const first = await run(page, { dt: '1ms' });
  assert.equal(await drop(page, 'two.nird', readFileSync(join(folder, 'two.nird'))), 'two.nird drives input.');
  const second = await run(page, { dt: '1ms' });
  const spikes = (answer) => answer.lanes[0].recordings.filter((one) => one.kind === 'LIF' && one.events).map((one) => one.events);
  assert.deepEqual(spikes(second), spikes(first));
  assert.ok(spikes(first).some(({ times }) => times.length > 100));
});

onPage('two semantics: the first difference is where the recordings of nirc run first differ', async (page) => {
  const model = example('recurrent.nir');
  await drop(page, 'recurrent.nir', readFileSync(model));
  const answer = await run(page, { dt: '1ms', steps: 150, dtype: 'f64', semantics: 'nir', 'other-semantics': 'norse', 'other-semantics-overrides': 'reset=subtract', 'input-0-value': '400Hz' });
  const args = [model, '--input', 'poisson:400Hz', '--steps', '150', '--dt', '1ms', '--dtype', 'f64', '--target', 'reference'];
  const [a, b] = ['nir', 'norse,reset=subtract'].map((semantics, i) => recorded(join(folder, `lane${i}`), [...args, '--semantics', semantics]));
  compare(answer.lanes[0], a);
  compare(answer.lanes[1], b);
  const first = (isWanted) => Math.min(...[...a].filter(([key]) => isWanted(key)).map(([key, { values }]) => {
    const at = values.findIndex((value, i) => value !== b.get(key).values[i]);
    return at < 0 ? Infinity : Math.floor(at / (values.length / 150));
  }));
  assert.ok(first(() => true) < 150, 'the runs differ');
  assert.equal(answer.difference.step, first(() => true));
  const { node, observable, element, step } = answer.difference;
  const numbers = [a, b].map((one) => one.get(`${node} ${observable}`)).map(({ values }) => values[step * (values.length / 150) + element]);
  assert.deepEqual([answer.difference.first, answer.difference.second], numbers);
  const spiking = first((key) => key.endsWith(' spikes'));
  assert.equal(answer.spikeDifference?.step ?? Infinity, spiking);
  assert.match(await page.textContent('.divergence'), new RegExp(`step ${step} .*node ${node}`));
  await page.click('.theme-switch');
  await picture(page, 'two-semantics-dark');
});

onPage('broken files give an error, and the page goes on', async (page) => {
  const whole = readFileSync(example('two-layers.nir'));
  const refused = async (name, bytes) => {
    assert.equal(await drop(page, name, bytes), `${name} could not be opened.`);
    const text = await page.textContent('#check [role=alert]');
    assert.doesNotMatch(text, /nirc ended|worker failed|undefined|\[object/);
    return text;
  };
  assert.match(await refused('empty.nir', Buffer.alloc(0)), /not an HDF5 file.*empty/);
  assert.match(await refused('text.nir', Buffer.from('hello')), /not an HDF5 file/);
  assert.match(await refused('run.nird.nir', (nirc('run', example('lif.nir'), '--input', example('lif.npy'), '--dt', '1ms', '-o', join(folder, 'lif.nird'), '-q'), readFileSync(join(folder, 'lif.nird')))), /has no group 'node'.*looks like recorded data/);
  for (const share of [0.02, 0.3, 0.7, 0.99]) {
    await refused('cut.nir', whole.subarray(0, Math.floor(whole.length * share)));
  }
  // Bytes that are other ones: a verdict of some kind, and never a trap.
  const seed = Number(process.env.NIRC_SEED ?? Date.now() % 1e9);
  let state = seed;
  const random = () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state / 2 ** 32; };
  for (let i = 0; i < 25; i += 1) {
    const damaged = Buffer.from(whole);
    for (let k = 0; k < 3; k += 1) {
      damaged[Math.floor(random() * whole.length)] = Math.floor(random() * 256);
    }
    await drop(page, 'damaged.nir', damaged);
    const said = await page.textContent('#check');
    assert.doesNotMatch(said, /nirc ended|worker failed|\[object/, `seed ${seed}, file ${i}`);
  }
  assert.equal(await drop(page, 'two-layers.nir', whole), 'two-layers.nir is open.');
  const recording = readFileSync(join(folder, 'lif.nird'));
  for (let i = 0; i < 4; i += 1) {
    const damaged = Buffer.from(recording);
    damaged[Math.floor(random() * recording.length)] ^= 1 + Math.floor(random() * 255);
    await drop(page, 'damaged.nird', damaged);
    assert.doesNotMatch(await page.textContent('#results'), /nirc ended|worker failed|\[object/, `seed ${seed}, recording ${i}`);
  }
  await drop(page, 'two-layers.nir', whole);
  assert.equal(await drop(page, 'cut.npy', readFileSync(example('two-layers.npy')).subarray(0, 100)), 'cut.npy could not be read.');
  assert.equal(await drop(page, 'other.npy', readFileSync(example('moving-bar.npy'))), 'other.npy drives input.');
  const wrong = await run(page, { dt: '1ms' });
  assert.match(wrong.error, /found shape \[.*\], expected \[T, 12\]/);
  assert.match((await run(page, { dt: '0', 'input-0': 'poisson', steps: 10 })).error, /--dt/);
  assert.match((await run(page, { dt: '1ms', 'input-0-value': '5000Hz' })).error, /more than one spike in a step/);
  assert.match((await run(page, { 'input-0-value': '50Hz', semantics: 'exact' })).error, /event to event/);
  assert.equal((await run(page, { semantics: 'nir' })).error, undefined);
});

onPage('more than a page has memory for is refused, and what is open stays open', async (page) => {
  const model = (shape) => `module {
    nir.graph "wide" version "1.0.8" {
      %0 = nir.input "input" () {shape = dense<[${shape}]> : tensor<1xi64>} : () -> !nir.signal<${shape}>
      nir.output "output" (%0) {shape = dense<[${shape}]> : tensor<1xi64>} : (!nir.signal<${shape}>) -> ()
    }
  }`;
  const text = join(folder, 'wide.mlir');
  writeFileSync(text, model(2000000000));
  nirc('convert', text, join(folder, 'wide.nir'));
  assert.equal(await drop(page, 'wide.nir', readFileSync(join(folder, 'wide.nir'))), 'wide.nir is open.');
  assert.match((await run(page, { dt: '1ms', steps: 1 })).error, /more than 2\^26 elements/);
  writeFileSync(text, model(2000000));
  nirc('convert', text, join(folder, 'wide.nir'));
  await drop(page, 'wide.nir', readFileSync(join(folder, 'wide.nir')));
  assert.match((await run(page, { dt: '1ms', steps: 1000 })).error, /2e\+09 numbers, the limit of this page/);
  assert.equal((await run(page, { steps: 2, 'input-0-value': '1Hz' })).error, undefined);
});

onPage('a file that only the whole library of HDF5 reads is read by it', async (page) => {
  // A string of HDF5's newest format: what the small reader leaves to the library.
  const path = join(folder, 'latest.nir');
  const made = tried('convert', example('lif.nir'), path);
  assert.equal(made.status, 0, made.stderr);
  const loaded = [];
  page.on('request', (request) => loaded.push(request.url()));
  const cut = readFileSync(path).subarray(0, 4000);
  await drop(page, 'cut.nir', cut);
  assert.ok(loaded.some((url) => url.endsWith('hdf5Library.js')), 'the library is asked before a file is given up');
  await drop(page, 'lif.nir', readFileSync(path));
  assert.equal(await status(page), 'lif.nir is open.');
});

onPage('every control has a name, keys reach all, headings are in order', async (page) => {
  assert.equal(await page.title(), 'nirc: open a .nir file');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
  await page.focus('[data-example="coincidence.nir"]');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('status').textContent.endsWith('drives right.'));
  await page.focus('#other-semantics');
  await page.keyboard.type('snntorch');
  await page.focus('form.run button[type=submit]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#results .raster');
  const seen = await page.evaluate(() => {
    const nameOf = (one) => one.getAttribute('aria-label') ?? (one.labels?.length ? one.labels[0].textContent : one.closest('label')?.textContent) ?? one.textContent;
    const controls = [...document.querySelectorAll('button, a, select, input, summary, progress, [tabindex="0"], canvas')];
    const heads = [...document.querySelectorAll('h1, h2, h3')].filter((one) => one.getClientRects().length > 0).map((one) => Number(one.tagName[1]));
    const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
    return {
      nameless: controls.filter((one) => !(nameOf(one) ?? '').trim()).map((one) => one.outerHTML.slice(0, 90)),
      leaps: heads.filter((level, i) => i > 0 && level > heads[i - 1] + 1).length,
      firsts: heads.filter((level) => level === 1).length,
      doubled: ids.filter((id, i) => ids.indexOf(id) !== i && id !== 'arrow'),
      language: document.documentElement.lang,
    };
  });
  assert.deepEqual(seen, { nameless: [], leaps: 0, firsts: 1, doubled: [], language: 'en' });
  const reached = new Set();
  await page.focus('.skip');
  for (let i = 0; i < 120; i += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => (document.activeElement === document.body ? '' : document.activeElement.closest('section')?.id ?? 'top'));
    if (at === '') {
      break;
    }
    reached.add(at);
  }
  for (const section of ['top', 'open', 'graph', 'run', 'results']) {
    assert.ok(reached.has(section), `Tab reaches ${section}, of ${[...reached]}`);
  }
});

onPage('texts can be read, and nothing is wider than the screen, in light, dark and narrow', async (page) => {
  await page.click('[data-example="moving-bar.nir"]');
  await page.waitForFunction(() => document.getElementById('status').textContent.endsWith('drives input.'));
  for (const [look, colorScheme, width] of [['light', 'light', 1200], ['dark', 'dark', 1200], ['narrow', 'light', 390]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await run(page, { 'other-semantics': 'spyx' });
    assert.deepEqual(await page.evaluate(contrasts), [], look);
    const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(inner <= outer, `${inner} pixels on a screen of ${outer}`);
    await picture(page, `moving-bar-${look}`);
  }
});

test('it works without a network once it was there, and is small', { timeout: 120000 }, async () => {
  const page = await open(browser, site.url, { serviceWorkers: 'allow' });
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 60000 });
  await page.context().setOffline(true);
  await page.reload();
  await page.click('[data-example="lif.nir"]');
  await page.waitForFunction(() => document.getElementById('status').textContent.endsWith('drives input.'));
  assert.equal((await run(page, {})).error, undefined);
  await page.context().close();
  const files = readdirSync(dist, { recursive: true }).map((name) => join(dist, name)).filter((path) => statSync(path).isFile());
  const packed = files.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
  assert.ok(packed < 2e6, `${packed} bytes compressed, expected less than 2 MB`);
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  assert.doesNotMatch(html, /(src|href)="https?:/);
});
