/**
 * The graph as a picture that zooms. Nodes are buttons, which open what the file says of them.
 */
import { select } from 'd3-selection';
import { zoom, zoomIdentity } from 'd3-zoom';
import { el, name, svg } from './dom.js';
import { counted, number, shapeText } from './format.js';
import { layoutOf } from './graphLayout.js';
import { nodeDetails } from './nodeDetails.js';

/**
 * @typedef {{name: string, label?: string, group?: string, kind: string, shape: number[], input?: number[], neurons?: number,
 *            synapses?: number, parameters: import('./nodeDetails.js').Parameter[]}} GraphNode
 * @typedef {{nodes: GraphNode[], edges: [number | string, number | string][], late?: [number | string, number | string][]}} Graph
 *   ends of edges are numbers or names of nodes
 */

const families = {
  port: ['Input', 'Output'],
  neuron: ['I', 'IF', 'LI', 'LIF', 'CubaLI', 'CubaLIF', 'Threshold'],
  weight: ['Affine', 'Linear', 'Conv1d', 'Conv2d', 'Scale'],
};

const familyOf = (kind) => Object.keys(families).find((family) => families[family].includes(kind)) ?? 'shape';
const familyNames = { port: 'input or output', neuron: 'neurons', weight: 'weights', shape: 'pool, delay, shape' };

const ruler = document.createElement('canvas').getContext('2d');

/** Pixels of a text in the picture's letters. */
function widthOf(text, isBold) {
  ruler.font = `${isBold ? '600 13px' : '11.5px'} system-ui, "DejaVu Sans", sans-serif`;
  return ruler.measureText(text).width;
}

/** A long name keeps its beginning and its end. */
const shortened = (text, most = 22) => {
  const letters = [...text];
  return letters.length <= most ? text : [...letters.slice(0, most - 8), '…', ...letters.slice(-7)].join('');
};

const linesOf = (node, badge) => [shortened(node.label ?? node.name) || '(no name)', `${node.kind} ${shapeText(node.shape)}`, ...(badge ? [badge] : [])];

const sizeOf = (lines) => ({
  width: Math.max(58, ...lines.map((line, i) => widthOf(line, i === 0))) + 24,
  height: 14 + lines.length * 16,
});

/** A line through points, its corners round. */
function pathThrough(points, isBroken) {
  if (isBroken) {
    return `M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}`;
  }
  const at = ({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  let text = `M${at(points[0])}`;
  for (let i = 1; i < points.length - 1; i += 1) {
    const middle = { x: (points[i].x + points[i + 1].x) / 2, y: (points[i].y + points[i + 1].y) / 2 };
    text += `Q${at(points[i])} ${i === points.length - 2 ? at(points[i + 1]) : at(middle)}`;
  }
  return points.length === 2 ? `${text}L${at(points[1])}` : text;
}

function nodeButton(node, lines, box, neighbours, open) {
  const label = `${node.name || 'node'}, ${node.kind}, ${shapeText(node.shape)}${neighbours}. Opens its parameters.`;
  const text = lines.map((line, i) =>
    svg('text', { x: 12, y: 20 + i * 16, class: i === 0 ? 'node-name' : 'node-kind', direction: 'ltr' }, line),
  );
  const button = svg(
    'g',
    { class: `node ${familyOf(node.kind)}`, role: 'button', tabindex: 0, 'aria-label': label, transform: `translate(${box.x - box.width / 2} ${box.y - box.height / 2})` },
    svg('rect', { class: 'node-box', width: box.width, height: box.height, rx: 6 }),
    svg('rect', { class: 'node-edge', x: 0, y: 6, width: 4, height: box.height - 12, rx: 2 }),
    text,
  );
  button.addEventListener('click', open);
  button.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      open();
    }
  });
  return button;
}

