"""A class whose grades are made up, so that every figure can be worked out by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from lakelab.grading.course import Course
from lakelab.grading.record import Result, open_gradebook, record
from lakelab.grading.source import record_sources
from lakelab.grading.verdict import CellRecord, CellStatus, Outcome, Verdict
from lakelab.lms.ledger import Ledger

TESTS = {"lists": ["q1_test", "q2_test"], "sums": ["q1_test", "q2_a_test", "q2_b_test"]}
"""Worth 2 and 1, and 2, 2 and 1 points."""
CLASS: dict[str, dict[str, tuple[str, ...] | None]] = {
    "doejane_12": {"lists": (), "sums": ()},
    "roemax_13": {"lists": ("q1_test",), "sums": ("q2_a_test",)},
    "eve@example.org": {"lists": (), "sums": None},
    "Zoë Núñez": {"lists": ("q1_test", "q2_test"), "sums": ("q1_test",)},
}
"""The tests that each one failed; None for a lab that was not handed in."""


def _give(root: Path, student: str, failed: dict[str, tuple[str, ...] | None]) -> None:
    """Record a student's results."""
    course = Course.open(root)
    with open_gradebook(course) as gradebook:
        sources = record_sources(course, gradebook, "arith")
        for lab, tests in TESTS.items():
            wrong = failed[lab]
            nb = None if wrong is None else nbformat.from_dict(sources[lab].nb)
            verdict = Verdict.MISSING if wrong is None else Verdict.GRADED_WITH_ERRORS if wrong else Verdict.GRADED
            cells = [
                CellRecord(n, test, CellStatus.ERROR if test in (wrong or ()) else CellStatus.OK)
                for n, test in enumerate(tests)
            ]
            result = Result("arith", lab, student, "f", Outcome(verdict, "As it was.", cells=cells), nb=nb)
            record(course, gradebook, result, sources[lab])


@pytest.fixture(scope="session")
def _graded(_course_with_gradebook: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("graded") / "tiny_course"
    shutil.copytree(_course_with_gradebook, root)
    for student, failed in CLASS.items():
        _give(root, student, failed)
    with Ledger.opened(Course.open(root)) as ledger:
        ledger.people = {
            "canvas::12": "doejane_12",
            "canvas::13": "roemax_13",
            "moodle:arith:657737": "doejane_12",
            "moodle:arith:657738": "roemax_13",
        }
    return root


@pytest.fixture
def graded(_graded: Path, tmp_path: Path) -> Path:
    """A course of four students with grades, to be changed at will; two of them were collected."""
    return Path(shutil.copytree(_graded, tmp_path / "tiny_course"))


@pytest.fixture
def give() -> Callable[..., None]:
    """What records a student's results: `give(root, student, failed)`."""
    return _give
