"""Self-study: one's own copy is graded with the hidden tests, in a scratch place."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from lakelab.check import CheckResult, check, render
from lakelab.grading.errors import GradingError
from lakelab.grading.execute import Limits
from lakelab.notebooks import read, write

LIMITS = Limits(cell_timeout=10, notebook_timeout=30)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A LAKELAB_HOME of its own, so that progress starts empty."""
    monkeypatch.setenv("LAKELAB_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def _copy(course: Path, folder: str, name: str = "sums") -> Path:
    target = course / "mine" / f"{name}.ipynb"
    target.parent.mkdir(exist_ok=True)
    shutil.copy(course / folder / "arith" / f"{name}.ipynb", target)
    return target


def _shown(result: CheckResult) -> str:
    console = Console(file=io.StringIO(), width=120, color_system=None)
    render(result, console)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_the_reference_stands(tiny_course: Path, home: Path) -> None:
    result = check(_copy(tiny_course, "source"), course_root=tiny_course, limits=LIMITS)
    assert result.ok
    assert result.earned == result.points > 0
    assert "All questions stand" in _shown(result)


def test_the_blank_lab_says_what_is_not_answered_and_where_to_read(tiny_course: Path, home: Path) -> None:
    result = check(_copy(tiny_course, "release"), course_root=tiny_course, limits=LIMITS)
    assert not result.ok
    assert result.earned == 0
    first = result.questions[0]
    assert first.hints == ["Not answered yet."]
    assert first.sections
    assert f"Read again: {first.sections[0]}" in _shown(result)


def test_a_wrong_answer_gets_its_hint_and_the_progress_shows(tiny_course: Path, home: Path) -> None:
    mine = _copy(tiny_course, "source")
    nb = read(mine)
    answer = next(cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "q1")
    right = answer.source
    answer.source = "def total(values):\n    return sum(value for value in values if value and value > 0)"
    write(nb, mine)
    before = mine.read_bytes()
    result = check(mine, course_root=tiny_course, limits=LIMITS)
    wrong = {question.question: question for question in result.questions}["q1"]
    assert not wrong.stands
    assert "Negative numbers are takings too" in wrong.hints[0]
    assert mine.read_bytes() == before, "the learner's file must not change"
    answer.source = right
    write(nb, mine)
    again = check(mine, course_root=tiny_course, limits=LIMITS)
    assert again.checks == 2
    assert again.questions[0].before is not None
    assert "▲" in _shown(again)
    assert not (tiny_course / "gradebook.db").exists()


def test_damaged_progress_costs_nothing_but_the_arrows(tiny_course: Path, home: Path) -> None:
    home.mkdir()
    (home / "progress.json").write_text("{not json")
    assert check(_copy(tiny_course, "source"), course_root=tiny_course, limits=LIMITS).ok


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("sums", None, "There is no .*sums.ipynb"),
        ("sums", "", "The file is empty"),
        ("sums", "{}", "not a notebook"),
        ("other", "{}", "No lab is called 'other'"),
    ],
)
def test_bad_input_is_one_sentence(
    tiny_course: Path, home: Path, name: str, content: str | None, complaint: str
) -> None:
    path = tiny_course / f"{name}.ipynb"
    if content is not None:
        path.write_text(content)
    with pytest.raises(GradingError, match=complaint):
        check(path, course_root=tiny_course, limits=LIMITS)
