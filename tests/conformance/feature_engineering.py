"""Feature tables with three-part names, training sets and models, as `databricks.feature_engineering` has them. Tables are Delta tables below LAKELAB_HOME, in the catalog `main`. `table_versions`, `models_trained_on` and `read_table(version=…)` are LakeLab's own."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from conformance.table import Context, Row, Status, signature
from lakelab.feature_engineering import (
    DatabricksOnlineStore,
    FeatureEngineeringClient,
    FeatureFunction,
    FeatureLookup,
    FeatureTable,
    TrainingSet,
    models_trained_on,
    table_versions,
)
from lakelab.feature_engineering import online_store as online

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

TITLE = "Feature engineering"

_FE = "FeatureEngineeringClient"
ROWS: list[Row] = [
    signature(_FE, "(self, *, model_registry_uri: Optional[str]=None)", lambda: FeatureEngineeringClient),
    signature(
        f"{_FE}.create_table",
        "(self, *, name: str, primary_keys: Union[str, List[str]], df: Optional[DataFrame]=None, timeseries_column: Optional[str]=None, partition_columns: Union[str, List[str], None]=None, schema: Optional[StructType]=None, description: Optional[str]=None, tags: Optional[Dict[str, str]]=None, **kwargs) -> FeatureTable",
        lambda: FeatureEngineeringClient.create_table,
    ),
    signature(
        f"{_FE}.write_table",
        "(self, *, name: str, df: DataFrame, mode: str='merge', checkpoint_location: Optional[str]=None, trigger: Dict[str, Any]={'processingTime': '5 seconds'}) -> Optional[StreamingQuery]",
        lambda: FeatureEngineeringClient.write_table,
    ),
    signature(
        f"{_FE}.read_table", "(self, *, name: str, **kwargs) -> DataFrame", lambda: FeatureEngineeringClient.read_table
    ),
    signature(f"{_FE}.get_table", "(self, *, name: str) -> FeatureTable", lambda: FeatureEngineeringClient.get_table),
    signature(f"{_FE}.drop_table", "(self, *, name: str) -> None", lambda: FeatureEngineeringClient.drop_table),
    signature(
        f"{_FE}.set_feature_table_tag",
        "(self, *, name: str, key: str, value: str) -> None",
        lambda: FeatureEngineeringClient.set_feature_table_tag,
    ),
    signature(
        f"{_FE}.delete_feature_table_tag",
        "(self, *, name: str, key: str) -> None",
        lambda: FeatureEngineeringClient.delete_feature_table_tag,
    ),
    signature(
        f"{_FE}.create_training_set",
        "(self, *, df: DataFrame, feature_lookups: Optional[List[Union[FeatureLookup, FeatureFunction]]]=None, feature_spec: Optional[str]=None, features: Optional[List[Feature]]=None, label: Union[str, List[str], None], exclude_columns: Optional[List[str]]=None, use_spark_native_join: bool=False, use_timeseries_filtering: bool=False, **kwargs) -> TrainingSet",
        lambda: FeatureEngineeringClient.create_training_set,
    ),
    signature(
        f"{_FE}.log_model",
        "(self, *, model: Any, artifact_path: str, flavor: ModuleType, training_set: Optional[TrainingSet]=None, registered_model_name: Optional[str]=None, await_registration_for: Optional[int]=..., infer_input_example: bool=False, extra_pip_requirements: Optional[List[str]]=None, **kwargs)",
        lambda: FeatureEngineeringClient.log_model,
    ),
    signature(
        f"{_FE}.score_batch",
        "(self, *, model_uri: str, df: DataFrame, result_type: str='double', env_manager: str='local', params: Optional[dict]=None, use_spark_native_join: bool=False, **kwargs) -> DataFrame",
        lambda: FeatureEngineeringClient.score_batch,
    ),
    signature(
        f"{_FE}.publish_table",
        "(self, *, online_store, source_table_name: str=None, online_table_name: str=None, publish_mode: str='TRIGGERED', filter_condition: Optional[str]=None, mode: str='merge', streaming: bool=False, checkpoint_location: Optional[str]=None, trigger: Dict[str, Any]={'processingTime': '5 minutes'}, features: Union[str, List[str], None]=None, **kwargs)",
        lambda: FeatureEngineeringClient.publish_table,
    ),
    signature(
        f"{_FE}.drop_online_table",
        "(self, name: str, online_store: OnlineStoreSpec) -> None",
        lambda: FeatureEngineeringClient.drop_online_table,
    ),
    signature(
        f"{_FE}.create_feature_spec",
        "(self, *, name: str, features: List[Union[FeatureLookup, FeatureFunction, Feature]], exclude_columns: Optional[List[str]]=None, extra_pip_requirements: Optional[List[str]]=None) -> FeatureSpecInfo",
        lambda: FeatureEngineeringClient.create_feature_spec,
    ),
    signature(
        f"{_FE}.create_online_store",
        "(self, *, name: str, capacity: str, read_replica_count: Optional[int]=None, usage_policy_id: Optional[str]=None) -> DatabricksOnlineStore",
        lambda: FeatureEngineeringClient.create_online_store,
    ),
    signature(
        f"{_FE}.get_online_store",
        "(self, *, name: str) -> Optional[DatabricksOnlineStore]",
        lambda: FeatureEngineeringClient.get_online_store,
    ),
    signature(
        f"{_FE}.delete_online_store",
        "(self, *, name: str) -> None",
        lambda: FeatureEngineeringClient.delete_online_store,
    ),
    signature(f"{_FE}.list_online_stores", "(self)", lambda: FeatureEngineeringClient.list_online_stores),
    signature(
        "FeatureLookup",
        "(self, table_name: str, lookup_key: Union[str, List[str]], *, feature_names: Union[str, List[str], None]=None, rename_outputs: Optional[Dict[str, str]]=None, timestamp_lookup_key: Optional[str]=None, lookback_window: Optional[datetime.timedelta]=None, default_values: Optional[Dict[str, Any]]=None, **kwargs)",
        lambda: FeatureLookup,
    ),
    signature(
        "FeatureFunction",
        "(self, *, udf_name: str, input_bindings: Optional[Dict[str, str]]=None, output_name: Optional[str]=None)",
        lambda: FeatureFunction,
    ),
    signature("TrainingSet.load_df", "(self) -> DataFrame", lambda: TrainingSet.load_df),
    signature("TrainingSet.get_output_columns", "(self)", lambda: TrainingSet.get_output_columns),
]


def says(api: str, text: str, status: Status = "same", note: str = "") -> Callable[[Callable[[Context], None]], None]:
    """Add the decorated check to the table."""

    def add(check: Callable[[Context], None]) -> None:
        ROWS.append(Row(api, text, status, note, check, spark=True))

    return add


def client() -> FeatureEngineeringClient:
    return FeatureEngineeringClient()


def rows(df: DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """The rows as sorted tuples, nulls first."""
    return sorted(
        (tuple(row) for row in df.select(*columns).collect()), key=lambda row: [(v is not None, v) for v in row]
    )


def at(hour: float, day: int = 1) -> dt.datetime:
    """A moment of January 2024, without a zone: Spark takes it for the machine's."""
    return dt.datetime(2024, 1, day) + dt.timedelta(hours=hour)


