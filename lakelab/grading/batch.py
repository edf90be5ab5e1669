"""Grading a class: which notebooks are due, executing them in parallel, recording them one by one."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.utils import parse_utc

from lakelab.grading.cluster import ClusterPool, level_of_workers
from lakelab.grading.course import Course, parse_size
from lakelab.grading.errors import GradingError
from lakelab.grading.execute import COLD, WARM, Limits
from lakelab.grading.isolation import Isolation, choose
from lakelab.grading.pool import Job, WorkerPool
from lakelab.grading.record import Result, open_gradebook, record, results, update_lateness, write_autograded
from lakelab.grading.sanitise import Unreadable, parse, read_submission, sanitise
from lakelab.grading.source import RecordedSource, record_sources
from lakelab.grading.verdict import Outcome, Verdict

# Part of every fingerprint: raise it when a change of this package can change scores of the same files.
SCORING_VERSION = "2"


@dataclass(frozen=True, order=True)
class Task:
    """One notebook of one submission."""

    assignment: str
    notebook: str
    student: str

    def path(self, course: Course) -> Path:
        """Return where the student's file should be."""
        return course.submitted / self.student / self.assignment / f"{self.notebook}.ipynb"


@dataclass
class Summary:
    """What a run did: results of this run by task, and tasks whose earlier result still holds."""

    graded: dict[Task, Outcome] = field(default_factory=dict)
    kept: list[Task] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        return {
            "graded": [{**asdict(task), **outcome.to_dict()} for task, outcome in sorted(self.graded.items())],
            "kept": [asdict(task) for task in sorted(self.kept)],
        }


class Progress:
    """What a run tells whoever watches it; the methods do nothing here."""

    def plan(self, due: int, kept: int) -> None:
        """Begin: so many notebooks are due, so many results still hold."""

    def isolation(self, level: Isolation) -> None:
        """Submissions will be executed at this level."""

    def cell(self, task: Task, done: int, total: int) -> None:
        """A worker begins cell `done` of `total`."""

    def finished(self, task: Task, outcome: Outcome) -> None:
        """A notebook's result is in the gradebook."""


def limits_from(course: Course) -> Limits:
    """Return the limits that the course's configuration sets."""
    section = course.config.PapermillExecute
    default = Limits()
    return Limits(
        cell_timeout=float(section.get("cell_timeout", default.cell_timeout)),
        notebook_timeout=float(section.get("notebook_timeout", default.notebook_timeout)),
        memory_limit=parse_size(section.get("memory_limit", default.memory_limit)),
    )


def engine_from(course: Course) -> str:
    """Return the engine that the course's configuration names; raises GradingError for one that does not exist."""
    name = str(course.config.PapermillExecute.get("engine", WARM))
    if name not in (COLD, WARM):
        raise GradingError(f"c.PapermillExecute.engine is '{name}' in nbgrader_config.py: it can be {WARM} or {COLD}.")
    return name


def isolation_from(course: Course) -> Isolation:
    """Return the level that the course's configuration comes to on this machine; raises GradingError where it is not to be had."""
    return choose(str(course.config.PapermillExecute.get("isolation", Isolation.AUTO)))


