"""The canonical form of a committed notebook: no outputs, no counts, stable ids, one layout of bytes.

Without it, every run in JupyterLab would show up as a change, and a generated release could not be compared
with its source byte for byte.
"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE_INFO = {"name": "python"}
# The last two are how nbgrader protects cells of a release from the student's own mistakes.
_KEPT_CELL_METADATA = ("nbgrader", "tags", "deletable", "editable")
_EMPTY: tuple[object, ...] = (None, {}, [])


def read(path: Path | str) -> NotebookNode:
    """Read a notebook of any format that nbformat knows, upgraded to format 4."""
    return nbformat.read(str(path), as_version=4)


def _cell_id(cell: NotebookNode, position: int, taken: set[str]) -> str:
    """Return a stable, unique id: the grade_id where there is one, else the cell's own, else its position."""
    wanted = cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id") or f"cell-{position}"
    wanted = re.sub(r"[^A-Za-z0-9_-]", "-", wanted)[:56]
    unique, n = wanted, 2
    while unique in taken:
        unique, n = f"{wanted}-{n}", n + 1
    taken.add(unique)
    return unique


def _canonical(nb: NotebookNode) -> dict[str, Any]:
    cells, taken = [], set[str]()
    for position, cell in enumerate(nb.cells, start=1):
        kept: dict[str, Any] = {
            "cell_type": cell.cell_type,
            "id": _cell_id(cell, position, taken),
            "metadata": {
                key: copy.deepcopy(cell.metadata[key])
                for key in _KEPT_CELL_METADATA
                if cell.metadata.get(key) not in _EMPTY
            },
            "source": "\n".join(line.rstrip() for line in cell.source.strip("\n").split("\n")),
        }
        if cell.get("attachments"):
            kept["attachments"] = copy.deepcopy(cell.attachments)
        if cell.cell_type == "code":
            kept |= {"execution_count": None, "outputs": []}
        cells.append(kept)
    metadata = {"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def canonical_text(nb: NotebookNode) -> str:
    """Return the bytes (as text) that `nb` has in the repository; `nb` itself is not changed."""
    document = _canonical(nb)
    nbformat.validate(nbformat.from_dict(document))
    for cell in document["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def is_canonical(path: Path | str) -> bool:
    """Tell whether the file is, byte for byte, what `write` would make of it."""
    return Path(path).read_text(encoding="utf-8") == canonical_text(read(path))


def write(nb: NotebookNode, path: Path | str) -> None:
    """Write `nb` to `path` in the canonical form."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(canonical_text(nb), encoding="utf-8")
