"""Renders a template to a notebook.

A template is text with cells between ``# %%`` and ``# %% [markdown]`` lines, filled in by Jinja; markdown lines start with
``# ``. What it renders is a script as well as a notebook.
"""

from __future__ import annotations

import functools
import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakelab.notebooks.canonical import KERNELSPEC, LANGUAGE_INFO

if TYPE_CHECKING:
    from jinja2 import Environment
    from nbformat import NotebookNode

_WIDTH = 110


def render(template: str, **values: Any) -> NotebookNode:
    """The notebook that ``template`` gives with ``values``.

    Raises:
        jinja2.UndefinedError: the template uses a value that was not given.
    """
    import nbformat.v4 as v4

    text = _environment().get_template(template).render(**values)
    cells = []
    for number, (kind, source) in enumerate(_cells(text), start=1):
        make = v4.new_markdown_cell if kind == "markdown" else v4.new_code_cell
        cells.append(make(source, id=f"cell-{number}"))
    return v4.new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO})


def write(notebook: NotebookNode, path: Path) -> Path:
    """Write ``notebook`` to ``path``, whose folder is made if need be, and return the path."""
    import nbformat

    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def _cells(text: str) -> list[tuple[str, str]]:
    pieces = re.split(r"^# %%( \[markdown\])?[ ]*\n", text, flags=re.MULTILINE)[1:]
    cells = []
    for mark, body in zip(pieces[::2], pieces[1::2], strict=True):
        body = re.sub(r"\n{4,}", "\n\n\n", body).strip("\n")
        if mark:
            lines = (re.sub(r"^# ?", "", line) for line in body.splitlines())
            cells.append(("markdown", re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")))
        elif body:
            cells.append(("code", body))
    return cells


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("lakelab.automl"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["py"] = python
    environment.filters["keywords"] = keywords
    return environment


def python(value: Any) -> str:
    """``value`` as Python code, laid out over lines if it is long."""
    flat = _flat(value)
    if len(flat) <= _WIDTH - 20:
        return flat
    if isinstance(value, list):
        items = ", ".join(map(_flat, value)) + ","
        indent = "    "
        inner = textwrap.fill(
            items,
            _WIDTH,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return f"[\n{inner}\n]"
    if isinstance(value, dict):
        inner = "\n".join(f"    {_flat(key)}: {_flat(item)}," for key, item in value.items())
        return f"{{\n{inner}\n}}"
    return flat


def keywords(arguments: dict[str, Any]) -> str:
    """``arguments`` as the keyword arguments of a call."""
    return ", ".join(f"{name}={_flat(value)}" for name, value in arguments.items())


def _flat(value: Any) -> str:
    """``value`` as Python code in one line, strings in double quotes."""
    if isinstance(value, str):
        text = repr("'" + value)  # a single quote inside makes repr choose double ones
        return f'"{text[2:-1]}"' if text.startswith('"') else repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_flat, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(_flat, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_flat(key)}: {_flat(item)}' for key, item in value.items())}}}"
    return repr(value)
