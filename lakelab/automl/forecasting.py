"""forecast: check, read, make series regular, search, and sum up."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from lakelab.automl import arguments, dataset
from lakelab.automl.metrics import metric
from lakelab.automl.models import Algorithm, Choice, check_excluded
from lakelab.automl.notebook import render
from lakelab.automl.search import Proposal
from lakelab.automl.series import Series, frequency, prepare
from lakelab.automl.summary import AutoMLSummary

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from lakelab.automl.tracking import Tracking

FRAMEWORKS = ("prophet", "arima")
MAX_TRIALS = 8
"""Trials of a forecast: the spaces are small."""

COUNTRIES = ("US", "")

ADDITIVE = Algorithm(
    "prophet",
    "Additive model of trend and seasons",
    "prophet",
    "additive.j2",
    {"changepoints": 5, "order": 6, "multiplicative": False, "ridge": 1e-4},
    {
        "changepoints": Choice(low=0, high=20, whole=True),
        "order": Choice(low=2, high=12, whole=True),
        "multiplicative": Choice(options=(False, True)),
        "ridge": Choice(low=1e-6, high=0.1, log=True),
    },
)
ARIMA = Algorithm(
    "arima",
    "ARIMA with seasonal regressors",
    "arima",
    "arima.j2",
    {"p": 2, "d": 0, "q": 1, "order": 6},
    {
        "p": Choice(low=0, high=3, whole=True),
        "d": Choice(low=0, high=1, whole=True),
        "q": Choice(low=0, high=2, whole=True),
        "order": Choice(low=2, high=12, whole=True),
    },
)


def run(
    data: Any,
    *,
    target_col: str,
    time_col: str,
    primary_metric: str,
    country_code: str,
    frequency: str,
    horizon: int,
    data_dir: str | None,
    experiment_dir: str | None,
    experiment_name: str | None,
    exclude_frameworks: list[str] | None,
    feature_store_lookups: list[dict[str, Any]] | None,
    identity_col: str | list[str] | None,
    sample_weight_col: str | None,
    output_database: str | None,
    timeout_minutes: float | None,
) -> AutoMLSummary:
    """Run an experiment; arguments and errors are those of `lakelab.automl.forecast`."""
    started = time.monotonic()
    target = str(arguments.name("target_col", target_col, optional=False))
    time_name = str(arguments.name("time_col", time_col, optional=False))
    primary = metric("forecast", primary_metric)
    step = _frequency(frequency)
    if not isinstance(horizon, int) or isinstance(horizon, bool):
        raise TypeError(f"horizon is {horizon!r}: pass a whole number of steps.")
    if horizon < 1:
        raise ValueError(f"horizon is {horizon}: predict at least one step.")
    country = country_code or ""
    if country not in COUNTRIES:
        raise ValueError(f"country_code is {country_code!r}: holidays are known for 'US' only; pass '' to do without.")
    limits = replace(arguments.limits(None, timeout_minutes), trials=MAX_TRIALS)
    excluded = arguments.names("exclude_frameworks", exclude_frameworks)
    check_excluded(excluded, FRAMEWORKS)
    if arguments.lookups(feature_store_lookups):
        raise ValueError(
            "feature_store_lookups are not supported for forecasts here: neither kind of model takes other columns."
        )
    identity = arguments.names("identity_col", [identity_col] if isinstance(identity_col, str) else identity_col)
    weight = arguments.name("sample_weight_col", sample_weight_col)
    database = arguments.name("output_database", output_database)
    experiment_name = arguments.name("experiment_name", experiment_name)
    folders = arguments.folder("experiment_dir", experiment_dir), arguments.folder("data_dir", data_dir)

    import lakelab.runtime  # noqa: F401 - says where MLflow keeps its data
    from lakelab.automl.execution import executor

    executor.start()
    if database is not None:
        _check_database(database)
    loaded = dataset.read(data, target, sample=False)
    series = prepare(
        loaded, target=target, time=time_name, identity=identity, step=step, horizon=horizon, weight=weight
    )
    from lakelab.automl.progress import Progress
    from lakelab.automl.search import Search
    from lakelab.automl.sums import summarise
    from lakelab.automl.tracking import Tracking
    from lakelab.automl.trials import Trials

    tracking = Tracking(problem="forecast", target=target, name=experiment_name, folder=folders[0], data_dir=folders[1])
    progress = Progress(primary, limits.seconds - (time.monotonic() - started), limits.trials)
    for alert in series.alerts:
        progress.say(f"Note: {alert}")
    data_path = tracking.store(series.frame)
    algorithms = [_fitted(algorithm, series) for algorithm in (ADDITIVE, ARIMA) if algorithm.framework not in excluded]
    trials = Trials(
        search=Search(algorithms),
        metric=primary,
        render=lambda proposal: _notebook(proposal, series, country, tracking, data_path),
        exploration=render("series_exploration.j2", **_common(series, tracking, data_path)),
        limits=limits,
        deadline=started + limits.seconds,
        tracking=tracking,
        progress=progress,
        executor=executor,
    )
    outcome = trials.run()
    table = None
    if database is not None and outcome.finished:
        best = min(outcome.finished, key=lambda trial: (primary.loss(trial.score), trial.proposal.number))
        table = _save_predictions(best.run_id, database, series)
    return summarise(
        outcome,
        metric=primary,
        tracking=tracking,
        preprocessors="regular steps, gaps interpolated",
        exploration=trials.exploration_path,
        progress=progress,
        output_table_name=table,
    )


_frequency = frequency


def _fitted(algorithm: Algorithm, series: Series) -> Algorithm:
    """The algorithm with no more sines and cosines than the series' seasons have room for."""
    order = algorithm.space["order"]
    most = max([1, *(min(int(length) // 2, int(order.high)) for _, length in series.seasons)])
    fitted = replace(order, low=min(order.low, most), high=most)
    defaults = algorithm.defaults | {"order": min(algorithm.defaults["order"], most)}
    return replace(algorithm, defaults=defaults, space=algorithm.space | {"order": fitted})


def _common(series: Series, tracking: Tracking, data_path: str | None) -> dict[str, Any]:
    return {
        "target": series.target,
        "time": series.time,
        "identity": list(series.identity),
        "offset": series.step.offset,
        "period": series.step.period,
        "horizon": series.horizon,
        "folds": series.folds,
        "seasons": dict(series.seasons),
        "weight": series.weight,
        "alerts": series.alerts,
        "experiment_name": tracking.name,
        "experiment_id": tracking.experiment_id,
        "tracking_uri": tracking.tracking_uri(),
        "data_run_id": tracking.data_run_id,
        "data_path": data_path,
        "local": True,
    }


def _notebook(
    proposal: Proposal, series: Series, country: str, tracking: Tracking, data_path: str | None
) -> NotebookNode:
    algorithm = proposal.algorithm
    daily_or_finer = series.step.offset in ("D", "h", "min", "s")
    return render(
        "forecast.j2",
        **_common(series, tracking, data_path),
        title=algorithm.title,
        name=algorithm.name,
        number=proposal.number + 1,
        algorithm_template=algorithm.template,
        params=proposal.params,
        holidays=country == "US" and daily_or_finer,
        requirements=[f"{package}=={version(package)}" for package in ("statsmodels", "pandas")],
    )


def _check_database(name: str) -> None:
    from lakelab.runtime import spark

    if not spark.catalog.databaseExists(name):
        raise ValueError(f"output_database {name!r} does not exist: create it with CREATE DATABASE {name}.")


def _save_predictions(run_id: str, database: str, series: Series) -> str:
    """Save the best model's predictions for the next ``horizon`` steps of every series, and return the table's name."""
    import mlflow

    from lakelab.runtime import spark

    model = mlflow.pyfunc.load_model(f"runs:/{run_id}/model").unwrap_python_model()
    table = f"{database}.forecast_prediction_{uuid.uuid4().hex[:8]}"
    spark.createDataFrame(model.forecast(series.horizon)).write.saveAsTable(table)
    return table
