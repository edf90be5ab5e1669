"""Databricks' source format: a notebook as a Python file, in which comments mark cells, Markdown and magics.

The first line tells what it is, a line ``# COMMAND ----------`` stands between cells, and what is not Python (Markdown as ``%md``, magics, shell
lines) has ``# MAGIC`` in front of every line.
"""

from __future__ import annotations

import re

import nbformat
from nbformat import NotebookNode

from lakelab.export.errors import ExportError

HEADER = "# Databricks notebook source"
_SEPARATOR = "# COMMAND ----------"
_MAGIC = "# MAGIC"
_TITLE = "# DBTITLE"
_MARKDOWN = re.compile(r"%md(?:-sandbox)?(?: |\n|$)")
_WHOLE_CELL = re.compile(r"%%|%(?:md|md-sandbox|sql|sh|r|scala|fs|python|run)\b")
_LINE_MAGIC = re.compile(r"[%!]\S")


def to_source(nb: NotebookNode) -> str:
    """Return a notebook in the source format. Raw cells become Markdown; outputs, attachments and metadata have no place in it.

    Raises:
        ExportError: a cell holds a line that has a meaning in the format, so that it could not be read back.
    """
    blocks = []
    for cell in nb.cells:
        source = cell.source.strip("\n")
        for line in source.split("\n"):
            if line.startswith((_MAGIC, _SEPARATOR, _TITLE)):
                raise ExportError(
                    f"A cell holds the line '{line[:40]}', which has a meaning in Databricks' source format: change it."
                )
        blocks.append(_python(source) if cell.cell_type == "code" else _marked(f"%md\n{source}"))
    return f"\n\n{_SEPARATOR}\n\n".join([f"{HEADER}\n{blocks[0]}" if blocks else HEADER, *blocks[1:]]) + "\n"


def from_source(text: str) -> NotebookNode:
    """Return the notebook that a text in the source format holds.

    Raises:
        ExportError: the text is not in this format.
    """
    first, _, rest = text.replace("\r\n", "\n").partition("\n")
    if first.strip() != HEADER:
        raise ExportError(f"this is no notebook in Databricks' source format: its first line is not '{HEADER}'.")
    cells = [_cell(block.strip("\n")) for block in re.split(rf"^{_SEPARATOR}\s*$", rest, flags=re.MULTILINE)]
    return nbformat.v4.new_notebook(cells=cells)


def _python(source: str) -> str:
    """A code cell. One that begins with a magic is a magic as a whole."""
    lines = source.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if _WHOLE_CELL.match(first):
        return _marked(source)
    return "\n".join(_marked(line) if _LINE_MAGIC.match(line) else line for line in lines)


def _marked(text: str) -> str:
    return "\n".join(f"{_MAGIC} {line}" if line else _MAGIC for line in text.split("\n"))


def _cell(block: str) -> NotebookNode:
    lines = [
        line.removeprefix(_MAGIC).removeprefix(" ") if line == _MAGIC or line.startswith(f"{_MAGIC} ") else line
        for line in block.split("\n")
        if not line.startswith(_TITLE)
    ]
    source = "\n".join(lines)
    if _MARKDOWN.match(source):
        return nbformat.v4.new_markdown_cell(_MARKDOWN.sub("", source, count=1).strip("\n"))
    return nbformat.v4.new_code_cell(source)
