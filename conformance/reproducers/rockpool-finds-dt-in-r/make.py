"""Rockpool finds its dt in r."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("rockpool", "dt is the least tau_mem/(1 + r) of a layer, whatever the step of the data is; here 5 ms instead of 1.",
               lambda: reproduce.chain(reproduce.cuba(v_threshold=2)), [4] * 8, explained_by="rockpool", as_dt=0.005,
               place="rockpool/nn/modules/torch/nir.py:132-134")
