"""Grades for other programs: a table of everything, and what the importers of Canvas and Moodle read."""

from lakelab.grades.export import FORMATS, Exported, export_grades, render

__all__ = ["FORMATS", "Exported", "export_grades", "render"]
