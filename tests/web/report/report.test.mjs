// Reports of nirc in a browser: node --test tests/web/report/report.test.mjs, with NIRC_BUILD and NIRC_CHROMIUM. One browser for all.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { contrasts } from './contrast.mjs';

const build = resolve(process.env.NIRC_BUILD ?? 'build');
const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../../..');
const { chromium } = createRequire(join(build, 'web/node_modules/x.js'))('playwright-core');
const folder = mkdtempSync(join(tmpdir(), 'nirc-report-'));
const two = [join(root, 'examples/two-layers.nir'), '--input', join(root, 'examples/two-layers.npy'), '--dt', '1ms'];
const recurrent = [join(root, 'examples/recurrent.nir'), '--input', join(root, 'examples/recurrent.npy'), '--dt', '1ms'];
const poisson = (rate, steps) => ['--input', `poisson:${rate}Hz`, '--steps', String(steps), '--dt', '1ms'];

let browser;
const nirc = (...args) => execFileSync(join(build, 'bin/nirc'), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** The path of a report that is written with these arguments. */
function report(name, ...args) {
  const path = join(folder, `${name}.html`);
  nirc('report', ...args, '-o', path, '-q');
  return path;
}

/** Opens a report, and fails on anything in the console and on any request but for the file itself. */
async function open(path, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options });
  const url = pathToFileURL(path).href;
  page.on('console', (message) => assert.fail(`console: ${message.text()}`));
  page.on('pageerror', (error) => assert.fail(`error in the page: ${error.message}`));
  page.on('request', (request) => assert.ok(request.url() === url || request.url().startsWith('data:'), `request: ${request.url()}`));
  await page.goto(url);
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  return page;
}

/** Spikes of a node as `nirc run` writes them: [step][neuron]. */
function spikesOf(model, node) {
  const out = mkdtempSync(join(folder, 'run-'));
  nirc('run', ...model, '--record', `${node}:spikes`, '-o', `${out}/`, '-q');
  const file = readdirSync(out).find((name) => name.includes(node) && name.endsWith('.npy'));
  const bytes = readFileSync(join(out, file));
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  const [steps, neurons] = /'shape': \((\d+), (\d+)\)/.exec(header).slice(1).map(Number);
  assert.match(header, /'\|u1'/);
  return Array.from({ length: steps }, (_, step) => [...bytes.subarray(start + step * neurons, start + (step + 1) * neurons)]);
}

/** After a frame is drawn, and one more. */
const frames = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Lets everything be drawn that is drawn when it comes into sight. */
async function scrollThrough(page) {
  await page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += 500) {
      scrollTo(0, y);
      await new Promise((done) => setTimeout(done, 40));
    }
    scrollTo(0, 0);
  });
  await frames(page);
}

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.NIRC_CHROMIUM ?? '/usr/bin/chromium', headless: true });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('what is drawn is what was recorded, zoomed in too', async () => {
  const page = await open(report('two', ...two));
  await scrollThrough(page);
  const recorded = spikesOf(two, 'lif1');
  const count = (from, to) => recorded.slice(from, to).flat().reduce((sum, one) => sum + one, 0);
  const raster = page.locator('#activity canvas[data-node="lif1"][data-spikes]');
  assert.equal(Number(await raster.getAttribute('data-spikes')), count(0, 300));
  assert.equal(Number(await raster.getAttribute('data-drawn')), count(0, 300));
  await raster.scrollIntoViewIfNeeded();
  for (const [from, to] of [[100, 200], [0, 10], [295, 300]]) {
    await page.evaluate(async ([start, end]) => (await window.nirc.report).time.set(start / 1000, end / 1000), [from, to]);
    await frames(page);
    assert.equal(Number(await raster.getAttribute('data-drawn')), count(from, to), `steps ${from} to ${to}`);
  }
  // Pixels of that colour are there, and only where the window has spikes.
  const inked = await raster.evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(90, 0, canvas.width - 120, canvas.height);
    return data.filter((value, i) => i % 4 === 3 && value === 255).length;
  });
  assert.ok(inked > 20, `${inked} pixels are drawn`);
  const output = await page.locator('.verdict').textContent();
  assert.match(output, /At the output output, neuron 2 has most: 47 spikes/); // README.md: counts [45, 40, 47]
  await page.close();
});

