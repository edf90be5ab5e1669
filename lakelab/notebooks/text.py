"""A plain-text form of a notebook, for writing and reviewing lessons in an editor.

A cell begins with a header line and goes on to the next one::

    %% md intro
    # A title
    %% md q1_prompt locked
    **Question 1** …
    %% code q1 solution
    def f(): …
    %% code q1_test test points=3
    assert …

The header is `%% md|code ID [locked | solution | test points=N | manual points=N] [tag=T …]`. `locked`, `solution`, `test` and `manual`
become nbgrader's cell metadata, with ID as the grade_id. Nothing is lost on the way to the canonical form and back.
"""

from __future__ import annotations

import re
from typing import Any

import nbformat
from nbformat import NotebookNode

_HEADER = re.compile(r"^%% (md|code)(?: (.*))?$")
_ROLES = {
    "locked": {"grade": False, "locked": True, "solution": False, "task": False},
    "solution": {"grade": False, "locked": False, "solution": True, "task": False},
    "test": {"grade": True, "locked": True, "solution": False, "task": False},
    "manual": {"grade": True, "locked": False, "solution": True, "task": False},
}


def _cell(header: str, kind: str, lines: list[str]) -> NotebookNode:
    words = header.split()
    if not words:
        raise ValueError(f"Every cell needs an id: write '%% {kind} NAME' above {lines[:1]}.")
    cell_id, *options = words
    metadata: dict[str, Any] = {}
    points = None
    role = None
    for option in options:
        if option in _ROLES:
            role = option
        elif option.startswith("points="):
            points = float(option.removeprefix("points="))
        elif option.startswith("tag="):
            metadata.setdefault("tags", []).append(option.removeprefix("tag="))
        else:
            raise ValueError(
                f"Unknown word {option!r} in the header of cell {cell_id!r}: use {', '.join(_ROLES)}, points=N or tag=T."
            )
    cell_type = "markdown" if kind == "md" else "code"
    if role:
        metadata["nbgrader"] = {**_ROLES[role], "grade_id": cell_id, "schema_version": 3, "cell_type": cell_type}
        if metadata["nbgrader"]["grade"]:
            if points is None:
                raise ValueError(f"Cell {cell_id!r} is graded: give it points=N.")
            metadata["nbgrader"]["points"] = int(points) if points.is_integer() else points
    source = "\n".join(lines).strip("\n")
    make = nbformat.v4.new_markdown_cell if kind == "md" else nbformat.v4.new_code_cell
    return make(source, id=re.sub(r"[^A-Za-z0-9_-]", "-", cell_id), metadata=metadata)


def from_text(text: str) -> NotebookNode:
    """Return the notebook that the text describes; a header that can't be read raises ValueError naming it."""
    cells: list[NotebookNode] = []
    header: re.Match[str] | None = None
    lines: list[str] = []
    for line in text.splitlines():
        match = _HEADER.match(line)
        if match is None:
            if header is None and line.strip():
                raise ValueError(f"Text before the first cell header: {line!r}. Begin with '%% md ID' or '%% code ID'.")
            lines.append(line)
            continue
        if header is not None:
            cells.append(_cell(header[2] or "", header[1], lines))
        header, lines = match, []
    if header is not None:
        cells.append(_cell(header[2] or "", header[1], lines))
    return nbformat.v4.new_notebook(cells=cells)


def _role(nbgrader: dict[str, Any]) -> str:
    flags = {key: bool(nbgrader.get(key)) for key in ("grade", "locked", "solution", "task")}
    return next((name for name, wanted in _ROLES.items() if wanted == flags), "locked")


def to_text(nb: NotebookNode) -> str:
    """Return the text form of a notebook (outputs are not part of it)."""
    parts = []
    for cell in nb.cells:
        nbgrader = cell.metadata.get("nbgrader")
        words = ["md" if cell.cell_type == "markdown" else "code", nbgrader["grade_id"] if nbgrader else cell.id]
        if nbgrader:
            words.append(_role(nbgrader))
            if nbgrader.get("grade"):
                words.append(f"points={nbgrader['points']:g}")
        words += [f"tag={tag}" for tag in cell.metadata.get("tags", [])]
        parts.append(f"%% {' '.join(words)}\n{cell.source}\n")
    return "\n".join(parts)
