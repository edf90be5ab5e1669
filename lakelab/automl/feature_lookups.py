"""Joins features from feature tables to a data set, as ``feature_store_lookups`` asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def join(frame: DataFrame, lookups: Sequence[dict[str, Any]], target: str) -> DataFrame:
    """``frame`` with all features of the tables that ``lookups`` name; times are looked up without leakage.

    Raises:
        ValueError: a table or key does not exist or does not fit.
    """
    from lakelab.feature_engineering import FeatureEngineeringClient, FeatureFunction, FeatureLookup

    features: list[FeatureLookup | FeatureFunction] = [
        FeatureLookup(
            table_name=lookup["table_name"],
            lookup_key=lookup["lookup_key"],
            timestamp_lookup_key=lookup.get("timestamp_lookup_key"),
        )
        for lookup in lookups
    ]
    if target not in frame.columns:
        raise ValueError(f"target_col {target!r} is not a column of the data set; it has {', '.join(frame.columns)}.")
    return FeatureEngineeringClient().create_training_set(df=frame, feature_lookups=features, label=target).load_df()


def read_table(name: str) -> DataFrame | None:
    """The feature table called ``name``, or None."""
    from lakelab.feature_engineering import FeatureEngineeringClient

    try:
        return FeatureEngineeringClient().read_table(name=name)
    except ValueError:
        return None
