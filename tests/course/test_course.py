"""The course itself: what is committed runs, grades as promised, and covers what it says."""

from __future__ import annotations

from pathlib import Path

import nbformat
import papermill
import pytest

from lakelab.coverage import coverage
from lakelab.grading.course import Course
from lakelab.notebooks import read
from lakelab.release.generate import release
from lakelab.release.lint import lint
from lakelab.verify import verify

ROOT = Path(__file__).parents[2]
WALKTHROUGHS = sorted(p for p in (ROOT / "course").rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)
COURSE = Course.open(ROOT)
LABS = [(assignment, notebook) for assignment in COURSE.assignments() for notebook in COURSE.notebooks(assignment)]


@pytest.mark.spark
@pytest.mark.alone
@pytest.mark.parametrize("path", WALKTHROUGHS, ids=lambda path: path.stem)
def test_a_walkthrough_runs_from_top_to_bottom_without_a_word_on_stderr(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _noise(path, tmp_path, monkeypatch) == []


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.alone
@pytest.mark.parametrize("path", WALKTHROUGHS, ids=lambda path: path.stem)
def test_a_walkthrough_runs_again_where_it_has_left_runs_models_and_tables(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        _noise(path, tmp_path, monkeypatch)  # raises what a cell raises


def _noise(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Execute a notebook with its state below `folder`; return what it wrote to stderr, by cell."""
    monkeypatch.setenv("LAKELAB_CACHE", str(ROOT / ".lakelab" / "cache"))
    monkeypatch.setenv("LAKELAB_HOME", str(folder / "home"))
    for name in ("MLFLOW_TRACKING_URI", "_MLFLOW_SERVER_ARTIFACT_ROOT"):
        monkeypatch.delenv(name, raising=False)  # of a home that an earlier test used in this process
    out = folder / "out.ipynb"
    papermill.execute_notebook(path, out, cwd=path.parent, progress_bar=False)
    return [
        (cell.id, output.text)
        for cell in nbformat.read(out, as_version=4).cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]


@pytest.mark.spark
@pytest.mark.alone
@pytest.mark.timeout(1800)  # a hundred answers, each run with its tests
@pytest.mark.parametrize(("assignment", "notebook"), LABS, ids=[name for _, name in LABS])
def test_the_graders_are_accurate(assignment: str, notebook: str) -> None:
    result = verify([assignment], course_root=ROOT, notebooks=[notebook])
    assert result.ok, result.to_dict()


def test_sources_are_well_made_and_nothing_leaks() -> None:
    result = lint(course_root=ROOT)
    assert result.ok, result.to_dict()


def test_the_release_is_what_the_sources_give() -> None:
    result = release(course_root=ROOT, check=True)
    assert result.ok, result.to_dict()


def test_a_change_of_a_source_is_noticed(tmp_path: Path) -> None:
    """The check above can fail: one letter in a released cell is enough."""
    import shutil

    for name in ("source", "release", "course"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    changed = next((tmp_path / "source").rglob("*.ipynb"))
    changed.write_text(
        changed.read_text(encoding="utf-8").replace("**Question 1", "**Question  1", 1), encoding="utf-8"
    )
    assert not release(course_root=tmp_path, check=True).ok


def test_the_objectives_are_all_there_and_point_at_something() -> None:
    result = coverage(course_root=ROOT).to_dict()
    assert result["ok"], result["problems"]
    listed = [o["id"] for guide in result["guides"] for section in guide["sections"] for o in section["objectives"]]
    assert len(listed) == len(set(listed)) == 122


LABS_ALONE = {("6_readiness", "6_1_capstone")}
"""A project that joins what other lessons taught; its module's page says how to work on it."""


def test_every_lab_has_its_walkthrough() -> None:
    assert LABS
    assert set(LABS) - LABS_ALONE <= {(path.parent.name, path.stem) for path in WALKTHROUGHS}
    assert all((ROOT / "course" / module / "README.md").is_file() for module, _ in LABS_ALONE)


@pytest.mark.parametrize("path", WALKTHROUGHS, ids=lambda path: path.stem)
def test_a_walkthrough_imports_only_what_a_notebook_may(path: Path) -> None:
    """Code after the import lines has to run on Databricks, so no other part of the package is in reach."""
    allowed = (
        "lakelab.runtime",
        "lakelab.data",
        "lakelab.feature_engineering",
        "lakelab.feature_store",
        "lakelab.automl",
        "lakelab.serving",
    )
    for cell in read(path).cells:
        if cell.cell_type != "code":
            continue
        for line in cell.source.splitlines():
            words = line.split()
            if words[:1] in (["import"], ["from"]) and words[1].startswith("lakelab"):
                module = f"lakelab.{words[3]}" if words[1] == "lakelab" else words[1]  # from lakelab import automl
                assert module in allowed, line
                assert "# on Databricks" in line.replace("# On", "# on"), f"say what it is called there: {line}"
