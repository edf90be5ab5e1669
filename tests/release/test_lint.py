"""Each rule of the linter is met by a notebook that must break it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from lakelab.notebooks import from_text, read, to_text, write
from lakelab.release.lint import Finding, lint
from lakelab.release.names import names_of
from lakelab.release.rules import RULES

Broken = tuple[str, str, str, str, str]
"""(rule, text to replace, replacement, cell that the finding is about, words in its sentence)"""

REPLACED: list[Broken] = [
    ("python", "    return sum(value for", "    return sum(value fro", "q1", "is no Python"),
    (
        "python",
        "### BEGIN HIDDEN TESTS\ntry:",
        "try:\n    ### BEGIN HIDDEN TESTS",
        "q2_b_test",
        "is taken out|are taken out",
    ),
    ("parts", "%% md q1_prompt locked", "%% md q1_text locked", "q1", "has no prompt"),
    ("parts", "**Question 1 —", "**Question 2 —", "q1_prompt", "Question 1"),
    ("parts", "%% code q1 solution", "%% code answer solution", "answer", "belongs to no question"),
    ("parts", "%% code q1 solution", "%% code q1 locked", "q1", "not marked as a solution"),
    ("parts", "%% code q1_test test points=2", "%% code q1_test locked", "q1_test", "no graded"),
    ("parts", "%% code q2_given locked", "%% code q2_given", "q2_given", "must be locked"),
    ("prompts", "%% md q1_prompt locked", "%% md q1_prompt", "q1_prompt", "locked markdown"),
    ("points", "%% code q1_test test points=2", "%% code q1_test test points=0", "q1_test", "no points"),
    (
        "points",
        "(2 points). Write `total",
        "(4 points). Write `total",
        "q1_prompt",
        "states 4 points, and the tests give 2",
    ),
    ("points", "(2 points). Write `total", "Write `total", "q1_prompt", "must state the points as '\\(2 points"),
    ("assert-messages", ', "Return a plain number."', "", "q1_test", "has no message"),
    ("assert-messages", ', "Return a plain number."', ', ""', "q1_test", "has no message"),
    ("test-names", "_answer = total(_unseen)", "_answer = total(unseen)", "q1_test", "`unseen`, which no cell makes"),
    ("test-names", "_answer = total(_unseen)", "_answer = total(day)", "q1_test", "only the later cell q2_given"),
    ("test-names", "_answer = float(mean(", "_answer = total([0]) + float(mean(", "q2_a_test", "which only q1 makes"),
    (
        "test-names",
        "import math\n\n### BEGIN HIDDEN TESTS",
        "cmath.pi\n### BEGIN HIDDEN TESTS\nimport cmath, math",
        "q2_b_test",
        "only in the hidden",
    ),
    (
        "solution-names",
        "    return sum(value for",
        "    return sum(value + later for",
        "q1",
        "`later`, which no locked",
    ),
    ("given-names", "day = [10", "sum_ = total([1])\nday = [10", "q2_given", "`total`, the answer to q1"),
    ("prompt-names", "Write `total(values)`: it", "Write a function: it", "q1_prompt", "does not mention `total`"),
    (
        "prompt-names",
        "Write `total(values)`: it",
        "Write `total(items)`: it",
        "q1_prompt",
        r"the scaffold has \(values\)",
    ),
    ("prompt-names", "Write `total(values)`: it", "Write `total(values=None)`: it", "q1_prompt", "the scaffold has"),
]
"""Versions of the lab `sums` that differ in one place; those that take more stand below as functions."""


def _lint(root: Path, name: str = "sums") -> list[Finding]:
    return lint(course_root=root, notebooks=[name]).findings


def _edit(root: Path, *changes: tuple[str, str], name: str = "sums") -> None:
    path = root / "source" / "arith" / f"{name}.ipynb"
    text = to_text(read(path))
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    write(from_text(text), path)


def test_the_tiny_course_has_nothing_to_put_right(tiny_course: Path) -> None:
    result = lint(course_root=tiny_course)
    assert result.ok, [str(finding) for finding in result.findings]
    assert result.files == ["source/arith/lists.ipynb", "source/arith/sums.ipynb"]


def _objectives(root: Path) -> None:
    path = root / "course" / "objectives.yml"
    path.write_text(path.read_text().replace("graded: [sums/q1]", "graded: []"))


def _unclosed_solution(root: Path) -> None:
    _edit(root, ("    ### END SOLUTION\n", ""))


def _solution_in_a_given_cell(root: Path) -> None:
    _edit(root, ("day = [10", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION\nday = [10"))


def _no_solution_region(root: Path) -> None:
    _edit(root, ("    ### BEGIN SOLUTION\n", ""), ("    ### END SOLUTION\n", ""))


def _no_hidden_tests(root: Path) -> None:
    _edit(root, ("### BEGIN HIDDEN TESTS\n", ""), ("### END HIDDEN TESTS\n", ""))


def _whole_function_hidden(root: Path) -> None:
    _edit(root, ("def total(values):", "### BEGIN SOLUTION\ndef total(values):"), ("    ### BEGIN SOLUTION\n", ""))


def _stub_below_a_body(root: Path) -> None:
    _edit(
        root,
        ("    ### BEGIN SOLUTION\n    present =", "    present ="),
        (
            "math.nan\n    ### END SOLUTION",
            "math.nan\n\n\ndef helper():\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION",
        ),
    )


def _test_above_the_answer(root: Path) -> None:
    _edit(root, ("%% code q2_given locked", "%% code q2_0_test test points=1"))


def _same_id_twice(root: Path) -> None:
    _edit(root, ("%% code q2_given locked", "%% code setup locked"))


def _unused_question(root: Path) -> None:
    _edit(
        root,
        ("%% md closing locked", "%% md q3_prompt locked\n**Question 3 — More** (1 points).\n%% md closing locked"),
    )


def _outputs(root: Path) -> None:
    path = root / "source" / "arith" / "sums.ipynb"
    path.write_text(path.read_text().replace('"execution_count": null', '"execution_count": 3', 1))


def _other_kernel(root: Path) -> None:
    path = root / "source" / "arith" / "sums.ipynb"
    path.write_text(path.read_text().replace('"name": "python3"', '"name": "mine"'))


def _leak_in_metadata(root: Path) -> None:
    path = root / "source" / "arith" / "sums.ipynb"
    notebook = read(path)
    notebook.cells[0].metadata["tags"] = ["return sum(value for value in values if value is not None)"]
    write(notebook, path)


def _mark_that_survives(root: Path) -> None:
    config = root / "nbgrader_config.py"
    config.write_text(
        config.read_text()
        + 'c.ClearHiddenTests.begin_test_delimeter = "HIDE"\nc.ClearHiddenTests.end_test_delimeter = "SHOW"\n'
    )


def _no_notebook(root: Path) -> None:
    (root / "source" / "arith" / "sums.ipynb").write_text("{")


BUILT: list[tuple[str, Callable[[Path], None], str, str]] = [
    ("readable", _no_notebook, "", "can't be read"),
    ("generates", _unclosed_solution, "", "no end solution statement"),
    ("canonical", _outputs, "", "canonical form"),
    ("kernelspec", _other_kernel, "", "another kernel"),
    ("parts", _test_above_the_answer, "q2_0_test", "stands above the answer"),
    ("parts", _same_id_twice, "setup", "2 cells have this id"),
    ("parts", _unused_question, "q3", "has no answer cell"),
    ("objectives", _objectives, "q1", "list sums/q1"),
    ("solution-regions", _unclosed_solution, "q1", "without END SOLUTION"),
    ("solution-regions", _solution_in_a_given_cell, "q2_given", "is no answer cell"),
    ("solution-regions", _no_solution_region, "q1", "has no solution region"),
    ("hidden-regions", _no_hidden_tests, "q1_test", "has no hidden tests"),
    ("test-names", _whole_function_hidden, "q1_test", "not in its scaffold"),
    ("stubs", _stub_below_a_body, "q2", "does not raise"),
    ("leaks", _leak_in_metadata, "q1", "gives away a hidden line"),
    ("leaks", _mark_that_survives, "q1_test", "still has the mark BEGIN HIDDEN TESTS"),
]


@pytest.mark.parametrize(("rule", "old", "new", "cell", "words"), REPLACED)
def test_a_replacement_that_must_be_found(
    tiny_course: Path, rule: str, old: str, new: str, cell: str, words: str
) -> None:
    _edit(tiny_course, (old, new))
    _expect(_lint(tiny_course), rule, cell, words)


@pytest.mark.parametrize(("rule", "break_it", "cell", "words"), BUILT)
def test_a_change_that_must_be_found(
    tiny_course: Path, rule: str, break_it: Callable[[Path], None], cell: str, words: str
) -> None:
    break_it(tiny_course)
    _expect(_lint(tiny_course), rule, cell, words)


def _expect(findings: list[Finding], rule: str, cell: str, words: str) -> None:
    shown = [str(finding) for finding in findings]
    assert any(f.rule == rule and f.cell == cell and re.search(words, f.sentence) for f in findings), shown


def test_every_rule_is_proven() -> None:
    assert {broken[0] for broken in REPLACED} | {built[0] for built in BUILT} == {*RULES, "readable", "generates"}


def test_names_come_from_pythons_own_scopes() -> None:
    names = names_of("import os\nx = [n for n in values]\ndef f(a):\n    b = a + c\n    return lambda: b + os.sep")
    assert names.bound == {"os", "x", "f"}
    assert names.free == {"values", "c"}
    assert not names.is_open
    assert names_of("from math import *").is_open
    assert names_of("%%time\nx = 1\n%time y = x").bound == {"x", "y"}
    assert names_of("%matplotlib inline\nfiles = !ls").bound == {"files"}


def test_a_star_import_silences_what_nobody_can_tell(tiny_course: Path) -> None:
    _edit(
        tiny_course,
        ("takings =", "from math import *\n\ntakings ="),
        ("_answer = total(_unseen)", "_answer = total([e])"),
    )
    assert not [finding for finding in _lint(tiny_course) if finding.rule == "test-names"]


def test_a_call_in_the_prompt_is_no_signature(tiny_course: Path) -> None:
    _edit(tiny_course, ("an empty list gives 0", "`total([])` gives 0, and `total(x)` too"))
    assert _lint(tiny_course) == []


def test_defaults_and_annotations_may_be_left_out_of_the_prompt(tiny_course: Path) -> None:
    _edit(
        tiny_course,
        ("def total(values):", "def total(values: list = (), *, start: int = 0) -> float:"),
        ("`total(values)`", "`total(values, start=0)`"),
    )
    assert _lint(tiny_course) == []
