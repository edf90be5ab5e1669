"""Writers from several processes, and what is promised about memory and about importing."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lakelab import home
from lakelab.feature_engineering import FeatureEngineeringClient, WriteConflictError, delta
from lakelab.feature_engineering.delta import DeltaFolder
from lakelab.feature_engineering.staging import StagedRows

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WRITER = """
    import sys
    from pathlib import Path
    import pyarrow as pa
    from pyspark.sql.types import DoubleType, LongType, StructField, StructType
    from lakelab.feature_engineering import delta
    from lakelab.feature_engineering.staging import StagedRows, arrow_schema

    folder, number = Path(sys.argv[1]), int(sys.argv[2])
    schema = StructType([StructField("id", LongType(), False), StructField(f"by_{number}", DoubleType())])

    class Rows(StagedRows):
        def batches(self):
            names = arrow_schema(self.schema)
            ids = range(50) if number else range(25, 75)
            return pa.table([list(ids), [float(number)] * 50], schema=names).to_reader()

    rows = Rows(folder, schema, None)
    made = delta.create(folder, schema, partition_columns=[], description="", properties={"primaryKeys": ["id"]}, rows=rows)
    print("made" if made else "found")
    for _ in range(5):
        delta.DeltaFolder(folder).merge(rows, ["id"])
        delta.DeltaFolder(folder).update_property("tags", lambda tags: {**(tags or {}), str(number): "x" * len(tags or {})})
"""


def test_two_processes_create_and_write_the_same_table() -> None:
    """One of them creates it; every row, column and tag of both lands, and no key is there twice."""
    folder = home.tables_dir() / "main" / "race" / "t"
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(folder)]
    writers = [subprocess.Popen([*command, str(number)], stdout=subprocess.PIPE, text=True) for number in (0, 1)]
    said = Counter(writer.communicate(timeout=120)[0].strip() for writer in writers)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert said == {"made": 1, "found": 1}
    table = DeltaFolder(folder)
    assert set(table.properties["tags"]) == {"0", "1"}
    rows = table._table.to_pyarrow_table().to_pylist()
    assert sorted(row["id"] for row in rows) == list(range(75))
    for row in rows:
        assert (row["by_1"] == 1.0) == (row["id"] < 50), row
        assert (row["by_0"] == 0.0) == (row["id"] >= 25), row
    assert list((home.tables_dir() / ".staging").iterdir()) == []


@pytest.mark.spark
def test_a_writer_that_never_gets_through_says_so(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    from deltalake.exceptions import CommitFailedError

    fe = FeatureEngineeringClient()
    fe.create_table(name="conflict", primary_keys="id", df=spark.range(3))

    def lose(self: StagedRows) -> None:
        raise CommitFailedError("a concurrent transaction added new data")

    monkeypatch.setattr(StagedRows, "batches", lose)
    monkeypatch.setattr(delta, "ATTEMPTS", 3)
    with pytest.raises(WriteConflictError, match="tried 3 times; nothing was written: repeat"):
        fe.write_table(name="conflict", df=spark.range(5))
    monkeypatch.undo()
    assert fe.read_table(name="conflict").count() == 3


@pytest.mark.spark
def test_rows_do_not_pass_through_the_driver(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing, reading and joining never fetch more than one row, such as a count, from Spark."""
    from pyspark.sql.classic.dataframe import DataFrame

    from lakelab.feature_engineering import FeatureLookup

    collect = DataFrame.collect

    def collect_one(self: DataFrame) -> Any:
        found = collect(self)
        assert len(found) <= 1, "a frame was collected"
        return found

    def refuse(self: DataFrame, *args: object) -> None:
        raise AssertionError("a frame was collected")

    monkeypatch.setattr(DataFrame, "collect", collect_one)
    for name in ("toPandas", "toArrow", "toLocalIterator"):
        monkeypatch.setattr(DataFrame, name, refuse)

    fe = FeatureEngineeringClient()
    df = spark.sql("SELECT id, timestamp_seconds(id) AS t, id * 2.0D AS x FROM range(20000)")
    fe.create_table(name="stays", primary_keys=["id", "t"], timeseries_column="t", df=df)
    fe.write_table(name="stays", df=df)
    lookup = FeatureLookup("stays", "id", timestamp_lookup_key="t")
    training_set = fe.create_training_set(df=df.drop("x"), feature_lookups=[lookup], label=None)
    assert training_set.load_df().where("x = id * 2").count() == 20000


def test_importing_is_cheap_and_silent(tmp_path: Path) -> None:
    code = """
        import sys
        from lakelab.feature_engineering import FeatureEngineeringClient, FeatureLookup, FeatureFunction
        from lakelab.feature_store import FeatureStoreClient
        FeatureEngineeringClient(), FeatureStoreClient(), FeatureLookup("a.b.c", "k")
        heavy = {"pyspark", "mlflow", "pandas", "pyarrow", "deltalake", "numpy", "sklearn"} & set(sys.modules)
        assert not heavy, heavy
    """
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)], capture_output=True, text=True, cwd=tmp_path
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_a_home_that_delta_rs_cannot_write_to_gets_a_sentence(tmp_path: Path) -> None:
    from pyspark.sql.types import LongType, StructField, StructType

    schema = StructType([StructField("id", LongType(), False)])
    with pytest.raises(ValueError, match="LAKELAB_HOME to a folder without '%'"):
        delta.create(tmp_path / "100%", schema, partition_columns=[], description="", properties={}, rows=None)
