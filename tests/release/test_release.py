"""The release is what the source gives, whoever generates it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from lakelab.grading.errors import GradingError
from lakelab.notebooks import canonical_text, read
from lakelab.release.errors import ReleaseError
from lakelab.release.generate import release


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_committed_release_of_the_tiny_course_is_in_sync(tiny_course: Path) -> None:
    result = release(course_root=tiny_course, check=True)
    assert result.ok, result.differences
    assert result.to_dict()["files"] == ["release/arith/lists.ipynb", "release/arith/sums.ipynb"]


def test_a_check_touches_nothing(tiny_course: Path) -> None:
    before = _bytes(tiny_course)
    release(course_root=tiny_course, check=True)
    assert _bytes(tiny_course) == before


def test_nbgrader_itself_writes_the_same_bytes_in_the_canonical_form(tiny_course: Path) -> None:
    committed = _bytes(tiny_course / "release")
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", "arith", "--force"],
        cwd=tiny_course,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        check=True,
        capture_output=True,
    )
    assert _bytes(tiny_course / "release") == committed
    for path in (tiny_course / "release" / "arith").glob("*.ipynb"):
        assert path.read_text(encoding="utf-8") == canonical_text(read(path))


def test_a_source_saved_by_jupyter_gives_the_same_release(tiny_course: Path) -> None:
    path = tiny_course / "source" / "arith" / "sums.ipynb"
    notebook = read(path)
    notebook.metadata["widgets"] = {}
    for cell in notebook.cells:
        cell.metadata["collapsed"] = False
        cell.source += "\n"
        if cell.cell_type == "code":
            cell.execution_count = 7
            cell.outputs = [nbformat.v4.new_output("stream", text="13\n")]
    nbformat.write(notebook, path)
    result = release(course_root=tiny_course, check=True)
    assert result.ok, result.differences


def test_check_names_what_differs(tiny_course: Path) -> None:
    folder = tiny_course / "release"
    changed = folder / "arith" / "sums.ipynb"
    changed.write_text(changed.read_text().replace("Return a plain number", "Return any number"))
    (folder / "arith" / "lists.ipynb").unlink()
    (folder / "arith" / "old.csv").write_text("a\n")
    (folder / "gone").mkdir()
    result = release(course_root=tiny_course, check=True)
    assert not result.ok
    assert {(d.path, d.kind) for d in result.differences} == {
        ("release/arith/sums.ipynb", "changed"),
        ("release/arith/lists.ipynb", "missing"),
        ("release/arith/old.csv", "left over"),
        ("release/gone", "left over"),
    }
    assert "Return any number" in next(d.sentence for d in result.differences if d.kind == "changed")


def test_releasing_records_the_gradebook_and_keeps_other_files(
    tiny_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.devnull)  # nbgrader starts `alembic`, and nobody activated the environment
    data = tiny_course / "source" / "arith" / "data"
    data.mkdir()
    (data / "prices.csv").write_text("1,2\n")
    (tiny_course / "release" / "README.md").write_text("For students.\n")
    result = release(["arith"], course_root=tiny_course)
    assert [d.path for d in result.differences] == ["release/arith/data/prices.csv"]
    assert (tiny_course / "release" / "arith" / "data" / "prices.csv").read_text() == "1,2\n"
    assert (tiny_course / "release" / "README.md").exists()
    with Gradebook(f"sqlite:///{tiny_course / 'gradebook.db'}") as gradebook:
        assert {notebook.name for notebook in gradebook.find_assignment("arith").notebooks} == {"lists", "sums"}
    assert not list(tiny_course.glob(".release-*"))


def test_an_error_is_one_sentence_and_leaves_the_old_release(tiny_course: Path) -> None:
    source = tiny_course / "source" / "arith" / "sums.ipynb"
    source.write_text(source.read_text().replace("### END SOLUTION", "### THE END", 1))
    before = _bytes(tiny_course / "release")
    with pytest.raises(ReleaseError, match=r"'arith', in sums.ipynb: .*no end solution statement") as caught:
        release(course_root=tiny_course)
    assert "\n" not in str(caught.value)
    assert _bytes(tiny_course / "release") == before
    assert not list(tiny_course.glob(".release-*"))


def test_changed_questions_after_grading_are_refused_with_the_way_out(tiny_course_with_gradebook: Path) -> None:
    root = tiny_course_with_gradebook
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        gradebook.add_student("ann")
        gradebook.add_submission("arith", "ann")
    path = root / "source" / "arith" / "sums.ipynb"
    notebook = read(path)
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") != "q1_test"]
    nbformat.write(notebook, path)
    before = _bytes(root / "release")
    with pytest.raises(ReleaseError, match=r"submissions associated.*LAKELAB_DB_URL=.*'lakelab grade' then"):
        release(course_root=root)
    assert _bytes(root / "release") == before


def test_an_unknown_assignment_is_answered_with_those_that_exist(tiny_course: Path) -> None:
    with pytest.raises(GradingError, match=r"'algebra'.*arith"):
        release(["algebra"], course_root=tiny_course)


def test_nbgrader_stays_quiet(tiny_course: Path, capfd: pytest.CaptureFixture[str]) -> None:
    release(course_root=tiny_course)
    assert capfd.readouterr() == ("", "")


def test_answers_written_into_the_release_are_not_lost(tiny_course: Path) -> None:
    mine = tiny_course / "release" / "arith" / "sums.ipynb"
    notebook = nbformat.read(mine, as_version=4)
    notebook.cells[-1].metadata["collapsed"] = True  # any trace of an editor
    nbformat.write(notebook, mine)
    saved = mine.read_bytes()
    with pytest.raises(GradingError, match=r"sums.ipynb has been worked on.*move your copy elsewhere"):
        release(course_root=tiny_course)
    assert mine.read_bytes() == saved
