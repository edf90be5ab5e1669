"""Brings a feature table's newest values into an online store: all of them, or what changed since the last time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lakelab.feature_engineering import online_store, store
from lakelab.feature_engineering.names import TableName
from lakelab.feature_engineering.online_store import DatabricksOnlineStore, OnlineTable
from lakelab.feature_engineering.staging import staged
from lakelab.feature_engineering.store import StoredTable
from lakelab.spark import session

if TYPE_CHECKING:
    import pyarrow as pa


def publish(
    source: TableName,
    target: DatabricksOnlineStore,
    online_table: str,
    *,
    snapshot: bool,
    features: Sequence[str] | None = None,
    filter_condition: str | None = None,
) -> int:
    """Publish a table. Of one with a timeseries column, the newest row of each entity is what the online table holds.

    Args:
        source: the feature table.
        target: the store.
        online_table: name of the table in the store.
        snapshot: replace all rows; otherwise only what changed since the last publication is written, if there was one.
        features: which features, all by default.
        filter_condition: SQL, which rows.

    Returns:
        The number of rows that were sent to the store.

    Raises:
        ValueError: store, table or a feature does not exist.
    """
    online_store.find(target.name)
    table = store.find(source)
    names = list(table.features if features is None else features)
    if unknown := [name for name in names if name not in table.features]:
        raise ValueError(f"Feature table '{source}' has no feature {', '.join(map(repr, unknown))}.")
    columns = [*table.keys, *names]
    wanted = OnlineTable(
        store=target.name,
        name=online_table,
        source=str(source),
        source_id=table.delta.table_id,
        version=table.delta.version,
        keys=table.entity_keys,
        timeseries=table.timeseries,
        types=online_store.column_types(table.delta.schema, columns),
    )
    before = next(
        (t for t in online_store.tables(str(source)) if (t.store, t.name) == (target.name, online_table)), None
    )
    known = before is not None and before.source_id == wanted.source_id and set(before.types) <= set(wanted.types)
    if snapshot or not known or before is None or filter_condition:
        with _rows(table, columns, filter_condition) as batches:
            return online_store.publish(wanted, batches, replace=snapshot or not known)
    if before.version >= wanted.version:
        return 0
    return online_store.publish(wanted, table.delta.changes_since(before.version), replace=False)


@contextmanager
def _rows(table: StoredTable, columns: list[str], filter_condition: str | None) -> Iterator[Iterator[pa.RecordBatch]]:
    """The newest row of each entity, chosen by Spark."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F
    from pyspark.sql.types import StructType

    df = table.delta.read(session.get_or_create())
    if filter_condition:
        df = df.where(filter_condition)
    if table.timeseries:
        newest_first = Window.partitionBy(*(f"`{key}`" for key in table.entity_keys)).orderBy(
            F.desc(f"`{table.timeseries}`")
        )
        df = df.withColumn("__lakelab_rank", F.row_number().over(newest_first)).where("__lakelab_rank = 1")
    schema = StructType([table.delta.schema[name] for name in columns])
    with staged(df, schema) as rows:
        yield iter(rows.batches())
