"""NIRTorch alone: `nir.read` and `nirtorch.nir_to_torch` with its default mapping, which has the nodes without states.

Compared with neuromorphs/NIRTorch 2604ce2 and neuromorphs/NIR 7232ada:

    with_nirtorch.py --source NIR --source NIRTorch MODEL INPUT OUTPUT

PyTorch 1.13 is enough. Other than for the platforms, what NIR's own checks refuse is not read without them: they are what is compared.
"""

import protocol


def load():
    import nir
    import nirtorch
    import torch_steps

    def simulate(task):
        try:
            task.graph = nir.read(task.path)
        except Exception as error:
            raise protocol.Unsupported(f"nir.read: {protocol.last_line(error)}") from error
        return torch_steps.run_steps(task, lambda graph: nirtorch.nir_to_torch(graph, {}), batched=False, states=lambda _module, _out: {})

    return simulate


if __name__ == "__main__":
    protocol.main(load)
