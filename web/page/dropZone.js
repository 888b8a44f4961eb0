// Where a file comes in: dropped anywhere on the page, chosen, or one of the examples.
import { el } from '../view/dom.js';

/**
 * @param {(files: File[]) => void} take
 * @param {{file: string, title: string}[]} examples
 * @param {(example: any) => void} openExample
 */
export function dropZone(take, examples, openExample) {
  const file = el('input', { id: 'file', type: 'file', multiple: true, class: 'visually-hidden', 'aria-label': 'Choose a .nir file' });
  const choose = el('button', { type: 'button', class: 'primary', onclick: () => file.click() }, 'Choose a .nir file');
  const zone = el('div', { class: 'drop', id: 'drop' },
    el('p', { class: 'drop-title' }, 'Drop a .nir file here'),
    el('p', {}, 'or ', choose, file),
    el('p', { class: 'hint' }, 'It stays in this browser: nothing is sent anywhere. Recordings (.npy, NIRData) that drive it can be dropped, too.'));
  file.addEventListener('change', () => {
    take([...file.files]);
    file.value = '';
  });
  const over = (event) => {
    event.preventDefault();
    zone.classList.add('over');
  };
  const out = () => zone.classList.remove('over');
  document.addEventListener('dragover', over);
  document.addEventListener('dragleave', (event) => event.relatedTarget === null && out());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    out();
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) {
      take(files);
    }
  });
  const list = el('ul', { class: 'examples' }, examples.map((example) =>
    el('li', {}, el('button', { type: 'button', 'data-example': example.file, onclick: () => openExample(example) }, example.title))));
  return el('div', {}, zone, el('h2', { class: 'examples-title' }, 'Or an example'), list);
}