/** Names or numbers of nodes, as numbers; edges to nodes that are not there are left out. */
function numbered(nodes, edges) {
  const numbers = new Map(nodes.map((node, i) => [node.name, i]));
  const end = (one) => (typeof one === 'number' ? one : numbers.get(one));
  return edges.map(([from, to]) => [end(from), end(to)]).filter(([from, to]) => nodes[from] && nodes[to]);
}

function legend(kinds, hasLate) {
  return el(
    'p',
    { class: 'legend' },
    kinds.map((family) => el('span', {}, el('i', { class: `swatch ${family}` }), familyNames[family])),
    hasLate ? el('span', {}, el('i', { class: 'swatch late' }), 'one step late') : null,
  );
}

/** Everything inside the svg that moves. */
function picture(nodes, layout, lines, edges, open) {
  const touching = (i) => {
    const into = edges.filter(([, to]) => to === i).map(([from]) => nodes[from].name);
    const out = edges.filter(([from]) => from === i).map(([, to]) => nodes[to].name);
    return `${into.length ? `, from ${into.join(', ')}` : ''}${out.length ? `, to ${out.join(', ')}` : ''}`;
  };
  const buttons = nodes.map((node, i) => nodeButton(node, lines[i], layout.boxes[i], touching(i), () => open(i)));
  const groups = layout.groups.map((group) => [
    svg('rect', { class: 'group', x: group.x - group.width / 2, y: group.y - group.height / 2, width: group.width, height: group.height, rx: 10 }),
    svg('text', { class: 'group-name', x: group.x - group.width / 2 + 8, y: group.y - group.height / 2 - 5 }, group.name),
  ]);
  const paths = layout.paths.map((path) =>
    svg('path', { class: path.late ? 'edge late' : 'edge', d: pathThrough(path.points, path.isBroken), 'marker-end': 'url(#arrow)' }),
  );
  return { content: svg('g', {}, groups, paths, buttons), buttons };
}

/** Zoom by buttons, drag, and Ctrl with the wheel; a wheel alone scrolls the page. */
function zooming(frame, content, layout, size) {
  const behaviour = zoom()
    .scaleExtent([0.05, 8])
    .filter((event) => (event.type === 'wheel' ? event.ctrlKey || event.metaKey : !event.button && event.type !== 'dblclick'))
    .on('zoom', (event) => content.setAttribute('transform', event.transform.toString()));
  const whole = select(frame).call(behaviour).on('dblclick.zoom', null);
  const fit = () => {
    const scale = Math.min(1.15, (size.width - 16) / layout.width, (size.height - 16) / layout.height);
    const at = zoomIdentity.translate((size.width - layout.width * scale) / 2, (size.height - layout.height * scale) / 2).scale(scale);
    whole.call(behaviour.transform, at);
  };
  const by = (factor) => whole.call(behaviour.scaleBy, factor);
  fit();
  return { fit, by };
}

const tool = (text, label, act) => el('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, text);

/** Beyond so many nodes a picture says nothing, and takes long. */
const mostDrawn = 2000;

/** Nodes and edges as a table, for who does not see the picture. */
function alternative(nodes, edges) {
  const rows = nodes.slice(0, mostDrawn).map((node, i) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row' }, name(node.name)),
      el('td', {}, node.kind),
      el('td', {}, shapeText(node.shape)),
      el('td', {}, edges.filter(([from]) => from === i).map(([, to], k) => [k > 0 ? ', ' : '', name(nodes[to].name)])),
    ),
  );
  const heads = ['node', 'type', 'shape', 'leads to'].map((head) => el('th', { scope: 'col' }, head));
  return el(
    'details',
    { class: 'alternative' },
    el('summary', {}, 'The graph as a table'),
    el('table', {}, el('caption', {}, 'Nodes, and where each leads'), el('thead', {}, el('tr', {}, heads)), el('tbody', {}, rows)),
  );
}

