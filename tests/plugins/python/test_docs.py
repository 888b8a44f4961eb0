"""Examples in docstrings, and the package's types."""

import doctest
import importlib
import os
import pathlib
import shutil
import subprocess
import sys
import textwrap

import pytest

import nirc
from conftest import ROOT

PACKAGE = pathlib.Path(nirc.__file__).parent


@pytest.mark.parametrize("name", sorted(path.stem for path in PACKAGE.glob("*.py")))
def test_examples_in_docstrings(name, monkeypatch):
    needs = {"torch": "torch", "brian2": "brian2", "plot": "matplotlib"}
    if name in needs:
        pytest.importorskip(needs[name])
    monkeypatch.chdir(ROOT)
    module = importlib.import_module("nirc" if name == "__init__" else f"nirc.{name}")
    assert doctest.testmod(module).failed == 0


def test_everything_public_is_documented():
    import inspect

    for name in nirc.__all__:
        thing = getattr(nirc, name)
        assert inspect.getdoc(thing), name
    for thing in (nirc.Network, nirc.Session, nirc.Result, nirc.Graph):
        for name, member in inspect.getmembers(thing, inspect.isfunction):
            if not name.startswith("_") and name not in ("keys", "values", "items", "get"):
                assert inspect.getdoc(member) or name in ("pop", "popitem", "setdefault", "clear", "update"), name


@pytest.mark.skipif(not shutil.which("mypy"), reason="mypy is not there")
def test_types(tmp_path):
    """Of the package itself, and as a program that uses it sees them."""
    (tmp_path / "use.py").write_text(
        textwrap.dedent(
            """
            import numpy as np
            import nirc

            network = nirc.compile("model.nir", dt=1e-3)
            counts: dict[str, int] = network(np.ones((3, 4))).spike_counts()
            reveal_type(network.session().time)
            nirc.compile(dt="1ms")
            """
        )
    )
    skipped = "".join(f"[mypy-{name}.*]\nfollow_imports = skip\n" for name in ("torch", "brian2", "matplotlib", "pandas"))
    (tmp_path / "mypy.ini").write_text("[mypy]\n" + skipped)  # they take a minute
    flags = ["--config-file", str(tmp_path / "mypy.ini"), "--strict", "--no-warn-return-any", "--allow-subclassing-any", "--ignore-missing-imports"]
    environment = {**os.environ, "MYPYPATH": str(PACKAGE.parent), "MYPY_CACHE_DIR": str(tmp_path)}
    own = subprocess.run(
        ["mypy", *flags, str(PACKAGE)], capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    assert own.returncode == 0, own.stdout
    use = subprocess.run(["mypy", *flags[:2], str(tmp_path / "use.py")], capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert 'Revealed type is "builtins.float"' in use.stdout, use.stdout
    assert 'Missing positional argument "model"' in use.stdout and "Found 1 error" in use.stdout, use.stdout


def test_it_is_the_installed_package():
    if expected := os.environ.get("NIRC_EXPECTED_PACKAGE"):
        assert PACKAGE == pathlib.Path(expected)
    assert sys.modules["nirc._nirc"].__file__.startswith(str(PACKAGE))
