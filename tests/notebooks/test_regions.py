"""The marked regions of a cell, as nbgrader cuts them, by the marks that a course configures."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme
from traitlets.config import Config

from lakelab.feedback.hidden import HIDDEN, Secrets
from lakelab.grading.course import Course
from lakelab.grading.sanitise import sanitise
from lakelab.grading.source import RecordedSource
from lakelab.notebooks import read, write
from lakelab.notebooks.regions import CourseMarks, Marks, lines_of, without_regions
from lakelab.release.lint import lint

MINE = Config(
    ClearHiddenTests={"begin_test_delimeter": "HIDE", "end_test_delimeter": "SHOW"},
    ClearMarkScheme={"begin_mark_scheme_delimeter": "SCHEME", "end_mark_scheme_delimeter": "EMEHCS"},
    ClearSolutions={"begin_solution_delimeter": "ANSWER", "end_solution_delimeter": "REWSNA"},
)
SOURCES = [
    "a = 1\n### BEGIN HIDDEN TESTS\nassert a\n### END HIDDEN TESTS\nb = 2",
    "### BEGIN HIDDEN TESTS\nassert a\n### END HIDDEN TESTS\n\n### BEGIN HIDDEN TESTS\nassert b\n### END HIDDEN TESTS",
    "### BEGIN MARK SCHEME\ntwo points\n### END MARK SCHEME\nDo it.",
    "### BEGIN HIDDEN TESTS\n### BEGIN MARK SCHEME\n### END MARK SCHEME\n### END HIDDEN TESTS\nb",
    "a\n### END HIDDEN TESTS\nb",
    "nothing",
    "",
]


@pytest.mark.parametrize("config", [Config(), MINE])
@pytest.mark.parametrize("source", SOURCES)
def test_cuts_what_nbgrader_cuts(source: str, config: Config) -> None:
    marks = CourseMarks.of(config)
    for ours, theirs in zip(marks.hidden, CourseMarks.of().hidden, strict=True):
        source = source.replace(theirs.begin, ours.begin).replace(theirs.end, ours.end)
    cell = nbformat.v4.new_code_cell(source)
    ClearHiddenTests(config=config)._remove_hidden_test_region(cell)
    ClearMarkScheme(config=config)._remove_mark_scheme_region(cell)
    assert without_regions(source, marks.hidden) == cell.source


def test_places() -> None:
    places = [line.place for line in lines_of("a\n<\nb\n<\n>\n>\nc\n< >", [Marks("<", ">")])]
    assert places == ["outside", "begin", "inside", "begin", "end", "end", "outside", "begin"]


def _with_own_marks(root: Path) -> Course:
    """The tiny course with the marks of `MINE` in its configuration and its labs."""
    config = root / "nbgrader_config.py"
    lines = [f"c.{step}.{name} = {value!r}\n" for step, names in MINE.items() for name, value in names.items()]
    config.write_text(config.read_text() + "".join(lines))
    theirs, ours = CourseMarks.of(), CourseMarks.of(MINE)
    for path in (root / "source").rglob("*.ipynb"):
        nb = read(path)
        for cell in nb.cells:
            for old, new in ((theirs.solution, ours.solution), (theirs.tests, ours.tests)):
                cell.source = cell.source.replace(old.begin, new.begin).replace(old.end, new.end)
        write(nb, path)
    return Course.open(root)


def test_a_course_with_marks_of_its_own(tiny_course: Path) -> None:
    course = _with_own_marks(tiny_course)
    assert lint(course_root=tiny_course).findings == []

    source = RecordedSource.read(course, "arith", "sums")
    assert "assert" in source.cells["q1_test"].source.partition("HIDE")[2]
    released = nbformat.from_dict(source.nb)
    handed_in = nbformat.v4.new_notebook(
        cells=[
            nbformat.from_dict({**cell, "source": source.released_text(name)}) for name, cell in source.cells.items()
        ]
    )
    assert sanitise(handed_in, source).repairs == []

    secrets = Secrets(released, course.config)
    assert secrets.lines
    test = next(cell for cell in released.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "q1_test")
    secrets.cut_source(test)
    assert HIDDEN in test.source
    assert "HIDE" not in test.source
