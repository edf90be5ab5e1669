"""Divides rows into training, validation and test parts: at random, in time's order, or as a column says.

The random split does not depend on the order of the rows: they are ordered by their content first, so that a table that
Spark reads in another order, or with other partitions, is split the same.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from lakelab.automl.semantic import to_times

Part = Literal["train", "validate", "test"]
PARTS: tuple[Part, ...] = ("train", "validate", "test")
SHARES = (0.6, 0.2, 0.2)

SEED = 42


def order_by_content(frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows in an order that depends on nothing but their values, with a new index."""
    digest = pd.util.hash_pandas_object(_hashable(frame), index=False)
    return frame.iloc[np.argsort(digest.to_numpy(), kind="stable")].reset_index(drop=True)


def split_randomly(rows: int) -> np.ndarray:
    """Part of each of ``rows`` rows, 60/20/20."""
    return _parts(np.random.default_rng(SEED).permutation(rows) / max(1, rows))


def split_stratified(labels: pd.Series) -> np.ndarray:
    """Part of each row, 60/20/20 within every label."""
    shuffled = np.random.default_rng(SEED).permutation(len(labels))
    order = pd.Series(np.arange(len(labels)), index=shuffled).sort_index()
    by_label = order.groupby(labels.to_numpy())
    rank = by_label.rank(method="first") - 0.5
    return _parts((rank / by_label.transform("size")).to_numpy())


def split_by_time(column: pd.Series) -> np.ndarray:
    """Part of each row: the earliest 60 % train, the next 20 % validate, the latest 20 % test.

    Raises:
        ValueError: not every value is a time.
    """
    times = to_times(column)
    if times.isna().any():
        raise ValueError(
            f"time_col {column.name!r} holds {int(times.isna().sum())} values that are missing or not times: "
            "remove or repair these rows."
        )
    rank = np.empty(len(times))
    rank[np.argsort(times.to_numpy(), kind="stable")] = np.arange(len(times))
    return _parts(rank / max(1, len(times)))


def split_by_column(column: pd.Series) -> np.ndarray:
    """Part of each row as ``column`` says: train, validate or test.

    Raises:
        ValueError: another value, or a part without rows.
    """
    values = column.astype("string").str.strip()
    unknown = sorted(set(values.dropna()) - set(PARTS)) + (["null"] if values.isna().any() else [])
    if unknown:
        raise ValueError(
            f"split_col {column.name!r} holds {', '.join(map(str, unknown[:5]))}: "
            "every row must say train, validate or test."
        )
    missing = [part for part in PARTS if not (values == part).any()]
    if missing:
        raise ValueError(f"split_col {column.name!r} has no row for {' and '.join(missing)}: each part needs some.")
    return values.to_numpy(dtype=object)


def _parts(position: np.ndarray) -> np.ndarray:
    """Parts of rows by their position between 0 and 1."""
    parts: np.ndarray = np.select(
        [position < SHARES[0], position < SHARES[0] + SHARES[1]], ["train", "validate"], "test"
    ).astype(object)
    return parts


def _hashable(frame: pd.DataFrame) -> pd.DataFrame:
    """Values that cannot be hashed (lists) as text."""
    return frame.apply(lambda column: column.map(str) if _has_lists(column) else column)


def _has_lists(column: pd.Series) -> bool:
    return column.dtype == object and bool(column.map(lambda value: isinstance(value, list | np.ndarray | dict)).any())
