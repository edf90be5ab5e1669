"""Keeping a process closed to others of the same user."""

from __future__ import annotations

import ctypes
import sys

_SET_DUMPABLE = 4


def close_to_others(closed: bool = True) -> None:
    """Keep other processes of the same user from tracing this one and from reading its memory and descriptors; or allow it again.

    Linux only; elsewhere this does nothing. Forks inherit it, programs that are executed don't.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, int(not closed), 0, 0, 0)
