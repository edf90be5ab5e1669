"""`lakelab export --csv | --canvas | --moodle`: every grade in its cell, everything else of a template as it was."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lakelab.grades import Exported, export_grades
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.grading.record import open_gradebook

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Notes,arith (101),Lists! (102),Essay (103),Current Score,Final Score
,,,,,,Manual Posting,,,,
    Points Possible,,,,,,8.00,3,10,(read only),(read only)
"Doe, Jane",12,S12,jdoe,"ML, Mon",likes =SUM(A1),7.5,,9,75,60
"Roe, Max",13,S13,mroe,"ML, Mon",,,N/A,8,,
"Núñez, Zoë",14,S14,Zoë Núñez,"ML, Tue",,EX,1,7,,
"Eve",15,S15,EVE@example.org,"ML, Tue",,,,,,
"Student, Test",99,,,,,,,,,
"""
WORKSHEET = """Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments
Participant 657737,Jane Doe,,jane@example.org,"Submitted for grading, - ",,8.00,Yes,"Wednesday, September 23, 2026, 9:00 PM",-,
Participant 657738,Max Roe,,max@example.org,Submitted for grading,3.00,8.00,No,-,-,<p>good</p>
Participant 657739,Zoë Núñez,,zoe@example.org,Submitted for grading,,8.00,Yes,-,-,
Participant 657740,Eve,,Eve@Example.org,No submission,,8.00,Yes,-,-,
Participant 657741,Somebody Else,,else@example.org,No submission,,8.00,Yes,-,-,
"""
GRADER = """First name,Last name,ID number,Email address,Assignment: arith (Real),Assignment: arith (Feedback),Quiz: arith (Percentage),Last downloaded from this course
Zoë,Núñez,,zoe@example.org,-,fine,-,1789
Eve,X,,eve@example.org,-,,-,1789
"""
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own

# Points: arith 8 (lists 3, sums 5). Jane 3 + 5, Max 1 + 3, Eve 3 + 0, Zoë 0 + 3.
ARITH = {"doejane_12": "8", "roemax_13": "4", "eve@example.org": "3", "Zoë Núñez": "3"}


def export(kind: str, root: Path, text: str | None = None, **more: Any) -> tuple[list[list[str]], Exported]:
    """Export, and return the cells that were written."""
    if text is not None:
        more["template"] = root / "template.csv"
        more["template"].write_bytes(text.encode())
    exported = export_grades(kind, output=root / "out.csv", course_root=root, **more)
    content = (root / "out.csv").read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content), delimiter=";" if ";" in content.split("\n")[0] else ",")), exported


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_everything_as_csv(graded: Path) -> None:
    rows, exported = export("csv", graded)
    table = {(row[0], row[2]): row[3:] for row in rows[1:]}
    assert len(table) == 8
    assert table["doejane_12", "sums"] == ["5", "5", "0", "graded", "no"]
    assert table["eve@example.org", "sums"] == ["0", "5", "0", "missing", "no"]
    assert table["roemax_13", "lists"] == ["1", "3", "0", "graded with errors", "no"]
    assert exported.waiting == []


def test_canvas_fills_its_own_export(graded: Path) -> None:
    rows, exported = export("canvas", graded, CANVAS, columns=["Lists!=lists", "arith=arith"])
    before = cells(CANVAS)
    expected = [list(row) for row in before]
    expected[3][6:8] = ["8", "3"]
    expected[4][6:8] = ["4", "N/A"]
    expected[5][6:8] = ["EX", "0"]
    expected[6][6:8] = ["3", "3"]
    assert rows == expected
    assert exported.cells == {"Lists! (102)": 3, "arith (101)": 3}
    assert exported.kept == ["roemax_13: N/A in Lists! (102)", "Zoë Núñez: EX in arith (101)"]
    assert exported.not_in_template == []


def test_columns_are_found_by_their_titles(graded: Path) -> None:
    rows, exported = export("canvas", graded, CANVAS.replace("Lists!", "LISTS"))
    assert exported.cells == {"arith (101)": 3, "LISTS (102)": 3}
    assert rows[3][8] == "9"


def test_a_filled_file_fills_to_itself(graded: Path) -> None:
    once, _ = export("canvas", graded, CANVAS)
    again, _ = export("canvas", graded, (graded / "out.csv").read_text())
    assert once == again


