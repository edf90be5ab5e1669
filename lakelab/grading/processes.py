"""Measuring and ending a process together with everything that it started."""

from __future__ import annotations

import os
import threading

import psutil


class MemoryWatch(threading.Thread):
    """Kills a process tree that grows beyond a limit.

    Memory is the sum of proportional set sizes, so that pages which forked workers share count once; where the platform
    does not tell them, resident sizes.
    """

    def __init__(self, pid: int, limit: int, interval: float = 0.3) -> None:
        super().__init__(daemon=True, name="memory-watch")
        self.pid, self.limit, self.interval = pid, limit, interval
        self.peak = 0
        self.exceeded = False
        self._done = threading.Event()

    def run(self) -> None:
        """Measure until stopped, or until the tree is gone or killed."""
        while not self._done.wait(self.interval):
            used = tree_bytes(self.pid)
            self.peak = max(self.peak, used)
            if used > self.limit:
                self.exceeded = True
                kill_tree(self.pid)
                return

    def stop(self) -> None:
        """End the watch."""
        self._done.set()


def _tree(pid: int) -> list[psutil.Process]:
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def tree_bytes(pid: int) -> int:
    """Return the memory of a process and all it started, in bytes."""
    total = 0
    for process in _tree(pid):
        try:
            resident = process.memory_info().rss
            # The exact figure costs a walk over the page tables: only worth it for processes that matter.
            total += process.memory_full_info().pss if resident > 64 * 1024**2 and hasattr(os, "fork") else resident
        except (psutil.Error, AttributeError):
            continue
    return total


def kill_tree(pid: int) -> None:
    """Kill a process and all it started, children first found, so that none is left to start another."""
    for process in reversed(_tree(pid)):
        try:
            process.kill()
        except psutil.Error:
            continue
