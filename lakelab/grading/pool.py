"""Workers that execute notebooks in parallel, and the watch over them."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import nbformat
from nbformat import NotebookNode

from lakelab.grading.errors import GradingError
from lakelab.grading.execute import COLD, Limits, clean_environment
from lakelab.grading.isolation import Bounds, Isolation, choose
from lakelab.grading.keeper import command_options
from lakelab.grading.processes import kill_tree
from lakelab.grading.verdict import CellRecord, Outcome, Verdict

Key = TypeVar("Key")

# Beyond the notebook's own limit: start of the kernel, clean-up, and a submission that keeps the worker itself from noticing the time.
_GRACE = 90.0

# How many workers may end before they are ready, one after another (a submission may kill what it sees), before it must be the installation.
_STARTS = 3


@dataclass
class Job(Generic[Key]):
    """A notebook to execute. `files` is a folder whose content it finds in its working directory.

    `is_second` marks another try, after a worker failed or died.
    """

    key: Key
    nb: NotebookNode
    files: Path | None = None
    is_second: bool = False


@dataclass
class Done(Generic[Key]):
    """An executed notebook and its outcome. `was_ended` says that the process which executed it was ended, by whomever."""

    key: Key
    nb: NotebookNode
    outcome: Outcome
    was_ended: bool = False


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    folder: Path
    job: Job[Any] | None = None
    started: float = 0.0
    buffer: bytearray = field(default_factory=bytearray)
    is_ready: bool = False
    records: list[CellRecord] = field(default_factory=list)

    def send(self, job: Job[Any], limits: Limits, engine: str, isolation: Isolation = Isolation.NONE) -> None:
        self.folder.mkdir(exist_ok=True)  # an earlier submission may have deleted it
        files = str(job.files) if job.files else None
        if isolation is Isolation.SANDBOX:
            files = self._show(job.files)
        message = {
            # Half of a surrogate pair, which has no UTF-8, becomes a question mark.
            "notebook": nbformat.writes(job.nb).encode("utf-8", "replace").decode(),
            "files": files,
            "limits": limits.to_dict(),
            "engine": engine,
        }
        self.job, self.started, self.records = job, time.monotonic(), []
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def _show(self, files: Path | None) -> str | None:
        """Put a job's files where the sandbox sees them, in place of those of the job before; return where that is inside."""
        place = self.folder / "files"  # made by the keeper, or here; the sandbox is bound to this very folder
        place.mkdir(exist_ok=True)
        for old in place.iterdir():
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
        if files is None or not files.is_dir():
            return None
        shutil.copytree(files, place, symlinks=True, dirs_exist_ok=True)
        # Whoever is inside may be another user than the one whose files these are.
        for path in [place, *place.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() else 0o644)
        return "/files"

    def messages(self) -> list[dict[str, Any]] | None:
        """Return what the worker has said since the last call; None when it is gone, or says what no worker says."""
        assert self.process.stdout is not None
        chunk = os.read(self.process.stdout.fileno(), 1 << 20)
        if not chunk:
            return None
        self.buffer += chunk
        if b"\n" not in chunk:
            return []
        *lines, self.buffer = self.buffer.split(b"\n")
        try:
            return [dict(json.loads(line)) for line in lines]
        except (ValueError, TypeError):
            return None

    def lost(self, verdict: Verdict, reason: str) -> Outcome:
        """Return the outcome of a job whose worker is gone: what it had told until then holds."""
        assert self.job is not None
        told = {record.position: record for record in self.records}
        cells = [
            told.get(position) or CellRecord(position, cell.metadata.get("nbgrader", {}).get("grade_id", ""))
            for position, cell in enumerate(self.job.nb.cells)
            if cell.cell_type == "code"
        ]
        return Outcome(verdict, reason, seconds=time.monotonic() - self.started, cells=cells)


