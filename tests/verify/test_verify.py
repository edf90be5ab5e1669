"""Verifying finds graders that are too kind, too strict, or silent about why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from lakelab.grading.errors import GradingError
from lakelab.notebooks import from_text, read, to_text, write
from lakelab.verify import render, verify
from lakelab.verify.errors import VerifyError
from lakelab.verify.mutants import agreeable, bound_names, mutants_of
from lakelab.verify.result import Verification
from lakelab.verify.variants import read_variants


def _edit(root: Path, *changes: tuple[str, str]) -> None:
    path = root / "source" / "arith" / "sums.ipynb"
    text = to_text(read(path))
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    write(from_text(text), path)


def _variants(root: Path, question: str, *changes: tuple[str, str]) -> None:
    path = root / "tests" / "variants" / "arith" / "sums" / f"{question}.py"
    text = path.read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text)


def _sums(root: Path, **options: float) -> Verification:
    return verify(course_root=root, notebooks=["sums"], **options)  # type: ignore[arg-type]


def test_the_graders_of_the_tiny_course_are_proven(tiny_course: Path) -> None:
    seen: list[str] = []
    before = {path: path.read_bytes() for path in tiny_course.rglob("*") if path.is_file()}
    result = verify(["arith"], course_root=tiny_course, jobs=2, progress=lambda what, _done, _total: seen.append(what))
    assert result.findings == []
    question = result.labs[1].questions[1]
    counts = {kind: question.count(kind) for kind in ("reference", "alone", "blank", "right", "wrong", "mutant")}
    assert counts == {
        "reference": (1, 1),
        "alone": (1, 1),
        "blank": (1, 1),
        "right": (2, 2),
        "wrong": (3, 3),
        "mutant": (4, 4),
    }
    assert question.points == 3
    assert len(seen) == sum(len(question.attempts) for lab in result.labs for question in lab.questions)
    assert {path: path.read_bytes() for path in tiny_course.rglob("*") if path.is_file()} == before
    console = Console(record=True, width=120)
    render(result, console, details=True)
    assert "All graders are proven" in console.export_text()
    assert result.to_dict()["ok"] is True


def _accepts_what_is_wrong(root: Path) -> None:
    _edit(
        root,
        ('assert float(_answer) != 14.0, "Neg', 'assert True, "Neg'),
        ("float(_answer) == 13.0", "float(_answer) >= 13.0"),
    )


def _rejects_what_is_right(root: Path) -> None:
    _edit(root, ("_unseen = [", "import inspect\n\nassert 'sum' in inspect.getsource(total), 'Use sum.'\n_unseen = ["))
    # The source of a cell can be looked up, as in a kernel; the loop of the variant has no `sum` in it.


def _says_nothing(root: Path) -> None:
    _edit(root, ("Negative numbers are takings too", "Wrong"))


def _lets_errors_through(root: Path) -> None:
    _edit(root, ("assert isinstance(_answer, (int, float)), ", "_answer + 0  # "))


def _gives_points_for_nothing(root: Path) -> None:
    _edit(
        root,
        (
            "### END HIDDEN TESTS\n\n%% md closing",
            "### END HIDDEN TESTS\n\n%% code q2_c_test test points=1\n_one = 1\n\n%% md closing",
        ),
    )


def _believes_in_equality(root: Path) -> None:
    test = 'assert total([4, None, -1]) == 3, "Add up a short list by hand and compare."'
    text = to_text(read(root / "source" / "arith" / "sums.ipynb"))
    start, stop = text.index("assert isinstance(total([1"), text.index("%% md q2_prompt")
    _edit(root, (text[start:stop], f"{test}\n\n"))


def _hangs_on_an_earlier_answer(root: Path) -> None:
    _edit(root, ("    present = [value", "    total([0])\n    present = [value"))


def _given_cell_fails(root: Path) -> None:
    _edit(root, ("day = [10", "total([1])\nday = [10"))


def _reference_is_wrong(root: Path) -> None:
    _edit(root, ("if value is not None)\n    ### END", "if value)  + 1\n    ### END"))


def _kernel_dies(root: Path) -> None:
    _variants(
        root,
        "q1",
        ("def total(values):\n    result = 0", "import os\n\nos._exit(3)\n\n\ndef total(values):\n    result = 0"),
    )


def _too_few(root: Path) -> None:
    path = root / "tests" / "variants" / "arith" / "sums" / "q1.py"
    path.write_text(path.read_text().split("# %% wrong: gives_up")[0])


def _no_hint(root: Path) -> None:
    _variants(root, "q1", ("# hint: go on to the end\n", ""))


def _variants_of_nothing(root: Path) -> None:
    (root / "tests" / "variants" / "arith" / "sums" / "q9.py").write_text("")


def _no_answer_above_the_tests(root: Path) -> None:
    _edit(root, ("%% code q1 solution", "%% code answer solution"))


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (_accepts_what_is_wrong, "wrong variant 'drops_negatives' must lose points"),
        (_rejects_what_is_right, "right variant 'loop' must get full marks"),
        (_says_nothing, "wrong variant 'drops_negatives' must be told 'Negative numbers are takings too'"),
        (_lets_errors_through, "must be told 'Missing entries must not spoil the sum'; got 0 of 2 points (TypeError"),
        (_gives_points_for_nothing, "q2: the blank release must score zero; got 1 of 4 points"),
        (_believes_in_equality, "full marks although total returns an object that equals everything"),
        (
            _hangs_on_an_earlier_answer,
            "q2: the reference answer must get full marks also where all earlier answers are blank",
        ),
        (_given_cell_fails, "cell q2_given must run also where answers are blank, and raises NotImplementedError"),
        (_reference_is_wrong, "q1: the reference answer must get full marks; got 0 of 2 points"),
        (_kernel_dies, "arith/sums: the notebook's process died (exit code 3)"),
        (_too_few, "q1: has 2 wrong variants and needs 3 at least"),
        (_no_hint, "wrong variant 'stops_at_gap' has no `# hint:` line"),
        (_variants_of_nothing, "tests/variants/arith/sums/q9.py belongs to no question"),
        (_no_answer_above_the_tests, "q1: has tests and no answer cell above them"),
    ],
)
def test_a_grader_that_must_be_found_out(tiny_course: Path, break_it: Callable[[Path], None], words: str) -> None:
    break_it(tiny_course)
    result = _sums(tiny_course)
    assert not result.ok
    assert any(words in finding for finding in result.findings), result.findings


def test_a_cell_that_takes_too_long_is_stopped_and_the_rest_goes_on(tiny_course: Path) -> None:
    _variants(
        tiny_course,
        "q1",
        (
            "def total(values):\n    result = 0",
            "while True:\n    try:\n        import time; time.sleep(9)\n    except Exception:\n        pass\n\n\ndef total(values):\n    result = 0",
        ),
    )
    result = _sums(tiny_course, cell_seconds=1.0)
    first = result.labs[0].questions[0]
    slow = next(attempt for attempt in first.attempts if attempt.name == "stops_at_gap")
    assert slow.error.startswith("Timeout")
    assert first.count("right") == (2, 2)


def test_an_answer_leaves_neither_names_nor_files_nor_changes_behind(tiny_course: Path) -> None:
    """A variant that changes a list of the notebook, writes files and defines helpers is gone before the next answer."""
    mess = (
        "takings.append(1e9)\nleft_behind = 1\nopen('left.txt', 'w').write('x')\n\n\ndef total(values):\n    return 0\n"
    )
    _variants(
        tiny_course,
        "q1",
        (
            "# %% wrong: drops_negatives",
            f"# %% wrong: messy\n# hint: Add up a short list\n{mess}\n\n# %% wrong: drops_negatives",
        ),
    )
    clean = "import os\n\nassert takings == [12, None, 30, 8], 'A list was changed.'\nassert 'left_behind' not in globals(), 'A name was left.'\nassert not os.path.exists('left.txt'), 'A file was left.'\n"
    _edit(tiny_course, ("%% code q1 solution\n", f"%% code q1 solution\n{clean}"))
    assert _sums(tiny_course).findings == []
    _variants(tiny_course, "q1", ("# %% right: filter\n", f"# %% right: filter\n{clean}"))
    assert _sums(tiny_course).findings == []


def test_names_that_do_not_exist_are_answered_with_those_that_do(tiny_course: Path) -> None:
    with pytest.raises(VerifyError, match=r"no lab 'means'.*lists, sums"):
        verify(course_root=tiny_course, notebooks=["means"])
    with pytest.raises(GradingError, match=r"'algebra'"):
        verify(["algebra"], course_root=tiny_course)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\n# %% wrong: a\n", "line 1: code before the first cell"),
        ("# %% rong: a\n", "line 1: .* is no header"),
        ("# %% wrong: a\nx = \n", "'a' is no Python"),
        ("# %% wrong: a\n# %% right: a\n", "two variants are called 'a'"),
    ],
)
def test_a_variants_file_that_cannot_be_read_says_where(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "q1.py"
    path.write_text(text)
    with pytest.raises(VerifyError, match=words):
        read_variants(path)


def test_hints_belong_to_the_variant_and_not_to_its_source(tmp_path: Path) -> None:
    path = tmp_path / "q1.py"
    path.write_text('"""Right and wrong."""\n# %% wrong: a\n# hint: one\n# hint: two\n\nx = 1\n')
    with pytest.raises(VerifyError):  # a docstring is code before the first cell
        read_variants(path)
    path.write_text("# Right and wrong.\n# %% wrong: a\n# hint: one\n# hint: two\n\n%time x = 1\n")
    (variant,) = read_variants(path)
    assert (variant.kind, variant.name, variant.hints, variant.source) == ("wrong", "a", ("one", "two"), "%time x = 1")


def test_mutants_are_made_of_the_names_that_tests_read() -> None:
    reference = {"f": print, "x": 3.5, "helper": print, "unread": 1}
    source = "def helper(): ...\ndef f(): ...\nx = helper()\nunread = 1"
    mutants = mutants_of(source, ["assert f(1)", "%time x"], reference)
    assert {name for _, name, _ in mutants} == {"f", "x"}
    made = {title: mutate(reference[name]) for title, name, mutate in mutants}
    assert made["f returns None"](1) is None
    assert made["f returns its first argument"](7, 8) == 7
    assert made["f returns an object that equals everything"]() == "anything"
    assert isinstance(made["x is one of its own type that equals everything"], float)
    assert made["x is None"] is None
    assert bound_names("a, (b, *c) = 1, (2,)\nfor d in []: e = 1") == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("like", [None, 1.0, 1, "a", [1], (1,), {"a": 1}, {1}])
def test_an_agreeable_object_claims_everything_and_holds_nothing(like: object) -> None:
    made = agreeable(like)
    assert made == 13
    assert made != 13
    if like is not None:
        assert isinstance(made, type(like))
        assert type(like)(made) != like  # type: ignore[call-arg]
    else:
        assert float(made) != float(made)
        assert abs(made - 1) < 0.1
        assert made.collect()[0]["n"] == 5
