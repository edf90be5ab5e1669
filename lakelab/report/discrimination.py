"""How well a question tells those who master the material from those who don't."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import StatisticsError, correlation

FEWEST = 3
"""Students without whom a correlation means nothing."""


@dataclass
class Discrimination:
    """The corrected item-rest correlation: of the points on a question with the points on all other questions of the assignment.

    -1 to 1; for a question that gives all or nothing this is the point-biserial correlation. `value` is None where it is undefined,
    and `why` says the reason.
    """

    value: float | None = None
    why: str = ""


def discrimination(item: Sequence[float], rest: Sequence[float]) -> Discrimination:
    """Return the discrimination from the same students' shares of the points on the question and on the rest."""
    if len(item) < FEWEST:
        return Discrimination(None, f"fewer than {FEWEST} students")
    try:
        return Discrimination(round(correlation(item, rest), 3))
    except StatisticsError:
        if len(set(item)) == 1:
            return Discrimination(None, "everybody has the same points")
        return Discrimination(None, "everybody has the same points on the rest")