def test_canvas_in_another_country(graded: Path) -> None:
    """Semicolons, a byte-order mark, decimal commas, names in two columns."""
    text = "\ufeffLastName;FirstName;ID;Section;arith (101)\r\n    Points Possible;;;;8,00\r\nDoe;Jane;12;A;\r\nRoe;Max;77;A;1,5\r\n"
    rows, exported = export("canvas", graded, text)
    assert rows[2:] == [["Doe", "Jane", "12", "A", "8"], ["Roe", "Max", "77", "A", "1,5"]]
    assert (graded / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfLastName;")
    assert exported.not_in_template == ["Zoë Núñez", "eve@example.org", "roemax_13"]


def test_canvas_without_what_collecting_noted(graded: Path) -> None:
    (graded / "submitted" / ".collected.json").unlink()
    rows, _ = export("canvas", graded, CANVAS)
    assert [rows[3][6], rows[4][6]] == ["8", "4"]  # by the name that Canvas gives files


def test_canvas_without_a_template(graded: Path) -> None:
    rows, _ = export("canvas", graded)
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "arith"]
    assert rows[1] == ["    Points Possible", "", "", "", "", "8"]
    assert {row[0]: row[5] for row in rows[2:]} == ARITH
    assert {row[0]: row[1] for row in rows[2:]}["doejane_12"] == "12"
    assert {row[0]: row[3] for row in rows[2:]}["eve@example.org"] == "eve@example.org"


def test_moodle_fills_its_worksheet(graded: Path) -> None:
    rows, exported = export("moodle", graded, WORKSHEET)
    expected = cells(WORKSHEET)
    for row, points in ((1, "8"), (3, "3"), (4, "3")):
        expected[row][5] = points
    assert rows == expected
    assert exported.kept == ["roemax_13: Moodle says that the grade can't be changed"]


def test_moodle_in_another_language(graded: Path) -> None:
    text = "ID;Vollständiger Name;Bewertung;Bestwertung\nTeilnehmer/in 657737;Jane;;8,00\nTeilnehmer/in657741;Else;1,00;8,00\n"
    with pytest.raises(GradingError, match="neither a grading worksheet"):
        export("moodle", graded, text)
    rows, exported = export("moodle", graded, text, columns=["Bewertung=arith"])
    assert [row[2] for row in rows] == ["Bewertung", "8", "1,00"]
    assert len(exported.not_in_template) == 3


def test_moodle_fills_its_gradebook(graded: Path) -> None:
    rows, exported = export("moodle", graded, GRADER)
    expected = cells(GRADER)
    expected[1][4], expected[2][4] = "3", "3"
    assert rows == expected
    assert exported.not_in_template == ["doejane_12", "roemax_13"]


def test_moodle_without_a_template(graded: Path) -> None:
    rows, _ = export("moodle", graded)
    assert rows[0] == ["Student", "arith (Real)"]
    assert dict(rows[1:]) == ARITH  # type: ignore[arg-type]
    with open_gradebook(Course.open(graded)) as gradebook:
        for student in ("eve@example.org", "Zoë Núñez"):
            gradebook.remove_student(student)
    rows, _ = export("moodle", graded)
    assert rows == [
        ["Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)"],
        ["Participant 657737", "doejane_12", "8", "8", ""],
        ["Participant 657738", "roemax_13", "4", "8", ""],
    ]
    back, _ = export("moodle", graded, (graded / "out.csv").read_text())
    assert back == rows


def test_points_are_scaled_only_when_asked(graded: Path) -> None:
    other = WORKSHEET.replace("8.00", "100.00")
    with pytest.raises(GradingError, match=r"100 points in Moodle, arith has 8.*--scale"):
        export("moodle", graded, other)
    rows, _ = export("moodle", graded, other, scale=True)
    assert [row[5] for row in rows[1:]] == ["100", "3.00", "37.5", "37.5", ""]


def test_what_waits_for_a_person_is_left_out(graded: Path) -> None:
    with open_gradebook(Course.open(graded)) as gradebook:
        grade = gradebook.find_grade("q1_test", "sums", "arith", "doejane_12")
        grade.manual_score, grade.needs_manual_grade = 1.0, True
        gradebook.db.commit()
    rows, exported = export("canvas", graded, CANVAS)
    assert rows[3][6] == "7.5"
    assert exported.waiting == ["doejane_12"]
    rows, exported = export("csv", graded)
    assert ["doejane_12", "arith", "sums", "4", "5", "0", "graded", "yes"] in rows


def test_late_penalties_are_taken_off(graded: Path) -> None:
    with open_gradebook(Course.open(graded)) as gradebook:
        gradebook.find_submission_notebook("sums", "arith", "doejane_12").late_submission_penalty = 1.5
        gradebook.db.commit()
    assert export("canvas", graded, CANVAS)[0][3][6] == "6.5"


