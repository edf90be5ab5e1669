"""Hands rows from Spark to delta-rs: Spark's tasks write Parquet files, of which Arrow batches are streamed.

No row passes through the driver's Python as an object, and never more than some batches are in memory at once.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakelab import home

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType


@dataclass(frozen=True)
class StagedRows:
    """Rows that Spark has written, to be read as often as need be."""

    folder: Path
    schema: StructType
    frame: DataFrame

    def batches(self) -> pa.RecordBatchReader:
        """Stream the rows, in the Arrow types that Delta has for the schema."""
        import pyarrow as pa
        import pyarrow.dataset as ds

        target = arrow_schema(self.schema)
        files = sorted(str(file) for file in self.folder.glob("*.parquet"))

        def read() -> Iterator[pa.RecordBatch]:
            # Spark writes timestamps as INT96, which Arrow would take for nanoseconds and so wrap around in the year 2262.
            options = ds.ParquetReadOptions(coerce_int96_timestamp_unit="us")
            rows = ds.dataset(files, format=ds.ParquetFileFormat(read_options=options))
            for batch in rows.to_batches(columns=target.names):
                columns = [column.cast(field.type) for column, field in zip(batch.columns, target, strict=True)]
                yield pa.RecordBatch.from_arrays(columns, schema=target)

        return pa.RecordBatchReader.from_batches(target, read() if files else iter(()))


@contextmanager
def staged(df: DataFrame, schema: StructType, partition_columns: Sequence[str] = ()) -> Iterator[StagedRows]:
    """Write the columns of ``schema`` of ``df``, cast to its types, and delete them in the end. ``df`` is computed once.

    As in every Delta table, an empty text in a partition column is a null.
    """
    from pyspark.sql import functions as F
    from pyspark.sql.types import StringType

    columns = []
    for field in schema:
        column = F.col(f"`{field.name}`").cast(field.dataType)
        if field.name in partition_columns and isinstance(field.dataType, StringType):
            column = F.nullif(column, F.lit(""))
        columns.append(column.alias(field.name))
    with scratch_folder() as folder:
        rows = folder / "rows"
        df.select(columns).write.parquet(spark_path(rows))
        yield StagedRows(rows, schema, df.sparkSession.read.schema(schema).parquet(spark_path(rows)))


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder on the file system of the tables, so that what is complete can be moved into place in one step."""
    parent = home.tables_dir() / ".staging"
    parent.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def spark_path(path: Path | str) -> str:
    """A path of this machine as Spark takes it: with the scheme, since its default may be another file system, and not quoted."""
    return f"file://{path}"


def delta_schema(schema: StructType) -> Any:
    """Spark's schema as delta-rs' (``deltalake.Schema``); both have the same JSON form."""
    from deltalake import Schema

    return Schema.from_json(schema.json())


def arrow_schema(schema: StructType) -> pa.Schema:
    """Spark's schema as Arrow's, in the types that Delta uses."""
    import pyarrow as pa

    return pa.schema(delta_schema(schema).to_arrow())


def spark_schema(schema: Any) -> StructType:
    """delta-rs' schema as Spark's."""
    from pyspark.sql.types import StructType

    return StructType.fromJson(json.loads(schema.to_json()))
