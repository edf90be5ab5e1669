"""`lakelab export`: every notebook of the course on Databricks and back, and what is refused."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from nbformat import NotebookNode

from lakelab import data
from lakelab.dbutils import DBUtils
from lakelab.export import export
from lakelab.export.data_cell import DEFAULT_FOLDER, data_cell
from lakelab.export.databricks import to_databricks
from lakelab.export.errors import ExportError
from lakelab.export.limits import installs, limits
from lakelab.export.prose import without_mentions
from lakelab.export.source_format import from_source, to_source
from lakelab.export.switch import switch
from lakelab.notebooks import read
from lakelab.release.lab import as_python

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(
    path
    for part in ("course", "release", "source")
    for path in (ROOT / part).rglob("*.ipynb")
    if ".ipynb_checkpoints" not in path.parts
)


def cells(nb: NotebookNode) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in nb.cells]


def notebook(*sources: str, kind: str = "code") -> NotebookNode:
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}[kind]
    return nbformat.v4.new_notebook(cells=[make(source) for source in sources])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_notebook_goes_and_comes_back(path: Path, tmp_path: Path) -> None:
    (written,) = export(str(path), to="databricks", output=tmp_path)
    text = written.target.read_text(encoding="utf-8")
    assert "lakelab" not in text.lower()
    assert text.startswith("# Databricks notebook source\n")
    compile(as_python(text), str(path), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)  # most magics are comments in it
    for sentence in (*written.todo, *written.cannot):
        assert sentence in text

    exported = to_databricks(read(path), DEFAULT_FOLDER)
    (back,) = export(str(written.target), to="ipynb", output=tmp_path / "back")
    assert cells(read(back.target)) == cells(exported.nb)

    # Nothing but what was meant to change has changed: every other line of code is the original's, in its order.
    original = [line for cell in read(path).cells if cell.cell_type == "code" for line in cell.source.split("\n")]
    kept = [
        line
        for cell in exported.nb.cells[exported.added :]
        if cell.cell_type == "code"
        for line in cell.source.split("\n")
    ]
    plain = [line for line in original if "lakelab" not in line.lower() and line.strip()]
    there = ("import databricks", "from databricks", "from mlflow.deployments")
    switched = [line for line in kept if line.lstrip().startswith(there) and line not in plain]
    for line in switched:
        assert any("lakelab" in old and line.rpartition(" ")[2] in old for old in original), line
    assert [line for line in kept if line.strip() and "course" not in line and line not in switched] == [
        line for line in plain if "course" not in line
    ]


def test_a_module_is_its_walkthroughs_and_labs(tmp_path: Path) -> None:
    written = export("2_ml_workflows", to="databricks", output=tmp_path, course_root=ROOT)
    places = {entry.target.relative_to(tmp_path).as_posix() for entry in written}
    assert {"course/2_ml_workflows/2_1_explore.py", "release/2_ml_workflows/2_1_explore.py"} <= places
    assert not any(place.startswith("source") for place in places)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from lakelab.runtime import spark, dbutils  # on Databricks: nothing\nx = 1", "x = 1"),
        ("from lakelab import automl  # on Databricks: from databricks import automl", "from databricks import automl"),
        ("from lakelab.automl import classify as c", "from databricks.automl import classify as c"),
        ("import lakelab.automl as automl", "import databricks.automl as automl"),
        (
            "from lakelab.feature_engineering import (\n    FeatureEngineeringClient,\n    FeatureLookup,\n)\ny = 2",
            "from databricks.feature_engineering import FeatureEngineeringClient\n"
            "from databricks.feature_engineering import FeatureLookup\ny = 2",
        ),
        (
            "from lakelab.feature_store import FeatureStoreClient",
            "from databricks.feature_store import FeatureStoreClient",
        ),
        (
            "from lakelab.serving import get_deploy_client  # on Databricks: from mlflow.deployments import …",
            "from mlflow.deployments import get_deploy_client",
        ),
        ("from lakelab.data import load\nload('penguins')", "load('penguins')"),
        ("from lakelab.data import load as get, path", "get = load"),
        ("from lakelab import data", "from types import SimpleNamespace\ndata = SimpleNamespace(load=load, path=path)"),
        ("def f():\n    from lakelab.runtime import spark\n", "def f():\n    pass"),
        ("import os; from lakelab.runtime import spark; y = 1", "import os; pass; y = 1"),
        ("%time x = 1\nfrom lakelab.runtime import spark\n!ls", "%time x = 1\n!ls"),
        (
            "mlflow.set_experiment('/Shared/lakelab/x')  # LakeLab's",
            "mlflow.set_experiment('/Shared/course/x')  # course's",
        ),
    ],
)
def test_code_is_switched(code: str, expected: str) -> None:
    switched = switch(code)
    assert switched.source == expected
    assert switched.missing == []


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("!lakelab check lab.ipynb\nx = 1", "the course's command `!course check lab.ipynb`"),
        ("from lakelab.data import describe", "`describe` of the course's data module"),
        ("from lakelab.workspace import start", "`start` of the course's module `course.workspace`"),
        ("import lakelab", "the course's package (`import course`)"),
        ("os.environ['LAKELAB_HOME']", "`COURSE_HOME`, a name of the course's own programs"),
        ("lakelab.x()", "`course`, a name of the course's own programs"),
    ],
)
def test_what_has_no_counterpart_is_named(code: str, missing: str) -> None:
    switched = switch(code)
    assert missing in switched.missing
    assert "lakelab" not in switched.source.lower()
    head = to_databricks(notebook(code), DEFAULT_FOLDER).nb.cells[0].source
    assert "What does not run here as it stands:" in head
    assert "lakelab" not in head.lower()


def test_prose() -> None:
    text, dropped = without_mentions(
        "# Welcome to LakeLab\n\nLakeLab teaches Spark. Ask `lakelab check X.ipynb` in a cell. It is free.\n\n"
        "| where | what |\n|---|---|\n| `.lakelab` | state |\n| course | lessons |\n\n"
        "- Use `lakelab doctor` first.\n- Then read on;\n  set LAKELAB_HOME if you like. Done.\n\n"
        "    !lakelab check X.ipynb\n\nThe experiment `/Shared/lakelab/x`; `lakelab.automl` has classify."
    )
    assert text == (
        "# Welcome to the course\n\nThis course teaches Spark. It is free.\n\n"
        "| where | what |\n|---|---|\n| course | lessons |\n\n"
        "- Done.\n\nThe experiment `/Shared/course/x`; `databricks.automl` has classify."
    )
    assert dropped == [
        "Ask `lakelab check X.ipynb` in a cell.",
        "| `.lakelab` | state |",
        "Use `lakelab doctor` first.",
        "Then read on; set LAKELAB_HOME if you like.",
        "!lakelab check X.ipynb",
    ]
    assert without_mentions("Nothing to see.\n\n\n\nAs it was. ") == ("Nothing to see.\n\n\n\nAs it was. ", [])


@pytest.mark.parametrize(
    "code",
    [
        "requests.get('http://127.0.0.1:8080')",
        "subprocess.Popen(['mlflow', 'models', 'serve'])",
        "!mlflow ui",
        "spark.stop()",
        "spark.sparkContext.parallelize([1])",
        "SparkTrials(2)",
        "client.transition_model_version_stage(name, 1, 'Production')",
        "mlflow.set_tracking_uri('sqlite:///x.db')",
    ],
)
def test_limits_are_named(code: str) -> None:
    assert len(limits(code)) >= 1
    assert to_databricks(notebook(code), DEFAULT_FOLDER).cannot == limits(code)


def test_what_runs_is_not_accused() -> None:
    code = "import hyperopt\nfrom hyperopt import fmin\nmlflow.start_run()\nspark.read.table('t')"
    assert limits(code) == []
    assert installs(code) == ["hyperopt"]
    front = to_databricks(notebook(code), DEFAULT_FOLDER).nb.cells[:2]
    assert "Nothing in it is known not to run here." in front[0].source
    assert front[1].source == "%pip install hyperopt"


def test_source_format() -> None:
    nb = notebook("x = 1\n%time y = 2\n!ls", "%%bash\nls\necho", "", "a\n\n\nb", "%pip install x")
    nb.cells.insert(1, nbformat.v4.new_markdown_cell("# Title\n\ntext\n    code"))
    text = to_source(nb)
    assert text == (
        "# Databricks notebook source\nx = 1\n# MAGIC %time y = 2\n# MAGIC !ls\n\n# COMMAND ----------\n\n"
        "# MAGIC %md\n# MAGIC # Title\n# MAGIC\n# MAGIC text\n# MAGIC     code\n\n# COMMAND ----------\n\n"
        "# MAGIC %%bash\n# MAGIC ls\n# MAGIC echo\n\n# COMMAND ----------\n\n\n\n# COMMAND ----------\n\n"
        "a\n\n\nb\n\n# COMMAND ----------\n\n# MAGIC %pip install x\n"
    )
    assert cells(from_source(text)) == cells(nb)
    assert cells(from_source(text.replace("\n", "\r\n"))) == cells(nb)


def test_what_databricks_writes_itself_is_read() -> None:
    text = (
        "# Databricks notebook source\n# DBTITLE 1,A title\n# MAGIC %md-sandbox\n# MAGIC one \n\n# COMMAND ----------\n\n"
        "# MAGIC %md # Two\n# MAGIC \n# MAGIC more\n\n# COMMAND ----------\n\n# DBTITLE 0,Code\nx = 1\n"
    )
    assert cells(from_source(text)) == [("markdown", "one "), ("markdown", "# Two\n\nmore"), ("code", "x = 1")]


@pytest.mark.parametrize("line", ["# COMMAND ----------", "# MAGIC %md", "# DBTITLE 1,x"])
def test_what_could_not_be_read_back_is_refused(line: str) -> None:
    with pytest.raises(ExportError, match=re.escape(f"A cell holds the line '{line}'")):
        to_source(notebook(f"x = 1\n{line}"))


def _helpers(spark: Any = None) -> dict[str, Any]:
    scope: dict[str, Any] = {"dbutils": DBUtils(), "spark": spark}
    exec(data_cell(str(data._folder()), {"load", "path"}), scope)
    return scope


def test_the_data_cell_gives_what_the_data_module_gives() -> None:
    scope = _helpers()
    for name in data.names():
        pd.testing.assert_frame_equal(
            scope["load"](name, as_pandas=True).sort_index(axis=1), data.load(name, as_pandas=True).sort_index(axis=1)
        )
        assert sorted(scope["path"](name)) == sorted(data.path(name))
    assert scope["path"]("flights", year=2013, month=[1, 2]) == data.path("flights", year=2013, month=[1, 2])
    assert scope["path"]("flights", month=range(3, 5)) == data.path("flights", month=range(3, 5))
    assert scope["path"]("weather", year=[2023]) == data.path("weather", year=[2023])
    with pytest.raises(ValueError, match=r"There is no nope for year=2013.*upload the course's data"):
        scope["load"]("nope", year=2013)
    assert "path =" not in data_cell(DEFAULT_FOLDER, {"load"})


@pytest.mark.spark
def test_the_data_cell_gives_spark_the_same_types() -> None:
    from lakelab.runtime import spark

    load = _helpers(spark)["load"]
    for name in data.names():
        assert load(name).schema == data.load(name).schema
    assert load("flights", year=2013, month=1).count() == data.load("flights", year=2013, month=1).count()


@pytest.mark.parametrize(
    ("what", "more", "sentence"),
    [
        ("nowhere", {}, "There is no notebook, folder or module 'nowhere' with .ipynb files"),
        ("a.txt", {}, "a.txt is no .ipynb file"),
        ("a.ipynb", {"to": "spark"}, "There is no format 'spark': choose databricks or ipynb."),
        ("broken.ipynb", {}, "broken.ipynb can't be read as a notebook"),
        ("a.py", {"to": "ipynb"}, "a.py can't be read back: this is no notebook in Databricks' source format"),
        ("a.ipynb", {"data_folder": "/tmp/x"}, "is no volume's: give one such as /Volumes/"),
        ("a.ipynb", {"output": Path("a.txt")}, "a.txt is a file: name a folder"),
        ("a.ipynb", {"output": Path("taken")}, "a.py exists and is no exported notebook"),
        ("back.py", {"to": "ipynb", "output": Path("taken")}, "back.ipynb exists and may hold somebody's work"),
    ],
)
def test_bad_input(
    what: str, more: dict[str, Any], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("taken").mkdir()
    for name in ("a.txt", "a.py", "taken/a.py", "taken/back.ipynb"):
        Path(name).write_text("mine")
    Path("broken.ipynb").write_text("{")
    Path("back.py").write_text(to_source(notebook("x = 1")))
    nbformat.write(notebook("x = 1"), "a.ipynb")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(ExportError, match=re.escape(sentence)):
        export(what, **{"to": "databricks", **more})
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_one_bad_notebook_leaves_nothing_half_done(tmp_path: Path) -> None:
    folder = tmp_path / "lessons"
    folder.mkdir()
    nbformat.write(notebook("x = 1"), str(folder / "a.ipynb"))
    (folder / "b.ipynb").write_text("{")
    with pytest.raises(ExportError, match=r"b.ipynb can't be read"):
        export(str(folder), to="databricks", output=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (folder / "b.ipynb").unlink()
    export(str(folder), to="databricks", output=tmp_path / "out")
    export(str(folder), to="databricks", output=tmp_path / "out")  # what was exported may be replaced
    assert [path.relative_to(tmp_path).as_posix() for path in (tmp_path / "out").rglob("*.py")] == ["out/lessons/a.py"]
