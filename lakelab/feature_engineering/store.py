"""The tables themselves: what both clients do with them, by completed names."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from lakelab.feature_engineering import checks, delta, online_store
from lakelab.feature_engineering.delta import DeltaFolder
from lakelab.feature_engineering.names import WORKSPACE_CATALOG, TableName
from lakelab.feature_engineering.staging import StagedRows, staged
from lakelab.feature_engineering.table import FeatureTable
from lakelab.spark import session

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.streaming import StreamingQuery
    from pyspark.sql.types import StructType

log = logging.getLogger(__name__)

KEYS, TIMESERIES, DESCRIPTION, TAGS = "primaryKeys", "timeseriesColumn", "description", "tags"
"""Names of the properties in which a table keeps what Delta does not know. (delta-rs loses Delta's own description in a merge
that adds columns, so it is kept twice.)"""


@dataclass(frozen=True)
class StoredTable:
    """A feature table as it is kept. ``keys`` are all key columns, ``entity_keys`` those without the timeseries column."""

    name: TableName
    delta: DeltaFolder

    @property
    def keys(self) -> list[str]:
        """Columns that identify a row."""
        return list(self.delta.properties[KEYS])

    @property
    def timeseries(self) -> str | None:
        """The column with a row's time, if the table has one."""
        found: str | None = self.delta.properties[TIMESERIES]
        return found

    @property
    def entity_keys(self) -> list[str]:
        """Columns that identify what a row is about."""
        return [key for key in self.keys if key != self.timeseries]

    @property
    def features(self) -> list[str]:
        """Columns that are no keys."""
        return [name for name in self.delta.schema.names if name not in self.keys]

    def describe(self) -> FeatureTable:
        """What users are told about the table."""
        properties = self.delta.properties
        return FeatureTable(
            name=str(self.name),
            table_id=self.delta.table_id,
            description=properties.get(DESCRIPTION) or "",
            primary_keys=self.entity_keys,
            partition_columns=self.delta.partition_columns,
            features=self.features,
            creation_timestamp=self.delta.created,
            timestamp_keys=[self.timeseries] if self.timeseries else [],
            online_stores=[f"{table.store}: {table.name}" for table in online_store.tables(str(self.name))],
            _tags=properties.get(TAGS, {}),
        )


def exists(name: TableName) -> bool:
    """Whether there is such a feature table."""
    return delta.is_delta(name.folder)


def find(name: TableName, *, version: int | None = None, at: Any = None) -> StoredTable:
    """Open a table at its newest version, the given one, or the one of the time ``at``.

    Raises:
        ValueError: there is no such table, or no such version of it.
    """
    if not exists(name):
        raise ValueError(f"Feature table '{name}' does not exist: create it by create_table.")
    try:
        table = StoredTable(name, DeltaFolder(name.folder, version=version, at=at))
    except ValueError as error:
        raise ValueError(f"Feature table '{name}': {error}") from error
    if KEYS not in table.delta.properties:
        raise ValueError(f"'{name}' is a Delta table without primary keys, not a feature table: register it first.")
    return table


