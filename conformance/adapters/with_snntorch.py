"""snnTorch: `snntorch.import_nir.import_from_nir`, and the network that it returns step by step.

Compared with jeshraghian/snntorch 634fc22 (0.9.4 and 61 commits), neuromorphs/NIRTorch 2604ce2 and neuromorphs/NIR 7232ada:

    with_snntorch.py --source NIR --source NIRTorch --source snntorch MODEL INPUT OUTPUT

PyTorch 1.13 is enough, with old_torch.py. The importer always takes dt as 1e-4 s and cannot be told another. So the times of the network
are scaled until a step is 1e-4 s long, which is the same network in another unit of time; --as-is leaves the file alone. v is `mem`,
i is `syn`, in snnTorch's units. Samples run one by one, without a batch dimension, as the importer's Flatten expects.
"""

import sys

import protocol

AS_IS = "--as-is" in sys.argv


def load():
    import old_torch  # noqa: F401
    import snntorch
    import torch
    import torch_steps
    from snntorch.import_nir import import_from_nir

    def forget(network):
        """Layers with init_hidden keep their state between samples."""
        for layer in network.modules():
            if hasattr(layer, "reset_mem"):
                layer.reset_mem()
                for state in ("mem", "syn", "spk"):
                    if hasattr(layer, state):
                        setattr(layer, state, torch.zeros(0))

    def states(module, output):
        if not isinstance(module, snntorch.SpikingNeuron):
            return {}
        spikes = output[0] if isinstance(output, tuple) else output
        return {"spikes": spikes, "v": module.mem, "i": getattr(module, "syn", None)}

    def simulate(task):
        if not AS_IS:
            task.in_steps_of(1e-4)
        return torch_steps.run_steps(task, import_from_nir, batched=False, states=states, forget=forget)

    return simulate


if __name__ == "__main__":
    if AS_IS:
        sys.argv.remove("--as-is")
    protocol.main(load)
