"""What the tests of grading share: making submissions, and reading everything that grading wrote."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from lakelab.grading.batch import Progress, Task
from lakelab.grading.record import results
from lakelab.grading.verdict import Outcome

TINY_COURSE = Path(__file__).parents[1] / "fixtures" / "tiny_course"
FULL = {"lists": 3.0, "sums": 5.0}
"""What a right answer to each lab of the tiny course scores."""

CONFIG = """
c.Autograde.exporter_class = "lakelab.grading.preprocessors.SubmissionExporter"
c.Autograde.sanitize_preprocessors = ["lakelab.grading.preprocessors.Sanitise"]
c.Autograde.autograde_preprocessors = [
    "lakelab.grading.preprocessors.PapermillExecute",
    "lakelab.grading.preprocessors.Record",
]
c.PapermillExecute.cell_timeout = 5
c.PapermillExecute.notebook_timeout = 30
c.PapermillExecute.memory_limit = "1g"
"""


def copy_course(root: Path, config: str = CONFIG) -> Path:
    """Copy the tiny course to `root`, with our steps in nbgrader's autograde and small limits."""
    shutil.copytree(TINY_COURSE, root)
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(config)
    return root


def released(notebook: str, root: Path = TINY_COURSE) -> NotebookNode:
    """Return a lab as students get it."""
    return nbformat.read(root / "release" / "arith" / f"{notebook}.ipynb", as_version=4)


def solved(notebook: str, root: Path = TINY_COURSE) -> NotebookNode:
    """Return a lab with right answers."""
    source = nbformat.read(root / "source" / "arith" / f"{notebook}.ipynb", as_version=4)
    answers = {c.metadata.nbgrader.grade_id: c.source for c in source.cells if c.metadata.nbgrader.solution}
    nb = released(notebook, root)
    for cell in nb.cells:
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    return nb


def cell_of(nb: NotebookNode, grade_id: str) -> NotebookNode:
    """Return the cell with this grade_id."""
    return next(cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def changed(notebook: str, change: Callable[[NotebookNode], object]) -> bytes:
    """Return the file of a solved lab after `change`, which may do to it what no notebook library would write."""
    nb = solved(notebook)
    change(nb)
    return json.dumps(nb).encode()


def with_cell(notebook: str, source: str, before: str = "q1_prompt") -> bytes:
    """Return the file of a solved lab with a cell of the student's own before another one."""

    def change(nb: NotebookNode) -> None:
        position = nb.cells.index(cell_of(nb, before))
        nb.cells.insert(position, nbformat.v4.new_code_cell(source, id="own"))

    return changed(notebook, change)


def hand_in(root: Path, student: str, /, **files: bytes | NotebookNode | None) -> Path:
    """Put a submission of both labs in place, solved where `files` has no other content; None leaves a lab out."""
    folder = root / "submitted" / student / "arith"
    folder.mkdir(parents=True, exist_ok=True)
    for notebook in FULL:
        content = files.get(notebook, b"")
        if notebook not in files:
            content = solved(notebook)
        if content is None:
            (folder / f"{notebook}.ipynb").unlink(missing_ok=True)
        elif isinstance(content, NotebookNode):
            nbformat.write(content, folder / f"{notebook}.ipynb")
        else:
            (folder / f"{notebook}.ipynb").write_bytes(content)
    return folder


def dump_scores(db_url: str, *, reasons: bool = True) -> dict[str, Any]:
    """Return all that a gradebook says of submissions, without ids, times and measurements."""
    found: dict[str, Any] = {}
    with Gradebook(db_url) as gradebook:
        for assignment in gradebook.assignments:
            for submission in assignment.submissions:
                for entry in submission.notebooks:
                    key = f"{assignment.name}/{entry.name}/{submission.student.id}"
                    grades = {
                        g.name: (g.auto_score, g.manual_score, g.needs_manual_grade, g.max_score) for g in entry.grades
                    }
                    comments = {c.name: c.auto_comment for c in entry.comments}
                    found[key] = [
                        dict(sorted(grades.items())),
                        dict(sorted(comments.items())),
                        entry.late_submission_penalty,
                        str(submission.timestamp),
                    ]
        for row in results(gradebook):
            cells = [(c["position"], c["grade_id"], c["status"], c["ename"]) for c in json.loads(row.cells)]
            told = [row.reason, json.loads(row.notes)] if reasons else []
            found[f"{row.assignment}/{row.notebook}/{row.student}"] += [row.verdict, *told, row.fingerprint, cells]
    return dict(sorted(found.items()))


def scores(db_url: str) -> dict[tuple[str, str], float]:
    """Return the score of every notebook by (student, notebook)."""
    with Gradebook(db_url) as gradebook:
        return {
            (submission.student.id, entry.name): entry.score
            for assignment in gradebook.assignments
            for submission in assignment.submissions
            for entry in submission.notebooks
        }


class Log(Progress):
    """Remembers what was finished in this run, in order."""

    def __init__(self) -> None:
        self.done: list[Task] = []
        self.outcomes: dict[tuple[str, str], Outcome] = {}

    def finished(self, task: Task, outcome: Outcome) -> None:
        """Remember a result."""
        self.done.append(task)
        self.outcomes[task.student, task.notebook] = outcome
