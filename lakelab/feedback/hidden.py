"""Taking the instructor's secrets, hidden tests and mark schemes, out of an executed notebook.

The tests' regions are cut out of their cells. Outputs can quote them too: a traceback shows the lines around an error, and a student's
function can read the frame that called it. Whatever output holds a line of a hidden test is therefore cut as well. An output that a student took
care to encode gets through; only tests that run in another process than the answers could prevent that.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from nbformat import NotebookNode
from nbgrader import utils
from traitlets.config import Config

from lakelab.notebooks.regions import CourseMarks, lines_of

HIDDEN = "[hidden tests]"
REMOVED = "[A line of a hidden test stood here.]"

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_INSIGNIFICANT = re.compile(r"[\s\\]+")

_SHORTEST = 12
"""Characters that a line must have to count as a quotation: `try:` or `else:` gives nothing away and is in everybody's code."""


def plain(text: str) -> str:
    """Return `text` without the codes that colour a terminal."""
    return _ANSI.sub("", text)


def _essence(text: str) -> str:
    """Return what is compared of a text, so that neither colours nor escapes nor blanks hide a quotation."""
    return _INSIGNIFICANT.sub("", html.unescape(plain(text)))


class Secrets:
    """The hidden regions of one notebook's tests, as that notebook itself, when it was executed, held them."""

    def __init__(self, nb: NotebookNode, config: Config) -> None:
        self._marks = CourseMarks.of(config).hidden
        secret: set[str] = set()
        public: set[str] = set()
        for cell in nb.cells:
            for line, hidden in self._lines(cell):
                (secret if hidden else public).add(_essence(line))
        self.lines = {line for line in secret - public if len(line) >= _SHORTEST}

    def _lines(self, cell: NotebookNode) -> Iterator[tuple[str, bool]]:
        """Yield the lines of a cell and whether they are hidden, the marks themselves included."""
        # A student who writes the mark into an own cell hides nothing from anybody.
        marks = self._marks if _is_instructors(cell) else ()
        return ((line, place != "outside") for line, place in lines_of(cell.source, marks))

    def cut_source(self, cell: NotebookNode) -> None:
        """Put one line in the place of every hidden region of an instructor's cell; a region without an end goes on to the last line."""
        shown: list[str] = []
        before = False
        for line, hidden in self._lines(cell):
            if not hidden:
                shown.append(line)
            elif not before:
                shown.append(f"# {HIDDEN}" if cell.cell_type == "code" else "")
            before = hidden
        cell.source = "\n".join(shown)

    def quoted_in(self, text: str) -> bool:
        """Tell whether `text` holds a line of a hidden test."""
        essence = _essence(text)
        return any(line in essence for line in self.lines)

    def cut_text(self, text: str) -> str:
        """Return `text` with a note in the place of every line that quotes a hidden test, or of all of it if that isn't enough."""
        if not self.quoted_in(text):
            return text
        kept = "\n".join(REMOVED if self.quoted_in(line) else line for line in text.split("\n"))
        return REMOVED if self.quoted_in(kept) else kept


def _is_instructors(cell: NotebookNode) -> bool:
    return utils.is_task(cell) or (not utils.is_solution(cell) and (utils.is_locked(cell) or utils.is_grade(cell)))
