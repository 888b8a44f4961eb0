/** Where nodes of a graph stand and how edges run: dagre, from left to right, broken into lines where a chain is long. */
import dagre from '@dagrejs/dagre';

/** Above so many nodes dagre takes seconds; nodes then stand in columns by their distance from the inputs. */
const mostForDagre = 600;
const gap = { rank: 30, node: 16, line: 36 };

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Box by its middle
 * @typedef {{boxes: Box[], groups: (Box & {name: string})[], paths: {from: number, to: number, points: {x: number, y: number}[], late: boolean}[],
 *            width: number, height: number}} Layout
 */

/** Distances from the nodes without predecessors, along edges that are not late. */
function ranks(count, edges) {
  const next = Array.from({ length: count }, () => []);
  const open = new Int32Array(count);
  for (const [from, to] of edges) {
    next[from].push(to);
    open[to] += 1;
  }
  const rank = new Int32Array(count);
  const queue = [...open.keys()].filter((i) => open[i] === 0);
  const seen = new Set(queue);
  for (let at = 0; at < queue.length || seen.size < count; at += 1) {
    if (at === queue.length) {
      const rest = rank.findIndex((_, i) => !seen.has(i)); // on a cycle: it has to start somewhere
      queue.push(rest);
      seen.add(rest);
    }
    for (const to of next[queue[at]]) {
      open[to] -= 1;
      rank[to] = seen.has(to) ? rank[to] : Math.max(rank[to], rank[queue[at]] + 1);
      if (open[to] === 0 && !seen.has(to)) {
        seen.add(to);
        queue.push(to);
      }
    }
  }
  return rank;
}

const straight = (a, b) => [
  { x: a.x + a.width / 2, y: a.y },
  { x: b.x - b.width / 2, y: b.y },
];

function inColumns(sizes, edges, isLate) {
  const rank = ranks(sizes.length, edges.filter((edge) => !isLate(edge)));
  const tall = [];
  const wide = Math.max(...sizes.map((size) => size.width)) + gap.rank;
  const boxes = sizes.map((size, i) => {
    const y = tall[rank[i]] ?? 0;
    tall[rank[i]] = y + size.height + gap.node;
    return { ...size, x: rank[i] * wide + wide / 2, y: y + size.height / 2 };
  });
  const paths = edges.map((edge) => ({ from: edge[0], to: edge[1], points: straight(boxes[edge[0]], boxes[edge[1]]), late: isLate(edge) }));
  return { boxes, groups: [], paths, width: (Math.max(...rank) + 1) * wide, height: Math.max(...tall.filter((one) => one)) };
}

/** Every subgraph that a node is in, the outer one first: "a", "a.b". Names may have dots, so `groups` says which there are. */
function withDagre(nodes, sizes, edges, isLate) {
  const graph = new dagre.graphlib.Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: 'LR', ranksep: gap.rank, nodesep: gap.node, marginx: 4, marginy: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  const groups = new Map();
  for (const node of nodes) {
    if (node.group && !groups.has(node.group)) {
      groups.set(node.group, `g${groups.size}`);
      graph.setNode(groups.get(node.group), {});
    }
  }
  for (const [path, id] of groups) {
    const outer = [...groups.keys()].filter((other) => path.startsWith(`${other}.`)).sort((a, b) => b.length - a.length)[0];
    if (outer) {
      graph.setParent(id, groups.get(outer));
    }
  }
  nodes.forEach((node, i) => {
    graph.setNode(`n${i}`, { ...sizes[i] });
    if (node.group) {
      graph.setParent(`n${i}`, groups.get(node.group));
    }
  });
  // A late edge would turn the picture around: it is laid out as if it led forward.
  edges.forEach((edge, i) => {
    const ends = isLate(edge) ? [edge[1], edge[0]] : edge;
    graph.setEdge(`n${ends[0]}`, `n${ends[1]}`, {}, `e${i}`);
  });
  dagre.layout(graph);
  const boxes = nodes.map((_, i) => graph.node(`n${i}`));
  const paths = edges.map((edge, i) => {
    const late = isLate(edge);
    const ends = late ? [edge[1], edge[0]] : edge;
    const { points } = graph.edge(`n${ends[0]}`, `n${ends[1]}`, `e${i}`);
    return { from: edge[0], to: edge[1], points: late ? [...points].reverse() : points, late };
  });
  const { width, height } = graph.graph();
  return { boxes, groups: [...groups].map(([name, id]) => ({ ...graph.node(id), name })), paths, width, height };
}

