/** What a file says of a node: shapes and parameters, each with its histogram. */
import { el, name } from './dom.js';
import { counted, number, shapeText } from './format.js';
import { histogram } from './histogram.js';

/**
 * @typedef {{name: string, dtype?: string, shape?: number[], min?: number, max?: number, mean?: number, text?: string,
 *            histogram?: {from: number, to: number, counts: number[]}}} Parameter
 */

/** One value where all are the same; else from least to most. */
function valueText(parameter) {
  if (parameter.text !== undefined) {
    return parameter.text;
  }
  if (parameter.min === undefined || parameter.min === null) {
    return 'empty';
  }
  return parameter.min === parameter.max ? number(parameter.min) : `${number(parameter.min)} … ${number(parameter.max)}`;
}

function row(parameter) {
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, parameter.name),
    el('td', {}, valueText(parameter)),
    el('td', { class: 'number' }, parameter.mean === undefined || parameter.min === parameter.max ? '' : number(parameter.mean)),
    el('td', {}, parameter.shape ? shapeText(parameter.shape) : '', el('small', {}, parameter.dtype ? ` ${parameter.dtype}` : '')),
    el('td', { class: 'histogram-cell' }, parameter.histogram ? histogram(parameter.histogram, parameter.name) : ''),
  );
}

/** @param {import('./graphView.js').GraphNode} node @param {() => void} close */
export function nodeDetails(node, close) {
  const facts = [
    node.input && node.input.length ? `${shapeText(node.input)} → ${shapeText(node.shape)}` : shapeText(node.shape),
    node.neurons ? counted(node.neurons, 'neuron') : '',
    node.synapses ? counted(node.synapses, 'synapse') : '',
  ].filter(Boolean);
  const heads = ['parameter', 'value', 'mean', 'shape', 'distribution'].map((head) => el('th', { scope: 'col', class: head === 'mean' ? 'number' : null }, head));
  const table = el('table', {}, el('thead', {}, el('tr', {}, heads)), el('tbody', {}, node.parameters.map(row)));
  return el(
    'div',
    { class: 'node-details' },
    el(
      'div',
      { class: 'panel-head' },
      el('h3', {}, name(node.name), ' ', el('small', {}, node.kind)),
      el('span', { class: 'facts' }, facts.join(' · ')),
      el('button', { type: 'button', 'aria-label': 'Close', onclick: close }, '✕'),
    ),
    node.parameters.length ? el('div', { class: 'table-place' }, table) : el('p', {}, 'It has no parameters.'),
  );
}
