"""The regions that a source marks: solutions, hidden tests and mark schemes, by the marks that the course configures.

nbgrader cuts them out when it makes a release. Whoever else takes a cell apart asks here, so that all agree with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions
from traitlets.config import Config


class Marks(NamedTuple):
    """What a line holds that begins a region, and what one holds that ends it."""

    begin: str
    end: str


@dataclass(frozen=True)
class CourseMarks:
    """The marks of one course."""

    solution: Marks
    tests: Marks
    schemes: Marks

    @classmethod
    def of(cls, config: Config | None = None) -> CourseMarks:
        """Return the marks that a course's configuration names; without one, nbgrader's own."""
        steps = (ClearSolutions, ClearHiddenTests, ClearMarkScheme)
        # Only these sections: a step warns of settings that are meant for the program around it.
        own = Config({step.__name__: (config or Config())[step.__name__] for step in steps})
        solutions, tests, schemes = (step(config=own) for step in steps)
        return cls(
            Marks(solutions.begin_solution_delimeter, solutions.end_solution_delimeter),
            Marks(tests.begin_test_delimeter, tests.end_test_delimeter),
            Marks(schemes.begin_mark_scheme_delimeter, schemes.end_mark_scheme_delimeter),
        )

    @property
    def hidden(self) -> tuple[Marks, Marks]:
        """The marks of what no student sees: tests and mark schemes."""
        return self.tests, self.schemes


class Line(NamedTuple):
    """A line of a cell and where it stands: in no region, in one, or at either end."""

    text: str
    place: Literal["outside", "begin", "inside", "end"]


def lines_of(source: str, marks: Sequence[Marks]) -> Iterator[Line]:
    """Yield the lines of a cell as nbgrader sees them; a region without an end goes on to the last line."""
    current: Marks | None = None
    for text in source.split("\n"):
        candidates = marks if current is None else (current,)
        if begun := next((pair for pair in candidates if pair.begin in text), None):
            current = begun
            yield Line(text, "begin")
        elif any(pair.end in text for pair in candidates):
            current = None
            yield Line(text, "end")
        else:
            yield Line(text, "outside" if current is None else "inside")


def without_regions(source: str, marks: Sequence[Marks]) -> str:
    """Return a cell's text without the marked regions and their marks."""
    return "\n".join(line.text for line in lines_of(source, marks) if line.place == "outside")
