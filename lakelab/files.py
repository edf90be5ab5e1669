"""Writing a file so that nobody ever reads half of it."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give the path of a new file beside ``target`` to write; when the block ends well it takes the target's place in one step.

    After an error the target is as it was, and the other file is gone. The folder must exist.
    """
    partial = target.with_name(f".partial-{uuid.uuid4().hex}{target.suffix}")
    try:
        yield partial
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
