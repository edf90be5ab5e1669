"""Canvas's gradebook (*Grades → Export*, and *Import* for the way back).

The columns are those that `lib/gradebook_exporter.rb` and `lib/gradebook_importer.rb` in instructure/canvas-lms write and read: `Student` (or
`LastName` and `FirstName`), `ID`, perhaps `SIS User ID`, `SIS Login ID`, `Integration ID` and `Root Account`, `Section`, columns of the
instructor's own, then one for each assignment, called `TITLE (ID)`, and read-only totals. A row may say who has `Manual Posting`; the row
`Points Possible` comes before the students. A person is found by `ID`, else by the SIS ids, else by name. `EX` (excused) and `N/A` (not
assigned) are not points and stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lakelab.grades.fill import Filled, check_points, choose, fill_cell, number
from lakelab.grades.items import Item, shown
from lakelab.grades.people import People
from lakelab.grading.errors import GradingError
from lakelab.lms.sheet import Sheet, harmless

_POINTS = "Points Possible"
_KEPT = ("EX", "N/A")
_READ_ONLY = "(read only)"


def fill(sheet: Sheet, items: list[Item], ids: Mapping[str, str], chosen: dict[str, str], *, scale: bool) -> Filled:
    """Put points into a gradebook that Canvas exported. `ids` are students by Canvas's ids, as collecting noted them.

    Raises GradingError for another kind of table, columns that can't be found, and points that don't agree.
    """
    own, section = sheet.column("ID"), sheet.column("Section")
    if own is None or section is None or sheet.column("Student", "LastName") is None:
        raise GradingError(
            "The template is no gradebook of Canvas (columns Student, ID, Section): export it with Grades → Export."
        )
    possible = next((row for row in sheet.rows[1:] if row[0].strip().startswith(_POINTS)), None)
    titles = {
        n: re.sub(r"\s*\(\d+\)$", "", title.strip())
        for n, title in enumerate(sheet.header)
        if n > section and title.strip() and not (possible and possible[n].strip() == _READ_ONLY)
    }
    columns = choose(titles, sheet, items, chosen)
    for column in columns:
        column.possible = number(possible[column.position]) if possible else None
    check_points(columns, scale, "Canvas")
    people = People({s for column in columns for s in column.item.points}, ids)
    filled = Filled({column.title: 0 for column in columns})
    names = [n for n in (sheet.column(t) for t in ("SIS Login ID", "SIS User ID", "Student")) if n is not None]
    for line, row in enumerate(sheet.rows[1:], start=2):
        if row is possible or not row[own].strip():
            continue
        plain = re.sub(r"\W", "", "".join(row[:own]).casefold()) + "_" + row[own].strip()  # as Canvas names files
        student = people.find(line, row[own].strip(), [plain, row[own], *(row[n] for n in names)])
        if student is None:
            continue
        for column in columns:
            cell = row[column.position].strip()
            fill_cell(
                row, column, student, scale, filled, kept=f"{cell} in {column.title}" if cell.upper() in _KEPT else ""
            )
    filled.not_in_template = people.missing
    return filled


def table(items: list[Item], ids: Mapping[str, str]) -> tuple[Sheet, list[str]]:
    """Return a gradebook that Canvas can import, and whose points wait. A new column becomes a new assignment, if one confirms it.

    Without the template's ids, a student whose download was not collected is found by the folder's name as the SIS login.
    """
    by_student = {student: lms_id for lms_id, student in ids.items()}
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(item.name for item in items)]]
    rows.append([f"    {_POINTS}", "", "", "", "", *(shown(item.possible) for item in items)])
    waiting = []
    for student in sorted({student for item in items for student in item.points}):
        lms_id = by_student.get(student, "")
        cells = []
        for item in items:
            points = item.points.get(student, 0.0) if student in item.points else ""
            waiting += [student] if points is None else []
            cells.append(shown(points) if isinstance(points, float) else "")
        rows.append([harmless(student), lms_id, "", "" if lms_id else harmless(student), "", *cells])
    return Sheet(rows), waiting
