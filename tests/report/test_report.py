"""Reports on a class whose executions are made up, so that every figure can be worked out by hand."""

from __future__ import annotations

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Grade, Student, SubmittedAssignment, SubmittedNotebook
from rich.console import Console

from lakelab.coverage.errors import CoverageError
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.grading.record import Result, open_gradebook, record
from lakelab.grading.source import record_sources
from lakelab.grading.verdict import CellRecord, CellStatus, Outcome, Verdict
from lakelab.report import Report, render, report

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own

TESTS = {"lists": ["q1_test", "q2_test"], "sums": ["q1_test", "q2_a_test", "q2_b_test"]}

Failures = dict[str, str]
"""Messages of failed tests by `NOTEBOOK/TEST`."""


def hand_in(root: Path, student: str, failures: Failures | None = None, **more: Any) -> None:
    """Record both labs of a student; `verdict`, `reason`, `notes`, `seconds` and `cells` of `sums` may be given."""
    course = Course.open(root)
    failures = failures or {}
    with open_gradebook(course) as gradebook:
        sources = record_sources(course, gradebook, "arith")
        for notebook, tests in TESTS.items():
            given = more if notebook == "sums" else {}
            verdict = given.get("verdict", Verdict.GRADED)
            records = [CellRecord(99, name, CellStatus.OK, seconds) for name, seconds in given.get("cells", {}).items()]
            for position, test in enumerate(tests):
                said = failures.get(f"{notebook}/{test}")
                status = CellStatus.ERROR if said else CellStatus.OK
                ename = "AssertionError" if said else ""
                records.append(CellRecord(position, test, status, 0.1, ename, said or ""))
            executed = verdict not in (Verdict.MISSING, Verdict.UNREADABLE)
            outcome = Outcome(
                verdict, given.get("reason", "Every cell was run."), given.get("seconds", 1.0), 2**20, records
            )
            nb = nbformat.from_dict(sources[notebook].nb) if executed else None
            result = Result("arith", notebook, student, "f", outcome, notes=given.get("notes", []), nb=nb)
            record(course, gradebook, result, sources[notebook])


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.partition("<body>")[2]))


def printed(result: Report) -> str:
    console = Console(width=160, record=True, file=open(os.devnull, "w"), highlight=False)  # noqa: PTH123, SIM115
    render(result, console)
    return console.export_text()


def question(result: Report, name: str) -> Any:
    return next(question for question in result.questions if question.name == name)


@pytest.fixture
def four(tiny_course: Path) -> Path:
    """Four students: a, b right in everything; c fails sums/q1; d fails sums/q1, half of sums/q2 and lists/q2."""
    hand_in(tiny_course, "a")
    hand_in(tiny_course, "b")
    hand_in(tiny_course, "c", {"sums/q1_test": "Go on."})
    hand_in(
        tiny_course, "d", {"sums/q1_test": "Go on.", "sums/q2_a_test": "Divide by the others.", "lists/q2_test": "No."}
    )
    return tiny_course


def test_scores(four: Path) -> None:
    result = report(course_root=four)
    assert result.totals == {"a": 8, "b": 8, "c": 6, "d": 3}
    assert result.possible == 8
    assert result.distribution() == [0, 0, 0, 1, 0, 0, 0, 1, 0, 2]
    assert result.mean == pytest.approx(25 / 32)
    assert result.median == pytest.approx(7 / 8)


def test_difficulty_and_discrimination(four: Path) -> None:
    result = report(course_root=four)
    q1 = question(result, "sums/q1")
    assert (q1.points, q1.scored, q1.mean_share, q1.outcomes) == (2, 4, 0.5, (2, 0, 2))
    # Rest of the assignment, 6 points: 6, 6, 6, 3. With item 1, 1, 0, 0 the correlation is 1 / sqrt(3).
    assert q1.discrimination.value == pytest.approx(0.577)
    q2 = question(result, "sums/q2")
    assert (q2.mean_share, q2.outcomes) == (pytest.approx((1 + 1 + 1 + 1 / 3) / 4), (3, 1, 0))
    lists_q1 = question(result, "lists/q1")
    assert lists_q1.discrimination.value is None
    assert lists_q1.discrimination.why == "everybody has the same points"


def test_discrimination_needs_three_students_and_says_so(tiny_course: Path) -> None:
    hand_in(tiny_course, "a")
    hand_in(tiny_course, "b", {"sums/q1_test": "Go on."})
    result = report(course_root=tiny_course)
    assert question(result, "sums/q1").discrimination.why == "fewer than 3 students"
    assert "undefined: fewer than 3 students" in text(result.to_html())


