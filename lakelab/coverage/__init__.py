"""Which objectives the course teaches and grades, and where."""

from lakelab.coverage.objectives import Objective, Objectives, Reading, objectives_for, sections_for

__all__ = ["Objective", "Objectives", "Reading", "objectives_for", "sections_for"]
