"""Adds to a data set the columns that a feature spec describes: looked up or computed. Training and scoring share it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from lakelab.feature_engineering import point_in_time, store
from lakelab.feature_engineering.names import TableName
from lakelab.feature_engineering.point_in_time import Buckets
from lakelab.feature_engineering.spec import ColumnSpec, FeatureSpec, TableSpec

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_measured: dict[tuple[str, int], Buckets | None] = {}
"""What `point_in_time.measure` said about a table's version, by table id: a version never changes."""


def augment(
    df: DataFrame,
    spec: FeatureSpec,
    resolve: Callable[[str], TableName],
    *,
    versions: bool,
    present: Sequence[str] = (),
) -> DataFrame:
    """Add the looked up and computed columns of ``spec``.

    Args:
        df: the data set, with the columns that `FeatureSpec.required` names.
        spec: what to add.
        resolve: completes the names of tables.
        versions: look up in the versions that the spec names (as in training), not in the newest ones (as in scoring).
        present: columns that ``df`` has already; they stay as they are.

    Raises:
        ValueError: a table or a function does not exist any more.
    """
    groups: dict[tuple[Any, ...], list[ColumnSpec]] = {}
    for column in spec.lookups:
        if column.name not in present:
            key = (column.table, *column.lookup_key, column.timestamp_lookup_key, column.lookback_window)
            groups.setdefault(key, []).append(column)
    for columns in groups.values():
        df = _look_up(df, columns, spec.tables[str(columns[0].table)], resolve, versions=versions)
    for column in spec.functions:
        if column.name not in present:
            df = _compute(df, column)
    return df


def _look_up(
    df: DataFrame, columns: list[ColumnSpec], table: TableSpec, resolve: Callable[[str], TableName], *, versions: bool
) -> DataFrame:
    """Add features of one table by one set of keys."""
    from pyspark.sql import functions as F

    stored = store.find(resolve(table.name), version=table.version if versions else None)
    rows = stored.delta.read(df.sparkSession)
    _check_still_there(stored, columns)
    outputs = {f"__lakelab_f{number}": column for number, column in enumerate(columns)}
    first = columns[0]
    names = [F.col(f"`{key}`").alias(f"__lakelab_k{number}") for number, key in enumerate(stored.entity_keys)]
    keys = [(key, f"__lakelab_k{number}") for number, key in enumerate(first.lookup_key)]
    features = [F.col(f"`{column.feature}`").alias(name) for name, column in outputs.items()]
    given = df.columns
    if first.timestamp_lookup_key is None:
        right = rows.select(*names, *features)
        condition = F.col(f"`{keys[0][0]}`") == F.col(keys[0][1])
        for name, key in keys[1:]:
            condition = condition & (F.col(f"`{name}`") == F.col(key))
        df = df.join(right, condition, "left")
    else:
        measured = (stored.delta.table_id, stored.delta.version)
        if measured not in _measured:
            _measured[measured] = point_in_time.measure(rows, stored.entity_keys, str(stored.timeseries))
        df = point_in_time.join(
            df,
            rows.select(*names, F.col(f"`{stored.timeseries}`").alias("__lakelab_at"), *features),
            keys=keys,
            times=(first.timestamp_lookup_key, "__lakelab_at"),
            outputs={name: name for name in outputs},
            lookback=first.lookback,
            buckets=_measured[measured],
        )
    found = []
    for name, column in outputs.items():
        value = F.col(name)
        if column.default_value is not None:
            value = F.coalesce(value, F.lit(column.default_value).cast(column.type))
        found.append(value.alias(column.name))
    return df.select(*(f"`{name}`" for name in given), *found)


def _check_still_there(stored: store.StoredTable, columns: list[ColumnSpec]) -> None:
    there = set(stored.delta.schema.names)
    if missing := [str(column.feature) for column in columns if column.feature not in there]:
        raise ValueError(f"Feature table '{stored.name}' has no feature {', '.join(map(repr, missing))} any more.")


def _compute(df: DataFrame, column: ColumnSpec) -> DataFrame:
    """Add the column that a function of the Spark session computes."""
    from pyspark.sql import functions as F

    arguments = ", ".join(f"{name} => `{bound}`" for name, bound in column.input_bindings.items())
    name = function_name(df, str(column.udf_name))
    return df.withColumn(column.name, F.expr(f"{name}({arguments})"))


def function_name(df: DataFrame, udf_name: str) -> str:
    """The name by which the Spark session knows a function: in its schema, or as a registered one by its last part.

    Raises:
        ValueError: the session does not know it.
    """
    catalog = df.sparkSession.catalog
    parts = udf_name.split(".")
    for name in dict.fromkeys((".".join(parts[-2:]), parts[-1])):
        if catalog.functionExists(name):
            return name
    raise ValueError(
        f"Function '{udf_name}' does not exist in this Spark session: make it by "
        f'spark.sql("CREATE FUNCTION …") or spark.udf.register("{parts[-1]}", …).'
    )
