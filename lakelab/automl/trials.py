"""Runs trials side by side until nothing gets better, or a limit is reached."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lakelab.automl.arguments import Limits
from lakelab.automl.execution import Executor
from lakelab.automl.metrics import Metric
from lakelab.automl.notebook import write
from lakelab.automl.progress import Progress
from lakelab.automl.search import LAG, Proposal, Search
from lakelab.automl.tracking import Tracking

if TYPE_CHECKING:
    from nbformat import NotebookNode

PATIENCE = 20
"""Trials in a row without a better score after which the search ends."""

TOLERANCE = 1e-3
"""Share of the score by which a better one has to be better to count."""

TRIAL_SHARE = 0.25
"""Share of the experiment's time that a single trial may take, but at least `TRIAL_SECONDS`."""

TRIAL_SECONDS = 20.0

OUT_OF_TIME = "it ran out of time"

GRACE_SECONDS = 15.0
"""Time that the exploration notebook gets after the last trial."""


@dataclass(frozen=True)
class Finished:
    """A trial that ended well, with its primary metric on the validation part."""

    proposal: Proposal
    run_id: str
    notebook: Path
    score: float
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """The trials that ended well, in order; ``failures`` holds what stopped the others."""

    finished: list[Finished]
    failures: list[str]
    interrupted: bool


@dataclass
class _Running:
    proposal: Proposal
    run_id: str
    source: Path
    notebook: Path
    started: float


