"""The tests of attacks make their classes as the tests of grading do."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "grading"))
