"""`FeatureStoreClient`: the classic Workspace Feature Store, with ``database.table`` names.

    from lakelab.feature_store import FeatureStoreClient, FeatureLookup  # on Databricks: from databricks.feature_store import …

A thin layer over the same core as `lakelab.feature_engineering`; the classic exam asks for it, new code uses the other.
"""

from __future__ import annotations

import warnings
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

import lakelab.runtime  # noqa: F401  # points MLflow at the course's database, whatever a notebook imports first
from lakelab.feature_engineering import checks, models, names, online_store, publish, store, training_set
from lakelab.feature_engineering.function import FeatureFunction
from lakelab.feature_engineering.lookup import FeatureLookup
from lakelab.feature_engineering.models import UNSET
from lakelab.feature_engineering.names import workspace
from lakelab.feature_engineering.online_store import DatabricksOnlineStore
from lakelab.feature_engineering.table import FeatureTable
from lakelab.feature_engineering.training_set import TrainingSet

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.streaming import StreamingQuery
    from pyspark.sql.types import StructType

__all__ = ["FeatureFunction", "FeatureLookup", "FeatureStoreClient", "FeatureTable", "TrainingSet"]

TRIGGER = {"processingTime": "5 seconds"}
PUBLISH_TRIGGER = {"processingTime": "5 minutes"}


