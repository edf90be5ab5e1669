"""Reading a report's data: scores from nbgrader's tables, everything else from LakeLab's own."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SourceCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import select

from lakelab.coverage import sections_for
from lakelab.coverage.objectives import OBJECTIVES, Objectives
from lakelab.feedback.hidden import Secrets
from lakelab.feedback.messages import cells_of, message
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.grading.record import ResultRow, isolation_levels, open_gradebook, results
from lakelab.grading.verdict import CellRecord, CellStatus
from lakelab.release.lab import question_of
from lakelab.report.discrimination import Discrimination, discrimination
from lakelab.report.model import Earned, Lab, NotebookResult, Objective, Question, Report, natural

_MESSAGES = 3
"""Messages of a question that are reported."""

Key = tuple[str, str, str]
"""(assignment, notebook, student)"""


def report(
    *, assignments: list[str] | None = None, student: str | None = None, course_root: Path | str | None = None
) -> Report:
    """Return the report on the class, or on one student, from what is in the gradebook now.

    Raises GradingError for an empty gradebook, an assignment that nobody's work was graded of, and an unknown student.
    """
    course = Course.open(course_root)
    with open_gradebook(course, create=False) as gradebook:
        graded = _graded_assignments(gradebook)
        if not graded:
            raise GradingError("There is nothing in the gradebook yet: run 'lakelab grade' first.")
        for name in assignments or []:
            if name not in graded:
                raise GradingError(f"Nothing of '{name}' was graded yet: choose from {', '.join(graded)}.")
        names = [name for name in graded if not assignments or name in assignments]
        points = _points(gradebook, names)
        notebooks = _notebooks(gradebook, names, student)
        if student and not notebooks:
            raise GradingError(f"Nothing of '{student}' was graded in {', '.join(names)}: check the name.")
        rows = [row for row in results(gradebook) if row.assignment in names]
        _add_executions(notebooks, rows, {lab: _secrets(course, gradebook, lab) for lab in points})
        for key, level in isolation_levels(gradebook).items():
            if key in notebooks:
                notebooks[key].isolation = level
        absent = [] if student else _absent(gradebook, {result.student for result in notebooks.values()})
    found = sorted(notebooks.values(), key=lambda r: (natural(r.student), r.assignment, natural(r.notebook)))
    questions = _questions(points, found)
    if student:
        _add_readings(questions, course.root)
    return Report(
        course=str(course.config.CourseDirectory.get("course_id", "")) or course.root.name,
        made_at=datetime.now(),
        assignments=names,
        student=student,
        questions=questions,
        results=found,
        objectives=_objectives(course.root, questions, found),
        absent=absent,
    )


def _graded_assignments(gradebook: Gradebook) -> list[str]:
    query = select(Assignment.name).join(SubmittedAssignment, SubmittedAssignment.assignment_id == Assignment.id)
    return sorted(gradebook.db.scalars(query.distinct()), key=natural)


def _points(gradebook: Gradebook, assignments: list[str]) -> dict[Lab, dict[str, float]]:
    """Return the points of every question by lab."""
    found: dict[Lab, dict[str, float]] = {}
    for kind in (GradeCell, TaskCell):
        query = (
            select(Assignment.name, Notebook.name, kind.name, kind.max_score)
            .join(Notebook, Notebook.id == kind.notebook_id)
            .join(Assignment, Assignment.id == Notebook.assignment_id)
            .where(Assignment.name.in_(assignments))
        )
        for assignment, notebook, cell, most in gradebook.db.execute(query):
            questions = found.setdefault((assignment, notebook), {})
            questions[_question(cell)] = questions.get(_question(cell), 0.0) + float(most)
    return found


def _question(cell: str) -> str:
    return question_of(cell) or cell


def _notebooks(gradebook: Gradebook, assignments: list[str], student: str | None) -> dict[Key, NotebookResult]:
    """Return what was handed in, with the points of every question.

    One query for all: through nbgrader's objects, a class of 300 would take minutes.
    """
    query = (
        select(
            Assignment.name,
            Notebook.name,
            Student.id,
            SubmittedNotebook.late_submission_penalty,
            BaseCell.name,
            Grade.score,
            Grade.auto_score,
            Grade.manual_score,
            Grade.needs_manual_grade,
        )
        .select_from(SubmittedNotebook)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Student, Student.id == SubmittedAssignment.student_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Assignment, Assignment.id == Notebook.assignment_id)
        .outerjoin(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .outerjoin(BaseCell, BaseCell.id == Grade.cell_id)
        .where(Assignment.name.in_(assignments))
    )
    if student:
        query = query.where(Student.id == student)
    found: dict[Key, NotebookResult] = {}
    for assignment, notebook, who, penalty, cell, score, auto, manual, needs_person in gradebook.db.execute(query):
        key = (assignment, notebook, who)
        result = found.setdefault(
            key, NotebookResult(who, assignment, notebook, {}, late_penalty=float(penalty or 0.0))
        )
        if cell is None:
            continue
        earned = result.questions.setdefault(_question(cell), Earned(0.0))
        unscored = auto is None and manual is None
        earned.points = None if unscored or earned.points is None else earned.points + float(score or 0.0)
        earned.needs_person = earned.needs_person or bool(needs_person)
    return found


def _absent(gradebook: Gradebook, present: set[str]) -> list[str]:
    return sorted(set(gradebook.db.scalars(select(Student.id))) - present, key=natural)


def _secrets(course: Course, gradebook: Gradebook, lab: Lab) -> Secrets:
    """Return the hidden tests of a lab: an error's text is the submission's to choose, and a report is shown around."""
    query = (
        select(SourceCell.source, SourceCell.locked)
        .join(Notebook, Notebook.id == SourceCell.notebook_id)
        .join(Assignment, Assignment.id == Notebook.assignment_id)
        .where(Assignment.name == lab[0], Notebook.name == lab[1])
    )
    cells = [
        new_code_cell(source or "", metadata={"nbgrader": {"locked": bool(locked), "solution": not locked}})
        for source, locked in gradebook.db.execute(query)
    ]
    return Secrets(new_notebook(cells=cells), course.config)


def _add_executions(notebooks: dict[Key, NotebookResult], rows: list[ResultRow], secrets: dict[Lab, Secrets]) -> None:
    """Add verdicts, times and messages to the scores."""
    for row in rows:
        result = notebooks.get((row.assignment, row.notebook, row.student))
        if result is None:
            continue
        cells = cells_of(row)
        records = {record.grade_id: record for record in cells if record.grade_id}
        result.verdict, result.reason = row.verdict, row.reason
        result.seconds, result.peak_bytes = row.seconds, row.peak_bytes
        result.notes = json.loads(row.notes)
        result.cells = [(_cell_name(cell), cell.seconds) for cell in cells if cell.status is not CellStatus.NOT_RUN]
        if result.executed:
            _add_messages(result, records, secrets[result.lab])


def _cell_name(record: CellRecord) -> str:
    return record.grade_id or "a cell of the student's own"


def _add_messages(result: NotebookResult, records: dict[str, CellRecord], secrets: Secrets) -> None:
    for test in records:
        question = result.questions.get(_question(test))
        said = message(test, records, secrets.quoted_in) if test.endswith("test") else None
        if question is not None and said and said not in question.messages:
            question.messages.append(said)


def _questions(points: dict[Lab, dict[str, float]], found: list[NotebookResult]) -> list[Question]:
    by_lab: dict[Lab, list[NotebookResult]] = {}
    for result in found:
        by_lab.setdefault(result.lab, []).append(result)
    rest = _Rest(points, found)
    questions = []
    for lab in sorted(points, key=lambda lab: (natural(lab[0]), natural(lab[1]))):
        for name in sorted(points[lab], key=natural):
            question = Question(*lab, name, points[lab][name])
            _measure(question, [result for result in by_lab.get(lab, []) if result.executed], rest)
            questions.append(question)
    return questions


def _measure(question: Question, results: list[NotebookResult], rest: _Rest) -> None:
    """Fill in the figures of a question from the notebooks that were executed."""
    said: Counter[str] = Counter()
    item, others = [], []
    full = part = none = 0
    for result in results:
        earned = result.questions.get(question.id)
        if earned is None:
            continue
        question.waiting += earned.needs_person
        said.update(earned.messages)
        if earned.points is None or not question.points:
            continue
        share = earned.points / question.points
        full, part, none = full + (share >= 1), part + (0 < share < 1), none + (share <= 0)
        item.append(share)
        others.append(rest.without(result, question))
    question.scored, question.outcomes = len(item), (full, part, none)
    question.mean_share = sum(item) / len(item) if item else None
    question.messages = said.most_common(_MESSAGES)
    known = [(own, other) for own, other in zip(item, others, strict=True) if other is not None]
    question.discrimination = (
        Discrimination(None, "the assignment's only question")
        if item and not known
        else discrimination([own for own, _ in known], [other for _, other in known])
    )


class _Rest:
    """The share of the points that a student has on all of an assignment but one question."""

    def __init__(self, points: dict[Lab, dict[str, float]], results: Iterable[NotebookResult]) -> None:
        self._points = points
        self._earned: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._possible: defaultdict[tuple[str, str], float] = defaultdict(float)
        for result in results:
            if result.executed:
                for name, earned in result.questions.items():
                    if earned.points is not None:
                        self._earned[result.student, result.assignment] += earned.points
                        self._possible[result.student, result.assignment] += points.get(result.lab, {}).get(name, 0)

    def without(self, result: NotebookResult, question: Question) -> float | None:
        """Return the share, or None where there is no other question."""
        key = (result.student, result.assignment)
        possible = self._possible[key] - question.points
        return (self._earned[key] - (result.questions[question.id].points or 0.0)) / possible if possible > 0 else None


def _objectives(root: Path, questions: list[Question], found: list[NotebookResult]) -> list[Objective]:
    """Return the course's objectives that these questions grade; none for a course without objectives."""
    if not (root / OBJECTIVES).is_file():
        return []
    course = Objectives.read(root)
    titles = {section.id: f"{section.id} {section.title}" for guide in course.guides for section in guide.sections}
    earned: defaultdict[str, float] = defaultdict(float)
    possible: defaultdict[str, float] = defaultdict(float)
    points = {question.name: question.points for question in questions}
    for result in found:
        for name, score in result.questions.items() if result.executed else ():
            if score.points is not None:
                earned[f"{result.notebook}/{name}"] += score.points
                possible[f"{result.notebook}/{name}"] += points.get(f"{result.notebook}/{name}", 0)
    objectives = []
    for objective in course.objectives.values():
        graded = [name for name in objective.graded if name in points]
        if graded:
            most = sum(possible[name] for name in graded)
            share = sum(earned[name] for name in graded) / most if most else None
            section = titles.get(objective.section, objective.section)
            objectives.append(Objective(objective.id, section, objective.text, graded, share))
    return objectives


def _add_readings(questions: list[Question], root: Path) -> None:
    if not (root / OBJECTIVES).is_file():
        return
    for question in questions:
        titles: dict[str, list[str]] = {}
        for reading in sections_for(question.name, course_root=root):
            titles.setdefault(reading.lesson, []).append(reading.title)
        question.readings = [f"{lesson}: {' · '.join(found)}" for lesson, found in titles.items()]
