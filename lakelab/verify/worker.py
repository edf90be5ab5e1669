"""Run one lab in one warm process, every answer of every question in its place: `python -m lakelab.verify.worker JOB`.

JOB is a file written by `lakelab.verify.run`. The process only measures: each attempt at a question becomes a line of JSON
in the job's result file at once, so that a process that dies leaves what it found. Judging is left to the parent.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from lakelab import home
from lakelab.release.lab import Cell, Lab, Question
from lakelab.verify.mutants import mutants_of
from lakelab.verify.result import Attempt
from lakelab.verify.state import Files, FileStore, Namespace, end_new_runs, open_run, restore_default_experiment
from lakelab.verify.variants import read_variants


class CellTimeout(BaseException):
    """A cell took longer than the job allows; not an Exception, so that a broad `except` in a lab does not swallow it."""


class Worker:
    """One lab, its notebook process, and the attempts at its questions."""

    def __init__(self, job: dict[str, Any]) -> None:
        self._lab = Lab.read(Path(job["notebook"]))
        self._release = Lab.read(Path(job["release"]))
        self._variants = Path(job["variants"])
        self._limit = float(job["cell_seconds"])
        self._results = Path(job["results"])
        kept = [home.cache_dir(), home.logs_dir(), home.run_dir()]  # a running JVM works in them
        folders = [Path(folder) for folder in job["scratch"]]
        self._files = FileStore(folders, Path(job["aside"]), skip=kept)
        self._shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))

    def run(self) -> None:
        """Make every attempt: the blank release first, because it leaves nothing behind that an answer could be taken for."""
        fresh = Namespace(self._shell.user_ns)
        files = self._files.save()
        self._walk(self._release, self._at_blank)
        fresh.restore()
        end_new_runs(None)  # while the database still knows them
        self._restore(files)
        self._walk(self._lab, self._at_reference)
        self._report({"entry": "end"})

    def _walk(self, notebook: Lab, at_question: Callable[[Question, str, list[Cell]], None]) -> None:
        """Run a notebook from top to bottom; from the answer to the last test of a question, `at_question` takes over."""
        position = 0
        while position < len(notebook.cells):
            cell = notebook.cells[position]
            question = self._answered_by(cell)
            if question is not None:
                # The release has the same cells in the same places; its tests lack the hidden part, so the lab's run.
                stop = max(test.position for test in question.tests) + 1
                at_question(question, cell.source, self._lab.cells[position + 1 : stop])
                position = stop
                continue
            position += 1
            if cell.kind == "code":
                error = self._run_cell(cell.source)[1]
                if error and not (notebook is self._release and cell.solution):
                    where = "blank" if notebook is self._release else "reference"
                    self._report({"entry": "cell", "notebook": where, "cell": cell.id, "error": error})

    def _answered_by(self, cell: Cell) -> Question | None:
        """Return the question whose answer this cell is, if tests come after it."""
        for question in self._lab.questions.values():
            solution = question.solution
            if solution and solution.id == cell.id and any(t.position > solution.position for t in question.tests):
                return question
        return None

    def _at_blank(self, question: Question, stub: str, rest: list[Cell]) -> None:
        assert question.solution is not None  # `_answered_by` saw it
        with self._going_back():
            self._attempt(question, "alone", "reference answer after blank ones", question.solution.source, rest)
        self._attempt(question, "blank", "blank release", stub, rest)

    def _at_reference(self, question: Question, solution: str, rest: list[Cell]) -> None:
        variants = read_variants(self._variants / f"{question.id}.py")
        for variant in sorted(variants, key=lambda v: v.kind, reverse=True):  # wrong before right
            with self._going_back():
                self._attempt(question, variant.kind, variant.name, variant.source, rest)
        started = time.monotonic()
        error = self._run_cell(solution)[1]
        answered, names, files, run = self._shell.user_ns.copy(), *self._moment()
        self._test(question, "reference", "reference", rest, error, started)
        after_names, after_files, _ = self._moment()
        for title, name, mutate in mutants_of(solution, [test.source for test in question.tests], answered):
            names.restore()
            self._restore(files)
            self._shell.user_ns[name] = mutate(answered[name])
            self._test(question, "mutant", title, rest, None, time.monotonic())
            end_new_runs(run)
        after_names.restore()
        self._restore(after_files)

    def _restore(self, files: Files) -> None:
        self._files.restore(files)
        restore_default_experiment()

    def _moment(self) -> tuple[Namespace, Files, str | None]:
        return Namespace(self._shell.user_ns), self._files.save(), open_run()

    @contextlib.contextmanager
    def _going_back(self) -> Iterator[None]:
        names, files, run = self._moment()
        yield
        end_new_runs(run)
        names.restore()
        self._restore(files)

    def _attempt(self, question: Question, kind: str, name: str, source: str, rest: list[Cell]) -> None:
        started = time.monotonic()
        error = self._run_cell(source)[1]
        self._test(question, kind, name, rest, error, started)

    def _test(
        self, question: Question, kind: str, name: str, rest: list[Cell], error: str | None, started: float
    ) -> None:
        """Run what follows the answer, with the scores that grading would give."""
        attempt = Attempt(question=question.id, kind=kind, name=name, error=error or "")
        for cell in rest:
            if cell.kind != "code":
                continue
            value, problem = self._run_cell(cell.source)
            if cell in question.tests:
                attempt.possible += cell.points
                attempt.scored += 0.0 if problem else _points(value, cell.points)
                if problem:
                    attempt.failures[cell.id] = problem
        attempt.seconds = round(time.monotonic() - started, 3)
        self._report({"entry": "attempt", **asdict(attempt)})

    def _run_cell(self, source: str) -> tuple[Any, str | None]:
        """Run one cell and return its last value and, where it raised, `Type: message`."""
        self._results.touch()  # a sign of life
        signal.setitimer(signal.ITIMER_REAL, self._limit)
        try:
            result = self._shell.run_cell(source, store_history=False)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        error = result.error_before_exec or result.error_in_exec
        if isinstance(error, CellTimeout):
            return None, f"Timeout: the cell took longer than {self._limit:g} seconds."
        return result.result, f"{type(error).__name__}: {error}" if error is not None else None

    def _report(self, entry: dict[str, Any]) -> None:
        with self._results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


def _points(value: Any, most: float) -> float:
    """Return the points of a test cell that ran through; as in nbgrader, a number as its last value is partial credit."""
    return min(float(value), most) if type(value) in (int, float) else most


def _out_of_time(_signal: int, _frame: Any) -> None:
    raise CellTimeout


def main(job: Path) -> None:
    """Run the lab that `job` describes."""
    signal.signal(signal.SIGALRM, _out_of_time)
    # The database has to be there before the first moment that is gone back to: one that vanishes under an open connection is
    # read-only from then on.
    home.build_ready_database()
    os.environ["MLFLOW_TRACKING_URI"] = home.mlflow_uri()
    Worker(json.loads(job.read_text(encoding="utf-8"))).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
