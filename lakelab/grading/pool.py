"""Workers that execute notebooks in parallel, and the watch over them."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import nbformat
from nbformat import NotebookNode

from lakelab.grading.errors import GradingError
from lakelab.grading.execute import Limits
from lakelab.grading.processes import kill_tree
from lakelab.grading.verdict import Outcome, Verdict

Key = TypeVar("Key")

# Beyond the notebook's own limit: start of the kernel, clean-up, and a submission that keeps the worker itself from noticing the time.
_GRACE = 90.0


@dataclass
class Job(Generic[Key]):
    """A notebook to execute. `files` is a folder whose content it finds in its working directory."""

    key: Key
    nb: NotebookNode
    files: Path | None = None


@dataclass
class Done(Generic[Key]):
    """An executed notebook and its outcome."""

    key: Key
    nb: NotebookNode
    outcome: Outcome


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    folder: Path
    job: Job[Any] | None = None
    started: float = 0.0
    buffer: bytes = field(default=b"")

    def send(self, job: Job[Any], limits: Limits) -> None:
        nbformat.write(job.nb, self.folder / "in.ipynb")
        message = {
            "notebook": str(self.folder / "in.ipynb"),
            "output": str(self.folder / "out.ipynb"),
            "files": str(job.files) if job.files else None,
            "limits": limits.to_dict(),
        }
        self.job, self.started = job, time.monotonic()
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def messages(self) -> list[dict[str, Any]] | None:
        """Return what the worker has said since the last call; None when it is gone."""
        assert self.process.stdout is not None
        chunk = os.read(self.process.stdout.fileno(), 1 << 16)
        if not chunk:
            return None
        *lines, self.buffer = (self.buffer + chunk).split(b"\n")
        return [json.loads(line) for line in lines]


class WorkerPool:
    """Runs jobs on `jobs` worker processes and yields them as they end, in any order.

    A worker that dies is replaced; its job ends with the verdict `kernel died` and disturbs no other.
    """

    def __init__(self, jobs: int, limits: Limits, log: Path | None = None) -> None:
        self.jobs, self.limits, self.log = max(1, jobs), limits, log
        self._workers: list[_Worker] = []
        self._selector = selectors.DefaultSelector()
        self._folder = tempfile.TemporaryDirectory(prefix="lakelab-pool-", ignore_cleanup_errors=True)

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *exc: object) -> None:
        for worker in self._workers:
            kill_tree(worker.process.pid)
            with contextlib.suppress(Exception):
                worker.process.wait(timeout=5)
        self._workers.clear()
        self._selector.close()
        self._folder.cleanup()

    def _start_worker(self) -> _Worker:
        folder = Path(tempfile.mkdtemp(dir=self._folder.name))
        environment = {**os.environ, "TMPDIR": str(folder)}
        environment.pop("LAKELAB_DB_URL", None)
        with open(self.log, "ab") if self.log else open(os.devnull, "ab") as stderr:  # noqa: PTH123  (one may be no file)
            process = subprocess.Popen(
                [sys.executable, "-m", "lakelab.grading.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                cwd=folder,
                env=environment,
                start_new_session=True,  # an interrupt at the terminal reaches the parent alone
            )
        worker = _Worker(process, folder)
        self._workers.append(worker)
        self._selector.register(process.stdout, selectors.EVENT_READ, worker)  # type: ignore[arg-type]
        return worker

    def _drop(self, worker: _Worker) -> None:
        self._selector.unregister(worker.process.stdout)  # type: ignore[arg-type]
        self._workers.remove(worker)
        kill_tree(worker.process.pid)
        worker.process.wait()

    def run(
        self, jobs: Iterator[Job[Key]], on_cell: Callable[[Key, int, int], None] | None = None
    ) -> Iterator[Done[Key]]:
        """Execute `jobs`, taken from the iterator as workers become free."""
        pending = iter(jobs)
        waiting = next(pending, None)
        while waiting is not None or any(worker.job for worker in self._workers):
            while waiting is not None and len([w for w in self._workers if w.job]) < self.jobs:
                idle = next((w for w in self._workers if w.job is None), None) or self._start_worker()
                try:
                    idle.send(waiting, self.limits)
                except BrokenPipeError:
                    self._drop(idle)
                    continue
                waiting = next(pending, None)
            for ready, _ in self._selector.select(timeout=1.0):
                worker: _Worker = ready.data
                yield from self._hear(worker, on_cell)
            for worker in [
                w
                for w in self._workers
                if w.job and time.monotonic() - w.started > self.limits.notebook_timeout + _GRACE
            ]:
                assert worker.job is not None
                job = worker.job
                self._drop(worker)
                reason = (
                    f"The notebook used up its {self.limits.notebook_timeout:g} s and its process had to be killed."
                )
                yield Done(
                    job.key, job.nb, Outcome(Verdict.TIMED_OUT, reason, seconds=time.monotonic() - worker.started)
                )

    def _hear(self, worker: _Worker, on_cell: Callable[[Key, int, int], None] | None) -> Iterator[Done[Key]]:
        messages = worker.messages()
        if messages is None:
            job = worker.job
            self._drop(worker)
            if job is not None:
                reason = "The process that executed the notebook was ended from outside or by the submission."
                yield Done(
                    job.key, job.nb, Outcome(Verdict.KERNEL_DIED, reason, seconds=time.monotonic() - worker.started)
                )
            return
        for message in messages:
            job = worker.job
            if job is None:
                continue
            if "cell" in message and on_cell:
                on_cell(job.key, message["cell"], message["of"])
            if "failed" in message:
                raise GradingError(
                    f"A worker can't go on: {message['failed']}. Free disk space or mend the folder for temporary files, then run the same command again."
                )
            if "outcome" in message:
                worker.job = None
                outcome = Outcome.from_dict(message["outcome"])
                nb = (
                    nbformat.read(worker.folder / "out.ipynb", as_version=4)
                    if (worker.folder / "out.ipynb").exists()
                    else job.nb
                )
                yield Done(job.key, nb, outcome)
                (worker.folder / "out.ipynb").unlink(missing_ok=True)
