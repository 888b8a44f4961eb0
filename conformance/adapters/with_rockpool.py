"""Rockpool: `rockpool.nn.modules.torch.nir.from_nir`, and the network that it returns on all steps at once.

Compared with synsense/rockpool 42cee1c (3.0.3 and 3 commits), neuromorphs/NIRTorch 2604ce2 and neuromorphs/NIR 7232ada:

    with_rockpool.py --source NIR --source NIRTorch --source rockpool MODEL INPUT OUTPUT

PyTorch 1.13 is enough, with old_torch.py. The importer finds dt from the network, as the least tau_mem/(1 + r) of a layer, and cannot be
told another; the network is run as it is. Samples run one by one, in batches of 1. Its modules expose states only where they are asked to
record, which the importer's network cannot pass on, so outputs alone are compared.
"""

import protocol


def load():
    import old_torch  # noqa: F401
    import torch
    import torch_steps
    from rockpool.nn.modules.torch.nir import from_nir

    @torch.no_grad()
    def simulate(task):
        given, output = task.only_input(), task.only_output()
        observed = "spikes" if torch_steps.is_spikes(task.graph, output) else "value"
        samples = []
        for sample in torch.tensor(given, dtype=torch.float32):
            network = from_nir(task.graph)  # a new one: its modules keep their states
            out = network(sample[None])
            while isinstance(out, tuple):
                out = out[0]
            samples.append({output: {observed: torch_steps.numbers(out)[0].reshape(len(sample), -1)}})
        return torch_steps.merged(samples)

    return simulate


if __name__ == "__main__":
    protocol.main(load)
