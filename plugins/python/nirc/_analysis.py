"""What is wrong with a model, how far results are apart, and whose spikes they are."""

from __future__ import annotations

import os
import warnings
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np

from . import _nirc
from ._graph import Array, Graph, graph_of, path_of
from ._html import table, text_table
from ._network import Arrays, Result, model_of, seconds
from .errors import AdviceWarning, Diagnostic


class CheckReport:
    """What :func:`check` found. True where the model has no error."""

    def __init__(self, name: str, fields: Tuple[Any, ...]):
        ok, diagnostics, notes, totals = fields
        self.name = name
        self.ok: bool = ok
        self.diagnostics = [Diagnostic(*one) for one in diagnostics]
        #: Who wrote it, and in what it counts time, as far as that can be seen.
        self.notes = [Diagnostic(*one) for one in notes]
        #: nodes, edges, neurons and parameters; None where the graph is not sound
        self.totals: Optional[Dict[str, int]] = totals

    def __bool__(self) -> bool:
        return self.ok

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.diagnostics)

    @property
    def errors(self) -> List[Diagnostic]:
        return [one for one in self.diagnostics if one.severity == "error"]

    def __repr__(self) -> str:
        return f"<nirc.CheckReport {'ok' if self.ok else 'not ok'}, {len(self.diagnostics)} diagnostics>"

    def __str__(self) -> str:
        head = f"{self.name}: {'ok' if self.ok else 'not ok'}"
        if self.totals:
            head += ", " + ", ".join(
                f"{count} {what[:-1] if count == 1 else what}" for what, count in self.totals.items()
            )
        return "\n".join([head, *map(str, self.diagnostics), *map(str, self.notes)])

    def _repr_html_(self) -> str:
        rows = [(one.severity, one.node, one.message, one.code) for one in [*self.diagnostics, *self.notes]]
        return table(("", "node", "message", "code"), rows, str(self).splitlines()[0])


def check(
    model: Any,
    *,
    dt: Union[float, str, None] = None,
    semantics: Optional[str] = None,
    time_unit: Optional[str] = None,
    accept: Sequence[str] = (),
) -> CheckReport:
    """What is wrong with a model, and what there is to know of running it.

    :param model: a path, a :class:`nirc.Graph` or a ``nir.NIRGraph``
    :param dt: a step [s]: also what such steps make of it

    >>> import nirc
    >>> report = nirc.check("examples/two-layers.nir", dt=1e-3)
    >>> report.ok, report.totals["neurons"]
    (True, 23)
    """
    is_path = isinstance(model, (str, os.PathLike))
    name = os.fsdecode(model) if is_path else "graph"
    subject = path_of(model) if is_path else graph_of(model)._tree()
    printed = os.fsencode(name).decode(errors="replace")
    fields = _nirc.check(subject, printed, seconds(dt), semantics or "", time_unit or "", list(accept))
    return CheckReport(name, fields)


class Divergence(NamedTuple):
    """Where two traces differ first: the earliest step, in it the first sample, its first element."""

    sample: int
    step: int
    element: int  #: row-major in the node's shape
    base: float
    other: float


class TraceDifference(NamedTuple):
    """One quantity of one node on both sides."""

    node: str
    observable: str
    shape: Tuple[int, ...]  #: of the node
    is_spikes: bool
    unequal: int  #: values that differ
    first: Optional[Divergence]
    spikes: Tuple[float, float]  #: of both sides
    van_rossum: Optional[float]  #: with a filter of 10 ms
    victor_purpura: Optional[float]  #: with q = 100 /s
    cosine: float  #: of spikes between the numbers of spikes of each neuron
    largest: float  #: absolute difference of two values


class Comparison:
    """What :func:`compare` found. True where all that both sides have is equal."""

    def __init__(self, fields: Tuple[Any, ...]):
        equal, traces, self.only_in_base, self.only_in_other = fields
        self.equal: bool = equal
        self.traces: List[TraceDifference] = []
        for one in traces:
            first = one.pop("first")
            self.traces.append(TraceDifference(first=Divergence(*first) if first else None, **one))

    def __bool__(self) -> bool:
        return self.equal

    def _rows(self) -> List[Sequence[Any]]:
        rows: List[Sequence[Any]] = []
        for one in self.traces:
            place = f"step {one.first.step}, sample {one.first.sample}, element {one.first.element}" if one.first else ""
            both = f"{one.spikes[0]:.0f}, {one.spikes[1]:.0f}" if one.is_spikes else ""
            rows.append((one.node, one.observable, one.unequal, place, both, f"{one.largest:.4g}"))
        return rows

    _columns = ("node", "observable", "unequal", "first", "spikes", "largest difference")

    def __repr__(self) -> str:
        return f"<nirc.Comparison {'equal' if self.equal else 'not equal'}, {len(self.traces)} traces>"

    def __str__(self) -> str:
        return text_table(self._columns, self._rows())

    def _repr_html_(self) -> str:
        return table(self._columns, self._rows(), "equal" if self.equal else "not equal")


def _side(side: Any, batched: bool) -> Tuple[float, List[Tuple[str, str, Array]]]:
    if isinstance(side, (str, os.PathLike)):
        dt, traces, _ = _nirc.read_result(path_of(side))
        return dt, [(node, observable, array) for node, observable, array, _ in traces]
    if isinstance(side, Result):
        traces = []
        for key, port in side.ports().items():
            array = side.by_sample(key)
            traces.append((port.node, port.observable, array.reshape(*array.shape[:2], *port.shape)))
        return side.dt, traces
    given = side if isinstance(side, Mapping) else {"output": side}
    traces = []
    for key, value in given.items():
        array = np.asarray(value)
        node, dot, observable = key.rpartition(".")
        whole = np.isin(array, (0, 1)).all() if array.dtype.kind == "f" else True
        kind = observable if dot else "spikes" if whole else "value"
        traces.append((node if dot else key, kind, array if batched else array[None]))
    return 0.0, traces


