"""Networks that are compiled, their runs and their steps."""

from __future__ import annotations

import difflib
import json
import os
import warnings
from functools import cached_property
from typing import Any, Dict, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np

from . import _nirc
from ._graph import Array, Graph, Path, graph_of, path_of
from ._html import table, text_table
from .errors import AdviceWarning, Diagnostic, NircError

#: An array, or a dict of one for each Input.
Arrays = Union[Array, Mapping[str, Any], Any]
#: Trace of a result: "lif1", or "lif1.v".
Key = str


def model_of(model: Any, time_unit: Optional[str]) -> Any:
    """The library's own object of a path, a graph or a nir.NIRGraph."""
    if isinstance(model, (str, os.PathLike)):
        return _nirc.Model.open(path_of(model), time_unit or "")
    return _nirc.Model.of_tree(graph_of(model)._tree(), "graph", time_unit or "")


def seconds(dt: Union[float, str, None]) -> str:
    """As nirc takes it: "0.001", "1ms"; empty for None."""
    if dt is None:
        return ""
    return dt if isinstance(dt, str) else repr(float(dt))


def _settings(options: Mapping[str, Any]) -> Dict[str, str]:
    return {
        name.replace("_", "-"): "on" if value is True else str(value)
        for name, value in options.items()
        if value is not None and value is not False
    }