class WorkerPool:
    """Runs jobs on `jobs` worker processes and yields them as they end, in any order; `engine` is papermill's name of how.

    `isolation` is how far workers are kept from this machine; the attribute holds the level that this came to. Raises GradingError where it is
    not to be had.

    A worker that dies or fails is replaced. If a neighbour may have been the cause (processes of one user can kill each other, and share
    memory and disk), its job is run once more at the end, with nothing beside it; else it ends with the verdict `kernel died`. Either way it
    disturbs no other. `replaced` tells, by reason, how often a worker of the warm engine had to give up its JVM.
    """

    def __init__(
        self, jobs: int, limits: Limits, engine: str = COLD, isolation: Isolation | str = Isolation.NONE
    ) -> None:
        self.jobs, self.limits, self.engine, self.isolation = max(1, jobs), limits, engine, choose(isolation)
        self.replaced: list[str] = []
        self._workers: list[_Worker] = []
        self._again: list[Job[Any]] = []
        self._failed_starts = 0
        self._selector = selectors.DefaultSelector()
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *exc: object) -> None:
        for worker in self._workers:
            _hang_up(worker)
        for worker in self._workers:
            _end(worker)
        self._workers.clear()
        self._selector.close()
        if self._folder:
            self._folder.cleanup()

    def _start_worker(self) -> _Worker:
        # Not made before there is a worker, whose keeper removes it even when this process is killed.
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="lakelab-pool-", ignore_cleanup_errors=True)
        Path(self._folder.name).mkdir(exist_ok=True)  # a submission may have deleted it
        folder = Path(tempfile.mkdtemp(dir=self._folder.name))
        environment = clean_environment(dict(os.environ)) | {
            "TMPDIR": str(folder),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),  # where connection files go, to vanish with the folder
        }
        (folder / "files").mkdir()
        bounds = Bounds.of(self.limits.memory_limit)
        arguments = command_options(self.isolation, bounds, folder)
        with (folder / "start.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "lakelab.grading.keeper", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=folder.anchor,  # which no submission can delete
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
        _hang_up(worker)
        _end(worker)

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self._workers if worker.job]

    def run(
        self, jobs: Iterator[Job[Key]], on_cell: Callable[[Key, int, int], None] | None = None
    ) -> Iterator[Done[Key]]:
        """Execute `jobs`, taken from the iterator as workers become free.

        Raises GradingError when the machine keeps workers from working.
        """
        yield from self._run(iter(jobs), self.jobs, on_cell)
        while self._again:
            yield from self._run(iter([self._again.pop()]), 1, on_cell)

    def _run(
        self, pending: Iterator[Job[Key]], at_a_time: int, on_cell: Callable[[Key, int, int], None] | None
    ) -> Iterator[Done[Key]]:
        waiting = next(pending, None)
        while waiting is not None or self._busy():
            while waiting is not None and len(self._busy()) < at_a_time:
                idle = next((w for w in self._workers if w.job is None), None) or self._start_worker()
                try:
                    idle.send(waiting, self.limits, self.engine, self.isolation)
                except BrokenPipeError:
                    if idle.is_ready:  # it died between jobs: this one is for another
                        idle.job = None
                        self._drop(idle)
                        continue
                    yield from self._bury(idle)
                waiting = next(pending, None)
            for ready, _ in self._selector.select(timeout=1.0):
                yield from self._hear(ready.data, on_cell)
            for worker in self._busy():
                if time.monotonic() - worker.started > self.limits.notebook_timeout + _GRACE:
                    assert worker.job is not None
                    self._drop(worker)
                    reason = f"The notebook used up its {self.limits.notebook_timeout:g} s, and its process had to be killed."
                    yield Done(worker.job.key, worker.job.nb, worker.lost(Verdict.TIMED_OUT, reason))

    def _hear(self, worker: _Worker, on_cell: Callable[[Key, int, int], None] | None) -> Iterator[Done[Key]]:
        messages = worker.messages()
        if messages is None:
            yield from self._bury(worker)
            return
        for message in messages:
            worker.is_ready, self._failed_starts = True, 0
            job = worker.job
            if job is None:
                continue
            if "cell" in message and on_cell:
                on_cell(job.key, message["cell"], message["of"])
            if "record" in message:
                worker.records.append(CellRecord.from_dict(message["record"]))
            if "failed" in message:
                yield from self._put_off(worker, message["failed"], message["before_start"])
                return
            if "outcome" in message:
                worker.job = None
                if why := message.get("replaced"):
                    self.replaced.append(why)
                _take_outputs(job.nb, message.get("outputs", []), message.get("counts", []))
                if message.get("spent"):
                    self._drop(worker)
                yield Done(job.key, job.nb, Outcome.from_dict(message["outcome"]))

    def _put_off(self, worker: _Worker, why: str, before_start: bool) -> Iterator[Done[Key]]:
        """Have a job that a worker could not do done by another one; decide, when that was in vain, who is to blame."""
        job = worker.job
        assert job is not None
        self._drop(worker)
        if not job.is_second:
            self._again.append(replace(job, is_second=True))
        elif before_start or not _is_writable(Path(tempfile.gettempdir())):
            raise GradingError(
                f"A worker can't go on ({why}): free disk space or mend the folder for temporary files, then run the same command again."
            )
        else:
            yield Done(
                job.key, job.nb, worker.lost(Verdict.KERNEL_DIED, f"The notebook could not be executed ({why}).")
            )

    def _bury(self, worker: _Worker) -> Iterator[Done[Key]]:
        """Put a dead worker away and decide what becomes of its job."""
        said = _last_line(worker.folder / "start.log")
        alone = len(self._busy()) == 1
        self._drop(worker)
        if not worker.is_ready:
            self._failed_starts += 1
            if self._failed_starts >= _STARTS:
                raise GradingError(
                    f"A worker does not start ({said or 'it says nothing'}): see to the installation, then run the same command again."
                )
            if worker.job:
                self._again.append(worker.job)  # before it had begun, so nobody's doing
            return
        if worker.job is None:
            return
        if not (alone or worker.job.is_second):
            self._again.append(replace(worker.job, is_second=True))
            return
        reason = "The process that executed the notebook was ended, from outside or by the submission; what it had run counts."
        yield Done(worker.job.key, worker.job.nb, worker.lost(Verdict.KERNEL_DIED, reason), was_ended=True)


def _take_outputs(nb: NotebookNode, outputs: list[Any], counts: list[Any]) -> None:
    """Put what a worker tells of a notebook's cells into it: outputs and counts, and nothing else that a score could depend on."""
    for cell, its, count in zip(nb.cells, outputs, counts, strict=False):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = nbformat.from_dict(its), count


def _hang_up(worker: _Worker) -> None:
    """Close a worker's input: its keeper then ends everything and goes."""
    assert worker.process.stdin is not None
    with contextlib.suppress(OSError):
        worker.process.stdin.close()


def _end(worker: _Worker) -> None:
    try:
        worker.process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        kill_tree(worker.process.pid)
        worker.process.wait()
    assert worker.process.stdout is not None
    worker.process.stdout.close()


def _is_writable(folder: Path) -> bool:
    """Tell whether an executed notebook would fit into the folder."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(1 << 22))
    except OSError:
        return False
    return True


def _last_line(log: Path) -> str:
    try:
        return log.read_text(errors="replace").strip().split("\n")[-1][:200]
    except OSError:
        return ""