def compare(base: Any, other: Any, *, tolerance: float = 0.0, batched: bool = False) -> Comparison:
    """How far two recordings are apart, trace by trace.

    :param base: a :class:`nirc.Result`; the path of results that nirc or another program saved; an
        array; or a dict of arrays by node or "node.observable"
    :param other: the same
    :param tolerance: by which values may differ; spikes may not
    :param batched: of arrays: whether they are (batch, T, ...) and not (T, ...)
    :raises nirc.errors.ResultError: where the two have no trace in common, or differ in their extent

    >>> import nirc, numpy
    >>> x = numpy.load("examples/two-layers.npy")
    >>> a = nirc.compile("examples/two-layers.nir", dt=1e-3)(x)
    >>> b = nirc.compile("examples/two-layers.nir", dt=1e-3, semantics="nir,reset=subtract")(x)
    >>> nirc.compare(a, a).equal, nirc.compare(a, b).equal
    (True, False)
    """
    if not tolerance >= 0.0:
        raise ValueError(f"found a tolerance of {tolerance}, expected 0 or more")
    dt, first = _side(base, batched)
    dt_other, second = _side(other, batched)
    step = dt or dt_other
    return Comparison(_nirc.compare((dt or step, first), (dt_other or step, second), tolerance))


class Candidate(NamedTuple):
    """A semantics, and how it did."""

    semantics: str
    preset: str
    changed: str  #: the one choice that is not the preset's
    refusal: str  #: why it does not run; empty where it does
    shift: int  #: steps by which the recordings come later than its run
    matches: bool = False
    expected: float = 0.0  #: spikes that are expected
    agree: float = 0.0  #: of them those that the run has
    extra: float = 0.0  #: spikes of the run alone
    values: int = 0  #: that were compared, where they are no spikes
    unequal: int = 0
    largest: float = 0.0
    first: Any = None
    undecided: Sequence[str] = ()  #: choices that these recordings do not decide


class MatchReport:
    """What :func:`match` found. True where a semantics reproduces all of what was recorded."""

    def __init__(self, fields: Tuple[Any, ...]):
        self.matches, self.best, candidates, refused, self.target, self.dtype = fields
        self.candidates = [Candidate(**one) for one in candidates]
        self.refused = [Candidate(**one) for one in refused]

    matches: bool
    best: List[str]  #: the semantics that do as well as the first

    def __bool__(self) -> bool:
        return self.matches

    @property
    def semantics(self) -> str:
        """The best one."""
        return self.best[0] if self.best else ""

    _columns = ("semantics", "spikes that agree", "extra", "values unequal", "steps late", "reproduces")

    def _rows(self) -> List[Sequence[Any]]:
        return [
            (
                one.semantics,
                f"{one.agree:.0f} of {one.expected:.0f}",
                f"{one.extra:.0f}",
                f"{one.unequal} of {one.values}" if one.values else "",
                one.shift,
                "all" if one.matches else "",
            )
            for one in self.candidates[:20]
        ]

    def __repr__(self) -> str:
        return f"<nirc.MatchReport {'found' if self.matches else 'best'}: {', '.join(self.best[:4])}>"

    @property
    def _said(self) -> str:
        if not self.matches:
            return f"No semantics reproduces all of it; the best is {self.semantics or 'none'}."
        if len(self.best) == 1:
            return f"{self.semantics} reproduces all of it."
        return f"This recording cannot tell these apart, each reproduces all of it: {', '.join(self.best)}."

    def __str__(self) -> str:
        return text_table(self._columns, self._rows()) + "\n" + self._said

    def _repr_html_(self) -> str:
        return table(self._columns, self._rows(), self._said)


def match(
    model: Any,
    x: Arrays,
    expected: Any,
    *,
    dt: Union[float, str, None] = None,
    layout: str = "auto",
    max_shift: int = 3,
    tolerance: Optional[float] = None,
    vary: Optional[int] = None,
    time_unit: Optional[str] = None,
) -> MatchReport:
    """Which semantics gives these spikes: whose simulator they are from.

    :param model: a path, a :class:`nirc.Graph` or a ``nir.NIRGraph``
    :param x: what drove it, as for a :class:`Network`
    :param expected: what was recorded: an array of the only Output, or a dict of arrays by node, or
        "node.v"; (T, ...) or (batch, T, ...)
    :param dt: a step [s]
    :param max_shift: steps by which a recording may be early or late
    :param tolerance: of values; None: 1e-5 of the largest
    :param vary: change single choices of so many presets, the best; None: as many as it takes

    >>> import nirc, numpy
    >>> x = numpy.load("examples/two-layers.npy")
    >>> run = nirc.compile("examples/two-layers.nir", dt=1e-3, semantics="snntorch")(x)
    >>> "snntorch" in nirc.match("examples/two-layers.nir", x, run.output, dt=1e-3).best
    True
    """
    given = expected if isinstance(expected, Mapping) else {"": expected}
    sources = []
    opened = model_of(model, time_unit)
    nodes = Graph._of(opened.tree()).nodes
    for key, value in given.items():
        node, dot, observable = key.rpartition(".")
        if not dot or key in nodes:
            node, observable = key, ""
        sources.append((node, observable, np.asarray(value)))
    if sources and not any(array.any() for _, _, array in sources):
        said = "the recording has nothing but zeros, which every semantics gives under which the network is silent"
        warnings.warn(said, AdviceWarning, stacklevel=2)
    fields = _nirc.match(opened, x, sources, seconds(dt), layout, max_shift, tolerance, vary)
    return MatchReport(fields)
