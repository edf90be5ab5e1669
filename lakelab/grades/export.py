"""`lakelab export --csv | --canvas | --moodle`: what is in the gradebook, as a file that other programs import."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from lakelab.grades import canvas, moodle
from lakelab.grades.fill import Filled
from lakelab.grades.items import Item, items_of, shown
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.lms.ledger import Ledger
from lakelab.lms.sheet import Sheet, harmless
from lakelab.report import Report, report

FORMATS = {"csv": "grades.csv", "canvas": "grades_canvas.csv", "moodle": "grades_moodle.csv"}
"""What can be written, and what the file is called by default."""

COLUMNS = ("student", "assignment", "notebook", "points", "possible", "late_penalty", "verdict", "waits_for_person")
"""The columns of `--csv`: a row for every notebook; `points` have the late penalty taken off."""


@dataclass
class Exported:
    """The file that was written, how many grades are in it by column, and what a person has to know."""

    kind: str
    path: Path
    cells: dict[str, int]
    not_in_template: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def export_grades(
    kind: str,
    *,
    assignments: list[str] | None = None,
    template: Path | None = None,
    columns: list[str] | None = None,
    scale: bool = False,
    output: Path | None = None,
    course_root: Path | str | None = None,
) -> Exported:
    """Write the grades of a class.

    Args:
        kind: one of `FORMATS`.
        assignments: of which; by default all that were graded.
        template: for Canvas and Moodle the file that they exported, which is filled in; every other cell of it stays as it is.
        columns: `TITLE=NAME`: put the assignment or lab NAME into the template's column TITLE. By default columns are found by their titles.
        scale: whether points are scaled to those that the LMS gives for a column.
        output: the file to write; by default in the working directory, see `FORMATS`.
        course_root: the course's folder; by default the one around the working directory.

    Raises GradingError for what a person has to put right; then nothing was written. Grades that wait for a person are left out and named.
    """
    target = output or Path(FORMATS[kind])
    if template and kind == "csv":
        raise GradingError("--template is for --canvas and --moodle: leave it out, or say which of the two it is.")
    if not template and (columns or scale):
        raise GradingError("--column and --scale are about a template: name it with --template FILE.")
    if template and target.resolve() == template.resolve():
        raise GradingError(f"{target} is the template itself: name another file with -o.")
    course = Course.open(course_root)
    graded = report(assignments=assignments, course_root=course.root)
    if kind == "csv":
        sheet, filled = _everything(graded)
    else:
        ledger = Ledger.read(course)
        items = items_of(graded)
        ids = {name: ledger.ids(kind, name) for name in graded.assignments}
        if template:
            sheet = Sheet.read(template)
            filled = _fill(kind, sheet, items, ids, _pairs(columns or []), scale)
        else:
            sheet, filled = _table(kind, [item for item in items if item.name == item.assignment], ids)
    if target.parent != Path() and not target.parent.is_dir():
        raise GradingError(f"There is no folder {target.parent}: make it, or name another file with -o.")
    sheet.write(target)
    return Exported(kind, target, filled.cells, filled.not_in_template, sorted(set(filled.waiting)), filled.kept)


def _pairs(columns: list[str]) -> dict[str, str]:
    pairs = {}
    for pair in columns:
        title, equals, name = pair.rpartition("=")
        if not equals or not title.strip() or not name.strip():
            raise GradingError(f"'{pair}' does not say which column holds what: write --column 'TITLE=NAME'.")
        pairs[title.strip()] = name.strip()
    return pairs


def _fill(
    kind: str, sheet: Sheet, items: list[Item], ids: dict[str, dict[str, str]], chosen: dict[str, str], scale: bool
) -> Filled:
    if kind == "moodle":
        return moodle.fill(sheet, items, ids, chosen, scale=scale)
    return canvas.fill(sheet, items, _joined(ids), chosen, scale=scale)


def _table(kind: str, items: list[Item], ids: dict[str, dict[str, str]]) -> tuple[Sheet, Filled]:
    sheet, waiting = moodle.table(items, ids) if kind == "moodle" else canvas.table(items, _joined(ids))
    cells = {item.name: sum(points is not None for points in item.points.values()) for item in items}
    return sheet, Filled(cells, waiting=waiting)


def _joined(ids: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return ids that mean the same person in every assignment, as Canvas's do."""
    return {lms_id: student for found in ids.values() for lms_id, student in found.items()}


def _everything(graded: Report) -> tuple[Sheet, Filled]:
    possible = {lab: sum(question.points for question in questions) for lab, questions in graded.labs.items()}
    rows, filled = [list(COLUMNS)], Filled({"notebooks": len(graded.results)})
    for result in graded.results:
        waits = any(earned.needs_person or earned.points is None for earned in result.questions.values())
        filled.waiting += [result.student] if waits else []
        numbers = [shown(value, 4) for value in (result.earned, possible.get(result.lab, 0.0), result.late_penalty)]
        rows.append(
            [harmless(result.student), *result.lab, *numbers, result.verdict, "yes" if waits else "no"],
        )
    return Sheet(rows), filled


def render(exported: Exported, console: Console) -> None:
    """Print what was written, and what is not in it."""
    told = ", ".join(f"{count} in '{title}'" for title, count in exported.cells.items())
    console.print(f"Wrote {escape(str(exported.path))}: {escape(told)}.", soft_wrap=True)
    for title, people in (
        ("Waiting for a grade by hand" + ("" if exported.kind == "csv" else ", so left out"), exported.waiting),
        ("Graded, but not in the template", exported.not_in_template),
        ("Left as they were", exported.kept),
    ):
        if people:
            console.print(f"[yellow]{title}[/]: {escape(', '.join(people))}.", soft_wrap=True)
