"""What a report holds, and the figures that follow from it. Nothing here knows where the data came from or how it is shown."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from statistics import fmean, median
from typing import Any

from lakelab.grading.verdict import Verdict
from lakelab.report.discrimination import Discrimination

NOT_EXECUTED = {Verdict.MISSING, Verdict.UNREADABLE}
"""Verdicts of notebooks that say nothing about their questions: nobody's answer was run."""

Lab = tuple[str, str]
"""(assignment, notebook)"""


@dataclass
class Earned:
    """The points of one student for one question; None where a person has yet to give them."""

    points: float | None
    messages: list[str] = field(default_factory=list)
    """What the question's failed tests said."""
    needs_person: bool = False
    """A person has to score this, or to look again because the submission has changed since."""


LEVELS = {
    "sandbox": "in a sandbox",
    "limits": "under resource limits only",
    "none": "without isolation",
}
"""The levels of isolation, in words that a number of notebooks can stand before."""


@dataclass
class NotebookResult:
    """How one notebook of one submission ended, and what it earned by question.

    `verdict` is empty for a notebook that nbgrader graded without LakeLab. `seconds` is wall time, `slowest` are (cell, seconds).
    """

    student: str
    assignment: str
    notebook: str
    questions: dict[str, Earned]
    late_penalty: float = 0.0
    verdict: str = ""
    reason: str = ""
    seconds: float = 0.0
    peak_bytes: float = 0.0
    cells: list[tuple[str, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    isolation: str = ""
    """The level of isolation at which it was executed; empty where that is not known."""

    @property
    def lab(self) -> Lab:
        """The lab that it belongs to."""
        return self.assignment, self.notebook

    @property
    def executed(self) -> bool:
        """Whether there was something to run."""
        return self.verdict not in NOT_EXECUTED

    @property
    def earned(self) -> float:
        """Points, the late penalty taken off."""
        return max(0.0, sum(earned.points or 0.0 for earned in self.questions.values()) - self.late_penalty)


@dataclass
class Question:
    """A question and how the class did on it. Figures are over the notebooks that were executed and scored.

    `mean_share` is the mean share of the points, 0 to 1 (the higher, the easier); None where nobody has a score. `outcomes` counts full, part and
    no points. `messages` are the most frequent ones with their counts.
    """

    assignment: str
    notebook: str
    id: str
    points: float
    scored: int = 0
    mean_share: float | None = None
    outcomes: tuple[int, int, int] = (0, 0, 0)
    discrimination: Discrimination = field(default_factory=Discrimination)
    messages: list[tuple[str, int]] = field(default_factory=list)
    waiting: int = 0
    readings: list[str] = field(default_factory=list)
    """What to read again, for a learner: one line per walkthrough, with the titles of its sections."""

    @property
    def lab(self) -> Lab:
        """The lab that it belongs to."""
        return self.assignment, self.notebook

    @property
    def name(self) -> str:
        """`NOTEBOOK/qN`, as in the objectives."""
        return f"{self.notebook}/{self.id}"


@dataclass
class Objective:
    """One thing to know or to be able to do, with the points earned on the questions that grade it."""

    id: str
    section: str
    text: str
    questions: list[str]
    mean_share: float | None


@dataclass
class CellTime:
    """How long a cell took: the median over the class and the longest, in seconds, and whose that was."""

    assignment: str
    notebook: str
    cell: str
    median: float
    longest: float
    student: str


@dataclass
class LabTime:
    """How long a lab took and how much memory, over the class: median and most."""

    assignment: str
    notebook: str
    notebooks: int
    median_seconds: float
    longest_seconds: float
    median_bytes: float
    most_bytes: float


@dataclass
class Report:
    """A report on a class, or on one of its students where `student` is set."""

    course: str
    made_at: datetime
    assignments: list[str]
    student: str | None
    questions: list[Question]
    results: list[NotebookResult]
    objectives: list[Objective]
    absent: list[str] = field(default_factory=list)
    """Students in the gradebook who handed in nothing of these assignments."""

    @cached_property
    def students(self) -> list[str]:
        """Everybody who handed something in, in natural order."""
        return sorted({result.student for result in self.results}, key=natural)

    @cached_property
    def labs(self) -> dict[Lab, list[Question]]:
        """The questions by lab, in order."""
        found: dict[Lab, list[Question]] = {}
        for question in self.questions:
            found.setdefault(question.lab, []).append(question)
        return found

    @cached_property
    def by_lab(self) -> dict[Lab, dict[str, NotebookResult]]:
        """The results by lab and student."""
        found: dict[Lab, dict[str, NotebookResult]] = {lab: {} for lab in self.labs}
        for result in self.results:
            found.setdefault(result.lab, {})[result.student] = result
        return found

    @cached_property
    def possible(self) -> float:
        """Points that can be earned in all labs together."""
        return sum(question.points for question in self.questions)

    @cached_property
    def totals(self) -> dict[str, float]:
        """The points of every student."""
        totals = dict.fromkeys(self.students, 0.0)
        for result in self.results:
            totals[result.student] += result.earned
        return totals

    @property
    def shares(self) -> list[float]:
        """The share of all points of every student, 0 to 1."""
        return [total / self.possible for total in self.totals.values()] if self.possible else []

    @property
    def mean(self) -> float | None:
        """The mean share of the points."""
        return fmean(self.shares) if self.shares else None

    @property
    def median(self) -> float | None:
        """The median share of the points."""
        return median(self.shares) if self.shares else None

    def distribution(self, bins: int = 10) -> list[int]:
        """Count students by their share of the points, in equal steps; the last step includes the full score."""
        counts = [0] * bins
        for share in self.shares:
            counts[min(bins - 1, max(0, int(share * bins + 1e-9)))] += 1
        return counts

    @cached_property
    def verdicts(self) -> dict[str, int]:
        """How many notebooks ended in which way, in the order of the verdicts' definition."""
        counts = Counter(result.verdict or "not recorded" for result in self.results)
        return {verdict: counts[verdict] for verdict in [*map(str, Verdict), "not recorded"] if counts[verdict]}

    @property
    def isolation(self) -> dict[str, int]:
        """How many notebooks were executed at which level of isolation, where that is known."""
        return dict(sorted(Counter(result.isolation for result in self.results if result.isolation).items()))

    @property
    def incidents(self) -> list[NotebookResult]:
        """Notebooks with another verdict than `graded`, the gravest first."""
        order = [Verdict.TAMPERED, Verdict.UNREADABLE, Verdict.KERNEL_DIED, Verdict.OUT_OF_MEMORY, Verdict.TIMED_OUT]
        rank = {str(verdict): position for position, verdict in enumerate([*order, Verdict.MISSING])}
        found = [result for result in self.results if result.verdict not in ("", Verdict.GRADED)]
        return sorted(found, key=lambda r: (rank.get(r.verdict, len(rank)), natural(r.student), r.lab))

    @property
    def noted(self) -> list[NotebookResult]:
        """Notebooks in which something was repaired or evidence of tampering was found, the latter first."""
        found = [result for result in self.results if result.notes]
        return sorted(found, key=lambda r: (r.verdict != Verdict.TAMPERED, natural(r.student), r.lab))

    @property
    def waiting(self) -> dict[str, list[str]]:
        """Students whose answers wait for a person, by question."""
        found: dict[str, list[str]] = {}
        for result in sorted(self.results, key=lambda r: natural(r.student)):
            for question, earned in result.questions.items():
                if earned.needs_person:
                    found.setdefault(f"{result.notebook}/{question}", []).append(result.student)
        return dict(sorted(found.items(), key=lambda item: natural(item[0])))

    @cached_property
    def lab_times(self) -> list[LabTime]:
        """Time and memory by lab, over the notebooks that were executed."""
        found = []
        for lab, results in self.by_lab.items():
            ran = [result for result in results.values() if result.executed and result.verdict]
            if ran:
                seconds, memory = [r.seconds for r in ran], [r.peak_bytes for r in ran]
                found.append(LabTime(*lab, len(ran), median(seconds), max(seconds), median(memory), max(memory)))
        return found

    def slowest_cells(self, most: int = 10) -> list[CellTime]:
        """Return the cells that took longest, each once; what takes less than half a second is nobody's concern."""
        times: dict[tuple[str, str, str], list[tuple[float, str]]] = {}
        for result in self.results:
            for cell, seconds in result.cells:
                times.setdefault((*result.lab, cell), []).append((seconds, result.student))
        found = [CellTime(*key, median(seconds for seconds, _ in taken), *max(taken)) for key, taken in times.items()]
        return sorted((cell for cell in found if cell.longest >= 0.5), key=lambda cell: -cell.longest)[:most]

    def to_html(self) -> str:
        """Return one self-contained page."""
        from lakelab.report.page import page

        return page(self)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        return {
            "course": self.course,
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "assignments": self.assignments,
            "student": self.student,
            "possible": self.possible,
            "mean": self.mean,
            "median": self.median,
            "distribution": self.distribution(),
            "totals": self.totals,
            "absent": self.absent,
            "verdicts": self.verdicts,
            "isolation": self.isolation,
            "questions": [{"name": question.name, **asdict(question)} for question in self.questions],
            "objectives": [asdict(objective) for objective in self.objectives],
            "results": [
                {**asdict(result), "earned": result.earned, "cells": [list(cell) for cell in result.cells]}
                for result in self.results
            ],
            "lab_times": [asdict(time) for time in self.lab_times],
            "slowest_cells": [asdict(cell) for cell in self.slowest_cells()],
            "waiting": self.waiting,
        }


def natural(text: str) -> list[tuple[int, int | str]]:
    """Return a sort key that puts `q10` behind `q9`, and compares letters without case."""
    parts = re.split(r"(\d+)", text.casefold())
    return [(0, int(part)) if part.isdigit() and part.isascii() else (1, part) for part in parts if part]