class Trials:
    """The loop over proposals; ``render`` makes a trial's notebook, ``exploration`` is one that runs beside them."""

    def __init__(
        self,
        *,
        search: Search,
        metric: Metric,
        render: Callable[[Proposal], NotebookNode],
        exploration: NotebookNode | None,
        limits: Limits,
        deadline: float,
        tracking: Tracking,
        progress: Progress,
        executor: Executor,
        parallelism: int | None = None,
    ) -> None:
        self._search, self._metric, self._render = search, metric, render
        self._limits, self._deadline = limits, deadline
        self._tracking, self._progress, self._executor = tracking, progress, executor
        self._parallelism = parallelism or min(LAG, usable_cores())
        self._exploration = exploration
        self._exploring: int | None = None
        self._running: dict[int, _Running] = {}
        self._proposed = 0
        self._losses: list[float | None] = []
        self._finished: list[Finished] = []
        self._failures: list[str] = []

    def run(self) -> Outcome:
        """Run trials until the search ends, and return what came of it. An interrupt ends it early."""
        interrupted = False
        try:
            self._explore()
            while self._fill() or self._running:
                self._wait(until=min([self._deadline, *map(self._limit, self._running.values())]))
                now = time.monotonic()
                for number, trial in list(self._running.items()):
                    if now >= min(self._deadline, self._limit(trial)):
                        self._kill(number, trial, OUT_OF_TIME)
                if now >= self._deadline:
                    break
            self._finish_exploring()
        except KeyboardInterrupt:
            interrupted = True
        finally:
            for number, trial in list(self._running.items()):
                self._kill(number, trial, "interrupted" if interrupted else OUT_OF_TIME)
            if self._exploring is not None:
                self._executor.kill(self._exploring)
                self._explored(None)
            self._tracking.end(self._tracking.data_run_id, "FINISHED")
        self._finished.sort(key=lambda trial: trial.proposal.number)
        return Outcome(self._finished, self._failures, interrupted)

    def _fill(self) -> bool:
        """Start trials as long as there is room and the search goes on; whether any runs."""
        while (
            len(self._running) + (self._exploring is not None) < max(self._parallelism, 2 if self._proposed == 0 else 1)
            and time.monotonic() < self._deadline
            and self._goes_on()
            and self._search.can_propose()
        ):
            self._start(self._search.propose())
        return bool(self._running)

    def _goes_on(self) -> bool:
        if self._limits.trials is not None and self._proposed >= self._limits.trials:
            return False
        # Judged by the trials that a proposal rests on, so that it does not depend on which of the others have ended.
        return not stalled(self._losses[: max(0, self._proposed - LAG + 1)])

    def _start(self, proposal: Proposal) -> None:
        algorithm = proposal.algorithm
        stem = f"{proposal.number + 1:03d}_{algorithm.name}"
        source = write(self._render(proposal), self._tracking.folder / f".{stem}.ipynb")
        run_id = self._tracking.start(algorithm.name, {"lakelab.automl.kind": "trial", "lakelab.automl.trial": stem})
        notebook = self._tracking.folder / f"{stem}.ipynb"
        number = self._executor.submit(source, notebook, {"MLFLOW_RUN_ID": run_id})
        self._running[number] = _Running(proposal, run_id, source, notebook, time.monotonic())
        self._losses.append(None)
        self._proposed += 1

    def _limit(self, trial: _Running) -> float:
        """When ``trial`` has taken its share; as long as nothing else ended well, it may take all there is."""
        if not self._finished:
            return self._deadline
        return trial.started + max(TRIAL_SECONDS, TRIAL_SHARE * self._limits.seconds)

    def _wait(self, until: float) -> None:
        """Wait for a notebook to end, at most until the time ``until``, and take note of it."""
        ended = self._executor.wait(max(0.0, until - time.monotonic()))
        if ended is None:
            return
        if ended.number == self._exploring:
            self._explored(ended.error)
        elif (trial := self._running.pop(ended.number, None)) is not None:
            self._ended(trial, ended.error, ended.seconds)

    def _ended(self, trial: _Running, error: str | None, seconds: float) -> None:
        title = trial.proposal.algorithm.title
        score: float | None = None
        trial.source.unlink(missing_ok=True)
        self._tracking.end(trial.run_id, "FINISHED" if error is None else "FAILED", trial.notebook)
        if error is None:
            metrics = self._tracking.run(trial.run_id).data.metrics
            score = metrics.get(f"val_{self._metric.logged}")
            if score is None or score != score:
                score, error = None, f"its val_{self._metric.logged} is not defined"
        if score is None:
            self._failures.append(f"{title}: {error}")
        else:
            self._finished.append(Finished(trial.proposal, trial.run_id, trial.notebook, score, seconds))
        loss = None if score is None else self._metric.loss(score)
        self._losses[trial.proposal.number] = loss
        self._search.record(trial.proposal.number, loss)
        self._progress.trial(title, score, seconds, error)

    def _kill(self, number: int, trial: _Running, reason: str) -> None:
        self._executor.kill(number)
        del self._running[number]
        trial.source.unlink(missing_ok=True)
        self._tracking.end(trial.run_id, "KILLED")
        self._failures.append(f"{trial.proposal.algorithm.title}: {reason}")
        self._search.record(trial.proposal.number, None)
        self._progress.trial(trial.proposal.algorithm.title, None, time.monotonic() - trial.started, reason)

    def _explore(self) -> None:
        if self._exploration is None:
            return
        self._exploring_source = write(self._exploration, self._tracking.folder / ".data_exploration.ipynb")
        self._exploring = self._executor.submit(self._exploring_source, self.exploration_path, {})

    @property
    def exploration_path(self) -> Path:
        """Where the exploration notebook is, once it has run."""
        return self._tracking.folder / "data_exploration.ipynb"

    def _finish_exploring(self) -> None:
        until = time.monotonic() + GRACE_SECONDS
        while self._exploring is not None and time.monotonic() < until:
            self._wait(until)

    def _explored(self, error: str | None) -> None:
        self._exploring = None
        self._exploring_source.unlink(missing_ok=True)
        if self.exploration_path.exists():
            self._tracking.client.log_artifact(self._tracking.data_run_id, str(self.exploration_path), "notebooks")
        if error is not None:
            self._progress.say(f"The data exploration notebook stopped: {error}.")


def stalled(losses: Sequence[float | None]) -> bool:
    """Whether the last `PATIENCE` trials brought nothing better; ``losses`` in order, None for those that failed."""
    best, since = float("inf"), 0
    for loss in losses:
        better = loss is not None and (best == float("inf") or loss < best - TOLERANCE * abs(best))
        best, since = (float(loss or 0.0), 0) if better else (best, since + 1)
    return since >= PATIENCE


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
