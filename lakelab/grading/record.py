"""Writing results: the gradebook's scores, the executed notebook, and the record that both came from.

Beside nbgrader's own tables the gradebook gets one more, `lakelab_result`, with the verdict of every notebook. A notebook's scores and its
row there change in one transaction, so an interrupted run leaves either both or neither.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    InvalidEntry,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
    get_alembic_version,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import DateTime, Float, String, Text, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from tornado.log import app_log

from lakelab.files import replacing
from lakelab.grading.course import Course, shown_url
from lakelab.grading.errors import GradingError
from lakelab.grading.execute import write_notebook
from lakelab.grading.harmless import harmless
from lakelab.grading.source import RecordedSource
from lakelab.grading.verdict import CellRecord, CellStatus, Outcome


class _Base(DeclarativeBase):
    pass


class ResultRow(_Base):
    """How the grading of one notebook of one submission ended.

    `fingerprint` is of everything that the scores depend on; a row whose fingerprint is current need not be graded again.
    `seconds` is wall time of the execution, `peak_bytes` its memory, `cells` and `notes` are JSON.
    """

    __tablename__ = "lakelab_result"

    assignment: Mapped[str] = mapped_column(String(128), primary_key=True)
    notebook: Mapped[str] = mapped_column(String(128), primary_key=True)
    student: Mapped[str] = mapped_column(String(128), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(128))
    verdict: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    seconds: Mapped[float] = mapped_column(Float)
    peak_bytes: Mapped[float] = mapped_column(Float)
    graded_at: Mapped[datetime] = mapped_column(DateTime)
    cells: Mapped[str] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text)


class IsolationRow(_Base):
    """At which level of isolation a notebook was executed; a table of its own, because gradebooks without it exist."""

    __tablename__ = "lakelab_isolation"

    assignment: Mapped[str] = mapped_column(String(128), primary_key=True)
    notebook: Mapped[str] = mapped_column(String(128), primary_key=True)
    student: Mapped[str] = mapped_column(String(128), primary_key=True)
    level: Mapped[str] = mapped_column(String(32))


@dataclass
class Result:
    """A graded notebook: what was executed, how it ended, what was found, and the scores by grade_id.

    A score of None waits for a person. `isolation` is the level at which it was executed, if it was.
    """

    assignment: str
    notebook: str
    student: str
    fingerprint: str
    outcome: Outcome
    notes: list[str] = field(default_factory=list)
    nb: NotebookNode | None = None
    isolation: str = ""


@contextlib.contextmanager
def open_gradebook(course: Course, *, create: bool = True) -> Iterator[Gradebook]:
    """Open the course's gradebook with our table in it; raises GradingError where it can't be reached.

    nbgrader asks the `alembic` command for the version of its database: put the environment's own first on PATH for that.
    """
    if not create and _missing_file(course.db_url):
        raise GradingError(f"There is no gradebook at {shown_url(course.db_url)} yet: run 'lakelab grade' first.")
    path = os.environ.get("PATH", "")
    os.environ["PATH"] = str(Path(sys.executable).parent) + os.pathsep + path
    try:
        gradebook = Gradebook(course.db_url, course.config.CourseDirectory.get("course_id", ""))
        _mend_version(gradebook)
        _Base.metadata.create_all(gradebook.engine, checkfirst=True)
    except (SQLAlchemyError, subprocess.SubprocessError, OSError, ImportError) as error:
        raise GradingError(
            f"The gradebook {shown_url(course.db_url)} can't be opened ({_first_line(error)}): check the URL, that the server runs, and free disk space."
        ) from None
    finally:
        os.environ["PATH"] = path
    with gradebook, _without_tracebacks():
        try:
            yield gradebook
        except (DBAPIError, InvalidEntry) as error:  # nbgrader makes the second of some of the first
            raise GradingError(
                f"The gradebook {shown_url(course.db_url)} could not be written ({_first_line(error)}): free disk space or end what locks it, then run the same command again; nothing is lost."
            ) from None


@contextlib.contextmanager
def _without_tracebacks() -> Iterator[None]:
    """Keep nbgrader from logging tracebacks of database errors: ours is the one sentence that people need."""

    def says_more(record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith("Rolling back session")

    app_log.addFilter(says_more)
    try:
        yield
    finally:
        app_log.removeFilter(says_more)


def _mend_version(gradebook: Gradebook) -> None:
    """Add the version that nbgrader writes last into a new database, and that is missing when it was killed before."""
    with gradebook.engine.begin() as connection:
        if not inspect(connection).has_table("alembic_version"):
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        if connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 0:
            version = {"version": get_alembic_version()}
            connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:version)"), version)


def _missing_file(url: str) -> bool:
    return url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists()


def _first_line(error: BaseException) -> str:
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0][:200]


def results(gradebook: Gradebook) -> list[ResultRow]:
    """Return all rows, by assignment, notebook and student."""
    if not inspect(gradebook.engine).has_table(ResultRow.__tablename__):
        return []
    return list(gradebook.db.query(ResultRow).order_by(ResultRow.assignment, ResultRow.notebook, ResultRow.student))


def isolation_levels(gradebook: Gradebook) -> dict[tuple[str, str, str], str]:
    """Return by (assignment, notebook, student) at which level of isolation a notebook was executed, where that is known."""
    if not inspect(gradebook.engine).has_table(IsolationRow.__tablename__):
        return {}
    rows = gradebook.db.query(IsolationRow).filter(IsolationRow.level != "")
    return {(row.assignment, row.notebook, row.student): row.level for row in rows}


def score(cell: NotebookNode, record: CellRecord | None, source: RecordedSource) -> float | None:
    """Return the points of a graded cell, or None where a person has to decide.

    A test scores from its execution's record: what it prints, on whichever stream, is no part of it. A test that never ran scores zero.
    Partial credit follows nbgrader: the test, as the instructor wrote it, ends in an expression, and that gave a number.
    """
    name = cell.metadata.nbgrader.grade_id
    points = float(cell.metadata.nbgrader.points)
    if not source.is_autograded(name):
        untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
        return 0.0 if untouched and utils.is_solution(cell) else None
    if record is None or record.status is not CellStatus.OK:
        return 0.0
    if record.partial is not None and source.gives_partial_credit(name):
        return min(max(record.partial, 0.0), points) if record.partial == record.partial else 0.0  # nan is no credit
    return points


def ensure_submission(gradebook: Gradebook, result: Result, timestamp: datetime | None = None) -> SubmittedNotebook:
    """Return the gradebook's entry of the notebook, with a place for every grade and comment, creating what is missing."""
    gradebook.update_or_create_student(result.student)
    more = {"timestamp": timestamp} if timestamp else {}
    submission = gradebook.update_or_create_submission(result.assignment, result.student, **more)
    notebook = gradebook.find_notebook(result.notebook, result.assignment)
    try:
        entry = gradebook.find_submission_notebook(result.notebook, result.assignment, result.student)
    except MissingEntry:  # the lab was added, or its questions changed, after the assignment had been graded
        entry = SubmittedNotebook(notebook=notebook, assignment=submission)
        gradebook.db.add(entry)
    graded = {grade.name for grade in entry.grades}
    for cell in [*notebook.grade_cells, *notebook.task_cells]:
        if cell.name not in graded:
            gradebook.db.add(Grade(cell=cell, notebook=entry))
    commented = {comment.name for comment in entry.comments}
    for cell in [*notebook.solution_cells, *notebook.task_cells]:
        if cell.name not in commented:
            gradebook.db.add(Comment(cell=cell, notebook=entry))
    gradebook.db.flush()
    return entry


