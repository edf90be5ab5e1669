"""A class of made-up students who show what a grader meets: known misconceptions, and accidents.

The answers come from the labs' variants (`tests/variants/`), so the class grows with the course: whoever adds a misconception to a
lab adds it to the class. The usual class is graded in two minutes or so: it hands in the labs that `course/sample_class.yml` names (all of them
where there is no such file), with some misconceptions of every question, and each accident in one lab. The full class hands in every lab and
shows every known misconception.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml
from nbformat import NotebookNode

from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.release.lab import Lab
from lakelab.verify.variants import Variant, read_variants

Answers = dict[str, str]
"""The source of the answer cell by question."""

_FIRST_NAMES = (
    "kofi",
    "lena",
    "milo",
    "nadia",
    "omar",
    "petra",
    "quinn",
    "rosa",
    "sven",
    "tara",
    "uma",
    "vito",
    "wren",
    "xenia",
)

MISCONCEPTIONS = 3
"""How many students of the usual class have misconceptions; a lab sees two of them at least."""

LABS = Path("course") / "sample_class.yml"
"""Where a course says which labs the usual class hands in."""

_ENDLESS = "import time\n\nwhile True:  # waits for a file that never comes\n    time.sleep(0.1)\n"
_DIES = "import os\n\nos._exit(1)  # as a crash in native code would\n"
_NOISY = """import sys
import warnings

from tqdm import tqdm

warnings.warn("a deprecation that the student can do nothing about")
for _ in tqdm(range(3)):
    pass
spark.sparkContext.setLogLevel("WARN")
spark.sparkContext._jvm.org.apache.log4j.LogManager.getLogger("student").warn("a warning from Spark")
print("WARN TaskSetManager: Stage 3 contains a task of very large size.", file=sys.stderr)
"""


@dataclass(frozen=True)
class SampleStudent:
    """A made-up student: `notebook(lab)` gives the bytes handed in for a lab, or None where nothing was."""

    name: str
    story: str
    notebook: Callable[[Lab], bytes | None]


def sample_class(course: Course, *, full: bool = False) -> list[SampleStudent]:
    """Return the class, the usual or the full one.

    Raises GradingError where the course has no variants to make answers from, or names labs that it doesn't have.
    """
    course = course if full else usual_labs(course)
    labs = [Lab.read(course.source / a / f"{n}.ipynb") for a in course.assignments() for n in course.notebooks(a)]
    known = {(lab.assignment, lab.name, q): _variants(course, lab, q) for lab in labs for q in lab.questions}

    def variants(lab: Lab, question: str, kind: str) -> list[Variant]:
        return [variant for variant in known[lab.assignment, lab.name, question] if variant.kind == kind]

    wrong_answers = max((len(variants(lab, q, "wrong")) for lab in labs for q in lab.questions), default=0)
    if not wrong_answers:
        raise GradingError(
            f"There are no variants below {course.root / 'tests' / 'variants'}: the sample class is made of them."
        )

    def variant(kind: str, number: int) -> Callable[[Lab], bytes | None]:
        def answers(lab: Lab, question: str, reference: str) -> str:
            found = variants(lab, question, kind)
            return found[number].source if number < len(found) else reference

        def handed_in(lab: Lab) -> bytes | None:
            # Somebody with nothing to show in a lab would only grade its reference once more.
            shows = any(number < len(variants(lab, question, kind)) for question in lab.questions)
            return _with_answers(course, lab, answers) if shows else None

        return handed_in

    def on_question(position: int, change: Callable[[str], str]) -> Callable[[Lab], bytes]:
        def answers(lab: Lab, question: str, reference: str) -> str:
            questions = list(lab.questions)
            return change(reference) if question == questions[min(position, len(questions) - 1)] else reference

        return lambda lab: _with_answers(course, lab, answers)

    def endless_once(lab: Lab) -> bytes:
        return on_question(0, lambda _: _ENDLESS)(lab) if lab.name == labs[0].name else _reference(course, lab)

    def in_one_lab(students: list[SampleStudent]) -> list[SampleStudent]:
        """Have each hand in a single lab, another one than the next student; the full class hands in everything."""
        if full:
            return students
        return [
            SampleStudent(s.name, s.story, _only_in({labs[i % len(labs)].name}, s.notebook))
            for i, s in enumerate(students)
        ]

    everything = {lab.name for lab in labs}
    students = [
        SampleStudent(
            "ada-perfect", "the reference answers", _only_in(everything, lambda lab: _reference(course, lab))
        ),
        SampleStudent(
            "ben-blank", "handed in what was released", _only_in(everything, lambda lab: _released(course, lab))
        ),
    ]
    accidents = [
        SampleStudent("dora-endless", "one answer never terminates", endless_once),
        SampleStudent("chen-own-style", "right, in another way than the reference", variant("right", 0)),
        SampleStudent("emil-half-done", "answered the first half", lambda lab: _half(course, lab)),
        SampleStudent(
            "fay-noisy",
            "right, with warnings from Spark, Python and tqdm",
            on_question(0, lambda old: old + "\n" + _NOISY),
        ),
        SampleStudent("gus-broken-file", "the upload was cut off", lambda lab: _reference(course, lab)[:-2000]),
        SampleStudent("hana-crash", "the last answer kills Python", on_question(10**6, lambda _: _DIES)),
        SampleStudent("ivo-tagged-tests", "told the grader to skip the tests", lambda lab: _tests_tagged(course, lab)),
    ]
    students += in_one_lab(accidents)
    for number in range(wrong_answers if full else min(wrong_answers, MISCONCEPTIONS)):
        name = f"{_FIRST_NAMES[number % len(_FIRST_NAMES)]}-misconceptions-{number + 1}"
        story = f"misconception {number + 1} of every question that has as many"
        # Each leaves out every third lab, another one than the next: two of three see every lab, and the demo is over sooner.
        shown = {lab.name for i, lab in enumerate(labs) if full or i % MISCONCEPTIONS != number}
        students.append(SampleStudent(name, story, _only_in(shown, variant("wrong", number))))
    return students


def usual_labs(course: Course) -> Course:
    """Return the course with the labs that the usual class hands in; raises GradingError where it doesn't have those."""
    path = course.root / LABS
    if not path.exists():
        return course
    try:
        names = [str(name) for name in yaml.safe_load(path.read_text(encoding="utf-8"))["labs"]]
    except (yaml.YAMLError, TypeError, KeyError):
        raise GradingError(f"{path} must be a mapping with the key 'labs' and a list of names of labs.") from None
    if not names:
        raise GradingError(f"{path} names no lab: give at least one, or remove the file.")
    return course.with_notebooks(names)


