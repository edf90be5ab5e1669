"""nbgrader's own command and Formgrader's button grade as `lakelab grade` does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from classroom import cell_of, changed, copy_course, dump_scores, hand_in, scores, with_cell
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from lakelab.grading.batch import grade
from lakelab.grading.course import Course
from lakelab.grading.record import open_gradebook
from lakelab.grading.source import record_sources


def fill(root: Path) -> None:
    wrong = changed("sums", lambda nb: cell_of(nb, "q1").update(source="def total(values):\n    return 0"))
    hand_in(root, "ann")
    hand_in(root, "ben", sums=wrong)
    hand_in(root, "cem", lists=b"no notebook")
    hand_in(root, "dee", sums=None)
    hand_in(root, "eva", sums=with_cell("sums", "import os; os._exit(1)", before="q2_given"))
    hand_in(root, "fay", lists=None)
    (root / "submitted" / "fay" / "arith" / "lists.ipynb").symlink_to("sums.ipynb")
    (root / "submitted" / "ben" / "arith" / "timestamp.txt").write_text("2030-01-02 00:00:00 UTC")


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The class as `lakelab grade` grades it."""
    course = Course.open(copy_course(tmp_path_factory.mktemp("ours") / "course"))
    fill(course.root)
    grade(course, jobs=2)
    return course


@pytest.fixture
def theirs(tmp_path: Path) -> Course:
    """The same class, not graded yet; nbgrader wants the assignment to have been released."""
    course = Course.open(copy_course(tmp_path / "course"))
    fill(course.root)
    with open_gradebook(course) as gradebook:
        record_sources(course, gradebook, "arith")
    return course


@pytest.mark.slow
def test_command(ours: Course, theirs: Course) -> None:
    environment = {**os.environ, "PATH": str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]}
    told = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", "arith", "--force"],
        cwd=theirs.root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert told.returncode == 0, told.stderr[-3000:]
    assert dump_scores(theirs.db_url) == dump_scores(ours.db_url)


def api(course: Course) -> NbGraderAPI:
    directory = CourseDirectory(config=course.config)
    directory.db_url = course.db_url
    return NbGraderAPI(directory, config=course.config)


def test_button(ours: Course, theirs: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    expected = dump_scores(ours.db_url)
    for student in ("cem", "ben"):
        told: dict[str, Any] = api(theirs).autograde("arith", student)
        assert told["success"], told
    found = dump_scores(theirs.db_url)
    for key in ("arith/lists/cem", "arith/sums/cem", "arith/lists/ben", "arith/sums/ben"):
        assert found[key] == expected[key]
    shutil.copy(theirs.submitted / "ann/arith/lists.ipynb", theirs.submitted / "cem/arith/lists.ipynb")
    assert api(theirs).autograde("arith", "cem")["success"]
    assert scores(theirs.db_url)["cem", "lists"] == 3


def test_one_may_follow_the_other(ours: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    shutil.copytree(ours.root, tmp_path / "course", symlinks=True)
    course = Course.open(tmp_path / "course")
    hand_in(course.root, "ben")
    assert api(course).autograde("arith", "ben")["success"]
    summary = grade(course)
    assert (len(summary.graded), scores(course.db_url)["ben", "sums"]) == (0, 5)
    hand_in(course.root, "ben", sums=b"")
    grade(course)  # over nbgrader's write-protected files
    assert scores(course.db_url)["ben", "sums"] == 0
