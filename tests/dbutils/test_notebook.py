"""`dbutils.notebook`: notebooks that run notebooks, in kernels of their own."""

from __future__ import annotations

import json
import time
from pathlib import Path

import nbformat
import pytest

from lakelab.dbutils import DBUtils
from lakelab.dbutils.notebook import KEPT_RUNS, NotebookExit, NotebookUtils, WorkflowException, exit_value

RUNTIME = "from lakelab.dbutils import DBUtils\ndbutils = DBUtils()"


def write(path: Path, *sources: str, tags: dict[int, list[str]] | None = None) -> Path:
    """Write a notebook whose first cell makes `dbutils`; ``tags`` counts the cells after it from 0."""
    cells = [nbformat.v4.new_code_cell(source) for source in (RUNTIME, *sources)]
    for position, names in (tags or {}).items():
        cells[position + 1].metadata["tags"] = names
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), str(path))
    return path


@pytest.fixture
def notebook(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NotebookUtils:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return DBUtils().notebook


def test_arguments_go_in_and_a_value_comes_out(notebook: NotebookUtils, own_home: Path) -> None:
    write(
        Path("child.ipynb"),
        "year = 'default'",
        'dbutils.widgets.text("year", "2000")\nimport json\n'
        'dbutils.notebook.exit(json.dumps([dbutils.widgets.get("year"), year, dbutils.widgets.getAll()]))',
        "raise RuntimeError('not reached')",
        tags={0: ["parameters"]},
    )
    value = notebook.run("child", 60, {"year": "2013", "é\"'": "1,\n2"})
    assert json.loads(value or "") == ["2013", "2013", {"year": "2013", "é\"'": "1,\n2"}]
    (copy,) = (own_home / "notebook_runs").iterdir()
    executed = nbformat.read(copy, as_version=4)
    assert exit_value(executed) == value
    assert "Notebook exited: " in str(executed.cells[-2].outputs)
    assert "An Exception was encountered" not in copy.read_text()


def test_nested_runs_are_relative_to_their_own_folder_and_keep_their_own_arguments(
    notebook: NotebookUtils, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAKELAB_WIDGETS", '{"mine": "1"}')
    write(
        Path("sub/outer.ipynb"),
        'dbutils.notebook.exit(dbutils.notebook.run("../inner.ipynb", 0) + " from " + __import__("os").getcwd()[-3:])',
    )
    write(Path("inner.ipynb"), "dbutils.notebook.exit(str(dbutils.widgets.getAll()))")
    assert notebook.run("./sub/outer", 0, {"a": "b"}) == "{} from sub"


def test_without_exit_there_is_no_value(notebook: NotebookUtils) -> None:
    write(Path("child.ipynb"), "1 / 0", "x = 1", tags={0: ["raises-exception"]})
    assert notebook.run("child", 60) is None


def test_a_failure_is_the_callers_too(notebook: NotebookUtils) -> None:
    write(Path("child.ipynb"), "x = {}", "x['carrier']", "dbutils.notebook.exit('no')")
    with pytest.raises(WorkflowException, match=r"child.ipynb failed in code cell 3 with KeyError: 'carrier'") as error:
        notebook.run("child", 60)
    copy = Path(str(error.value).partition("executed copy: ")[2].partition(")")[0])
    assert "KeyError" in copy.read_text()


def test_exit_passes_through_except_exception(notebook: NotebookUtils) -> None:
    write(Path("child.ipynb"), "try:\n    dbutils.notebook.exit('out')\nexcept Exception:\n    pass", "1 / 0")
    assert notebook.run("child", 60) == "out"


def test_timeout_is_for_the_whole_notebook(notebook: NotebookUtils) -> None:
    write(Path("child.ipynb"), *["import time; time.sleep(1.5)"] * 20)
    start = time.monotonic()
    with pytest.raises(WorkflowException, match=r"did not end within 4 seconds and was stopped \(TIMEDOUT"):
        notebook.run("child", 4)
    assert time.monotonic() - start < 25


def test_death_is_reported(notebook: NotebookUtils) -> None:
    write(Path("child.ipynb"), "import os; os._exit(9)")
    with pytest.raises(WorkflowException, match=r"The Python of notebook child.ipynb died"):
        notebook.run("child", 60)


def test_from_within_a_kernel(notebook: NotebookUtils) -> None:
    """A kernel's own event loop is busy while a cell runs; and the value needs no cell that prints it."""
    write(Path("inner.ipynb"), "dbutils.notebook.exit('deep')")
    write(
        Path("outer.ipynb"),
        "import asyncio; await asyncio.sleep(0)\nvalue = dbutils.notebook.run('inner', 60)",
        "dbutils.notebook.exit(value)",
    )
    assert notebook.run("outer", 60) == "deep"


def test_outside_of_a_run(notebook: NotebookUtils) -> None:
    with pytest.raises(NotebookExit, match="value"):
        notebook.exit("value")
    with pytest.raises(TypeError, match=r"takes a string, not int: write json.dumps\(3\)"):
        notebook.exit(3)  # type: ignore[arg-type]


def test_bad_calls(notebook: NotebookUtils) -> None:
    with pytest.raises(
        FileNotFoundError, match=r"There is no notebook nope \(with or without .ipynb\), seen from .*work"
    ):
        notebook.run("nope", 60)
    write(Path("child.ipynb"), "1")
    with pytest.raises(TypeError, match="The argument 'n' of child is 3; arguments are strings"):
        notebook.run("child", 60, {"n": 3})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="timeout_seconds is -1"):
        notebook.run("child", -1)
    Path("broken.ipynb").write_text("{")
    with pytest.raises(ValueError, match=r"broken.ipynb can't be read as a notebook"):
        notebook.run("broken", 60)


def test_only_the_newest_copies_are_kept(notebook: NotebookUtils, own_home: Path) -> None:
    runs = own_home / "notebook_runs"
    runs.mkdir(parents=True)
    for number in range(KEPT_RUNS + 3):
        (runs / f"20000101-0000{number:02}-x.ipynb").write_text("")
    write(Path("child.ipynb"), "1")
    notebook.run("child", 60)
    kept = sorted(path.name for path in runs.iterdir())
    assert len(kept) == KEPT_RUNS
    assert kept[-1].endswith("-child.ipynb")
    assert kept[0] == "20000101-000004-x.ipynb"
