"""A small picture of a graph, for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Dict, List

if TYPE_CHECKING:
    from ._graph import Graph

_MOST = 60  # nodes; more are a table's job


def _levels(graph: "Graph") -> Dict[str, int]:
    """How far each node is from an Input, edges back left out."""
    after: Dict[str, List[str]] = {name: [] for name in graph.nodes}
    for source, target in graph.edges:
        if source.split(".")[0] in after and target.split(".")[0] in after:
            after[source.split(".")[0]].append(target.split(".")[0])
    sources = {target for targets in after.values() for target in targets}
    starts = [name for name in after if name not in sources] or list(after)[:1]
    level: Dict[str, int] = {}
    open_ = [(name, 0) for name in starts]
    while open_:
        name, depth = open_.pop(0)
        if name in level:
            continue
        level[name] = depth
        open_ += [(target, depth + 1) for target in after[name]]
    for name in after:
        level.setdefault(name, 0)
    return level


def graph_svg(graph: "Graph") -> str:
    """Nodes from left to right; empty for a graph that is too large to be seen so."""
    if not 0 < len(graph.nodes) <= _MOST:
        return ""
    width, height, gap = 110, 40, 36
    level = _levels(graph)
    row: Dict[int, int] = {}
    place = {}
    for name, depth in level.items():
        place[name] = (8 + depth * (width + gap), 8 + row.get(depth, 0) * (height + 16))
        row[depth] = row.get(depth, 0) + 1
    right = max(x for x, _ in place.values()) + width + 8
    bottom = max(y for _, y in place.values()) + height + 30
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right} {bottom}" width="{right}" '
        f'height="{bottom}" font-family="sans-serif" font-size="12">',
        '<defs><marker id="nirc-head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="6" markerHeight="6" '
        'orient="auto"><path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>',
    ]
    for source, target in graph.edges:
        a, b = place.get(source.split(".")[0]), place.get(target.split(".")[0])
        if a is None or b is None:
            continue
        x0, y0, x1, y1 = a[0] + width, a[1] + height / 2, b[0], b[1] + height / 2
        if x1 > x0:
            bend = (x0 + x1) / 2
            path = f"M{x0} {y0}C{bend} {y0} {bend} {y1} {x1} {y1}"
        else:  # back, below the nodes
            low = max(a[1], b[1]) + height + 16
            path = f"M{a[0] + width / 2} {a[1] + height}V{low}H{b[0] + width / 2}V{b[1] + height}"
        out.append(f'<path d="{path}" fill="none" stroke="#555" marker-end="url(#nirc-head)"/>')
    for name, (x, y) in place.items():
        kind = graph.nodes[name].type
        neuron = kind in ("I", "IF", "LI", "LIF", "CubaLI", "CubaLIF")
        fill = "#dbe9f6" if neuron else "#f2f2f2"
        label = name if len(name) <= 15 else name[:14] + "…"
        out.append(
            f'<g><title>{escape(name)}: {escape(kind)}</title>'
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="5" fill="{fill}" stroke="#555"/>'
            f'<text x="{x + width / 2}" y="{y + 17}" text-anchor="middle" fill="#000">{escape(label)}</text>'
            f'<text x="{x + width / 2}" y="{y + 32}" text-anchor="middle" fill="#555">{escape(kind)}</text></g>'
        )
    return "".join(out) + "</svg>"
