"""Runs a script for Lava without Lava: lava_stand_in.py SCRIPT ARGUMENT...

Stands in for the few classes that scripts of --emit=lava use, with the arithmetic of Lava b6822fb's bit-accurate models:
PyLifModelBitAcc, PySparseModelBitAcc, PyDelaySparseModelBitAcc. Needs numpy alone.
"""
import enum
import runpy
import sys
import types

import numpy as np

LIMIT = 1 << 23


class SignMode(enum.Enum):
    MIXED = 1
    EXCITATORY = 2
    INHIBITORY = 3


class csr_matrix:
    """No more of scipy's than a list of elements."""

    def __init__(self, content, shape):
        self.data, (self.row, self.column) = content
        self.shape = shape


class Port:
    def __init__(self, process, shape):
        self.process, self.shape, self.links = process, shape, []

    def connect(self, other):
        if np.prod(self.shape) != np.prod(other.shape):
            sys.exit(f"a port of {self.shape} is connected to one of {other.shape}")
        self.links.append(other)
        other.links.append(self)


class Process:
    runtime = None

    def ports(self):
        return [value for value in vars(self).values() if isinstance(value, Port)]

    def connected(self):
        found, ahead = [], [self]
        while ahead:
            process = ahead.pop()
            if process not in found:
                found.append(process)
                ahead += [link.process for port in process.ports() for link in port.links]
        return found

    def run(self, condition, run_cfg):
        processes = self.connected()
        kinds = (Source, Sparse, LIF, Sink)
        for process in processes:
            process.runtime = self
        for step in range(condition.num_steps):
            for kind in kinds:  # synapses send what they kept of the step before
                for process in processes:
                    if isinstance(process, kind):
                        process.send(step)
            for process in processes:
                if isinstance(process, Sparse):
                    process.keep()

    def stop(self):
        for process in self.connected():
            process.runtime = None


class Source(Process):
    def __init__(self, data):
        self.data, self.s_out = data, Port(self, data.shape[:-1])

    def send(self, step):
        self.s_out.value = self.data[..., step % self.data.shape[-1]]


class Var:
    def __init__(self, value):
        self.value = value

    def get(self):
        return self.value


class Sink(Process):
    def __init__(self, shape, buffer):
        self.data, self.a_in = Var(np.zeros((*shape, buffer))), Port(self, shape)

    def send(self, step):
        self.data.value[..., step] = self.a_in.links[0].value


def decayed(x, decay):
    return np.sign(x) * ((np.abs(x) * (4096 - decay)) >> 12)


class LIF(Process):
    def __init__(self, shape, du, dv, vth, bias_mant, bias_exp, u=0, v=0):
        wide = lambda x: np.broadcast_to(np.asarray(x, np.int64), shape)
        self.du, self.dv, self.vth = wide(du), wide(dv), wide(vth)
        self.bias = np.where(wide(bias_exp) >= 0, wide(bias_mant) << np.maximum(wide(bias_exp), 0),
                             wide(bias_mant) >> np.maximum(-wide(bias_exp), 0))
        self.u, self.v = wide(u).copy(), wide(v).copy()
        self.a_in, self.s_out = Port(self, shape), Port(self, shape)

    def send(self, step):
        a = sum((link.value for link in self.a_in.links), np.zeros(self.a_in.shape, np.int64))
        u = decayed(self.u, self.du + 1) + (a << 6)
        self.u = np.where(u > LIMIT, u - 2 * LIMIT, np.where(u <= -LIMIT, u + 2 * LIMIT, u))
        v = np.clip(decayed(self.v, self.dv) + self.u + self.bias, -LIMIT + 1, LIMIT - 1)
        self.s_out.value = v > (self.vth << 6)
        self.v = np.where(self.s_out.value, 0, v)


class Sparse(Process):
    def __init__(self, weights, weight_exp, sign_mode, num_weight_bits, num_message_bits, delays=None, max_delay=0):
        assert num_message_bits == 0
        w = weights.data.astype(np.int64)
        low, high = {SignMode.MIXED: (-256, 255), SignMode.EXCITATORY: (0, 255), SignMode.INHIBITORY: (-255, 0)}[sign_mode]
        sign = -1 if sign_mode is SignMode.INHIBITORY else 1
        cut = 8 - num_weight_bits + (sign_mode is SignMode.MIXED)
        self.w = sign * (sign * np.clip(w, low, high) >> cut << cut)
        self.row, self.column, self.weight_exp = weights.row, weights.column, weight_exp
        self.delay = np.zeros(len(w), np.int64) if delays is None else delays.data.astype(np.int64)
        if self.delay.max() > min(max_delay, 63):
            sys.exit(f"a delay of {self.delay.max()} beyond {max_delay} or 63")
        self.kept = np.zeros((max_delay + 1, weights.shape[0]), np.int64)
        self.s_in, self.a_out = Port(self, weights.shape[1:]), Port(self, weights.shape[:1])

    def send(self, step):
        self.a_out.value = self.kept[0]

    def keep(self):
        self.kept = np.roll(self.kept, -1, axis=0)
        self.kept[-1] = 0
        spikes = np.asarray(self.s_in.links[0].value).astype(bool)[self.column]
        sums = np.zeros_like(self.kept)
        np.add.at(sums, (self.delay[spikes], self.row[spikes]), self.w[spikes])
        self.kept += sums << self.weight_exp if self.weight_exp > 0 else sums >> -self.weight_exp


class DelaySparse(Sparse):
    pass


class RunSteps:
    def __init__(self, num_steps):
        self.num_steps = num_steps


class Loihi2SimCfg:
    def __init__(self, select_tag):
        assert select_tag == "fixed_pt"


def install():
    for name, content in {
        "scipy.sparse": dict(csr_matrix=csr_matrix),
        "lava.magma.core.run_conditions": dict(RunSteps=RunSteps),
        "lava.magma.core.run_configs": dict(Loihi2SimCfg=Loihi2SimCfg),
        "lava.proc.io.sink": dict(RingBuffer=Sink),
        "lava.proc.io.source": dict(RingBuffer=Source),
        "lava.proc.lif.process": dict(LIF=LIF),
        "lava.proc.sparse.process": dict(Sparse=Sparse, DelaySparse=DelaySparse),
        "lava.utils.weightutils": dict(SignMode=SignMode),
    }.items():
        parts = name.split(".")
        for i in range(1, len(parts) + 1):
            sys.modules.setdefault(".".join(parts[:i]), types.ModuleType(".".join(parts[:i])))
        vars(sys.modules[name]).update(content)


if __name__ == "__main__":
    install()
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")
