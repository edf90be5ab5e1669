"""How long the walkthroughs and the solved labs take on this machine, one after another, each in a fresh kernel with a cold JVM.

The course's limits are 60 s for a walkthrough and 45 s for a solved lab on two cores that have nothing else to do. What is beyond is marked in
the table and named below it. Run by `make times`; the table goes to stdout, the progress to stderr. Exit status 1 if a notebook did not run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from lakelab.grading.course import Course
from lakelab.grading.execute import Limits
from lakelab.grading.pool import Job, WorkerPool
from lakelab.grading.verdict import CellStatus, Outcome
from lakelab.notebooks import read

LIMITS = {"walkthrough": 60.0, "lab": 45.0}
"""Seconds that a notebook may take, by its kind."""
GENEROUS = Limits(cell_timeout=300, notebook_timeout=600)
"""Far beyond the course's limits, so that a notebook that is too slow is measured and not cut off."""


@dataclass(frozen=True)
class Timing:
    """What one notebook took."""

    kind: str
    """`walkthrough` or `lab`."""
    name: str
    outcome: Outcome

    @property
    def is_slow(self) -> bool:
        """Whether it took longer than its kind may."""
        return self.outcome.seconds > LIMITS[self.kind]

    @property
    def problem(self) -> str:
        """Why its time means nothing; empty if every cell ran."""
        failed = [cell for cell in self.outcome.cells if cell.status is not CellStatus.OK]
        return f"{len(failed)} of {len(self.outcome.cells)} cells failed: {self.outcome.reason}" if failed else ""

    def row(self) -> list[str]:
        """Return the cells of its line in the table."""
        slowest = max((cell.seconds for cell in self.outcome.cells), default=0.0)
        seconds = f"{self.outcome.seconds:.1f}"
        return [
            self.kind,
            self.name,
            f"[red]{seconds} ![/]" if self.is_slow else seconds,
            f"{LIMITS[self.kind]:.0f}",
            f"{slowest:.1f}",
            f"{self.outcome.peak_bytes / 1024**3:.1f}",
            "[red]failed[/]" if self.problem else "all ran",
        ]


def notebooks(course: Course) -> Iterator[tuple[str, Path]]:
    """Yield kind and path of every notebook, in the order of the course."""
    for path in sorted((course.root / "course").rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            yield "walkthrough", path
    for assignment in course.assignments():
        for name in course.notebooks(assignment):
            yield "lab", course.source / assignment / f"{name}.ipynb"


def measure(kind: str, path: Path, title: str, progress: Console) -> Timing:
    """Execute one notebook; `progress` shows which cell is running, under `title`, and then the time."""
    # A pool of its own for each: a worker that already imported the libraries would flatter the second notebook.
    with progress.status(title) as status, WorkerPool(1, GENEROUS) as pool:

        def show(_: Path, cell: int, cells: int) -> None:
            status.update(f"{title}, cell {cell + 1} of {cells}")

        timing = Timing(kind, path.stem, next(pool.run(iter([Job(path, read(path))]), on_cell=show)).outcome)
    progress.print(f"{title}: {timing.problem or f'{timing.outcome.seconds:.1f} s'}", highlight=False)
    return timing


def main() -> int:
    """Print the table, and what is beyond the limits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="TEXT", help="only notebooks whose name contains this")
    wanted = parser.parse_args().only
    found = [(kind, path) for kind, path in notebooks(Course.open()) if wanted in path.stem]
    if not found:
        print(f"No notebook's name contains '{wanted}': leave --only away to time them all.", file=sys.stderr)
        return 1
    progress = Console(stderr=True)
    timings = [
        measure(kind, path, f"{number} of {len(found)}, {kind} {path.stem}", progress)
        for number, (kind, path) in enumerate(found, start=1)
    ]

    table = Table("kind", "notebook", "seconds", "limit", "slowest cell", "peak GiB", "cells")
    for timing in timings:
        table.add_row(*timing.row())
    console = Console(width=120)
    console.print(table)
    slow = [f"{timing.kind} {timing.name}" for timing in timings if timing.is_slow]
    console.print(f"Beyond the limit: {', '.join(slow)}." if slow else "All are within the limits.", highlight=False)
    return int(any(timing.problem for timing in timings))


if __name__ == "__main__":
    sys.exit(main())
