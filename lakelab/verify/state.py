"""Going back to an earlier moment of a running notebook, so that one warm process can try many answers.

What is brought back: the names of the notebook, with copies of the plain containers and tables under them, and the files
of the scratch folders (MLflow's database and feature tables among them). What is not: objects of other types that an
answer changes in place, and what lives in another process, such as Spark's temporary views.
"""

from __future__ import annotations

import contextlib
import copy
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lakelab import home

_LEAVES = (str, bytes, int, float, complex, bool, type(None), frozenset)
_TABLES = {("pandas", "DataFrame"), ("pandas", "Series"), ("numpy", "ndarray")}
_MOST = 2_000_000
"""More items than this are not copied: no answer of a lab is that large, and copying would cost more than it proves."""


class Namespace:
    """The names of a notebook as they were when this was made."""

    def __init__(self, live: dict[str, Any]) -> None:
        self._live = live
        self._values = _copied(live)

    def restore(self) -> None:
        """Bring the names back. Functions keep working, because the dictionary that they look names up in stays the same."""
        values = _copied(self._values)  # a copy again: this moment may be gone back to more than once
        self._live.clear()
        self._live.update(values)


def _copied(names: dict[str, Any]) -> dict[str, Any]:
    memo: dict[int, Any] = {}  # shared, so that two names of one list stay two names of one list
    return {
        name: copy.deepcopy(value, memo) if _is_of_the_notebook(name) and _is_plain(value, [_MOST]) else value
        for name, value in names.items()
    }


def _is_of_the_notebook(name: str) -> bool:
    return not name.startswith("_") and name not in ("In", "Out")  # IPython's own, which it wants to keep


def _is_plain(value: Any, budget: list[int]) -> bool:
    if isinstance(value, _LEAVES):
        return True
    if type(value) in (list, tuple, set, dict):
        budget[0] -= len(value)
        items = [*value.keys(), *value.values()] if isinstance(value, dict) else list(value)
        return budget[0] >= 0 and all(_is_plain(item, budget) for item in items)
    kind = type(value)
    if (kind.__module__.partition(".")[0], kind.__name__) in _TABLES:
        budget[0] -= int(value.size)
        return budget[0] >= 0
    return False


@dataclass(frozen=True)
class Files:
    """The files and folders of the scratch folders at one moment, and where the copies are."""

    copies: dict[Path, Path]
    folders: set[Path]


class FileStore:
    """Keeps copies of the files below some folders, each version once."""

    def __init__(self, folders: list[Path], aside: Path, skip: list[Path]) -> None:
        self._folders, self._aside, self._skip = folders, aside, skip
        self._known: dict[Path, tuple[_Stamp, Path]] = {}
        aside.mkdir(parents=True)

    def save(self) -> Files:
        """Return the present moment."""
        files, folders = self._current()
        for path, stamp in files.items():
            if path not in self._known or self._known[path][0] != stamp:
                kept = self._aside / str(sum(1 for _ in self._aside.iterdir()))
                _copy(path, kept)
                self._known[path] = (stamp, kept)
        return Files({path: self._known[path][1] for path in files}, folders)

    def restore(self, moment: Files) -> None:
        """Bring the files of a moment back: new ones go, changed and missing ones return."""
        files, folders = self._current()
        for path in files.keys() - moment.copies.keys():
            path.unlink(missing_ok=True)
        for path, kept in moment.copies.items():
            if path in files and self._known.get(path) == (files[path], kept):
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            _copy(kept, path)
            self._known[path] = (_stamp(path), kept)
        for folder in sorted(folders - moment.folders, reverse=True):  # deepest first
            shutil.rmtree(folder, ignore_errors=True)

    def _current(self) -> tuple[dict[Path, _Stamp], set[Path]]:
        files: dict[Path, _Stamp] = {}
        folders: set[Path] = set()
        for top in self._folders:
            for root, names, entries in os.walk(top):
                here = Path(root)
                names[:] = [name for name in names if here / name not in self._skip and not (here / name).is_symlink()]
                folders.update(here / name for name in names)
                for path in (here / entry for entry in entries if not entry.endswith(_JOURNALS)):
                    with contextlib.suppress(FileNotFoundError):  # a temporary file may vanish meanwhile
                        files[path] = _stamp(path)
        return files, folders


_JOURNALS = ("-wal", "-shm", "-journal")
"""SQLite's side files, which mean nothing without their database; it reads and writes them itself."""
_Stamp = tuple[int, int, int]


def _stamp(path: Path) -> _Stamp:
    info = path.stat()
    journal = path.with_name(path.name + "-wal")  # a change may be there before it is in the database file
    return info.st_mtime_ns, info.st_size, journal.stat().st_mtime_ns if journal.exists() else 0


def _copy(source: Path, target: Path) -> None:
    """Copy a file; a SQLite database through SQLite, because the notebook may have it open."""
    if _is_sqlite(source):
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
    else:
        shutil.copyfile(source, target)


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def end_new_runs(kept: str | None) -> None:
    """End the MLflow runs that an answer left open, down to the run `kept` that was open before it."""
    mlflow = sys.modules.get("mlflow")
    if mlflow is not None:
        while (run := mlflow.active_run()) is not None and run.info.run_id != kept:
            mlflow.end_run()


def open_run() -> str | None:
    """Return the id of the MLflow run that is open, if any."""
    mlflow = sys.modules.get("mlflow")
    run = mlflow.active_run() if mlflow is not None else None
    return run.info.run_id if run is not None else None


def restore_default_experiment() -> None:
    """Make MLflow's default experiment again where the database came back without it.

    MLflow makes it when a process first opens a database, and this process has: the moment that came back may lie before.
    """
    store = sys.modules.get("mlflow.store.tracking.sqlalchemy_store")
    if store is not None:
        store.SqlAlchemyStore(home.mlflow_uri(), home.mlflow_artifacts().as_uri())
