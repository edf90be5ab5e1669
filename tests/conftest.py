"""Fixtures that several parts of the tests share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

TINY_COURSE = Path(__file__).parent / "fixtures" / "tiny_course"


@pytest.fixture
def tiny_course(tmp_path: Path) -> Path:
    """A copy, to be changed at will, of a course of two small labs in plain Python; returns its root."""
    root = tmp_path / "tiny_course"
    shutil.copytree(TINY_COURSE, root)
    return root


@pytest.fixture(scope="session")
def _course_with_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from lakelab.grading.course import Course
    from lakelab.grading.record import open_gradebook
    from lakelab.grading.source import record_sources

    root = tmp_path_factory.mktemp("course") / "tiny_course"
    shutil.copytree(TINY_COURSE, root)
    course = Course.open(root)
    with open_gradebook(course) as gradebook:
        record_sources(course, gradebook, "arith")
        gradebook.db.commit()
    return root


@pytest.fixture
def tiny_course_with_gradebook(_course_with_gradebook: Path, tmp_path: Path) -> Path:
    """A copy of the tiny course with an empty gradebook: making one takes nbgrader some seconds, copying it none."""
    return Path(shutil.copytree(_course_with_gradebook, tmp_path / "tiny_course"))