def test_messages_are_counted(four: Path) -> None:
    result = report(course_root=four)
    assert question(result, "sums/q1").messages == [("Go on.", 2)]
    assert "2 × Go on." in text(result.to_html())
    assert "2 × Go on." in printed(result)


def test_what_was_never_executed_counts_in_totals_but_not_in_questions(four: Path) -> None:
    hand_in(four, "e", verdict=Verdict.UNREADABLE, reason="The file is empty.")
    result = report(course_root=four)
    assert result.totals["e"] == 3
    assert question(result, "sums/q1").scored == 4
    assert result.verdicts == {"graded": 9, "unreadable": 1}
    assert [incident.student for incident in result.incidents] == ["e"]
    assert "The file is empty." in text(result.to_html())
    assert "The file is empty." in printed(result)


def test_objectives(four: Path) -> None:
    result = report(course_root=four)
    assert {o.id: o.mean_share for o in result.objectives} == {
        "A1.1": 0.5,
        "A1.2": pytest.approx(10 / 12),
        "A2.1": 1.0,
        "A2.2": 0.75,
    }
    assert "Add up a list with gaps" in text(result.to_html())
    (four / "course" / "objectives.yml").unlink()
    assert report(course_root=four).objectives == []


def test_broken_objectives_are_an_error(four: Path) -> None:
    (four / "course" / "objectives.yml").write_text("[")
    with pytest.raises(CoverageError):
        report(course_root=four)


def test_notes_and_tampering(four: Path) -> None:
    hand_in(four, "e", verdict=Verdict.TAMPERED, reason="The tests had been changed.", notes=["Evidence: a tag."])
    hand_in(four, "f", notes=["Cells were missing."])
    result = report(course_root=four)
    assert [noted.student for noted in result.noted] == ["e", "f"]
    assert "Evidence: a tag." in text(result.to_html())


def test_grades_by_hand_and_what_waits_for_a_person(four: Path) -> None:
    with open_gradebook(Course.open(four)) as gradebook:
        waits = gradebook.find_grade("q1_test", "sums", "arith", "a")
        waits.auto_score, waits.needs_manual_grade = None, True
        by_hand = gradebook.find_grade("q1_test", "sums", "arith", "c")
        by_hand.manual_score, by_hand.extra_credit, by_hand.needs_manual_grade = 1.0, 0.5, False
        gradebook.db.commit()
    result = report(course_root=four)
    assert result.totals["a"] == 6
    assert result.totals["c"] == 7.5
    assert result.waiting == {"sums/q1": ["a"]}
    assert question(result, "sums/q1").scored == 3
    assert "Waiting for a person" in text(result.to_html())
    assert "sums/q1 (1)" in printed(result)
    mine = report(student="a", course_root=four)
    assert "Nothing: every question that has been scored" in text(mine.to_html())


def test_late_penalties_and_absent_students(four: Path) -> None:
    with open_gradebook(Course.open(four)) as gradebook:
        gradebook.find_submission_notebook("sums", "arith", "a").late_submission_penalty = 1.5
        gradebook.add_student("zoe")
        gradebook.db.commit()
    result = report(course_root=four)
    assert result.totals["a"] == 6.5
    assert result.absent == ["zoe"]
    assert "nothing handed in: zoe" in text(result.to_html())


def test_time_and_slowest_cells(four: Path) -> None:
    hand_in(four, "e", seconds=12.0, cells={"q1": 9.5, "": 0.75})
    result = report(course_root=four)
    sums = next(lab for lab in result.lab_times if lab.notebook == "sums")
    assert (sums.notebooks, sums.median_seconds, sums.longest_seconds) == (5, 1.0, 12.0)
    assert [(cell.cell, cell.longest) for cell in result.slowest_cells()] == [
        ("q1", 9.5),
        ("a cell of the student's own", 0.75),
    ]


def test_a_learner_sees_only_their_own(four: Path) -> None:
    result = report(student="d", course_root=four)
    assert result.students == ["d"]
    for shown in (text(result.to_html()), printed(result)):
        assert "3 of 8" in shown
        assert "Divide by the others." in shown
        assert "Means & empty lists" in shown.replace("&amp;", "&")
        assert "38 %" in shown
    assert {o.id: o.mean_share for o in result.objectives}["A1.1"] == 0.0
    assert "stands" in text(result.to_html())


