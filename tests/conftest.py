"""Fixtures that several parts of the tests share."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent
TINY_COURSE = TESTS / "fixtures" / "tiny_course"


def pytest_configure(config: pytest.Config) -> None:
    """Make a process of ``pytest -n`` known to pyspark, which ends any that has no main module: it takes it for its own doctests."""
    if hasattr(config, "workerinput") and not hasattr(sys, "ps1"):
        sys.ps1 = ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what is long and shares nothing: begun last, it would be awaited alone."""
    items.sort(key=lambda item: item.get_closest_marker("alone") is None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Say which tests stay in one process when `pytest -n` runs several.

    xdist's own groups (``--dist loadgroup``) come to nothing with pytest 9.2, which took away the attribute that they are written to.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = ROOT / nodeid.partition("::")[0]
            if path.parent.name == "course":
                return nodeid  # notebooks
            return str(path.parent if (path.parent / "conftest.py").exists() and path.parent != TESTS else path)

    return Scheduling(config, log)


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
