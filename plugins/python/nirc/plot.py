"""Pictures of results, with Matplotlib.

Each takes ``ax``, the axes to draw in, and returns them.

>>> import matplotlib; matplotlib.use("Agg")
>>> import nirc.plot, numpy
>>> network = nirc.compile("examples/two-layers.nir", dt=1e-3, record=["lif1:v,spikes"])
>>> result = network(numpy.load("examples/two-layers.npy"))
>>> nirc.plot.raster(result, "lif1.spikes").get_xlabel()
'time (ms)'
"""

from __future__ import annotations

from typing import Any, Iterable, Optional, Sequence, Union

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from ._network import CoreMap, Network, Result


def _axes(ax: Any, **size: Any) -> Any:
    return ax if ax is not None else plt.subplots(layout="constrained", **size)[1]


def _scale(result: Result, steps: int) -> Any:
    """Time in ms where that gives short numbers, else in s."""
    return (1.0, "time (s)") if steps * result.dt > 10.0 else (1e3, "time (ms)")


def raster(result: Result, key: Optional[str] = None, *, sample: int = 0, ax: Any = None, **style: Any) -> Any:
    """Spikes of a trace as marks: time to the right, neurons upwards.

    :param key: as the result has it, "lif1.spikes"; None: all of its traces of spikes, one above the other
    """
    if key and not result.is_spikes(key):
        raise ValueError(f"{key!r} is not of spikes: nirc.plot.voltages draws it")
    keys = [key] if key else [one for one in result if result.is_spikes(one)]
    ax = _axes(ax, figsize=(8, 3))
    base, ticks = 0, []
    steps = 0
    for one in keys:
        block = result.by_sample(one)
        steps, neurons = block.shape[1:]
        events = result.events(one)
        of = events.sample == sample
        factor, label = _scale(result, steps)
        marks = {"marker": "|", "s": max(4.0, 600.0 / max(neurons, 20)), "linewidths": 1.0, **style}
        ax.scatter(events.time[of] * factor, events.neuron[of] + base, label=one, **marks)
        ticks.append((base + (neurons - 1) / 2, one))
        base += neurons
    factor, label = _scale(result, steps)
    ax.set_xlim(0, steps * result.dt * factor)
    ax.set_ylim(-0.5, max(base, 1) - 0.5)
    ax.set_xlabel(label)
    if len(keys) == 1:
        ax.yaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_ylabel(f"neuron of {keys[0].rpartition('.')[0] or keys[0]}")
    else:
        ax.set_yticks([place for place, _ in ticks], [name for _, name in ticks])
    return ax


def voltages(
    result: Result, key: str, *, neurons: Union[int, Sequence[int]] = 5, sample: int = 0, ax: Any = None
) -> Any:
    """A state of some neurons over time: the first few, or those of these numbers."""
    block = result.by_sample(key)[sample]
    chosen: Iterable[int] = range(min(neurons, block.shape[1])) if isinstance(neurons, int) else neurons
    ax = _axes(ax, figsize=(8, 3))
    factor, label = _scale(result, len(block))
    time = (np.arange(len(block)) + 1) * result.dt * factor  # of the ends of steps
    for neuron in chosen:
        ax.plot(time, block[:, neuron], label=str(neuron), linewidth=1)
    ax.set_xlim(0, len(block) * result.dt * factor)
    ax.set_xlabel(label)
    ax.set_ylabel(key)
    ax.legend(title="neuron", fontsize="small", loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return ax


def activity(result: Result, *, ax: Any = None) -> Any:
    """The mean number of spikes of a neuron in a second, of each trace of spikes."""
    names, rates = [], []
    for key in result:
        if result.is_spikes(key):
            names.append(key)
            rates.append(float(result.by_sample(key).mean()) / result.dt)
    ax = _axes(ax, figsize=(6, 0.5 * len(names) + 1.2))
    bars = ax.barh(names, rates, color="#4878a8")
    ax.bar_label(bars, fmt="%.3g", padding=3)
    ax.margins(x=0.15)
    ax.invert_yaxis()
    ax.set_xlabel("spikes of a neuron (1/s)")
    return ax


def mapping(found: Union[CoreMap, Network], *, chip: int = 0, ax: Any = None) -> Any:
    """The cores of a chip, each in the colours of the nodes whose neurons it has."""
    cores = found.map() if isinstance(found, Network) else found
    ax = _axes(ax, figsize=(6, 5))
    nodes = sorted({node for core in cores.cores for node, _ in core["neurons"]})
    colours = {node: plt.get_cmap("tab10")(i % 10) for i, node in enumerate(nodes)}
    for core in cores.cores:
        if core["chip"] != chip:
            continue
        sizes = [(node, sum(end - first for first, end in ranges)) for node, ranges in core["neurons"]]
        whole, left = sum(size for _, size in sizes) or 1, float(core["column"])
        for node, size in sizes:
            ax.add_patch(plt.Rectangle((left, core["row"]), 0.9 * size / whole, 0.9, color=colours[node]))
            left += 0.9 * size / whole
    columns, rows = cores.grid
    ax.set_xlim(-0.1, columns)
    ax.set_ylim(rows, -0.1)
    ax.set_aspect("equal")
    ax.set_xlabel("column")
    ax.set_ylabel("row")
    ax.set_title(f"{cores.target}, chip {chip}")
    handles = [plt.Rectangle((0, 0), 1, 1, color=colours[node]) for node in nodes]
    ax.legend(handles, nodes, fontsize="small", loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return ax


__all__ = ["activity", "mapping", "raster", "voltages"]
