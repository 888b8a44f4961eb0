"""check_nets.py FOLDER: runs every NAME.net in it with lava-dl's netx on NAME.in.npy, and holds the spikes of the last layer
against NAME.want.npy. Both are [steps, elements], with elements by channel, row and column.
"""
import pathlib
import sys

import numpy as np
from lava.lib.dl.netx import hdf5
from lava.magma.core.run_conditions import RunSteps
from lava.magma.core.run_configs import Loihi2SimCfg
from lava.proc.io.sink import RingBuffer as Sink
from lava.proc.io.source import RingBuffer as Source


def spikes_of(path, spikes):
    steps = len(spikes)
    net = hdf5.Network(net_config=str(path))
    shape = net.inp.shape  # columns, rows, channels where it is an image
    data = spikes.astype(np.int32).reshape(steps, *shape[::-1])
    source, sink = Source(data=data.T), Sink(shape=net.out.shape, buffer=steps)
    source.s_out.connect(net.inp)
    net.out.connect(sink.a_in)
    net.run(condition=RunSteps(num_steps=steps), run_cfg=Loihi2SimCfg(select_tag="fixed_pt"))
    out = sink.data.get()
    net.stop()
    return out.T.reshape(steps, -1)


nets = sorted(pathlib.Path(sys.argv[1]).glob("*.net"))
for path in nets:
    want = np.load(path.with_suffix(".want.npy"))
    got = spikes_of(path, np.load(path.with_suffix(".in.npy")))
    if got.shape != want.shape:
        sys.exit(f"{path.name}: {got.shape}, expected {want.shape}")
    differs = np.argwhere(got != want)
    if len(differs):
        sys.exit(f"{path.name}: differs {len(differs)} times, first at {differs[0]}")
print(f"{len(nets)} networks")