def _check_names(options: Mapping[str, Any], known: Iterable[str]) -> None:
    """An option that no target has is a slip of the pen."""
    of_targets = {name.replace("-", "_") for one in _nirc.targets() for name in one["options"]}
    for name in options:
        if name not in of_targets:
            near = difflib.get_close_matches(name, [*known, *of_targets], 1)
            raise TypeError(f"no choice is called {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))


def _record(text: str, model: Any) -> str:
    """ "lif1.v", as results have it, is "lif1:v" as well, where no node is called so."""
    node, dot, observable = text.rpartition(".")
    if dot and ":" not in text and not model.is_clocked:
        graph = Graph._of(model.tree())
        if graph._inner(text) is None and text not in graph.nodes:
            if node in graph.nodes or graph._inner(node) is not None:
                return f"{node}:{observable}"
    return text


def compile(
    model: Any,
    target: str = "cpu",
    *,
    semantics: Optional[str] = None,
    dt: Union[float, str, None] = None,
    format: Optional[str] = None,
    dtype: Optional[str] = None,
    record: Union[str, Sequence[str]] = (),
    calibrate: Optional[Arrays] = None,
    layout: str = "auto",
    balance_latency: bool = False,
    fold: str = "exact",
    accept: Sequence[str] = (),
    time_unit: Optional[str] = None,
    threads: int = 0,
    profile: bool = False,
    cache: bool = True,
    **options: Any,
) -> "Network":
    """Compiles a network, with every choice made.

    :param model: a path of a .nir, .mlir or .mlirbc file, a :class:`nirc.Graph`, or a
        ``nir.NIRGraph`` of the official library
    :param target: "cpu", "reference", "loihi2", ...: see :func:`nirc.targets`
    :param semantics: what a step computes: "snntorch-native", "norse,reset=subtract", ...
        (:func:`nirc.semantics`); None: the file's own, else "nir"
    :param dt: a step [s], or a text with its unit, "1ms"; None: the file's own
    :param format: integers of which kind: "int8", "loihi2,weight-bits=6", ...
        (:func:`nirc.formats`); None: floats
    :param dtype: of floats: "f32" or "f64"; None: the target's first
    :param record: what results have beside the outputs: "lif1.v", "lif1:v,spikes" or "all", one or
        several
    :param calibrate: an array or a dict of arrays as the network is called with, of which a format's
        ranges are found
    :param layout: of that: see :meth:`Network.__call__`
    :param balance_latency: delay what comes early in a pipelined network
    :param fold: which nodes become one: "exact" (where no bit changes), "all" or "none"
    :param accept: advice that is known, by name
    :param time_unit: in what the model counts time, where that cannot be seen: "s", "ms" or "steps"
    :param threads: 0: as many as there are cores. No result depends on it
    :param profile: measure what every node takes
    :param cache: keep machine code for the next process, as the command line does
    :param options: of the target, as the command line has them: ``neurons_per_core=64``
    :raises nirc.errors.NircError: see :mod:`nirc.errors`

    Advice on the network is a :class:`nirc.AdviceWarning`.

    >>> import nirc
    >>> network = nirc.compile("examples/two-layers.nir", dt=1e-3)
    >>> network
    <nirc.Network steps of 1 ms, semantics nir, target cpu in float32>
    """
    _check_names(options, compile.__kwdefaults__)
    try:
        opened = model_of(model, time_unit)
    except NircError as error:
        if error.code == "wrong-model":
            error.add_note("nirc.load executes what is compiled")
        raise
    plan = _nirc.Plan.make(
        opened,
        {
            "dt": seconds(dt),
            "semantics": semantics or "",
            "target": target,
            "dtype": dtype or "",
            "format": format or "",
            "fold": fold,
            "record": [_record(one, opened) for one in ([record] if isinstance(record, str) else record)],
            "accept": list(accept),
            "settings": _settings(options),
            "balance_latency": balance_latency,
            "calibrate": calibrate,
            "layout": layout,
        },
    )
    for fields in plan.advice:
        warnings.warn(str(Diagnostic(*fields)), AdviceWarning, stacklevel=2)
    program = _nirc.Program.compile(plan, profile, cache)
    network = Network(program, plan=plan, model=opened, threads=threads)
    network._explains_silence = "silent-network" not in accept
    return network


def load(path: Path, *, threads: int = 0, cache: bool = True, **options: Any) -> "Network":
    """A network from what :meth:`Network.save` or ``nirc compile`` wrote.

    A library of machine code is code that this process then executes: load what you trust.

    :param options: of the target, those that are of runs: ``emulate="host"``
    """
    _check_names(options, load.__kwdefaults__)
    program = _nirc.Program.load(path_of(path), _settings(options), cache)
    return Network(program, threads=threads)


class Port(NamedTuple):
    """An input, an output or a state of a network."""

    node: str
    observable: str  #: "v", "i"; "spikes" or "value" of outputs
    shape: Tuple[int, ...]  #: of a step
    dtype: str
    latency: int  #: steps behind the sequential network, where latency is balanced

    @property
    def key(self) -> str:
        return f"{self.node}.{self.observable}"


class Network:
    """A network compiled for a target. Call it with arrays to run it from silence.

    One thread at a time may call it; sessions are independent of it.
    """

    def __init__(self, program: Any, *, plan: Any = None, model: Any = None, threads: int = 0):
        self._program = program
        self._plan = plan
        self._model = model
        self._info = program.info
        self._explains_silence = False
        self.threads = threads

    @cached_property
    def inputs(self) -> Dict[str, Port]:
        """By node."""
        return {port[0]: _port(port) for port in self._info["inputs"]}

    @cached_property
    def outputs(self) -> Dict[str, Port]:
        """By node."""
        return {port[0]: _port(port) for port in self._info["outputs"]}

    @cached_property
    def states(self) -> Dict[str, Port]:
        """What a session reads and writes, as "lif1.v"."""
        return {_port(port).key: _port(port) for port in self._info["states"]}

    @cached_property
    def records(self) -> Dict[str, Port]:
        """What results have beside the outputs, as "lif1.v"."""
        return {_port(port).key: _port(port) for port in self._info["records"]}

    @property
    def dt(self) -> float:
        """A step [s]."""
        return self._info["dt"]

    @property
    def target(self) -> str:
        return self._info["target"]

    @property
    def semantics(self) -> str:
        return self._info["semantics"]

    @property
    def format(self) -> str:
        """Of integers; empty for floats."""
        return self._info["format"]

    @property
    def advice(self) -> List[Diagnostic]:
        """What there is to know of running the network so."""
        return [Diagnostic(*fields) for fields in self._plan.advice] if self._plan else []

    @property
    def graph(self) -> Optional[Graph]:
        """What it was compiled from; None for one that was loaded."""
        return Graph._of(self._model.tree()) if self._model and not self._model.is_clocked else None

    def __call__(
        self,
        x: Arrays,
        *,
        steps: int = 0,
        layout: str = "auto",
        threads: Optional[int] = None,
    ) -> "Result":
        """Runs the network on a whole recording, every sample from silence.

        :param x: (T, ...) or (batch, T, ...) for the only Input, or a dict of such arrays by node. The
            shape of a step may be flat. Numbers of any dtype; C-contiguous ones are used in place.
        :param steps: 0: as many as x has; past its end inputs are 0
        :param layout: "auto"; or "TN", "BTN", "TBN" (steps before samples, as Norse and snnTorch have
            it: results are then so, too)
        :raises nirc.errors.InputError: where an array does not fit

        Other threads of Python run meanwhile, and Ctrl-C ends it.

        >>> import nirc, numpy
        >>> network = nirc.compile("examples/two-layers.nir", dt=1e-3)
        >>> result = network(numpy.load("examples/two-layers.npy"))
        >>> result.output.dtype, result.output.shape
        (dtype('uint8'), (300, 3))
        >>> int(result.output.sum())
        132
        """
        traces, times, silence = self._program.run(
            self._plan if self._explains_silence else None,
            x,
            steps,
            self.threads if threads is None else threads,
            layout,
        )
        if silence is not None:
            self._explains_silence = False  # once: it runs the network again
            warnings.warn(str(Diagnostic(*silence)), AdviceWarning, stacklevel=2)
        return Result(self, traces, times, layout)

    run = __call__

    def session(self, batch: int = 1) -> "Session":
        """The network before its first step, to be advanced a step at a time."""
        return Session(self, batch)

    def report(self) -> "Report":
        """What was chosen, what the compiler made of it, and what the last run took."""
        return Report(self)

    def save(self, path: Path) -> None:
        """As a file, or a folder, that :func:`nirc.load` and ``nirc run`` take on a machine like this."""
        self._program.save(path_of(path))

    def emit(
        self, kind: str = "", folder: Path = ".", *, name: str = "", cpu: str = "", triple: str = ""
    ) -> List[str]:
        """Writes an artifact of the target into a folder: "c", "shared", "verilog", ...

        :returns: the paths of the files
        """
        files, summary, _ = self._need_plan("emit").emit(kind, name, cpu, triple)
        written = []
        for file, content in files:
            path = os.path.join(os.fspath(folder), file)
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            _nirc.write_file(path_of(path), content)
            written.append(path)
        return written

    def map(self, share_cores: bool = True) -> "CoreMap":
        """Which core of the target computes what."""
        return CoreMap(self._need_plan("map").map(share_cores))

    def _need_plan(self, what: str) -> Any:
        if self._plan is None:
            raise TypeError(f"{what}: the network was loaded, not compiled here, so all of it is in its file")
        return self._plan

    def __reduce__(self) -> Any:
        raise TypeError(
            "a compiled network cannot be pickled or copied: save() it and nirc.load() it, or compile its graph again"
        )

    def __repr__(self) -> str:
        return f"<nirc.Network {self._info['text']}>"

    def _repr_html_(self) -> str:
        rows = [
            (kind, port.node, list(port.shape), port.observable, port.dtype)
            for kind, ports in (("input", self.inputs), ("output", self.outputs))
            for port in ports.values()
        ]
        return table(("", "node", "shape of a step", "", "dtype"), rows, self._info["text"])


def _port(fields: Tuple[Any, ...]) -> Port:
    node, observable, shape, dtype, latency = fields
    return Port(node, observable, tuple(shape), dtype, latency)


class Events(NamedTuple):
    """Spikes as a list, in the order of sample, step and neuron."""

    sample: Array
    step: Array
    neuron: Array  #: row-major in the shape of the node
    spikes: Array  #: how many in that step
    time: Array  #: [s]: the start of the step, or the spike's own where the run knows it


class Result(Mapping[Key, Array]):
    """What a run gave: a dict of arrays, "output" for an Output and "lif1.v" for a record.

    Arrays are (T, ...), or (batch, T, ...) of several samples, or (T, batch, ...) where the layout was
    "TBN". Spikes are uint8, counts of spikes int32, values float32 or float64.
    """

    def __init__(self, network: Network, traces: Any, times: Any, layout: str):
        self.dt = network.dt
        self.network: Optional[Network] = network  #: that gave it; None in a copy
        self.layout = layout
        self._times = {node: rest for node, *rest in times}
        self._text = network._info["text"]
        self._outputs = outputs = [port[0] for port in network._info["outputs"]]
        self._arrays: Dict[str, Array] = {}
        self._ports: Dict[str, Port] = {}
        shapes: Dict[Tuple[str, str], Tuple[int, ...]] = {
            (port[0], port[1]): tuple(port[2])
            for kind in ("outputs", "records", "states")
            for port in network._info[kind]
        }
        for i, (node, observable, array, latency) in enumerate(traces):
            key = node if i < len(outputs) else f"{node}.{observable}"
            others = (s for (n, _), s in shapes.items() if n == node)
            shape = shapes.get((node, observable), next(others, tuple(array.shape[1:])))
            self.batched = array.ndim == len(shape) + 2
            if layout == "TBN":
                array = array.swapaxes(0, 1)
            self._arrays[key] = array
            self._ports[key] = Port(node, observable, shape, str(array.dtype), latency)

    def __getitem__(self, key: Key) -> Array:
        try:
            return self._arrays[key]
        except KeyError:
            raise KeyError(f"no {key!r} was recorded, there are {', '.join(self._arrays)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    @property
    def output(self) -> Array:
        """Of the only Output."""
        if len(self._outputs) != 1:
            raise KeyError(f"there are {len(self._outputs)} outputs: {', '.join(self._outputs)}")
        return self._arrays[self._outputs[0]]

    def __getstate__(self) -> Dict[str, Any]:
        """In a pickle or a copy it has no network."""
        return {**self.__dict__, "network": None}

    def __array__(self, dtype: Any = None) -> Array:
        return np.asarray(self.output, dtype)

    def ports(self) -> Dict[str, Port]:
        """What each array is of."""
        return dict(self._ports)

    def is_spikes(self, key: Key) -> bool:
        """Whether a trace is of spikes, and not of a state or a value."""
        return self._ports[key].observable == "spikes"

    def by_sample(self, key: Key) -> Array:
        """As (batch, T, elements), whatever the layout."""
        array = self[key]
        if not self.batched:
            array = array[None]
        elif self.layout == "TBN":
            array = array.swapaxes(0, 1)
        return array.reshape(*array.shape[:2], -1)

    def events(self, key: Optional[Key] = None) -> Events:
        """The spikes of a trace as a list; of the only Output where no key is given."""
        key = key or next(k for k in self._arrays if self.is_spikes(k))
        node = self._ports[key].node
        if node in self._times:
            sample, neuron, time = self._times[node]
            step = np.floor(time / self.dt).astype("int64")
            return Events(sample, step, neuron, np.ones(len(time), "int64"), time)
        array = self.by_sample(key)
        sample, step, neuron = np.nonzero(array)
        return Events(sample, step, neuron, array[sample, step, neuron].astype("int64"), step * self.dt)

    def spike_counts(self) -> Dict[str, int]:
        """All spikes of each trace that has them."""
        return {key: int(array.sum(dtype="int64")) for key, array in self._arrays.items() if self.is_spikes(key)}

    def to_dataframe(self, *, events: bool = False) -> Any:
        """As a pandas.DataFrame.

        :param events: False: a row for each step (and sample), a column for each element of each trace.
            True: a row for each spike: sample, step, time [s], node, neuron, spikes
        """
        import pandas

        if events:
            parts = []
            for key in self._arrays:
                if self.is_spikes(key):
                    found = self.events(key)
                    parts.append(pandas.DataFrame({"node": self._ports[key].node, **found._asdict()}))
            columns = ["sample", "step", "time", "node", "neuron", "spikes"]
            return pandas.concat(parts, ignore_index=True)[columns] if parts else pandas.DataFrame(columns=columns)
        blocks = {key: self.by_sample(key) for key in self._arrays}
        samples, steps = next(iter(blocks.values())).shape[:2]
        columns = pandas.MultiIndex.from_tuples(
            [(key, i) for key, block in blocks.items() for i in range(block.shape[2])],
            names=["trace", "element"],
        )
        index = pandas.MultiIndex.from_product([range(samples), range(steps)], names=["sample", "step"])
        if not self.batched:
            index = pandas.RangeIndex(steps, name="step")
        frame = pandas.concat(
            [pandas.DataFrame(block.reshape(samples * steps, -1)) for block in blocks.values()], axis=1
        )
        frame.columns, frame.index = columns, index
        return frame

    def _rows(self) -> List[Sequence[Any]]:
        rows: List[Sequence[Any]] = []
        for key, array in self._arrays.items():
            if self.is_spikes(key):
                said = f"{int(array.sum(dtype='int64'))} spikes"
            else:
                said = f"{array.min():.4g} to {array.max():.4g}" if array.size else "empty"
            rows.append((key, str(list(array.shape)), str(array.dtype), said))
        return rows

    def __repr__(self) -> str:
        return "<nirc.Result " + "; ".join(f"{key} {shape} {said}" for key, shape, _, said in self._rows()) + ">"

    def __str__(self) -> str:
        return text_table(("trace", "shape", "dtype", "holds"), self._rows())

    def _repr_html_(self) -> str:
        return table(("trace", "shape", "dtype", "holds"), self._rows(), self._text)


class Session:
    """A network in execution, a step at a time; ``batch`` samples go together.

    Arrays have the shape of a step, with the samples before it where there are several. A session is
    for one thread, and may outlive its network.

    >>> import nirc, numpy
    >>> session = nirc.compile("examples/two-layers.nir", dt=1e-3).session()
    >>> x, y = numpy.load("examples/two-layers.npy"), numpy.empty(3, "uint8")
    >>> sum(int(session.step(row, y).sum()) for row in x)
    132
    >>> session.steps_done
    300
    """

    def __init__(self, network: Network, batch: int = 1):
        self.network = network
        self._core = _nirc.Session.start(network._program, batch)
        #: ``step(x=None, out=None)``: drives the only Input with x (None: as before), advances, and
        #: returns what the only Output gives, in ``out`` where that is given. Float32 and float64,
        #: int8, int32, int64, uint8 and bool arrays with their numbers in a row are used in place.
        self.step = self._core.step
        #: ``advance(count=1)``: steps with what is bound.
        self.advance = self._core.advance

    def reset(self) -> None:
        """Back to before the first step."""
        self._core.reset()

    def snapshot(self) -> bytes:
        """All that steps change, for :meth:`restore` in this process."""
        return self._core.snapshot()

    def restore(self, snapshot: bytes) -> None:
        """Back to where a session of this network, with this batch, was when it made the snapshot."""
        self._core.restore(snapshot)

    @property
    def batch(self) -> int:
        return self._core.batch

    @property
    def steps_done(self) -> int:
        return self._core.steps_done

    @property
    def time(self) -> float:
        """Since the first step [s]."""
        return self.steps_done * self.network.dt

    def bind(
        self,
        inputs: Mapping[str, Array] = {},
        outputs: Mapping[str, Array] = {},
        states: Mapping[str, Array] = {},
    ) -> None:
        """Arrays that every ``advance`` reads inputs from, and writes outputs and states to.

        They take the place of those bound before, and are used in place: C-contiguous, of a dtype that
        ``step`` takes. The session keeps them alive.

        >>> import nirc, numpy
        >>> session = nirc.compile("examples/two-layers.nir", dt=1e-3).session()
        >>> x, y = numpy.zeros(12, "f4"), numpy.zeros(3, "u1")
        >>> v = numpy.zeros(session.network.states["lif1.v"].shape)
        >>> session.bind({"input": x}, {"output": y}, {"lif1.v": v})
        >>> for row in numpy.load("examples/two-layers.npy"):
        ...     x[:] = row
        ...     session.advance()
        >>> numpy.array_equal(v, session.state("lif1.v"))
        True
        """
        named = [(*self._split(key), array) for key, array in states.items()]
        self._core.bind(dict(inputs), dict(outputs), named)

    def run(self, x: Arrays, *, layout: str = "auto", record: Sequence[str] = ()) -> Result:
        """Steps through a whole recording, from where the session is.

        :param x: as for a :class:`Network`, with the session's batch
        :param record: states of every step, "lif1.v", float32
        """
        traces, times = self._core.run(x, layout, [self._split(key) for key in record])
        return Result(self.network, traces, times, layout)

    def output(self, node: Optional[str] = None) -> Array:
        """Of the last step; before the first one 0."""
        return self._core.output(self._only(self.network.outputs, node))

    def events(self, node: Optional[str] = None) -> Any:
        """The elements of an output that are not 0 in the last step; of several samples a list."""
        found = self._core.events(self._only(self.network.outputs, node))
        return found[0] if self.batch == 1 else found

    def state(self, key: str) -> Array:
        """A copy of a state, "lif1.v", float64; of a network of integers what they stand for."""
        return self._core.state(*self._split(key))

    def set_state(self, key: str, values: Any) -> None:
        """What a state is before the next step: an array, or one number for all."""
        node, observable = self._split(key)
        port, shape = self.network.states[key], np.shape(values)
        whole = port.shape if self.batch == 1 else (self.batch, *port.shape)
        fits = all(a in (1, b) for a, b in zip(reversed(shape), reversed(whole))) and len(shape) <= len(whole)
        if not fits:
            raise ValueError(f"state {key!r}: found an array of shape {list(shape)}, expected {list(whole)}")
        self._core.write_state(node, observable, values)

    def _split(self, key: str) -> Tuple[str, str]:
        ports = self.network.states
        if key not in ports:
            raise KeyError(f"no state is called {key!r}, there are {', '.join(ports) or 'none'}")
        return ports[key].node, ports[key].observable

    @staticmethod
    def _only(ports: Mapping[str, Port], node: Optional[str]) -> str:
        if node is None and len(ports) != 1:
            raise KeyError(f"there are {len(ports)} outputs: {', '.join(ports)}")
        return node or next(iter(ports))

    def __repr__(self) -> str:
        return f"<nirc.Session of {self.network!r}, batch {self.batch}, step {self.steps_done}>"


class CoreMap:
    """Which core computes what. ``cores`` has a dict for each: chip, column, row, neurons, routes, used."""

    def __init__(self, found: Dict[str, Any]):
        self.target: str = found["target"]
        self.grid: Tuple[int, int] = (found["columns"], found["rows"])
        self.resources: List[Tuple[str, int]] = found["resources"]
        self.cores: List[Dict[str, Any]] = found["cores"]
        self.inputs = found["inputs"]

    def __len__(self) -> int:
        return len(self.cores)

    def _rows(self) -> List[Sequence[Any]]:
        rows: List[Sequence[Any]] = []
        for number, core in enumerate(self.cores):
            parts = []
            for node, ranges in core["neurons"]:
                parts.append(node + " " + "+".join(f"{first}:{end}" for first, end in ranges))
            rows.append([number, core["chip"], f"{core['column']},{core['row']}", "; ".join(parts), *core["used"]])
        return rows

    def _columns(self) -> List[str]:
        used = [f"{name} (of {limit})" for name, limit in self.resources]
        return ["core", "chip", "at", "neurons", *used]

    def __repr__(self) -> str:
        return f"<nirc.CoreMap of {len(self.cores)} cores of {self.target}>"

    def __str__(self) -> str:
        return text_table(self._columns(), [[*row, *[""] * (len(self._columns()) - len(row))] for row in self._rows()])

    def _repr_html_(self) -> str:
        return table(self._columns(), self._rows(), repr(self)[1:-1])


class Report(Mapping[str, Any]):
    """What was chosen (``"plan"``), and what the compiler and the last run took (``"profile"``)."""

    def __init__(self, network: Network):
        self._content: Dict[str, Any] = {
            "text": network._info["text"],
            "program": dict(network._info),
            "plan": json.loads(network._plan.json) if network._plan else None,
            "advice": [str(one) for one in network.advice],
            "profile": network._program.profile,
        }

    def __getitem__(self, key: str) -> Any:
        return self._content[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)

    def _sections(self) -> Iterable[Tuple[str, Sequence[str], List[Sequence[Any]]]]:
        info, profile = self["program"], self["profile"]
        rows: List[Sequence[Any]] = [
            (kind[:-1], node, list(shape), observable, dtype)
            for kind in ("inputs", "outputs", "records")
            for node, observable, shape, dtype, _ in info[kind]
        ]
        yield info["text"], ("", "node", "shape", "", "dtype"), rows
        if not profile:
            return
        if profile["compilation"]:
            rows = [(name, f"{1e3 * seconds:.2f} ms") for name, seconds in profile["compilation"]]
            yield "compilation", ("part", "time"), rows
        if profile["nodes"]:
            whole = sum(node["seconds"] for node in profile["nodes"]) or 1.0
            rows = [
                (node["node"], node["kind"], f"{1e3 * node['seconds']:.3f} ms", f"{node['seconds'] / whole:.0%}")
                for node in profile["nodes"]
            ]
            yield f"{profile['steps']} steps", ("node", "kind", "time", "share"), rows
        names, counted = profile["counts"]
        if names:
            yield "counted", ("node", *names), [(node, *values) for node, values in counted]
        if profile["estimates"]:
            rows = [
                (name, f"{least:.3g} to {most:.3g} {unit}" if most != least else f"{least:.3g} {unit}", basis, source)
                for name, unit, least, most, basis, source in profile["estimates"]
            ]
            yield "a step, estimated", ("what", "value", "basis", "source"), rows

    def __str__(self) -> str:
        parts = [f"{title}\n{text_table(columns, rows)}" for title, columns, rows in self._sections()]
        return "\n\n".join([*parts, *self["advice"]])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return "".join(table(columns, rows, title) for title, columns, rows in self._sections())