def test_no_formula_reaches_a_spreadsheet(graded: Path, give: Callable[..., None]) -> None:
    evil = '=HYPERLINK("http:evil","x")'
    give(graded, evil, {"lists": (), "sums": ()})
    for kind in ("csv", "canvas", "moodle"):
        rows, _ = export(kind, graded)
        assert any(row[0] == f"'{evil}" for row in rows)
        assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_two_rows_of_one_student(graded: Path) -> None:
    twice = CANVAS + '"Doe, Jane",12,S12,jdoe,"ML, Mon",,,,,,\n'
    with pytest.raises(GradingError, match="Rows 4 and 9"):
        export("canvas", graded, twice)


@pytest.mark.parametrize(
    ("kind", "text", "more", "words"),
    [
        ("canvas", "", {}, "no rows of students"),
        ("canvas", "a,b\n1,2\n", {}, "no gradebook of Canvas"),
        ("canvas", WORKSHEET, {}, "no gradebook of Canvas"),
        (
            "canvas",
            CANVAS.replace("arith", "xyz").replace("Lists", "x"),
            {},
            "No column of the template.*arith, lists, sums.*--column",
        ),
        ("canvas", CANVAS, {"columns": ["nosuch=arith"]}, "no columns called 'nosuch'"),
        ("canvas", CANVAS, {"columns": ["arith=physics"]}, "Nothing that was graded is called 'physics'"),
        ("canvas", CANVAS, {"columns": ["arith"]}, "does not say which column"),
        ("canvas", 'Student,ID,Section\n"Doe,1,2\n', {}, "no CSV file"),
        ("canvas", "Student,ID,Section\nDoe,1,2,3,4\n", {}, "5 cells in row 2"),
        ("canvas", CANVAS, {"assignments": ["physics"]}, "Nothing of 'physics' was graded"),
        ("moodle", CANVAS.replace("Student", "Name"), {}, "neither a grading worksheet nor"),
        ("moodle", GRADER, {"scale": True}, "leave --scale out"),
        ("csv", CANVAS, {}, "--template is for"),
        ("canvas", None, {"scale": True}, "name it with --template"),
    ],
)
def test_bad_input_is_one_sentence(graded: Path, kind: str, text: str | None, more: dict[str, Any], words: str) -> None:
    with pytest.raises(GradingError, match=words) as told:
        export(kind, graded, text, **more)
    assert "\n" not in str(told.value)
    assert not (graded / "out.csv").exists()


def test_a_worksheet_of_several_assignments_asks_which(graded: Path) -> None:
    shutil.copytree(graded / "source" / "arith", graded / "source" / "more")
    with open_gradebook(Course.open(graded)) as gradebook:
        gradebook.update_or_create_assignment("more")
        gradebook.update_or_create_submission("more", "doejane_12")
    with pytest.raises(GradingError, match="lakelab export --moodle arith"):
        export("moodle", graded, WORKSHEET)
    export("moodle", graded, WORKSHEET, assignments=["arith"])


def test_files_that_are_not_there_or_in_the_way(graded: Path) -> None:
    with pytest.raises(GradingError, match="can't be read"):
        export_grades("canvas", template=graded / "nosuch.csv", course_root=graded)
    (graded / "latin.csv").write_bytes("Student,ID,Section\nJosé,1,2\n".encode("latin-1"))
    with pytest.raises(GradingError, match="no CSV file in UTF-8"):
        export_grades("canvas", template=graded / "latin.csv", course_root=graded)
    with pytest.raises(GradingError, match="is the template itself"):
        export_grades("canvas", template=graded / "t.csv", output=graded / "t.csv", course_root=graded)
    with pytest.raises(GradingError, match="no folder"):
        export_grades("csv", output=graded / "nosuch" / "x.csv", course_root=graded)
    (graded / "taken").mkdir()
    with pytest.raises(GradingError, match="can't be written"):
        export_grades("csv", output=graded / "taken", course_root=graded)


def test_the_command(graded: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "lakelab", "export", *arguments]
        return subprocess.run(command, cwd=graded, env={**os.environ}, capture_output=True, text=True, check=False)

    (graded / "Grades.csv").write_text(CANVAS)
    told = run("--canvas", "--template", "Grades.csv", "arith", "-o", "filled.csv")
    assert (told.returncode, told.stderr) == (0, "")
    assert "filled.csv" in told.stdout
    assert "EX in arith (101)" in told.stdout
    for arguments in (("--csv", "--canvas"), ("--csv", "--to", "databricks"), (), ("a", "b"), ("a", "--scale")):
        told = run(*arguments)
        assert told.returncode == 1
        assert told.stderr.count("\n") == 1, told.stderr
