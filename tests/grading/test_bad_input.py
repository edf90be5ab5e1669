"""Every way in which a submitted file may be bad, in one class: each has its own verdict, and no other student notices."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from classroom import (
    FULL,
    Log,
    cell_of,
    changed,
    copy_course,
    dump_scores,
    hand_in,
    released,
    scores,
    solved,
    with_cell,
)
from nbformat import NotebookNode

from lakelab.grading.batch import grade
from lakelab.grading.course import Course
from lakelab.grading.verdict import Verdict

MEGABYTE = 1024**2


def _retype(nb: NotebookNode) -> None:
    cell = cell_of(nb, "q1_test")
    cell.cell_type = cell.metadata.nbgrader.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]


def _break_q1_and(change: Callable[[NotebookNode], object]) -> Callable[[NotebookNode], None]:
    def both(nb: NotebookNode) -> None:
        cell_of(nb, "q1").source = "in_stock = None"
        change(nb)

    return both


def _set(grade_id: str, /, **values: object) -> Callable[[NotebookNode], None]:
    return lambda nb: cell_of(nb, grade_id).metadata.nbgrader.update(values)


def _tag(nb: NotebookNode) -> None:
    cell_of(nb, "q1_test").metadata.tags = ["skip-execution"]


def _duplicate(*names: str) -> Callable[[NotebookNode], None]:
    return lambda nb: nb.cells.extend(json.loads(json.dumps(cell_of(nb, name))) for name in names)


def _foreign(nb: NotebookNode) -> None:
    extra = json.loads(json.dumps(cell_of(nb, "q1_test")))
    extra["metadata"]["nbgrader"]["grade_id"] = "of_another_lab"
    extra["source"] = "1 + 1"
    nb.cells.append(extra)


def _odd_types(nb: NotebookNode) -> None:
    nb.metadata = [1]
    nb.nbformat = "four"
    for number, cell in enumerate(nb.cells):
        cell.metadata.update(tags={"a": float("nan")}, name=float("inf"), deep=_nested(200), number=number)
        cell.id = number
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = "none", []
    cell_of(nb, "q1_test").metadata.nbgrader.update(points="two", schema_version=None, checksum=1.5)
    nb.cells += [None, 3, {"cell_type": "heading"}, {"metadata": 4, "source": 5}]


def _nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


def _edit_tests(nb: NotebookNode) -> None:
    cell_of(nb, "q1_test").source = "pass"


def _strip(nb: NotebookNode) -> None:
    for cell in nb.cells:
        cell.metadata = {}


def _move_answer_into_own_cell(nb: NotebookNode) -> None:
    answer = cell_of(nb, "q1")
    nb.cells[nb.cells.index(answer)] = nbformat.v4.new_code_cell(answer.source)


def _format_3(notebook: str) -> bytes:
    document = nbformat.convert(solved(notebook), 3)
    for cell in document.worksheets[0].cells:
        key = "input" if "input" in cell else "source"
        cell[key] = cell[key].splitlines(True)
    return json.dumps(document).encode()


def _format_4_0(nb: NotebookNode) -> None:
    nb.nbformat_minor = 0
    for cell in nb.cells:
        del cell["id"]


@dataclass(frozen=True)
class Case:
    """A file for the lab `lists` (3 points), and what it must end in."""

    content: bytes | Callable[[Path], object]
    verdict: Verdict = Verdict.GRADED
    score: float = 3.0


def _link(path: Path) -> None:
    path.symlink_to(path.parents[2] / "alice" / "arith" / "lists.ipynb")


def _link_folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    (path.parent / "sums.ipynb").unlink()
    path.parent.rmdir()
    path.parent.symlink_to(path.parents[2] / "alice" / "arith")


HUGE = changed(
    "lists", lambda nb: cell_of(nb, "q1").update(outputs=[{"output_type": "stream", "text": "x" * 100 * MEGABYTE}])
)

CASES: dict[str, Case] = {
    # No notebook at all
    "not json": Case(b"def in_stock(items): ...", Verdict.UNREADABLE, 0),
    "empty": Case(b"", Verdict.UNREADABLE, 0),
    "blank": Case(b" \n\n", Verdict.UNREADABLE, 0),
    "cut off": Case(json.dumps(solved("lists")).encode()[:-200], Verdict.UNREADABLE, 0),
    "other json": Case(b'{"a": 1}', Verdict.UNREADABLE, 0),
    "a list": Case(b"[]", Verdict.UNREADABLE, 0),
    "cells no list": Case(b'{"cells": 5, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', Verdict.UNREADABLE, 0),
    "binary": Case(bytes(range(256)) * 10, Verdict.UNREADABLE, 0),
    "nul in json": Case(b'{"cells": [\x00]}', Verdict.UNREADABLE, 0),
    "nested": Case(b'{"cells":' + b"[" * 100_000, Verdict.UNREADABLE, 0),
    "huge number": Case(b'{"cells": [' + b"9" * 10_000 + b"]}", Verdict.UNREADABLE, 0),
    "link": Case(_link, Verdict.UNREADABLE, 0),
    "broken link": Case(lambda path: path.symlink_to("nowhere"), Verdict.UNREADABLE, 0),
    "linked folder": Case(_link_folder, Verdict.UNREADABLE, 0),
    "a folder": Case(lambda path: path.mkdir(), Verdict.UNREADABLE, 0),
    "a pipe": Case(lambda path: os.mkfifo(path), Verdict.UNREADABLE, 0),
    "missing": Case(lambda path: None, Verdict.MISSING, 0),
    # Odd, yet a notebook: the points really earned
    "format 3": Case(_format_3("lists")),
    "format 4.0": Case(changed("lists", _format_4_0)),
    "no metadata": Case(changed("lists", lambda nb: nb.pop("metadata"))),
    "odd types": Case(changed("lists", _odd_types), Verdict.TAMPERED),
    "bom": Case(b"\xef\xbb\xbf" + json.dumps(solved("lists")).encode()),
    "stripped": Case(changed("lists", _strip)),
    "no cells": Case(changed("lists", lambda nb: nb.cells.clear()), Verdict.GRADED, 0),
    "released": Case(json.dumps(released("lists")).encode(), Verdict.GRADED_WITH_ERRORS, 0),
    "100 MB of outputs": Case(HUGE),
    "prints 50 MB": Case(with_cell("lists", "print('x' * 50_000_000)")),
    "surrogates": Case(with_cell("lists", "# \ud800\nprint('\\udfff')")),
    "nul in a message": Case(with_cell("lists", "raise ValueError('a\\x00b')"), Verdict.GRADED_WITH_ERRORS),
    "nul in a name": Case(
        with_cell("lists", "class E(Exception):\n    pass\nE.__name__ = 'a\\ud800b'\nraise E('x')"),
        Verdict.GRADED_WITH_ERRORS,
    ),
    # Tests that were changed are restored
    "duplicated test": Case(changed("lists", _break_q1_and(_duplicate("q2_test", "q2_test"))), Verdict.GRADED, 1),
    "deleted test": Case(
        changed("lists", _break_q1_and(lambda nb: nb.cells.remove(cell_of(nb, "q1_test")))), Verdict.GRADED, 1
    ),
    "edited test": Case(changed("lists", _break_q1_and(_edit_tests)), Verdict.GRADED, 1),
    "retyped test": Case(changed("lists", _break_q1_and(_retype)), Verdict.GRADED, 1),
    "tagged test": Case(changed("lists", _break_q1_and(_tag)), Verdict.TAMPERED, 1),
    "ungraded test": Case(changed("lists", _break_q1_and(_set("q1_test", grade=False))), Verdict.TAMPERED, 1),
    "dearer test": Case(changed("lists", _break_q1_and(_set("q2_test", points=100))), Verdict.TAMPERED, 1),
    "renamed test": Case(
        changed("lists", _break_q1_and(_set("q1_test", grade_id="other"))), Verdict.GRADED_WITH_ERRORS, 1
    ),
    "foreign id": Case(changed("lists", _foreign)),
    # Innocent
    "own cells": Case(with_cell("lists", "import warnings\nwarnings.warn('x')\nprint('hello')\n1 / 1")),
    "helper": Case(
        changed(
            "lists",
            lambda nb: (
                cell_of(nb, "q1").update(source="def in_stock(items):\n    return helper(items)"),
                nb.cells.insert(
                    1, nbformat.v4.new_code_cell("def helper(items):\n    return [n for n, c in items if c > 0]")
                ),
            ),
        )
    ),
    "reordered": Case(changed("lists", lambda nb: nb.cells.reverse())),
    "duplicated answer": Case(
        changed("lists", lambda nb: (_duplicate("q1")(nb), cell_of(nb, "q1").update(source="def in_stock(items): ...")))
    ),
    "answer in own cell": Case(changed("lists", _move_answer_into_own_cell)),
    "answer as markdown": Case(changed("lists", lambda nb: cell_of(nb, "q1").update(cell_type="markdown"))),
}
EXTRA_NAMES = ["José Núñez", "o'hara; drop", "学生", "%s {0}"]


@dataclass
class Class:
    """The graded class."""

    course: Course
    log: Log
    scores: dict[tuple[str, str], float]
    before: dict[str, tuple[bytes, int]]


def _snapshot(course: Course) -> dict[str, tuple[bytes, int]]:
    files = (path for path in course.submitted.rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """A class with one student per case, who all have handed in a right second lab; and with some right ones between."""
    root = copy_course(tmp_path_factory.mktemp("class") / "course")
    only_sums = {"sums": solved("sums")}
    hand_in(root, "alice")
    for name, case in CASES.items():
        if isinstance(case.content, bytes):
            hand_in(root, name, lists=case.content, **only_sums)
        else:
            path = hand_in(root, name, lists=None, **only_sums) / "lists.ipynb"
            case.content(path)
    for name in EXTRA_NAMES:
        hand_in(root, name)
    (root / "submitted" / "a stray file").write_text("x")
    (root / "submitted" / ".hidden").mkdir()
    (root / "submitted" / "unrelated" / "holiday").mkdir(parents=True)
    # Of the right second labs only a few are executed: they are all the same, and each costs a kernel.
    for name in list(CASES)[5:]:
        if name != "linked folder":
            (root / "submitted" / name / "arith" / "sums.ipynb").unlink()
    course = Course.open(root)
    before, log = _snapshot(course), Log()
    grade(course, jobs=2, progress=log)
    return Class(course, log, scores(course.db_url), before)


@pytest.mark.parametrize("name", CASES)
def test_case(graded: Class, name: str) -> None:
    case, outcome = CASES[name], graded.log.outcomes[name, "lists"]
    assert (outcome.verdict, graded.scores[name, "lists"]) == (case.verdict, case.score), outcome.reason
    assert outcome.reason.endswith(".")
    assert "\n" not in outcome.reason
    assert len(outcome.reason) < 400


def test_nobody_else_notices(graded: Class) -> None:
    for name in ["alice", *EXTRA_NAMES, *list(CASES)[:5]]:
        assert graded.scores[name, "sums"] == FULL["sums"]
    for name in ["alice", *EXTRA_NAMES]:
        assert graded.scores[name, "lists"] == FULL["lists"]


def test_every_notebook_has_a_verdict(graded: Class) -> None:
    students = {"alice", *CASES, *EXTRA_NAMES}
    assert set(graded.log.outcomes) == {(student, lab) for student in students for lab in FULL}
    rows = dump_scores(graded.course.db_url)
    assert len(rows) == len(students) * len(FULL)


def test_submissions_are_untouched(graded: Class) -> None:
    assert _snapshot(graded.course) == graded.before


def test_linked_files_are_not_shown(graded: Class) -> None:
    assert not (graded.course.autograded / "link" / "arith" / "lists.ipynb").exists()


def test_autograded_notebooks_are_small_and_readable(graded: Class) -> None:
    files = list(graded.course.autograded.rglob("*.ipynb"))
    assert len(files) > 20
    for path in files:
        assert path.stat().st_size < 3 * MEGABYTE
        nbformat.validate(nbformat.read(path, as_version=4))
    assert list(graded.course.autograded.rglob(".partial-*")) == []


def test_results_hold(graded: Class) -> None:
    again = Log()
    summary = grade(graded.course, progress=again)
    assert (again.done, len(summary.kept)) == ([], len(graded.log.done))
