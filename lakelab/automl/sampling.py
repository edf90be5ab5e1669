"""Brings a data set to a size that one process can train on, before it leaves Spark.

Classification keeps the classes' shares (``sampleBy``); regression samples rows evenly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

MAX_CELLS = 20_000_000
"""Rows times columns that are trained on: as float64 160 MB, of which a fit holds several copies."""

SEED = 42


def kept_fraction(rows: int, columns: int) -> float:
    """Share of the rows that fits into `MAX_CELLS`, at most 1."""
    return min(1.0, MAX_CELLS / max(1, rows * columns))


def sample_spark(frame: DataFrame, fraction: float, target: str, *, stratified: bool) -> DataFrame:
    """About ``fraction`` of the rows; ``stratified`` keeps each value of ``target`` at its share."""
    if not stratified:
        return frame.sample(fraction=fraction, seed=SEED)
    labels = [row[0] for row in frame.select(target).where(f"`{target}` IS NOT NULL").distinct().collect()]
    return frame.sampleBy(target, fractions=dict.fromkeys(labels, fraction), seed=SEED)


def sample_pandas(frame: pd.DataFrame, fraction: float, target: str, *, stratified: bool) -> pd.DataFrame:
    """About ``fraction`` of the rows; ``stratified`` keeps each value of ``target`` at its share."""
    if not stratified:
        return frame.sample(frac=fraction, random_state=SEED)
    return frame.groupby(target, group_keys=False, observed=True).sample(frac=fraction, random_state=SEED)
