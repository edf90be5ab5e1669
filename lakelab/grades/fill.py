"""Putting points into the columns of a gradebook's template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lakelab.grades.items import Item, find, named, shown
from lakelab.grading.errors import GradingError
from lakelab.lms.sheet import Sheet


@dataclass
class Filled:
    """What was put in: cells by column title; whom the template does not have; whose points wait; cells that were left as they were."""

    cells: dict[str, int] = field(default_factory=dict)
    not_in_template: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@dataclass
class Column:
    """A column of a template: where it is, what it is called, what goes into it, and the points that the LMS gives for all of it."""

    position: int
    title: str
    item: Item
    possible: float | None = None


def choose(candidates: dict[int, str], sheet: Sheet, items: list[Item], chosen: dict[str, str]) -> list[Column]:
    """Return the columns to fill: those that `chosen` maps to an item by title, else those whose title is an item's name.

    `candidates` are titles without the LMS's additions, by position. Raises GradingError when there is none, and for a title that is not there.
    """
    columns = []
    for title, name in chosen.items():
        places = [n for n, other in enumerate(sheet.header) if title.strip() in (other.strip(), candidates.get(n))]
        if len(places) != 1:
            raise GradingError(
                f"The template has {len(places) or 'no'} columns called '{title}': choose from {', '.join(candidates.values())}."
            )
        columns.append(Column(places[0], sheet.header[places[0]], named(items, name)))
    if not chosen:
        for position, title in candidates.items():
            item = find(items, title)
            if item is not None:
                columns.append(Column(position, sheet.header[position], item))
    if not columns:
        raise GradingError(
            f"No column of the template is called like what was graded ({', '.join(item.name for item in items)}): say which is, as --column 'TITLE=NAME'; its columns are {', '.join(candidates.values()) or 'none'}."
        )
    return columns


def fill_cell(row: list[str], column: Column, student: str, scale: bool, filled: Filled, *, kept: str) -> None:
    """Put a student's points for a column into a row, and say in `filled` what came of it.

    Nothing is put where there are none, where a person has yet to decide, and where `kept` says why the cell stays as it is. See `check_points`.
    """
    if student not in column.item.points:
        return
    points = column.item.points[student]
    if points is None:
        filled.waiting.append(student)
    elif kept:
        filled.kept.append(f"{student}: {kept}")
    else:
        factor = column.possible / column.item.possible if scale and column.possible and column.item.possible else 1.0
        row[column.position] = shown(points * factor)
        filled.cells[column.title] += 1


def check_points(columns: Iterable[Column], scale: bool, lms: str) -> None:
    """Raise GradingError where the LMS gives other points for a column than the labs do, unless they are to be scaled."""
    for column in columns:
        if column.possible is None:
            if scale:
                raise GradingError(
                    f"The template does not say how many points '{column.title}' has, so nothing can be scaled to them: leave --scale out."
                )
        elif not scale and abs(column.possible - column.item.possible) > 0.005:
            raise GradingError(
                f"'{column.title}' has {shown(column.possible)} points in {lms}, {column.item.name} has {shown(column.item.possible)}: set that in {lms} and export the template again, or pass --scale."
            )


def number(text: str) -> float | None:
    """Return the number that a cell holds, with a point or a comma, or None."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None
