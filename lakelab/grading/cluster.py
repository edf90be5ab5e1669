"""Executing notebooks on many machines: jobs go to the workers of a Dask cluster, outcomes come back.

Only this travels: the sanitised notebook and the files of its assignment, limits, engine and level of isolation, under a key that says nothing
of whom; and back the executed notebook with its outcome. A Dask worker executes nothing itself. It keeps a `WorkerPool` of one, as the parent
would on its own machine, so that verdicts, limits and sandbox are the same, and what a submission ends is not the Dask worker.

A job whose Dask worker dies is given to another one by Dask; the parent records what comes back first and nothing twice, because only it
has the gradebook. docs/many_machines.md shows a set-up.
"""

from __future__ import annotations

import contextlib
import io
import logging
import queue
import tempfile
import threading
import time
import uuid
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING, Any

import nbformat

from lakelab.grading.errors import GradingError
from lakelab.grading.execute import Limits
from lakelab.grading.isolation import Isolation, choose
from lakelab.grading.pool import Done, Job, Key, WorkerPool
from lakelab.grading.verdict import CellRecord, Outcome, Verdict

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 15.0
"""How long a scheduler may take to answer."""

PATIENCE_SECONDS = 120.0
"""How long the parent waits while no worker is connected: some time to start one, and for a network to come back."""

IDLE_SECONDS = 120.0
"""How long a Dask worker keeps warm processes for the next notebook: a parent that was killed tells nobody that none will come."""

# What scores of the same notebook may depend on.
_COMPARED = (
    "lakelab", "nbgrader", "papermill", "nbclient", "ipykernel", "ipython", "numpy", "pandas", "pyarrow", "pyspark", "scikit-learn", "scipy", "mlflow",
    "hyperopt", "optuna", "lightgbm", "xgboost-cpu", "statsmodels", "deltalake", "evidently",
)  # fmt: skip

Settings = Mapping[str, Any]
"""What a pool is made with, as plain values: `limits`, `engine`, `isolation`."""


@cache
def installed() -> dict[str, str]:
    """Return the versions of what scores may depend on; "" for what is not installed."""
    found = {"Python": ".".join(python_version().split(".")[:2])}
    for name in _COMPARED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def _difference(theirs: Mapping[str, str]) -> str:
    """Name the first thing that this machine has in another version than the parent, or return ""."""
    ours = installed()
    for name, wanted in theirs.items():
        if ours.get(name, "") != wanted:
            return f"{name} is {ours.get(name) or 'missing'} there and {wanted or 'missing'} here"
    return ""


# On a worker


@dataclass
class _Idle:
    pool: WorkerPool
    settings: Settings
    since: float


class _Pools:
    """The pools of this Dask worker's process, kept warm between jobs of one run and given up when nobody needs them."""

    def __init__(self) -> None:
        self._idle: list[_Idle] = []
        self._lock = threading.Lock()
        self._watch: threading.Timer | None = None

    @contextlib.contextmanager
    def borrowed(self, settings: Settings) -> Iterator[WorkerPool]:
        """Give a pool with these settings that nobody else uses; after an error it is not used again."""
        with self._lock:
            position = next((n for n, idle in enumerate(self._idle) if idle.settings == settings), None)
            pool = self._idle.pop(position).pool if position is not None else None
        if pool is None:
            pool = WorkerPool(1, Limits(**settings["limits"]), settings["engine"], settings["isolation"])
        try:
            yield pool
        except BaseException:
            pool.__exit__()
            raise
        with self._lock:
            self._idle.append(_Idle(pool, settings, time.monotonic()))
            self._watch_idle()

    def end(self, older_than: float = 0.0) -> None:
        """End the pools that have been idle for so many seconds."""
        with self._lock:
            now = time.monotonic()
            old = [idle for idle in self._idle if now - idle.since >= older_than]
            self._idle = [idle for idle in self._idle if now - idle.since < older_than]
            self._watch = None
            if self._idle:
                self._watch_idle()
        for idle in old:
            idle.pool.__exit__()

    def _watch_idle(self) -> None:
        if self._watch is None:
            self._watch = threading.Timer(IDLE_SECONDS, self.end, (IDLE_SECONDS,))
            self._watch.daemon = True
            self._watch.start()


_pools = _Pools()


def _end_pools() -> None:
    """End this process's idle pools, without keeping whoever asks."""
    threading.Thread(target=_pools.end).start()


