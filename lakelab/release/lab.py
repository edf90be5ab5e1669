"""A lab as its author sees it: questions with a prompt, a solution cell and test cells.

The cells of a question are found by their ids: `q3_prompt`, `q3_given` (optional), `q3` (the answer), `q3_test` or, for
partial credit, `q3_a_test`, `q3_b_test`, … Other cells belong to no question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from lakelab.notebooks import read
from lakelab.notebooks.regions import Marks, lines_of

_TIMING = re.compile(r"^%%(?:time|capture)\b.*$|^([ \t]*)%time[ \t]+", re.MULTILINE)
_PART = re.compile(r"^(q\d+)(?:_(prompt)|_(given\w*)|((?:_\w+)?_test))?$")


@dataclass(frozen=True)
class Cell:
    """One cell, with what nbgrader's metadata says about it."""

    position: int
    id: str
    kind: str
    """`code` or `markdown` (or `raw`)."""
    source: str
    locked: bool
    solution: bool
    grade: bool
    points: float

    @property
    def is_test(self) -> bool:
        """A cell that scores by running."""
        return self.grade and not self.solution

    @property
    def is_manual(self) -> bool:
        """An answer that a person scores."""
        return self.grade and self.solution


@dataclass
class Question:
    """The cells of one question; a well-formed one has a prompt, a solution and, unless it is scored by hand, tests."""

    id: str
    prompt: Cell | None = None
    given: list[Cell] = field(default_factory=list)
    solution: Cell | None = None
    tests: list[Cell] = field(default_factory=list)

    @property
    def is_manual(self) -> bool:
        """Scored by a person: no variants and no tests are expected."""
        return self.solution is not None and self.solution.is_manual

    @property
    def points(self) -> float:
        """What the question can score, by its tests or by hand."""
        by_hand = self.solution.points if self.solution and self.is_manual else 0.0
        return sum(cell.points for cell in self.tests) + by_hand


@dataclass(frozen=True)
class Lab:
    """A source notebook and its questions in the order of the page."""

    path: Path
    notebook: NotebookNode
    cells: list[Cell]
    questions: dict[str, Question]

    @property
    def assignment(self) -> str:
        """The nbgrader assignment: the name of the folder."""
        return self.path.parent.name

    @property
    def name(self) -> str:
        """The lesson: the file's name without its ending."""
        return self.path.stem

    @classmethod
    def read(cls, path: Path) -> Lab:
        """Read the notebook at `path`; raises what `lakelab.notebooks.read` raises for a file that is no notebook."""
        notebook = read(path)
        cells = [_cell(position, node) for position, node in enumerate(notebook.cells)]
        questions: dict[str, Question] = {}
        for cell in cells:
            _place(cell, questions)
        return cls(path=path, notebook=notebook, cells=cells, questions=questions)


def _cell(position: int, node: NotebookNode) -> Cell:
    meta = node.metadata.get("nbgrader", {})
    return Cell(
        position=position,
        id=meta.get("grade_id") or node.get("id") or f"cell-{position + 1}",
        kind=node.cell_type,
        source=node.source,
        locked=bool(meta.get("locked")),
        solution=bool(meta.get("solution")),
        grade=bool(meta.get("grade")),
        points=float(meta.get("points") or 0),
    )


def question_of(cell_id: str) -> str | None:
    """Return the question that a cell belongs to by its id, or None."""
    match = _PART.match(cell_id)
    return match[1] if match else None


def _place(cell: Cell, questions: dict[str, Question]) -> None:
    match = _PART.match(cell.id)
    if match is None:
        return
    question = questions.setdefault(match[1], Question(match[1]))
    if match[2]:
        question.prompt = cell
    elif match[3]:
        question.given.append(cell)
    elif match[4]:
        question.tests.append(cell)
    else:
        question.solution = cell


def as_python(source: str) -> str:
    """Return a code cell with its magics and shell lines turned into Python, so that `ast` can parse it.

    `%time` and its like are dropped, because what they time is Python that defines names as any other.
    """
    return TransformerManager().transform_cell(_TIMING.sub(r"\1", source))


def split_regions(source: str, marks: Marks) -> tuple[list[str], list[str], str | None]:
    """Split a cell's lines at its marked regions.

    Returns the lines outside, the lines inside (marks left out of both), and what is wrong with the marks, if anything.
    """
    begin, end = marks
    outside: list[str] = []
    inside: list[str] = []
    is_open = False
    problem: str | None = None
    for line, place in lines_of(source, [marks]):
        if place == "begin":
            problem = problem or (f"has a second {begin} before {end}" if is_open else None)
            is_open = True
        elif place == "end":
            problem = problem or (None if is_open else f"has {end} without {begin}")
            is_open = False
        else:
            (inside if is_open else outside).append(line)
    return outside, inside, problem or (f"has {begin} without {end}" if is_open else None)
