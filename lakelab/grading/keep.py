"""A pool that outlives the notebook it was made for: nbgrader hands over one notebook at a time and never says which is the last."""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections.abc import Iterator

from lakelab.grading.execute import COLD, Limits
from lakelab.grading.isolation import Isolation
from lakelab.grading.pool import WorkerPool

IDLE = 20.0
"""Seconds without a notebook after which the pool is closed: Formgrader's server lives for days."""

_lock = threading.RLock()
_pool: WorkerPool | None = None
_timer: threading.Timer | None = None


@contextlib.contextmanager
def kept_pool(limits: Limits, engine: str, isolation: Isolation = Isolation.NONE) -> Iterator[WorkerPool]:
    """Give a pool of one worker: the one kept from the notebook before, if it is the same kind."""
    global _pool, _timer
    if engine == COLD:
        with WorkerPool(1, limits, engine, isolation) as pool:
            yield pool
        return
    with _lock:
        if _timer is not None:
            _timer.cancel()
        if _pool is not None and (_pool.limits, _pool.engine, _pool.isolation) != (limits, engine, isolation):
            close()
        _pool = _pool or WorkerPool(1, limits, engine, isolation)
        try:
            yield _pool
        except BaseException:
            close()
            raise
        _timer = threading.Timer(IDLE, close)
        _timer.daemon = True
        _timer.start()


def close() -> None:
    """Close the pool that is kept, if any."""
    global _pool
    with _lock:
        if _pool is not None:
            _pool.__exit__(None, None, None)
        _pool = None


atexit.register(close)
