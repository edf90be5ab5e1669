"""`lakelab feedback`: nbgrader's GenerateFeedback with our steps, and a page for notebooks that never came to be executed."""

from __future__ import annotations

import contextlib
import html
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from rich.console import Console
from rich.markup import escape
from traitlets.config import Config

from lakelab.feedback.exporter import TEMPLATES
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.grading.record import ResultRow, open_gradebook, results

PREPROCESSORS = ["nbgrader.preprocessors.GetGrades", "lakelab.feedback.preprocessor.Feedback"]
"""What `nbgrader_config.py` lists as `c.GenerateFeedback.preprocessors`."""

EXPORTER = "lakelab.feedback.exporter.FeedbackExporter"
"""What `nbgrader_config.py` sets as `c.GenerateFeedback.exporter_class`."""


@dataclass
class FeedbackSummary:
    """What was written: pages by their paths relative to the course, and (student, assignment, reason) of what could not be."""

    folder: str
    pages: list[str] = field(default_factory=list)
    without_notebook: int = 0
    """How many of the pages only give the reason why nothing was graded."""
    failed: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everybody has feedback."""
        return not self.failed

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        return {
            "ok": self.ok,
            "folder": self.folder,
            "pages": self.pages,
            "without_notebook": self.without_notebook,
            "failed": [{"student": s, "assignment": a, "reason": r} for s, a, r in self.failed],
        }


def feedback(
    *, assignments: list[str] | None = None, students: list[str] | None = None, course_root: Path | str | None = None
) -> FeedbackSummary:
    """Write `feedback/STUDENT/ASSIGNMENT/NOTEBOOK.html` for everything that was graded, replacing earlier pages.

    Raises GradingError for an unknown assignment, for a student without results, and where nothing was graded yet.
    """
    course = Course.open(course_root)
    names = course.select_assignments(assignments)
    with open_gradebook(course, create=False) as gradebook:
        rows = [row for row in results(gradebook) if row.assignment in names]
        gradebook.db.expunge_all()
    for student in students or []:
        if student not in {row.student for row in rows}:
            raise GradingError(f"Nothing of '{student}' was graded in {', '.join(names)}: check the name.")
    rows = [row for row in rows if not students or row.student in students]
    if not rows:
        raise GradingError(f"Nothing was graded in {', '.join(names)} yet: run 'lakelab grade' first.")
    summary = FeedbackSummary(folder=_shown(course.feedback, course))
    for assignment in dict.fromkeys(row.assignment for row in rows):
        due = [row for row in rows if row.assignment == assignment]
        failed = _convert(course, assignment, [path for row in due if (path := _autograded(course, row)).exists()])
        summary.failed += [(student, assignment, reason) for student, reason in failed.items()]
        for row in due:
            if row.student in failed:
                continue
            if not _autograded(course, row).exists():
                _write_reason(course, row)
                summary.without_notebook += 1
            summary.pages.append(_shown(_page(course, row), course))
    return summary


def _autograded(course: Course, row: ResultRow) -> Path:
    return course.autograded / row.student / row.assignment / f"{row.notebook}.ipynb"


def _page(course: Course, row: ResultRow) -> Path:
    return course.feedback / row.student / row.assignment / f"{row.notebook}.html"


def _shown(path: Path, course: Course) -> str:
    return path.relative_to(course.root).as_posix()


class _Converter(GenerateFeedback):
    """nbgrader's converter on given files: to look for them, it would take a name such as `a[1]` for a pattern."""

    files: list[Path]

    def init_notebooks(self) -> None:
        """Group the files by submission."""
        found: dict[str, list[str]] = {}
        for path in self.files:
            found.setdefault(str(path.parent), []).append(str(path))
        self.assignments = found


def _convert(course: Course, assignment: str, files: list[Path]) -> dict[str, str]:
    """Let nbgrader convert executed notebooks of an assignment; return the students it failed on, with the reasons."""
    config = Config(course.config)
    config.CourseDirectory.db_url = course.db_url
    config.GenerateFeedback.preprocessors = PREPROCESSORS
    config.GenerateFeedback.exporter_class = EXPORTER
    coursedir = CourseDirectory(config=config)
    coursedir.assignment_id = assignment
    with _captured_log() as (logger, log):
        converter = _Converter(coursedir=coursedir, config=config, log=logger)
        converter.force, converter.files = True, files
        with contextlib.suppress(NbGraderException):  # everybody else has feedback; the log tells whom it failed on
            converter.start()
    reasons = [message.strip().splitlines()[-1] for message in log if "Traceback (most recent call last)" in message]
    who = re.compile(r"There was an error processing assignment '.*' for student '(.*)'", re.DOTALL)
    failed = [match[1] for message in log if (match := who.fullmatch(message))]
    return dict(zip(failed, [*reasons, *["nbgrader gave no reason"] * len(failed)], strict=False))


@contextlib.contextmanager
def _captured_log() -> Iterator[tuple[logging.Logger, list[str]]]:
    """Collect what nbgrader complains about instead of showing it."""
    messages: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            messages.append(record.getMessage())

    logger = logging.Logger("lakelab.feedback", logging.ERROR)
    logger.addHandler(Collect())
    yield logger, messages


def _write_reason(course: Course, row: ResultRow) -> None:
    """Write the page of a notebook that was never executed: its verdict and the reason."""
    path = _page(course, row)
    path.parent.mkdir(parents=True, exist_ok=True)
    style = (TEMPLATES / "lakelab_feedback" / "style.css").read_text(encoding="utf-8")
    notebook, assignment, student, verdict, reason = (
        html.escape(text) for text in (row.notebook, row.assignment, row.student, row.verdict, row.reason)
    )
    path.write_text(
        f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Feedback on {notebook}</title>
<style>
{style}</style>
</head>
<body>
<main>
<section class="head">
<h1>{notebook}</h1>
<p class="of">Feedback for {student}, assignment {assignment}</p>
<p class="verdict"><b>{verdict}</b>: {reason}</p>
<p class="small">Nothing could be executed, so there are no points. Hand the notebook in again, or ask your instructor.</p>
</section>
</main>
</body>
</html>
""",
        encoding="utf-8",
    )


def render(summary: FeedbackSummary, console: Console) -> None:
    """Print what was written."""
    extra = (
        f", {summary.without_notebook} of them only with the reason why nothing was graded"
        if summary.without_notebook
        else ""
    )
    console.print(f"Wrote {len(summary.pages)} pages into {escape(summary.folder)}/{extra}.")
    for student, assignment, reason in summary.failed:
        console.print(f"[red]No feedback[/] for {escape(student)}, {escape(assignment)}: {escape(reason)}")
