"""``docs/conformance.md`` from the table. ``make conformance`` writes it: ``PYTHONPATH=tests python -m conformance.page``."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import conformance
from conformance.table import Row, Status

PAGE = Path(__file__).resolve().parents[2] / "docs" / "conformance.md"

_HEAD = """\
# How LakeLab compares with Databricks

Code written in the course runs unchanged on Databricks, where the same names exist. This page states every signature and documented
behaviour once, and whether it holds here:

- **same**: as documented; a test checks it.
- **approximated**: works, with a difference that the note states; a test checks what the note says.
- **absent**: not here; the note says what happens instead.

It is generated from the table in `tests/conformance/` by `make conformance`, and a test fails when the two differ. Signatures are compared by
name, order, kind and default of their parameters.
"""
_ORDER: tuple[Status, ...] = ("absent", "approximated", "same")


@dataclass(frozen=True)
class Area:
    """One module of the table: its title, its introduction (the module's docstring) and its rows."""

    name: str
    title: str
    introduction: str
    rows: list[Row]


def areas() -> list[Area]:
    """Every module of this package that has rows, by the alphabet."""
    found = []
    for module_info in pkgutil.iter_modules(conformance.__path__):
        if module_info.name in ("table", "page") or module_info.name.startswith(("test_", "conftest")):
            continue
        module = importlib.import_module(f"conformance.{module_info.name}")
        found.append(Area(module_info.name, module.TITLE, " ".join((module.__doc__ or "").split()), module.ROWS))
    return found


def page() -> str:
    """The page's text."""
    found = areas()
    lines = [_HEAD, "| | same | approximated | absent |", "|---|---|---|---|"]
    for area in found:
        count = Counter(row.status for row in area.rows)
        lines.append(f"| {area.title} | {count['same']} | {count['approximated']} | {count['absent']} |")
    for area in found:
        lines += [
            "",
            f"## {area.title}",
            "",
            area.introduction,
            "",
            "| | API | documented | note |",
            "|---|---|---|---|",
        ]
        for row in sorted(area.rows, key=lambda row: _ORDER.index(row.status)):
            says = f"`{row.says}`" if row.says.startswith("(") else row.says
            lines.append(f"| {row.status} | `{row.api}` | {_cell(says)} | {_cell(row.note)} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Wrote {PAGE}.")
