"""Which objectives the course teaches and grades, and where."""

from lakelab.coverage.objectives import Objective, Objectives, Reading, objectives_for, sections_for
from lakelab.coverage.report import Coverage, coverage, render

__all__ = ["Coverage", "Objective", "Objectives", "Reading", "coverage", "objectives_for", "render", "sections_for"]
