/**
 * Light and dark. Colours are variables of theme.css; canvases ask here for what they are now, and are told when they
 * change. Paper is light.
 */
import { el } from './dom.js';

const listeners = new Set();
const dark = matchMedia('(prefers-color-scheme: dark)');
const print = matchMedia('print');

/** "light" or "dark", whatever it follows from. */
export const current = () => document.documentElement.dataset.theme || (dark.matches ? 'dark' : 'light');

/** @param {() => void} listener called when colours change @returns {() => void} ends that */
export function onTheme(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const tell = () => listeners.forEach((listener) => listener());

dark.addEventListener('change', tell);
print.addEventListener('change', tell);

/** A file:// page may have no storage. */
function remembered(value) {
  try {
    if (value) {
      localStorage.setItem('nirc-theme', value);
    }
    return localStorage.getItem('nirc-theme');
  } catch {
    return null;
  }
}

/** What a canvas draws with. `series`: colours that people with any colour vision tell apart. */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    paper: read('paper'),
    ink: read('ink'),
    soft: read('ink-soft'),
    line: read('line'),
    grid: read('grid'),
    base: read('series-1'),
    other: read('series-2'),
    mark: read('mark'),
    series: [1, 2, 3, 4, 5, 6].map((i) => read(`series-${i}`)),
    font: `12px ${read('font')}`,
  };
}

/** A button that changes between light and dark, and remembers it. */
export function themeSwitch() {
  const kept = remembered();
  if (kept === 'light' || kept === 'dark') {
    document.documentElement.dataset.theme = kept;
  }
  const button = el('button', { type: 'button', class: 'theme-switch' });
  const show = () => {
    const other = current() === 'dark' ? 'light' : 'dark';
    button.textContent = other === 'dark' ? '☾ Dark' : '☀ Light';
    button.setAttribute('aria-label', `Show in ${other} colours`);
  };
  button.addEventListener('click', () => {
    document.documentElement.dataset.theme = current() === 'dark' ? 'light' : 'dark';
    remembered(document.documentElement.dataset.theme);
    tell();
  });
  onTheme(show);
  show();
  return button;
}
