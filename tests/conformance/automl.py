"""classify, regress and forecast, and what they return, as `databricks.automl` has them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from conformance.table import Context, Row, signature
from lakelab import automl
from lakelab.automl import dataset, imbalance, preparation, sampling
from lakelab.automl.semantic import ANNOTATION

TITLE = "AutoML"

COMMON = (
    "data_dir=None, experiment_dir=None, experiment_name=None, exclude_cols: Optional[List[str]]=None, "
    "exclude_frameworks: Optional[List[str]]=None, feature_store_lookups: Optional[List[Dict]]=None, "
    "imputers: Optional[Dict[str, Union[str, Dict[str, Any]]]]=None, "
)
ENDS = (
    "time_col: Optional[str]=None, split_col: Optional[str]=None, sample_weight_col: Optional[str]=None, "
    "max_trials: Optional[int]=None, timeout_minutes: Optional[int]=None) -> AutoMLSummary"
)


def rows_of(count: int = 200) -> pd.DataFrame:
    """A little of everything: ``late`` depends on ``hours``."""
    random = np.random.default_rng(0)
    hours = random.uniform(0, 24, count)
    return pd.DataFrame(
        {
            "hours": hours,
            "delay": hours * 3 + random.normal(size=count),
            "carrier": random.choice(["AA", "UA", "DL"], count),
            "zipcode": random.choice([98178, 98125, 98028, 98136], count),
            "day": random.choice([20140513, 20140514, 20141209], count),
            "price": [f"{value:.2f}" for value in random.uniform(1, 9, count)],
            "date": [f"2014-05-{day:02d}" for day in random.integers(1, 29, count)],
            "remark": [f"the flight number {i} left the gate as planned" for i in range(count)],
            "when": pd.Timestamp("2014-01-01") + pd.to_timedelta(np.arange(count), unit="h"),
            "late": np.where(hours + random.normal(size=count) > 14, "yes", "no"),
        }
    )


def prepared(frame: Any, target: str = "late", **given: Any) -> preparation.Prepared:
    """What trials would train on."""
    problem = "regression" if target == "delay" else "classification"
    arguments = {"imputers": {}, "pos_label": None, "time_col": None, "split_col": None, "sample_weight_col": None}
    loaded = dataset.read(frame, target, exclude=given.pop("exclude_cols", ()), stratified=problem != "regression")
    return preparation.prepare(loaded, problem=problem, target=target, **(arguments | given))


def classified(context: Context) -> automl.AutoMLSummary:
    folder = context.new_folder()
    return automl.classify(
        rows_of().drop(columns=["remark"]),
        target_col="late",
        max_trials=5,
        timeout_minutes=5,
        experiment_dir=str(folder),
        experiment_name="conformance",
        pos_label="no",
    )


def regressed(context: Context) -> automl.AutoMLSummary:
    columns = ["hours", "carrier", "delay"]
    folder = context.new_folder()
    return automl.regress(rows_of()[columns], target_col="delay", max_trials=5, data_dir=str(folder))


def series() -> pd.DataFrame:
    """LGA follows the week, EWR follows nothing and has no weight."""
    days = pd.date_range("2013-01-01", periods=90)
    noise = np.random.default_rng(0).uniform(0, 200, 90)
    return pd.concat(
        [
            pd.DataFrame({"day": days, "origin": "EWR", "flights": noise, "weight": 0.0}),
            pd.DataFrame({"day": days, "origin": "LGA", "flights": 60 + 20.0 * (days.dayofweek < 5), "weight": 3.0}),
        ],
        ignore_index=True,
    )


def forecasted(context: Context) -> automl.AutoMLSummary:
    return automl.forecast(
        series(),
        target_col="flights",
        time_col="day",
        identity_col="origin",
        sample_weight_col="weight",
        horizon=7,
        exclude_frameworks=["arima"],
    )


# dataset and arguments


def takes_every_form(context: Context) -> None:
    import pyspark.pandas as ps

    frame = rows_of(60)[["hours", "carrier", "late"]]
    spark_frame = context.spark.createDataFrame(frame)
    name = context.new_name("flights")
    spark_frame.write.saveAsTable(name)
    expected = frame.sort_values("hours", ignore_index=True)
    for form in (frame, spark_frame, ps.DataFrame(frame), name):
        read = dataset.read(form, "late").frame.sort_values("hours", ignore_index=True)
        pd.testing.assert_frame_equal(read, expected, check_dtype=False)
    context.spark.sql(f"DROP TABLE {name}")
    with pytest.raises(TypeError, match="pass a Spark, pandas or pandas-on-Spark DataFrame, or a table's name"):
        automl.classify({"late": [1]}, target_col="late")
    with pytest.raises(ValueError, match="There is no table 'absent'"):
        automl.classify("absent", target_col="late")


def metric_names(problem: str, names: set[str]) -> Any:
    def check(context: Context) -> None:
        from lakelab.automl.metrics import METRICS

        assert {metric.name for metric in METRICS[problem]} == names  # type: ignore[index]
        functions: dict[str, Any] = {"classification": automl.classify, "regression": automl.regress}
        function = functions.get(problem, partial(automl.forecast, time_col="when"))
        with pytest.raises(ValueError, match="choose one of"):
            function(rows_of(), target_col="late", primary_metric="auc")

    return check


def needs_the_target(context: Context) -> None:
    with pytest.raises(ValueError, match="'delayed' is not a column of the data set"):
        automl.classify(rows_of(), target_col="delayed")
    with pytest.raises(ValueError, match="'late' is not numeric"):
        automl.regress(rows_of(), target_col="late")
    with pytest.raises(ValueError, match="has 1 class"):
        automl.classify(rows_of().assign(late="yes"), target_col="late")
    with pytest.raises(ValueError, match="needs at least"):
        automl.classify(rows_of(16), target_col="late")


def drops_rows_without_target(context: Context) -> None:
    frame = rows_of()
    frame.loc[:9, "late"] = None
    result = prepared(frame)
    assert len(result.frame) == 190
    assert "10 rows without a value of 'late' are left out." in result.alerts


def excludes_columns(context: Context) -> None:
    assert "hours" not in prepared(rows_of(), exclude_cols=["hours"]).columns.all()
    with pytest.raises(ValueError, match="exclude_cols names hour,"):
        automl.classify(rows_of(), target_col="late", exclude_cols=["hour"])
    with pytest.raises(TypeError, match="pass a list"):
        automl.classify(rows_of(), target_col="late", exclude_cols="hours")


def excludes_frameworks(context: Context) -> None:
    from lakelab.automl.models import algorithms

    assert {a.name for a in algorithms("classification", ["xgboost", "lightgbm"])} == {
        "decision_tree",
        "random_forest",
        "logistic_regression",
    }
    with pytest.raises(ValueError, match="sklearn, lightgbm, xgboost"):
        automl.classify(rows_of(), target_col="late", exclude_frameworks=["catboost"])


def imputes_as_told(context: Context) -> None:
    imputers: dict[str, Any] = {"hours": "median", "carrier": {"strategy": "constant", "fill_value": "??"}}
    columns = prepared(rows_of(), imputers=imputers).columns
    assert ({"strategy": "median"}, ("hours",)) in columns.numeric
    assert ({"strategy": "constant", "fill_value": "??"}, ("carrier",)) in columns.imputed_categories
    with pytest.raises(ValueError, match="use 'mean', 'median', 'most_frequent' or"):
        automl.classify(rows_of(), target_col="late", imputers={"hours": "average"})


def looks_features_up(context: Context) -> None:
    from lakelab.feature_engineering import FeatureEngineeringClient

    table = f"main.default.{context.new_name('airlines')}"
    names = pd.DataFrame({"carrier": ["AA", "UA", "DL"], "fleet": [900.0, 800.0, 700.0]})
    FeatureEngineeringClient().create_table(name=table, primary_keys="carrier", df=context.spark.createDataFrame(names))
    lookups = [{"table_name": table, "lookup_key": "carrier"}]
    frame = rows_of(60)[["hours", "carrier", "late"]]
    joined = dataset.read(frame, "late", lookups=lookups).frame
    assert joined["fleet"].tolist() == joined["carrier"].map(names.set_index("carrier")["fleet"]).tolist()
    with pytest.raises(ValueError, match="lookup_key"):
        automl.classify(frame, target_col="late", feature_store_lookups=[{"table_name": table}])


def counts_the_positive_class(context: Context) -> None:
    trial = context.once(classified).best_trial
    assert 'pos_label = "no"' in Path(str(trial.notebook_path)).read_text(encoding="utf-8").replace('\\"', '"')
    with pytest.raises(ValueError, match="pos_label 'maybe' is no class"):
        automl.classify(rows_of(), target_col="late", pos_label="maybe")
    assert prepared(rows_of()).pos_label == "yes"


# steps


def splits_at_random(context: Context) -> None:
    frame = prepared(rows_of(1000)).frame
    parts = frame[preparation.SPLIT_COLUMN].value_counts(normalize=True)
    assert [round(parts[part], 2) for part in ("train", "validate", "test")] == [0.6, 0.2, 0.2]
    shares = (frame["late"] == "yes").groupby(frame[preparation.SPLIT_COLUMN]).mean()
    assert shares.max() - shares.min() < 0.01


def splits_by_time(context: Context) -> None:
    frame = prepared(rows_of(), time_col="when").frame
    ends = frame.groupby(preparation.SPLIT_COLUMN)["when"].agg(["min", "max"])
    assert ends.loc["train", "max"] < ends.loc["validate", "min"]
    assert ends.loc["validate", "max"] < ends.loc["test", "min"]


def splits_by_column(context: Context) -> None:
    frame = rows_of()
    frame["part"] = np.where(frame["hours"] < 15, "train", np.where(frame["hours"] < 20, "validate", "test"))
    result = prepared(frame, "delay", split_col="part").frame
    assert (result[preparation.SPLIT_COLUMN] == "train").eq(result["hours"] < 15).all()
    assert "part" not in result
    with pytest.raises(ValueError, match="must say train, validate or test"):
        prepared(frame.assign(part="training"), split_col="part")


def balances_training_only(context: Context) -> None:
    labels = pd.Series(["common"] * 3000 + ["rare"] * 30)
    parts = np.tile(["train", "validate", "test"], 1010)
    keep, weights, kept = imbalance.downsample(labels, parts)
    train = parts == "train"
    assert keep[~train].all()
    assert set(weights[~train]) == {1.0}
    assert (keep & train & (labels == "common")).sum() == 10 * (train & (labels == "rare")).sum()
    assert kept["common"] * weights[train & (labels == "common")][0] == pytest.approx(1.0)


def knows_semantic_types(context: Context) -> None:
    columns = prepared(rows_of()).columns
    assert {"day", "date", "when"} == set(columns.datetime)
    assert "price" in columns.numeric_strings
    assert {"zipcode", "carrier"} == set(columns.few_values)
    assert columns.text == ("remark",)


def obeys_annotations(context: Context) -> None:
    frame = context.spark.createDataFrame(rows_of())
    annotated = frame.withMetadata("zipcode", {ANNOTATION: "numeric"}).withMetadata("day", {ANNOTATION: "native"})
    columns = prepared(annotated).columns
    assert {"zipcode", "day"} <= {name for _, names in columns.numeric for name in names}
    with pytest.raises(ValueError, match="must be one of categorical, numeric, datetime, text, native"):
        prepared(frame.withMetadata("zipcode", {ANNOTATION: "number"}))


def leaves_out_unsupported(context: Context) -> None:
    result = prepared(
        context.spark.sql("SELECT *, map('a', hours) m FROM {f}", f=context.spark.createDataFrame(rows_of()))
    )
    assert "m" not in result.frame
    assert "Column 'm' is left out: AutoML cannot use the type map<string,double>." in result.alerts


def leaves_out_arrays(context: Context) -> None:
    frame = rows_of()
    result = prepared(frame.assign(pair=[[1.0, 2.0]] * len(frame)))
    assert "pair" not in result.columns.all()
    assert any("'pair' is left out" in alert for alert in result.alerts)


def samples_large_data(context: Context) -> None:
    fraction = sampling.kept_fraction(10_000_000, 20)
    assert fraction == pytest.approx(sampling.MAX_CELLS / 200_000_000)
    frame = pd.DataFrame({"late": ["yes"] * 100 + ["no"] * 900})
    counts = sampling.sample_pandas(frame, 0.5, "late", stratified=True)["late"].value_counts()
    assert counts.to_dict() == {"no": 450, "yes": 50}


def weighs_rows(context: Context) -> None:
    frame = rows_of().assign(weight=2.0)
    result = prepared(frame, sample_weight_col="weight")
    assert "weight" not in result.columns.all()
    assert set(result.frame[preparation.WEIGHT_COLUMN]) == {2.0}
    with pytest.raises(ValueError, match="must hold a number of at least 0"):
        prepared(frame.assign(weight=-1.0), sample_weight_col="weight")


# experiment


def limits_trials(context: Context) -> None:
    assert len(context.once(classified).trials) == 5
    with pytest.raises(ValueError, match="at least one trial"):
        automl.classify(rows_of(), target_col="late", max_trials=0)


def limits_minutes(context: Context) -> None:
    from lakelab.automl.arguments import limits

    assert limits(None, None).seconds == 120 * 60
    assert limits(None, 0.25).seconds == 15
    with pytest.raises(ValueError, match="positive number of minutes"):
        automl.classify(rows_of(), target_col="late", timeout_minutes=0)


def names_the_experiment(context: Context) -> None:
    summary = context.once(classified)
    assert summary.experiment.name == "conformance"
    with pytest.raises(ValueError, match="There is an experiment called 'conformance' already"):
        automl.classify(rows_of(), target_col="late", experiment_name="conformance")
    assert context.once(regressed).experiment.name.startswith("delay_regression-")


def keeps_notebooks_where_told(context: Context) -> None:
    folder = Path(str(context.once(classified).best_trial.notebook_path)).parent
    assert context.folder in folder.parents
    assert (folder / "data_exploration.ipynb").exists()


def keeps_data_where_told(context: Context) -> None:
    import mlflow

    summary = context.once(regressed)
    data_run = mlflow.search_runs([summary.experiment.experiment_id], "tags.`lakelab.automl.kind` = 'data'")
    run_id = data_run["run_id"].iloc[0]
    assert [item.path for item in mlflow.MlflowClient().list_artifacts(run_id)] == ["notebooks"]


def tries_every_algorithm(context: Context) -> None:
    def tried(summary: automl.AutoMLSummary) -> set[str]:
        return {trial.params["model_type"] for trial in summary.trials}

    shared = {"decision_tree", "random_forest", "xgboost", "lightgbm"}
    assert tried(context.once(classified)) == shared | {"logistic_regression"}
    assert tried(context.once(regressed)) == shared | {"linear_regression"}


def runs_in_processes(context: Context) -> None:
    import mlflow

    from lakelab.automl.trials import usable_cores

    runs = mlflow.search_runs(
        [context.once(classified).experiment.experiment_id], "tags.`lakelab.automl.kind` = 'trial'"
    )
    runs = runs.sort_values("start_time")
    side_by_side = (runs["start_time"].iloc[1:].to_numpy() < runs["end_time"].iloc[:-1].to_numpy()).any()
    assert side_by_side or usable_cores() == 1


def stops_early(context: Context) -> None:
    from lakelab.automl.trials import stalled

    assert not stalled([-0.5, -0.6, *[-0.55] * 19])
    assert stalled([-0.5, -0.6, *[-0.55] * 20])
    assert stalled([None] * 20)


def logs_a_run_per_trial(context: Context) -> None:
    import mlflow

    summary = context.once(classified)
    runs = mlflow.search_runs([summary.experiment.experiment_id], order_by=["metrics.val_f1_score DESC"])
    trials = runs[runs["tags.lakelab.automl.kind"] == "trial"]
    assert set(trials["run_id"]) == {trial.mlflow_run_id for trial in summary.trials}
    assert trials["metrics.val_f1_score"].iloc[0] == summary.best_trial.evaluation_metric_score


def logged(problem: str, make: Any, names: set[str], parts: tuple[str, ...]) -> Any:
    def check(context: Context) -> None:
        assert set(context.once(make).best_trial.metrics) == {f"{part}_{name}" for part in parts for name in names}

    return check


def writes_readable_notebooks(context: Context) -> None:
    import nbformat

    for trial in context.once(classified).trials:
        cells = nbformat.read(str(trial.notebook_path), as_version=4).cells
        headings = [line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
        assert {"## Data", "## Preprocessing", "## Evaluation", "## Feature importance"} <= set(headings)
        assert all(cell.outputs for cell in cells if cell.source.endswith((".head()", "scores")))


def imports_notebooks(context: Context) -> None:
    trial = context.once(classified).best_trial
    folder = context.new_folder() / "deep"
    result = automl.import_notebook(trial.artifact_uri, str(folder))
    assert Path(result.path).parent == folder
    assert Path(result.path).read_bytes() == Path(str(trial.notebook_path)).read_bytes()
    assert result.url == Path(result.path).as_uri()
    with pytest.raises(FileExistsError, match="overwrite=True"):
        automl.import_notebook(trial.artifact_uri, str(folder))
    automl.import_notebook(trial.artifact_uri, result.path, overwrite=True)
    with pytest.raises(ValueError, match="absolute path"):
        automl.import_notebook(trial.artifact_uri, "here.ipynb")


def loads_the_model(context: Context) -> None:
    trial = context.once(classified).best_trial
    assert set(trial.load_model().predict(rows_of())) == {"yes", "no"}
    assert trial.model_path == f"runs:/{trial.mlflow_run_id}/model"


def summarises(context: Context) -> None:
    summary = context.once(classified)
    scores = [trial.evaluation_metric_score for trial in summary.trials]
    assert scores == sorted(scores, reverse=True)
    assert summary.best_trial is summary.trials[0]
    assert f"max {max(scores):.5g}" in summary.metric_distribution
    assert summary.output_table_name is None
    errors = [trial.evaluation_metric_score for trial in context.once(forecasted).trials]
    assert errors == sorted(errors)


def describes_trials(context: Context) -> None:
    trial = context.once(classified).best_trial
    documented = (
        "notebook_path notebook_url artifact_uri mlflow_run_id metrics params model_path model_description duration "
        "preprocessors evaluation_metric_score"
    )
    assert all(getattr(trial, name) for name in documented.split())


def generates_notebooks(context: Context) -> None:
    trial = context.once(classified).best_trial
    assert trial.generate_notebook().path == trial.notebook_path


# forecast


def forecasts_per_identity(context: Context) -> None:
    predicted = context.once(forecasted).best_trial.load_model().unwrap_python_model().forecast(7)
    assert predicted.groupby("origin").size().to_dict() == {"EWR": 7, "LGA": 7}
    weekday = predicted["day"].dt.dayofweek < 5
    assert (predicted.loc[weekday & (predicted["origin"] == "LGA"), "flights"] - 80).abs().max() < 2


def stands_in_for_prophet(context: Context) -> None:
    summary = context.once(forecasted)
    assert {trial.params["model_type"] for trial in summary.trials} == {"prophet"}
    assert "Additive model of trend and seasons" in summary.best_trial.model_description
    with pytest.raises(ValueError, match="choose from prophet, arima"):
        automl.forecast(series(), target_col="flights", time_col="day", exclude_frameworks=["deepar"])


def knows_frequencies(context: Context) -> None:
    from lakelab.automl.series import frequency

    assert frequency("days").offset == frequency("D").offset == "D"
    assert frequency("H").offset == "h"
    assert frequency("W").offset == "W-MON"
    with pytest.raises(ValueError, match="frequency is 'fortnight'"):
        automl.forecast(series(), target_col="flights", time_col="day", frequency="fortnight")
    with pytest.raises(ValueError, match="at least one step"):
        automl.forecast(series(), target_col="flights", time_col="day", horizon=0)


def knows_holidays_of_one_country(context: Context) -> None:
    with pytest.raises(ValueError, match="holidays are known for 'US' only"):
        automl.forecast(series(), target_col="flights", time_col="day", country_code="DE")


def refuses_covariates(context: Context) -> None:
    lookups = [{"table_name": "t", "lookup_key": "origin"}]
    with pytest.raises(ValueError, match="not supported for forecasts here"):
        automl.forecast(series(), target_col="flights", time_col="day", feature_store_lookups=lookups)


def weighs_series(context: Context) -> None:
    assert context.once(forecasted).best_trial.metrics["val_mae"] < 5


def saves_predictions(context: Context) -> None:
    context.spark.sql("CREATE DATABASE IF NOT EXISTS predictions")
    frame = series()[lambda rows: rows["origin"] == "EWR"][["day", "flights"]]
    summary = automl.forecast(
        frame,
        target_col="flights",
        time_col="day",
        horizon=3,
        output_database="predictions",
        exclude_frameworks=["prophet"],
        timeout_minutes=1,
    )
    table = context.spark.table(str(summary.output_table_name))
    assert table.columns == ["day", "flights", "flights_lower", "flights_upper"]
    assert table.count() == 3
    with pytest.raises(ValueError, match="output_database 'absent' does not exist"):
        automl.forecast(frame, target_col="flights", time_col="day", output_database="absent")


CLASSIFICATION = {"f1_score", "log_loss", "precision_score", "recall_score", "accuracy_score", "roc_auc"}
REGRESSION = {"r2_score", "mae", "rmse", "mse"}
FORECAST = {"smape", "mse", "rmse", "mae", "mdape"}
ALL_PARTS = ("training", "val", "test")

ROWS = [
    signature(
        "classify",
        f"(dataset, *, target_col: str, primary_metric: str='f1', {COMMON}pos_label=None, {ENDS}",
        lambda: automl.classify,
    ),
    signature(
        "regress", f"(dataset, *, target_col: str, primary_metric: str='r2', {COMMON}{ENDS}", lambda: automl.regress
    ),
    signature(
        "forecast",
        "(dataset, *, target_col: str, time_col: str, primary_metric: str='smape', country_code: str='US', "
        "frequency: str='D', horizon: int=1, data_dir=None, experiment_dir=None, experiment_name=None, "
        "exclude_frameworks=None, feature_store_lookups=None, identity_col: Optional[Union[str, List[str]]]=None, "
        "sample_weight_col=None, output_database: Optional[str]=None, timeout_minutes=None) -> AutoMLSummary",
        lambda: automl.forecast,
    ),
    signature(
        "import_notebook",
        "(artifact_uri: str, path: str, overwrite: bool=False) -> ImportNotebookResult",
        lambda: automl.import_notebook,
    ),
    Row(
        "classify, regress",
        "The data set is a Spark, pandas or pandas-on-Spark frame, or a table's name; anything else is a TypeError.",
        check=takes_every_form,
        spark=True,
    ),
    Row(
        "classify",
        "primary_metric is f1, log_loss, precision, accuracy or roc_auc; another is a ValueError.",
        check=metric_names("classification", {"f1", "log_loss", "precision", "accuracy", "roc_auc"}),
    ),
    Row(
        "regress",
        "primary_metric is r2, mae, rmse or mse; another is a ValueError.",
        check=metric_names("regression", {"r2", "mae", "rmse", "mse"}),
    ),
    Row(
        "forecast",
        "primary_metric is smape, mse, rmse, mae or mdape; another is a ValueError.",
        check=metric_names("forecast", FORECAST),
    ),
    Row(
        "classify, regress",
        "A target that is absent, of the wrong kind, or has too few rows or classes is a ValueError.",
        check=needs_the_target,
    ),
    Row("classify, regress", "Rows without a target are left out.", check=drops_rows_without_target),
    Row("classify, regress", "exclude_cols leaves columns out.", check=excludes_columns),
    Row("classify, regress", "exclude_frameworks takes sklearn, lightgbm and xgboost.", check=excludes_frameworks),
    Row(
        "classify, regress",
        "imputers: mean, median, most_frequent, or a constant with its fill_value, by column.",
        check=imputes_as_told,
    ),
    Row(
        "classify, regress",
        "feature_store_lookups joins the features of tables before anything else.",
        "approximated",
        "The joined columns are trained on; the model does not look them up by itself when it scores.",
        check=looks_features_up,
        spark=True,
    ),
    Row(
        "classify",
        "pos_label is the class whose precision, recall and F1 count, for two classes.",
        check=counts_the_positive_class,
    ),
    Row(
        "classify, regress",
        "Without a split of one's own, 60/20/20 at random, stratified by the target for a classification.",
        check=splits_at_random,
    ),
    Row("classify, regress", "time_col splits in time's order.", check=splits_by_time),
    Row("classify, regress", "split_col says train, validate or test for every row.", check=splits_by_column),
    Row(
        "classify",
        "Imbalanced classes are downsampled and weighted in turn, in the training part only.",
        check=balances_training_only,
    ),
    Row(
        "classify, regress",
        "Semantic types are detected: dates in strings and integers, numeric strings, numeric identifiers, English text.",
        "approximated",
        "By rules of our own: identifiers go by the column's name, text by the number of words.",
        check=knows_semantic_types,
    ),
    Row(
        "classify, regress",
        "The column metadata spark.contentAnnotation.semanticType overrides the detection.",
        check=obeys_annotations,
        spark=True,
    ),
    Row(
        "classify, regress",
        "Columns of types that no model can use are left out, with a note.",
        check=leaves_out_unsupported,
        spark=True,
    ),
    Row(
        "classify, regress",
        "Arrays of numbers are features.",
        "absent",
        "They are left out, with a note: give each element a column of its own.",
        check=leaves_out_arrays,
    ),
    Row(
        "classify, regress",
        "Data too large for one worker's memory is sampled, keeping the classes' shares.",
        "approximated",
        "The limit is 20 million values, not an estimate of memory; for a pandas frame the shares are exact.",
        check=samples_large_data,
    ),
    Row("classify, regress", "sample_weight_col weighs rows in training.", check=weighs_rows),
    Row(
        "classify, regress",
        "max_trials limits the trials (until runtime 10.4; gone from 11.0 on).",
        "approximated",
        "Accepted, because a lesson needs experiments of some seconds.",
        check=limits_trials,
    ),
    Row(
        "classify, regress, forecast",
        "timeout_minutes is a whole number of at least 5, and 120 by default.",
        "approximated",
        "Fractions and less than 5 are accepted; 120 is the default.",
        check=limits_minutes,
    ),
    Row(
        "classify, regress, forecast",
        "experiment_name names the MLflow experiment; by default it is made of target, problem and time.",
        check=names_the_experiment,
    ),
    Row(
        "classify, regress, forecast",
        "experiment_dir is the folder of the workspace for notebooks.",
        "approximated",
        "A folder of this machine; /Workspace, /Volumes and dbfs:/ lie below LAKELAB_HOME.",
        check=keeps_notebooks_where_told,
    ),
    Row(
        "classify, regress, forecast",
        "data_dir keeps the training data instead of MLflow's artifacts.",
        check=keeps_data_where_told,
    ),
    Row(
        "classify, regress",
        "Decision trees, random forests, logistic or SGD linear regression, XGBoost and LightGBM are tried.",
        check=tries_every_algorithm,
    ),
    Row(
        "classify, regress, forecast",
        "Trials run on the cluster's workers, each on one node.",
        "approximated",
        "They run in processes of this machine, one per core, at most four.",
        check=runs_in_processes,
    ),
    Row(
        "classify, regress, forecast",
        "The search stops early when the metric gets no better.",
        "approximated",
        "After 20 trials without a better one; a forecast ends after 8 trials in any case.",
        check=stops_early,
    ),
    Row("classify, regress, forecast", "Every trial is an MLflow run of the experiment.", check=logs_a_run_per_trial),
    Row(
        "classify",
        "Metrics have the prefixes training_, val_ and test_.",
        "approximated",
        "After them come f1_score, accuracy_score, precision_score, recall_score, log_loss, roc_auc.",
        check=logged("classification", classified, CLASSIFICATION, ALL_PARTS),
    ),
    Row(
        "regress",
        "Metrics have the prefixes training_, val_ and test_.",
        "approximated",
        "After them come r2_score, mae, rmse, mse.",
        check=logged("regression", regressed, REGRESSION, ALL_PARTS),
    ),
    Row(
        "forecast",
        "Metrics have the prefix val_ and are means over cut-offs of time series cross-validation.",
        check=logged("forecast", forecasted, FORECAST, ("val",)),
    ),
    Row(
        "classify, regress, forecast",
        "Trials have a notebook that can be edited and run again; there is one of data exploration.",
        "approximated",
        "Every trial has one, not only good ones; importance of columns is by permutation, not by SHAP.",
        check=writes_readable_notebooks,
    ),
    Row(
        "import_notebook",
        "Copies a trial's notebook to an absolute path; an existing file needs overwrite.",
        check=imports_notebooks,
    ),
    Row("TrialInfo.load_model", "Returns the trial's model.", check=loads_the_model),
    Row(
        "TrialInfo.generate_notebook",
        "Makes the notebook of a trial that has none.",
        "approximated",
        "Every trial has one, and its path is returned.",
        check=generates_notebooks,
    ),
    Row(
        "TrialInfo",
        "notebook_path, notebook_url, artifact_uri, mlflow_run_id, metrics, params, model_path, model_description, duration, "
        "preprocessors, evaluation_metric_score.",
        check=describes_trials,
    ),
    Row(
        "AutoMLSummary",
        "experiment, trials (best first), best_trial, metric_distribution (text), output_table_name.",
        check=summarises,
    ),
    Row("forecast", "identity_col tells several series apart.", check=forecasts_per_identity),
    Row(
        "forecast",
        "Prophet and Auto-ARIMA are tried; exclude_frameworks takes prophet and arima.",
        "approximated",
        "prophet is an additive model of trend, seasons and holidays, arima a SARIMAX on what seasons leave, by statsmodels.",
        check=stands_in_for_prophet,
    ),
    Row("forecast", "frequency is a step's name, horizon a number of steps.", check=knows_frequencies),
    Row(
        "forecast",
        "country_code takes a country's holidays into account.",
        "approximated",
        "US only; '' does without; another is a ValueError.",
        check=knows_holidays_of_one_country,
    ),
    Row(
        "forecast",
        "feature_store_lookups adds covariates.",
        "absent",
        "A ValueError says that neither kind of model takes other columns.",
        check=refuses_covariates,
    ),
    Row("forecast", "sample_weight_col weighs series in the metrics.", check=weighs_series),
    Row(
        "forecast",
        "output_database receives a table of predictions, named by output_table_name.",
        check=saves_predictions,
        spark=True,
    ),
]
