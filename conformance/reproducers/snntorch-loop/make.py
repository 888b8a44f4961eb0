"""snnTorch leads the input of a recurrent layer into its recurrent weights."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402


def graph():
    import nir
    import numpy as np
    made = reproduce.chain(reproduce.lif(r=10, v_threshold=0.75))
    made.nodes["weights"] = nir.Linear(np.full((1, 1), 0.5, np.float32))
    return nir.NIRGraph(made.nodes, made.edges + [("node0", "weights"), ("weights", "node0")])


reproduce.main("snntorch", "The importer puts the loop into a subgraph, in which the input leads to the weights instead of the neurons.", graph,
               [1] * 8, place='snntorch/import_nir.py:41: (f"{sg_key}.input", w_nk)')
