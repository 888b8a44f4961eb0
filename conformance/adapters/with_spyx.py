"""Spyx: `spyx.nir.from_nir`, which runs what it reads.

Compared with kmheckel/spyx 38374e9 (1.0.0 and 9 commits) and neuromorphs/NIR 7232ada:

    with_spyx.py --source NIR --source spyx/src MODEL INPUT OUTPUT

Where JAX and flax are not installed, NumPy stands in for them (numpy_jax.py); Spyx's own code runs unchanged. dt is that of the input.
Samples run one by one, in batches of 1; images are channels-last there. v and i are the states that the importer returns.
"""

import os
import sys

import protocol


def load():
    import numpy_jax
    if numpy_jax.is_needed():
        numpy_jax.install()
        for folder in sys.path:
            if os.path.isfile(os.path.join(folder, "spyx", "nir.py")):
                numpy_jax.bare_package("spyx", os.path.join(folder, "spyx"))
                break
    import jax.numpy as jnp
    import nir
    import numpy as np
    from spyx import nir as exchange

    def is_spiking(node):
        return isinstance(node, (nir.IF, nir.LIF, nir.CubaLIF, nir.Threshold))

    def channels_first(array, steps):
        """[steps, 1, ...] as [steps, elements] in the order of NIR."""
        array = np.asarray(array)[:, 0]
        return (array.transpose(0, 3, 1, 2) if array.ndim == 4 else array).reshape(steps, -1)

    def simulate(task):
        given, output = task.only_input(), task.only_output()
        samples = []
        for sample in given:
            steps = len(sample)
            x = sample.transpose(0, 2, 3, 1) if sample.ndim == 4 else sample
            model, (out, states) = exchange.from_nir(task.graph, jnp.array(x[:, None].astype(np.float32)), dt=task.dt,
                                                     return_all_states=True)
            sources = [task.graph.nodes[start] for start, end in task.graph.edges if end == output and start in task.graph.nodes]
            observed = "spikes" if sources and all(is_spiking(node) for node in sources) else "value"
            samples.append({output: {observed: channels_first(out, steps)}, **states_of(task.graph, model, states, steps)})
        return {name: {key: np.stack([one[name][key] for one in samples]) for key in of} for name, of in samples[0].items()}

    def states_of(graph, model, states, steps):
        """v and i of the neurons, where the layers are those of the graph, one for one."""
        kinds = {"IF": nir.IF, "LIF": nir.LIF, "CuBaLIF": nir.CubaLIF}
        layers = [(layer, state) for layer, state in zip(model.layers, states) if type(layer).__name__ in kinds]
        found = {}
        for kind, primitive in kinds.items():
            names = [name for name, node in graph.nodes.items() if isinstance(node, primitive)]
            own = [state for layer, state in layers if type(layer).__name__ == kind]
            if len(names) == len(own) == 1:
                halves = np.split(np.asarray(own[0]), 2, -1) if kind == "CuBaLIF" else [own[0]]
                found[names[0]] = dict(zip(("v", "i"), (channels_first(half, steps) for half in halves)))
        return found

    return simulate


if __name__ == "__main__":
    protocol.main(load)
