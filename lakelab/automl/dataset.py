"""Takes a data set in any form that the API accepts to a pandas frame, leaving out what no model can use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from lakelab.automl import sampling
from lakelab.automl.semantic import ANNOTATION, SemanticType, native_type

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass
class Dataset:
    """Rows to learn from: ``annotations`` by column from Spark's metadata, ``alerts`` on what was left out and why."""

    frame: pd.DataFrame
    annotations: dict[str, str] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)


def read(
    dataset: Any,
    target: str,
    *,
    exclude: Sequence[str] = (),
    lookups: Sequence[dict[str, Any]] = (),
    stratified: bool = False,
    sample: bool = True,
) -> Dataset:
    """Read a data set.

    Args:
        dataset: a Spark, pandas or pandas-on-Spark frame, or a table's name.
        target: the column to predict.
        exclude: columns to leave out.
        lookups: features to join from feature tables, as `lakelab.automl.feature_lookups` takes them.
        stratified: whether a sample of a large data set keeps the shares of the target's values.
        sample: whether a large data set is sampled at all.

    Raises:
        TypeError: the data set has another type.
        ValueError: a named column does not exist, column names repeat, or there are no rows.
    """
    frame = _as_frame(dataset)
    if lookups:
        from lakelab.automl import feature_lookups

        frame = feature_lookups.join(_as_spark(frame), lookups, target)
    names = list(frame.columns)
    if repeated := sorted({str(name) for name in names if names.count(name) > 1}):
        raise ValueError(f"The data set has several columns called {', '.join(repeated)}: rename them.")
    if target not in names:
        raise ValueError(f"target_col {target!r} is not a column of the data set; it has {_listed(names)}.")
    if unknown := [name for name in exclude if name not in names]:
        raise ValueError(f"exclude_cols names {_listed(unknown)}, which the data set does not have.")
    if target in exclude:
        raise ValueError(f"exclude_cols names the target {target!r}: take it out of the list.")
    if isinstance(frame, pd.DataFrame):
        result = _from_pandas(frame.drop(columns=list(exclude)), target, stratified, sample)
    else:
        result = _from_spark(frame.drop(*exclude), target, stratified, sample)
    if result.frame.empty:
        raise ValueError("The data set has no rows.")
    return result


def _as_frame(dataset: Any) -> pd.DataFrame | DataFrame:
    if isinstance(dataset, pd.DataFrame):
        frame = dataset.reset_index(drop=True)
        frame.columns = [str(name) for name in frame.columns]
        return frame
    if isinstance(dataset, str):
        return _table(dataset)
    if hasattr(dataset, "to_spark") and hasattr(dataset, "_internal"):  # pandas-on-Spark, without importing it
        spark_frame: DataFrame = dataset.to_spark()
        return spark_frame
    if hasattr(dataset, "sparkSession") and hasattr(dataset, "toPandas"):
        passed: DataFrame = dataset
        if passed.isStreaming:
            raise TypeError("dataset is a stream: write it to a table and pass the table's name.")
        return passed
    raise TypeError(
        f"dataset is {_a(type(dataset).__name__)}: pass a Spark, pandas or pandas-on-Spark DataFrame, or a table's name."
    )


def _table(name: str) -> DataFrame:
    from lakelab.runtime import spark

    if spark.catalog.tableExists(name):
        return spark.table(name)
    from lakelab.automl import feature_lookups

    if (features := feature_lookups.read_table(name)) is not None:
        return features
    raise ValueError(f"There is no table {name!r}: check its name, or pass a DataFrame.")


def _as_spark(frame: pd.DataFrame | DataFrame) -> DataFrame:
    if not isinstance(frame, pd.DataFrame):
        return frame
    from lakelab.runtime import spark

    return spark.createDataFrame(frame)


def _from_pandas(frame: pd.DataFrame, target: str, stratified: bool, sample: bool) -> Dataset:
    result = Dataset(frame)
    for name in frame.columns:
        if name != target and native_type(frame[name]) is SemanticType.UNSUPPORTED:
            as_dates = _dates(frame[name])
            if as_dates is None:
                frame = frame.drop(columns=name)
                result.alerts.append(f"Column {name!r} is left out: AutoML cannot use values of this type.")
            else:
                frame = frame.assign(**{name: as_dates})
    for name in frame.select_dtypes("datetimetz").columns:
        frame = frame.assign(**{name: frame[name].dt.tz_convert("UTC").dt.tz_localize(None)})
    fraction = sampling.kept_fraction(*frame.shape) if sample else 1.0
    if fraction < 1:
        rows = len(frame)
        frame = sampling.sample_pandas(frame.dropna(subset=[target]), fraction, target, stratified=stratified)
        result.alerts.append(_sampled(len(frame), rows))
    result.frame = frame.reset_index(drop=True)
    return result


def _dates(column: pd.Series) -> pd.Series | None:
    """A column of dates or decimals as times or numbers; None if it holds anything else."""
    import datetime
    import decimal

    known = column.dropna()
    if known.map(lambda value: isinstance(value, datetime.date)).all():
        return pd.to_datetime(column, errors="coerce")
    if known.map(lambda value: isinstance(value, decimal.Decimal)).all():
        return column.astype("float64")
    return None


def _from_spark(frame: DataFrame, target: str, stratified: bool, sample: bool) -> Dataset:
    from pyspark.sql import functions as F
    from pyspark.sql import types as T

    result = Dataset(pd.DataFrame())
    columns = []
    for column in frame.schema.fields:
        quoted = F.col(f"`{column.name}`")
        if ANNOTATION in (column.metadata or {}):
            result.annotations[column.name] = str(column.metadata[ANNOTATION])
        if isinstance(column.dataType, T.DecimalType):
            quoted = quoted.cast("double").alias(column.name)
        elif isinstance(column.dataType, T.DateType):
            quoted = quoted.cast("timestamp").alias(column.name)
        elif not isinstance(
            column.dataType, T.NumericType | T.BooleanType | T.StringType | T.TimestampType | T.TimestampNTZType
        ):
            if column.name == target:
                raise ValueError(
                    f"target_col {target!r} has the type {column.dataType.simpleString()}: no model predicts it."
                )
            result.alerts.append(
                f"Column {column.name!r} is left out: AutoML cannot use the type {column.dataType.simpleString()}."
            )
            continue
        columns.append(quoted)
    frame = frame.select(*columns)
    rows = frame.count() if sample else 0
    fraction = sampling.kept_fraction(rows, len(columns))
    if fraction < 1:
        frame = sampling.sample_spark(frame, fraction, target, stratified=stratified)
    result.frame = frame.toPandas()
    if fraction < 1:
        result.alerts.append(_sampled(len(result.frame), rows))
    return result


def _sampled(kept: int, rows: int) -> str:
    return f"Models are trained on a sample of {kept:,} of {rows:,} rows, so that a fit stays within the memory of one process."


def _listed(names: Sequence[object], most: int = 10) -> str:
    shown = ", ".join(map(str, names[:most]))
    return shown + (", …" if len(names) > most else "")


def _a(name: str) -> str:
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"
