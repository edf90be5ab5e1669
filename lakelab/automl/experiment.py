"""classify and regress: check, read, prepare, search, and sum up."""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal

from lakelab.automl import arguments, dataset, models, preparation
from lakelab.automl.metrics import Metric, metric
from lakelab.automl.notebook import render
from lakelab.automl.preparation import Columns, Prepared
from lakelab.automl.search import Proposal
from lakelab.automl.summary import AutoMLSummary

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from lakelab.automl.tracking import Tracking

BOOSTING_ROUNDS = 1000
BOOSTING_PATIENCE = 30

FOREST_ROWS = 25_000
"""Rows that each tree of a random forest sees at most: more cost time and hardly help a mean over trees."""

IMPORTANCE_ROWS = 300
"""Validation rows on which a trial measures the importance of its columns."""

_PACKAGES = {"lightgbm": "lightgbm", "xgboost": "xgboost-cpu"}


def run(
    problem: Literal["classification", "regression"],
    data: Any,
    *,
    target_col: str,
    primary_metric: str,
    data_dir: str | None,
    experiment_dir: str | None,
    experiment_name: str | None,
    exclude_cols: list[str] | None,
    exclude_frameworks: list[str] | None,
    feature_store_lookups: list[dict[str, Any]] | None,
    imputers: Mapping[str, preparation.Imputer] | None,
    pos_label: Any,
    time_col: str | None,
    split_col: str | None,
    sample_weight_col: str | None,
    max_trials: int | None,
    timeout_minutes: float | None,
) -> AutoMLSummary:
    """Run an experiment; arguments and errors are those of `lakelab.automl.classify` and `lakelab.automl.regress`."""
    started = time.monotonic()
    target = str(arguments.name("target_col", target_col, optional=False))
    primary = metric(problem, primary_metric)
    limits = arguments.limits(max_trials, timeout_minutes)
    algorithms = models.algorithms(problem, arguments.names("exclude_frameworks", exclude_frameworks))
    excluded = arguments.names("exclude_cols", exclude_cols)
    time_col, split_col, sample_weight_col = (
        arguments.name(argument, value)
        for argument, value in (
            ("time_col", time_col),
            ("split_col", split_col),
            ("sample_weight_col", sample_weight_col),
        )
    )
    if time_col is not None and split_col is not None:
        raise ValueError("time_col and split_col both say how to split: pass one of them.")
    for argument, name in (("time_col", time_col), ("split_col", split_col), ("sample_weight_col", sample_weight_col)):
        if name is not None and name in excluded:
            raise ValueError(f"exclude_cols names {name!r}, which {argument} needs.")
    if imputers is not None and not isinstance(imputers, Mapping):
        raise TypeError(f"imputers is {imputers!r}: pass a dictionary from column to imputer.")
    for column, imputer in (imputers or {}).items():
        preparation.imputer_arguments(column, imputer)
    lookups = arguments.lookups(feature_store_lookups)
    experiment_name = arguments.name("experiment_name", experiment_name)
    folders = arguments.folder("experiment_dir", experiment_dir), arguments.folder("data_dir", data_dir)

    import lakelab.runtime  # noqa: F401 - says where MLflow keeps its data
    from lakelab.automl.execution import executor

    executor.start()  # it imports its libraries while the data is read
    loaded = dataset.read(data, target, exclude=excluded, lookups=lookups, stratified=problem == "classification")
    prepared = preparation.prepare(
        loaded,
        problem=problem,
        target=target,
        imputers=imputers or {},
        pos_label=pos_label,
        time_col=time_col,
        split_col=split_col,
        sample_weight_col=sample_weight_col,
    )
    from lakelab.automl.progress import Progress
    from lakelab.automl.search import Search
    from lakelab.automl.sums import summarise
    from lakelab.automl.tracking import Tracking
    from lakelab.automl.trials import Trials

    tracking = Tracking(problem=problem, target=target, name=experiment_name, folder=folders[0], data_dir=folders[1])
    progress = Progress(primary, limits.seconds - (time.monotonic() - started), limits.trials)
    for alert in prepared.alerts:
        progress.say(f"Note: {alert}")
    data_path = tracking.store(prepared.frame)
    trials = Trials(
        search=Search(models.fitted_to(algorithms, prepared.train_rows)),
        metric=primary,
        render=lambda proposal: _notebook(proposal, prepared, primary, tracking, data_path),
        exploration=_exploration(prepared, tracking, data_path),
        limits=limits,
        deadline=started + limits.seconds,
        tracking=tracking,
        progress=progress,
        executor=executor,
    )
    outcome = trials.run()
    return summarise(
        outcome,
        metric=primary,
        tracking=tracking,
        preprocessors=describe(prepared.columns),
        exploration=trials.exploration_path,
        progress=progress,
    )


