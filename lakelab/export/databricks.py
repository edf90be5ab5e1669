"""A notebook of the course as one that runs on Databricks, and what is to be said about it."""

from __future__ import annotations

from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode

from lakelab.export.data_cell import data_cell
from lakelab.export.limits import installs, limits, pictures
from lakelab.export.prose import without_mentions
from lakelab.export.switch import switch


@dataclass
class Exported:
    """A notebook under Databricks' names.

    Attributes:
        nb: the cells of the original that are left, switched; in front of them, ``added`` cells that were made for it.
        added: how many cells were put in front.
        todo: what is to be done before it runs, one sentence each.
        cannot: what does not run there, one sentence each.
        left_out: sentences and lines of prose that spoke of LakeLab alone.
    """

    nb: NotebookNode
    added: int
    todo: list[str] = field(default_factory=list)
    cannot: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def to_databricks(nb: NotebookNode, data_folder: str) -> Exported:
    """Return the notebook as it runs on Databricks, with its data in the folder ``data_folder`` of a volume."""
    cells: list[NotebookNode] = []
    result = Exported(nbformat.v4.new_notebook(), 0)
    data: set[str] = set()
    images: list[str] = []
    attached = False
    for cell in nb.cells:
        if cell.cell_type == "code":
            switched = switch(cell.source)
            data |= switched.data
            result.cannot += [f"It uses {what}, which Databricks has no counterpart of." for what in switched.missing]
            if switched.source.strip() or not cell.source.strip():
                cells.append(nbformat.v4.new_code_cell(switched.source))
            continue
        text, dropped = without_mentions(cell.source)
        result.left_out += dropped
        images += pictures(text)
        attached = attached or bool(cell.get("attachments"))
        if text.strip():
            cells.append(nbformat.v4.new_markdown_cell(text))
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    result.cannot = list(dict.fromkeys([*result.cannot, *limits(code)]))
    if data:
        result.todo.append(
            f"Upload the course's folder `data` to a volume, as in `databricks fs cp -r data dbfs:{data_folder}`, and name it in the widget **Folder of the course's data**."
        )
    if images:
        result.todo.append(
            f"Pictures are files of their own; upload them beside the notebook: {', '.join(dict.fromkeys(images))}."
        )
    if attached:
        result.cannot.append("Pictures that were attached to its cells are not in this format.")
    front = [nbformat.v4.new_markdown_cell(_head(result))]
    if packages := installs(code):
        front.append(nbformat.v4.new_code_cell(f"%pip install {' '.join(packages)}"))
    if data:
        front.append(nbformat.v4.new_code_cell(data_cell(data_folder, data)))
    result.added = len(front)
    result.nb.cells = [*front, *cells]
    return result


def _head(exported: Exported) -> str:
    lines = ["This notebook was exported for Databricks from a course that runs on one's own machine."]
    for title, sentences in (
        ("Before it runs:", exported.todo),
        ("What does not run here as it stands:", exported.cannot),
    ):
        if sentences:
            lines += ["", title, "", *(f"- {sentence}" for sentence in sentences)]
    if not exported.cannot:
        lines += ["", "Nothing in it is known not to run here."]
    return "\n".join(lines)
