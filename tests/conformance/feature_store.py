"""The classic Workspace Feature Store, as `databricks.feature_store` has it: `database.table` names, over the same core as feature engineering. Behaviour that both share is stated there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance.feature_engineering import base, by_airport, online, refused, rows
from conformance.table import Context, Row, Status, signature
from lakelab.feature_engineering import FeatureEngineeringClient
from lakelab.feature_store import FeatureLookup, FeatureStoreClient

TITLE = "Workspace Feature Store"

_FS = "FeatureStoreClient"
ROWS: list[Row] = [
    signature(
        _FS,
        "(self, feature_store_uri: Optional[str]=None, model_registry_uri: Optional[str]=None)",
        lambda: FeatureStoreClient,
    ),
    signature(
        f"{_FS}.create_table",
        "(self, name, primary_keys, df=None, *, timestamp_keys=None, partition_columns=None, schema=None, description=None, tags=None, **kwargs) -> FeatureTable",
        lambda: FeatureStoreClient.create_table,
    ),
    signature(
        f"{_FS}.register_table",
        "(self, *, delta_table: str, primary_keys, timestamp_keys=None, description=None, tags=None) -> FeatureTable",
        lambda: FeatureStoreClient.register_table,
    ),
    signature(f"{_FS}.get_table", "(self, name)", lambda: FeatureStoreClient.get_table),
    signature(f"{_FS}.read_table", "(self, name, **kwargs)", lambda: FeatureStoreClient.read_table),
    signature(f"{_FS}.drop_table", "(self, name)", lambda: FeatureStoreClient.drop_table),
    signature(
        f"{_FS}.write_table",
        "(self, name, df, mode='merge', checkpoint_location=None, trigger={'processingTime': '5 seconds'})",
        lambda: FeatureStoreClient.write_table,
    ),
    signature(
        f"{_FS}.create_training_set",
        "(self, df, feature_lookups, label, exclude_columns=None, **kwargs) -> TrainingSet",
        lambda: FeatureStoreClient.create_training_set,
    ),
    signature(
        f"{_FS}.log_model",
        "(self, model, artifact_path, *, flavor, training_set=None, registered_model_name=None, await_registration_for=..., infer_input_example=False, extra_pip_requirements=None, **kwargs)",
        lambda: FeatureStoreClient.log_model,
    ),
    signature(
        f"{_FS}.score_batch",
        "(self, model_uri, df, result_type='double') -> DataFrame",
        lambda: FeatureStoreClient.score_batch,
    ),
    signature(
        f"{_FS}.publish_table",
        "(self, name, online_store, *, filter_condition=None, mode='merge', streaming=False, checkpoint_location=None, trigger=..., features=None)",
        lambda: FeatureStoreClient.publish_table,
    ),
    signature(f"{_FS}.drop_online_table", "(self, name, online_store)", lambda: FeatureStoreClient.drop_online_table),
    signature(
        f"{_FS}.set_feature_table_tag",
        "(self, *, table_name, key, value)",
        lambda: FeatureStoreClient.set_feature_table_tag,
    ),
    signature(
        f"{_FS}.delete_feature_table_tag",
        "(self, *, table_name, key)",
        lambda: FeatureStoreClient.delete_feature_table_tag,
    ),
    signature(
        f"{_FS}.create_feature_table",
        "(self, name, keys, features_df=None, schema=None, partition_columns=None, description=None, timestamp_keys=None)",
        lambda: FeatureStoreClient.create_feature_table,
    ),
    signature(f"{_FS}.get_feature_table", "(self, name)", lambda: FeatureStoreClient.get_feature_table),
]


def says(api: str, text: str, status: Status = "same", note: str = "") -> Callable[[Callable[[Context], None]], None]:
    """Add the decorated check to the table."""

    def add(check: Callable[[Context], None]) -> None:
        ROWS.append(Row(api, text, status, note, check, spark=True))

    return add


def table(context: Context, **options: Any) -> tuple[FeatureStoreClient, str]:
    """A client, and a table that the check may change."""
    df = context.once(base).airports
    name = f"ml.{context.new_name('classic')}"
    FeatureStoreClient().create_table(name, "faa", df, **options)
    return FeatureStoreClient(), name


@says(_FS, "Names are database.table; they and those of Unity Catalog are apart.")
def _(context: Context) -> None:
    fs, name = table(context)
    assert fs.get_table(name).name == name
    refused(ValueError, "FeatureEngineeringClient", lambda: fs.get_table("main.ml.airports"))
    refused(ValueError, "database_name.table_name", lambda: fs.get_table("airports"))
    refused(ValueError, "does not exist", lambda: FeatureEngineeringClient().get_table(name=name))


@says(_FS, "feature_store_uri names another workspace's feature store.", "absent", "Raises ValueError: there is none.")
def _(context: Context) -> None:
    refused(ValueError, "feature_store_uri", lambda: FeatureStoreClient(feature_store_uri="databricks://x"))


@says(
    f"{_FS}.create_table",
    "An existing table with the same keys and columns is returned; with others ValueError is raised.",
)
def _(context: Context) -> None:
    fs, name = table(context)
    df = context.once(base).airports
    assert fs.create_table(name, "faa", df).primary_keys == ["faa"]
    refused(ValueError, "other keys", lambda: fs.create_table(name, ["faa", "alt"], df))
    refused(ValueError, "other columns", lambda: fs.create_table(name, "faa", df.drop("lat")))


@says(f"{_FS}.create_table", "timestamp_keys need not be named among the primary_keys.")
def _(context: Context) -> None:
    context.once(base)
    df = context.spark.sql("SELECT 'JFK' AS origin, timestamp'2024-01-01' AS hour, 1.0D AS temp")
    name = f"ml.{context.new_name('classic')}"
    made = FeatureStoreClient().create_table(name, "origin", df, timestamp_keys="hour")
    assert (made.primary_keys, made.timestamp_keys, made.features) == (["origin"], ["hour"], ["temp"])


@says(f"{_FS}.write_table", "mode is 'merge' or 'overwrite', whatever its case and spaces; others raise ValueError.")
def _(context: Context) -> None:
    fs, name = table(context)
    one = context.spark.createDataFrame([("EWR", 5, 40.7)], "faa string, alt int, lat double")
    fs.write_table(name, one, " Merge")
    assert fs.read_table(name).count() == 3
    fs.write_table(name, one, "OVERWRITE ")
    assert rows(fs.read_table(name), "faa") == [("EWR",)]
    assert fs.get_table(name).primary_keys == ["faa"]
    refused(ValueError, "'append'", lambda: fs.write_table(name, one, "append"))


@says(f"{_FS}.write_table", "A stream with 'overwrite' raises TypeError.")
def _(context: Context) -> None:
    fs, name = table(context)
    stream = context.spark.readStream.format("rate").load()
    refused(TypeError, "stream", lambda: fs.write_table(name, stream, "overwrite"))


@says(
    f"{_FS}.register_table",
    "Makes a feature table of an existing Delta table.",
    "approximated",
    "Of one that another program wrote to LAKELAB_HOME/tables/hive_metastore/<database>/<table>.",
)
def _(context: Context) -> None:
    import pyarrow as pa
    from deltalake import write_deltalake

    from lakelab import home

    context.once(base)
    folder = home.tables_dir() / "hive_metastore" / "ml" / "foreign"
    write_deltalake(folder, pa.table({"faa": ["JFK"], "alt": pa.array([13], pa.int32())}))
    fs = FeatureStoreClient()
    refused(ValueError, "register it", lambda: fs.get_table("ml.foreign"))
    made = fs.register_table(delta_table="ml.foreign", primary_keys="faa", description="d", tags={"a": "b"})
    assert (made.primary_keys, made.description, made.tags) == (["faa"], "d", {"a": "b"})
    assert rows(fs.read_table("ml.foreign"), "faa", "alt") == [("JFK", 13)]
    refused(ValueError, "no Delta table", lambda: fs.register_table(delta_table="ml.none", primary_keys="faa"))


@says(
    f"{_FS}.create_feature_table",
    "Works like create_table, with a DeprecationWarning; get_feature_table like get_table.",
)
def _(context: Context) -> None:
    df = context.once(base).airports
    fs, name = FeatureStoreClient(), f"ml.{context.new_name('classic')}"
    with pytest.warns(DeprecationWarning, match="deprecated"):
        fs.create_feature_table(name, "faa", df)
    with pytest.warns(DeprecationWarning, match="deprecated"):
        assert fs.get_feature_table(name).features == ["alt", "lat"]


@says(f"{_FS}.set_feature_table_tag", "Tags are set and deleted by table_name.")
def _(context: Context) -> None:
    fs, name = table(context)
    fs.set_feature_table_tag(table_name=name, key="a", value="1")
    assert fs.get_table(name).tags == {"a": "1"}
    fs.delete_feature_table_tag(table_name=name, key="a")
    assert fs.get_table(name).tags == {}
    fs.drop_table(name)
    refused(ValueError, "does not exist", lambda: fs.get_table(name))


@says(f"{_FS}.score_batch", "Training sets, log_model and score_batch work as in feature engineering.")
def _(context: Context) -> None:
    import mlflow.sklearn
    from sklearn.linear_model import LinearRegression

    fs, name = table(context)
    df = context.once(base).df.where("id < 3")
    lookup = FeatureLookup(name, "origin", feature_names="alt")
    training_set = fs.create_training_set(df, [lookup], "delay", exclude_columns=["id", "origin", "departs"])
    frame = training_set.load_df().toPandas()
    model = LinearRegression().fit(frame[["alt"]], frame["delay"])
    info = fs.log_model(model, "model", flavor=mlflow.sklearn, training_set=training_set)
    scored = fs.score_batch(info.model_uri, df.drop("delay"))
    assert rows(scored, "id", "alt", "prediction") == [(1, 13, pytest.approx(5.0)), (2, 20, pytest.approx(6.0))]
    refused(TypeError, "must be a list", lambda: fs.create_training_set(df, by_airport(), "delay"))


@says(
    f"{_FS}.publish_table",
    "Publishes to a store of a third party (DynamoDB, MySQL, …): rows by filter_condition, some features, merge or overwrite, or a stream.",
    "approximated",
    "The store is one that FeatureEngineeringClient().create_online_store made; streaming raises NotImplementedError.",
)
def _(context: Context) -> None:
    fs, name = table(context)
    store = FeatureEngineeringClient().create_online_store(
        name=context.new_name("classic").replace("_", "-"), capacity="CU_1"
    )
    fs.publish_table(name, store, filter_condition="alt > 15", features="alt")
    (found,) = online.tables(name)
    assert found.look_up([("JFK",), ("LGA",)], ["alt"]) == [None, {"alt": 20}]
    refused(ValueError, "no feature 'lat'", lambda: found.look_up([("LGA",)], ["lat"]))
    fs.publish_table(name, store, mode="overwrite")
    (found,) = online.tables(name)
    assert found.look_up([("JFK",)], ["alt", "lat"]) == [{"alt": 13, "lat": 40.6}]
    refused(NotImplementedError, "continuously", lambda: fs.publish_table(name, store, streaming=True))
    fs.drop_online_table(name, store)
    assert online.tables(name) == []
