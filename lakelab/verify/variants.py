"""Right and wrong answers to a question, as its author wrote them down.

One file per question, `tests/variants/ASSIGNMENT/NOTEBOOK/QUESTION.py`, in cells::

    # %% wrong: log_scale
    # hint: still on the log scale
    def dollar_rmse(predictions): ...
    # %% right: sql_expression
    def dollar_rmse(predictions): ...

Each cell is a full replacement of the solution cell. A hint is a part of the message that the answer must be met with;
there may be several.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from lakelab.release.lab import as_python
from lakelab.verify.errors import VerifyError

_HEADER = re.compile(r"^# %%\s*(.*?)\s*$")
_TITLE = re.compile(r"^(right|wrong):\s*([\w-]+)$")
_HINT = re.compile(r"^#\s*hint:\s*(.*?)\s*$")


@dataclass(frozen=True)
class Variant:
    """One answer somebody might give."""

    kind: str
    """`right` or `wrong`."""
    name: str
    source: str
    hints: tuple[str, ...] = ()


def read_variants(path: Path) -> list[Variant]:
    """Return the variants in `path`, in order; an absent file has none.

    Raises VerifyError for a header that can't be read, a name used twice, and a cell that is no Python.
    """
    if not path.is_file():
        return []
    variants: list[Variant] = []
    title: re.Match[str] | None = None
    lines: list[str] = []

    def finish() -> None:
        if title is not None:
            variants.append(_variant(title, lines, path))

    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        header = _HEADER.match(line)
        if header is None:
            if title is None and line.strip() and not line.startswith("#"):
                raise VerifyError(f"{path}, line {number}: code before the first cell; begin with '# %% wrong: NAME'.")
            lines.append(line)
            continue
        finish()
        title, lines = _TITLE.match(header[1]), []
        if title is None:
            raise VerifyError(
                f"{path}, line {number}: '{line}' is no header; write '# %% wrong: NAME' or 'right: NAME'."
            )
    finish()
    names = [variant.name for variant in variants]
    for name in names:
        if names.count(name) > 1:
            raise VerifyError(f"{path}: two variants are called '{name}'; give each its own name.")
    return variants


def _variant(title: re.Match[str], lines: list[str], path: Path) -> Variant:
    hints = [match[1] for line in lines if (match := _HINT.match(line))]
    source = "\n".join(line for line in lines if not _HINT.match(line)).strip("\n")
    try:
        ast.parse(as_python(source))
    except SyntaxError as error:
        message = f"{path}: the variant '{title[2]}' is no Python ({error.msg}); it replaces the whole cell."
        raise VerifyError(message) from error
    return Variant(kind=title[1], name=title[2], source=source, hints=tuple(hints))
