"""Rockpool cannot import a LIF."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("rockpool", "The importer looks for tau_mem in a LIF, which has tau.", lambda: reproduce.chain(reproduce.lif()), [1] * 6,
               place="rockpool/nn/modules/torch/nir.py:118, 122: node.tau_mem")