def describe(columns: Columns) -> str:
    """How columns are prepared, in words."""
    parts = []
    for imputer, names in columns.numeric:
        parts.append(f"numbers, imputed by {imputer.get('fill_value', imputer['strategy'])}: {', '.join(names)}")
    for imputer, names in columns.imputed_categories:
        parts.append(f"categories, imputed by {imputer.get('fill_value', imputer['strategy'])}: {', '.join(names)}")
    for title, names in (
        ("times, as parts of the calendar", columns.datetime),
        ("categories, one-hot", columns.few_values),
        ("categories, by the target's mean", columns.many_values),
        ("text, as weighted words", columns.text),
    ):
        if names:
            parts.append(f"{title}: {', '.join(names)}")
    return "; ".join(parts)


def _common(prepared: Prepared, tracking: Tracking, data_path: str | None) -> dict[str, Any]:
    return {
        "problem": prepared.problem,
        "target": prepared.target,
        "experiment_name": tracking.name,
        "experiment_id": tracking.experiment_id,
        "tracking_uri": tracking.tracking_uri(),
        "data_run_id": tracking.data_run_id,
        "data_path": data_path,
        "split_by": prepared.split_by,
        "detections": prepared.detections,
        "alerts": prepared.alerts,
        "columns": prepared.columns,
        "split_column": preparation.SPLIT_COLUMN,
        "weight_column": preparation.WEIGHT_COLUMN,
        "weighted": prepared.weighted,
        "kept_shares": prepared.kept_shares,
        "binary": len(prepared.labels) == 2,
        "pos_label": prepared.pos_label,
        "local": True,
    }


def _notebook(
    proposal: Proposal, prepared: Prepared, primary: Metric, tracking: Tracking, data_path: str | None
) -> NotebookNode:
    algorithm = proposal.algorithm
    framework = _PACKAGES.get(algorithm.framework)
    packages = ["scikit-learn", "pandas", *([framework] if framework else [])]
    classes = len(prepared.labels)
    label = prepared.labels[0] if prepared.labels else 0.0
    return render(
        "tabular.j2",
        **_common(prepared, tracking, data_path),
        title=algorithm.title,
        name=algorithm.name,
        number=proposal.number + 1,
        algorithm_template=algorithm.template,
        params=proposal.params,
        step="classifier" if prepared.problem == "classification" else "regressor",
        one_hot_limit=preparation.ONE_HOT_LIMIT,
        target_type="continuous" if prepared.problem == "regression" else "binary" if classes == 2 else "multiclass",
        folds="KFold" if prepared.problem == "regression" else "StratifiedKFold",
        encode_labels=prepared.problem == "classification" and list(prepared.labels) != list(range(classes)),
        eval_metric=_eval_metric(algorithm.framework, prepared, primary),
        boosting_rounds=BOOSTING_ROUNDS,
        patience=BOOSTING_PATIENCE,
        max_samples=f"{FOREST_ROWS / prepared.train_rows:.4f}" if prepared.train_rows > FOREST_ROWS else "None",
        importance_rows=IMPORTANCE_ROWS,
        requirements=[f"{package}=={version(package)}" for package in packages],
        result_type={bool: "boolean", int: "long", str: "string"}.get(type(label), "double"),
    )


def _eval_metric(framework: str, prepared: Prepared, primary: Metric) -> str | None:
    """What boosting watches on the validation part; None for the framework's own, which suits the other metrics."""
    if primary.name == "roc_auc" and len(prepared.labels) == 2:
        return "auc"
    if primary.name == "mae":
        return "l1" if framework == "lightgbm" else "mae"
    return None


def _exploration(prepared: Prepared, tracking: Tracking, data_path: str | None) -> NotebookNode:
    return render("exploration.j2", **_common(prepared, tracking, data_path))