def record(
    course: Course, gradebook: Gradebook, result: Result, source: RecordedSource, timestamp: datetime | None = None
) -> None:
    """Write a result into the gradebook, replacing any earlier one of the same notebook, in one transaction.

    Scores given by hand stay and are marked for another look.
    """
    entry = ensure_submission(gradebook, result, timestamp)
    cells = (
        {c.metadata.nbgrader.grade_id: c for c in result.nb.cells if c.metadata.get("nbgrader")} if result.nb else {}
    )
    records = result.outcome.by_grade_id()
    for grade in entry.grades:
        cell = cells.get(grade.name)
        grade.auto_score = score(cell, records.get(grade.name), source) if cell is not None else 0.0
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
    for comment in entry.comments:
        cell = cells.get(comment.name)
        unanswered = cell is None or cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
        comment.auto_comment = "No response." if unanswered else None
    _set_late_penalty(course, gradebook, entry)
    gradebook.db.merge(
        ResultRow(
            assignment=result.assignment,
            notebook=result.notebook,
            student=result.student,
            fingerprint=result.fingerprint,
            verdict=str(result.outcome.verdict),
            reason=_storable(result.outcome.reason),
            seconds=result.outcome.seconds,
            peak_bytes=float(result.outcome.peak_bytes),
            graded_at=datetime.now(UTC).replace(tzinfo=None),
            cells=json.dumps([vars(cell) for cell in result.outcome.cells]),
            notes=json.dumps(result.notes),
        )
    )
    key = {"assignment": result.assignment, "notebook": result.notebook, "student": result.student}
    gradebook.db.merge(IsolationRow(**key, level=result.isolation))
    try:
        gradebook.db.commit()
    except SQLAlchemyError:
        gradebook.db.rollback()
        raise


