"""Files as a whole: written so that nobody ever reads half of one, and told apart by their bytes."""

from __future__ import annotations

import contextlib
import hashlib
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


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal; OSError where it can't be read."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