/**
 * @param {HTMLElement} element
 * @param {Graph} graph
 * @param {{badge?: (node: GraphNode, index: number) => string | undefined, onOpen?: (index: number) => void,
 *          details?: (node: GraphNode, index: number) => Node[]}} [options] `badge`: a line in the node; `details`: what else
 *   to show of a node that is opened
 * @returns {{update: (graph: Graph) => void, destroy: () => void, open: (index: number) => void}}
 */
export function graphView(element, graph, options = {}) {
  const place = el('div', { class: 'graph' });
  element.append(place);
  let open = (_) => {};
  const update = (now) => {
    const { nodes } = now;
    const edges = numbered(nodes, now.edges);
    if (nodes.length > mostDrawn) {
      const text = `${counted(nodes.length, 'node')} and ${counted(edges.length, 'edge')}: too many for a picture. The table has the first ${number(mostDrawn)}.`;
      place.replaceChildren(el('p', { class: 'facts' }, text), alternative(nodes, edges));
      return;
    }
    const late = new Set(numbered(nodes, now.late ?? []).map(String));
    const lines = nodes.map((node, i) => linesOf(node, options.badge?.(node, i)));
    const width = Math.max(300, element.clientWidth || 1000) - 2;
    const layout = layoutOf(nodes, lines.map(sizeOf), edges, (edge) => late.has(String(edge)), width);
    const size = { width, height: Math.round(Math.min(560, Math.max(110, layout.height * Math.min(1.15, width / layout.width) + 24))) };
    const panel = el('aside', { class: 'node-panel', hidden: true, 'aria-live': 'polite' });
    const { content, buttons } = picture(nodes, layout, lines, edges, (i) => open(i));
    const summary = `Graph of ${counted(nodes.length, 'node')} and ${counted(edges.length, 'edge')}${late.size ? `, ${late.size} of them one step late` : ''}. Nodes are buttons.`;
    const arrow = svg('marker', { id: 'arrow', viewBox: '0 0 10 10', refX: 9, refY: 5, markerWidth: 7, markerHeight: 7, orient: 'auto-start-reverse' }, svg('path', { d: 'M0 0.8L9.5 5L0 9.2z' }));
    const frame = svg(
      'svg',
      { viewBox: `0 0 ${size.width} ${size.height}`, role: 'group', 'aria-label': summary, style: `height:${size.height}px` },
      svg('defs', {}, arrow),
      content,
    );
    const { fit, by } = zooming(frame, content, layout, size);
    const tools = el('div', { class: 'tools' }, tool('+', 'Closer', () => by(1.4)), tool('−', 'Farther', () => by(1 / 1.4)), tool('Fit', 'Show the whole graph', fit));
    const close = (back) => {
      panel.hidden = true;
      buttons.forEach((button) => button.classList.remove('open'));
      buttons[back]?.focus();
    };
    open = (i) => {
      buttons.forEach((button, k) => button.classList.toggle('open', k === i));
      panel.replaceChildren(nodeDetails(nodes[i], () => close(i)), ...(options.details?.(nodes[i], i) ?? []));
      panel.hidden = false;
      panel.onkeydown = (event) => event.key === 'Escape' && close(i);
      panel.querySelector('button')?.focus({ preventScroll: true });
      options.onOpen?.(i);
    };
    frame.addEventListener('keydown', (event) => {
      const at = buttons.indexOf(/** @type {any} */ (document.activeElement));
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (at >= 0 && step) {
        event.preventDefault();
        buttons[(at + step + buttons.length) % buttons.length].focus();
      }
    });
    const kinds = [...new Set(nodes.map((node) => familyOf(node.kind)))];
    place.replaceChildren(el('div', { class: 'graph-frame' }, frame), el('div', { class: 'graph-foot' }, legend(kinds, late.size > 0), tools), panel, alternative(nodes, edges));
  };
  update(graph);
  return { update, destroy: () => place.remove(), open: (i) => open(i) };
}
