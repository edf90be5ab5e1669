"""What a submission can leave inside a sandbox, and its removal: files in the places that can be written to, shared memory of System V."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Collection
from pathlib import Path

from lakelab.grading.isolation import PLACE

HOME, RUNTIME = PLACE / "home", PLACE / "runtime"
"""Where a sandbox has the home folder and Jupyter's connection files."""


def prepare() -> None:
    """Make the folders that a sandbox begins every submission with."""
    for folder in (HOME, RUNTIME):
        folder.mkdir(exist_ok=True)


def tidy(kept: Collection[Path]) -> str:
    """Remove all that was written inside the sandbox, except what the worker itself keeps; no process of a submission may be left.

    Returns what could not be removed, or an empty text. Then nothing else may run here.
    """
    for place in (PLACE, Path("/dev/shm")):
        for path in place.iterdir():
            if path not in kept:
                _remove(path)
        if left := [path.name for path in place.iterdir() if path not in kept]:
            return f"{left[0][:60]} could not be removed from {place}"
    for kind in ("shm", "sem", "msg"):
        with contextlib.suppress(OSError):
            if len(Path("/proc/sysvipc", kind).read_text().splitlines()) > 1:
                return f"System V objects ({kind}) are left"
    prepare()
    return ""


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_symlink() or not path.is_dir():
            path.unlink()
            return
        for folder in (path, *(p for p in path.rglob("*") if p.is_dir() and not p.is_symlink())):
            with contextlib.suppress(OSError):
                folder.chmod(0o700)
        shutil.rmtree(path, ignore_errors=True)
