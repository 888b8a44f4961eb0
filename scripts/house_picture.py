"""Draws the rooms of a tree and the arrows between them as SVG, for scripts/includes.py.

A layer of the tree is a band. Between the rooms of one folder there are arrows, and a room stands right of those that it includes.
What it includes of other folders stands in its box. What follows from other includes is left out.
"""
from xml.sax.saxutils import escape

BOX, COLUMN, LINE, LABEL, MARGIN, GAP = 176, 222, 15, 112, 14, 16
COLORS = ["#eef2f7", "#e6f0e9", "#f7f1e3", "#f3e9ef", "#e8eef0", "#efece6"]
STYLE = """text { font: 12px sans-serif; fill: #222 }
.name { font-weight: bold }
.small { font-size: 11px; fill: #555 }
.layer { font-size: 16px; font-weight: bold }
.room { fill: #fff; stroke: #667 }
.arrow { fill: none; stroke: #667; marker-end: url(#head) }"""


def reachable(edges):
    """For each node all that it reaches."""
    reach = {}

    def visit(node):
        if node not in reach:
            reach[node] = set()
            for following in edges.get(node, ()):
                reach[node] |= {following} | visit(following)
        return reach[node]

    for node in sorted(edges):
        visit(node)
    return reach


def reduced(edges):
    """The edges without those that follow from others."""
    reach = reachable(edges)
    return {node: sorted(to for to in targets
                         if not any(to in reach.get(other, ()) for other in targets if other != to))
            for node, targets in edges.items()}


def wrapped(words, width):
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) + 2 > width:
            lines[-1] += ","
            lines.append(word)
        else:
            lines[-1] += (", " if lines[-1] else "") + word
    return [line for line in lines if line]


class Room:
    def __init__(self, path, notes):
        self.layer, _, name = path.partition("/")
        self.title = (self.layer if name in ("", "*") else name.removesuffix("/*"))
        self.own_files = path.endswith("/*")
        self.family = family_of(path)
        self.lines = (["its own files"] if self.own_files else []) + wrapped(notes, 26)
        self.height = 26 + LINE * len(self.lines)
        self.x = self.y = 0


def family_of(path):
    """The folder that a room lies in; rooms of one family are drawn together."""
    return path.removesuffix("/*") if path.count("/") > 1 and path.endswith("/*") else path.rsplit("/", 1)[0]


def columns_of(rooms, inside):
    """How many rooms stand one behind the other left of each."""
    depth = {}

    def visit(path):
        if path not in depth:
            depth[path] = max([1 + visit(to) for to in inside[path]], default=0)
        return depth[path]

    for path in sorted(rooms):
        visit(path)
    return depth


def lay_out(rooms, inside, top):
    """Places the rooms of a band from `top` down, family by family; returns where it ends."""
    depth = columns_of(rooms, inside)
    y = top + GAP
    for family in sorted({room.family for room in rooms.values()}):
        row_of, taken = {}, set()
        for path in sorted((path for path in rooms if rooms[path].family == family),
                           key=lambda path: (depth[path], path)):
            row = min((row_of[to] for to in inside[path]), default=0)
            while (row, depth[path]) in taken:
                row += 1
            row_of[path] = row
            taken.add((row, depth[path]))
        for row in range(max(row_of.values()) + 1):
            here = [path for path in row_of if row_of[path] == row]
            for path in here:
                rooms[path].x, rooms[path].y = LABEL + depth[path] * COLUMN, y
            y += max(rooms[path].height for path in here) + GAP
    return y


def arrow(upper, lower):
    x0, y0 = upper.x, upper.y + upper.height / 2
    x1, y1 = lower.x + BOX + 3, lower.y + lower.height / 2
    bend = max(24, (x0 - x1) / 2)
    return (f'<path class="arrow" d="M{x0:g} {y0:g} C{x0 - bend:g} {y0:g} {x1 + bend:g} {y1:g} {x1:g} {y1:g}"/>')


def draw(edges, rooms, layers):
    """`edges`: room -> rooms; `rooms`: all of them; `layers`: names from the ground up."""
    direct = reduced({path: set(edges.get(path, ())) for path in rooms})
    shown, inside = {}, {}
    for path in sorted(rooms):
        inside[path] = [to for to in direct[path] if family_of(to) == family_of(path)]
        shown[path] = Room(path, [to.removesuffix("/*") for to in direct[path] if to not in inside[path]])
    parts, y = [], MARGIN
    for i, layer in enumerate(reversed(layers)):
        rooms = {path: room for path, room in shown.items() if room.layer == layer}
        if not rooms:
            continue
        end = lay_out(rooms, inside, y)
        parts.append((layer, COLORS[i % len(COLORS)], y, end, rooms))
        y = end + 6
    width = max(room.x for room in shown.values()) + BOX + MARGIN
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y + MARGIN}" '
             f'viewBox="0 0 {width} {y + MARGIN}">',
             "<title>The rooms of nirc, and what includes what</title>", f"<style>{STYLE}</style>",
             '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
             'orient="auto"><path d="M0 0L8 4L0 8z" fill="#667"/></marker></defs>',
             f'<rect width="{width}" height="{y + MARGIN}" fill="#fff"/>']
    for layer, color, top, end, rooms in parts:
        lines.append(f'<rect x="6" y="{top}" width="{width - 12}" height="{end - top}" rx="6" fill="{color}"/>')
        lines.append(f'<text class="layer" x="16" y="{(top + end) / 2 + 5:g}">{layer}</text>')
        lines += [arrow(room, rooms[to]) for path, room in sorted(rooms.items()) for to in inside[path]]
        for _, room in sorted(rooms.items()):
            lines.append(f'<rect class="room" x="{room.x}" y="{room.y}" width="{BOX}" height="{room.height}" rx="4"/>')
            lines.append(f'<text class="name" x="{room.x + 8}" y="{room.y + 17}">{escape(room.title)}</text>')
            lines += [f'<text class="small" x="{room.x + 8}" y="{room.y + 17 + LINE * (n + 1)}">{escape(text)}</text>'
                      for n, text in enumerate(room.lines)]
    return "\n".join(lines + ["</svg>"]) + "\n"
