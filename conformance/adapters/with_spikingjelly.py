"""SpikingJelly: `spikingjelly.activation_based.nir_exchange.import_from_nir`, and the network that it returns step by step.

Compared with fangwei123456/spikingjelly afb1322, neuromorphs/NIRTorch 2604ce2 and neuromorphs/NIR 7232ada:

    with_spikingjelly.py --source NIR --source NIRTorch --source spikingjelly MODEL INPUT OUTPUT

PyTorch 1.13 is enough, with old_torch.py; SpikingJelly then runs without its GPU kernels. dt is that of the input. v is that of the
neuron after its step. Samples run one by one, in batches of 1.
"""

import protocol


def load():
    import old_torch  # noqa: F401
    import torch_steps
    from spikingjelly.activation_based import functional, neuron
    from spikingjelly.activation_based.nir_exchange import import_from_nir

    def states(module, output):
        if not isinstance(module, neuron.BaseNode):
            return {}
        return {"spikes": output, "v": module.v}

    def simulate(task):
        return torch_steps.run_steps(task, lambda graph: import_from_nir(graph, dt=task.dt), batched=True, states=states,
                                     forget=functional.reset_net)

    return simulate


if __name__ == "__main__":
    protocol.main(load)