test('mouse and keys move through time together', async () => {
  const page = await open(report('zoom', ...two));
  const span = () => page.evaluate(async () => (await window.nirc.report).time.span);
  const plot = page.locator('#activity .raster .plot').first();
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  const middle = box.y + box.height / 2;
  await page.mouse.move(box.x + 300, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + 500, middle, { steps: 4 });
  await page.mouse.up();
  const inner = box.width - 76 - 14;
  assert.ok(Math.abs((await span()) - (0.3 * 200) / inner) < 1e-3, 'dragging over 200 pixels shows their time');
  await page.mouse.dblclick(box.x + 400, middle);
  assert.equal(await span(), 0.3);
  const wheel = async (ctrlKey) => {
    await plot.dispatchEvent('wheel', { deltaY: -200, ctrlKey, clientX: box.x + 400, clientY: middle, bubbles: true, cancelable: true });
    return span();
  };
  assert.equal(await wheel(false), 0.3);
  assert.ok((await wheel(true)) < 0.2);
  await plot.focus();
  await page.keyboard.press('0');
  assert.equal(await span(), 0.3);
  await page.keyboard.press('+');
  assert.ok(Math.abs((await span()) - 0.18) < 1e-9);
  await page.close();
});

test('everything is reached by keys, and has a name', async () => {
  const page = await open(report('keys', ...recurrent, '--compare', 'reset=subtract'));
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  assert.match(await page.title(), /recurrent\.nir$/);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
  const seen = await page.evaluate(() => {
    const nameless = [...document.querySelectorAll('button, a, select, input, summary, [tabindex="0"], [role="img"], canvas')].filter((one) => {
      const label = one.getAttribute('aria-label') ?? one.closest('label')?.textContent ?? one.textContent;
      return !label.trim();
    });
    const heads = [...document.querySelectorAll('h1, h2, h3')].map((one) => Number(one.tagName[1]));
    return {
      nameless: nameless.map((one) => one.outerHTML.slice(0, 90)),
      leaps: heads.filter((level, i) => i > 0 && level > heads[i - 1] + 1).length,
      firsts: heads.filter((level) => level === 1).length,
      doubled: [...document.querySelectorAll('[id]')].length - new Set([...document.querySelectorAll('[id]')].map((one) => one.id)).size,
    };
  });
  assert.deepEqual(seen, { nameless: [], leaps: 0, firsts: 1, doubled: 0 });
  // From node to node, into its parameters, and back.
  const node = page.locator('.node').first();
  await node.focus();
  await page.keyboard.press('ArrowRight');
  const label = await page.evaluate(() => document.activeElement.getAttribute('aria-label'));
  assert.ok(label && label !== (await node.getAttribute('aria-label')));
  await page.keyboard.press('Enter');
  assert.ok(await page.locator('.node-panel').isVisible());
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Close');
  await page.keyboard.press('Escape');
  assert.ok(!(await page.locator('.node-panel').isVisible()));
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), label);
  // A walk with Tab comes by each of these, and never gets stuck.
  const kinds = new Set();
  let last;
  for (let i = 0; i < 150; i += 1) {
    await page.keyboard.press('Tab');
    const now = await page.evaluate(() => {
      const one = document.activeElement;
      const place = [...document.querySelectorAll('*')].indexOf(one);
      return { place, kind: one.closest('section')?.id ?? one.tagName };
    });
    if (now.kind === 'BODY') {
      break;
    }
    assert.notEqual(now.place, last);
    last = now.place;
    kinds.add(now.kind);
  }
  for (const section of ['graph', 'activity', 'comparison', 'statistics', 'network', 'choices', 'provenance']) {
    assert.ok(kinds.has(section), `Tab reaches the section ${section}, of ${[...kinds]}`);
  }
  await page.close();
});

test('texts can be read in light and in dark', async () => {
  const path = report('colours', ...recurrent, '--compare', 'reset=subtract');
  for (const colorScheme of ['light', 'dark']) {
    const page = await open(path, { colorScheme });
    const low = await page.evaluate(contrasts);
    assert.deepEqual(low, [], `contrast below 4.5 in ${colorScheme}`);
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await ground();
    await page.click('.theme-switch');
    assert.notEqual(await ground(), before);
    await page.close();
  }
});

test('two runs: the first difference is the one of nirc compare', async () => {
  const page = await open(report('compare', ...recurrent, '--compare', 'reset=subtract'));
  let text;
  try {
    text = nirc('compare', '--model', ...recurrent, 'nir', 'reset=subtract', '--json');
  } catch (differs) {
    text = differs.stdout; // its exit code says that they do
  }
  const first = JSON.parse(text).comparisons[0].first_difference;
  const said = await page.locator('.divergence').textContent();
  assert.ok(said.startsWith(`First difference: step ${first.step} (`), said);
  assert.ok(said.includes(`node ${first.node}, neuron [${first.index.join(', ')}]`), said);
  assert.equal(await page.locator('#comparison .pair > h3').count(), 2);
  await page.close();
});

test('a name is never HTML or script', async () => {
  const page = await open(report('names', join(here, 'Inputs/names.mlir'), ...poisson(50, 100)));
  await scrollThrough(page);
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  assert.equal(await page.locator('#report img').count(), 0);
  await page.locator('#graph summary').click();
  const names = await page.locator('#graph .alternative tbody th').allTextContents();
  assert.deepEqual(names, [
    '</script><script>window.pwned = 1</script>',
    '" onmouseover="window.pwned = 2" \'&amp;<!--',
    '🧠 שלום <img src=x onerror=window.pwned=3>',
    ']]>\ufffd\u0001 {{x}}',
  ]);
  await page.close();
});

