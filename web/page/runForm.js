// The choices of a run: step, length, semantics, and what drives each Input.
import { el, name } from '../view/dom.js';
import { shapeText } from '../view/format.js';

/** A label above a control, and perhaps a line about it. */
function field(label, control, help) {
  const about = help ? el('small', { class: 'hint', id: `${control.id}-help` }, help) : null;
  if (about) {
    control.setAttribute('aria-describedby', about.id);
  }
  return el('div', { class: 'field' }, el('label', { for: control.id }, label), control, about);
}

const text = (id, value, attributes = {}) => el('input', { id, type: 'text', value, autocomplete: 'off', spellcheck: 'false', ...attributes });
const whole = (id, value, attributes = {}) => el('input', { id, type: 'number', value, min: 0, step: 1, ...attributes });

/** The choice of a semantics: a preset, and what differs from it. */
function semanticsFields(presets, id, title, chosen, optional) {
  const select = el('select', { id },
    optional ? el('option', { value: '' }, 'nothing') : null,
    presets.map((preset) => el('option', { value: preset.name, selected: preset.name === chosen }, preset.name)));
  const summary = el('small', { class: 'hint', id: `${id}-help`, 'aria-live': 'polite' });
  const overrides = text(`${id}-overrides`, '', { placeholder: 'reset=subtract' });
  const tell = () => {
    summary.textContent = presets.find((preset) => preset.name === select.value)?.summary ?? '';
    overrides.disabled = select.value === '';
  };
  select.setAttribute('aria-describedby', summary.id);
  select.addEventListener('change', tell);
  tell();
  return {
    element: el('div', { class: 'fields' },
      el('div', { class: 'field' }, el('label', { for: id }, title), select, summary),
      field('With other choices', overrides, 'as after --semantics, with commas between')),
    /** "norse,reset=subtract", or nothing. */
    value: () => (select.value && overrides.value.trim() ? `${select.value},${overrides.value.trim()}` : select.value),
    select,
  };
}

/** What drives one Input. */
function inputFields(port, index, onFile) {
  const id = `input-${index}`;
  const kind = el('select', { id }, [['poisson', 'random spikes (Poisson)'], ['constant', 'a constant'], ['file', 'a file (.npy, NIRData)']].map(([value, label]) => el('option', { value }, label)));
  const rate = text(`${id}-value`, '50Hz');
  const file = el('input', { id: `${id}-file`, type: 'file', accept: '.npy,.nird,.h5,.nir' });
  const sample = whole(`${id}-sample`, 0);
  const state = el('small', { class: 'hint', 'aria-live': 'polite' }, 'or drop it on the page');
  const ofValue = field('Rate', rate);
  const ofFile = el('div', { class: 'fields' }, el('div', { class: 'field' }, el('label', { for: file.id }, 'File'), file, state), field('Sample', sample));
  const show = () => {
    const isFile = kind.value === 'file';
    ofFile.hidden = !isFile;
    ofValue.hidden = isFile;
    ofValue.querySelector('label').textContent = kind.value === 'poisson' ? 'Rate' : 'Value';
    const isRate = /hz/i.test(rate.value);
    if (kind.value === 'poisson' && !isRate) {
      rate.value = '50Hz';
    } else if (kind.value === 'constant' && isRate) {
      rate.value = '1';
    }
  };
  kind.addEventListener('change', show);
  file.addEventListener('change', () => file.files?.[0] && onFile(port.node, file.files[0]));
  show();
  let dropped;
  return {
    node: port.node,
    element: el('fieldset', {}, el('legend', {}, 'Input ', name(port.node), ` of ${shapeText(port.shape)}`), el('div', { class: 'fields' }, field('Driven by', kind), ofValue, ofFile)),
    /** A file that is read: its number in the core, and what to say of it. */
    setDropped(index, words, fileName) {
      dropped = { index, fileName };
      kind.value = 'file';
      state.textContent = words;
      show();
    },
    isFile: () => kind.value === 'file',
    value() {
      if (kind.value === 'file') {
        return dropped ? { dropped: dropped.index, sample: Number(sample.value) || 0 } : {};
      }
      return { source: `${kind.value}:${rate.value.trim()}` };
    },
    /** As on the command line. */
    argument() {
      const source = kind.value === 'file' ? dropped?.fileName ?? 'FILE' : `${kind.value}:${rate.value.trim()}`;
      return source;
    },
  };
}