class FeatureStoreClient:
    """Creates, fills and reads feature tables, makes training sets of them, logs models and scores them."""

    def __init__(self, feature_store_uri: str | None = None, model_registry_uri: str | None = None) -> None:
        """Make a client.

        Args:
            feature_store_uri: another workspace's feature store; there is none here.
            model_registry_uri: another model registry than MLflow's current one.

        Raises:
            ValueError: ``feature_store_uri`` is given.
        """
        if feature_store_uri is not None:
            raise ValueError("There is no other feature store to connect to here: leave feature_store_uri out.")
        self._registry_uri = model_registry_uri

    def create_table(
        self,
        name: str,
        primary_keys: str | list[str],
        df: DataFrame | None = None,
        *,
        timestamp_keys: str | list[str] | None = None,
        partition_columns: str | list[str] | None = None,
        schema: StructType | None = None,
        description: str | None = None,
        tags: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> FeatureTable:
        """Create a feature table, and write ``df`` into it if given. One that exists with the same keys and columns is returned.

        Raises:
            ValueError: an argument makes no sense, or the table exists with other keys or columns.
            TypeError: an argument is unknown.
        """
        if (features_df := kwargs.pop("features_df", None)) is not None:
            df = features_df if df is None else df
        _refuse_unknown("create_table", kwargs)
        return store.create(
            workspace(name),
            primary_keys=checks.strings(primary_keys, "primary_keys"),
            timeseries=checks.strings(timestamp_keys, "timestamp_keys"),
            df=df,
            schema=schema,
            partition_columns=checks.strings(partition_columns, "partition_columns"),
            description=description,
            tags=tags,
        )

    def create_feature_table(
        self,
        name: str,
        keys: str | list[str],
        features_df: DataFrame | None = None,
        schema: StructType | None = None,
        partition_columns: str | list[str] | None = None,
        description: str | None = None,
        timestamp_keys: str | list[str] | None = None,
    ) -> FeatureTable:
        """Deprecated; use `create_table`."""
        _deprecated("create_feature_table", "create_table")
        return self.create_table(
            name,
            keys,
            features_df,
            timestamp_keys=timestamp_keys,
            partition_columns=partition_columns,
            schema=schema,
            description=description,
        )

    def register_table(
        self,
        *,
        delta_table: str,
        primary_keys: str | list[str],
        timestamp_keys: str | list[str] | None = None,
        description: str | None = None,
        tags: dict[str, str] | None = None,
    ) -> FeatureTable:
        """Make a feature table of a Delta table that another program wrote to the place where LakeLab keeps that name.

        Raises:
            ValueError: there is no such Delta table, or the keys do not fit it.
        """
        return store.register(
            workspace(delta_table),
            primary_keys=checks.strings(primary_keys, "primary_keys"),
            timeseries=checks.strings(timestamp_keys, "timestamp_keys"),
            description=description,
            tags=tags,
        )

    def get_table(self, name: str) -> FeatureTable:
        """What is known about a feature table.

        Raises:
            ValueError: there is no such table.
        """
        return store.find(workspace(name)).describe()

    def get_feature_table(self, name: str) -> FeatureTable:
        """Deprecated; use `get_table`."""
        _deprecated("get_feature_table", "get_table")
        return self.get_table(name)

    def read_table(self, name: str, **kwargs: Any) -> DataFrame:
        """The rows of a feature table; ``as_of_delta_timestamp`` names a time whose version is wanted.

        Raises:
            ValueError: there is no such table or version.
            TypeError: an argument is unknown.
        """
        at, version = kwargs.pop("as_of_delta_timestamp", None), kwargs.pop("version", None)
        _refuse_unknown("read_table", kwargs)
        return store.read(workspace(name), version=version, at=at)

    def drop_table(self, name: str) -> None:
        """Delete a feature table with its data.

        Raises:
            ValueError: there is no such table.
        """
        store.drop(workspace(name))

    def write_table(
        self,
        name: str,
        df: DataFrame,
        mode: str = "merge",
        checkpoint_location: str | None = None,
        trigger: dict[str, Any] = TRIGGER,  # the original's default, never changed
    ) -> StreamingQuery | None:
        """Merge ``df`` into a table by primary key, or (``mode="overwrite"``) replace its rows.

        Raises:
            ValueError: the mode is neither, the table does not exist, or ``df`` does not fit it.
            TypeError: a stream cannot overwrite.
            WriteConflictError: other writers kept changing the table.
        """
        checks.spark_frame(df)
        wanted = str(mode).strip().lower()
        modes: dict[str, Literal["merge", "overwrite"]] = {"merge": "merge", "overwrite": "overwrite"}
        if wanted not in modes:
            raise ValueError(f"mode must be 'merge' or 'overwrite', not {mode!r}.")
        if df.isStreaming and wanted == "overwrite":
            raise TypeError("A stream cannot overwrite a table: use mode='merge'.")
        return store.write(workspace(name), df, modes[wanted], checkpoint_location, trigger)

    def set_feature_table_tag(self, *, table_name: str, key: str, value: str) -> None:
        """Set a tag of a feature table."""
        store.set_tag(workspace(table_name), key, value)

    def delete_feature_table_tag(self, *, table_name: str, key: str) -> None:
        """Remove a tag of a feature table; if there is none, a warning says so."""
        store.delete_tag(workspace(table_name), key)

    def create_training_set(
        self,
        df: DataFrame,
        feature_lookups: list[FeatureLookup | FeatureFunction],
        label: str | list[str] | None,
        exclude_columns: list[str] | None = None,
        **kwargs: Any,
    ) -> TrainingSet:
        """Join features to a data set; no row of it is lost. See `FeatureEngineeringClient.create_training_set`.

        Raises:
            ValueError: data set, lookups and tables do not fit together.
            TypeError: an argument is unknown or of another type.
        """
        _refuse_unknown("create_training_set", kwargs)
        for what, value in (("feature_lookups", feature_lookups), ("exclude_columns", exclude_columns)):
            if value is not None and not isinstance(value, list):
                raise TypeError(f"{what} must be a list, not {type(value).__name__}.")
        return training_set.build(
            df, feature_lookups, checks.strings(label, "label"), exclude_columns or [], names.workspace
        )

    def log_model(
        self,
        model: Any,
        artifact_path: str,
        *,
        flavor: ModuleType,
        training_set: TrainingSet | None = None,
        registered_model_name: str | None = None,
        await_registration_for: int | None = UNSET,  # type: ignore[assignment]
        infer_input_example: bool = False,
        extra_pip_requirements: list[str] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Log a model together with the features it was trained on. See `FeatureEngineeringClient.log_model`."""
        return models.log(
            model,
            artifact_path,
            flavor=flavor,
            training_set=training_set,
            registered_model_name=registered_model_name,
            await_registration_for=await_registration_for,
            infer_input_example=infer_input_example,
            extra_pip_requirements=extra_pip_requirements,
            registry_uri=self._registry_uri,
            **kwargs,
        )

    def score_batch(self, model_uri: str, df: DataFrame, result_type: Any = "double") -> DataFrame:
        """Predict for the rows of ``df``; features are looked up. See `FeatureEngineeringClient.score_batch`."""
        return models.score(model_uri, df, result_type, env_manager="local", params=None, resolve=workspace)

    def publish_table(
        self,
        name: str,
        online_store: DatabricksOnlineStore,
        *,
        filter_condition: str | None = None,
        mode: str = "merge",
        streaming: bool = False,
        checkpoint_location: str | None = None,
        trigger: dict[str, Any] = PUBLISH_TRIGGER,  # the original's default, never changed
        features: str | list[str] | None = None,
    ) -> None:
        """Publish a feature table, or some of its rows and features, to an online store.

        The stores of third parties that the original names (DynamoDB, MySQL, …) are not reachable here: make one by
        ``FeatureEngineeringClient().create_online_store``.

        Raises:
            ValueError: an argument makes no sense, or store or table does not exist.
            NotImplementedError: ``streaming`` is asked for.
        """
        if not isinstance(online_store, DatabricksOnlineStore):
            raise ValueError("online_store must be what FeatureEngineeringClient().create_online_store returned.")
        if streaming:
            raise NotImplementedError("Nothing publishes continuously here: call publish_table when the table changed.")
        if str(mode).strip().lower() not in ("merge", "overwrite"):
            raise ValueError(f"mode must be 'merge' or 'overwrite', not {mode!r}.")
        publish.publish(
            workspace(name),
            online_store,
            str(workspace(name)),
            snapshot=str(mode).strip().lower() == "overwrite",
            features=None if features is None else checks.strings(features, "features"),
            filter_condition=filter_condition,
        )

    def drop_online_table(self, name: str, online_store: DatabricksOnlineStore) -> None:
        """Remove a table from an online store; the feature table stays.

        Raises:
            ValueError: store or table does not exist.
        """
        _drop_online_table(name, online_store)


def _drop_online_table(name: str, target: DatabricksOnlineStore) -> None:
    online_store.drop(str(workspace(name)), target.name)


def _refuse_unknown(method: str, kwargs: dict[str, Any]) -> None:
    if kwargs:
        raise TypeError(f"{method} got unexpected arguments: {', '.join(sorted(kwargs))}.")


def _deprecated(old: str, new: str) -> None:
    warnings.warn(f"{old} is deprecated: use {new}.", DeprecationWarning, stacklevel=3)
