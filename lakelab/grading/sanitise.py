"""Rebuilding a submission from the recorded source: the student's answers in the instructor's notebook.

Nothing but text of answers and of the student's own cells crosses over. Everything that steers execution or scoring (tests, tags, types,
points, ids, order, kernel) comes from the source, so a damaged or doctored file can't change how it is graded.
"""

from __future__ import annotations

import copy
import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils

from lakelab.grading.source import RecordedSource

MAX_BYTES = 512 * 1024**2
"""A submission larger than this is not read."""

# Tags with which a cell asks the executor to treat it specially; on a graded cell they would hide a failing test.
_EXECUTION_TAGS = {"skip-execution", "raises-exception", "remove-cell", "parameters", "injected-parameters"}


class Unreadable(Exception):
    """The file can't be taken as a notebook; the message is the reason in one sentence."""


@dataclass
class Sanitised:
    """A notebook fit for execution.

    `repairs` are oddities that were put right and cost nothing; `tampering` is evidence of an attempt to change the grading itself.
    """

    nb: NotebookNode
    repairs: list[str] = field(default_factory=list)
    tampering: list[str] = field(default_factory=list)


def read_submission(path: Path) -> bytes:
    """Return the bytes of a submitted notebook; raises Unreadable with the reason.

    A link is refused: it would let a submission show the grader any file of the instructor.
    """
    if path.is_symlink() or path.parent.is_symlink():
        raise Unreadable("The file is a symbolic link; hand in the notebook itself.")
    try:
        # Neither following a link that took the file's place meanwhile, nor waiting for the writer of a named pipe.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            info = os.fstat(handle)
            if not stat.S_ISREG(info.st_mode):
                raise Unreadable("This is not a file; hand in the notebook itself.")
            if info.st_size > MAX_BYTES:
                raise Unreadable(
                    f"The file has {info.st_size / 1024**2:.0f} MiB, more than {MAX_BYTES // 1024**2} are not read; clear the outputs and hand it in again."
                )
            return file.read()
    except IsADirectoryError:
        raise Unreadable("This is not a file; hand in the notebook itself.") from None
    except OSError as error:
        raise Unreadable(f"The file can't be read ({error.strerror}).") from None


def parse(content: bytes) -> NotebookNode:
    """Return a notebook of format 4 whose cells have text sources and dict metadata; raises Unreadable with the reason."""
    if not content.strip():
        raise Unreadable("The file is empty.")
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("The file is not text in UTF-8, so it is not a notebook.") from None
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"The file is not valid JSON, so it is not a notebook ({str(error)[:80]}).") from None
    if not isinstance(document, dict) or not ({"cells", "worksheets"} & set(document)):
        raise Unreadable("The file is JSON, but not a notebook: it has no cells.")
    cells = document["cells"] if "cells" in document else _cells_of_format_3(document)
    if not isinstance(cells, list):
        raise Unreadable("The file is JSON, but not a notebook: its cells are no list.")
    # Only what is used of it, as the types that everything after relies on: the rest of the file may be as odd as it likes.
    plain = [_plain_cell(cell) for cell in cells if isinstance(cell, dict)]
    nb: NotebookNode = nbformat.from_dict({"metadata": {}, "nbformat": 4, "nbformat_minor": 5, "cells": plain})
    return nb


def _cells_of_format_3(document: dict[str, Any]) -> list[Any]:
    """Return the cells of a notebook of the format before 2014, which had worksheets and called a code cell's text its input."""
    sheets = document["worksheets"] if isinstance(document["worksheets"], list) else []
    cells: list[Any] = []
    for sheet in sheets:
        if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list):
            cells += sheet["cells"]
    return [{"source": cell.get("input", ""), **cell} for cell in cells if isinstance(cell, dict)]


def _plain_cell(cell: dict[str, Any]) -> dict[str, Any]:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    metadata = cell.get("metadata")
    known = (
        {key: metadata[key] for key in ("nbgrader", "tags") if key in metadata} if isinstance(metadata, dict) else {}
    )
    kind = cell.get("cell_type")
    plain: dict[str, Any] = {
        "cell_type": kind if kind in ("code", "markdown", "raw") else "raw",
        "source": _encodable(source) if isinstance(source, str) else "",
        "metadata": known,
    }
    if isinstance(cell.get("id"), str):
        plain["id"] = cell["id"]
    if isinstance(cell.get("attachments"), dict) and kind == "markdown":
        plain["attachments"] = cell["attachments"]
    if kind == "code":
        plain |= {"outputs": [], "execution_count": None}
    return plain


def _encodable(text: str) -> str:
    """Return the text with a question mark for each half of a surrogate pair: JSON can hold one, no file or database can."""
    return text.encode("utf-8", "replace").decode()


def _grade_id(cell: NotebookNode) -> str:
    nbgrader = cell.metadata.get("nbgrader")
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return name if isinstance(name, str) else ""


def _identify(cells: list[NotebookNode], source: RecordedSource, repairs: list[str]) -> list[str]:
    """Return, per submitted cell, the grade_id of the source cell that it is, or ''.

    Where a tool has stripped nbgrader's metadata, the cell's id tells, and after that the unchanged text of a locked cell.
    """
    names = [name if (name := _grade_id(cell)) in source.cells else "" for cell in cells]
    unknown = sorted({_grade_id(cell) for cell, name in zip(cells, names, strict=True) if _grade_id(cell) and not name})
    if unknown:
        repairs.append(f"Cells with ids of another notebook were taken as ordinary cells: {', '.join(unknown)[:120]}.")
    by_cell_id = {cell.get("id"): name for name, cell in source.cells.items() if cell.get("id")}
    by_text = {
        cell.source.strip(): name
        for name, cell in source.cells.items()
        if utils.is_locked(cell) and len(cell.source) > 20
    }
    found = []
    for position, cell in enumerate(cells):
        if names[position] or isinstance(cell.metadata.get("nbgrader"), dict):
            continue
        match = by_cell_id.get(cell.get("id")) or by_text.get(cell.source.strip())
        if match and match not in names:
            names[position] = match
            found.append(match)
    if found:
        repairs.append(
            f"nbgrader's metadata was missing on {len(found)} cells; they were recognised by their ids or text."
        )
    return names


