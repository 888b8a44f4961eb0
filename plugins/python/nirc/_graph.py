"""Graphs of NIR as dicts of nodes."""

from __future__ import annotations

import difflib
import os
from typing import Any, Dict, Iterable, Iterator, List, Mapping, MutableMapping, Optional, Tuple, Union

import numpy as np

from . import _nirc
from ._html import table, text_table

#: Of NumPy, of any dtype and shape.
Array = np.ndarray[Any, Any]
Parameter = Union[Array, str]
Path = Union[str, "os.PathLike[str]"]


def path_of(path: Path) -> bytes:
    """As the system has it, whatever bytes it is of. A NUL would end it early."""
    name = os.fsencode(path)
    if b"\0" in name:
        raise ValueError("a path has a NUL in it")
    return name


class Node:
    """A primitive of NIR: its type and its parameters, which are attributes, too.

    Parameters have NIR's names and units: times in seconds, one number for each element of the
    node, or one for all. What a node was read with cannot be written in place, as it may be shared;
    give the node another array.

    >>> import nirc
    >>> node = nirc.Node("LIF", tau=[0.02], r=[1.0], v_leak=[0.0], v_threshold=[1.0])
    >>> node.tau
    array([0.02])
    >>> node.tau = [0.01]
    >>> node
    Node('LIF', tau=[0.01], r=[1.], v_leak=[0.], v_threshold=[1.])
    """

    type: str
    params: Dict[str, Parameter]
    metadata: Dict[str, Any]
    graph: Optional["Graph"]  #: the nodes in it, of a NIRGraph

    def __init__(
        self,
        type: str,
        *,
        graph: Optional["Graph"] = None,
        metadata: Optional[Mapping[str, Any]] = None,
        **params: Any,
    ):
        if type not in _nirc.primitives:
            near = difflib.get_close_matches(type, _nirc.primitives, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f", it has {', '.join(_nirc.primitives)}"
            raise ValueError(f"NIR has no node of type {type!r}{hint}")
        set_ = object.__setattr__
        set_(self, "type", type)
        set_(self, "params", {})
        set_(self, "metadata", dict(metadata or {}))
        set_(self, "graph", graph)
        for name, value in params.items():
            setattr(self, name, value)

    def __getattr__(self, name: str) -> Parameter:
        try:
            return self.__dict__["params"][name]
        except KeyError:
            have = ", ".join(self.__dict__.get("params", {})) or "no parameters"
            raise AttributeError(f"{self.__dict__.get('type')} has no {name!r}, it has {have}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("type", "metadata", "graph"):
            object.__setattr__(self, name, value)
        elif value is None:
            self.params.pop(name, None)
        elif self.type in _nirc.primitives and name not in _nirc.primitives[self.type]:
            names = _nirc.primitives[self.type]
            near = difflib.get_close_matches(name, names, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f", it has {', '.join(names) or 'none'}"
            raise AttributeError(f"{self.type} has no parameter {name!r}{hint}")
        else:
            self.params[name] = value if isinstance(value, str) else np.asarray(value)

    def __delattr__(self, name: str) -> None:
        if name not in self.params:
            raise AttributeError(f"{self.type} has no {name!r}")
        del self.params[name]

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *self.params]

    def __repr__(self) -> str:
        inner = [f"{name}={_short(value)}" for name, value in self.params.items()]
        if self.graph is not None:
            inner.append(f"graph={self.graph!r}")
        return f"Node({', '.join([repr(self.type), *inner])})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Node):
            return NotImplemented
        return self.type == other.type and self.graph == other.graph and _same(self.params, other.params)

    __hash__ = None  # type: ignore[assignment]


def _same(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    """Whether both have the same names with the same dtypes, shapes and bits."""
    if a.keys() != b.keys():
        return False
    for name, one in a.items():
        other = b[name]
        if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
            if one.dtype != other.dtype or one.shape != other.shape or one.tobytes() != other.tobytes():
                return False
        elif isinstance(one, np.ndarray) or isinstance(other, np.ndarray) or one != other:
            return False
    return True


def _short(value: Parameter) -> str:
    if isinstance(value, str):
        return repr(value)
    if value.size <= 4:
        return np.array2string(value, separator=", ")
    return f"<{value.dtype} {list(value.shape)}>"


class Graph(MutableMapping[str, Node]):
    """A network of NIR: a dict of its nodes, and its edges.

    :param nodes: by name, in their order
    :param edges: (source, target) each; the same edge twice counts twice. ``"G.B"`` is node B of the
        subgraph G.
    :param metadata: what the file says beside: texts, numbers, arrays, dicts of them
    :param version: of NIR, "1.0.8"

    >>> import nirc
    >>> graph = nirc.Graph(
    ...     {
    ...         "input": nirc.Node("Input", shape=[2]),
    ...         "fc": nirc.Node("Linear", weight=[[1.0, -0.5]]),
    ...         "lif": nirc.Node("LIF", tau=[0.02], r=[1.0], v_leak=[0.0], v_threshold=[0.5]),
    ...         "output": nirc.Node("Output", shape=[1]),
    ...     },
    ...     [("input", "fc"), ("fc", "lif"), ("lif", "output")],
    ... )
    >>> print(graph)
    Graph of 4 nodes, 3 edges
    node    type    parameters
    input   Input   shape=[2]
    fc      Linear  weight=[[ 1. , -0.5]]
    lif     LIF     tau=[0.02], r=[1.], v_leak=[0.], v_threshold=[0.5]
    output  Output  shape=[1]
    """

    nodes: Dict[str, Node]
    edges: List[Tuple[str, str]]
    metadata: Dict[str, Any]
    version: str

    def __init__(
        self,
        nodes: Optional[Mapping[str, Node]] = None,
        edges: Iterable[Tuple[str, str]] = (),
        metadata: Optional[Mapping[str, Any]] = None,
        version: str = "",
    ):
        self.nodes = dict(nodes or {})
        self.edges = [(source, target) for source, target in edges]
        self.metadata = dict(metadata or {})
        self.version = version

    def __getitem__(self, name: str) -> Node:
        try:
            return self.nodes[name]
        except KeyError:
            node = self._inner(name)
            if node is None:
                raise KeyError(f"no node is called {name!r}, there are {', '.join(self.nodes)}") from None
            return node

    def _inner(self, path: str) -> Optional[Node]:
        """The node at "encoder.lif1"."""
        for at, letter in enumerate(path):
            group = self.nodes.get(path[:at]) if letter == "." else None
            if group is not None and group.graph is not None:
                rest = path[at + 1 :]
                found = group.graph.nodes.get(rest) or group.graph._inner(rest)
                if found is not None:
                    return found
        return None

    def __setitem__(self, name: str, node: Node) -> None:
        if not isinstance(node, Node):
            raise TypeError(f"found a {type(node).__name__}, expected a nirc.Node")
        self.nodes[name] = node

    def __delitem__(self, name: str) -> None:
        del self.nodes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Graph):
            return NotImplemented
        return (
            list(self.nodes) == list(other.nodes)
            and self.nodes == other.nodes
            and self.edges == other.edges
            and _same(self.metadata, other.metadata)
        )

    __hash__ = None  # type: ignore[assignment]

    def save(self, path: Path) -> None:
        """Writes a .nir file: see :func:`nirc.write`."""
        write(path, self)

    def to_nir(self) -> Any:
        """The same as a ``nir.NIRGraph`` of the official library, which has to be there: ``pip install nir``."""
        return _to_official(self)

    @staticmethod
    def from_nir(graph: Any) -> "Graph":
        """Of a ``nir.NIRGraph`` of the official library."""
        return _from_official(graph)

    def _tree(self, deep: int = 0) -> Tuple[Any, ...]:
        if deep > 100:
            raise RecursionError("subgraphs are more than 100 deep")
        nodes = []
        for name, node in self.nodes.items():
            inner = getattr(node, "graph", None)
            if not isinstance(node, Node) or (inner is not None) != (node.type == "NIRGraph"):
                raise TypeError(f"node {name!r}: expected a nirc.Node, with a graph if and only if it is a NIRGraph")
            if inner is not None and not isinstance(inner, Graph):
                raise TypeError(f"node {name!r}: its graph is a {type(inner).__name__}, expected a nirc.Graph")
            tree = inner._tree(deep + 1) if inner is not None else None
            nodes.append((name, node.type, node.params, node.metadata, tree))
        return (self.version, nodes, [tuple(edge) for edge in self.edges], self.metadata)

    @staticmethod
    def _of(tree: Tuple[Any, ...]) -> "Graph":
        version, nodes, edges, metadata = tree
        made: Dict[str, Node] = {}
        for name, type_, params, facts, inner in nodes:
            node = Node(type_, metadata=facts, graph=Graph._of(inner) if inner is not None else None)
            node.params.update(params)
            made[name] = node
        return Graph(made, edges, metadata, version)

    def _rows(self) -> List[Tuple[str, str, str]]:
        rows = []
        for name, node in self.nodes.items():
            given = ", ".join(f"{key}={_short(value)}" for key, value in node.params.items())
            if node.graph is not None:
                given = f"{len(node.graph)} nodes, {len(node.graph.edges)} edges"
            rows.append((name, node.type, given))
        return rows

    def __repr__(self) -> str:
        return f"<nirc.Graph of {len(self.nodes)} nodes, {len(self.edges)} edges>"

    def __str__(self) -> str:
        head = f"Graph of {len(self.nodes)} nodes, {len(self.edges)} edges"
        return head + "\n" + text_table(("node", "type", "parameters"), self._rows())

    def _repr_html_(self) -> str:
        from ._picture import graph_svg

        rows = [(*row, ", ".join(t for s, t in self.edges if s == row[0])) for row in self._rows()]
        return graph_svg(self) + table(("node", "type", "parameters", "goes to"), rows)


def read(path: Path) -> Graph:
    """The graph in a .nir, .mlir or .mlirbc file, as it is there.

    :raises nirc.errors.FileError: where it cannot be read or is not a model
    :raises nirc.errors.ModelError: where it holds what NIR does not have

    Arrays are views of the memory that the file was read to, and cannot be written. A damaged file
    is an error; it is read by a process of its own.
    """
    return Graph._of(_nirc.read(path_of(path)))


def write(path: Path, graph: Any) -> None:
    """Writes a graph, or a ``nir.NIRGraph``, as a .nir file of NIR 1.0.8, whole or not at all.

    What is written reads back equal: names, order, dtypes, shapes, bits, metadata.
    """
    _nirc.write(path_of(path), graph_of(graph)._tree())


def graph_of(model: Any) -> Graph:
    """A graph, whatever holds it: nirc's own or the official library's."""
    if isinstance(model, Graph):
        return model
    if type(model).__name__ == "NIRGraph" and hasattr(model, "edges"):
        return _from_official(model)
    raise TypeError(f"found a {type(model).__name__}, expected a path, a nirc.Graph or a nir.NIRGraph")


#: What the official library calls shapes: one for each port of a node.
_TYPES = {"Input": "input_type", "Output": "output_type"}


def _from_official(given: Any) -> Graph:
    nodes: Dict[str, Node] = {}
    for name, node in given.nodes.items():
        kind = type(node).__name__
        facts = dict(getattr(node, "metadata", None) or {})
        if kind == "NIRGraph":
            nodes[name] = Node(kind, graph=_from_official(node), metadata=facts)
            continue
        made = Node(kind, metadata=facts)
        if kind in _TYPES:
            made.shape = np.asarray(next(iter(getattr(node, _TYPES[kind]).values())), "int64")
        else:
            for key, value in vars(node).items():
                if key in ("input_type", "output_type", "metadata") or value is None:
                    continue
                setattr(made, key, value)
            if kind == "Flatten" and node.input_type.get("input") is not None:
                made.input_type = np.asarray(node.input_type["input"], "int64")
        nodes[name] = made
    return Graph(nodes, given.edges, getattr(given, "metadata", None) or {})


def _to_official(graph: Graph) -> Any:
    import nir

    nodes = {}
    for name, node in graph.nodes.items():
        if node.graph is not None:
            nodes[name] = _to_official(node.graph)
            continue
        params: Dict[str, Any] = {}
        for key, value in node.params.items():
            if isinstance(value, np.ndarray) and value.dtype.kind in "iu" and value.size <= 2:
                plain = value.tolist()  # strides, paddings and the like
                params[key] = tuple(plain) if isinstance(plain, list) else plain
            else:
                params[key] = value
        if node.type in _TYPES:
            port = "input" if node.type == "Input" else "output"
            params = {_TYPES[node.type]: {port: np.asarray(node.shape)}}
        elif node.type == "Flatten":
            params["input_type"] = {"input": node.params.get("input_type")}
        made = getattr(nir, node.type)(**params)
        if node.metadata:
            made.metadata = dict(node.metadata)
        nodes[name] = made
    out = nir.NIRGraph(nodes=nodes, edges=list(graph.edges))
    out.metadata = dict(graph.metadata)
    return out
