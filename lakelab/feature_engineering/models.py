"""Models that know their features: logged with the feature spec of their training set, and scored by looking it up again."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from lakelab.feature_engineering import augment, checks, spec
from lakelab.feature_engineering.names import TableName
from lakelab.feature_engineering.spec import FeatureSpec
from lakelab.feature_engineering.training_set import TrainingSet

if TYPE_CHECKING:
    from mlflow.models.model import ModelInfo
    from pyspark.sql import DataFrame

TABLES_TAG = "lakelab.featureTables"
"""Tag of a run: JSON, path of each model to its feature tables and their versions."""
LOADER = "lakelab.feature_engineering.model_loader"
DATA, SPEC_FILE, RAW_MODEL = "feature_store", "feature_spec.yaml", "raw_model"
PREDICTION = "prediction"


class _Unset:
    """The default of arguments whose own default is MLflow's."""

    def __repr__(self) -> str:
        return "MLflow's default"


UNSET = _Unset()


def log(
    model: Any,
    artifact_path: str,
    *,
    flavor: ModuleType,
    training_set: TrainingSet | None,
    registered_model_name: str | None,
    await_registration_for: Any,
    infer_input_example: bool,
    extra_pip_requirements: list[str] | None,
    registry_uri: str | None,
    **kwargs: Any,
) -> Any:
    """Log ``model`` to the active run, or to a new one, packed with the feature spec of its training set.

    The requirements are the flavour's own: inferring them would load the model in another process, with another Spark.

    Returns:
        MLflow's ModelInfo.

    Raises:
        ValueError: the flavour cannot be loaded as a Python function, or there is nothing to save it with.
    """
    import mlflow
    import mlflow.pyfunc

    if not (hasattr(flavor, "save_model") and hasattr(flavor, "_load_pyfunc")):
        raise ValueError(
            f"{getattr(flavor, '__name__', flavor)} is not a model flavour with a pyfunc: pass a module such as mlflow.sklearn."
        )
    if training_set is not None and not isinstance(training_set, TrainingSet):
        raise ValueError("training_set must be what create_training_set returned.")
    requirements = [*flavor.get_default_pip_requirements(), *(extra_pip_requirements or [])]
    if not {"pip_requirements", "conda_env"} & set(kwargs):
        kwargs["pip_requirements"] = requirements
    if flavor.__name__ == "mlflow.sklearn":
        # As on Databricks. MLflow's default elsewhere refuses functions of one's own when the model is loaded.
        kwargs.setdefault("serialization_format", "cloudpickle")
    started = mlflow.active_run() is None
    run = mlflow.active_run() or mlflow.start_run()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            data = Path(scratch) / DATA
            data.mkdir()
            if training_set is not None and infer_input_example and "input_example" not in kwargs:
                inputs = training_set.load_df().select(*(f"`{c}`" for c in training_set.feature_spec.inputs))
                kwargs["input_example"] = inputs.limit(5).toPandas()
            with _quiet("mlflow.sklearn"):  # it warns of pickles, whoever asked for them
                flavor.save_model(model, str(data / RAW_MODEL), **kwargs)
            arguments: dict[str, Any] = {}
            if training_set is not None:
                (data / SPEC_FILE).write_text(training_set.feature_spec.to_yaml(), encoding="utf-8")
                arguments["metadata"] = {"feature_spec": True}
            info = mlflow.pyfunc.log_model(
                name=artifact_path,
                loader_module=LOADER,
                data_path=str(data),
                pip_requirements=requirements,
                **arguments,
            )
        if training_set is not None:
            _tag_run(run.info.run_id, artifact_path, training_set.feature_spec)
        if registered_model_name is not None:
            waiting = (
                {} if isinstance(await_registration_for, _Unset) else {"await_creation_for": await_registration_for}
            )
            _register(info, registered_model_name, registry_uri, waiting)
    finally:
        if started:
            mlflow.end_run()
    return info


