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
