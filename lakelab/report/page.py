"""The report as one page that needs nothing else: no network, no other file, a script only for sorting tables."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lakelab.report.model import LEVELS, Earned, NotebookResult, Question, Report

TEMPLATES = Path(__file__).parent / "templates"

_MIB = 1024**2

VERDICTS = {
    "graded": "Every cell was run.",
    "graded with errors": "The notebook ran to its end; some of the student's own cells raised an error.",
    "timed out": "A cell or the notebook took longer than the limit. What ran before keeps its points.",
    "out of memory": "The notebook took more memory than the limit. What ran before keeps its points.",
    "kernel died": "The Python process ended. What ran before keeps its points.",
    "unreadable": "The file is no notebook that could be executed.",
    "tampered": "The tests had been changed. They were restored, and the points are those really earned.",
    "missing": "The notebook was not handed in with the assignment.",
    "not recorded": "nbgrader graded this notebook without LakeLab: there are scores, but no record of the execution.",
}
"""What the verdicts mean, for people who see them for the first time."""


def page(report: Report) -> str:
    """Return the page; every text from outside is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,  # whatever the file is called
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "points": points,
        "percent": percent,
        "shade": shade,
        "seconds": seconds,
        "memory": memory,
        "one_line": one_line,
    }
    name = "learner.html.j2" if report.student else "class.html.j2"
    return environment.get_template(name).render(
        report=report,
        verdict_meaning=VERDICTS,
        level_meaning=LEVELS,
        share=share,
        lab_share=lab_share,
        discrimination_word=discrimination_word,
        redo=redo,
    )


def points(value: float | None) -> str:
    """Return points as people write them: 2, 1.5, or a question mark where a person has yet to decide."""
    return "?" if value is None else f"{round(value, 2):g}"


def percent(value: float | None) -> str:
    """Return a share as a percentage."""
    return "–" if value is None else f"{100 * value:.0f} %"


def shade(value: float | None) -> str:
    """Return the class of a share's colour: s0 (nothing) to s10 (everything)."""
    return "unknown" if value is None else f"s{min(10, max(0, int(10 * value + 1e-9)))}"


def seconds(value: float) -> str:
    """Return a time."""
    if value >= 120:
        return f"{value / 60:.1f} min"
    return f"{value:.0f} s" if value >= 10 else f"{value:.1f} s"


def memory(value: float) -> str:
    """Return an amount of memory; what ended before it could be measured has none."""
    if value <= 0:
        return "–"
    return f"{value / 1024**3:.1f} GiB" if value >= 1000 * _MIB else f"{value / _MIB:.0f} MiB"


def one_line(text: str, most: int = 220) -> str:
    """Return a text without line breaks, cut where it gets long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 2] + " …"


def share(earned: Earned | None, question: Question) -> float | None:
    """Return the share of a question's points, or None where there is no score."""
    if earned is None or earned.points is None or not question.points:
        return None
    return earned.points / question.points


def lab_share(result: NotebookResult | None, questions: list[Question]) -> float | None:
    """Return the share of a lab's points, or None where there was nothing to run."""
    possible = sum(question.points for question in questions)
    return None if result is None or not result.executed or not possible else result.earned / possible


def discrimination_word(value: float) -> str:
    """Return what a discrimination means, by the customary bounds."""
    if value < 0:
        return "negative"
    return "low" if value < 0.1 else "fair" if value < 0.3 else "good"


def redo(report: Report) -> list[Question]:
    """Return a learner's questions that don't have all points yet and wait for nobody, the least done first."""
    open_questions = [q for q in report.questions if q.mean_share is None or q.mean_share < 1]
    by_lab = {result.lab: result for result in report.results}
    due = [
        question
        for question in open_questions
        if not ((result := by_lab.get(question.lab)) and _waits(result.questions.get(question.id)))
    ]
    return sorted(due, key=lambda question: question.mean_share or 0.0)


def _waits(earned: Earned | None) -> bool:
    return earned is not None and earned.points is None
