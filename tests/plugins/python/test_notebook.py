"""The notebooks of examples/, every cell."""

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

from conftest import EXAMPLES


@pytest.mark.parametrize("name", sorted(path.name for path in (EXAMPLES / "python").glob("*.ipynb")))
def test_every_cell_runs(name):
    notebook = nbformat.read(EXAMPLES / "python" / name, as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(EXAMPLES)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    text = "".join(output.get("text", "") for output in outputs)
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    tables = [output for output in outputs if "<table" in "".join(output.get("data", {}).get("text/html", ""))]
    accuracies = [float(word[:-1]) for word in text.replace(",", " ").split() if word.endswith("%")]
    assert len(accuracies) == 3 and max(accuracies) > 86 and len(pictures) == 3 and len(tables) >= 3, text
    assert not [output for output in outputs if output.output_type == "stream" and output.name == "stderr"]
