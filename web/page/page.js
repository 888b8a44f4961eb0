// The page: a file is opened, checked and drawn, and runs. Everything stays in this browser.
import { el, name } from '../view/dom.js';
import { bytes, counted } from '../view/format.js';
import { graphView } from '../view/graphView.js';
import { themeSwitch } from '../view/theme.js';
import { Client, Refusal } from './client.js';
import { diagnosticItem, diagnosticList } from './diagnostics.js';
import { dropZone } from './dropZone.js';
import { examples } from './examples.js';
import { showResults } from './results.js';
import { runForm } from './runForm.js';

const client = new Client(new URL('worker.js', document.baseURI));
const place = {
  open: document.getElementById('open'),
  model: document.getElementById('model'),
  check: document.getElementById('check'),
  graph: document.getElementById('graph'),
  run: document.getElementById('run'),
  results: document.getElementById('results'),
  status: document.getElementById('status'),
};

/** What is open: its name, the form of its run, what is drawn. */
let opened;
/** Grows with each file, so that what an earlier one still answers is left out. */
let turn = 0;

const tell = (text) => { place.status.textContent = text; };

function showError(section, error) {
  const diagnostic = error instanceof Refusal ? error.diagnostic : { severity: 'error', message: String(error?.message ?? error), notes: [] };
  section.hidden = false;
  section.querySelector('.content').replaceChildren(el('ul', { class: 'diagnostics', role: 'alert' }, diagnosticItem(diagnostic)));
}

function fill(section, ...children) {
  section.hidden = false;
  section.querySelector('.content').replaceChildren(...children);
}

function hideAll() {
  opened?.results?.destroy();
  opened?.graph?.destroy();
  opened = undefined;
  for (const section of [place.check, place.graph, place.run, place.results]) {
    section.hidden = true;
    section.querySelector('.content').replaceChildren();
  }
}

/** @param {{name: string, buffer: ArrayBuffer, dt?: string}} file */
async function openModel({ name: fileName, buffer, dt }) {
  const mine = ++turn;
  if (client.isReading) {
    client.end(); // whatever keeps it busy
  } else {
    client.stop();
  }
  hideAll();
  tell(`Reading ${fileName}.`);
  fill(place.model, el('p', {}, name(fileName), `, ${bytes(buffer.byteLength)}: reading.`));
  try {
    const size = buffer.byteLength;
    const model = await client.open(fileName, buffer);
    const check = await client.check({});
    if (mine !== turn) {
      return;
    }
    opened = { fileName, model, check };
    showModel(size);
    showCheck();
    showGraph();
    if (check.ok) {
      await showRun(dt);
    }
    tell(`${fileName} is open${check.ok ? '' : '; it has errors'}.`);
  } catch (error) {
    if (mine === turn) {
      fill(place.model, el('p', {}, name(fileName), ' could not be opened.'));
      showError(place.check, error);
      tell(`${fileName} could not be opened.`);
    }
  }
}

function showModel(size) {
  const { model, check, fileName } = opened;
  const { totals } = check;
  const facts = totals ? [`${counted(totals.nodes, 'node')}`, `${counted(totals.neurons, 'neuron')}`, `${counted(totals.synapses, 'synapse')}`, `${counted(totals.parameters, 'parameter')}`] : [];
  fill(place.model,
    el('h2', { id: 'model-title', tabindex: -1 }, name(fileName)),
    el('p', { class: 'facts' }, [bytes(size), model.version ? `NIR ${model.version}` : 'of an unknown version of NIR', ...facts].join(', ')));
}

function showCheck() {
  const { check } = opened;
  const verdict = check.ok
    ? el('p', { class: 'verdict ok' }, check.diagnostics.length ? 'It can be run. There is something to know:' : 'Nothing is wrong with it.')
    : el('p', { class: 'verdict bad' }, 'It cannot be run:');
  fill(place.check, verdict, diagnosticList(check.diagnostics), el('ul', { class: 'reading' }, check.reading.map((line) => el('li', {}, line))));
}

function showGraph() {
  fill(place.graph);
  opened.graph = graphView(place.graph.querySelector('.content'), opened.model.graph);
}