def base(context: Context) -> SimpleNamespace:
    """A table by airport, one by airport and hour, and a data set, which checks look at and don't change."""
    spark, fe = context.spark, client()
    spark.sql("CREATE SCHEMA IF NOT EXISTS ml")
    airports = spark.createDataFrame([("JFK", 13, 40.6), ("LGA", 20, 40.8)], "faa string, alt int, lat double")
    fe.create_table(name="ml.airports", primary_keys="faa", df=airports, description="Airports", tags={"team": "ops"})
    hours = [("JFK", at(1), 1.0), ("JFK", at(3), 3.0), ("LGA", at(2), None), ("LGA", at(0), 20.0)]
    fe.create_table(
        name="ml.hours",
        primary_keys=["origin", "hour"],
        timeseries_column="hour",
        df=spark.createDataFrame(hours, "origin string, hour timestamp, temp double"),
    )
    flights = [(1, "JFK", at(2), 5.0), (2, "LGA", at(2.5), 6.0), (3, "EWR", at(2), 7.0), (4, None, at(2), 8.0)]
    df = spark.createDataFrame(flights, "id long, origin string, departs timestamp, delay double")
    return SimpleNamespace(fe=fe, df=df, airports=airports)


def by_airport(**options: Any) -> FeatureLookup:
    return FeatureLookup("ml.airports", "origin", **options)


def by_hour(**options: Any) -> FeatureLookup:
    return FeatureLookup("ml.hours", "origin", timestamp_lookup_key="departs", **options)


def new_table(context: Context, df: DataFrame | None = None, **options: Any) -> str:
    """A table that the check may change; of two rows by default."""
    context.once(base)
    name = f"ml.{context.new_name()}"
    if df is None and "schema" not in options:
        df = context.spark.createDataFrame([(1, 1.0, "a"), (2, 2.0, "b")], "id int, x double, y string")
    client().create_table(name=name, **{"primary_keys": "id", "df": df} | options)
    return name


