"""Where the tests find things: the installed package by PYTHONPATH, programs by PATH."""

import pathlib
import subprocess

import numpy as np
import pytest

import nirc

ROOT = pathlib.Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples"


@pytest.fixture
def examples():
    return EXAMPLES


@pytest.fixture
def two_layers():
    """A network of 12 inputs, and 300 steps that drive it."""
    return EXAMPLES / "two-layers.nir", np.load(EXAMPLES / "two-layers.npy")


@pytest.fixture
def command(tmp_path):
    """Runs `nirc`; the text that it prints."""

    def run(*arguments):
        words = ["nirc", *map(str, arguments)]
        done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def lif(n, tau=0.02, threshold=1.0, **more):
    ones = np.ones(n)
    return nirc.Node("LIF", tau=tau * ones, r=ones, v_leak=0 * ones, v_threshold=threshold * ones, **more)


def chain(n, weight, *neurons):
    """Input -> Linear -> neurons -> Output."""
    nodes = {"input": nirc.Node("Input", shape=[n]), "fc": nirc.Node("Linear", weight=weight)}
    nodes.update({f"lif{i}": node for i, node in enumerate(neurons)})
    nodes["output"] = nirc.Node("Output", shape=[len(weight)])
    names = list(nodes)
    return nirc.Graph(nodes, list(zip(names, names[1:])))
