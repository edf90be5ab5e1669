"""What is asked of a kernel around tests, and how tests are cut; what comes of it is for tests/attacks."""

from __future__ import annotations

import json

import pytest

from lakelab.grading.integrity import Conversation, Uses, builtins_used, canary, names_given, pieces

TEST = """import math
from numpy.testing import assert_allclose

### BEGIN HIDDEN TESTS
_answer = total([1, 2])
assert isinstance(_answer, int), "A number."
_other = frame.groupBy("a").count()
if len(_answer) > 3:
    assert total([3]) == 3, "Three."
assert math.isnan(sum(_answer)), "No number."
### END HIDDEN TESTS"""


def test_what_tests_use() -> None:
    uses = Uses.of([TEST, "%timeit 1"])
    assert {"math", "numpy.testing", "pandas"} <= set(uses.modules)
    assert uses.attributes == ["count", "groupBy", "isnan"]
    assert builtins_used(TEST) == ["int", "isinstance", "len", "sum"]
    assert builtins_used("sum = 3\nsum") == builtins_used("%timeit sum") == []


def test_a_test_is_cut_behind_calls_of_what_the_submission_defines() -> None:
    given = names_given(["import math\nframe = 1", TEST])
    assert {"math", "frame", "assert_allclose", "_answer", "len"} <= given
    assert "total" not in given
    cut = pieces(TEST, given)
    assert [piece.rstrip().split("\n")[-1] for piece in cut] == [
        "_answer = total([1, 2])",
        '    assert total([3]) == 3, "Three."',
        "### END HIDDEN TESTS",
    ]
    assert "\n".join(cut) == TEST


@pytest.mark.parametrize(
    ("test", "number"),
    [
        ("", 1),
        ("%timeit total(1)\nx = 1", 1),
        ("total(1); x = 1", 1),
        ("total(1); x = 1\ny = 2", 1),
        ("total(1)\n@f\ndef g():\n    pass\ng()", 2),
        ("x = '''\n'''; y = total(1)\nassert y", 2),
        ("x = answers[0].predict(1)\nassert x", 2),
        ("x = [1].count(1)\nassert x", 1),
        ("x = 'a\x0cb\u2028'\ny = total(x)\nassert y", 2),
    ],
)
def test_pieces_are_whole_statements(test: str, number: int) -> None:
    cut = pieces(test, names_given([test]) - {"total"})
    assert len(cut) == number
    assert "\n".join(cut) == test
    if "%" not in test:
        for piece in cut:
            compile(piece, "piece", "exec")


def test_only_the_answer_to_the_question_counts() -> None:
    conversation = Conversation(["assert total(1)"])
    conversation.ask("before", "assert total(1)")
    guessed = repr(json.dumps({"nonce": "guessed", "found": []}))
    for value in ("None", "", "'x'", "'[]'", "'{}'", guessed, "(" * 10_000):
        assert conversation.found(value) is None
    nonce = conversation._nonce
    assert conversation.found(repr(json.dumps({"nonce": nonce, "found": ["x" * 1000]}))) == ["x" * 200]
    conversation.ask("after", "assert total(1)")
    assert conversation.found(repr(json.dumps({"nonce": nonce, "found": []}))) is None
    assert not conversation.begun("'guessed'")


def test_canaries_fail_and_are_never_the_same() -> None:
    (first, said), (second, _) = canary(), canary()
    assert first != second
    with pytest.raises(AssertionError, match=said):
        exec(first, {})
