"""loop_bits.py EXAMPLES UNIT.fmu [OPTION...]: closes the loop of examples/fmi, then runs what the controller was told.

The options are those of `nirc run`. A run sees each input for as many steps as the communication step has.
"""
import os
import subprocess
import sys

import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(sys.argv[1], "fmi"))
import loop

for steps in (1, 5):
    seen = list(loop.run(sys.argv[2], steps))
    positions = np.array([position for _, position, _, _, _ in seen])
    counts = np.array([counts for _, _, _, _, counts in seen])
    inputs = np.array([inputs for _, _, _, inputs, _ in seen])
    assert np.all(np.abs(positions[len(positions) // 2:] - loop.TARGET) < 0.05), positions
    np.save("told.npy", np.repeat(inputs, steps, axis=0))
    subprocess.run(["nirc", "run", os.path.join(sys.argv[1], "cart.nir"), "--input", "told.npy", "--dt", "1ms", "-q",
                    "-o", "spikes.npy", *sys.argv[3:]], check=True)
    spikes = np.load("spikes.npy").reshape(len(seen), steps, -1).sum(axis=1)
    assert np.array_equal(spikes, counts), np.argwhere(spikes != counts)
    print(f"{steps} step{'s' if steps > 1 else ''}: the cart stays within 5 cm, {counts.sum()} spikes as in a run")
