"""What can go wrong beyond ValueError and TypeError, which the original raises for bad arguments."""

from __future__ import annotations


class WriteConflictError(RuntimeError):
    """Other writers kept changing the table; nothing was written, and the write can be repeated."""
