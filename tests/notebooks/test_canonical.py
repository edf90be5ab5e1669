"""One form for committed notebooks."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from lakelab.notebooks import canonical_text, is_canonical, read, write


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A notebook as JupyterLab leaves it after a run."""
    cell = nbformat.v4.new_code_cell("x = 1   \nx", id="abc")
    cell.execution_count = 3
    cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "1"}, execution_count=3)]
    cell.metadata = {"collapsed": True, "execution": {"iopub": "now"}, "editable": False, "tags": []}
    path = tmp_path / "used.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {}}), path)
    return path


def test_outputs_counts_and_editor_metadata_are_dropped(used: Path) -> None:
    assert not is_canonical(used)
    write(read(used), used)
    assert is_canonical(used)
    cell = json.loads(used.read_text())["cells"][0]
    assert (cell["outputs"], cell["execution_count"]) == ([], None)
    assert cell["metadata"] == {"editable": False}
    assert "".join(cell["source"]) == "x = 1\nx"


def test_the_form_is_a_fixed_point(used: Path) -> None:
    once = canonical_text(read(used))
    assert canonical_text(nbformat.reads(once, as_version=4)) == once


def test_ids_are_the_grade_ids_and_unique() -> None:
    meta = {"nbgrader": {"grade_id": "q1", "grade": False, "locked": False, "solution": True, "schema_version": 3}}
    cells = [nbformat.v4.new_code_cell("a", id="random", metadata=meta), nbformat.v4.new_code_cell("b", id="q1")]
    ids = [cell["id"] for cell in json.loads(canonical_text(nbformat.v4.new_notebook(cells=cells)))["cells"]]
    assert ids == ["q1", "q1-2"]


def test_every_committed_notebook_is_canonical() -> None:
    root = Path(__file__).parents[2]
    found = [p for folder in ("course", "source", "release") for p in (root / folder).rglob("*.ipynb")]
    committed = [path for path in found if ".ipynb_checkpoints" not in path.parts]
    assert committed
    assert [path.name for path in committed if not is_canonical(path)] == []
