"""Prove the graders of a course: right answers pass, wrong ones fail for the right reason, nothing passes by accident."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from lakelab import home
from lakelab.grading.course import Course
from lakelab.release.generate import generate
from lakelab.release.lab import Lab
from lakelab.verify.errors import VerifyError
from lakelab.verify.result import Attempt, LabReport, QuestionReport, Verification, judge
from lakelab.verify.variants import Variant, read_variants

Progress = Callable[[str, int, int], None]
"""Called with (lab and question, attempts made so far in all labs, 0 while the total is unknown)."""

VARIANTS = Path("tests") / "variants"
"""Where a course keeps its right and wrong answers."""

_GRACE = 30.0
"""Seconds beyond a cell's limit, and for stopping, before a worker that shows no sign of life is killed."""


def verify(
    assignments: list[str] | None = None,
    *,
    course_root: Path | str,
    notebooks: list[str] | None = None,
    jobs: int = 1,
    cell_seconds: float = 120.0,
    progress: Progress | None = None,
) -> Verification:
    """Try every answer that is known to every question of the named labs, or of all.

    Each lab runs in a process of its own, `jobs` of them at a time, in a scratch folder with its own LAKELAB_HOME. Raises
    GradingError for a folder that is no course, a name that does not exist, and variants that can't be read.
    """
    started = time.monotonic()
    course = Course.open(course_root)
    labs = _select(course, assignments, notebooks)
    seen = _Counter(progress)
    with tempfile.TemporaryDirectory(prefix="lakelab-verify-", ignore_cleanup_errors=True) as name:
        scratch = Path(name).resolve()
        # One after another, because nbgrader changes the working directory of the process while it generates.
        releases = {
            assignment: generate(course, assignment, scratch / "release", record=False)
            for assignment in dict.fromkeys(lab.assignment for lab in labs)
        }
        with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
            reports = list(
                pool.map(
                    lambda lab: _verify_lab(
                        lab,
                        variants=course.root / VARIANTS / lab.assignment / lab.name,
                        release=releases[lab.assignment] / f"{lab.name}.ipynb",
                        scratch=scratch / f"{lab.assignment}-{lab.name}",
                        cell_seconds=cell_seconds,
                        seen=seen,
                    ),
                    labs,
                )
            )
    return Verification(reports, seconds=round(time.monotonic() - started, 2))


