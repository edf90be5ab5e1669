"""One Delta table: delta-rs writes it, Spark reads the files that delta-rs lists.

Everything that is specific to delta-rs is here and in `staging`. What a table is to its users (keys, tags, where it is
published) is kept in table properties whose names begin with ``lakelab.``.
"""

from __future__ import annotations

import datetime
import json
import random
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakelab import home
from lakelab.feature_engineering.errors import WriteConflictError
from lakelab.feature_engineering.staging import StagedRows, delta_schema, scratch_folder, spark_path, spark_schema

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import DeltaTable
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.types import StructType

PREFIX = "lakelab."
ATTEMPTS = 30
"""How often a write is repeated that lost against another one."""


class DeltaFolder:
    """A Delta table by its folder, at its newest version or at an older one."""

    def __init__(self, path: Path, *, version: int | None = None, at: str | datetime.datetime | None = None) -> None:
        """Open the table.

        Args:
            path: its folder.
            version: number of the version, the newest by default.
            at: the time whose version is wanted; text in ISO form, without an offset in UTC.

        Raises:
            FileNotFoundError: there is no Delta table in that folder.
            ValueError: there is no such version.
        """
        if not is_delta(path):
            raise FileNotFoundError(f"There is no Delta table in {path}.")
        self.path = path
        self._table = _open(path)
        if version is not None:
            if not 0 <= version <= self._table.version():
                raise ValueError(f"There is no version {version}: the newest one is {self._table.version()}.")
            self._table.load_as_version(version)
        elif at is not None:
            moment = _moment(at)
            created = self._table.metadata().created_time
            if created is not None and moment.timestamp() * 1000 < created:
                raise ValueError(f"There is no version as of {at}: the table was created later.")
            self._table.load_as_version(moment)

    @property
    def version(self) -> int:
        """Number of the version that is open."""
        return int(self._table.version())

    @property
    def schema(self) -> StructType:
        """Columns and types, including the partition columns."""
        return spark_schema(self._table.schema())

    @property
    def partition_columns(self) -> list[str]:
        """Columns by which the files are divided into folders."""
        return list(self._table.metadata().partition_columns)

    @property
    def table_id(self) -> str:
        """An id that no other table has, nor a later one of the same name."""
        return str(self._table.metadata().id)

    @property
    def created(self) -> int:
        """When the table was made, in milliseconds since 1970."""
        return int(self._table.metadata().created_time or 0)

    @property
    def properties(self) -> dict[str, Any]:
        """What was kept with the table by `create` and `update_property`."""
        configuration = self._table.metadata().configuration
        return {
            key.removeprefix(PREFIX): json.loads(value)
            for key, value in configuration.items()
            if key.startswith(PREFIX)
        }

    def history(self) -> list[dict[str, Any]]:
        """Every version, newest first: number, time (milliseconds since 1970), operation."""
        return list(self._table.history())

    def read(self, spark: SparkSession) -> DataFrame:
        """The rows of this version. It stays this version, whatever is written later."""
        self._refuse_foreign_features()
        root = self._table.table_uri.removeprefix("file://")
        # delta-rs quotes the characters of the table's own folder, and not those of the folders and files in it.
        files = [file.removeprefix(root) for file in self._table.file_uris()]
        if not files:
            return spark.createDataFrame([], self.schema)
        reader = spark.read.schema(self.schema).option("basePath", spark_path(self.path))
        df = reader.parquet(*(spark_path(self.path / file) for file in files))
        if self.partition_columns:
            df = df.select(
                *(self._value(name, files) for name in self.schema.names)
            )  # Spark puts partition columns last
        return df

    def changes_since(self, version: int) -> Iterator[pa.RecordBatch]:
        """Rows inserted or updated after ``version``, as they then were, in the order of the versions."""
        import pyarrow as pa
        import pyarrow.compute as pc

        kinds = pa.array(["insert", "update_postimage"])
        for number in range(version + 1, self.version + 1):
            changes = self._table.load_cdf(starting_version=number, ending_version=number)
            for batch in pa.RecordBatchReader.from_stream(changes):
                # delta-rs hands out views of strings, which Arrow's own functions do not all take.
                plain = {name: _plain(batch[name]) for name in batch.schema.names}
                yield pa.RecordBatch.from_pydict(plain).filter(pc.is_in(plain["_change_type"], kinds))

    def merge(self, rows: StagedRows, keys: list[str]) -> None:
        """Update the rows with equal ``keys`` by the columns that ``rows`` has, and insert the others. Nothing is deleted.

        Raises:
            WriteConflictError: other writers were always faster.
        """
        columns = rows.schema.names
        names = {column: f"`{column}`" for column in columns}
        features = {names[column]: f"s.{names[column]}" for column in columns if column not in keys}
        everything = {name: f"s.{name}" for name in names.values()}

        def write() -> None:
            table = _open(self.path)
            known = {field.name for field in table.schema().fields}
            merger = table.merge(
                rows.batches(),
                predicate=" AND ".join(f"t.{names[key]} = s.{names[key]}" for key in keys),
                source_alias="s",
                target_alias="t",
                merge_schema=not known.issuperset(columns),
            )
            if features:
                merger = merger.when_matched_update(features)
            merger.when_not_matched_insert(everything).execute()

        self._commit(write)

    def overwrite(self, rows: StagedRows) -> None:
        """Replace all rows, in one step.

        Raises:
            WriteConflictError: other writers were always faster.
        """
        from deltalake import write_deltalake

        self._commit(lambda: write_deltalake(_open(self.path), rows.batches(), mode="overwrite", schema_mode="merge"))

    def update_property(self, name: str, change: Callable[[Any], Any]) -> None:
        """Set the property ``name`` to ``change(its value, None if it has none)``.

        Raises:
            WriteConflictError: other writers were always faster.
        """

        def write() -> None:
            table = _open(self.path)
            old = table.metadata().configuration.get(PREFIX + name)
            new = json.dumps(change(None if old is None else json.loads(old)))
            if new != old:
                table.alter.set_table_properties({PREFIX + name: new}, raise_if_not_exists=False)

        self._commit(write)

    def delete(self) -> None:
        """Remove the table: first out of sight in one step, then its files."""
        with scratch_folder() as scratch:
            self.path.rename(scratch / "dropped")

    def _value(self, column: str, files: list[str]) -> Column:
        """A column of the files; delta-rs escapes the bytes of UTF-8 in a folder's name, Spark takes each byte for a letter."""
        from pyspark.sql import functions as F

        value = F.col(f"`{column}`")
        text = self.schema[column].dataType.simpleString() == "string"
        if text and column in self.partition_columns and any(re.search("%[89A-F]", file) for file in files):
            return F.decode(F.encode(value, "ISO-8859-1"), "UTF-8").alias(column)
        return value

    def _commit(self, write: Callable[[], Any]) -> None:
        from deltalake.exceptions import CommitFailedError

        for attempt in range(ATTEMPTS):
            try:
                write()
                break
            except CommitFailedError as error:
                if attempt == ATTEMPTS - 1:
                    raise WriteConflictError(
                        f"Other writers kept changing the table in {self.path} while this one tried {ATTEMPTS} times; "
                        "nothing was written: repeat the write."
                    ) from error
                time.sleep(random.uniform(0, 0.05 * (attempt + 1)))
        self._table = _open(self.path)

    def _refuse_foreign_features(self) -> None:
        features = set(self._table.protocol().reader_features or ()) - {"timestampNtz"}
        if features:
            raise ValueError(
                f"The Delta table in {self.path} uses {', '.join(sorted(features))}, which is not supported here: "
                "write it again without."
            )