const quoted = (word) => (/^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll('\'', '\'\\\'\'')}'`);

/**
 * @param {{file: string, check: any, presets: any[], onRun: (request: any) => void, onStop: () => void,
 *          onFile: (node: string, file: File) => void, dt?: string}} options
 */
export function runForm({ file, check, presets, onRun, onStop, onFile, dt }) {
  const known = dt ?? (check.dt !== null ? String(check.dt) : '');
  const clue = check.dtClue !== undefined ? `The parameters seem made for ${check.dtClue} s.` : 'The file does not say it: 1ms, 0.1ms, 1e-4.';
  const step = text('dt', known, { required: true, placeholder: '1ms' });
  const steps = whole('steps', 300, { min: 0, max: 1000000 });
  const seed = whole('seed', 0);
  const dtype = el('select', { id: 'dtype' }, el('option', { value: 'f32' }, 'float32, as nirc run'), el('option', { value: 'f64' }, 'float64'));
  const unit = el('select', { id: 'time-unit' }, [['', 'as the file shows'], ['s', 'seconds'], ['ms', 'milliseconds'], ['steps', 'steps']].map(([value, label]) => el('option', { value }, label)));
  const stated = presets.find((preset) => check.semantics === preset.name || check.semantics.startsWith(`${preset.name}[`))?.name ?? 'nir';
  const first = semanticsFields(presets, 'semantics', 'Semantics', stated, false);
  const second = semanticsFields(presets, 'other-semantics', 'Compared with', '', true);
  const inputs = check.inputs.map((port, i) => inputFields(port, i, onFile));
  const run = el('button', { type: 'submit', class: 'primary' }, 'Run');
  const stop = el('button', { type: 'button', hidden: true, onclick: onStop }, 'Stop');
  const progress = el('progress', { max: 1, value: 0, hidden: true, 'aria-label': 'Progress of the run' });
  const command = el('code', { class: 'command' });

  const request = () => ({
    lanes: [first.value(), second.value()].filter((one) => one !== '').map((semantics) => ({ semantics, dt: step.value.trim(), timeUnit: unit.value })),
    dtype: dtype.value,
    steps: Number(steps.value) || 0,
    seed: Number(seed.value) || 0,
    inputs: Object.fromEntries(inputs.map((input) => [input.node, input.value()])),
  });
  const tell = () => {
    const words = second.value() ? ['nirc', 'compare', '--model', file] : ['nirc', 'run', file];
    for (const input of inputs) {
      words.push('--input', inputs.length > 1 ? `${input.node}=${input.argument()}` : input.argument());
    }
    words.push(...(step.value ? ['--dt', step.value.trim()] : []));
    words.push(...(Number(steps.value) ? ['--steps', steps.value] : []));
    words.push(...(Number(seed.value) ? ['--seed', seed.value] : []));
    words.push(...(unit.value ? ['--time-unit', unit.value] : []));
    words.push(...(dtype.value === 'f64' ? ['--dtype', 'f64'] : []));
    words.push(...(second.value() ? [first.value(), second.value()] : ['--semantics', first.value()]));
    command.textContent = words.map(quoted).join(' ');
  };
  const form = el('form', { class: 'run', onsubmit: (event) => { event.preventDefault(); onRun(request()); }, oninput: tell, onchange: tell },
    el('div', { class: 'fields' },
      field('Length of a step', step, known && check.dt !== null ? `${check.dtFrom === 'the file' ? 'The file says it.' : 'The parameters say it.'}` : clue),
      field('Steps', steps, inputs.length ? '0: as many as the files have' : undefined),
      field('Seed of random spikes', seed),
      field('Numbers', dtype),
      field('Times in the file', unit)),
    first.element, second.element,
    inputs.map((input) => input.element),
    el('div', { class: 'actions' }, run, stop, progress),
    el('p', { class: 'hint' }, 'The same on the command line: ', command));
  tell();
  return {
    element: form,
    inputs,
    request,
    /** Of what was dropped or an example brings. */
    setDropped(node, index, words, fileName) {
      inputs.find((input) => input.node === node)?.setDropped(index, words, fileName);
      if (inputs.every((input) => input.isFile())) {
        steps.value = '0';
      }
      tell();
    },
    setRunning(isRunning) {
      run.disabled = isRunning;
      stop.hidden = !isRunning;
      progress.hidden = !isRunning;
      progress.value = 0;
    },
    setProgress: (share) => { progress.value = share; },
  };
}
