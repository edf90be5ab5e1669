"""Fixtures that several parts of the tests share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

TINY_COURSE = Path(__file__).parent / "fixtures" / "tiny_course"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests stay in one process when `pytest -n` runs several (``--dist loadgroup``).

    A file's tests share its fixtures, and a folder's those of its conftest.py; notebooks are long and share nothing, so each is
    a group of its own. They go first: begun last, one would be awaited alone.
    """
    for item in items:
        if item.get_closest_marker("xdist_group"):
            continue
        together = item.path.parent if _has_own_conftest(item.path.parent) else item.path
        name = item.nodeid if item.get_closest_marker("alone") else str(together)
        item.add_marker(pytest.mark.xdist_group(name))
    items.sort(key=lambda item: item.get_closest_marker("alone") is None)


def _has_own_conftest(folder: Path) -> bool:
    return folder != Path(__file__).parent and (folder / "conftest.py").exists()


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
