"""The text form of notebooks loses nothing, and says what is wrong with a header."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakelab.notebooks import canonical_text, from_text, read, to_text

LABS = sorted((Path(__file__).parents[1] / "fixtures" / "tiny_course" / "source").rglob("*.ipynb"))


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.stem)
def test_there_and_back(path: Path) -> None:
    assert canonical_text(from_text(to_text(read(path)))) == path.read_text(encoding="utf-8")


def test_roles_become_metadata() -> None:
    cell = from_text("%% code q1_test test points=2.5\nassert x\n").cells[0]
    assert cell.metadata.nbgrader.grade
    assert cell.metadata.nbgrader.points == 2.5
    assert cell.source == "assert x"


def test_cell_magics_are_no_headers() -> None:
    assert from_text("%% code timed\n%%time\nf()").cells[0].source == "%%time\nf()"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x = 1", "before the first cell header"),
        ("%% code\nx", "needs an id"),
        ("%% code q1 tset points=1\nx", "Unknown word 'tset'"),
        ("%% code q1_test test\nx", "give it points=N"),
    ],
)
def test_bad_headers_are_named(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        from_text(text)
