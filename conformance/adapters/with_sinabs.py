"""Sinabs: `sinabs.nir.from_nir`, and the network that it returns on all steps at once.

Compared with synsense/sinabs 904eb89 (3.1.3 and 12 commits), neuromorphs/NIRTorch 2604ce2 and neuromorphs/NIR 7232ada:

    with_sinabs.py --source NIR --source NIRTorch --source sinabs MODEL INPUT OUTPUT

PyTorch 1.13 is enough, with old_torch.py. Sinabs reads the time constants of NIR as numbers of steps and cannot be told dt. So the times
of the network are scaled until a step is 1 long, which is the same network in another unit of time; --as-is leaves the file alone. v is
`v_mem` as the layers record it. `pbr`, of which Sinabs asks for its own version, is a stand-in where it is not installed.
"""

import sys
import types

import protocol

AS_IS = "--as-is" in sys.argv


def load():
    try:
        import pbr.version  # noqa: F401
    except ImportError:
        class VersionInfo:
            def __init__(self, _name):
                pass

            def release_string(self):
                return "unknown"

        version = types.ModuleType("pbr.version")
        version.VersionInfo = VersionInfo
        sys.modules["pbr"], sys.modules["pbr.version"] = types.ModuleType("pbr"), version
    import old_torch  # noqa: F401
    import nir
    import numpy as np
    import sinabs.nir
    import torch
    import torch_steps

    @torch.no_grad()
    def simulate(task):
        if not AS_IS:
            task.in_steps_of(1.0)
        given, output = task.only_input(), task.only_output()
        observed = "spikes" if torch_steps.is_spikes(task.graph, output) else "value"
        network, samples = sinabs.nir.from_nir(task.graph, batch_size=1), []
        layers = {}
        for name, node in task.graph.nodes.items():
            if isinstance(node, (nir.IF, nir.LIF, nir.LI)):
                layers[name] = network.get_submodule(name)
                layers[name].record_states = True
        spikes = {}
        for name, layer in layers.items():
            def keep(_layer, _given, out, name=name):
                spikes[name] = torch_steps.numbers(out)
            layer.register_forward_hook(keep)
        for sample in torch.tensor(given, dtype=torch.float32):
            for layer in network.modules():
                if hasattr(layer, "reset_states"):
                    layer.reset_states()
            out = network(sample)
            out = out[0] if isinstance(out, tuple) else out
            steps, found = len(sample), {output: {observed: torch_steps.numbers(out).reshape(len(sample), -1)}}
            for name, layer in layers.items():
                v = torch_steps.numbers(layer.recordings["v_mem"])
                found[name] = {"v": v.reshape(steps, -1)}
                if not isinstance(task.graph.nodes[name], nir.LI):
                    found[name]["spikes"] = np.asarray(spikes[name]).reshape(steps, -1)
            samples.append(found)
        return torch_steps.merged(samples)

    return simulate


if __name__ == "__main__":
    if AS_IS:
        sys.argv.remove("--as-is")
    protocol.main(load)
