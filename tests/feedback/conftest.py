"""A tiny course with an empty gradebook: making one takes nbgrader some seconds, copying it none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lakelab.grading.course import Course
from lakelab.grading.record import open_gradebook
from lakelab.grading.source import record_sources


@pytest.fixture(scope="session")
def course_with_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a course that nobody changes."""
    root = tmp_path_factory.mktemp("course") / "tiny_course"
    shutil.copytree(Path(__file__).parents[1] / "fixtures" / "tiny_course", root)
    course = Course.open(root)
    with open_gradebook(course) as gradebook:
        record_sources(course, gradebook, "arith")
        gradebook.db.commit()
    return root


@pytest.fixture
def tiny_course(course_with_gradebook: Path, tmp_path: Path) -> Path:
    """A copy to be changed at will; returns its root."""
    return Path(shutil.copytree(course_with_gradebook, tmp_path / "tiny_course"))
