"""The functions of ``databricks.automl``, with its signatures. They check nothing themselves and import what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakelab.automl.summary import AutoMLSummary, ImportNotebookResult

if TYPE_CHECKING:
    import pandas as pd
    import pyspark.pandas as ps
    from pyspark.sql import DataFrame


def classify(
    dataset: DataFrame | pd.DataFrame | ps.DataFrame | str,
    *,
    target_col: str,
    primary_metric: str = "f1",
    data_dir: str | None = None,
    experiment_dir: str | None = None,
    experiment_name: str | None = None,
    exclude_cols: list[str] | None = None,
    exclude_frameworks: list[str] | None = None,
    feature_store_lookups: list[dict[str, Any]] | None = None,
    imputers: dict[str, str | dict[str, Any]] | None = None,
    pos_label: int | bool | str | None = None,
    time_col: str | None = None,
    split_col: str | None = None,
    sample_weight_col: str | None = None,
    max_trials: int | None = None,
    timeout_minutes: int | None = None,
) -> AutoMLSummary:
    """Find a classifier.

    The data set is checked, prepared and divided 60/20/20; then models are trained side by side until nothing gets better or
    the time is over. Every one is an MLflow run with its notebook.

    Args:
        dataset: Spark, pandas or pandas-on-Spark frame, or a table's name.
        target_col: the column to predict.
        primary_metric: f1, log_loss, precision, accuracy or roc_auc, on the validation part.
        data_dir: folder for the rows that models are trained on, in place of MLflow's artifacts.
        experiment_dir: folder for the notebooks, by default one below LakeLab's state folder.
        experiment_name: the MLflow experiment's name, by default made of target and time; it must not exist yet.
        exclude_cols: columns to leave out.
        exclude_frameworks: sklearn, lightgbm or xgboost.
        feature_store_lookups: features to join, each ``{"table_name": …, "lookup_key": …, "timestamp_lookup_key": …}``,
            the last if the table has a time.
        imputers: by column, "mean", "median", "most_frequent" or ``{"strategy": "constant", "fill_value": …}``.
        pos_label: of two classes, the one whose precision, recall and F1 count; by default the greater label.
        time_col: train on the earliest rows, validate on later ones, test on the latest.
        split_col: column that says train, validate or test for each row.
        sample_weight_col: what each row counts in training.
        max_trials: most trials.
        timeout_minutes: most minutes, 120 by default; fractions are accepted.

    Raises:
        TypeError: an argument has the wrong type.
        ValueError: an argument's value or the data do not allow the experiment, or no trial ended well.
        KeyboardInterrupt: interrupted before any trial ended; later, the trials so far are returned.
    """
    from lakelab.automl.experiment import run

    return run(
        "classification",
        dataset,
        target_col=target_col,
        primary_metric=primary_metric,
        data_dir=data_dir,
        experiment_dir=experiment_dir,
        experiment_name=experiment_name,
        exclude_cols=exclude_cols,
        exclude_frameworks=exclude_frameworks,
        feature_store_lookups=feature_store_lookups,
        imputers=imputers,
        pos_label=pos_label,
        time_col=time_col,
        split_col=split_col,
        sample_weight_col=sample_weight_col,
        max_trials=max_trials,
        timeout_minutes=timeout_minutes,
    )


def regress(
    dataset: DataFrame | pd.DataFrame | ps.DataFrame | str,
    *,
    target_col: str,
    primary_metric: str = "r2",
    data_dir: str | None = None,
    experiment_dir: str | None = None,
    experiment_name: str | None = None,
    exclude_cols: list[str] | None = None,
    exclude_frameworks: list[str] | None = None,
    feature_store_lookups: list[dict[str, Any]] | None = None,
    imputers: dict[str, str | dict[str, Any]] | None = None,
    time_col: str | None = None,
    split_col: str | None = None,
    sample_weight_col: str | None = None,
    max_trials: int | None = None,
    timeout_minutes: int | None = None,
) -> AutoMLSummary:
    """Find a regression model; ``primary_metric`` is r2, mae, rmse or mse, and the rest is as for `classify`."""
    from lakelab.automl.experiment import run

    return run(
        "regression",
        dataset,
        target_col=target_col,
        primary_metric=primary_metric,
        data_dir=data_dir,
        experiment_dir=experiment_dir,
        experiment_name=experiment_name,
        exclude_cols=exclude_cols,
        exclude_frameworks=exclude_frameworks,
        feature_store_lookups=feature_store_lookups,
        imputers=imputers,
        pos_label=None,
        time_col=time_col,
        split_col=split_col,
        sample_weight_col=sample_weight_col,
        max_trials=max_trials,
        timeout_minutes=timeout_minutes,
    )


def forecast(
    dataset: DataFrame | pd.DataFrame | ps.DataFrame | str,
    *,
    target_col: str,
    time_col: str,
    primary_metric: str = "smape",
    country_code: str = "US",
    frequency: str = "D",
    horizon: int = 1,
    data_dir: str | None = None,
    experiment_dir: str | None = None,
    experiment_name: str | None = None,
    exclude_frameworks: list[str] | None = None,
    feature_store_lookups: list[dict[str, Any]] | None = None,
    identity_col: str | list[str] | None = None,
    sample_weight_col: str | None = None,
    output_database: str | None = None,
    timeout_minutes: int | None = None,
) -> AutoMLSummary:
    """Find a model that continues time series.

    Two kinds of models are tried, named as on Databricks and built with statsmodels here: ``prophet`` stands for an additive
    model of trend, seasons and holidays, ``arima`` for SARIMAX with seasons as regressors.

    Args:
        dataset: Spark, pandas or pandas-on-Spark frame, or a table's name.
        target_col: the numeric column to continue.
        time_col: when.
        primary_metric: smape, mse, rmse, mae or mdape, over the last ``horizon`` steps before several cut-offs.
        country_code: "US" takes federal holidays into account; "" none.
        frequency: step of the series: "D" or "days", "H" or "hours", "W", "M", "Q", "Y", "min", ….
        horizon: number of steps to predict.
        data_dir: folder for the series, in place of MLflow's artifacts.
        experiment_dir: as for `classify`.
        experiment_name: as for `classify`.
        exclude_frameworks: prophet or arima.
        feature_store_lookups: refused, see Raises.
        identity_col: columns that tell several series apart.
        sample_weight_col: what each series counts in the mean of the metrics, by the mean of its rows.
        output_database: database in which to save the predictions as a table.
        timeout_minutes: as for `classify`.

    Raises:
        TypeError: an argument has the wrong type.
        ValueError: an argument's value or the data do not allow the experiment, feature_store_lookups are given, or no trial
            ended well.
        KeyboardInterrupt: interrupted before any trial ended; later, the trials so far are returned.
    """
    from lakelab.automl.forecasting import run

    return run(
        dataset,
        target_col=target_col,
        time_col=time_col,
        primary_metric=primary_metric,
        country_code=country_code,
        frequency=frequency,
        horizon=horizon,
        data_dir=data_dir,
        experiment_dir=experiment_dir,
        experiment_name=experiment_name,
        exclude_frameworks=exclude_frameworks,
        feature_store_lookups=feature_store_lookups,
        identity_col=identity_col,
        sample_weight_col=sample_weight_col,
        output_database=output_database,
        timeout_minutes=timeout_minutes,
    )


def import_notebook(artifact_uri: str, path: str, overwrite: bool = False) -> ImportNotebookResult:
    """Copy a trial's notebook out of MLflow's artifacts, to be opened and changed.

    Args:
        artifact_uri: a trial's ``artifact_uri``, or the URI of the notebook itself.
        path: absolute path of the copy (ending in ``.ipynb``) or of the folder to put it in, which is made if need be.
        overwrite: whether to replace a file that is there.

    Raises:
        ValueError: the path is not absolute or cannot be written, or there is no notebook at the URI.
        FileExistsError: there is a file already, and ``overwrite`` is False.
    """
    from lakelab.automl import summary

    return summary.import_notebook(artifact_uri, path, overwrite)
