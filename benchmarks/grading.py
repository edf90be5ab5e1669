"""Grading a class by stock nbgrader and by LakeLab, cold and warm: the same submissions, limits and Python in one run.

*stock* is ``nbgrader autograde`` with its own preprocessors (its own ``Execute``), on the system's Java. *cold* and *warm* are LakeLab's two
engines. *bare* is the limit that no grader can beat: the same cells in a process that has run the notebook once already, with its imports
done and its JVM compiled, and a new SparkContext each time. Prints seconds per notebook and for the class, their ratios, and whether all
give the same points where both sides give any.

    python benchmarks/grading.py [--labs 2_1_explore 2_2_prepare_features] [--students 3] [--sides stock cold warm bare]

Stock nbgrader loses points of work that writes to stderr; those are listed, not hidden.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from rich.console import Console
from rich.table import Table

from lakelab.demo.sample_class import sample_class
from lakelab.grading.batch import Task, grade, prepare
from lakelab.grading.course import Course
from lakelab.grading.execute import COLD, WARM
from lakelab.grading.source import RecordedSource
from lakelab.release.lab import Lab
from lakelab.runtime import configure

ROOT = Path(__file__).resolve().parents[1]
MODULE = "2_ml_workflows"
CELL_TIMEOUT, NOTEBOOK_TIMEOUT = 240, 1200
"""Seconds, the same for all sides: generous, so that a busy machine changes times and never scores."""

STOCK_CONFIG = f"""
c = get_config()
c.CourseDirectory.course_id = "stock"
c.Execute.timeout = {CELL_TIMEOUT}
"""


@dataclass
class Side:
    """What one way of grading took, in seconds, and what it gave."""

    seconds: float
    notebooks: int
    points: dict[tuple[str, str], float]

    @property
    def each(self) -> float:
        """Seconds per notebook."""
        return self.seconds / self.notebooks


def make_course(root: Path, labs: list[str], students: int, config: str) -> Course:
    """Make a course of these labs at `root`, with solved and half-wrong submissions of as many students."""
    for folder in ("source", "release"):
        target = root / folder / MODULE
        target.mkdir(parents=True)
        for lab in labs:
            shutil.copy(ROOT / folder / MODULE / f"{lab}.ipynb", target)
    for folder in ("course", "data", "tests"):
        (root / folder).symlink_to(ROOT / folder)
    (root / "nbgrader_config.py").write_text(config)
    course = Course.open(root)
    # Those whose work ends by itself: what an endless loop costs is the limit, on every side.
    well = [
        s
        for s in sample_class(course, full=True)
        if not any(w in s.name for w in ("endless", "crash", "broken", "tagged", "blank"))
    ]
    for number in range(students):
        student = well[number % len(well)]
        for lab in labs:
            content = student.notebook(Lab.read(course.source / MODULE / f"{lab}.ipynb"))
            if content is None:
                content = well[0].notebook(Lab.read(course.source / MODULE / f"{lab}.ipynb"))
            folder = course.submitted / f"s{number:03}-{student.name}" / MODULE
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{lab}.ipynb").write_bytes(content or b"")
    return course


def points(course: Course) -> dict[tuple[str, str], float]:
    """Return the score of every notebook by (student, lab)."""
    with Gradebook(course.db_url) as gradebook:
        return {
            (submission.student.id, entry.name): entry.score
            for submission in gradebook.find_assignment(MODULE).submissions
            for entry in submission.notebooks
        }


def measured(course: Course, work: Callable[[], object]) -> Side:
    """Run `work()` and return what it took and gave."""
    start = time.monotonic()
    work()
    seconds = time.monotonic() - start
    found = points(course)
    return Side(seconds, len(found), found)


def environment() -> dict[str, str]:
    """Return an environment for stock nbgrader: ours without anything of LakeLab's that makes Spark start another way."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LAKELAB_", "PYSPARK_", "SPARK_", "MLFLOW_"))}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}


def stock(course: Course, java_home: str) -> Side:
    """Grade by nbgrader's own command.

    Labs import `lakelab.runtime`, which would start Spark our way: a start-up file of IPython takes that away again, so that pyspark's own
    launcher starts the system's Java, with the same settings of Spark.
    """
    startup = course.root / "ipython" / "profile_default" / "startup" / "00_stock.py"
    startup.parent.mkdir(parents=True)
    startup.write_text(
        "import lakelab.spark.gateway as gateway\n"
        "gateway.install = gateway.start = gateway.running = gateway.forget_dead = lambda *_: None\n"
    )
    told = environment() | {
        "JAVA_HOME": java_home,
        "IPYTHONDIR": str(course.root / "ipython"),
        "LAKELAB_GRADING": "1",
        "LAKELAB_HOME": str(course.root / "state"),
        "LAKELAB_CACHE": str(course.root / "no-cache"),
        "LAKELAB_DATA": str(ROOT / "data"),
    }
    nbgrader = [sys.executable, "-m", "nbgrader"]

    def run(*arguments: str) -> None:
        done = subprocess.run([*nbgrader, *arguments], cwd=course.root, env=told, capture_output=True, text=True)
        if done.returncode:
            print(
                f"nbgrader {arguments[0]} ended with status {done.returncode}: {done.stderr.strip().splitlines()[-1:]}"
            )

    run("generate_assignment", MODULE, "--force")
    return measured(course, lambda: run("autograde", MODULE))