def create(
    name: TableName,
    *,
    primary_keys: Sequence[str],
    timeseries: Sequence[str],
    df: DataFrame | None,
    schema: StructType | None,
    partition_columns: Sequence[str],
    description: str | None,
    tags: dict[str, str] | None,
) -> FeatureTable:
    """Make a table, and fill it with ``df`` if there is one. If it exists already, it is returned as it is.

    Raises:
        ValueError: an argument makes no sense, as the message says.
    """
    from pyspark.sql.types import StructField, StructType

    if df is not None:
        checks.spark_frame(df)
    if df is None and schema is None:
        raise ValueError("create_table needs either df or schema, to know the table's columns.")
    if df is not None and schema is not None and _types(df.schema) != _types(schema):
        raise ValueError("df and schema differ: leave schema out, or give both the same columns and types.")
    found = schema if df is None else df.schema
    if not isinstance(found, StructType):
        raise ValueError(f"schema must be a StructType, not {type(found).__name__}.")
    for key, value in (tags or {}).items():
        _check_tag(key, value)
    name.check_schema()
    if exists(name):
        existing = find(name)
        if name.catalog == WORKSPACE_CATALOG:
            _refuse_other_table(existing, found, primary_keys, timeseries)
        return existing.describe()
    checks.supported_types(found)
    if timeseries and name.catalog == WORKSPACE_CATALOG and timeseries[0] not in primary_keys:
        primary_keys = [*primary_keys, *timeseries]  # the classic client names the timestamp apart
    checks.keys_of_table(found, primary_keys, timeseries, partition_columns)
    if timeseries and timeseries[0] not in primary_keys:
        raise ValueError(f"Timeseries column '{timeseries[0]}' must be one of the primary_keys.")
    if list(primary_keys) == list(timeseries):
        raise ValueError("The timeseries column cannot be the only primary key: name what the rows are about, too.")
    complete = StructType([StructField(f.name, f.dataType, f.name not in primary_keys) for f in found])
    if df is not None and df.isStreaming:
        raise ValueError("df is a stream: create the table by schema, then write_table the stream.")
    properties = {
        KEYS: list(primary_keys),
        TIMESERIES: timeseries[0] if timeseries else None,
        DESCRIPTION: description or "",
        TAGS: dict(tags or {}),
    }

    def make(rows: StagedRows | None) -> None:
        delta.create(
            name.folder,
            complete,
            partition_columns=list(partition_columns),
            description=description or "",
            properties=properties,
            rows=rows,
        )

    if df is None:
        make(None)
    else:
        with staged(df, complete, partition_columns) as rows:
            _refuse_bad_keys(rows, primary_keys, name)
            make(rows)
    return find(name).describe()


def register(
    name: TableName,
    *,
    primary_keys: Sequence[str],
    timeseries: Sequence[str],
    description: str | None,
    tags: dict[str, str] | None,
) -> FeatureTable:
    """Make a feature table of the Delta table that is in the folder of ``name``.

    Raises:
        ValueError: there is none, or the keys do not fit it.
    """
    if not delta.is_delta(name.folder):
        raise ValueError(f"There is no Delta table '{name}': write one to {name.folder}.")
    folder = DeltaFolder(name.folder)
    checks.supported_types(folder.schema)
    keys = [*primary_keys, *(column for column in timeseries if column not in primary_keys)]
    checks.keys_of_table(folder.schema, keys, timeseries, folder.partition_columns)
    for key, value in (tags or {}).items():
        _check_tag(key, value)
    folder.update_property(KEYS, lambda _: keys)
    folder.update_property(TIMESERIES, lambda _: timeseries[0] if timeseries else None)
    folder.update_property(TAGS, lambda old: {**(old or {}), **(tags or {})})
    if description is not None:
        folder.update_property(DESCRIPTION, lambda _: description)
    return find(name).describe()


def write(
    name: TableName,
    df: DataFrame,
    mode: Literal["merge", "overwrite"],
    checkpoint_location: str | None,
    trigger: dict[str, Any],
) -> StreamingQuery | None:
    """Merge ``df`` into a table, or replace its rows. A stream is merged batch by batch, and its query returned.

    Raises:
        ValueError: the frame does not fit the table, or holds a key twice.
    """
    checks.spark_frame(df)
    table = find(name)
    _check_fits(table, df.schema)
    if df.isStreaming:
        writer = df.writeStream.trigger(**trigger).foreachBatch(lambda batch, _: _write_rows(name, batch, mode))
        if checkpoint_location:
            writer = writer.option("checkpointLocation", checkpoint_location)
        return writer.start()
    if checkpoint_location:
        log.warning("checkpoint_location is ignored: df is not a stream.")
    _write_rows(name, df, mode)
    return None


def read(name: TableName, *, version: int | None = None, at: Any = None) -> DataFrame:
    """The rows of a table at its newest version, the given one, or the one of the time ``at``."""
    return find(name, version=version, at=at).delta.read(session.get_or_create())


def drop(name: TableName) -> None:
    """Delete a table with its data."""
    table = find(name)
    log.warning("Feature table '%s' and its data are deleted; models that look features up in it stop working.", name)
    table.delta.delete()


def set_tag(name: TableName, key: str, value: str) -> None:
    """Set a tag of a table."""
    _check_tag(key, value)
    find(name).delta.update_property(TAGS, lambda tags: {**(tags or {}), key: value})


