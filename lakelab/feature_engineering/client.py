"""`FeatureEngineeringClient`: the entry point for feature tables with three-part names."""

from __future__ import annotations

import logging
from types import ModuleType
from typing import TYPE_CHECKING, Any

from lakelab import home
from lakelab.feature_engineering import checks, models, online_store, spec, store, training_set
from lakelab.feature_engineering import publish as publishing
from lakelab.feature_engineering.function import FeatureFunction
from lakelab.feature_engineering.lookup import FeatureLookup
from lakelab.feature_engineering.models import UNSET
from lakelab.feature_engineering.names import unity
from lakelab.feature_engineering.online_store import DatabricksOnlineStore
from lakelab.feature_engineering.spec import FeatureSpec
from lakelab.feature_engineering.table import FeatureTable
from lakelab.feature_engineering.training_set import TrainingSet

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.streaming import StreamingQuery
    from pyspark.sql.types import StructType

log = logging.getLogger(__name__)

TRIGGER = {"processingTime": "5 seconds"}
PUBLISH_TRIGGER = {"processingTime": "5 minutes"}
PUBLISH_MODES = ("SNAPSHOT", "TRIGGERED", "CONTINUOUS")


class FeatureEngineeringClient:
    """Creates, fills and reads feature tables, makes training sets of them, logs models and scores them."""

    def __init__(self, *, model_registry_uri: str | None = None) -> None:
        """Make a client; ``model_registry_uri`` names another model registry than MLflow's current one."""
        self._registry_uri = model_registry_uri

    def create_table(
        self,
        *,
        name: str,
        primary_keys: str | list[str],
        df: DataFrame | None = None,
        timeseries_column: str | None = None,
        partition_columns: str | list[str] | None = None,
        schema: StructType | None = None,
        description: str | None = None,
        tags: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> FeatureTable:
        """Create a feature table, and write ``df`` into it if given.

        If there is a table of that name, it is returned as it is, and ``df`` is **not** written.

        Args:
            name: ``catalog.schema.table``, of which the first parts may be left out.
            primary_keys: columns that identify a row, including the timeseries column. They become NOT NULL.
            df: first rows.
            timeseries_column: the column with the time from which on a row's values hold.
            partition_columns: columns by which files are divided.
            schema: columns and types, if there is no ``df``.
            description: what the table is for.
            tags: names and values, to find the table by.
            **kwargs: ``timestamp_keys`` or ``timeseries_columns`` (older names of timeseries_column), ``features_df`` (of df).

        Raises:
            ValueError: an argument makes no sense, or catalog or schema does not exist.
            TypeError: an argument is unknown.
        """
        older = [kwargs.pop(key) for key in ("timestamp_keys", "timeseries_columns") if kwargs.get(key) is not None]
        kwargs = {key: value for key, value in kwargs.items() if key not in ("timestamp_keys", "timeseries_columns")}
        if kwargs.pop("path", None) is not None:
            raise ValueError("Tables of Unity Catalog are managed: leave path out.")
        if (features_df := kwargs.pop("features_df", None)) is not None:
            df = features_df if df is None else df
        _refuse_unknown("create_table", kwargs)
        timeseries = [
            column for value in (timeseries_column, *older) for column in checks.strings(value, "timeseries_column")
        ]
        return store.create(
            unity(name),
            primary_keys=checks.strings(primary_keys, "primary_keys"),
            timeseries=list(dict.fromkeys(timeseries)),
            df=df,
            schema=schema,
            partition_columns=checks.strings(partition_columns, "partition_columns"),
            description=description,
            tags=tags,
        )

    def write_table(
        self,
        *,
        name: str,
        df: DataFrame,
        mode: str = "merge",
        checkpoint_location: str | None = None,
        trigger: dict[str, Any] = TRIGGER,  # the original's default, never changed
    ) -> StreamingQuery | None:
        """Update the rows of ``df`` that the table has, by primary key, and insert the others. Nothing is deleted.

        Columns that ``df`` lacks keep their values (null in inserted rows); columns that the table lacks become new features.

        Args:
            name: the table.
            df: the rows; a stream is merged batch by batch.
            mode: ``merge`` is the only one.
            checkpoint_location: where a stream keeps its progress.
            trigger: how often a stream's batches run.

        Returns:
            The query of a stream, otherwise None.

        Raises:
            ValueError: the table does not exist, ``df`` does not fit it, or holds a key twice.
            WriteConflictError: other writers kept changing the table.
        """
        if mode != "merge":
            raise ValueError(
                f"write_table knows the mode 'merge' only, not {mode!r}: to replace a table's rows, delete them first "
                "(DELETE FROM) or drop and create the table again."
            )
        return store.write(unity(name), df, "merge", checkpoint_location, trigger)

    def read_table(self, *, name: str, **kwargs: Any) -> DataFrame:
        """The rows of a feature table.

        Args:
            name: the table.
            **kwargs: ``as_of_delta_timestamp``, a time (text or datetime, UTC unless it says otherwise) whose version is wanted;
                ``version``, LakeLab's own, the number of a version.

        Raises:
            ValueError: there is no such table or version.
            TypeError: an argument is unknown.
        """
        at, version = kwargs.pop("as_of_delta_timestamp", None), kwargs.pop("version", None)
        _refuse_unknown("read_table", kwargs)
        return store.read(unity(name), version=version, at=at)

    def get_table(self, *, name: str) -> FeatureTable:
        """What is known about a feature table.

        Raises:
            ValueError: there is no such table.
        """
        return store.find(unity(name)).describe()

    def drop_table(self, *, name: str) -> None:
        """Delete a feature table with its data.

        Raises:
            ValueError: there is no such table.
        """
        store.drop(unity(name))

    def set_feature_table_tag(self, *, name: str, key: str, value: str) -> None:
        """Set a tag of a feature table."""
        store.set_tag(unity(name), key, value)

    def delete_feature_table_tag(self, *, name: str, key: str) -> None:
        """Remove a tag of a feature table; if there is none, a warning says so."""
        store.delete_tag(unity(name), key)

    def create_training_set(
        self,
        *,
        df: DataFrame,
        feature_lookups: list[FeatureLookup | FeatureFunction] | None = None,
        feature_spec: str | None = None,
        features: list[Any] | None = None,
        label: str | list[str] | None,
        exclude_columns: list[str] | None = None,
        use_spark_native_join: bool = False,
        use_timeseries_filtering: bool = False,
        **kwargs: Any,
    ) -> TrainingSet:
        """Join features to a data set; no row of it is lost.

        From a table with a timeseries column each row gets the latest values that were known at its time.

        Args:
            df: the data set, with lookup keys and labels.
            feature_lookups: what to look up and to compute, in this order of columns.
            feature_spec: the name of a feature spec, instead.
            features: Databricks' declared features; not available here.
            label: label column or columns, None for unsupervised learning.
            exclude_columns: columns that the training set shall not have, such as keys.
            use_spark_native_join: taken and ignored, as all joins are.
            use_timeseries_filtering: taken and ignored; it is a matter of speed only.
            **kwargs: none are known.

        Raises:
            ValueError: data set, lookups and tables do not fit together.
            TypeError: an argument is unknown or of another type.
        """
        _refuse_unknown("create_training_set", kwargs)
        if sum(given is not None for given in (feature_lookups, feature_spec, features)) != 1:
            raise ValueError("Give exactly one of feature_lookups, feature_spec and features.")
        for what, value in (
            ("feature_lookups", feature_lookups),
            ("features", features),
            ("exclude_columns", exclude_columns),
        ):
            if value is not None and not isinstance(value, list):
                raise TypeError(f"{what} must be a list, not {type(value).__name__}.")
        if features is not None:
            raise NotImplementedError("Declared features are not available here: use feature_lookups.")
        excluded = list(exclude_columns or [])
        if feature_spec is not None:
            saved = _read_spec(feature_spec)
            feature_lookups = _as_features(saved)
            excluded += [column.name for column in saved.columns if column.excluded]
        return training_set.build(df, feature_lookups or [], checks.strings(label, "label"), excluded, unity)

    def create_feature_spec(
        self,
        *,
        name: str,
        features: list[FeatureLookup | FeatureFunction],
        exclude_columns: list[str] | None = None,
        extra_pip_requirements: list[str] | None = None,
    ) -> FeatureSpec:
        """Keep lookups and functions under a name, for training sets.

        ``extra_pip_requirements`` is for serving on Databricks and without effect here.

        Raises:
            ValueError: there is a spec of that name, or the features do not fit the tables.
        """
        if not isinstance(features, list):
            raise TypeError(f"features must be a list, not {type(features).__name__}.")
        completed = unity(name)
        completed.check_schema()
        file = home.feature_specs_dir() / completed.catalog / completed.schema / f"{completed.table}.yaml"
        if file.exists():
            raise ValueError(f"Feature spec '{completed}' exists already: choose another name.")
        described = training_set.describe(features, None, [], exclude_columns or [], unity)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(described.to_yaml(), encoding="utf-8")
        return described

    def log_model(
        self,
        *,
        model: Any,
        artifact_path: str,
        flavor: ModuleType,
        training_set: TrainingSet | None = None,
        registered_model_name: str | None = None,
        await_registration_for: int | None = UNSET,  # type: ignore[assignment]
        infer_input_example: bool = False,
        extra_pip_requirements: list[str] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Log a model together with the features it was trained on, so that `score_batch` can look them up.

        Args:
            model: the model.
            artifact_path: its name in the run.
            flavor: the MLflow module that saves it, such as ``mlflow.sklearn`` or ``mlflow.spark``.
            training_set: what it was trained on.
            registered_model_name: also register it under this name.
            await_registration_for: seconds to wait for the registration.
            infer_input_example: keep five rows of the training set as an example.
            extra_pip_requirements: packages that the model needs beyond its flavour's.
            **kwargs: for the flavour's ``save_model``.

        Raises:
            ValueError: the flavour has no pyfunc.
        """
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

    def score_batch(
        self,
        *,
        model_uri: str,
        df: DataFrame,
        result_type: Any = "double",
        env_manager: str = "local",
        params: dict[str, Any] | None = None,
        use_spark_native_join: bool = False,
        **kwargs: Any,
    ) -> DataFrame:
        """Predict for the rows of ``df``; their features are looked up by the feature spec that the model carries.

        Args:
            model_uri: a model that was logged by `log_model` with a training set.
            df: lookup keys and the columns that training took from its data set. A column with the name of a feature is used
                instead of the lookup.
            result_type: type of the predictions.
            env_manager: how MLflow makes the model's environment; ``local`` uses this one.
            params: for the model's ``predict``.
            use_spark_native_join: taken and ignored, as all joins are.
            **kwargs: none are known.

        Returns:
            The columns of ``df``, the model's inputs that it lacks, and ``prediction``.

        Raises:
            ValueError: the model has no feature spec, or ``df`` does not fit it.
        """
        _refuse_unknown("score_batch", kwargs)
        return models.score(model_uri, df, result_type, env_manager=env_manager, params=params, resolve=unity)

    def publish_table(
        self,
        *,
        online_store: DatabricksOnlineStore,
        source_table_name: str | None = None,
        online_table_name: str | None = None,
        publish_mode: str = "TRIGGERED",
        filter_condition: str | None = None,
        mode: str = "merge",
        streaming: bool = False,
        checkpoint_location: str | None = None,
        trigger: dict[str, Any] = PUBLISH_TRIGGER,  # the original's default, never changed
        features: str | list[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Publish a feature table to an online store. With a timeseries column, it keeps the newest row of each entity.

        Args:
            online_store: what `get_online_store` returned.
            source_table_name: the feature table.
            online_table_name: its name in the store, in three parts.
            publish_mode: ``TRIGGERED`` writes what changed since the last publication, ``SNAPSHOT`` all rows anew;
                ``CONTINUOUS`` is not available here.
            filter_condition: refused, as are streaming, checkpoint_location, features, another mode or trigger: they are for
                stores of third parties.
            mode: ``merge``.
            streaming: refused.
            checkpoint_location: refused.
            trigger: refused.
            features: refused.
            **kwargs: ``name``, the older name of source_table_name.

        Raises:
            ValueError: an argument makes no sense, or store or table does not exist.
            NotImplementedError: ``publish_mode`` is ``CONTINUOUS``.
        """
        source = source_table_name or kwargs.pop("name", None)
        kwargs.pop("name", None)
        _refuse_unknown("publish_table", kwargs)
        if not isinstance(online_store, DatabricksOnlineStore):
            raise ValueError("online_store must be what create_online_store or get_online_store returned.")
        if not source:
            raise ValueError("Name the feature table in source_table_name.")
        if not online_table_name or online_table_name.count(".") != 2:
            raise ValueError(
                f"online_table_name must be a three-part name, catalog.schema.table; got {online_table_name!r}."
            )
        refused = {
            "filter_condition": filter_condition is not None,
            "checkpoint_location": checkpoint_location is not None,
            "features": features is not None,
            "streaming": streaming,
            "trigger": trigger != PUBLISH_TRIGGER,
            "mode": mode != "merge",
        }
        if wrong := [argument for argument, given in refused.items() if given]:
            raise ValueError(
                f"A DatabricksOnlineStore does not take {', '.join(wrong)}: leave it out; publish_mode tells what is written."
            )
        if publish_mode not in PUBLISH_MODES:
            raise ValueError(f"publish_mode must be one of {', '.join(PUBLISH_MODES)}, not {publish_mode!r}.")
        if publish_mode == "CONTINUOUS":
            raise NotImplementedError(
                "Nothing publishes continuously here: call publish_table with TRIGGERED when the table changed."
            )
        target = str(unity(online_table_name))
        publishing.publish(unity(source), online_store, target, snapshot=publish_mode == "SNAPSHOT")

    def drop_online_table(self, name: str, online_store: DatabricksOnlineStore) -> None:
        """Remove a table from an online store; the feature table stays.

        Raises:
            ValueError: store or table does not exist.
        """
        _online_stores().drop(str(unity(name)), online_store.name)

    def create_online_store(
        self, *, name: str, capacity: str, read_replica_count: int | None = None, usage_policy_id: str | None = None
    ) -> DatabricksOnlineStore:
        """Make an online store.

        Args:
            name: letters, digits and ``-``.
            capacity: ``CU_1``, ``CU_2``, ``CU_4`` or ``CU_8``; remembered, without effect here.
            read_replica_count: remembered, without effect here.
            usage_policy_id: remembered, without effect here.

        Raises:
            ValueError: there is one of that name, or an argument is not possible.
        """
        return _online_stores().create(name, capacity, read_replica_count, usage_policy_id)

    def get_online_store(self, *, name: str) -> DatabricksOnlineStore | None:
        """The online store of that name, or None."""
        return _online_stores().get(name)

    def delete_online_store(self, *, name: str) -> None:
        """Delete an online store with its tables.

        Raises:
            ValueError: there is none of that name.
        """
        _online_stores().delete(name)

    def list_online_stores(self) -> list[DatabricksOnlineStore]:
        """All online stores."""
        return _online_stores().every()


def _online_stores() -> ModuleType:
    """The module: the methods have an argument of its name."""
    return online_store


def _refuse_unknown(method: str, kwargs: dict[str, Any]) -> None:
    if kwargs:
        raise TypeError(f"{method} got unexpected arguments: {', '.join(sorted(kwargs))}.")


def _read_spec(name: str) -> FeatureSpec:
    completed = unity(name)
    file = home.feature_specs_dir() / completed.catalog / completed.schema / f"{completed.table}.yaml"
    if not file.is_file():
        raise ValueError(f"Feature spec '{completed}' does not exist: create it by create_feature_spec.")
    return spec.from_yaml(file.read_text(encoding="utf-8"), str(file))


def _as_features(saved: FeatureSpec) -> list[FeatureLookup | FeatureFunction]:
    """The lookups and functions of which a spec was made, one lookup for each feature."""
    return [
        FeatureFunction(udf_name=str(c.udf_name), input_bindings=c.input_bindings, output_name=c.name)
        if c.source == "function"
        else FeatureLookup(
            str(c.table),
            c.lookup_key,
            feature_names=[str(c.feature)],
            rename_outputs={str(c.feature): c.name},
            timestamp_lookup_key=c.timestamp_lookup_key,
            lookback_window=c.lookback,
            default_values=None if c.default_value is None else {c.name: c.default_value},
        )
        for c in saved.columns
    ]
