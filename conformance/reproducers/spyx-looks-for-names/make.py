"""Spyx runs nothing where the Input is not called "input"."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("spyx", "The walk begins at a node called \"input\". With another name it finds no layer, and the input comes out as it went in.",
               lambda: reproduce.chain(reproduce.integrate_and_fire(v_threshold=2), names=("in", "output")), [1] * 6,
               place='src/spyx/nir.py:263: curr_node, next_node = "input", None')