def _only_in(names: set[str], notebook: Callable[[Lab], bytes | None]) -> Callable[[Lab], bytes | None]:
    return lambda lab: notebook(lab) if lab.name in names else None


def fill_submitted(course: Course, assignments: list[str] | None = None, *, full: bool = False) -> list[SampleStudent]:
    """Write the usual or the full class into `submitted/` and return it.

    Files that are already as they should be stay untouched. Raises GradingError where `submitted/` holds anybody else: a real class
    must never be mixed with this one.
    """
    students = sample_class(course, full=full)
    known = {student.name for student in sample_class(course, full=True)}
    strangers = sorted(set(course.students()) - known)
    if strangers:
        raise GradingError(
            f"{course.submitted} holds submissions that are not the sample class ({', '.join(strangers)[:200]}): "
            "move that folder away before you run the demo."
        )
    for name in known - {student.name for student in students}:
        shutil.rmtree(course.submitted / name, ignore_errors=True)  # of a full class before this one
    for student in students:
        for assignment in course.select_assignments(assignments):
            labs = [Lab.read(course.source / assignment / f"{name}.ipynb") for name in course.notebooks(assignment)]
            _put(course.submitted / student.name / assignment, {lab.name: student.notebook(lab) for lab in labs})
    return students


def _put(folder: Path, contents: dict[str, bytes | None]) -> None:
    """Make `folder` hold these notebooks; a student who has none to hand in has no folder."""
    if not any(contents.values()):
        shutil.rmtree(folder, ignore_errors=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        path = folder / f"{name}.ipynb"
        if content is None:
            path.unlink(missing_ok=True)
        elif not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


def _variants(course: Course, lab: Lab, question: str) -> list[Variant]:
    return read_variants(course.root / "tests" / "variants" / lab.assignment / lab.name / f"{question}.py")


def _released(course: Course, lab: Lab) -> bytes:
    path = course.release / lab.assignment / f"{lab.name}.ipynb"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise GradingError(f"There is no {path}: run 'lakelab release {lab.assignment}' first.") from None


def _filled(course: Course, lab: Lab, change: Callable[[NotebookNode, str], None]) -> bytes:
    """Return the released lab after `change(cell, grade_id)` of every cell that nbgrader knows, as a student's editor would save it."""
    nb = nbformat.reads(_released(course, lab).decode("utf-8"), as_version=4)
    for cell in nb.cells:
        if grade_id := cell.metadata.get("nbgrader", {}).get("grade_id"):
            change(cell, grade_id)
    return (nbformat.writes(nb) + "\n").encode("utf-8")


def _with_answers(course: Course, lab: Lab, answer: Callable[[Lab, str, str], str]) -> bytes:
    def change(cell: NotebookNode, grade_id: str) -> None:
        question = lab.questions.get(grade_id)
        if question is not None and question.solution is not None:
            cell.source = answer(lab, grade_id, question.solution.source)

    return _filled(course, lab, change)


def _reference(course: Course, lab: Lab) -> bytes:
    return _with_answers(course, lab, lambda _lab, _question, reference: reference)


def _half(course: Course, lab: Lab) -> bytes:
    done = list(lab.questions)[: (len(lab.questions) + 1) // 2]

    def change(cell: NotebookNode, grade_id: str) -> None:
        solution = lab.questions[grade_id].solution if grade_id in done else None
        if solution is not None:
            cell.source = solution.source

    return _filled(course, lab, change)


def _tests_tagged(course: Course, lab: Lab) -> bytes:
    tests = {cell.id for question in lab.questions.values() for cell in question.tests}

    def change(cell: NotebookNode, grade_id: str) -> None:
        if grade_id in tests:
            cell.metadata = copy.deepcopy({**cell.metadata, "tags": ["skip-execution"]})

    return _filled(course, lab, change)