@contextlib.contextmanager
def only_one(course: Course) -> Iterator[None]:
    """Hold the course's lock; raises GradingError while another process grades."""
    import fcntl

    try:
        course.autograded.mkdir(parents=True, exist_ok=True)
        lock = (course.autograded / ".lock").open("a")
    except OSError as error:
        raise GradingError(
            f"{course.autograded} can't be written ({error.strerror}): mend its permissions or free disk space."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise GradingError(f"Another 'lakelab grade' is at work on {course.root}: wait for it to end.") from None
        yield


def find_tasks(course: Course, assignments: list[str], students: list[str] | None) -> list[Task]:
    """Return the notebooks to grade: all of each assignment, for every student who handed in its folder.

    Raises GradingError for a student who handed in nothing, and for an empty class.
    """
    everyone = course.students()
    for student in students or []:
        if student not in everyone:
            raise GradingError(
                f"There is no submission of '{student}' in {course.submitted}: the folder must be named after the student."
            )
    chosen = students or everyone
    for student in chosen:
        # What nbgrader's database holds; a name of broken bytes comes from an archive unpacked with the wrong encoding.
        if len(student) > 128 or student != student.encode("utf-8", "replace").decode():
            raise GradingError(
                f"The folder {student!a} in {course.submitted} can't be a student's name: rename it to at most 128 readable characters."
            )
    tasks = [
        Task(assignment, notebook, student)
        for student in chosen
        for assignment in assignments
        if os.path.lexists(course.submitted / student / assignment)
        for notebook in course.notebooks(assignment)
    ]
    if not tasks:
        raise GradingError(
            f"There is nothing to grade in {course.submitted}: it needs STUDENT/ASSIGNMENT/NOTEBOOK.ipynb with ASSIGNMENT one of {', '.join(assignments)}."
        )
    return tasks


def fingerprint(content: bytes | Outcome, source: RecordedSource) -> str:
    """Return a digest of all that the scores of a notebook depend on; where there is no file to read, the reason stands for it."""
    data = content.reason.encode() if isinstance(content, Outcome) else content
    return hashlib.sha256(
        b"\0".join([SCORING_VERSION.encode(), source.digest.encode(), hashlib.sha256(data).digest()])
    ).hexdigest()


@dataclass
class _Prepared:
    """A task whose file was read: either a notebook to execute, or an outcome already."""

    result: Result
    nb: NotebookNode | None
    tampering: list[str]


def read_task(course: Course, task: Task) -> bytes | Outcome:
    """Return the submitted bytes of a task, or its outcome where there are none."""
    path = task.path(course)
    if not os.path.lexists(path):
        others = sorted(p.name for p in path.parent.glob("*.ipynb")) if path.parent.is_dir() else []
        hint = f"; the folder holds {', '.join(others)[:200]}" if others else ""
        return Outcome(Verdict.MISSING, f"{path.name} was not handed in{hint}.")
    try:
        return read_submission(path)
    except Unreadable as error:
        return Outcome(Verdict.UNREADABLE, str(error))


def prepare(task: Task, content: bytes | Outcome, source: RecordedSource) -> _Prepared:
    """Sanitise one submission; a file that can't be graded gives an outcome, never an exception."""
    outcome = content if isinstance(content, Outcome) else Outcome(Verdict.GRADED, "")
    result = Result(task.assignment, task.notebook, task.student, fingerprint(content, source), outcome)
    if isinstance(content, Outcome):
        return _Prepared(result, None, [])
    try:
        clean = sanitise(parse(content), source)
    except Unreadable as error:
        reason = str(error)
    except Exception as error:
        reason = f"The notebook could not be taken apart ({type(error).__name__}: {str(error)[:120]})."
    else:
        result.notes = clean.repairs
        return _Prepared(result, clean.nb, clean.tampering)
    result.outcome = Outcome(Verdict.UNREADABLE, reason)
    return _Prepared(result, None, [])


def conclude(prepared: _Prepared, outcome: Outcome, nb: NotebookNode) -> Result:
    """Join what was found before the execution with what happened in it."""
    result = prepared.result
    result.outcome, result.nb = outcome, nb
    result.notes = [*result.notes, *outcome.notes]
    if prepared.tampering or outcome.tampering:
        evidence = "; ".join([*prepared.tampering, *outcome.tampering])
        result.notes = [*result.notes, f"Evidence: {evidence}. Execution: {outcome.reason}"]
        outcome.verdict = Verdict.TAMPERED
        outcome.reason = " ".join(
            text
            for text, told in (
                (
                    "The tests had been changed ({}); they were restored and the points are those really earned.",
                    prepared.tampering,
                ),
                (
                    "While it ran, the submission changed what tests rely on ({}); that was undone, and a test that it may have swayed scores nothing.",
                    outcome.tampering,
                ),
            )
            if told
            for text in [text.format(_shortened("; ".join(told)))]
        )
    return result


def _shortened(text: str, most: int = 200) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def data_files(course: Course, assignment: str) -> Path | None:
    """Return the assignment's folder in `release/` when it holds more than notebooks: files that its labs read."""
    folder = course.release / assignment
    if folder.is_dir() and any(path.suffix != ".ipynb" for path in folder.rglob("*") if path.is_file()):
        return folder
    return None


def submission_timestamp(course: Course, assignment: str, student: str) -> datetime | None:
    """Return the time in the submission's `timestamp.txt` (nbgrader's convention), if it tells one."""
    path = course.submitted / student / assignment / "timestamp.txt"
    if path.is_symlink() or not path.is_file():
        return None
    try:
        return parse_utc(path.read_text(encoding="utf-8").strip()[:64])
    except (OSError, ValueError, OverflowError, TypeError):
        return None


def grade(
    course: Course,
    *,
    assignments: list[str] | None = None,
    students: list[str] | None = None,
    jobs: int = 1,
    fresh: bool = False,
    limits: Limits | None = None,
    engine: str | None = None,
    isolation: Isolation | str | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Grade submissions and record them, in parallel, resuming where an earlier run ended.

    `engine` is papermill's name of how notebooks are executed, by default what the course's configuration says; results don't depend on it.
    `isolation` is how far workers are kept from this machine, by default what the configuration says, or else the best that is to be had.

    `scheduler` is the address of a Dask cluster whose workers execute, in place of `jobs` processes of this machine.

    A notebook is due when it, its lab's source or the scoring has changed since its result was recorded, or when `fresh` asks for all.
    Raises GradingError for what a person has to put right; what a submission does never raises.
    """
    progress = progress or Progress()
    limits, engine = limits or limits_from(course), engine or engine_from(course)
    level = isolation_from(course) if isolation is None else level_of_workers(isolation, scheduler)
    names = course.select_assignments(assignments)
    tasks = find_tasks(course, names, students)
    with only_one(course), open_gradebook(course) as gradebook:
        sources = {(a, n): s for a in names for n, s in record_sources(course, gradebook, a).items()}
        recorded = {Task(r.assignment, r.notebook, r.student): r.fingerprint for r in results(gradebook)}
        current = {} if fresh else recorded
        summary, due = Summary(), list[Task]()
        for task in [*tasks, *_withdrawn(recorded, tasks, students or course.students(), sources)]:
            content = read_task(course, task)
            source = sources[task.assignment, task.notebook]
            (summary.kept if current.get(task) == fingerprint(content, source) else due).append(task)
        for name in names:
            held = {task.student for task in summary.kept if task.assignment == name}
            update_lateness(course, gradebook, name, {s: submission_timestamp(course, name, s) for s in held})
        progress.plan(len(due), len(summary.kept))
        if due:
            progress.isolation(level)
        # Where no worker has a second notebook, nothing is gained by keeping anything warm for it.
        pool = (
            ClusterPool(scheduler, limits, engine, level)
            if scheduler and due
            else WorkerPool(jobs, limits, engine if len(due) > jobs else COLD, level)
        )
        _run(course, gradebook, due, sources, pool, progress, summary)
    return summary


def _withdrawn(
    recorded: Iterable[Task], tasks: list[Task], students: list[str], sources: dict[tuple[str, str], RecordedSource]
) -> list[Task]:
    """Return recorded tasks of assignments that a student of this run has taken back: their points must not stay.

    A student without any folder is left alone: those submissions may lie on another machine, or in an archive.
    """
    present = set(tasks)
    return sorted(
        task
        for task in recorded
        if task.student in students and (task.assignment, task.notebook) in sources and task not in present
    )


def _run(
    course: Course,
    gradebook: Gradebook,
    due: list[Task],
    sources: dict[tuple[str, str], RecordedSource],
    pool: WorkerPool | ClusterPool,
    progress: Progress,
    summary: Summary,
) -> None:
    prepared: dict[Task, _Prepared] = {}

    def keep(task: Task, result: Result) -> None:
        write_autograded(course, result)
        timestamp = submission_timestamp(course, task.assignment, task.student)
        record(course, gradebook, result, sources[task.assignment, task.notebook], timestamp)
        summary.graded[task] = result.outcome
        progress.finished(task, result.outcome)

    def to_execute() -> Iterator[Job[Task]]:
        for task in due:
            ready = prepare(task, read_task(course, task), sources[task.assignment, task.notebook])
            if ready.nb is None:
                keep(task, ready.result)
                continue
            ready.result.isolation = str(pool.isolation)
            prepared[task] = ready
            yield Job(task, ready.nb, data_files(course, task.assignment))

    try:
        with pool:
            for done in pool.run(to_execute(), on_cell=progress.cell):
                keep(done.key, conclude(prepared.pop(done.key), done.outcome, done.nb))
    except OSError as error:
        place = error.filename or course.root
        raise GradingError(
            f"{place} can't be written ({error.strerror}): free disk space or mend its permissions, then run the same command again; nothing is lost."
        ) from None
