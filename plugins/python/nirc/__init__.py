"""nirc: spiking neural networks in NIR, run fast and truthfully on anything.

>>> import nirc, numpy
>>> network = nirc.compile("examples/two-layers.nir", dt=1e-3)
>>> network(numpy.load("examples/two-layers.npy"))
<nirc.Result output [300, 3] 132 spikes>

``nirc.read`` and ``nirc.write`` take and give graphs; ``nirc.compile`` makes a network of one, under
named choices; ``nirc.check`` says what is wrong with a model, ``nirc.compare`` how far two results are
apart, and ``nirc.match`` whose spikes they are. ``nirc.plot``, ``nirc.torch`` and ``nirc.brian2`` need
Matplotlib, PyTorch and Brian2.
"""

from __future__ import annotations

import os
from typing import Any, Dict, List, NamedTuple, Union

from . import _nirc, errors
from ._analysis import (
    Candidate,
    CheckReport,
    Comparison,
    Divergence,
    MatchReport,
    TraceDifference,
    check,
    compare,
    match,
)
from ._graph import Graph, Node, path_of, read, write
from ._network import CoreMap, Events, Network, Port, Report, Result, Session, compile, load
from .errors import AdviceWarning, Diagnostic, NircError

__version__: str = _nirc.version
_nirc.load_backends()


class Preset(NamedTuple):
    """A named bundle of choices."""

    name: str
    summary: str
    choices: str = ""  #: what differs from "nir"
    source: str = ""  #: the version of the platform that was read


def targets() -> Dict[str, Dict[str, Any]]:
    """What there is to compile for: name, summary, primitives, dtypes, artifacts, options.

    >>> import nirc
    >>> "cpu" in nirc.targets()
    True
    """
    return {one["name"]: one for one in _nirc.targets()}


def load_backend(path: Union[str, "os.PathLike[str]"]) -> None:
    """Adds a chip of others, a library or a JSON file: its target, formats and semantics.

    A library is code that this process then executes: load what you trust. Those that NIRC_BACKENDS
    names, with colons between them, are loaded when nirc is imported.

    >>> import nirc
    >>> nirc.load_backend("examples/chip-file/pocket.json")
    >>> "pocket" in nirc.targets()
    True
    """
    _nirc.load_backend(path_of(path))


def semantics() -> Dict[str, Preset]:
    """The presets of what a step computes, each reproducing a platform's numbers.

    >>> import nirc
    >>> nirc.semantics()["norse"].name
    'norse'
    """
    return {fields[0]: Preset(*fields) for fields in _nirc.presets()}


def formats() -> Dict[str, Preset]:
    """The presets of number formats.

    >>> import nirc
    >>> "int8" in nirc.formats()
    True
    """
    return {fields[0]: Preset(*fields) for fields in _nirc.formats()}


__all__: List[str] = [
    "AdviceWarning",
    "Candidate",
    "CheckReport",
    "Comparison",
    "CoreMap",
    "Diagnostic",
    "Divergence",
    "Events",
    "Graph",
    "MatchReport",
    "Network",
    "NircError",
    "Node",
    "Port",
    "Preset",
    "Report",
    "Result",
    "Session",
    "TraceDifference",
    "check",
    "compare",
    "compile",
    "errors",
    "formats",
    "load",
    "load_backend",
    "match",
    "read",
    "semantics",
    "targets",
    "write",
]