def is_delta(path: Path) -> bool:
    """Whether the folder holds a Delta table."""
    return (path / "_delta_log").is_dir()


def create(
    path: Path,
    schema: StructType,
    *,
    partition_columns: list[str],
    description: str,
    properties: dict[str, Any],
    rows: StagedRows | None,
) -> bool:
    """Make a table, with its first rows, in one step: nobody sees half of it, and a failure leaves nothing.

    The change data feed is on, because publishing to an online store takes the changes from it.

    Returns:
        False if a table (perhaps another process's, just now) is there already; nothing was written then.
    """
    from deltalake import DeltaTable, write_deltalake

    if "%" in str(path):
        raise ValueError(
            f"delta-rs cannot write below {home.home_path()}: set LAKELAB_HOME to a folder without '%' in its path."
        )
    configuration = {PREFIX + key: json.dumps(value) for key, value in properties.items()}
    with scratch_folder() as scratch:
        DeltaTable.create(
            scratch / "table",
            delta_schema(schema),
            partition_by=partition_columns,
            description=description,
            configuration={**configuration, "delta.enableChangeDataFeed": "true"},
            raise_if_key_not_exists=False,
        )
        if rows is not None:
            write_deltalake(scratch / "table", rows.batches(), mode="append")
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir() and not is_delta(path):  # left by a process that was killed while it dropped a table
            shutil.rmtree(path)
        try:
            (scratch / "table").rename(path)
        except OSError:
            if is_delta(path):
                return False
            raise
    return True


def _open(path: Path) -> DeltaTable:
    from deltalake import DeltaTable

    return DeltaTable(path)


def _plain(column: pa.Array) -> pa.Array:
    import pyarrow as pa

    plain = {pa.string_view(): pa.string(), pa.binary_view(): pa.binary()}
    return column.cast(plain.get(column.type, column.type))


def _moment(at: str | datetime.datetime) -> datetime.datetime:
    try:
        moment = datetime.datetime.fromisoformat(at) if isinstance(at, str) else at
    except ValueError:
        raise ValueError(f"'{at}' is not a time: write it as in 2024-05-01T12:00:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