@contextmanager
def warning(text: str) -> Iterator[None]:
    """Expect the package's logger to warn."""
    records: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record.getMessage())

    logger = logging.getLogger("lakelab.feature_engineering.store")
    handler = Keep(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
    assert any(text in record for record in records), records


def refused(error: type[Exception], text: str, call: Callable[..., Any], *args: Any, **options: Any) -> None:
    with pytest.raises(error, match=text):
        call(*args, **options)


# ---- names and create_table -----------------------------------------------------------------------------------------


@says(_FE, "Names of one or two parts are completed with the current catalog and schema.")
def _(context: Context) -> None:
    context.once(base)
    assert client().get_table(name="ml.airports").name == "main.ml.airports"
    client().create_table(name="plain", primary_keys="faa", schema=context.once(base).airports.schema)
    assert client().get_table(name="main.default.plain").features == ["alt", "lat"]


@says(_FE, "A name in hive_metastore raises ValueError that points to FeatureStoreClient.")
def _(context: Context) -> None:
    refused(ValueError, "FeatureStoreClient", lambda: client().get_table(name="hive_metastore.ml.airports"))


@says(
    f"{_FE}.create_table",
    "A catalog or schema that does not exist raises ValueError.",
    "approximated",
    "The catalog is always `main`: Spark without Unity Catalog has no CREATE CATALOG. Schemas are Spark's, made by CREATE SCHEMA.",
)
def _(context: Context) -> None:
    schema = context.once(base).airports.schema
    for name, what in (("other.ml.t", "Catalog 'other'"), ("main.nowhere.t", "Schema 'nowhere'")):
        refused(ValueError, what, lambda n=name: client().create_table(name=n, primary_keys="faa", schema=schema))


@says(
    "Spark SQL",
    "Feature tables are tables of the catalog: spark.table and SQL read them.",
    "absent",
    "Spark's catalog does not know them, because Delta's Spark extension is not installed: use read_table.",
)
def _(context: Context) -> None:
    context.once(base)
    assert not context.spark.catalog.tableExists("ml.airports")


@says(
    f"{_FE}.create_table",
    "Returns a FeatureTable; its primary_keys are without the timeseries column, which is in timestamp_keys.",
)
def _(context: Context) -> None:
    context.once(base)
    table = client().get_table(name="ml.hours")
    assert isinstance(table, FeatureTable)
    assert (table.primary_keys, table.timestamp_keys, table.features) == (["origin"], ["hour"], ["temp"])
    table = client().get_table(name="ml.airports")
    assert (table.description, table.tags, table.partition_columns) == ("Airports", {"team": "ops"}, [])
    assert table.table_id
    assert abs(table.creation_timestamp / 1000 - dt.datetime.now().timestamp()) < 3600


@says(
    "FeatureTable",
    "Attributes: name, table_id, description, primary_keys, partition_columns, features, creation_timestamp, online_stores, notebook_producers, job_producers, table_data_sources, path_data_sources, custom_data_sources, timestamp_keys, tags.",
    "approximated",
    "Producers and data sources are always empty: nothing records them here.",
)
def _(context: Context) -> None:
    context.once(base)
    table = client().get_table(name="ml.airports")
    empty = "notebook_producers job_producers table_data_sources path_data_sources custom_data_sources online_stores"
    assert all(getattr(table, name) == [] for name in empty.split())


@says(f"{_FE}.create_table", "An existing table is returned as it is, without an error, and df is not written.")
def _(context: Context) -> None:
    name = new_table(context)
    other = context.spark.createDataFrame([(9, 9)], "id int, other int")
    assert client().create_table(name=name, primary_keys="id", df=other).features == ["x", "y"]
    assert client().read_table(name=name).count() == 2


@says(f"{_FE}.create_table", "Neither schema nor df, or both and different, raises ValueError.")
def _(context: Context) -> None:
    df = context.once(base).airports
    refused(ValueError, "either df or schema", lambda: client().create_table(name="ml.no", primary_keys="faa"))
    other = df.select("faa").schema
    refused(ValueError, "differ", lambda: client().create_table(name="ml.no", primary_keys="faa", df=df, schema=other))


@says(f"{_FE}.create_table", "Primary keys that are missing, repeated or no columns raise ValueError.")
def _(context: Context) -> None:
    schema = context.once(base).airports.schema
    for keys, text in (([], "at least one"), (["faa", "faa"], "twice"), (["fa"], "'fa' is not a column")):
        refused(ValueError, text, lambda k=keys: client().create_table(name="ml.no", primary_keys=k, schema=schema))


@says(f"{_FE}.create_table", "A partition column or timeseries column that is no column raises ValueError.")
def _(context: Context) -> None:
    schema = context.once(base).airports.schema
    for option in ("partition_columns", "timeseries_column"):
        given: dict[str, Any] = {"name": "ml.no", "primary_keys": "faa", "schema": schema, option: "no"}
        refused(ValueError, "'no' is not a column", client().create_table, **given)


@says(f"{_FE}.create_table", "Primary key columns become NOT NULL, and stay so when columns are added.")
def _(context: Context) -> None:
    from deltalake import DeltaTable

    from lakelab import home

    name = new_table(context)
    client().write_table(name=name, df=context.spark.createDataFrame([(1, True)], "id int, more boolean"))
    fields = DeltaTable(home.tables_path() / "main" / name.replace(".", "/")).schema().fields
    assert {field.name: field.nullable for field in fields} == {"id": False, "x": True, "y": True, "more": True}


@says(
    f"{_FE}.create_table",
    "A timeseries column raises ValueError if it is not among the primary keys, is the only one, is one of several, or is neither timestamp nor date.",
)
def _(context: Context) -> None:
    context.once(base)
    schema = context.spark.createDataFrame([], "k int, t timestamp, u timestamp, n long").schema
    for keys, column, text in (
        (["k"], "t", "must be one of the primary_keys"),
        (["t"], "t", "only primary key"),
        (["k", "n"], "n", "must be a timestamp or a date"),
    ):
        given: dict[str, Any] = {"name": "ml.no", "primary_keys": keys, "timeseries_column": column, "schema": schema}
        refused(ValueError, text, client().create_table, **given)
    given = {"name": "ml.no", "primary_keys": ["k", "t", "u"], "timestamp_keys": ["t", "u"], "schema": schema}
    refused(ValueError, "one timeseries column", client().create_table, **given)


@says(f"{_FE}.create_table", "A column type that feature tables cannot hold raises ValueError.")
def _(context: Context) -> None:
    context.once(base)
    for kind in ("timestamp_ntz", "tinyint", "interval day", "array<timestamp_ntz>"):
        schema = context.spark.createDataFrame([], f"k int, x {kind}").schema
        refused(
            ValueError, "cannot hold", lambda s=schema: client().create_table(name="ml.no", primary_keys="k", schema=s)
        )


@says(f"{_FE}.create_table", "Every supported type comes back as it was, in NULLs, extremes and nested values too.")
def _(context: Context) -> None:
    kinds = "id int, i int, f float, b boolean, s string, d double, l long, t timestamp, a date, h smallint, bin binary, dec decimal(20,4), arr array<double>, m map<string,int>, st struct<u:int,v:array<string>>"
    values = (
        "1, 7, cast(0.5 as float), true, 'ä', 1e300, 9223372036854775807L, timestamp'9999-12-31 23:59:59.999999', date'0001-01-01', "
        "cast(-5 as smallint), x'00ff', cast(1234567890.1234 as decimal(20,4)), array(1.0D, null), map('a', 1), "
        "named_struct('u', 1, 'v', array('x'))"
    )
    df = context.spark.sql(f"SELECT {values}").toDF(*(part.split()[0] for part in kinds.split(", ")))
    df = df.unionByName(context.spark.createDataFrame([(2, *[None] * 14)], kinds))
    name = new_table(context, df)
    back = client().read_table(name=name)
    assert [(f.name, f.dataType) for f in back.schema] == [(f.name, f.dataType) for f in df.schema]
    assert back.orderBy("id").collect() == df.orderBy("id").collect()


@says(f"{_FE}.create_table", "A df that is no PySpark DataFrame raises ValueError; an unknown argument TypeError.")
def _(context: Context) -> None:
    context.once(base)
    frame: Any = pd.DataFrame({"id": [1]})
    refused(ValueError, "PySpark DataFrame", lambda: client().create_table(name="ml.no", primary_keys="id", df=frame))
    refused(TypeError, "colour", lambda: client().create_table(name="ml.no", primary_keys="id", colour=1))


@says(
    f"{_FE}.create_table",
    "The older names timestamp_keys, timeseries_columns and features_df are taken; path raises ValueError.",
)
def _(context: Context) -> None:
    context.once(base)
    df = context.spark.createDataFrame([(1, at(0))], "id int, t timestamp")
    for option in ("timestamp_keys", "timeseries_columns"):
        name = new_table(context, None, schema=df.schema, primary_keys=["id", "t"], **{option: ["t"]}, features_df=df)
        assert client().get_table(name=name).timestamp_keys == ["t"]
        assert client().read_table(name=name).count() == 1
    refused(ValueError, "path", lambda: client().create_table(name="ml.no", primary_keys="id", df=df, path="/x"))


@says(f"{_FE}.create_table", "A first write that fails leaves no table behind.")
def _(context: Context) -> None:
    context.once(base)
    broken = context.spark.sql("SELECT id, 1 / (id - 500) AS x FROM range(1000)")
    twice = context.spark.createDataFrame([(1, 1), (1, 2)], "id int, x int")
    null = context.spark.createDataFrame([(None, 1)], "id int, x int")
    for df, error, text in (
        (broken, Exception, "DIVIDE_BY_ZERO"),
        (twice, ValueError, "id=1"),
        (null, ValueError, "is null"),
    ):
        refused(error, text, lambda d=df: client().create_table(name="ml.broken", primary_keys="id", df=d))
        refused(ValueError, "does not exist", lambda: client().get_table(name="ml.broken"))


@says(
    f"{_FE}.create_table",
    "Partition columns divide the files; values with odd characters and NULL come back, an empty text as NULL.",
)
def _(context: Context) -> None:
    values = [(1, "01", 1.0), (2, "a b/c=d%é", 2.0), (3, None, 3.0), (4, None, 4.0)]
    df = context.spark.createDataFrame([*values[:3], (4, "", 4.0)], "id int, p string, x double")
    name = new_table(context, df, partition_columns="p")
    client().write_table(name=name, df=context.spark.createDataFrame([(1, "01", 9.0)], df.schema))
    assert client().get_table(name=name).partition_columns == ["p"]
    assert client().read_table(name=name).columns == ["id", "p", "x"]
    assert rows(client().read_table(name=name), "id", "p", "x") == [(1, "01", 9.0), *values[1:]]


# ---- write_table, read_table and the rest of tables -----------------------------------------------------------------


@says(f"{_FE}.write_table", "Any mode but 'merge' raises ValueError that says how to replace rows.")
def _(context: Context) -> None:
    df = context.once(base).airports
    refused(ValueError, "DELETE FROM", lambda: client().write_table(name="ml.airports", df=df, mode="overwrite"))


@says(
    f"{_FE}.write_table",
    "Merges by primary key: columns of df replace, columns absent from df keep their values, new rows get NULL there, nothing is deleted.",
)
def _(context: Context) -> None:
    name = new_table(context)
    client().write_table(name=name, df=context.spark.createDataFrame([(2, 20.0), (3, 30.0)], "id int, x double"))
    expected = [(1, 1.0, "a"), (2, 20.0, "b"), (3, 30.0, None)]
    assert rows(client().read_table(name=name), "id", "x", "y") == expected


@says(f"{_FE}.write_table", "New columns of df become features; letter case of names is kept.")
def _(context: Context) -> None:
    name = new_table(context)
    client().write_table(name=name, df=context.spark.createDataFrame([(2, True)], "id int, NewOne boolean"))
    assert rows(client().read_table(name=name), "id", "x", "NewOne") == [(1, 1.0, None), (2, 2.0, True)]
    table = client().get_table(name=name)
    assert (table.features, table.primary_keys) == (["x", "y", "NewOne"], ["id"])
    refused(
        ValueError,
        "is null",
        lambda: client().write_table(name=name, df=context.spark.sql("SELECT cast(null as int) id")),
    )


@says(
    f"{_FE}.write_table",
    "A missing table, key column or key type, or a frame that is no PySpark DataFrame, raises ValueError.",
)
def _(context: Context) -> None:
    df = context.once(base).airports
    frame: Any = df.toPandas()
    refused(ValueError, "PySpark DataFrame", lambda: client().write_table(name="ml.none", df=frame))
    refused(ValueError, "'main.ml.none' does not exist", lambda: client().write_table(name="ml.none", df=df))
    refused(ValueError, "lacks the primary key", lambda: client().write_table(name="ml.airports", df=df.drop("faa")))
    wrong = df.selectExpr("cast(alt as long) faa", "alt")
    refused(ValueError, "is bigint in df but string", lambda: client().write_table(name="ml.airports", df=wrong))


@says(f"{_FE}.write_table", "A table with a timeseries column needs all of its features in df.")
def _(context: Context) -> None:
    context.once(base)
    df = context.spark.createDataFrame([("JFK", at(9))], "origin string, hour timestamp")
    refused(ValueError, "lacks 'temp'", lambda: client().write_table(name="ml.hours", df=df))


@says(f"{_FE}.write_table", "A name that differs by letter case only, or a type that does not fit, raises ValueError.")
def _(context: Context) -> None:
    name = new_table(context)
    upper = context.spark.createDataFrame([(1, 1.0)], "id int, X double")
    refused(ValueError, "letter case", lambda: client().write_table(name=name, df=upper))
    text = context.spark.createDataFrame([(1, "1")], "id int, x string")
    refused(ValueError, "is string in df but double", lambda: client().write_table(name=name, df=text))
    client().write_table(name=name, df=context.spark.createDataFrame([(1, 5)], "id int, x int"))
    assert rows(client().read_table(name=name), "id", "x") == [(1, 5.0), (2, 2.0)]


@says(f"{_FE}.write_table", "Two rows of df with the same key raise ValueError, and nothing is written.")
def _(context: Context) -> None:
    name = new_table(context)
    df = context.spark.createDataFrame([(5, 1.0), (6, 1.0), (6, 2.0)], "id int, x double")
    refused(ValueError, "2 rows with the same primary key.*id=6", lambda: client().write_table(name=name, df=df))
    assert client().read_table(name=name).count() == 2


@says(
    f"{_FE}.write_table",
    "A streaming df is merged batch by batch and its query returned; checkpoint_location is ignored, with a warning, for a batch.",
)
def _(context: Context) -> None:
    name = new_table(context)
    folder = context.new_folder()
    with warning("checkpoint_location is ignored"):
        client().write_table(name=name, df=client().read_table(name=name), checkpoint_location=str(folder))
    context.spark.createDataFrame([(2, 22.0), (7, 7.0)], "id int, x double").coalesce(1).write.parquet(
        str(folder / "in")
    )
    stream = context.spark.readStream.schema("id int, x double").parquet(str(folder / "in"))
    query = client().write_table(
        name=name, df=stream, checkpoint_location=str(folder / "checkpoint"), trigger={"availableNow": True}
    )
    assert query is not None
    assert query.awaitTermination(120)
    assert rows(client().read_table(name=name), "id", "x") == [(1, 1.0), (2, 22.0), (7, 7.0)]


@says(f"{_FE}.read_table", "as_of_delta_timestamp reads the version of that time; other arguments raise TypeError.")
def _(context: Context) -> None:
    name = new_table(context)
    between = dt.datetime.now(dt.UTC)
    client().write_table(name=name, df=context.spark.createDataFrame([(1, 100.0)], "id int, x double"))
    for moment in (between, between.isoformat(), between.replace(tzinfo=None).isoformat(sep=" ")):
        assert rows(client().read_table(name=name, as_of_delta_timestamp=moment), "id", "x") == [(1, 1.0), (2, 2.0)]
    refused(ValueError, "created later", lambda: client().read_table(name=name, as_of_delta_timestamp="2001-01-01"))
    refused(ValueError, "is not a time", lambda: client().read_table(name=name, as_of_delta_timestamp="noon"))
    refused(TypeError, "colour", lambda: client().read_table(name=name, colour=1))


@says(f"{_FE}.read_table", "A frame that was read stays the version that it was, whatever is written later.")
def _(context: Context) -> None:
    name = new_table(context)
    before = client().read_table(name=name)
    client().write_table(name=name, df=context.spark.createDataFrame([(1, 100.0)], "id int, x double"))
    assert rows(before, "id", "x") == [(1, 1.0), (2, 2.0)]
    assert rows(client().read_table(name=name, version=1), "id", "x") == [(1, 1.0), (2, 2.0)]
    refused(ValueError, "no version 77", lambda: client().read_table(name=name, version=77))


@says(f"{_FE}.drop_table", "Deletes the table and its data, with a warning; a missing table raises ValueError.")
def _(context: Context) -> None:
    name = new_table(context)
    with warning("deleted"):
        client().drop_table(name=name)
    refused(ValueError, "does not exist", lambda: client().read_table(name=name))
    refused(ValueError, "does not exist", lambda: client().drop_table(name=name))


@says(f"{_FE}.set_feature_table_tag", "Sets or replaces a tag; deleting a missing one only warns.")
def _(context: Context) -> None:
    name = new_table(context, tags={"a": "1"})
    client().set_feature_table_tag(name=name, key="b", value="2")
    client().set_feature_table_tag(name=name, key="a", value="3")
    assert client().get_table(name=name).tags == {"a": "3", "b": "2"}
    client().delete_feature_table_tag(name=name, key="a")
    with warning("no tag 'a'"):
        client().delete_feature_table_tag(name=name, key="a")
    assert client().get_table(name=name).tags == {"b": "2"}


# ---- lookups and training sets --------------------------------------------------------------------------------------


def training(context: Context, *lookups: Any, **options: Any) -> TrainingSet:
    given = context.once(base)
    return client().create_training_set(
        **{"df": given.df, "feature_lookups": list(lookups), "label": "delay"} | options
    )


@says(
    "FeatureLookup",
    "feature_name and output_name are taken, with a DeprecationWarning; unknown arguments raise TypeError.",
)
def _(context: Context) -> None:
    with pytest.warns(DeprecationWarning, match="deprecated"):
        lookup = by_airport(feature_name="alt", output_name="height")
    assert training(context, lookup).get_output_columns() == ["id", "origin", "departs", "height", "delay"]
    refused(TypeError, "colour", lambda: by_airport(colour=1))


@says(
    "FeatureLookup",
    "A lookback_window without timestamp_lookup_key, or negative, or different ones for a table, raise ValueError.",
)
def _(context: Context) -> None:
    hour = dt.timedelta(hours=1)
    refused(ValueError, "timestamp_lookup_key", lambda: by_airport(lookback_window=hour))
    refused(ValueError, "negative", lambda: by_hour(lookback_window=-hour))
    second = by_hour(lookback_window=hour, rename_outputs={"temp": "recent"})
    refused(ValueError, "different lookback windows", lambda: training(context, by_hour(), second))


@says("FeatureFunction", "The function's name is lower-cased.")
def _(context: Context) -> None:
    assert FeatureFunction(udf_name="Main.ML.Double").udf_name == "main.ml.double"


@says("FeatureFunction", "output_name is the function's name by default.")
def _(context: Context) -> None:
    context.once(base)
    context.spark.udf.register("plus_one", lambda x: x + 1, "double")
    columns = training(
        context, FeatureFunction(udf_name="plus_one", input_bindings={"x": "delay"})
    ).get_output_columns()
    assert "plus_one" in columns


@says(
    "FeatureFunction",
    "Computes a feature by a Python UDF of Unity Catalog, its parameters bound to columns of df or features.",
    "approximated",
    "The function is Spark's: made by CREATE FUNCTION … RETURN …, or by spark.udf.register and then found by the last part of udf_name. A later function may take an earlier one's result.",
)
def _(context: Context) -> None:
    context.once(base)
    context.spark.sql("CREATE OR REPLACE TEMPORARY FUNCTION warmer(t DOUBLE, by DOUBLE) RETURNS DOUBLE RETURN t + by")
    context.spark.udf.register("half", lambda value: None if value is None else value / 2, "double")
    df = context.once(base).df.withColumn("by", context.once(base).df.id * 1.0)
    warm = FeatureFunction(udf_name="main.ml.Warmer", input_bindings={"by": "by", "t": "temp"}, output_name="warm")
    half = FeatureFunction(udf_name="half", input_bindings={"value": "warm"}, output_name="half_warm")
    frame = training(context, by_hour(), warm, half, df=df).load_df()
    assert rows(frame, "id", "warm", "half_warm") == [(1, 2.0, 1.0), (2, None, None), (3, None, None), (4, None, None)]
    unknown = FeatureFunction(udf_name="main.ml.nothing")
    refused(ValueError, "'main.ml.nothing' does not exist", lambda: training(context, unknown))


@says(f"{_FE}.create_training_set", "More than 100 FeatureFunctions, or a binding to no column, raise ValueError.")
def _(context: Context) -> None:
    many = [FeatureFunction(udf_name="abs", output_name=f"f{i}") for i in range(101)]
    refused(ValueError, "100", lambda: training(context, *many))
    unbound = FeatureFunction(udf_name="abs", input_bindings={"x": "nothing"})
    refused(ValueError, "'nothing'", lambda: training(context, unbound))


@says(
    f"{_FE}.create_training_set",
    "Not exactly one of feature_lookups, feature_spec and features raises ValueError; what should be a list and is not, TypeError.",
)
def _(context: Context) -> None:
    given = context.once(base)
    refused(ValueError, "exactly one", lambda: client().create_training_set(df=given.df, label=None))
    refused(ValueError, "exactly one", lambda: training(context, by_hour(), feature_spec="ml.s"))
    refused(TypeError, "must be a list", lambda: training(context, feature_lookups=by_hour()))
    refused(TypeError, "must be a list", lambda: training(context, by_hour(), exclude_columns="id"))
    refused(TypeError, "colour", lambda: training(context, by_hour(), colour=1))


@says(
    f"{_FE}.create_training_set", "label must be given; None is for unsupervised learning, a list for several labels."
)
def _(context: Context) -> None:
    given = context.once(base)
    unlabelled: Any = {"df": given.df, "feature_lookups": []}
    refused(TypeError, "label", lambda: client().create_training_set(**unlabelled))
    assert training(context, label=None).get_output_columns() == ["id", "origin", "departs", "delay"]
    assert training(context, label=["delay", "id"]).get_output_columns() == ["origin", "departs", "delay", "id"]


@says(
    f"{_FE}.create_training_set",
    "features: declared features and their materialisation.",
    "absent",
    "Raises NotImplementedError that names feature_lookups.",
)
def _(context: Context) -> None:
    given = context.once(base)
    refused(
        NotImplementedError,
        "feature_lookups",
        lambda: client().create_training_set(df=given.df, features=[], label=None),
    )


@says("TrainingSet.load_df", "A left join: no row of df is lost or doubled, features without a match are NULL.")
def _(context: Context) -> None:
    frame = training(context, by_airport()).load_df()
    assert rows(frame, "id", "alt") == [(1, 13), (2, 20), (3, None), (4, None)]


@says(
    "TrainingSet.load_df",
    "Columns: those of df without labels and excluded ones, the features in the order of the lookups, the labels. Lookup keys stay, the table's keys do not come.",
)
def _(context: Context) -> None:
    training_set = training(context, by_hour(), by_airport(), exclude_columns=["id", "lat"])
    assert training_set.load_df().columns == ["origin", "departs", "temp", "alt", "delay"]
    assert training_set.get_output_columns() == training_set.load_df().columns


@says("FeatureLookup", "feature_names selects (all by default), rename_outputs renames.")
def _(context: Context) -> None:
    frame = training(context, by_airport(feature_names="lat", rename_outputs={"lat": "north"})).load_df()
    assert rows(frame, "id", "north")[:2] == [(1, 40.6), (2, 40.8)]
    assert "alt" not in frame.columns


@says("FeatureLookup", "default_values replace missing values, by the names after renaming.")
def _(context: Context) -> None:
    lookup = by_airport(feature_names=["alt"], rename_outputs={"alt": "height"}, default_values={"height": -1})
    frame = training(context, lookup).load_df()
    assert rows(frame, "id", "height") == [(1, 13), (2, 20), (3, -1), (4, -1)]
    assert dict(frame.dtypes)["height"] == "int"
    refused(ValueError, "default_values", lambda: training(context, by_airport(default_values={"no": 1})))


@says(
    "FeatureLookup",
    "default_values stand in for a null that the table holds, too.",
    "approximated",
    "The documentation speaks of missing values without saying whether a stored null is one; here it is.",
)
def _(context: Context) -> None:
    frame = training(context, by_hour(default_values={"temp": -1.0})).load_df()
    assert rows(frame, "id", "temp")[:3] == [(1, 1.0), (2, -1.0), (3, -1.0)]


@says(
    f"{_FE}.create_training_set",
    "A label that is no column, is excluded, or has the name of a feature raises ValueError.",
)
def _(context: Context) -> None:
    refused(ValueError, "'none' is not a column", lambda: training(context, label="none"))
    refused(ValueError, "exclude_columns", lambda: training(context, exclude_columns=["delay"]))
    renamed = by_airport(feature_names="alt", rename_outputs={"alt": "delay"})
    refused(ValueError, "name of the label", lambda: training(context, renamed))


@says(
    f"{_FE}.create_training_set", "A feature with the name of a column of df, or of another feature, raises ValueError."
)
def _(context: Context) -> None:
    clash = by_airport(feature_names="alt", rename_outputs={"alt": "id"})
    refused(ValueError, "column of df already", lambda: training(context, clash))
    refused(ValueError, "Two features", lambda: training(context, by_airport(), by_airport()))


@says(
    f"{_FE}.create_training_set",
    "A lookup key that is missing in df, of another number or another type raises ValueError; so does an unknown feature or table.",
)
def _(context: Context) -> None:
    refused(ValueError, "lookup key 'no'", lambda: training(context, FeatureLookup("ml.airports", "no")))
    refused(ValueError, "2 lookup keys", lambda: training(context, FeatureLookup("ml.airports", ["origin", "id"])))
    refused(ValueError, "is bigint in df", lambda: training(context, FeatureLookup("ml.airports", "id")))
    refused(ValueError, "no feature 'no'", lambda: training(context, by_airport(feature_names=["no"])))
    refused(ValueError, "does not exist", lambda: training(context, FeatureLookup("ml.none", "origin")))


@says(
    "FeatureLookup", "A table with a timeseries column needs timestamp_lookup_key, of its type; one without refuses it."
)
def _(context: Context) -> None:
    refused(ValueError, "timestamp_lookup_key", lambda: training(context, FeatureLookup("ml.hours", "origin")))
    refused(ValueError, "no timeseries column", lambda: training(context, by_airport(timestamp_lookup_key="departs")))
    wrong = FeatureLookup("ml.hours", "origin", timestamp_lookup_key="id")
    refused(ValueError, "is bigint in df", lambda: training(context, wrong))


def as_of(context: Context, lookback: dt.timedelta | None = None) -> list[tuple[Any, ...]]:
    given = context.once(base)
    moments = [(i, "JFK", at(h), 0.0) for i, h in enumerate((0.999999, 1, 1.5, 3, 5, 1000))]
    moments += [(6, "JFK", None, 0.0), (7, "LGA", at(2), 0.0)]
    df = context.spark.createDataFrame(moments, given.df.schema)
    return rows(training(context, by_hour(lookback_window=lookback), df=df).load_df(), "id", "temp")


@says(
    "TrainingSet.load_df",
    "Point in time: the latest feature row of the key at or before the row's time, even if its values are NULL; otherwise NULL.",
)
def _(context: Context) -> None:
    expected = [(0, None), (1, 1.0), (2, 1.0), (3, 3.0), (4, 3.0), (5, 3.0), (6, None), (7, None)]
    assert as_of(context) == expected


@says("FeatureLookup", "lookback_window bounds the age of feature rows, inclusively.")
def _(context: Context) -> None:
    expected = [(0, None), (1, 1.0), (2, 1.0), (3, 3.0), (4, 3.0), (5, None), (6, None), (7, None)]
    assert as_of(context, dt.timedelta(hours=2)) == expected
    assert as_of(context, dt.timedelta(0))[1:4] == [(1, 1.0), (2, None), (3, 3.0)]


@says("TrainingSet.load_df", "Lookups in several tables by different keys and times join the same row.")
def _(context: Context) -> None:
    given = context.once(base)
    df = given.df.withColumnRenamed("origin", "dest").join(given.df.select("id", "origin"), "id")
    df = df.withColumn("lands", df.departs + context.spark.sql("SELECT interval 3 hours AS i").first().i)
    lookups = [
        by_hour(rename_outputs={"temp": "temp_origin"}),
        FeatureLookup("ml.hours", "dest", timestamp_lookup_key="lands", rename_outputs={"temp": "temp_dest"}),
        by_airport(feature_names="alt"),
    ]
    frame = training(context, *lookups, df=df).load_df()
    expected = [(1, 1.0, 3.0, 13), (2, None, None, 20), (3, None, None, None), (4, None, None, None)]
    assert rows(frame, "id", "temp_origin", "temp_dest", "alt") == expected


@says(
    f"{_FE}.create_training_set",
    "use_spark_native_join and use_timeseries_filtering change the speed, not the result.",
    "approximated",
    "Taken and ignored: every join is Spark's own.",
)
def _(context: Context) -> None:
    one = training(context, by_hour(), use_spark_native_join=True, use_timeseries_filtering=True)
    assert rows(one.load_df(), "id", "temp") == rows(training(context, by_hour()).load_df(), "id", "temp")


@says(
    f"{_FE}.create_feature_spec",
    "Keeps lookups and functions under a name, for create_training_set(feature_spec=…).",
    "approximated",
    "Kept as YAML below LAKELAB_HOME; there is no endpoint that serves it.",
)
def _(context: Context) -> None:
    context.once(base)
    lookups = [by_hour(rename_outputs={"temp": "t"}, default_values={"t": 0.5}), by_airport()]
    client().create_feature_spec(name="ml.spec", features=lookups, exclude_columns=["lat"])
    frame = training(context, feature_lookups=None, feature_spec="main.ml.spec").load_df()
    assert frame.columns == ["id", "origin", "departs", "t", "alt", "delay"]
    assert rows(frame, "id", "t")[0] == (1, 1.0)
    refused(ValueError, "exists already", lambda: client().create_feature_spec(name="ml.spec", features=lookups))
    refused(ValueError, "does not exist", lambda: training(context, feature_lookups=None, feature_spec="ml.nothing"))


# ---- models ---------------------------------------------------------------------------------------------------------


def logged(context: Context) -> SimpleNamespace:
    """A scikit-learn model that adds its inputs temp and alt, logged and registered."""
    import mlflow.sklearn
    from sklearn.dummy import DummyRegressor

    given = context.once(base)
    training_set = training(
        context, by_hour(), by_airport(feature_names="alt"), exclude_columns=["id", "origin", "departs"]
    )

    class Sum(DummyRegressor):  # type: ignore[misc]
        """Its prediction shows every input, so that a test sees where it came from."""

        def predict(self, X: pd.DataFrame) -> Any:
            assert list(X.columns) == ["temp", "alt"]
            return X["temp"].fillna(-1000).to_numpy() + X["alt"].fillna(-5000).to_numpy()

    model = Sum().fit([[0], [1]], [0, 1])
    options: dict[str, Any] = {"model": model, "artifact_path": "model", "flavor": mlflow.sklearn}
    info = client().log_model(**options, training_set=training_set, registered_model_name="main.ml.sum")
    plain = client().log_model(**options)
    return SimpleNamespace(info=info, plain=plain, df=given.df.drop("delay"), version=training_set.feature_spec.tables)


@says(f"{_FE}.log_model", "The artifacts are data/feature_store/feature_spec.yaml and data/feature_store/raw_model.")
def _(context: Context) -> None:
    from lakelab.feature_engineering import models

    folder = models.download(context.once(logged).info.model_uri)
    assert (folder / "data/feature_store/feature_spec.yaml").is_file()
    assert (folder / "data/feature_store/raw_model/MLmodel").is_file()


@says(
    f"{_FE}.log_model",
    "The model's loader module is databricks.feature_store.mlflow_model.",
    "approximated",
    "It is lakelab.feature_engineering.model_loader, so that MLflow finds it here.",
)
def _(context: Context) -> None:
    from mlflow.models import Model

    flavour = Model.load(context.once(logged).info.model_uri).flavors["python_function"]
    assert flavour["loader_module"] == "lakelab.feature_engineering.model_loader"


@says(
    f"{_FE}.log_model", "The model is found as runs:/<run>/<artifact_path>, and registered under registered_model_name."
)
def _(context: Context) -> None:
    from mlflow.tracking import MlflowClient

    info = context.once(logged).info
    version = MlflowClient().get_model_version("main.ml.sum", "1")
    assert version.run_id == info.run_id
    scored = client().score_batch(model_uri=f"runs:/{info.run_id}/model", df=context.once(logged).df.where("id = 1"))
    assert rows(scored, "prediction") == [(14.0,)]


@says(f"{_FE}.log_model", "A flavour without a pyfunc raises ValueError.")
def _(context: Context) -> None:
    import json

    refused(ValueError, "pyfunc", lambda: client().log_model(model=1, artifact_path="m", flavor=json))


@says(
    f"{_FE}.score_batch",
    "Looks the features up again; returns df's columns, the inputs that it lacks, and prediction (double by default).",
)
def _(context: Context) -> None:
    scored = client().score_batch(model_uri="models:/main.ml.sum/1", df=context.once(logged).df)
    assert scored.dtypes[3:] == [("temp", "double"), ("alt", "int"), ("prediction", "double")]
    expected = [(1, 14.0), (2, -980.0), (3, -6000.0), (4, -6000.0)]
    assert rows(scored, "id", "prediction") == expected


@says(f"{_FE}.score_batch", "A column of df with the name of a feature is used instead of the lookup.")
def _(context: Context) -> None:
    df = context.once(logged).df.selectExpr("*", "100.0D AS temp")
    scored = client().score_batch(model_uri="models:/main.ml.sum/1", df=df, result_type="float")
    assert scored.columns == ["id", "origin", "departs", "temp", "alt", "prediction"]
    assert rows(scored, "id", "prediction")[:2] == [(1, 113.0), (2, 120.0)]


@says(
    f"{_FE}.score_batch",
    "Missing keys or source columns, a column prediction, a stream, or a model without a training set raise ValueError.",
)
def _(context: Context) -> None:
    given = context.once(logged)
    uri = "models:/main.ml.sum/1"
    missing = given.df.drop("departs", "origin")
    refused(ValueError, "lacks 'origin', 'departs'", lambda: client().score_batch(model_uri=uri, df=missing))
    taken = given.df.withColumn("prediction", given.df.id)
    refused(ValueError, "column 'prediction'", lambda: client().score_batch(model_uri=uri, df=taken))
    stream = context.spark.readStream.format("rate").load()
    refused(ValueError, "stream", lambda: client().score_batch(model_uri=uri, df=stream))
    refused(ValueError, "no feature spec", lambda: client().score_batch(model_uri=given.plain.model_uri, df=given.df))


@says(f"{_FE}.score_batch", "Features are those of the newest version of the tables, also after new columns came.")
def _(context: Context) -> None:
    import mlflow.pyfunc
    import mlflow.sklearn
    from sklearn.linear_model import LinearRegression

    context.once(base)
    name = new_table(context)
    df = context.spark.createDataFrame([(1, 1.0), (2, 2.0)], "id int, label double")
    training_set = client().create_training_set(
        df=df, feature_lookups=[FeatureLookup(name, "id", feature_names="x")], label="label", exclude_columns=["id"]
    )
    frame = training_set.load_df().toPandas()
    model = LinearRegression().fit(frame[["x"]], frame["label"])
    info = client().log_model(model=model, artifact_path="m", flavor=mlflow.sklearn, training_set=training_set)
    client().write_table(name=name, df=context.spark.createDataFrame([(1, 50.0, 1)], "id int, x double, z int"))
    predicted = rows(client().score_batch(model_uri=info.model_uri, df=df.select("id")), "id", "prediction")
    assert predicted == [(1, pytest.approx(50.0)), (2, pytest.approx(2.0))]
    assert rows(training_set.load_df(), "x") == [(1.0,), (2.0,)]
    # LakeLab's own: which data trained it.
    assert table_versions(info.model_uri) == {f"main.{name}": 1}
    assert [(m.run_id, m.version) for m in models_trained_on(name)] == [(info.run_id, 1)]
    assert models_trained_on(name, version=2) == []


@says(f"{_FE}.score_batch", "Models of Spark ML are scored, too.")
def _(context: Context) -> None:
    import mlflow.spark
    from pyspark.ml import Pipeline
    from pyspark.ml.feature import VectorAssembler
    from pyspark.ml.regression import LinearRegression

    training_set = training(
        context, by_airport(feature_names="alt", default_values={"alt": 0}), exclude_columns=["origin", "departs", "id"]
    )
    stages = [
        VectorAssembler(inputCols=["alt"], outputCol="features"),
        LinearRegression(labelCol="delay", solver="normal"),
    ]
    model = Pipeline(stages=stages).fit(training_set.load_df())
    info = client().log_model(model=model, artifact_path="m", flavor=mlflow.spark, training_set=training_set)
    df = context.once(logged).df
    scored = client().score_batch(model_uri=info.model_uri, df=df)
    assert scored.columns == ["id", "origin", "departs", "alt", "prediction"]
    expected = model.transform(training_set.load_df()).select("prediction").toPandas()["prediction"].sort_values()
    assert sorted(value for (value,) in rows(scored, "prediction")) == pytest.approx(list(expected))


# ---- online stores --------------------------------------------------------------------------------------------------


@says(
    f"{_FE}.create_online_store",
    "Makes a store of a capacity CU_1, CU_2, CU_4 or CU_8, which get_online_store (None if there is none), list_online_stores and delete_online_store know.",
    "approximated",
    "A store is one SQLite file below LAKELAB_HOME; capacity and replicas are remembered, without effect.",
)
def _(context: Context) -> None:
    context.once(base)
    made = client().create_online_store(name="first", capacity="CU_2", read_replica_count=1)
    assert isinstance(made, DatabricksOnlineStore)
    assert made == client().get_online_store(name="first")
    assert (made.capacity, made.state, made.read_replica_count) == ("CU_2", "AVAILABLE", 1)
    assert made in client().list_online_stores()
    refused(ValueError, "exists already", lambda: client().create_online_store(name="first", capacity="CU_1"))
    refused(ValueError, "CU_1", lambda: client().create_online_store(name="other", capacity="XL"))
    client().delete_online_store(name="first")
    assert client().get_online_store(name="first") is None
    refused(ValueError, "does not exist", lambda: client().delete_online_store(name="first"))


def published(context: Context) -> DatabricksOnlineStore:
    context.once(base)
    store = client().create_online_store(name="shared", capacity="CU_1")
    client().publish_table(online_store=store, source_table_name="ml.hours", online_table_name="main.online.hours")
    client().publish_table(
        online_store=store, name="ml.airports", online_table_name="main.online.airports", publish_mode="SNAPSHOT"
    )
    return store


@says(f"{_FE}.publish_table", "The online table holds the newest row of each entity; get_table names it.")
def _(context: Context) -> None:
    context.once(published)
    (table,) = online.tables("main.ml.hours")
    found = table.look_up([("JFK",), ("LGA",), ("EWR",)], ["temp", "hour"])
    assert found[0] == {"temp": 3.0, "hour": at(3).astimezone(dt.UTC)}
    assert found[1:] == [{"temp": None, "hour": at(2).astimezone(dt.UTC)}, None]
    assert client().get_table(name="ml.hours").online_stores == ["shared: main.online.hours"]


@says(
    f"{_FE}.publish_table",
    "TRIGGERED writes the changes since the last publication; the table must have the change data feed on.",
    "approximated",
    "Every feature table has it on from the start, so nothing has to be altered.",
)
def _(context: Context) -> None:
    store = context.once(published)
    name = new_table(context)
    options: dict[str, Any] = {"online_store": store, "source_table_name": name, "online_table_name": f"main.{name}"}
    publish = partial(client().publish_table, **options)
    publish()
    client().write_table(name=name, df=context.spark.createDataFrame([(2, 5.0, True)], "id int, x double, z boolean"))
    client().write_table(name=name, df=context.spark.createDataFrame([(2, 7.0), (3, 3.0)], "id int, x double"))
    publish()
    expected = [{"x": 1.0, "z": None}, {"x": 7.0, "z": True}, {"x": 3.0, "z": None}]
    (table,) = online.tables(f"main.{name}")
    assert table.look_up([(1,), (2,), (3,)], ["x", "z"]) == expected
    publish(publish_mode="SNAPSHOT")
    assert table.look_up([(1,), (2,), (3,)], ["x", "z"]) == expected


@says(
    f"{_FE}.publish_table",
    "CONTINUOUS keeps an online table up to date.",
    "absent",
    "Raises NotImplementedError that names TRIGGERED.",
)
def _(context: Context) -> None:
    store = context.once(published)
    options: dict[str, Any] = {"online_store": store, "source_table_name": "ml.hours", "online_table_name": "a.b.c"}
    refused(NotImplementedError, "TRIGGERED", client().publish_table, **options, publish_mode="CONTINUOUS")


@says(
    f"{_FE}.publish_table",
    "online_table_name must have three parts; filter_condition, checkpoint_location, features, streaming and another trigger raise ValueError.",
)
def _(context: Context) -> None:
    store = context.once(published)
    options: dict[str, Any] = {"online_store": store, "source_table_name": "ml.hours", "online_table_name": "a.b.c"}
    refused(ValueError, "three-part", lambda: client().publish_table(**options | {"online_table_name": "c"}))
    for refusal in (
        {"filter_condition": "true"},
        {"checkpoint_location": "/x"},
        {"features": ["temp"]},
        {"streaming": True},
        {"trigger": {"once": True}},
    ):
        refused(ValueError, next(iter(refusal)), lambda r=refusal: client().publish_table(**options | r))
    refused(ValueError, "publish_mode", lambda: client().publish_table(**options, publish_mode="DAILY"))
    refused(TypeError, "colour", lambda: client().publish_table(**options, colour=1))


@says(f"{_FE}.drop_online_table", "Removes the table from the store; the feature table stays.")
def _(context: Context) -> None:
    store = context.once(published)
    name = new_table(context)
    client().publish_table(online_store=store, source_table_name=name, online_table_name=f"main.{name}")
    client().drop_online_table(f"main.{name}", store)
    assert online.tables(f"main.{name}") == []
    assert client().read_table(name=name).count() == 2
    refused(ValueError, "no table", lambda: client().drop_online_table(f"main.{name}", store))


@says(
    f"{_FE}.log_model",
    "A model that is served completes requests from the online store.",
    "approximated",
    "mlflow models serve and mlflow.pyfunc.load_model do that from SQLite, without lookback windows; a model with FeatureFunctions is scored by score_batch only.",
)
def _(context: Context) -> None:
    import mlflow.pyfunc

    context.once(published)
    model = mlflow.pyfunc.load_model(context.once(logged).info.model_uri)
    request = pd.DataFrame({"origin": ["JFK", "LGA", "EWR"], "departs": [at(2)] * 3})
    assert list(model.predict(request)) == [16.0, -980.0, -6000.0]
    assert list(model.predict(request.assign(temp=[0.0, 1.0, 2.0], alt=[1, 2, 3]))) == [1.0, 3.0, 5.0]
    with pytest.raises(ValueError, match="lacks 'departs'"):
        model.predict(request.drop(columns="departs"))


ROWS.append(
    Row(
        "UpgradeClient",
        "Upgrades tables of the Workspace Feature Store to Unity Catalog.",
        "absent",
        "There is nothing to upgrade: read the table by FeatureStoreClient and create it by FeatureEngineeringClient.",
    )
)
