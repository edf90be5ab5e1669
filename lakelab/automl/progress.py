"""Tells on stdout how far an experiment is: one line per trial, with the best score so far and the time left."""

from __future__ import annotations

import time

from lakelab.automl.metrics import Metric


class Progress:
    """Prints as trials end; ``seconds`` and ``trials`` are the experiment's limits."""

    def __init__(self, metric: Metric, seconds: float, trials: int | None) -> None:
        self._metric, self._trials = metric, trials
        self._started = time.monotonic()
        self._seconds = seconds
        self._ended = 0
        self._best: float | None = None

    def say(self, message: str) -> None:
        """Print ``message``, such as an alert."""
        print(message, flush=True)

    def trial(self, title: str, score: float | None, seconds: float, error: str | None) -> None:
        """A trial ended, with a score or an error."""
        self._ended += 1
        count = f"{self._ended}" + (f" of at most {self._trials}" if self._trials else "")
        if score is None:
            outcome = f"failed ({error})"
        else:
            outcome = f"val_{self._metric.logged} {score:.4f}"
            if self._best is None or self._metric.loss(score) < self._metric.loss(self._best):
                self._best = score
                outcome += ", the best so far"
        self.say(f"Trial {count}: {title}, {outcome}; it took {duration(seconds)}, {self._left()}.")

    def _left(self) -> str:
        return f"at most {duration(max(0.0, self._seconds - (time.monotonic() - self._started)))} left"


def duration(seconds: float) -> str:
    """``seconds`` in words."""
    if seconds < 100:
        return f"{seconds:.1f} seconds"
    if seconds < 100 * 60:
        return f"{seconds / 60:.1f} minutes"
    return f"{seconds / 3600:.1f} hours"