def score(
    model_uri: str,
    df: DataFrame,
    result_type: Any,
    *,
    env_manager: str,
    params: dict[str, Any] | None,
    resolve: Callable[[str], TableName],
) -> DataFrame:
    """Look up a logged model's features for the rows of ``df``, and predict.

    Columns of ``df`` that have the name of a feature are used instead of the lookup.

    Returns:
        The columns of ``df``, the model's inputs that it lacks, and ``prediction``.

    Raises:
        ValueError: the model has no feature spec, or ``df`` does not fit it.
    """
    from pyspark.sql import functions as F

    checks.spark_frame(df)
    if df.isStreaming:
        raise ValueError("df is a stream; score_batch scores batches only.")
    checks.distinct_names(df.columns, "df")
    if PREDICTION in df.columns:
        raise ValueError(f"df has a column '{PREDICTION}', the name of the result: rename or drop it.")
    folder = download(model_uri)
    feature_spec = load_spec(folder, model_uri)
    if missing := [name for name in feature_spec.required if name not in df.columns]:
        raise ValueError(f"df lacks {', '.join(map(repr, missing))}, which the model {model_uri} needs.")
    given = df.columns
    full = augment.augment(df, feature_spec, resolve, versions=False, present=given)
    inputs = feature_spec.inputs
    full = full.select(*(f"`{name}`" for name in [*given, *(name for name in inputs if name not in given)]))
    raw = folder / "data" / DATA / RAW_MODEL
    if is_spark_model(raw):
        return _transform(full, raw, result_type)
    import mlflow.pyfunc

    with _quiet("mlflow.pyfunc"):  # it warns that this environment is used, which is what "local" means
        predict = mlflow.pyfunc.spark_udf(
            df.sparkSession, raw.as_uri(), result_type=result_type, env_manager=env_manager, params=params
        )
    return full.withColumn(PREDICTION, predict(F.struct(*(f"`{name}`" for name in inputs))))


def download(model_uri: str) -> Path:
    """The folder of a logged or registered model on this machine."""
    import mlflow.artifacts

    return Path(mlflow.artifacts.download_artifacts(model_uri))


def load_spec(folder: Path, model_uri: str) -> FeatureSpec:
    """The feature spec in a model's folder.

    Raises:
        ValueError: there is none.
    """
    file = folder / "data" / DATA / SPEC_FILE
    if not file.is_file():
        raise ValueError(f"The model {model_uri} has no feature spec: log it by log_model with its training_set.")
    return spec.from_yaml(file.read_text(encoding="utf-8"), f"{SPEC_FILE} of the model {model_uri}")


def is_spark_model(folder: Path) -> bool:
    """Whether a saved model is a Spark ML pipeline or model."""
    from mlflow.models import Model

    return "spark" in Model.load(str(folder)).flavors


def _transform(df: DataFrame, raw: Path, result_type: Any) -> DataFrame:
    """Predict by a Spark ML model in this session: as a Python function, each worker would have to start a Spark of its own."""
    import mlflow.spark
    from pyspark.sql import functions as F

    model = mlflow.spark.load_model(raw.as_uri())
    predicted = model.transform(df)
    return predicted.select(
        *(f"`{name}`" for name in df.columns), F.col(PREDICTION).cast(result_type).alias(PREDICTION)
    )


def _tag_run(run_id: str, artifact_path: str, feature_spec: FeatureSpec) -> None:
    from mlflow.tracking import MlflowClient

    client = MlflowClient()
    tables = json.loads(client.get_run(run_id).data.tags.get(TABLES_TAG, "{}"))
    tables[artifact_path] = {name: table.version for name, table in feature_spec.tables.items()}
    client.set_tag(run_id, TABLES_TAG, json.dumps(tables))


def _register(info: ModelInfo, name: str, registry_uri: str | None, waiting: dict[str, Any]) -> None:
    """Register a logged model. MLflow's fluent function does the same, but reports each step on stderr."""
    from mlflow.exceptions import MlflowException
    from mlflow.tracking import MlflowClient

    client = MlflowClient(registry_uri=registry_uri)
    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    client.create_model_version(name, source=info.model_uri, run_id=info.run_id, model_id=info.model_id, **waiting)


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Let the logger ``name`` say nothing but errors."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