/** Breaks a long layout into lines of at most `most` pixels, at places that one edge or two cross. */
function inLines(layout, most) {
  const { boxes, paths } = layout;
  const lines = Math.ceil(layout.width / most);
  const lefts = [...new Set(boxes.map((box) => box.x - box.width / 2))].sort((a, b) => a - b);
  const crossing = (x) => paths.filter(({ from, to }) => boxes[from].x < x !== boxes[to].x < x);
  const isFree = (x) => boxes.every((box) => box.x + box.width / 2 <= x || box.x - box.width / 2 >= x);
  const cuts = [0];
  while (cuts.length < lines * 2) {
    const start = cuts[cuts.length - 1];
    if (layout.width - start <= most) {
      break;
    }
    const aim = start + Math.min(most, (layout.width - start) / Math.ceil((layout.width - start) / most) + 40);
    const fit = lefts.map((x) => x - gap.rank / 2).filter((x) => x > start + 60 && x <= aim && isFree(x) && crossing(x).length <= 2 && crossing(x).every((path) => !path.late));
    if (fit.length === 0) {
      return layout; // it cannot be broken: whoever looks can move it
    }
    cuts.push(fit[fit.length - 1]);
  }
  const lineOf = (box) => cuts.filter((cut) => cut <= box.x).length - 1;
  const height = layout.height + gap.line;
  const line = boxes.map(lineOf);
  const moved = boxes.map((box, i) => ({ ...box, x: box.x - cuts[line[i]] + gap.rank, y: box.y + line[i] * height }));
  const widths = cuts.map((cut, i) => (cuts[i + 1] ?? layout.width) - cut);
  const movedPaths = paths.map((path) => {
    const here = line[path.from];
    if (here === line[path.to]) {
      return { ...path, points: path.points.map(({ x, y }) => ({ x: x - cuts[here] + gap.rank, y: y + here * height })) };
    }
    const [start, end] = straight(moved[path.from], moved[path.to]);
    const between = (here + 1) * height - gap.line / 2;
    const right = gap.rank + widths[here];
    return { ...path, isBroken: true, points: [start, { x: right, y: start.y }, { x: right, y: between }, { x: 12, y: between }, { x: 12, y: end.y }, end] };
  });
  return { boxes: moved, groups: [], paths: movedPaths, width: Math.max(...widths) + 2 * gap.rank, height: cuts.length * height - gap.line };
}

/**
 * @param {{group?: string}[]} nodes
 * @param {{width: number, height: number}[]} sizes of nodes
 * @param {[number, number][]} edges @param {(edge: [number, number]) => boolean} isLate
 * @param {number} most width that a reader sees at once
 * @returns {Layout}
 */
export function layoutOf(nodes, sizes, edges, isLate, most) {
  if (nodes.length === 0) {
    return { boxes: [], groups: [], paths: [], width: 1, height: 1 };
  }
  let layout;
  try {
    layout = nodes.length > mostForDagre ? inColumns(sizes, edges, isLate) : withDagre(nodes, sizes, edges, isLate);
  } catch {
    layout = inColumns(sizes, edges, isLate); // dagre stumbles over some nested graphs
  }
  return layout.width > most * 1.15 && layout.groups.length === 0 ? inLines(layout, most) : layout;
}
