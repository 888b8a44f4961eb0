"""Norse: `norse.torch.from_nir`, and its cells step by step.

Compared with norse/norse 065a3b4 (1.1.0 and 31 commits), neuromorphs/NIRTorch 2604ce2 and neuromorphs/NIR 7232ada:

    with_norse.py --source NIR --source NIRTorch --source norse MODEL INPUT OUTPUT

PyTorch 1.13 is enough, with old_torch.py. dt is that of the input. Samples run one by one, without a batch dimension, as the importer's Flatten expects.
v is that of the cell after its step, i the v of a CubaLIF's synapse.
"""

import protocol


def load():
    import logging
    logging.disable(logging.WARNING)  # the importer warns of every r and v_reset
    import old_torch  # noqa: F401
    import norse.torch as norse
    import torch_steps

    def states(module, output):
        out, state = output
        if isinstance(state, tuple) and not hasattr(state, "_fields"):  # CubaLIF: of its synapse and of its membrane
            return {"spikes": out, "v": state[1].v, "i": state[0].v}
        spikes = {} if type(module).__name__.startswith("LI") and "LIF" not in type(module).__name__ else {"spikes": out}
        return {**spikes, "v": state.v}

    def simulate(task):
        return torch_steps.run_steps(task, lambda graph: norse.from_nir(graph, dt=task.dt), batched=False, states=states)

    return simulate


if __name__ == "__main__":
    protocol.main(load)
