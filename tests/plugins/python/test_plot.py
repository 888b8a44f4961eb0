"""Pictures."""

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

import nirc
import nirc.plot


def test_rasters_have_a_mark_for_each_spike(two_layers):
    network = nirc.compile(two_layers[0], dt=1e-3, record=["lif1:v,spikes"])
    result = network(np.stack([two_layers[1], two_layers[1][::-1]]))
    ax = nirc.plot.raster(result, "lif1.spikes", sample=1)
    marks = ax.collections[0].get_offsets()
    assert len(marks) == result["lif1.spikes"][1].sum() > 0
    step, neuron = np.nonzero(result["lif1.spikes"][1])
    assert np.allclose(marks[:, 0], step) and np.array_equal(marks[:, 1], neuron)  # in ms
    assert [t.get_text() for t in nirc.plot.raster(result).get_yticklabels()] == ["output", "lif1.spikes"]
    with pytest.raises(ValueError, match="not of spikes"):
        nirc.plot.raster(result, "lif1.v")
    lines = nirc.plot.voltages(result, "lif1.v", neurons=[2, 0]).get_lines()
    assert np.array_equal(lines[0].get_ydata(), result["lif1.v"][0, :, 2])
    assert len(nirc.plot.activity(result).patches) == 2


def test_cores(two_layers):
    network = nirc.compile(two_layers[0], "loihi2", dt=1e-3, semantics="loihi2", format="loihi2")
    assert len(nirc.plot.mapping(network).patches) >= len(network.map())
