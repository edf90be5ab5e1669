"""Moodle's two ways to take grades.

The grading worksheet of one assignment (*Download grading worksheet*, and *Upload grading worksheet* for the way back; `mod/assign/feedback/offline`
in moodle/moodle): `Identifier` is `Participant NUMBER`, `Grade` what is imported, `Maximum Grade` and `Grade can be changed` are to be minded, and
`Last modified (grade)` has to be there: Moodle refuses a file without it, and leaves grades alone that were changed after that moment. Titles are
in the language of whoever downloads it: of one that is not English, `--column` has to say which column is to be filled.

The gradebook (*Grades → Export → Plain text file*, and *Import → CSV file*, https://docs.moodle.org/en/Grade_import): one row for each person,
columns called `Assignment: NAME (Real)`; at the import one says which column tells who it is (*Email address*, *ID number*) and which is
which grade. Moodle wants feedback to be imported beside its grade, so columns of feedback stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lakelab.grades.fill import Column, Filled, check_points, choose, fill_cell, number
from lakelab.grades.items import Item, named, shown
from lakelab.grades.people import People
from lakelab.grading.errors import GradingError
from lakelab.lms.sheet import Sheet, harmless

_NAMES = ("ID number", "Email address", "Username", "Full name")
_GRADE = re.compile(r"(?:[^:]{1,40}: )?(?P<name>.+?)(?: \((?P<kind>Real|Percentage|Letter|Feedback)\))?")


def is_worksheet(sheet: Sheet) -> bool:
    """Tell whether this is the grading worksheet of one assignment."""
    return None not in (sheet.column("Identifier"), sheet.column("Grade"), sheet.column("Last modified (grade)"))


def fill(
    sheet: Sheet, items: list[Item], ids: Mapping[str, Mapping[str, str]], chosen: dict[str, str], *, scale: bool
) -> Filled:
    """Put points into a worksheet or a gradebook that Moodle exported. `ids` are students by Moodle's numbers for each assignment.

    Raises GradingError for another kind of table, columns that can't be found, and points that don't agree.
    """
    names = [n for n in (sheet.column(title) for title in _NAMES) if n is not None]
    first, last = sheet.column("First name"), sheet.column("Last name", "Surname")
    if is_worksheet(sheet):
        columns = [_of_worksheet(sheet, items, chosen)]
    elif names or first is not None or (chosen and _identifier(sheet) is not None):
        titles = {
            n: match["name"]
            for n, title in enumerate(sheet.header)
            if (match := _GRADE.fullmatch(title.strip())) and match["kind"] in (None, "Real") and n not in names
        }
        columns = choose(titles, sheet, items, chosen)
    else:
        raise GradingError(
            "The template is neither a grading worksheet nor a gradebook of Moodle: download it with 'Download grading worksheet', or with Grades → Export → Plain text file."
        )
    check_points(columns, scale, "Moodle")
    identifier, changeable = _identifier(sheet), sheet.column("Grade can be changed")
    known = ids.get(columns[0].item.assignment, {}) if identifier is not None else {}
    people = People({student for column in columns for student in column.item.points}, known)
    filled = Filled({column.title: 0 for column in columns})
    for line, row in enumerate(sheet.rows[1:], start=2):
        participant = "".join(re.findall(r"\d+$", row[identifier].strip())) if identifier is not None else ""
        full = [f"{row[first]} {row[last]}"] if first is not None and last is not None else []
        student = people.find(line, participant, [*(row[n] for n in names), *full])
        if student is None:
            continue
        locked = changeable is not None and row[changeable].strip().casefold() == "no"
        for column in columns:
            kept = "Moodle says that the grade can't be changed" if locked else ""
            fill_cell(row, column, student, scale, filled, kept=kept)
    filled.not_in_template = people.missing
    return filled


def _identifier(sheet: Sheet) -> int | None:
    """Return the column of participants' numbers: in another language than English, the first, if a word and a number are in each of its cells."""
    if (column := sheet.column("Identifier")) is not None:
        return column
    return 0 if all(re.fullmatch(r"\D{1,40}\d+", row[0].strip()) for row in sheet.rows[1:]) else None


def _of_worksheet(sheet: Sheet, items: list[Item], chosen: dict[str, str]) -> Column:
    """Return the column of grades of a worksheet, which does not say what it is the worksheet of."""
    assignments = [item for item in items if item.name == item.assignment]
    if chosen:
        item = named(items, next(iter(chosen.values())))
    elif len(assignments) == 1:
        item = assignments[0]
    else:
        raise GradingError(
            f"A grading worksheet is of one assignment: name it, as 'lakelab export --moodle {assignments[0].name} --template FILE'."
        )
    position, most = sheet.column("Grade"), sheet.column("Maximum Grade")
    assert position is not None
    possible = {number(row[most]) for row in sheet.rows[1:]} - {None} if most is not None else set()
    return Column(position, f"Grade of {item.name}", item, possible.pop() if len(possible) == 1 else None)


def table(items: list[Item], ids: Mapping[str, Mapping[str, str]]) -> tuple[Sheet, list[str]]:
    """Return a table that Moodle can import, and whose points wait.

    For one assignment whose participants' numbers are known from collecting it is a grading worksheet, else a table for the gradebook, in which
    students are called as their folders are: with it, map that column to what the folders are named after.
    """
    by_number = {student: number for number, student in ids.get(items[0].assignment, {}).items()}
    waiting: list[str] = []
    students = sorted({student for item in items for student in item.points})
    if len(items) == 1 and set(students) <= set(by_number):
        rows = [["Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)"]]
        for student in students:
            who = [f"Participant {by_number[student]}", harmless(student)]
            rows.append([*who, _cell(items[0], student, waiting), shown(items[0].possible), ""])
    else:
        rows = [["Student", *(f"{item.name} (Real)" for item in items)]]
        for student in students:
            rows.append([harmless(student), *(_cell(item, student, waiting) for item in items)])
    return Sheet(rows), waiting


def _cell(item: Item, student: str, waiting: list[str]) -> str:
    if student not in item.points:
        return ""
    points = item.points[student]
    if points is None:
        waiting.append(student)
        return ""
    return shown(points)
