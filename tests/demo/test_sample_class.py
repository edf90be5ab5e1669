"""The sample class: who is in it, and that it never mixes with a real one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lakelab.demo import fill_submitted, sample_class
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.release.lab import Lab
from lakelab.verify.variants import read_variants

ROOT = Path(__file__).parents[2]


def test_the_courses_class_shows_every_known_misconception() -> None:
    course = Course.open(ROOT)
    students = sample_class(course, full=True)
    handed_in = []
    for assignment in course.assignments():
        for name in course.notebooks(assignment):
            lab = Lab.read(course.source / assignment / f"{name}.ipynb")
            answers = {q: set[str]() for q in lab.questions}
            for student in students:
                content = student.notebook(lab)
                try:
                    cells = json.loads(content)["cells"] if content else []
                except ValueError:
                    continue  # the broken file
                for cell in cells:
                    if cell["id"] in answers:
                        answers[cell["id"]].add("".join(cell["source"]).strip())
            for question in lab.questions:
                path = ROOT / "tests" / "variants" / assignment / name / f"{question}.py"
                for variant in read_variants(path):
                    if variant.kind == "wrong":
                        handed_in.append(variant.source.strip() in answers[question])
    assert handed_in
    assert all(handed_in)


def test_the_usual_class_shows_every_accident_and_some_misconceptions_in_a_lab_of_every_module() -> None:
    course = Course.open(ROOT)
    students = sample_class(course)
    assert len(students) >= 12
    labs = [Lab.read(course.source / a / f"{n}.ipynb") for a in course.assignments() for n in course.notebooks(a)]
    handed_in = {(student.name, lab.name) for student in students for lab in labs if student.notebook(lab)}
    assert {name for name, _ in handed_in} == {student.name for student in students}
    shown = {lab.name for lab in labs} & {name for _, name in handed_in}
    assert {lab.assignment for lab in labs if lab.name in shown} == set(course.assignments()) - {"6_readiness"}
    for lab in shown:
        assert sum(lab_name == lab and "misconceptions" in name for name, lab_name in handed_in) >= 2
    assert len(handed_in) <= 40, "the demo takes two minutes, not an hour"


@pytest.mark.parametrize(
    ("text", "said"), [("labs: [nowhere]", "no notebook 'nowhere'"), ("labs: []", "no lab"), ("- a", "key 'labs'")]
)
def test_a_list_of_labs_that_makes_no_sense_is_refused(tiny_course: Path, text: str, said: str) -> None:
    path = tiny_course / "course" / "sample_class.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    with pytest.raises(GradingError, match=said):
        sample_class(Course.open(tiny_course))


def test_the_usual_class_takes_the_place_of_the_full_one(tiny_course: Path) -> None:
    course = Course.open(tiny_course)
    everybody = {student.name for student in fill_submitted(course, full=True)}
    assert set(course.students()) == everybody
    students = {student.name for student in fill_submitted(course)}
    assert set(course.students()) == students <= everybody


def test_filling_twice_changes_no_file(tiny_course: Path) -> None:
    course = Course.open(tiny_course)
    students = fill_submitted(course)
    files = {path: path.stat().st_mtime_ns for path in course.submitted.rglob("*.ipynb")}
    assert len(students) > 10
    assert files
    fill_submitted(course)
    assert {path: path.stat().st_mtime_ns for path in course.submitted.rglob("*.ipynb")} == files


def test_a_real_class_is_left_alone(tiny_course: Path) -> None:
    (tiny_course / "submitted" / "real-student" / "arith").mkdir(parents=True)
    with pytest.raises(GradingError, match=r"real-student.*move that folder away"):
        fill_submitted(Course.open(tiny_course))
    assert [path.name for path in (tiny_course / "submitted").iterdir()] == ["real-student"]


def test_without_variants_there_is_no_class(tiny_course: Path) -> None:
    (tiny_course / "tests").rename(tiny_course / "elsewhere")
    with pytest.raises(GradingError, match="no variants"):
        sample_class(Course.open(tiny_course))
