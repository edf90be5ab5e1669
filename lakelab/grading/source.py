"""The instructor's version of a lab: what every submission is measured against."""

from __future__ import annotations

import ast
import hashlib
import json
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearSolutions, ComputeChecksums, IncludeHeaderFooter, LockCells, SaveCells
from sqlalchemy import or_
from traitlets.config import Config

from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.notebooks.regions import CourseMarks, without_regions


@dataclass
class RecordedSource:
    """A lab as students got it, but with its hidden tests.

    `digest` changes with anything that could change a score: cells, tests, points.
    """

    assignment: str
    notebook: str
    nb: NotebookNode
    digest: str
    marks: CourseMarks
    cells: dict[str, NotebookNode] = field(init=False)

    def __post_init__(self) -> None:
        self.cells = {
            cell.metadata.nbgrader.grade_id: cell
            for cell in self.nb.cells
            if cell.metadata.get("nbgrader", {}).get("grade_id")
        }

    @classmethod
    def read(cls, course: Course, assignment: str, notebook: str) -> RecordedSource:
        """Read `source/ASSIGNMENT/NOTEBOOK.ipynb` as nbgrader would record it; raises GradingError if it can't be."""
        path = course.source / assignment / f"{notebook}.ipynb"
        try:
            nb = nbformat.read(str(path), as_version=4)
            nb = _as_recorded(nb, course.config)
        except FileNotFoundError:
            raise GradingError(f"There is no {path}: restore the lab's source.") from None
        except Exception as error:
            raise GradingError(
                f"The source {path} can't be used: {error}. Open it in JupyterLab and mend it."
            ) from error
        content = [[cell.cell_type, cell.source, cell.metadata.get("nbgrader", {})] for cell in nb.cells]
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        return cls(assignment, notebook, nb, digest, CourseMarks.of(course.config))

    def tests(self) -> dict[str, float]:
        """Return the points of every graded cell by grade_id, in order."""
        return {
            name: float(cell.metadata.nbgrader.points)
            for name, cell in self.cells.items()
            if utils.is_grade(cell) or utils.is_task(cell)
        }

    def released_text(self, grade_id: str) -> str:
        """Return a cell's text as students got it: without hidden tests and mark schemes."""
        return without_regions(self.cells[grade_id].source, self.marks.hidden)

    def is_autograded(self, grade_id: str) -> bool:
        """Tell whether the cell is a test that a machine scores."""
        cell = self.cells.get(grade_id)
        return cell is not None and utils.is_grade(cell) and not utils.is_solution(cell) and cell.cell_type == "code"

    def gives_partial_credit(self, grade_id: str) -> bool:
        """Tell whether the test, as the instructor wrote it, ends in an expression: nbgrader's way to give part of the points.

        Decided from the source, so that a number which a submission manages to print never counts.
        """
        try:
            body = ast.parse(self.cells[grade_id].source).body
        except SyntaxError:  # magics or shell lines: nothing that a score could be read from
            return False
        return bool(body) and isinstance(body[-1], ast.Expr)


def _as_recorded(nb: NotebookNode, config: Config) -> NotebookNode:
    resources: dict[str, object] = {}
    for step in (IncludeHeaderFooter, LockCells, ClearSolutions, ComputeChecksums):
        nb, resources = step(config=config).preprocess(nb, resources)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nb


def record_sources(course: Course, gradebook: Gradebook, assignment: str) -> dict[str, RecordedSource]:
    """Bring the gradebook's picture of an assignment up to date with `source/`, as `nbgrader generate_assignment` does.

    Returns the sources by notebook. Raises GradingError when questions were added or removed although somebody graded
    by hand: those grades would be lost.
    """
    sources = {name: RecordedSource.read(course, assignment, name) for name in course.notebooks(assignment)}
    gradebook.update_or_create_assignment(assignment)
    for name, source in sources.items():
        if (
            _recorded_cells(gradebook, assignment, name)
            == {k: (c.source, c.cell_type) for k, c in source.cells.items()}
            and _points(gradebook, assignment, name) == source.tests()
        ):
            continue
        resources = {"nbgrader": {"notebook": name, "assignment": assignment, "db_url": course.db_url}}
        try:
            SaveCells(config=course.config).preprocess(source.nb, resources)
        except RuntimeError:
            if _has_manual_grades(gradebook, assignment, name):
                raise GradingError(
                    f"Questions of '{name}' were added or removed after some were graded by hand: undo that in source/, "
                    f"or export the manual grades and run 'nbgrader db assignment remove {assignment}'."
                ) from None
            gradebook.remove_notebook(name, assignment)
            SaveCells(config=course.config).preprocess(source.nb, resources)
        gradebook.db.expire_all()
    for notebook in gradebook.find_assignment(assignment).notebooks:
        if notebook.name not in sources and not notebook.submissions:
            gradebook.remove_notebook(notebook.name, assignment)
    return sources


def _recorded_cells(gradebook: Gradebook, assignment: str, notebook: str) -> dict[str, tuple[str, str]]:
    recorded = {n.name: n for n in gradebook.find_assignment(assignment).notebooks}.get(notebook)
    return {cell.name: (cell.source, cell.cell_type) for cell in recorded.source_cells} if recorded else {}


def _points(gradebook: Gradebook, assignment: str, notebook: str) -> dict[str, float]:
    recorded = {n.name: n for n in gradebook.find_assignment(assignment).notebooks}[notebook]
    return {cell.name: float(cell.max_score) for cell in [*recorded.grade_cells, *recorded.task_cells]}


def _has_manual_grades(gradebook: Gradebook, assignment: str, notebook: str) -> bool:
    from nbgrader.api import Assignment, Grade, Notebook, SubmittedNotebook

    query = (
        gradebook.db.query(Grade)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Assignment, Assignment.id == Notebook.assignment_id)
        .filter(Assignment.name == assignment, Notebook.name == notebook)
        .filter(or_(Grade.manual_score.isnot(None), Grade.extra_credit.isnot(None)))
    )
    return query.first() is not None
