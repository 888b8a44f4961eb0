"""snnTorch scales all thresholds of a layer by its first neuron."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("snntorch", "Where w_scale = r dt/tau differs within a layer, all thresholds are divided by its smallest value; the check "
               "that follows sees one threshold and passes. For CubaLIF the same code divides each by its own.",
               lambda: reproduce.chain(reproduce.lif(2, tau=[0.01, 0.02]), size=2), [[1, 1]] * 8,
               place="snntorch/import_nir.py:256: vthr / np.unique(w_scale)[0]")