async function showRun(dt) {
  const { presets } = await client.semantics();
  opened.form = runForm({ file: opened.fileName, check: opened.check, presets, dt, onRun: run, onStop: () => client.stop(), onFile: dropSignal });
  fill(place.run, opened.form.element);
}

async function run(request) {
  const mine = opened;
  mine.form.setRunning(true);
  mine.results?.destroy();
  place.results.hidden = true;
  tell('The network runs.');
  try {
    const before = performance.now();
    const answer = await client.run(request, ({ done, steps }) => mine.form.setProgress(done / steps));
    if (mine !== opened) {
      return;
    }
    const took = performance.now() - before;
    const said = answer.lanes.flatMap(({ diagnostics }) => diagnostics);
    fill(place.results);
    mine.results = showResults(place.results.querySelector('.content'), answer);
    showAdvice(said);
    place.results.dataset.milliseconds = took.toFixed(0);
    window.nirc = { answer };
    tell(`The run is done: ${counted(answer.done, 'step')}.`);
  } catch (error) {
    if (mine === opened) {
      showError(place.results, error);
      tell('The network could not be run.');
    }
  } finally {
    mine.form.setRunning(false);
  }
}

/** What is to be known of the run, beyond what the check has said already. */
function showAdvice(said) {
  const known = new Set(opened.check.diagnostics.map((one) => one.message));
  const fresh = said.filter((one, i) => !known.has(one.message) && said.findIndex((other) => other.message === one.message) === i);
  if (fresh.length > 0) {
    place.results.querySelector('.content').prepend(diagnosticList(fresh));
  }
}

/** A recording that drives an Input: of that name, or the first that has none yet. */
async function dropSignal(node, file) {
  await giveSignal(node, file.name, await file.arrayBuffer());
}

async function giveSignal(node, fileName, buffer) {
  const mine = opened;
  if (!mine?.form) {
    tell(`${fileName} drives a network: open that first.`);
    return;
  }
  try {
    const answer = await client.drop(fileName, buffer);
    if (mine !== opened) {
      return;
    }
    const words = answer.shape ? `${fileName}: ${answer.dtype} [${answer.shape.join(', ')}]` : `${fileName}: recordings of ${answer.nodes.join(', ')}`;
    const inputs = mine.form.inputs.filter((input) => !node || input.node === node);
    const free = inputs.find((input) => !input.isFile()) ?? inputs[0];
    for (const input of answer.nodes && !node ? mine.form.inputs : [free]) {
      mine.form.setDropped(input.node, answer.dropped, words, fileName);
    }
    tell(`${fileName} drives ${free.node}.`);
  } catch (error) {
    if (mine === opened) {
      showError(place.results, error);
      if (error.isLost) {
        place.run.hidden = true; // the network went with the worker
      }
      tell(`${fileName} could not be read.`);
    }
  }
}

/** Files that were dropped or chosen: models are opened, recordings drive what is open. */
async function take(files) {
  for (const file of files) {
    const isSignal = /\.(npy|nird|h5)$/i.test(file.name);
    const buffer = await file.arrayBuffer();
    if (isSignal && (opened || !/\.h5$/i.test(file.name))) {
      await giveSignal(undefined, file.name, buffer);
    } else {
      await openModel({ name: file.name, buffer });
    }
  }
}

async function fetched(file) {
  const response = await fetch(new URL(`examples/${file}`, document.baseURI));
  if (!response.ok) {
    throw new Error(`examples/${file}: ${response.status} ${response.statusText}`);
  }
  return response.arrayBuffer();
}

async function openExample(example) {
  await openModel({ name: example.file, buffer: await fetched(example.file), dt: example.dt });
  for (const [node, file] of Object.entries(example.inputs)) {
    await giveSignal(node, file, await fetched(file));
  }
}

/** The graph is laid out for a width. */
let resized;
let width = innerWidth;
addEventListener('resize', () => {
  clearTimeout(resized);
  resized = setTimeout(() => {
    if (innerWidth !== width) {
      width = innerWidth;
      opened?.graph?.update(opened.model.graph);
    }
  }, 200);
});

document.getElementById('tools').append(themeSwitch());
place.open.append(dropZone(take, examples, openExample));
if ('serviceWorker' in navigator && location.protocol.startsWith('http')) {
  navigator.serviceWorker.register('serviceWorker.js').catch(() => {}); // the page works without one
}