def _storable(text: str) -> str:
    """Return text that every database takes: PostgreSQL refuses NUL, and none has a place for half of a surrogate pair."""
    return text.replace("\x00", "\\0").encode("utf-8", "replace").decode()


def _set_late_penalty(course: Course, gradebook: Gradebook, entry: SubmittedNotebook) -> None:
    """Ask the course's plugin, as nbgrader's AssignLatePenalties does, but within the transaction of the scores."""
    entry.late_submission_penalty = None
    seconds = entry.assignment.total_seconds_late
    if seconds <= 0:
        return
    step = AssignLatePenalties(config=course.config)
    step.init_plugin()
    gradebook.db.flush()
    gradebook.db.refresh(entry)
    penalty = step.plugin_inst.late_submission_penalty(entry.student.id, entry.score, seconds)
    if penalty is not None:
        entry.late_submission_penalty = min(max(penalty, 0.0), entry.score)


def update_lateness(
    course: Course, gradebook: Gradebook, assignment: str, timestamps: dict[str, datetime | None]
) -> None:
    """Bring penalties up to date for students whose results hold: a date may have changed, theirs or the assignment's."""
    query = (
        gradebook.db.query(SubmittedAssignment)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == assignment)
    )
    for submission in query.all():
        timestamp = timestamps.get(submission.student_id)
        if timestamp is not None:
            submission.timestamp = timestamp
        if submission.student_id in timestamps and submission.timestamp is not None:
            for entry in submission.notebooks:
                _set_late_penalty(course, gradebook, entry)
    gradebook.db.commit()


def write_autograded(course: Course, result: Result) -> None:
    """Write the executed notebook for instructors and feedback, with nothing active in it; a reader never sees half a file."""
    folder = course.autograded / result.student / result.assignment
    target = folder / f"{result.notebook}.ipynb"
    if result.nb is None:
        target.unlink(missing_ok=True)  # what an earlier, readable version left would be stale
        return
    folder.mkdir(parents=True, exist_ok=True)
    result.nb.metadata["lakelab"] = {"verdict": str(result.outcome.verdict), "reason": result.outcome.reason}
    with replacing(target) as partial:
        write_notebook(harmless(result.nb), partial)
