"""Whether grading a large class slows down or grows: seconds and memory per notebook, from the first to the last of one run.

Grades one lab for a class of made-up students, warm and in the sandbox where there is one, and prints for every so many notebooks the seconds that
each took and the resident memory at their end, apart for the process that holds the gradebook, the workers' JVMs and the workers' Python. The first
row pays for imports and Java's compiler; the ratio is of the last row to the second.

    python benchmarks/class_size.py [--lab 3_1_distributed_concepts] [--students 300] [--jobs 2] [--rows 6]
"""

from __future__ import annotations

import argparse
import itertools
import os
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from lakelab.demo.sample_class import sample_class
from lakelab.grading.batch import Progress, Task, grade
from lakelab.grading.course import Course
from lakelab.grading.verdict import Outcome
from lakelab.release.lab import Lab

ROOT = Path(__file__).resolve().parents[1]
OTHERS = ("endless", "crash", "broken", "tagged")
"""Students whose accidents cost a worker its JVM, or a limit's time: another question than this one."""


@dataclass(frozen=True)
class Reading:
    """What was seen when a notebook was done: a time in seconds, and MB of resident memory."""

    at: float
    gradebook: float
    java: float
    python: float


class Watch(Progress):
    """Takes a reading after every notebook."""

    def __init__(self) -> None:
        self.readings = [self.read()]

    def finished(self, task: Task, outcome: Outcome) -> None:
        """Take it."""
        self.readings.append(self.read())

    @staticmethod
    def read() -> Reading:
        """Return what is seen now."""
        java = python = 0
        for process in psutil.Process().children(recursive=True):
            try:
                held, name = process.memory_info().rss, process.name()
            except psutil.Error:
                continue
            if name == "java":
                java += held
            else:
                python += held
        return Reading(time.monotonic(), psutil.Process().memory_info().rss / 1e6, java / 1e6, python / 1e6)


def make_course(root: Path, lab: str, students: int) -> Course:
    """Make a course at `root` whose students have handed in this one lab, and return it."""
    for folder in ("source", "release", "course", "data", "tests"):
        (root / folder).symlink_to(ROOT / folder)
    (root / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    course = Course.open(root).with_notebooks([lab])
    assignment = course.assignments()[0]
    read = Lab.read(course.source / assignment / f"{lab}.ipynb")
    well = [s for s in sample_class(course, full=True) if not any(word in s.name for word in OTHERS)]
    contents = [content for student in well if (content := student.notebook(read))]
    for number in range(students):
        folder = course.submitted / f"s{number:04}" / assignment
        folder.mkdir(parents=True)
        (folder / f"{lab}.ipynb").write_bytes(contents[number % len(contents)])
    return course


def main() -> None:
    """Grade and print."""
    warnings.filterwarnings("ignore", module="nbgrader")
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lab", default="3_1_distributed_concepts")
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rows", type=int, default=6)
    options = parser.parse_args()
    os.environ["LAKELAB_DATA"] = str(ROOT / "data")
    with tempfile.TemporaryDirectory(prefix="lakelab-benchmark-") as name:
        course = make_course(Path(name), options.lab, options.students)
        watch = Watch()
        grade(course, jobs=options.jobs, progress=watch)
    table = Table("notebooks", "s each", "gradebook, MB", "Java, MB", "Python, MB")
    bounds = [round(row * options.students / options.rows) for row in range(options.rows + 1)]
    each = []
    for first, last in itertools.pairwise(bounds):
        begin, end = watch.readings[first], watch.readings[last]
        each.append((end.at - begin.at) / (last - first))
        table.add_row(
            f"{first + 1}–{last}", f"{each[-1]:.2f}", f"{end.gradebook:.0f}", f"{end.java:.0f}", f"{end.python:.0f}"
        )
    console = Console(width=100, highlight=False)
    console.print(table)
    console.print(f"ratio last / second: {each[-1] / each[1]:.2f} of the time")


if __name__ == "__main__":
    main()
