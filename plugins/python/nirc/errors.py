"""What nirc raises.

Every error is a :class:`NircError` and belongs to a group: :class:`UsageError` (arguments; also a
``ValueError``), :class:`FileError`, :class:`ModelError`, :class:`TimeError`, :class:`InputError`,
:class:`ResultError`, :class:`TargetError` and :class:`InternalError`. Below each there is a class
for each cause, named as its code: ``no-step`` is ``nirc.errors.NoStep``. ``nirc explain`` and
docs/errors.md tell of all.

>>> import nirc
>>> try:
...     nirc.read("nowhere.nir")
... except nirc.errors.FileError as error:
...     print(type(error).__name__, error.code, error.file)
CannotRead cannot-read nowhere.nir
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, NamedTuple, Tuple, Type

from . import _nirc


class Diagnostic(NamedTuple):
    """One thing that nirc has to say of a model: an error, a warning or a note."""

    severity: str  #: "error", "warning" or "note"
    code: str  #: "no-step"; of advice its name
    message: str
    node: str  #: path of the node, "encoder.lif1"; empty where it is about none
    file: str
    notes: List[Tuple[str, str]]  #: (node or "", text): a second place, or the fix
    text: str  #: all of it, as the command line prints it

    def __str__(self) -> str:
        return _spoken(self.text) + (f" [{self.code}]" if self.code else "")


def _spoken(text: str) -> str:
    """Options of the command line are arguments here: "--time-unit" is time_unit=."""
    return re.sub(
        r"--([a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?![a-z0-9-])=?",
        lambda found: found[1].replace("-", "_") + "=",
        text,
    )


class NircError(Exception):
    """Something that nirc could not do: what was found, what was expected, and how to fix it."""

    code: str  #: of its cause, "no-step"
    message: str  #: without place and notes
    node: str
    file: str
    notes: List[Tuple[str, str]]
    diagnostic: Diagnostic
    kind: str  #: who is at fault: "input" (a file or data), "usage" (an argument) or "internal" (nirc)

    def __init__(self, diagnostic: Diagnostic, kind: str = "usage"):
        super().__init__(str(diagnostic).replace("error: ", "", 1))
        self.diagnostic = diagnostic
        self.kind = kind
        self.code = diagnostic.code
        self.message = diagnostic.message
        self.node = diagnostic.node
        self.file = diagnostic.file
        self.notes = diagnostic.notes

    def __reduce__(self) -> Any:
        return (_make, (self.kind, *self.diagnostic))

    def explain(self) -> str:
        """When this is said, why nirc does not go on, and what helps."""
        for code, _, summary, found, why, fix in _nirc.causes:
            if code == self.code:
                return f"{code}: {summary}\nfound  {found}\nwhy    {why}\nfix    {fix}"
        return ""


class UsageError(NircError, ValueError):
    """An argument, or several together, cannot be."""


class FileError(NircError):
    """A file cannot be read or written, or is not what it is taken for."""


class ModelError(NircError):
    """The network is not one that NIR describes."""


class TimeError(NircError):
    """Nothing says how long a step is or in what times are counted, or two things do."""


class InputError(NircError):
    """The data does not fit the network's inputs."""


class ResultError(NircError):
    """Results have no such recording, or cannot be compared."""


class TargetError(NircError):
    """The target does not take, hold or compute the network."""


class AdviceError(ModelError):
    """Advice that refuses the run, by its name as code: ``accept=[code]`` goes on all the same."""


class InternalError(NircError):
    """A fault of nirc itself."""


_GROUPS: Dict[str, Type[NircError]] = {
    "command line": UsageError,
    "files": FileError,
    "model": ModelError,
    "time": TimeError,
    "inputs": InputError,
    "results": ResultError,
    "targets": TargetError,
    "nirc": InternalError,
}
_CLASSES: Dict[str, Type[NircError]] = {}


def _define() -> None:
    for code, group, summary, *_ in _nirc.causes:
        name = "".join(word.capitalize() for word in code.split("-"))
        base = _GROUPS.get(group, NircError)
        text = summary[0].upper() + summary[1:] + "."
        made = type(name, (base,), {"__doc__": text, "__module__": __name__})
        _CLASSES[code] = globals()[name] = made


_define()


def __getattr__(name: str) -> Type[NircError]:
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _make(kind: str, *fields: Any) -> NircError:
    diagnostic = Diagnostic(*fields)
    return _CLASSES.get(diagnostic.code, AdviceError)(diagnostic, kind)


class AdviceWarning(UserWarning):
    """What there is to know of a network before it is run so: docs/advice.md.

    ``accept=["name"]`` says that it is known.
    """
