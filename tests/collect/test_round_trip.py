"""The whole way of a class that lives in Moodle: its download in, its worksheet out, filled."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import nbformat
import pytest

from lakelab.collect import collect
from lakelab.grades import export_grades
from lakelab.grading.batch import grade
from lakelab.grading.course import Course

WORKSHEET = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade),Feedback comments
Participant 11,Jane Doe,jane@example.org,Submitted for grading,,8.00,Yes,-,
Participant 12,Jane Doe,doe@example.org,Submitted for grading,,8.00,Yes,-,
Participant 13,Absent One,one@example.org,No submission,,8.00,Yes,-,
"""


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_in_and_out(tiny_course_with_gradebook: Path, tmp_path: Path) -> None:
    root, download = tiny_course_with_gradebook, tmp_path / "Course-Lab-77.zip"
    source = nbformat.read(root / "source" / "arith" / "sums.ipynb", as_version=4)
    answers = {c.metadata.nbgrader.grade_id: c.source for c in source.cells if c.metadata.nbgrader.solution}
    blank = nbformat.read(root / "release" / "arith" / "sums.ipynb", as_version=4)
    right = json.loads(json.dumps(blank))
    for cell in right["cells"]:
        cell["source"] = answers.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
    with zipfile.ZipFile(download, "w") as archive:
        archive.writestr("Jane Doe_11_assignsubmission_file/sums.ipynb", json.dumps(blank))
        archive.writestr("Jane Doe_12_assignsubmission_file/sums (1).ipynb", json.dumps(right))
        archive.writestr("Absent One_13_assignsubmission_onlinetext/onlinetext.html", "<p>later</p>")
    assert len(collect(download, course_root=root).new) == 2
    grade(Course.open(root))
    (tmp_path / "worksheet.csv").write_text(WORKSHEET)
    output = tmp_path / "filled.csv"
    exported = export_grades("moodle", template=tmp_path / "worksheet.csv", output=output, course_root=root)
    grades = {row["Identifier"]: row["Grade"] for row in csv.DictReader(output.open(encoding="utf-8"))}
    assert grades == {"Participant 11": "0", "Participant 12": "5", "Participant 13": ""}
    assert exported.not_in_template == []