test('the compiled network gives the spikes of the run, and follows what is changed', async (context) => {
  const path = report('network', ...two);
  const page = await open(path);
  await page.locator('#network').scrollIntoViewIfNeeded();
  const said = page.locator('#network [role="status"]');
  if (await page.locator('#network', { hasText: 'is not in this report' }).count()) {
    context.skip(await page.locator('#network .facts').textContent());
    await page.close();
    return;
  }
  await said.filter({ hasText: 'spikes' }).waitFor();
  const all = (model) => ['lif1', 'lif2'].flatMap((node) => spikesOf(model, node).flat()).reduce((sum, one) => sum + one, 0);
  const now = async () => {
    await frames(page);
    await frames(page);
    return { spikes: Number(await said.getAttribute('data-spikes')), equal: await said.getAttribute('data-equal') };
  };
  const original = all(two);
  assert.deepEqual(await now(), { spikes: original, equal: 'true' });
  // Twice the thresholds: as a model that has them in its file.
  const text = join(folder, 'two.mlir');
  nirc('convert', two[0], text);
  const doubled = join(folder, 'doubled.mlir');
  writeFileSync(doubled, readFileSync(text, 'utf8').replaceAll('v_threshold = dense<1.000000e+00>', 'v_threshold = dense<2.000000e+00>'));
  for (const slider of await page.locator('#network input[type="range"][min="-2"]').all()) {
    await slider.fill('1');
  }
  assert.deepEqual(await now(), { spikes: all([doubled, ...two.slice(1)]), equal: 'false' });
  await page.getByRole('button', { name: 'As in the report' }).click();
  assert.deepEqual(await now(), { spikes: original, equal: 'true' });
  // Random spikes follow their seed and rate.
  await page.locator('#network select').first().selectOption('random spikes');
  const first = (await now()).spikes;
  const seed = page.locator('#network input[type="number"]');
  await seed.fill('2');
  const second = (await now()).spikes;
  assert.notEqual(second, first);
  await seed.fill('1');
  assert.equal((await now()).spikes, first);
  await page.locator('#network input[type="range"][max="3"]').fill('0');
  assert.ok((await now()).spikes < first);
  await page.close();
});

test('it prints, in light colours', async () => {
  const page = await open(report('print', ...two), { colorScheme: 'dark' });
  const pdf = await page.pdf();
  assert.ok(pdf.length > 30000 && pdf.subarray(0, 5).toString() === '%PDF-', `${pdf.length} bytes`);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
  assert.ok(!(await page.locator('nav').isVisible()));
  await page.close();
});

/** Milliseconds that the page's main thread has computed since the last call, whatever else the machine does. */
async function stopwatch(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  let last = 0;
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const now = 1000 * metrics.find(({ name }) => name === 'TaskDuration').value;
    const taken = now - last;
    last = now;
    return taken;
  };
}

// A machine's load is no fault of the page: times are printed, and judged where NIRC_TIMES is set, over a million spikes.
test('100,000 neurons open, and zoom', async (context) => {
  const steps = process.env.NIRC_TIMES ? 1000 : 100;
  const path = report('large', join(here, 'Inputs/large.mlir'), ...poisson(10, steps));
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const computed = await stopwatch(page);
  await computed();
  await page.goto(pathToFileURL(path).href);
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  const opening = await computed();
  const opened = await page.evaluate(() => document.documentElement.dataset.opened);
  const raster = page.locator('#activity canvas[data-node="lif"][data-spikes]');
  assert.ok(Number(await raster.getAttribute('data-spikes')) > 900 * steps);
  await raster.scrollIntoViewIfNeeded();
  await frames(page);
  await computed();
  const zooms = await page.evaluate(async () => {
    const { time } = await window.nirc.report;
    const taken = [];
    for (let i = 0; i < 24; i += 1) {
      const before = performance.now();
      i % 12 < 6 ? time.zoom(0.75) : time.pan(i % 2 ? 0.2 : -0.1);
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      taken.push(performance.now() - before);
      if (i === 11) {
        time.reset();
      }
    }
    return taken.sort((a, b) => a - b);
  });
  const zooming = (await computed()) / zooms.length;
  context.diagnostic(
    `opening computes ${opening.toFixed(0)} ms (${opened} ms by the clock), a zoom ${zooming.toFixed(0)} ms (${zooms[12].toFixed(0)} ms, at most ${zooms[23].toFixed(0)})`,
  );
  if (process.env.NIRC_TIMES) {
    assert.ok(opening < 1000, `opening computes ${opening} ms`);
    assert.ok(zooming < 100, `a zoom computes ${zooming} ms`);
  }
  await page.close();
});
