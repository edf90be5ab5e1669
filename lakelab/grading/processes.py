"""Measuring and ending a process together with everything that it started."""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection

import psutil

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def adopt_orphans() -> None:
    """Ask Linux for the processes that descendants detach, so that they stay within reach; elsewhere, do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent(parent: int) -> None:
    """Ask Linux to kill this process when `parent`, which started it, is gone; elsewhere, do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it went before we asked
            os._exit(1)


class MemoryWatch(threading.Thread):
    """Kills the descendants of this process when together they grow beyond a limit.

    All descendants count, not only the kernel's: a process that a submission detached has been adopted by this one.
    Memory is the sum of proportional set sizes, so that pages which forked workers share count once; where the platform
    does not tell them, resident sizes. `credit()` gives, by process, bytes that don't count because they were there before; a process
    of which nothing counts is never killed.
    """

    def __init__(self, limit: int, credit: Callable[[], dict[int, float]] | None = None, interval: float = 0.3) -> None:
        super().__init__(daemon=True, name="memory-watch")
        self.limit, self.interval = limit, interval
        self.credit = credit or dict
        self.peak = 0
        self.exceeded = False
        self._done = threading.Event()

    def run(self) -> None:
        """Measure until stopped, or until the limit is passed."""
        while not self._done.wait(self.interval):
            credit = self.credit()
            used = sum(max(0, memory_of(p) - credit.get(p.pid, 0)) for p in _children(credit))
            self.peak = max(self.peak, int(used))
            if used > self.limit:
                self.exceeded = True
                kill(_children(credit))
                return

    def stop(self) -> None:
        """End the watch."""
        self._done.set()


def _children(credit: dict[int, float]) -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if credit.get(p.pid, 0) < math.inf]


def memory_of(process: psutil.Process) -> int:
    """Return the bytes of a process as `MemoryWatch` counts them; 0 for one that is gone."""
    try:
        resident = int(process.memory_info().rss)
        # The exact figure costs a walk over the page tables: only worth it for processes that matter.
        return int(process.memory_full_info().pss) if resident > 64 * 1024**2 else resident
    except AttributeError:
        return resident
    except psutil.Error:
        return 0


def kill(processes: list[psutil.Process]) -> None:
    """Kill processes, the last found first, so that children go before the parents that would start them again."""
    for process in reversed(processes):
        with contextlib.suppress(psutil.Error):
            process.kill()


def kill_tree(pid: int) -> None:
    """Kill a process and all it started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        kill([root, *root.children(recursive=True)])


def end_children(spared: Collection[int] = ()) -> None:
    """Kill every process that descends from this one, except those spared, and wait until they are gone."""
    for _ in range(20):
        children = [p for p in psutil.Process().children(recursive=True) if p.pid not in spared]
        if not children:
            return
        kill(children)
        psutil.wait_procs(children, timeout=1)
