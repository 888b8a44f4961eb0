"""The LIF of the NIR paper on SpiNNaker2, as its recording lif_spinnaker2.csv has it, without nirc.

    lif_trace.py RESULT.npz INPUT.npy

A step of py-spinnaker2's lif_no_delay is x = alpha x + w where a spike of the step before came; a spike where x is above
the threshold, and then x = 0. s2_nir's numbers for lif_norse.nir (tau 2.5 ms, r 1, v_threshold 0.1, a weight of 1, dt
0.1 ms, forward Euler, no reset by subtraction, weights scaled by 102.02): alpha = float32(1 - dt/tau); w = int(102.02);
the threshold is v_threshold 102.02 tau/dt. The recording is of x / 102.02.
"""
import sys

import numpy as np

result, spikes = np.load(sys.argv[1]), np.load(sys.argv[2]).reshape(-1)
alpha, weight = np.float64(np.float32(1 - 1e-4 / 2.5e-3)), int(102.02)
threshold = 0.1 * 102.02 * (2.5e-3 / 1e-4)
x, voltages, sent = 0.0, [], []
for t in range(len(spikes)):
    x = alpha * x + (weight if t > 0 and spikes[t - 1] else 0)
    sent.append(x > threshold)
    x = 0.0 if sent[-1] else x
    voltages.append(x)
difference = np.abs(result["1.v"].reshape(-1) / 102.02 - np.array(voltages) / 102.02).max()
same = np.array_equal(result["output.spikes"].reshape(-1), np.array(sent))
print(f"{sum(sent)} spikes at {np.nonzero(sent)[0].tolist()}, the same: {same}; voltages differ by at most {difference:.1e}")
sys.exit(int(not same or difference > 1e-6))
