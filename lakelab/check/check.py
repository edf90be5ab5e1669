"""Grade one notebook in a scratch place and say, question by question, what stands and what to read again.

Nothing is written to a gradebook and the notebook itself is not touched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lakelab.check.progress import ProgressFile
from lakelab.feedback.messages import message
from lakelab.grading.batch import Task, conclude, data_files, limits_from, prepare
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.grading.execute import Limits
from lakelab.grading.pool import Job, WorkerPool
from lakelab.grading.record import score
from lakelab.grading.sanitise import Unreadable, read_submission
from lakelab.grading.source import RecordedSource
from lakelab.grading.verdict import CellRecord, Verdict
from lakelab.release.lab import question_of


@dataclass
class QuestionResult:
    """What became of one question.

    `hints` are the messages of the tests that failed, `sections` the parts of the lessons to read again. `before` is what the
    question had earned in the check before, if there was one; None for points that a person has to give.
    """

    question: str
    points: float
    earned: float | None = 0.0
    hints: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    before: float | None = None

    @property
    def stands(self) -> bool:
        """Whether nothing is left to do."""
        return self.earned is not None and self.earned >= self.points


@dataclass
class CheckResult:
    """A checked notebook; `saved` is when the file that was checked had last been saved."""

    notebook: str
    saved: datetime
    verdict: Verdict
    reason: str
    seconds: float
    notes: list[str]
    questions: list[QuestionResult]
    checks: int = 1

    @property
    def earned(self) -> float:
        """Points earned so far."""
        return sum(question.earned or 0.0 for question in self.questions)

    @property
    def points(self) -> float:
        """Points that can be earned."""
        return sum(question.points for question in self.questions)

    @property
    def ok(self) -> bool:
        """Whether every question that a machine can check stands."""
        return all(question.stands or question.earned is None for question in self.questions)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        return {
            **asdict(self),
            "saved": self.saved.isoformat(),
            "earned": self.earned,
            "points": self.points,
            "ok": self.ok,
        }


def check(
    notebook: Path | str,
    *,
    course_root: Path | str | None = None,
    limits: Limits | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> CheckResult:
    """Grade the copy of a lab at `notebook` as a class is graded; `progress(done, total)` hears of every cell.

    Raises GradingError where the file does not exist, is no notebook, or is not named after a lab of the course.
    """
    course = Course.open(course_root)
    path = Path(notebook)
    path = path if path.suffix == ".ipynb" else path.with_name(path.name + ".ipynb")
    if not path.exists():
        raise GradingError(
            f"There is no {path} here: give the path of your copy of the lab, for example "
            f"release/ASSIGNMENT/{path.name}."
        )
    assignment, name = course.find_notebook(path.stem)
    source = RecordedSource.read(course, assignment, name)
    try:
        content = read_submission(path.resolve())
    except Unreadable as error:
        raise GradingError(f"{path} can't be checked. {error}") from None
    ready = prepare(Task(assignment, name, "you"), content, source)
    if ready.nb is None:
        raise GradingError(f"{path} can't be checked. {ready.result.outcome.reason}")
    with WorkerPool(1, limits or limits_from(course)) as pool:
        job = Job(name, ready.nb, data_files(course, assignment))
        hear = (lambda _key, done, total: progress(done, total)) if progress else None
        done = next(pool.run(iter([job]), on_cell=hear))
    result = conclude(ready, done.outcome, done.nb)
    checked = CheckResult(
        notebook=name,
        saved=datetime.fromtimestamp(path.stat().st_mtime),
        verdict=result.outcome.verdict,
        reason=result.outcome.reason,
        seconds=result.outcome.seconds,
        notes=result.notes,
        questions=_questions(done.nb, result.outcome.by_grade_id(), source),
    )
    _add_sections(checked, course)
    ProgressFile.default().remember(checked)
    return checked


def _questions(nb: NotebookNode, records: dict[str, CellRecord], source: RecordedSource) -> list[QuestionResult]:
    found: dict[str, QuestionResult] = {}
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name not in source.tests():
            continue
        question = found.setdefault(question_of(name) or name, QuestionResult(question_of(name) or name, 0.0))
        question.points += float(cell.metadata.nbgrader.points)
        earned = score(cell, records.get(name), source)
        question.earned = None if earned is None or question.earned is None else question.earned + earned
        if (said := message(name, records)) and said not in question.hints:
            question.hints.append(said)
    return list(found.values())


def _add_sections(checked: CheckResult, course: Course) -> None:
    from lakelab.coverage import sections_for

    if not (course.root / "course" / "objectives.yml").is_file():
        return  # a course that names no objectives has nothing to point to
    for question in checked.questions:
        if not question.stands:
            found = sections_for(f"{checked.notebook}/{question.question}", course_root=course.root)
            question.sections = [f"{reading.lesson}, “{reading.title}”" for reading in found[:3]]


def render(result: CheckResult, console: Console) -> None:
    """Print a result for the learner."""
    saved = f"{result.saved:%H:%M:%S}"
    console.print(
        f"[bold]{escape(result.notebook)}[/]: [bold]{result.earned:g} of {result.points:g} points[/] "
        f"(the file as saved at {saved}; {result.seconds:.0f} s; check number {result.checks})"
    )
    table = Table(show_edge=False, pad_edge=False, expand=True)
    table.add_column("question", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("what to do", ratio=1)
    for question in result.questions:
        table.add_row(_name(question), _points(question), _advice(question))
    console.print(table)
    if result.verdict is not Verdict.GRADED:
        console.print(f"[yellow]{result.verdict}[/]: {escape(result.reason)}")
    for note in result.notes:
        console.print(f"[dim]{escape(note)}[/]")
    if result.ok:
        console.print("[green]All questions stand.[/] Hand the notebook in, or go on to the next lesson.")


def _name(question: QuestionResult) -> str:
    mark = "[green]✓[/]" if question.stands else "[yellow]✎[/]" if question.earned is None else "[red]✗[/]"
    return f"{mark} {escape(question.question)}"


def _points(question: QuestionResult) -> str:
    if question.earned is None:
        return f"? / {question.points:g}"
    gained = question.before is not None and question.earned > question.before
    return f"{question.earned:g} / {question.points:g}" + (" [green]▲[/]" if gained else "")


def _advice(question: QuestionResult) -> str:
    if question.stands:
        return "stands"
    if question.earned is None:
        return "A person reads this answer."
    lines = [escape(hint) for hint in question.hints] or ["Part of the points: see the test's output."]
    if question.sections:
        lines.append(f"[dim]Read again: {escape('; '.join(question.sections))}[/]")
    return "\n".join(lines)
