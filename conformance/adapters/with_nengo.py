"""Nengo: `nir_to_nengo` of the NIR paper, which is the importer that NIR's page names, run by nengo.Simulator.

Compared with nengo/nengo 43e46ed (4.1.0 and 5 commits) and nir_to_nengo.py of neuromorphs/NIR 7232ada, paper/03_rnn; --source
NIR/paper/02_cnn takes the other one that the paper has:

    with_nengo.py --source NIR --source NIR/paper/03_rnn --source nengo MODEL INPUT OUTPUT

dt is that of the input. v is the probe "voltage" of the neurons, in units of the threshold. A LIF sends 1/dt for a spike, which counts as
1 here in what is recorded of it; what the network makes of it is left as it is.
"""

import protocol


def load():
    import nengo
    import nir
    import numpy as np
    from nir_to_nengo import nir_to_nengo

    def simulate(task):
        given, output = task.only_input(), task.only_output()
        source_name = next(iter(task.inputs))
        spiking = [name for name, node in task.graph.nodes.items() if isinstance(node, (nir.IF, nir.LIF, nir.CubaLIF))]
        sources = [start for start, end in task.graph.edges if end == output]
        samples = []
        for sample in given:
            steps = len(sample)
            with nengo.Network() as model:
                _, parts = nir_to_nengo(task.graph, dt=task.dt)
                rows = sample.reshape(steps, -1)
                drive = nengo.Node(lambda t, rows=rows: rows[min(int(round(t / task.dt)) - 1, len(rows) - 1)])
                nengo.Connection(drive, parts[source_name], synapse=None)
                sent = {name: nengo.Probe(parts[name]) for name in spiking}
                kept = {name: nengo.Probe(parts[name], "voltage") for name in spiking}
                # The output node itself receives through the synapse of an edge, which is none.
                shown = nengo.Probe(parts[output])
            with nengo.Simulator(model, dt=task.dt, progress_bar=False) as simulator:
                simulator.run_steps(steps)
            amplitude = {name: 1.0 / task.dt if isinstance(task.graph.nodes[name], nir.LIF) else 1.0 for name in spiking}
            found = {name: {"spikes": np.round(simulator.data[sent[name]] / amplitude[name], 9), "v": simulator.data[kept[name]]}
                     for name in spiking}
            out = simulator.data[shown]
            if sources and all(name in spiking for name in sources):
                found[output] = {"spikes": np.round(sum(simulator.data[sent[name]] / amplitude[name] for name in sources), 9)}
            else:
                found[output] = {"value": out}
            samples.append(found)
        return {name: {key: np.stack([one[name][key] for one in samples]) for key in of} for name, of in samples[0].items()}

    return simulate


if __name__ == "__main__":
    protocol.main(load)