def delete_tag(name: TableName, key: str) -> None:
    """Remove a tag of a table; a missing one only gets a warning."""
    table = find(name)
    if key not in table.delta.properties.get(TAGS, {}):
        log.warning("Feature table '%s' has no tag '%s'.", name, key)
        return
    table.delta.update_property(TAGS, lambda tags: {k: v for k, v in (tags or {}).items() if k != key})


def _write_rows(name: TableName, df: DataFrame, mode: Literal["merge", "overwrite"]) -> None:
    from pyspark.sql.types import StructField, StructType

    table = find(name)
    known = {field.name: field.dataType for field in table.delta.schema}
    keys = table.keys
    schema = StructType([StructField(f.name, known.get(f.name, f.dataType), f.name not in keys) for f in df.schema])
    with staged(df, schema, table.delta.partition_columns) as rows:
        _refuse_bad_keys(rows, keys, name)
        if mode == "merge":
            table.delta.merge(rows, keys)
        else:
            table.delta.overwrite(rows)


def _check_fits(table: StoredTable, schema: StructType) -> None:
    known = {field.name: field.dataType for field in table.delta.schema}
    given = {field.name: field.dataType for field in schema}
    for what, names in (
        ("primary key", table.entity_keys),
        ("partition", table.delta.partition_columns),
        ("timeseries", [table.timeseries] if table.timeseries else []),
    ):
        for column in names:
            if column not in given:
                raise ValueError(f"df lacks the {what} column '{column}' of feature table '{table.name}'.")
            if given[column].simpleString() != known[column].simpleString():
                raise ValueError(
                    f"The {what} column '{column}' is {given[column].simpleString()} in df but "
                    f"{known[column].simpleString()} in feature table '{table.name}': cast it."
                )
    lower = {column.lower(): column for column in known}
    for column in given:
        if column not in known and column.lower() in lower:
            raise ValueError(
                f"Column '{column}' of df and '{lower[column.lower()]}' of feature table '{table.name}' differ by letter case "
                "only: use the table's name."
            )
    checks.supported_types(schema)
    if table.timeseries and (missing := [feature for feature in table.features if feature not in given]):
        raise ValueError(
            f"df lacks {', '.join(map(repr, missing))}: a table with a timeseries column, like '{table.name}', needs all of its "
            "features in every write."
        )
    for column, kind in given.items():
        if column in known and not checks.can_hold(known[column], kind):
            raise ValueError(
                f"Column '{column}' is {kind.simpleString()} in df but {known[column].simpleString()} in feature table "
                f"'{table.name}': cast it."
            )


def _refuse_bad_keys(rows: StagedRows, keys: Sequence[str], name: TableName) -> None:
    """Raise ValueError if a key is null or there twice. One pass over the keys, in Spark."""
    from pyspark.sql import functions as F

    columns = [F.col(f"`{key}`") for key in keys]
    null = F.lit(False)
    for column in columns:
        null = null | column.isNull()
    bad = rows.frame.groupBy(*columns).count().where((F.col("count") > 1) | null).first()
    if bad is None:
        return
    values = ", ".join(f"{key}={bad[key]}" for key in keys)
    if any(bad[key] is None for key in keys):
        raise ValueError(f"A primary key of feature table '{name}' is null in df ({values}): drop or fill those rows.")
    raise ValueError(
        f"df holds {bad['count']} rows with the same primary key of feature table '{name}' ({values}): keep one of them."
    )


def _refuse_other_table(
    table: StoredTable, schema: StructType, primary_keys: Sequence[str], timeseries: Sequence[str]
) -> None:
    entity_keys = [key for key in primary_keys if key not in timeseries]
    if entity_keys != table.entity_keys or list(timeseries) != ([table.timeseries] if table.timeseries else []):
        raise ValueError(
            f"Feature table '{table.name}' exists with other keys ({', '.join(table.keys)}): drop it first or choose another name."
        )
    if _types(schema) != _types(table.delta.schema):
        raise ValueError(
            f"Feature table '{table.name}' exists with other columns: drop it first or choose another name."
        )


def _check_tag(key: Any, value: Any) -> None:
    if not isinstance(key, str) or not key or not isinstance(value, str):
        raise ValueError(f"Tags are strings, with a name that is not empty; got {key!r}: {value!r}.")


def _types(schema: StructType) -> dict[str, str]:
    return {field.name: field.dataType.simpleString() for field in schema}
