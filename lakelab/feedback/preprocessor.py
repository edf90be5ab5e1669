"""The step that turns an executed notebook into one that may go back to its student."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor

from lakelab.feedback.hidden import Secrets
from lakelab.feedback.inert import inert_output
from lakelab.feedback.messages import LONGEST, cells_of, message
from lakelab.grading.course import Course
from lakelab.grading.record import ResultRow, open_gradebook
from lakelab.grading.verdict import CellRecord, CellStatus

Resources = dict[str, Any]

SLOWEST = 3
"""Cells that the page names as the slowest ones."""

_WORTH_NAMING = 0.5
"""Seconds below which nobody cares how long a cell took."""


class Feedback(NbGraderPreprocessor):
    """Removes hidden tests and active content, and puts what the page's head shows into `resources["lakelab"]`.

    Comes after nbgrader's GetGrades, which brings scores and comments.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook fit for the student."""
        names = resources["nbgrader"]
        key = (names["assignment"], names["notebook"], names["student"])
        course = dataclasses.replace(Course.open(self.config.CourseDirectory.root), db_url=names["db_url"])
        with open_gradebook(course) as gradebook:
            row = gradebook.db.get(ResultRow, key)
            waiting = _waiting(gradebook, *key)
        secrets = Secrets(nb, self.config)
        cells = cells_of(row) if row else []
        records = {record.grade_id: record for record in cells if record.grade_id}
        messages = {}
        for cell in filter(_is_test, nb.cells):
            name = cell.metadata.nbgrader.grade_id
            said = message(name, records, secrets.quoted_in) if row else _shown_error(cell, secrets)
            if said is not None:
                messages[name] = said
        for cell in nb.cells:
            self._clean(cell, secrets, messages)
        for cell in nb.cells:
            if utils.is_grade(cell) or utils.is_task(cell):
                cell.metadata.nbgrader["waits"] = cell.metadata.nbgrader.grade_id in waiting
        resources["lakelab"] = {"tests": _tests(nb, messages, waiting), **_head(row, cells, secrets)}
        return nb, resources

    def _clean(self, cell: NotebookNode, secrets: Secrets, messages: dict[str, str]) -> None:
        if cell.cell_type == "raw":  # nbconvert would write it into the page as it is
            fence = "`" * 12
            cell.cell_type, cell.source = "markdown", f"{fence}\n{cell.source}\n{fence}"
        secrets.cut_source(cell)
        if cell.cell_type != "code":
            return
        if _is_test(cell):
            # What a test prints is the student's to decide, and can tell what the hidden tests pass to an answer.
            said = messages.get(cell.metadata.nbgrader.grade_id)
            cell.outputs = [] if said is None else [nbformat.v4.new_output("stream", name="stderr", text=said)]
            return
        for output in cell.outputs:
            _cut_output(output, secrets)  # first, because a line that is shortened can't be recognised any more
            inert_output(output)


def _is_test(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)


def _shown_error(cell: NotebookNode, secrets: Secrets) -> str | None:
    """Return the error that stands in the outputs of a test, for a notebook that something else than LakeLab executed."""
    error = next((output for output in cell.outputs if output.output_type == "error"), None)
    if error is None:
        return None
    return str(error.ename) if secrets.quoted_in(error.evalue) else f"{error.ename}: {error.evalue}"[:LONGEST]


def _cut_output(output: NotebookNode, secrets: Secrets) -> None:
    """Cut quotations of hidden tests out of one output of a student's cell."""
    if output.output_type == "stream":
        output.text = secrets.cut_text(output.text)
    elif output.output_type == "error":
        output.evalue = secrets.cut_text(output.evalue)
        if secrets.quoted_in("\n".join(output.traceback)):
            output.traceback = [f"{output.ename}: {output.evalue}"]
    else:
        for kind, value in output.data.items():
            output.data[kind] = secrets.cut_text("".join(map(str, value)) if isinstance(value, list) else str(value))


def _waiting(gradebook: Any, assignment: str, notebook: str, student: str) -> set[str]:
    """Return the graded cells that a person has yet to score."""
    try:
        entry = gradebook.find_submission_notebook(notebook, assignment, student)
    except MissingEntry:
        return set()
    return {grade.name for grade in entry.grades if grade.manual_score is None and grade.auto_score is None}


def _tests(nb: NotebookNode, messages: dict[str, str], waiting: set[str]) -> list[dict[str, Any]]:
    """Return, for every graded cell in order: its name, what was and could be earned, and what to say about it."""
    graded = [cell.metadata.nbgrader for cell in nb.cells if utils.is_grade(cell) or utils.is_task(cell)]
    return [
        {
            "name": about.grade_id,
            "score": None if about.grade_id in waiting else float(about.get("score") or 0),
            "points": float(about.get("points") or 0),
            "message": messages.get(about.grade_id, ""),
        }
        for about in graded
    ]


def _head(row: ResultRow | None, cells: list[CellRecord], secrets: Secrets) -> dict[str, Any]:
    """Return what the page says about the execution; empty values where LakeLab did not execute the notebook."""
    if row is None:
        return {"verdict": "", "reason": "", "seconds": 0.0, "peak_bytes": 0.0, "notes": [], "slowest": []}
    ran = [record for record in cells if record.status is not CellStatus.NOT_RUN and record.seconds >= _WORTH_NAMING]
    slowest = sorted(ran, key=lambda record: -record.seconds)[:SLOWEST]
    return {
        "verdict": row.verdict,
        "reason": secrets.cut_text(row.reason),
        "seconds": row.seconds,
        "peak_bytes": row.peak_bytes,
        "notes": [secrets.cut_text(note) for note in json.loads(row.notes)],
        "slowest": [(cell_name(record), record.seconds) for record in slowest],
    }


def cell_name(record: CellRecord) -> str:
    """Return what people call a cell: its id, or where a cell of the student's own stands."""
    return record.grade_id or f"your cell at position {record.position + 1}"