def _own_cell(cell: NotebookNode, cell_id: str) -> NotebookNode:
    """Return a student's own cell with nothing but its text."""
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}.get(
        cell.cell_type, nbformat.v4.new_raw_cell
    )
    own = make(cell.source, id=cell_id)
    if cell.get("attachments"):
        own["attachments"] = cell.attachments
    return own


def _signs_of_tampering(cell: NotebookNode, original: NotebookNode) -> list[str]:
    """Name what no notebook editor does to a graded cell by accident."""
    theirs, ours = cell.metadata.get("nbgrader"), original.metadata.nbgrader
    signs = []
    if isinstance(theirs, dict):
        for flag in ("grade", "solution"):
            if bool(theirs.get(flag)) != bool(ours.get(flag)):
                signs.append(f"'{flag}' changed to {bool(theirs.get(flag))}")
        if "points" in theirs and theirs.get("points") != ours.get("points"):
            signs.append(f"points changed from {ours.get('points')} to {str(theirs.get('points'))[:20]}")
    tags = cell.metadata.get("tags")
    steering = sorted(_EXECUTION_TAGS & {tag for tag in tags if isinstance(tag, str)}) if isinstance(tags, list) else []
    if steering:
        signs.append(f"tagged {', '.join(steering)}")
    return signs


def _evidence(signs: dict[str, list[str]]) -> list[str]:
    """Return one phrase for each sign, with the cells that bear it: a few by name, many by their number."""
    return [
        f"{sign}: {', '.join(cells[:3])}" + (f" and {len(cells) - 3} more" if len(cells) > 3 else "")
        for sign, cells in signs.items()
    ]


def sanitise(submitted: NotebookNode, source: RecordedSource) -> Sanitised:
    """Put the student's answers and own cells into a copy of the recorded source.

    Cells of the source keep the source's order. A student's own cell stays behind the cell of the source that it followed, so
    helpers defined before an answer are still defined before it. Of an answer that occurs twice, both run, the
    later one last, as in the student's notebook.
    """
    result = Sanitised(nb=copy.deepcopy(source.nb))
    names = _identify(submitted.cells, source, result.repairs)
    first_own: list[NotebookNode] = []
    following: dict[str, list[NotebookNode]] = {name: [] for name in source.cells}
    answers: dict[str, NotebookNode] = {}
    anchor, duplicates, edited, signs = "", set[str](), [], dict[str, list[str]]()
    for number, (cell, name) in enumerate(zip(submitted.cells, names, strict=True), start=1):
        original = source.cells.get(name)
        if original is not None and (utils.is_grade(original) or utils.is_locked(original)):
            if utils.is_grade(original):
                for sign in _signs_of_tampering(cell, original):
                    signs.setdefault(sign, []).append(name)
            if (
                utils.is_locked(original)
                and cell.source.strip() != source.released_text(name).strip()
                and cell.source.strip() != original.source.strip()
            ):
                edited.append(name)
        if original is None or name in answers:
            if name:
                duplicates.add(name)
            if original is None or utils.is_solution(original):
                own = _own_cell(cell, f"own-{number}")
                (following[name or anchor] if (name or anchor) else first_own).append(own)
            continue
        answers[name] = cell
        anchor = name
    result.tampering = _evidence(signs)
    missing = [name for name in source.cells if name not in answers]
    if duplicates:
        result.repairs.append(
            f"Cells occur more than once: {', '.join(sorted(duplicates))}; answers were all run in order, tests once."
        )
    if edited:
        result.repairs.append(f"Locked cells had been edited and were restored: {', '.join(edited)}.")
    if missing:
        result.repairs.append(f"Cells were missing and were put back, answers empty: {', '.join(missing)}.")
    cells = list(first_own)
    for cell in result.nb.cells:
        name = _grade_id(cell)
        if (
            not name
        ):  # free text of the instructor between the questions; the student's copy of it counts as an own cell
            continue
        if not utils.is_locked(cell):
            answer = answers.get(name)
            cell.source = answer.source if answer is not None else ""
            if answer is not None and cell.cell_type == "markdown" and answer.get("attachments"):
                cell["attachments"] = answer.attachments
            if answer is not None and answer.cell_type != cell.cell_type:
                result.repairs.append(
                    f"Cell {name} had become {answer.cell_type} and was turned back into {cell.cell_type}."
                )
        cell.metadata = nbformat.from_dict({"nbgrader": dict(cell.metadata.nbgrader)})
        cells += [cell, *following[name]]
    result.nb.cells = cells
    for position, cell in enumerate(cells):
        cell["id"] = f"{position}-{re.sub('[^A-Za-z0-9_-]', '-', _grade_id(cell) or 'own')[:40]}"
    kernelspec = source.nb.metadata.get(
        "kernelspec", {"name": "python3", "display_name": "Python 3", "language": "python"}
    )
    language = source.nb.metadata.get("language_info", {"name": "python"})
    result.nb.metadata = nbformat.from_dict({"kernelspec": dict(kernelspec), "language_info": dict(language)})
    result.nb.nbformat, result.nb.nbformat_minor = 4, 5
    return result
