"""What the tests of reports share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def tiny_course(tiny_course_with_gradebook: Path) -> Path:
    """The root of a tiny course whose gradebook is there already."""
    return tiny_course_with_gradebook
