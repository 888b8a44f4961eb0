"""A NIR network as a part of a Brian2 simulation.

The network is stepped on Brian2's clock. What the groups of Brian2 send in a step drives it in the same
step; what it sends itself are the spikes of a group of Brian2 in the next step, so a loop through both has
a delay of one step, as one through a chip has.

>>> import nirc.brian2, brian2
>>> brian2.prefs.codegen.target = "numpy"
>>> brian2.defaultclock.dt = 1 * brian2.ms
>>> source = brian2.SpikeGeneratorGroup(12, [0, 3, 5], [1, 2, 3] * brian2.ms)
>>> chip = nirc.brian2.Group("examples/two-layers.nir", drive={"input": source})
>>> monitor = brian2.SpikeMonitor(chip.spikes)
>>> brian2.Network(source, chip, monitor).run(50 * brian2.ms)
>>> chip.session.steps_done
50
"""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Union

import brian2
import numpy as np
from brian2.devices.device import RuntimeDevice

from ._graph import Array
from ._network import Network, compile


class Group(brian2.core.base.BrianObject):
    """A network that nirc steps in a simulation of Brian2 (run mode "runtime", any code target).

    :param network: a path, a :class:`nirc.Graph`, a ``nir.NIRGraph``, or a :class:`nirc.Network`
    :param drive: for each Input a group whose spikes drive it: a ``NeuronGroup``, ``PoissonGroup``,
        ``SpikeGeneratorGroup`` or part of one, with as many neurons as the Input has elements (row-major);
        or a function of no argument that returns an array of currents for the next step. An Input that
        is not there gets 0.
    :param dt: a step, a quantity of Brian2; None: ``defaultclock.dt``
    :param weight: what a spike is worth
    :param choices: as :func:`nirc.compile` takes them: ``target``, ``semantics``, ...

    ``spikes`` is a group of the spikes of the only Output, to be connected by ``Synapses`` and watched by
    monitors; ``outputs`` has one for each.
    """

    add_to_magic_network = True

    def __init__(
        self,
        network: Any,
        *,
        drive: Mapping[str, Any] = {},
        dt: Optional[Any] = None,
        weight: float = 1.0,
        name: str = "nirc*",
        **choices: Any,
    ):
        if not isinstance(brian2.get_device(), RuntimeDevice):
            raise NotImplementedError("a network of nirc cannot be a part of standalone code: use the device 'runtime'")
        clock_dt = brian2.defaultclock.dt if dt is None else dt
        super().__init__(dt=dt, when="end", order=0, name=name)
        step = float(clock_dt / brian2.second)
        if isinstance(network, Network):
            if choices:
                raise TypeError(f"the network is compiled already: {', '.join(choices)} cannot be chosen anew")
            if abs(network.dt - step) > 1e-9 * step:
                raise ValueError(f"the network has steps of {network.dt} s, expected {step} s as the clock has")
        else:
            network = compile(network, dt=step, **choices)
        self.network = network
        self.session = network.session()
        self.weight = weight
        self._inputs: Dict[str, Array] = {}
        self._drive: Dict[str, Any] = {}
        for node, port in network.inputs.items():
            self._inputs[node] = np.zeros(port.shape)
        for node, source in drive.items():
            self._add(node, source)
        self._values = {node: np.zeros(port.shape) for node, port in network.outputs.items()}
        self.session.bind(self._inputs, self._values)
        #: By node: the group that fires for an Output.
        self.outputs: Dict[str, brian2.NeuronGroup] = {}
        self._hits: Dict[str, Array] = {}
        for number, (node, port) in enumerate(network.outputs.items()):
            if port.observable != "spikes":
                continue
            group = brian2.NeuronGroup(
                int(np.prod(port.shape, dtype=int)),
                "fires_ : boolean",
                threshold="fires_",
                reset="",
                dt=dt,
                name=f"{self.name}_output_{number}",
            )
            self.outputs[node] = group
            self._hits[node] = group.variables["fires_"].get_value()
        self._contained_objects.extend(self.outputs.values())

    def _add(self, node: str, source: Any) -> None:
        if node not in self._inputs:
            raise KeyError(f"no input is called {node!r}, there are {', '.join(self._inputs)}")
        if not callable(source) or hasattr(source, "variables"):
            found, expected = len(source), self._inputs[node].size
            if found != expected:
                raise ValueError(f"input {node!r}: found a group of {found}, expected {expected}")
        self._drive[node] = source

    @property
    def spikes(self) -> brian2.NeuronGroup:
        """The group of the only Output's spikes."""
        if len(self.outputs) != 1:
            raise KeyError(f"there are {len(self.outputs)} outputs of spikes: {', '.join(self.outputs)}")
        return next(iter(self.outputs.values()))

    def value(self, node: Optional[str] = None) -> Array:
        """What an Output gave in the last step."""
        key = node or next(iter(self._values))
        return self._values[key].copy()

    def before_run(self, run_namespace: Any) -> None:
        for node, source in self._drive.items():
            clock = getattr(source, "clock", None) or getattr(getattr(source, "source", None), "clock", None)
            if clock is not None and abs(float(clock.dt / brian2.second) - self.network.dt) > 1e-9 * self.network.dt:
                raise ValueError(f"input {node!r}: its group has steps of {clock.dt}, the network {self.network.dt} s")
        if float(self.clock.dt / brian2.second) != 0 and abs(
            float(self.clock.dt / brian2.second) - self.network.dt
        ) > 1e-9 * self.network.dt:
            raise ValueError(f"the clock has steps of {self.clock.dt}, the network {self.network.dt} s")

    def run(self) -> None:
        """A step. The end of Brian2's, when all groups have fired."""
        for node, source in self._drive.items():
            values = self._inputs[node]
            if hasattr(source, "variables"):
                flat = values.reshape(-1)
                flat[:] = 0.0
                flat[_fired(source)] = self.weight
            else:
                values[...] = np.reshape(source(), values.shape)
        self.session.advance()
        for node, hits in self._hits.items():
            hits[:] = self._values[node].reshape(-1) > 0

    def _full_state(self) -> Dict[str, Any]:
        """For Brian2's store()."""
        return {"snapshot": self.session.snapshot()}

    def _restore_from_full_state(self, state: Optional[Dict[str, Any]]) -> None:
        """For Brian2's restore(); None: the group is younger than what was stored."""
        if state is None:
            self.session.reset()
        else:
            self.session.restore(state["snapshot"])

    def reset(self) -> None:
        """Back to silence."""
        self.session.reset()
        for hits in self._hits.values():
            hits[:] = False


def _fired(group: Any) -> Array:
    """Which neurons of a group fired in this step; of a part of one, counted from its first."""
    space = group.variables["_spikespace"].get_value()
    fired = space[: space[-1]]
    start = getattr(group, "start", None)
    if start is None:
        return fired
    inside = fired[(fired >= start) & (fired < group.stop)]
    return inside - start


__all__ = ["Group"]