def bare(course: Course, labs: list[str], repeats: int) -> tuple[float, int]:
    """Return the seconds that the cells of all submissions take in one warm process, and how many notebooks those are."""
    cells = []
    for lab in labs:
        source = RecordedSource.read(course, MODULE, lab)
        for student in course.students():
            content = (course.submitted / student / MODULE / f"{lab}.ipynb").read_bytes()
            nb = prepare(Task(MODULE, lab, student), content, source).nb
            assert nb is not None
            cells.append([cell.source for cell in nb.cells if cell.cell_type == "code"])
    script = course.root / "bare.ipynb"
    nbformat.write(nbformat.v4.new_notebook(metadata={"cells": cells}), script)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, __file__, "--bare-worker", str(script), str(repeats)],
            cwd=folder,
            env=dict(os.environ)
            | {"LAKELAB_HOME": folder + "/home", "MPLBACKEND": "Agg", "LAKELAB_SPARK_CONF": "spark.ui.enabled=false"},
            capture_output=True,
            text=True,
        )
    if done.returncode:
        sys.exit(f"the bare run failed: {done.stderr.strip().splitlines()[-1]}")
    return float(done.stdout.split()[-1]), len(cells)


def bare_worker(path: Path, repeats: int) -> None:
    """Run every list of cells once to get warm, then again with the clock running; print the seconds."""
    import contextlib

    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    notebooks = nbformat.read(path, as_version=4).metadata["cells"]
    taken, null = 0.0, Path(os.devnull).open("w")  # noqa: SIM115
    for round_ in range(repeats + 1):
        for number, cells in enumerate(notebooks):
            folder = Path(f"{round_}-{number}")
            folder.mkdir()
            os.chdir(folder)
            os.environ["LAKELAB_HOME"] = str(Path.cwd() / "home")
            for name in ("MLFLOW_TRACKING_URI", "_MLFLOW_SERVER_ARTIFACT_ROOT"):
                os.environ.pop(name, None)
            start = time.monotonic()
            configure()
            shell.reset(new_session=True)
            with contextlib.redirect_stdout(null), contextlib.redirect_stderr(null):
                for cell in cells:
                    shell.run_cell(cell, store_history=False)
                from lakelab.runtime import spark

                spark.stop()
                import mlflow

                while mlflow.active_run():
                    mlflow.end_run()
            if round_:
                taken += time.monotonic() - start
            os.chdir("..")
    print(taken / repeats)


def java_of_the_system() -> str | None:
    """Return the home of the system's Java, if there is one that runs Spark."""
    program = shutil.which("java")
    home = os.environ.get("JAVA_HOME") or (str(Path(program).resolve().parents[1]) if program else None)
    return home


def compare(ours: Side, theirs: Side, name: str, console: Console) -> None:
    """Say where two sides give different points."""
    shared = ours.points.keys() & theirs.points.keys()
    other = sorted(key for key in shared if ours.points[key] != theirs.points[key])
    console.print(f"points as {name}: {len(shared) - len(other)} of {len(shared)} notebooks")
    for student, lab in other:
        console.print(
            f"  {lab} of {student}: {theirs.points[student, lab]:g} there, {ours.points[student, lab]:g} here"
        )


def main() -> None:
    """Measure and print."""
    warnings.filterwarnings("ignore", module="nbgrader")
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--labs", nargs="+", default=["2_1_explore", "2_2_prepare_features"])
    parser.add_argument("--students", type=int, default=4, help="size of the class (default: 4)")
    parser.add_argument("--jobs", nargs="+", type=int, default=[1, 2], help="numbers of workers (default: 1 2)")
    parser.add_argument("--sides", nargs="+", default=["stock", "cold", "warm", "bare"])
    options = parser.parse_args()
    console = Console(width=120, highlight=False)
    ours = (ROOT / "nbgrader_config.py").read_text()
    ours += (
        f"\nc.PapermillExecute.cell_timeout, c.PapermillExecute.notebook_timeout = {CELL_TIMEOUT}, {NOTEBOOK_TIMEOUT}\n"
    )
    sides: dict[str, Side] = {}
    limit = 0.0
    with tempfile.TemporaryDirectory(prefix="lakelab-benchmark-") as name:
        root = Path(name)
        os.environ["LAKELAB_DATA"] = str(ROOT / "data")
        if "bare" in options.sides:
            course = make_course(root / "bare", options.labs, options.students, ours)
            seconds, count = bare(course, options.labs, 1)
            limit = seconds / count
            console.print(f"bare: {limit:.1f} s a notebook")
        if "stock" in options.sides:
            if java := java_of_the_system():
                sides["stock"] = stock(make_course(root / "stock", options.labs, options.students, STOCK_CONFIG), java)
                console.print(f"stock: {sides['stock'].each:.1f} s a notebook")
            else:
                console.print(
                    "stock is left out: nbgrader's own way starts Spark by spark-submit, which needs a Java of the system."
                )
        for engine, label in ((COLD, "cold"), (WARM, "warm")):
            for jobs in options.jobs if label in options.sides else []:
                course = make_course(root / f"{label}-{jobs}", options.labs, options.students, ours)
                key = f"{label}, {jobs} worker{'s' if jobs > 1 else ''}"
                sides[key] = measured(course, lambda c=course, j=jobs, e=engine: grade(c, jobs=j, engine=e))
                console.print(f"{key}: {sides[key].each:.1f} s a notebook")
    table = Table("side", "notebooks", "class, s", "a notebook, s", "stock ÷ this", "this ÷ bare")
    base = sides.get("stock")
    for label, side in sides.items():
        table.add_row(
            label,
            str(side.notebooks),
            f"{side.seconds:.0f}",
            f"{side.each:.1f}",
            f"{base.seconds / side.seconds:.1f}" if base else "–",
            f"{side.each / limit:.2f}" if limit else "–",
        )
    console.print(table)
    first = next((side for label, side in sides.items() if label != "stock"), None)
    for label, side in sides.items():
        if first is not None and side is not first:
            compare(first, side, label, console)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bare-worker"]:
        bare_worker(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
