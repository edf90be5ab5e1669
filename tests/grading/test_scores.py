"""From records of execution to points: no notebook is executed here."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from classroom import copy_course, released
from nbformat import NotebookNode

from lakelab.grading.batch import Task, conclude, prepare
from lakelab.grading.course import Course, parse_size, shown_url
from lakelab.grading.errors import GradingError
from lakelab.grading.record import open_gradebook, record, score
from lakelab.grading.source import RecordedSource, record_sources
from lakelab.grading.verdict import CellRecord, CellStatus, Outcome, Verdict

BASE = {"schema_version": 3, "task": False}


def _cell(kind: str, name: str, source: str, **nbgrader: object) -> NotebookNode:
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return make(source, id=name, metadata={"nbgrader": {**BASE, "grade_id": name, "cell_type": kind, **nbgrader}})


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course with one lab whose questions are scored in every way there is."""
    course = Course.open(copy_course(tmp_path / "course"))
    test, by_hand = (
        {"grade": True, "locked": True, "solution": False},
        {"grade": True, "locked": False, "solution": True},
    )
    cells = [
        _cell("code", "whole", "assert True", points=2, **test),
        _cell("code", "part", "found = 1\nfound / 2", points=2, **test),
        _cell("markdown", "essay", "YOUR ANSWER HERE", points=4, **by_hand),
        _cell("code", "plot", "### BEGIN SOLUTION\nplot()\n### END SOLUTION", points=3, **by_hand),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), course.source / "arith" / "kinds.ipynb")
    return course


def _source(course: Course) -> RecordedSource:
    return RecordedSource.read(course, "arith", "kinds")


@pytest.mark.parametrize(
    ("name", "told", "points"),
    [
        ("whole", CellRecord(0, status=CellStatus.OK), 2),
        ("whole", CellRecord(0, status=CellStatus.OK, partial=0.5), 2),  # a number that some hook printed
        ("whole", CellRecord(0, status=CellStatus.OK, wrote_stderr=True), 2),
        ("whole", CellRecord(0, status=CellStatus.ERROR), 0),
        ("whole", CellRecord(0, status=CellStatus.TIMED_OUT), 0),
        ("whole", CellRecord(0), 0),
        ("whole", None, 0),
        ("part", CellRecord(0, status=CellStatus.OK, partial=0.5), 0.5),
        ("part", CellRecord(0, status=CellStatus.OK, partial=9), 2),
        ("part", CellRecord(0, status=CellStatus.OK, partial=-1), 0),
        ("part", CellRecord(0, status=CellStatus.OK, partial=float("nan")), 0),
        ("part", CellRecord(0, status=CellStatus.OK), 2),
        ("part", CellRecord(0, status=CellStatus.ERROR, partial=2), 0),
    ],
)
def test_tests(course: Course, name: str, told: CellRecord | None, points: float) -> None:
    source = _source(course)
    assert score(source.cells[name], told, source) == points


def _record(course: Course, essay: str | None, plot: str | None) -> dict[str, tuple[float | None, bool, str | None]]:
    source = _source(course)
    nb = nbformat.from_dict(json.loads(json.dumps(source.nb)))
    for cell in nb.cells:
        answer = {"essay": essay, "plot": plot}.get(cell.metadata.nbgrader.grade_id)
        cell.source = answer if answer is not None else cell.source
    ready = prepare(Task("arith", "kinds", "ann"), json.dumps(nb).encode(), source)
    assert ready.nb is not None
    told = [CellRecord(i, name, CellStatus.OK) for i, name in enumerate(("whole", "part"))]
    with open_gradebook(course) as gradebook:
        record_sources(course, gradebook, "arith")
        record(course, gradebook, conclude(ready, Outcome(Verdict.GRADED, "Done.", cells=told), ready.nb), source)
        entry = gradebook.find_submission_notebook("kinds", "arith", "ann")
        comments = {comment.name: comment.auto_comment for comment in entry.comments}
        return {g.name: (g.auto_score, g.needs_manual_grade, comments.get(g.name)) for g in entry.grades}


def test_untouched_answers_score_nothing_and_need_nobody(course: Course) -> None:
    found = _record(course, None, None)
    assert found["essay"] == found["plot"] == (0, False, "No response.")
    assert found["whole"] == (2, False, None)


def test_answers_wait_for_a_person(course: Course) -> None:
    found = _record(course, "Because.", "plot(1)")
    assert found["essay"] == found["plot"] == (None, True, None)


def test_images_in_an_answer_are_kept(course: Course) -> None:
    source = _source(course)
    nb = nbformat.from_dict(json.loads(json.dumps(source.nb)))
    nb.cells[2].attachments = {"a.png": {"image/png": "aGk="}}
    ready = prepare(Task("arith", "kinds", "ann"), json.dumps(nb).encode(), source)
    assert ready.nb is not None
    assert ready.nb.cells[2].attachments == {"a.png": {"image/png": "aGk="}}


def test_prepare_names_what_it_repaired(course: Course) -> None:
    source = RecordedSource.read(course, "arith", "sums")
    nb = released("sums")
    nb.cells = [cell for cell in nb.cells if cell.metadata.nbgrader.grade_id != "q1_test"]
    notes = prepare(Task("arith", "sums", "ann"), json.dumps(nb).encode(), source).result.notes
    assert notes == ["Cells were missing and were put back, answers empty: q1_test."]


@pytest.mark.parametrize(
    ("text", "size"), [("4g", 4 * 1024**3), ("512 MiB", 512 * 1024**2), (1024, 1024), ("1.5k", 1536)]
)
def test_sizes(text: str | int, size: int) -> None:
    assert parse_size(text) == size


def test_a_size_that_is_none() -> None:
    with pytest.raises(GradingError, match="'much' is not a size"):
        parse_size("much")


def test_passwords_are_not_shown() -> None:
    assert "secret" not in shown_url("postgresql://me:secret@host/db")
