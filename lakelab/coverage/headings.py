"""Headings of a notebook with the anchors that GitHub gives them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nbformat import NotebookNode

from lakelab.notebooks import read

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")


@dataclass(frozen=True)
class Heading:
    """A heading as people read it, and its anchor."""

    title: str
    slug: str


def headings(path: Path) -> tuple[Heading, ...]:
    """Return the headings of the notebook at `path`, in order."""
    return _headings_of(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _headings_of(path: Path, _changed: int) -> tuple[Heading, ...]:
    return tuple(_headings(read(path)))


def _headings(notebook: NotebookNode) -> list[Heading]:
    found: list[Heading] = []
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        fence = ""
        for line in cell.source.split("\n"):
            if mark := _FENCE.match(line):
                fence = "" if fence == mark[1] else fence or mark[1]
            elif not fence and (match := _HEADING.match(line)):
                title = _plain(match[1])
                slug = slugify(title)
                # GitHub numbers the second and further headings of the same name from 1.
                found.append(Heading(title, f"{slug}-{seen[slug]}" if seen[slug] else slug))
                seen[slug] += 1
    return found


def _plain(markdown: str) -> str:
    """Return a heading's text without links, emphasis and code marks."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"(?<!\w)(\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", text)
    return text.replace("`", "")


def slugify(title: str) -> str:
    """Return the anchor that GitHub makes of a heading's text: lower case, no punctuation, `-` for each space."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
