"""What a column of a gradebook can hold: an assignment or one of its labs, with everybody's points."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lakelab.grading.errors import GradingError
from lakelab.report import Report


@dataclass
class Item:
    """An assignment, or a lab of it. `points` are by student, late penalties taken off; None waits for a person."""

    name: str
    assignment: str
    possible: float
    points: dict[str, float | None] = field(default_factory=dict)


def items_of(report: Report) -> list[Item]:
    """Return all assignments of a report, then their labs.

    A student who handed in some of an assignment's labs has the others as zero; one who handed in none is not in it.
    """
    assignments = [Item(name, name, 0.0) for name in report.assignments]
    by_name = {item.name: item for item in assignments}
    labs = []
    for (assignment, notebook), questions in report.labs.items():
        lab = Item(notebook, assignment, sum(question.points for question in questions))
        by_name[assignment].possible += lab.possible
        for student, result in report.by_lab[assignment, notebook].items():
            waits = any(earned.needs_person or earned.points is None for earned in result.questions.values())
            lab.points[student] = None if waits else result.earned
            so_far = by_name[assignment].points.get(student, 0.0)
            by_name[assignment].points[student] = None if waits or so_far is None else so_far + result.earned
        labs.append(lab)
    return [*assignments, *(lab for lab in labs if lab.name not in by_name)]


def find(items: list[Item], title: str) -> Item | None:
    """Return the item that a title names: capitals, spaces and punctuation don't matter."""
    return next((item for item in items if _plain(item.name) == _plain(title)), None)


def named(items: list[Item], name: str) -> Item:
    """Return the item of this name; raises GradingError if there is none."""
    item = find(items, name)
    if item is None:
        raise GradingError(
            f"Nothing that was graded is called '{name}': choose from {', '.join(i.name for i in items)}."
        )
    return item


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def shown(points: float, decimals: int = 2) -> str:
    """Return points as text without needless zeros."""
    text = f"{points:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