def _execute(
    name: str,
    notebook: str,
    files: bytes | None,
    settings: Settings,
    versions: Mapping[str, str],
    topic: str,
) -> dict[str, Any]:
    """Execute one notebook on this machine; runs in a thread of a Dask worker."""
    from distributed import get_worker

    worker = get_worker()
    if difference := _difference(versions):
        return {
            "refused": f"{difference}: install the same versions on both (constraints.txt), then start the worker again"
        }
    with contextlib.ExitStack() as stack:
        folder = None
        if files is not None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lakelab-files-"))) / "files"
            folder.mkdir(mode=0o755)  # a sandbox's user is another one
            with zipfile.ZipFile(io.BytesIO(files)) as archive:
                archive.extractall(folder)
        job = Job(name, nbformat.reads(notebook, as_version=4), folder)

        def on_cell(_: str, done: int, total: int) -> None:
            worker.log_event(topic, [name, done, total])

        try:
            with _pools.borrowed(settings) as pool:
                (done,) = pool.run(iter([job]), on_cell)
        except GradingError as error:
            return {"refused": str(error)}
    return {"notebook": _text(done.nb), "outcome": done.outcome.to_dict(), "was_ended": done.was_ended}


def _text(nb: nbformat.NotebookNode) -> str:
    """Return a notebook as text that can travel: half of a surrogate pair, which has no UTF-8, becomes a question mark."""
    return nbformat.writes(nb).encode("utf-8", "replace").decode()


# At the parent


def level_of_workers(wanted: Isolation | str, scheduler: str | None) -> Isolation:
    """Return the level that workers have to have: a sandbox that is asked for need not be to be had here when all is executed elsewhere."""
    if scheduler and wanted == Isolation.SANDBOX:
        return Isolation.SANDBOX
    return choose(wanted)


@dataclass
class _Sent:
    job: Job[Any]
    future: Future
    started: float


