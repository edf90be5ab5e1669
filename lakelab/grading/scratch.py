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
    """Make the folders that a sandbox begins every submission with; raises RuntimeError outside of a sandbox, whose /tmp is not ours to clear."""
    if not Path("/etc/passwd").read_text(encoding="utf-8").startswith("student:"):
        raise RuntimeError(f"Only a sandbox of LakeLab may have its {PLACE} cleared, and this is none.")
    for folder in (HOME, RUNTIME):
        folder.mkdir(exist_ok=True)


def tidy(kept: Collection[Path]) -> str:
    """Remove all that was written inside the sandbox, except what the worker itself keeps; no process of a submission may be left.

    Returns what could not be removed, or an empty text. Then nothing else may run here.
    """
    shown = _mounted()
    for place in (PLACE, Path("/dev/shm")):
        if left := _clear(place, {*kept, *shown}):
            return f"{left.name[:60]} could not be removed from {left.parent}"
    for kind in ("shm", "sem", "msg"):
        with contextlib.suppress(OSError):
            if len(Path("/proc/sysvipc", kind).read_text().splitlines()) > 1:
                return f"System V objects ({kind}) are left"
    prepare()
    return ""


def _clear(place: Path, kept: Collection[Path]) -> Path | None:
    """Remove what is in a folder, except `kept` and the folders that lead there; returns what is still there, or None."""
    for path in place.iterdir():
        if path in kept:
            continue
        if any(other.is_relative_to(path) for other in kept):
            if left := _clear(path, kept):
                return left
            continue
        _remove(path)
        if path.is_symlink() or path.exists():
            return path
    return None


def _mounted() -> set[Path]:
    """Return what the sandbox shows below the places that can be written to: a course that lies in /tmp, say."""
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    points = {Path(line.split()[4].encode().decode("unicode_escape")) for line in lines}
    return {point for point in points if point.is_relative_to(PLACE) and point != PLACE}


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_symlink() or not path.is_dir():
            path.unlink()
            return
        for folder in (path, *(p for p in path.rglob("*") if p.is_dir() and not p.is_symlink())):
            with contextlib.suppress(OSError):
                folder.chmod(0o700)
        shutil.rmtree(path, ignore_errors=True)