def test_a_learner_without_mistakes_and_one_without_a_notebook(four: Path) -> None:
    assert "Worth another try Nothing" in text(report(student="a", course_root=four).to_html())
    hand_in(four, "e", verdict=Verdict.MISSING, reason="sums.ipynb was not handed in.")
    result = report(student="e", course_root=four)
    assert "sums.ipynb was not handed in." in text(result.to_html())
    assert "The lab could not be run." in text(result.to_html())
    printed(result)


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_everything_from_outside_is_escaped_and_nothing_is_loaded(four: Path) -> None:
    evil = '"><img src=x onerror=steal()><script>steal()</script>'
    hand_in(
        four, f"e{evil}".replace("/", "|"), {"sums/q1_test": evil}, verdict=Verdict.TIMED_OUT, reason=evil, notes=[evil], cells={evil: 2}
    )  # fmt: skip
    for student in (None, f"e{evil}".replace("/", "|")):
        parser = _Elements()
        parser.feed(report(student=student, course_root=four).to_html())
        assert [tag for tag, _ in parser.found if tag == "script"] == ["script"]
        for tag, attributes in parser.found:
            assert tag not in {"img", "link", "iframe"}
            assert not {name for name in attributes if name.startswith("on") or name == "src"}
            assert attributes.get("href", "#").startswith("#")


def test_markup_in_names_does_not_reach_the_terminal(four: Path) -> None:
    hand_in(four, "[bold red]x[/]", verdict=Verdict.TIMED_OUT, reason="[link=x]y[/link]")
    shown = printed(report(course_root=four))
    assert "[bold red]x[/]" in shown
    assert "[link=x]y[/link]" in shown


def test_messages_that_quote_hidden_tests_are_left_out(four: Path) -> None:
    hidden = "assert float(_answer) == 13.0, 'Add up a short list by hand and compare.'".replace("'", '"')
    hand_in(four, "e", {"sums/q1_test": f"look: {hidden}"})
    assert "13.0" not in report(student="e", course_root=four).to_html()
    assert "13.0" not in json.dumps(report(course_root=four).to_dict())


def test_json_is_plain(four: Path) -> None:
    values = json.loads(json.dumps(report(course_root=four).to_dict()))
    assert values["totals"]["d"] == 3
    assert values["questions"][2]["name"] == "sums/q1"


def test_scores_without_our_record_are_reported_too(four: Path) -> None:
    with open_gradebook(Course.open(four)) as gradebook:
        from lakelab.grading.record import ResultRow

        gradebook.db.query(ResultRow).delete()
        gradebook.db.commit()
    result = report(course_root=four)
    assert result.verdicts == {"not recorded": 8}
    assert "without LakeLab" in text(result.to_html())
    printed(result)


def test_errors_are_sentences(tiny_course: Path) -> None:
    with pytest.raises(GradingError, match="nothing in the gradebook yet"):
        report(course_root=tiny_course)
    hand_in(tiny_course, "a")
    with pytest.raises(GradingError, match="choose from arith"):
        report(assignments=["nope"], course_root=tiny_course)
    with pytest.raises(GradingError, match="Nothing of 'eve' was graded"):
        report(student="eve", course_root=tiny_course)
    (tiny_course / "gradebook.db").unlink()
    with pytest.raises(GradingError, match="no gradebook"):
        report(course_root=tiny_course)


def test_a_class_of_300(tiny_course: Path) -> None:
    import time

    with open_gradebook(Course.open(tiny_course)) as gradebook:
        assignment = gradebook.find_assignment("arith")
        for number in range(300):
            gradebook.db.add(Student(id=f"s{number}"))
            submission = SubmittedAssignment(assignment=assignment, student_id=f"s{number}")
            for notebook in assignment.notebooks:
                entry = SubmittedNotebook(notebook=notebook, assignment=submission)
                for position, cell in enumerate(notebook.grade_cells):
                    passed = (number + position) % 3 > 0
                    gradebook.db.add(
                        Grade(
                            cell=cell,
                            notebook=entry,
                            auto_score=cell.max_score if passed else 0,
                            needs_manual_grade=False,
                        )
                    )
        gradebook.db.commit()
    began = time.monotonic()
    page = report(course_root=tiny_course).to_html()
    assert time.monotonic() - began < 20
    assert len(page) < 1_000_000
    assert page.index(">s9<") < page.index(">s10<")  # natural order