class ClusterPool:
    """Runs jobs on the workers of a Dask cluster, one on each of their threads, and yields them as they end: a `WorkerPool` for many machines.

    Raises GradingError when the scheduler can't be reached, a worker has other versions than this machine, or no worker is there for
    `PATIENCE_SECONDS`. `isolation` is the level that every worker has to have.
    """

    def __init__(self, scheduler: str, limits: Limits, engine: str, isolation: Isolation) -> None:
        self.scheduler, self.limits, self.engine, self.isolation = scheduler, limits, engine, isolation
        self.replaced: list[str] = []
        self._settings: Settings = {"limits": limits.to_dict(), "engine": engine, "isolation": str(isolation)}
        self._topic = f"lakelab-{uuid.uuid4().hex}"
        self._heard: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._sent: dict[str, _Sent] = {}
        self._again: list[Job[Any]] = []
        self._packed: dict[Path, bytes] = {}
        self._known_threads, self._asked = 0, float("-inf")
        self._is_gone = False
        self._client = self._connect()

    def _connect(self) -> Client:
        try:
            from distributed import Client
        except ImportError:
            raise GradingError(
                "Grading on many machines needs the package distributed: install lakelab with its extra 'dask'."
            ) from None
        for noisy in ("distributed", "tornado", "asyncio"):
            logging.getLogger(noisy).setLevel(logging.CRITICAL)
        warnings.filterwarnings("ignore", module="distributed|contextlib")  # versions are compared where they matter
        try:
            client = Client(self.scheduler, timeout=CONNECT_SECONDS, set_as_default=False, name="lakelab-grade")
            client.subscribe_topic(self._topic, lambda event: self._heard.put(("cell", event[1])))
        except (OSError, ValueError, TypeError, ImportError, RuntimeError) as error:
            raise GradingError(
                f"There is no Dask scheduler at {self.scheduler} ({str(error).splitlines()[0][:120] if str(error) else type(error).__name__}): start one with 'dask scheduler' and give the address that it prints."
            ) from None
        return client

    def __enter__(self) -> ClusterPool:
        return self

    def __exit__(self, *exc: object) -> None:
        if not self._is_gone:
            with contextlib.suppress(Exception):
                self._client.cancel([sent.future for sent in self._sent.values()], force=True)
            with contextlib.suppress(Exception):
                self._client.run(_end_pools)
        with contextlib.suppress(Exception):
            self._client.close(timeout=5)

    def run(
        self, jobs: Iterator[Job[Key]], on_cell: Callable[[Key, int, int], None] | None = None
    ) -> Iterator[Done[Key]]:
        """Execute `jobs`, taken from the iterator as threads of workers become free."""
        yield from self._run(iter(jobs), None, on_cell)
        while self._again:
            yield from self._run(iter([self._again.pop()]), 1, on_cell)

    def _run(
        self, pending: Iterator[Job[Key]], at_a_time: int | None, on_cell: Callable[[Key, int, int], None] | None
    ) -> Iterator[Done[Key]]:
        waiting, last_seen = next(pending, None), time.monotonic()
        while waiting is not None or self._sent:
            threads = self._threads()
            # One more than there are threads, so that none has to wait for the parent.
            most = threads + 1 if at_a_time is None else at_a_time
            while waiting is not None and len(self._sent) < most:
                self._send(waiting)
                waiting = next(pending, None)
            if threads:
                last_seen = time.monotonic()
            elif time.monotonic() - last_seen > PATIENCE_SECONDS:
                raise GradingError(
                    f"No worker is connected to {self.scheduler}: start some with 'dask worker {self.scheduler} --nthreads 1', then run the same command again; nothing is lost."
                )
            with contextlib.suppress(queue.Empty):
                yield from self._hear(*self._heard.get(timeout=1.0), on_cell)

    def _threads(self) -> int:
        """Return how many threads all workers have together; the scheduler is asked once a second."""
        now = time.monotonic()
        if now - self._asked > 1:
            with self._reaching():
                self._known_threads = sum(self._client.nthreads().values())
            self._asked = now
        return self._known_threads

    @contextlib.contextmanager
    def _reaching(self) -> Iterator[None]:
        """Say in a sentence that the scheduler is gone; an OSError of this machine's own is raised outside of this."""
        try:
            yield
        except (OSError, TimeoutError, RuntimeError):
            self._is_gone = True
            raise GradingError(
                f"The scheduler at {self.scheduler} is gone: start it and its workers again, then run the same command again; nothing is lost."
            ) from None

    def _send(self, job: Job[Any]) -> None:
        name = uuid.uuid4().hex
        arguments = (name, _text(job.nb), self._pack(job.files), self._settings, installed(), self._topic)
        with self._reaching():
            future = self._client.submit(_execute, *arguments, key=f"lakelab-{name}", pure=False)
        self._sent[name] = _Sent(job, future, time.monotonic())
        future.add_done_callback(lambda _: self._heard.put(("done", name)))

    def _pack(self, files: Path | None) -> bytes | None:
        """Return a folder as an archive, links left out."""
        if files is None or not files.is_dir():
            return None
        if files not in self._packed:
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for path in sorted(files.rglob("*")):
                    if path.is_file() and not path.is_symlink():
                        archive.write(path, path.relative_to(files))
            self._packed[files] = packed.getvalue()
        return self._packed[files]

    def _hear(self, what: str, said: Any, on_cell: Callable[[Any, int, int], None] | None) -> Iterator[Done[Any]]:
        if what == "cell":
            name, done, total = said
            if name in self._sent and on_cell:
                on_cell(self._sent[name].job.key, done, total)
            return
        sent = self._sent.pop(said, None)
        if sent is None:
            return
        status = sent.future.status
        with self._reaching():
            if status not in ("finished", "error"):  # cancelled or lost
                raise ConnectionError
            answer = sent.future.result(timeout=CONNECT_SECONDS) if status == "finished" else None
            error = None if answer else sent.future.exception(timeout=CONNECT_SECONDS)
        yield from self._take(sent, answer) if answer else self._lost(sent, error)
        sent.future.release()

    def _take(self, sent: _Sent, answer: dict[str, Any]) -> Iterator[Done[Any]]:
        if "refused" in answer:
            where = next(iter(self._client.who_has([sent.future]).get(sent.future.key, ())), "a worker")
            raise GradingError(f"The worker {where} can't execute notebooks: {answer['refused']}.".replace("..", "."))
        if answer["was_ended"] and not sent.job.is_second:  # perhaps a neighbour on that machine was the cause
            self._again.append(replace(sent.job, is_second=True))
            return
        nb = nbformat.reads(answer["notebook"], as_version=4)
        yield Done(sent.job.key, nb, Outcome.from_dict(answer["outcome"]))

    def _lost(self, sent: _Sent, error: BaseException | None) -> Iterator[Done[Any]]:
        """Have a job that several Dask workers died with done once more, alone; after that it is to blame."""
        from distributed import KilledWorker

        if not sent.job.is_second:
            self._again.append(replace(sent.job, is_second=True))
            return
        if isinstance(error, KilledWorker):
            reason = "Every machine's worker that executed the notebook was ended, from outside or by the submission; nothing of it counts."
        else:
            reason = (
                f"The notebook could not be executed ({type(error).__name__}: {' '.join(str(error).split())[:200]})."
            )
        cells = [
            CellRecord(position, cell.metadata.get("nbgrader", {}).get("grade_id", ""))
            for position, cell in enumerate(sent.job.nb.cells)
            if cell.cell_type == "code"
        ]
        seconds = time.monotonic() - sent.started
        yield Done(sent.job.key, sent.job.nb, Outcome(Verdict.KERNEL_DIED, reason, seconds=seconds, cells=cells))