class _Counter:
    """Counts attempts over all labs for the progress callback."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress, self._count = progress, 0

    def attempt(self, what: str) -> None:
        self._count += 1
        if self._progress:
            self._progress(what, self._count, 0)


def _select(course: Course, assignments: list[str] | None, notebooks: list[str] | None) -> list[Lab]:
    names = course.select_assignments(assignments)
    paths = [course.source / name / f"{notebook}.ipynb" for name in names for notebook in course.notebooks(name)]
    known = [path.stem for path in paths]
    for notebook in notebooks or []:
        if notebook not in known:
            raise VerifyError(f"There is no lab '{notebook}' in {', '.join(names)}: choose from {', '.join(known)}.")
    return [Lab.read(path) for path in paths if not notebooks or path.stem in notebooks]


def _verify_lab(
    lab: Lab, *, variants: Path, release: Path, scratch: Path, cell_seconds: float, seen: _Counter
) -> LabReport:
    started = time.monotonic()
    report = LabReport(lab.assignment, lab.name)
    answers: dict[str, list[Variant]] = {q: read_variants(variants / f"{q}.py") for q in lab.questions}
    graded = {question.id: question for question in lab.questions.values() if question.tests}
    reports = {q: QuestionReport(q, question.points) for q, question in graded.items()}
    ended = False

    def take(entry: dict[str, Any]) -> None:
        nonlocal ended
        what = entry.pop("entry")
        ended = ended or what == "end"
        if what == "cell":
            report.findings.append(_cell_finding(**entry))
        if what == "attempt":
            attempt = Attempt(**entry)
            reports[attempt.question].attempts.append(attempt)
            seen.attempt(f"{lab.name}/{attempt.question}")

    trouble = _run_worker(lab, variants, release, scratch, cell_seconds, take)
    if not ended:
        last = next((q for q in reversed(reports.values()) if q.attempts), None)
        where = "before any question"
        if last:
            where = f"after {last.attempts[-1].kind} '{last.attempts[-1].name}' of {last.id}"
        report.findings.append(f"the notebook's process {trouble or 'ended early'} {where}.")
    for question in reports.values():
        judge(question, {variant.name: variant.hints for variant in answers[question.id]})
        expected = {"reference", "blank", "alone"} - {attempt.kind for attempt in question.attempts}
        if ended and expected:
            question.findings.append("has tests and no answer cell above them, so nothing was run.")
    for name in sorted(path.stem for path in variants.glob("*.py")):
        if name not in graded:
            report.findings.append(
                f"{VARIANTS.as_posix()}/{lab.assignment}/{lab.name}/{name}.py belongs to no question."
            )
    report.questions = list(reports.values())
    report.seconds = round(time.monotonic() - started, 2)
    return report


def _cell_finding(*, notebook: str, cell: str, error: str) -> str:
    short = " ".join(error.split())[:160]
    if notebook == "blank":
        return f"cell {cell} must run also where answers are blank, and raises {short}."
    return f"cell {cell} raises {short}."


def _run_worker(
    lab: Lab, variants: Path, release: Path, scratch: Path, cell_seconds: float, take: Callable[[dict[str, Any]], None]
) -> str:
    """Run the lab's process to its end, hand over what it reports, and return what became of it if that is unusual."""
    work, state = scratch / "work", scratch / "home"
    shutil.copytree(release.parent, work)  # with the files that a lab may bring along
    state.mkdir()
    with contextlib.suppress(OSError):  # without links, caches are built anew
        (state / "cache").symlink_to(home.cache_dir(), target_is_directory=True)
    results, log = scratch / "results.jsonl", scratch / "log.txt"
    results.touch()
    job = scratch / "job.json"
    job.write_text(
        json.dumps(
            {
                "notebook": str(lab.path),
                "release": str(release),
                "variants": str(variants),
                "results": str(results),
                "scratch": [str(work), str(state)],
                "aside": str(scratch / "aside"),
                "cell_seconds": cell_seconds,
            }
        ),
        encoding="utf-8",
    )
    environment = os.environ | {
        "LAKELAB_GRADING": "1",
        "LAKELAB_HOME": str(state),
        "IPYTHONDIR": str(scratch / "ipython"),
        "MPLBACKEND": "Agg",
    }
    with log.open("wb") as output, results.open(encoding="utf-8") as reader:
        worker = subprocess.Popen(
            [sys.executable, "-m", "lakelab.verify.worker", str(job)],
            cwd=work,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            fate = _follow(worker, results, reader, cell_seconds + _GRACE, take)
        finally:
            if worker.poll() is None:
                os.killpg(worker.pid, signal.SIGKILL)
                worker.wait()
    if fate:
        last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        return f"{fate}{f' ({last[0][:200]})' if last else ''}"
    return ""


def _follow(
    worker: subprocess.Popen[bytes],
    results: Path,
    reader: Any,
    patience: float,
    take: Callable[[dict[str, Any]], None],
) -> str:
    """Hand over each line as it comes; the worker touches its results before each cell as a sign of life."""
    rest = ""
    while True:
        code = worker.poll()
        *lines, rest = (rest + reader.read()).split("\n")
        for line in lines:
            take(json.loads(line))
        if code is not None:
            return "" if code == 0 else f"died (exit code {code})"
        if time.time() - results.stat().st_mtime > patience:
            return f"was stopped after {patience:g} seconds in one cell"
        time.sleep(0.1)


def render(result: Verification, console: Console, *, details: bool = False) -> None:
    """Print a result for people: a line per question, then the findings; with `details`, every attempt."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("question", "points", "reference", "alone", "blank", "right", "wrong", "mutants"):
        table.add_column(title, justify="left" if title == "question" else "right")
    for lab in result.labs:
        table.add_row(f"[bold]{lab.assignment}/{lab.notebook}[/]", f"{lab.seconds:.0f} s")
        for question in lab.questions:
            counts = [_shown(question, kind) for kind in ("reference", "alone", "blank", "right", "wrong", "mutant")]
            table.add_row(f"  {question.id}", f"{question.points:g}", *counts)
    console.print(table)
    if details:
        for lab in result.labs:
            for attempt in (attempt for question in lab.questions for attempt in question.attempts):
                where = f"{lab.notebook}/{attempt.question} {attempt.kind} '{attempt.name}'"
                console.print(f"{where}: {attempt.got}, {attempt.seconds:.1f} s", highlight=False, markup=False)
    for finding in result.findings:
        console.print(f"✗ {finding}", style="red", highlight=False, markup=False)
    proven = "All graders are proven" if result.ok else f"{len(result.findings)} findings"
    console.print(f"{proven}, in {result.seconds:.0f} s.")


def _shown(question: QuestionReport, kind: str) -> str:
    good, total = question.count(kind)
    return f"[{'green' if good == total else 'red'}]{good}/{total}[/]" if total else "[red]–[/]"
