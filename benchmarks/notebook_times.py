"""How long the walkthroughs and the solved labs take on this machine, one after another, each in a fresh kernel with a cold JVM.

The course's limits are 60 s for a walkthrough and 45 s for a solved lab on two cores; a time beyond is marked. Run by `make times`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from lakelab.grading.course import Course
from lakelab.grading.execute import Limits
from lakelab.grading.pool import Done, Job, WorkerPool
from lakelab.grading.verdict import CellStatus
from lakelab.notebooks import read

LIMITS = {"walkthrough": 60.0, "lab": 45.0}


def notebooks(course: Course) -> Iterator[tuple[str, Path]]:
    """Yield kind and path of every notebook, in the order of the course."""
    for path in sorted((course.root / "course").rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            yield "walkthrough", path
    for assignment in course.assignments():
        for name in course.notebooks(assignment):
            yield "lab", course.source / assignment / f"{name}.ipynb"


def row(kind: str, done: Done[Path]) -> list[str]:
    """Return the cells of one line of the table."""
    slowest = max(done.outcome.cells, key=lambda cell: cell.seconds)
    text = f"{done.outcome.seconds:.1f}"
    failed = sum(cell.status is not CellStatus.OK for cell in done.outcome.cells)
    return [
        kind,
        done.key.stem,
        f"[red]{text}[/]" if done.outcome.seconds > LIMITS[kind] else text,
        f"{LIMITS[kind]:.0f}",
        f"{slowest.seconds:.1f}",
        f"{done.outcome.peak_bytes / 1024**3:.1f}",
        f"[red]{failed} failed[/]" if failed else "all ran",
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only notebooks whose name contains this")
    wanted = parser.parse_args().only
    table = Table("kind", "notebook", "seconds", "limit", "slowest cell", "peak GiB", "cells")
    found = [(kind, path) for kind, path in notebooks(Course.open()) if wanted in path.stem]
    for kind, path in found:
        # A pool of its own for each: a worker that already imported the libraries would flatter the second notebook.
        with WorkerPool(1, Limits(cell_timeout=300, notebook_timeout=600)) as pool:
            table.add_row(*row(kind, next(pool.run(iter([Job(path, read(path))])))))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
