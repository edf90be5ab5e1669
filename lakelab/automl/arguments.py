"""Checks of the arguments that classify, regress and forecast share: TypeError for a wrong type, ValueError for a value."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFAULT_TIMEOUT_MINUTES = 120
"""As on Databricks; early stopping ends most experiments much sooner."""

LOOKUP_KEYS = frozenset({"table_name", "lookup_key", "timestamp_lookup_key"})


@dataclass(frozen=True)
class Limits:
    """When an experiment ends at the latest: ``seconds`` from its start, and ``trials`` if not None."""

    seconds: float
    trials: int | None


def limits(max_trials: Any, timeout_minutes: Any) -> Limits:
    """The limits that the arguments ask for. Minutes may be fractions, and fewer than the five of the original.

    Raises:
        TypeError, ValueError: one of them is no positive number.
    """
    if max_trials is not None:
        if not isinstance(max_trials, int) or isinstance(max_trials, bool):
            raise TypeError(f"max_trials is {max_trials!r}: pass a whole number of trials, or None.")
        if max_trials < 1:
            raise ValueError(f"max_trials is {max_trials}: at least one trial is needed.")
    minutes = DEFAULT_TIMEOUT_MINUTES if timeout_minutes is None else timeout_minutes
    if not isinstance(minutes, int | float) or isinstance(minutes, bool):
        raise TypeError(f"timeout_minutes is {minutes!r}: pass a number of minutes, or None.")
    if not (math.isfinite(minutes) and minutes > 0):
        raise ValueError(f"timeout_minutes is {minutes}: pass a positive number of minutes.")
    return Limits(seconds=60.0 * minutes, trials=max_trials)


def name(argument: str, value: Any, *, optional: bool = True) -> str | None:
    """``value`` if it is a name.

    Raises:
        TypeError: it is none.
    """
    if value is None and optional:
        return None
    if not isinstance(value, str) or not value:
        raise TypeError(f"{argument} is {value!r}: pass a name as a string.")
    return value


def names(argument: str, value: Any) -> tuple[str, ...]:
    """``value``, a list of names or None, as a tuple.

    Raises:
        TypeError: it is another type; a single string is a frequent slip.
    """
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(item, str) for item in value):
        raise TypeError(f"{argument} is {value!r}: pass a list of strings.")
    return tuple(dict.fromkeys(value))


def lookups(value: Any) -> tuple[dict[str, Any], ...]:
    """``feature_store_lookups`` as a tuple.

    Raises:
        TypeError, ValueError: it is no list of dictionaries with a table_name and a lookup_key.
    """
    if value is None:
        return ()
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        raise TypeError(f"feature_store_lookups is {value!r}: pass a list of dictionaries.")
    for item in value:
        if not isinstance(item, Mapping):
            raise TypeError(f"feature_store_lookups holds {item!r}: every item is a dictionary.")
        if unknown := set(item) - LOOKUP_KEYS:
            raise ValueError(f"feature_store_lookups holds the key {sorted(map(str, unknown))[0]!r}: use {_keys()}.")
        if missing := {"table_name", "lookup_key"} - set(item):
            raise ValueError(f"An item of feature_store_lookups lacks {sorted(missing)[0]!r}: use {_keys()}.")
    return tuple(dict(item) for item in value)


def folder(argument: str, value: Any) -> Path | None:
    """A local folder from a path or a ``file:`` or ``dbfs:`` URI; None if ``value`` is None.

    Raises:
        TypeError: it is no path.
    """
    if value is None:
        return None
    if not isinstance(value, str | Path):
        raise TypeError(f"{argument} is {value!r}: pass a path.")
    return local_path(str(value))


def local_path(path: str) -> Path:
    """Where ``path`` is on this machine: places of a Databricks workspace lie below LakeLab's state folder."""
    from lakelab import home
    from lakelab.dbutils import fs

    if path.startswith(("file:", "dbfs:", "/dbfs/", "/Volumes/")):
        return fs.local_path(path)
    if path.startswith("/Workspace/"):
        return home.workspace_dir() / path.removeprefix("/Workspace/")
    if (
        path.startswith("/Users/") and not Path("/Users").exists()
    ):  # the workspace's folder, except where it is the system's
        return home.workspace_dir() / path.removeprefix("/")
    return Path(path).expanduser()


def _keys() -> str:
    return "table_name, lookup_key and perhaps timestamp_lookup_key"
