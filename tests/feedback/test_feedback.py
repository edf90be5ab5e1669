"""Feedback of the tiny course, from fabricated executions and from a real one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell
from rich.console import Console

from lakelab.feedback import feedback, render
from lakelab.feedback.generate import EXPORTER, PREPROCESSORS
from lakelab.grading.batch import grade
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.grading.record import Result, open_gradebook, record, write_autograded
from lakelab.grading.source import record_sources
from lakelab.grading.verdict import CellRecord, CellStatus, Outcome, Verdict

SECRETS = ["_unseen", "_answer", "go on to the end of the list", "math.isnan", "BEGIN HIDDEN"]
"""Text that stands in hidden tests only."""

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own

Change = Callable[[NotebookNode, list[CellRecord]], Any]


def cell_of(nb: NotebookNode, grade_id: str) -> NotebookNode:
    return next(cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def graded(
    root: Path, student: str, change: Change = lambda nb, records: None, verdict: Verdict = Verdict.GRADED, **more: Any
) -> Course:
    """Record an execution of `sums` in which everything passed, after `change(nb, records)`; None for the notebook if unreadable."""
    course = Course.open(root)
    with open_gradebook(course) as gradebook:
        source = record_sources(course, gradebook, "arith")["sums"]
        nb = nbformat.from_dict(source.nb)
        records = [
            CellRecord(i, cell.metadata.nbgrader.grade_id, CellStatus.OK, 0.1)
            for i, cell in enumerate(nb.cells)
            if cell.cell_type == "code"
        ]
        change(nb, records)
        outcome = Outcome(verdict, more.pop("reason", "Every cell was run."), 2.5, 100 * 1024**2, records)
        executed = None if verdict in (Verdict.MISSING, Verdict.UNREADABLE) else nb
        result = Result("arith", "sums", student, "f", outcome, nb=executed, **more)
        write_autograded(course, result)
        record(course, gradebook, result, source)
    return course


def fail(records: list[CellRecord], grade_id: str, ename: str, evalue: str) -> None:
    entry = next(entry for entry in records if entry.grade_id == grade_id)
    entry.status, entry.ename, entry.evalue = CellStatus.ERROR, ename, evalue


def page(root: Path, student: str = "ada") -> str:
    feedback(course_root=root)
    return (root / "feedback" / student / "arith" / "sums.html").read_text(encoding="utf-8")


def text(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html.partition("<body>")[2])


def test_hidden_tests_stay_hidden_and_visible_ones_visible(tiny_course: Path) -> None:
    graded(tiny_course, "ada")
    shown = text(page(tiny_course))
    assert not [secret for secret in SECRETS if secret in shown]
    assert shown.count("# [hidden tests]") == 4  # once in the page's head, and in each of three tests
    assert "Return a plain number." in shown
    assert "5 of 5 points" in shown


def test_a_failed_test_says_its_message_without_traceback(tiny_course: Path) -> None:
    def change(nb: NotebookNode, records: list[CellRecord]) -> None:
        fail(records, "q1_test", "AssertionError", "Negative numbers are takings too.")
        trace = ["---> 6 assert float(_answer) != 14.0", "AssertionError: Negative numbers are takings too."]
        cell_of(nb, "q1_test").outputs = [
            new_output("stream", name="stdout", text="the hidden list is [4, None, -1, 10]"),
            new_output("error", ename="AssertionError", evalue="Negative numbers are takings too.", traceback=trace),
        ]

    graded(tiny_course, "ada", change)
    shown = text(page(tiny_course))
    assert shown.count("Negative numbers are takings too.") == 2  # in the table and at the test
    assert "14.0" not in shown
    assert "hidden list" not in shown
    assert "0 of 2" in shown


@pytest.mark.parametrize("wrap", [str, repr, lambda code: f"\x1b[31m{code}\x1b[0m", lambda code: "\n".join(code)])
def test_quotations_of_hidden_tests_are_cut_from_all_outputs(tiny_course: Path, wrap: Callable[[str], str]) -> None:
    def change(nb: NotebookNode, records: list[CellRecord]) -> None:
        code = cell_of(nb, "q1_test").source
        fail(records, "q1_test", "ValueError", wrap(code))
        answer = cell_of(nb, "q2")
        answer.outputs = [
            new_output("stream", name="stdout", text=f"before\n{wrap(code)}\nafter"),
            new_output("display_data", data={"text/html": f"<pre>{wrap(code)}</pre>", "text/plain": wrap(code)}),
            new_output("error", ename="KeyError", evalue=wrap(code), traceback=["KeyError", wrap(code)]),
        ]

    graded(tiny_course, "ada", change)
    shown = re.sub(r"\s", "", text(page(tiny_course)))
    assert not [secret for secret in SECRETS if re.sub(r"\s", "", secret) in shown]
    assert "Withyouranswer,theteststoppedwithValueError." in shown


def test_active_content_of_the_student_is_inert(tiny_course: Path) -> None:
    def change(nb: NotebookNode, records: list[CellRecord]) -> None:
        cell_of(nb, "q1").outputs = [
            new_output("display_data", data={"application/javascript": "steal()", "text/plain": "a script"}),
            new_output("display_data", data={"text/html": "<b>shown as text</b><img src=x onerror=steal()>"}),
            new_output("display_data", data={"text/html": "<b>kept</b>"}),
        ]
        nb.cells += [
            new_markdown_cell("**own** text"),
            new_markdown_cell("**text** <script>steal()</script> [x](javascript:steal()) <b onclick=steal()>y</b>"),
            new_markdown_cell("![gone](attachment:missing.png) <script>steal()</script>"),
            new_raw_cell("<script>steal()</script>"),
            new_code_cell("print('</pre><script>steal()</script>')"),
        ]

    graded(tiny_course, "ada", change, reason="<script>steal()</script>", notes=["<script>steal()</script>"])
    html = page(tiny_course)
    assert not re.search(r"<script|<[^>]+(onerror|onclick|javascript:)", html)
    assert "<b>kept</b>" in html
    assert "<strong>own</strong>" in html
    assert "default-src 'none'" in html


def test_the_head_says_verdict_time_and_slowest_cells(tiny_course: Path) -> None:
    def change(nb: NotebookNode, records: list[CellRecord]) -> None:
        records[1].seconds = 2.25
        records.append(CellRecord(12, "", CellStatus.OK, 0.75))

    graded(tiny_course, "ada", change, Verdict.TIMED_OUT, reason="Cell q1 was stopped.", notes=["A cell was missing."])
    shown = text(page(tiny_course))
    assert "timed out: Cell q1 was stopped." in shown
    assert "Executed in 2.5 s with at most 100 MiB of memory." in shown
    assert "Slowest cells: q1 (2.2 s), your cell at position 13 (0.8 s)." in shown
    assert "A cell was missing." in shown


def test_a_notebook_that_was_never_executed_gets_its_reason(tiny_course: Path) -> None:
    graded(tiny_course, "ada")
    graded(tiny_course, "bo", verdict=Verdict.UNREADABLE, reason="The file is <empty>.")
    summary = feedback(course_root=tiny_course)
    html = (tiny_course / "feedback" / "bo" / "arith" / "sums.html").read_text(encoding="utf-8")
    assert "<b>unreadable</b>: The file is &lt;empty&gt;." in html
    assert (len(summary.pages), summary.without_notebook, summary.ok) == (2, 1, True)


def test_scores_given_by_hand_and_comments_appear(tiny_course: Path) -> None:
    course = graded(tiny_course, "ada")
    with open_gradebook(course) as gradebook:
        gradebook.find_grade("q1_test", "sums", "arith", "ada").manual_score = 1.5
        gradebook.find_grade("q2_a_test", "sums", "arith", "ada").auto_score = None
        gradebook.find_comment("q1", "sums", "arith", "ada").manual_comment = "Nearly. <script>steal()</script>"
        gradebook.db.commit()
    html = page(tiny_course)
    assert "1.5 of 2" in html
    assert "? of 2" in html
    assert "A person reads this answer" in html
    assert "Nearly." in html
    assert "<script" not in html


def test_names_with_odd_characters(tiny_course: Path) -> None:
    for student in ("José [a] & <b>", "b*"):
        graded(tiny_course, student)
        summary = feedback(students=[student], course_root=tiny_course)
        assert summary.pages == [f"feedback/{student}/arith/sums.html"]
    assert "José [a] &amp; &lt;b&gt;" in page(tiny_course, "José [a] & <b>")


def test_a_notebook_that_nbgrader_fails_on_is_named_and_disturbs_nobody(tiny_course: Path) -> None:
    graded(tiny_course, "ada")
    course = graded(tiny_course, "bo")
    (course.autograded / "bo" / "arith" / "sums.ipynb").write_text("{}")
    summary = feedback(course_root=tiny_course)
    assert summary.pages == ["feedback/ada/arith/sums.html"]
    assert [(student, assignment) for student, assignment, _ in summary.failed] == [("bo", "arith")]
    assert summary.to_dict()["ok"] is False
    console = Console(width=200, record=True, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    render(summary, console)
    assert "No feedback for bo, arith" in console.export_text()


def test_errors_are_sentences(tiny_course: Path) -> None:
    with pytest.raises(GradingError, match="Nothing was graded in arith yet"):
        feedback(course_root=tiny_course)
    graded(tiny_course, "ada")
    with pytest.raises(GradingError, match="no assignment 'nope'"):
        feedback(assignments=["nope"], course_root=tiny_course)
    with pytest.raises(GradingError, match="Nothing of 'eve' was graded"):
        feedback(students=["eve"], course_root=tiny_course)


def test_nbgraders_own_command_writes_the_same_page(tiny_course: Path) -> None:
    graded(tiny_course, "ada")
    ours = page(tiny_course)
    with (tiny_course / "nbgrader_config.py").open("a") as file:
        file.write(
            f"c.GenerateFeedback.preprocessors = {PREPROCESSORS}\nc.GenerateFeedback.exporter_class = {EXPORTER!r}\n"
        )
    command = [sys.executable, "-m", "nbgrader", "generate_feedback", "arith", "--force"]
    subprocess.run(command, cwd=tiny_course, check=True, capture_output=True)
    assert (tiny_course / "feedback" / "ada" / "arith" / "sums.html").read_text(encoding="utf-8") == ours


def test_a_real_submission_that_prints_the_tests_that_call_it(tiny_course: Path) -> None:
    nb = nbformat.read(tiny_course / "release" / "arith" / "sums.ipynb", as_version=4)
    cell_of(nb, "q1").source = (
        "import linecache, sys\n"
        "def total(values):\n"
        "    global seen\n"
        "    seen = ''.join(linecache.getlines(sys._getframe(1).f_code.co_filename))\n"
        "    print(seen)\n"
        "    raise ValueError(seen)"
    )
    cell_of(nb, "q2").source = "print(seen); print(repr(seen)); raise KeyError(seen)"
    folder = tiny_course / "submitted" / "eve" / "arith"
    folder.mkdir(parents=True)
    nbformat.write(nb, folder / "sums.ipynb")
    grade(Course.open(tiny_course))
    shown = text(page(tiny_course, "eve"))
    assert not [secret for secret in SECRETS if secret in shown]
    assert "ValueError" in shown
    assert "was not handed in" in (tiny_course / "feedback" / "eve" / "arith" / "lists.html").read_text()
