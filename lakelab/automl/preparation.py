"""Turns a data set into what the trials train on: rows with a target, usable columns by kind, parts and weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from lakelab.automl import imbalance, split
from lakelab.automl.dataset import Dataset
from lakelab.automl.semantic import SemanticType, detect

SPLIT_COLUMN = "_automl_split_col"
WEIGHT_COLUMN = "_automl_sample_weight"

ONE_HOT_LIMIT = 20
"""Categories up to which a column becomes one column per category; with more, the target's mean by category."""

MIN_ROWS = 20
"""Rows with a target that an experiment needs at least."""

MIN_CLASS_ROWS = 10
"""Rows a class needs, to be in every part and in every fold of an encoder."""

MAX_CLASSES = 100

STRATEGIES = ("mean", "median", "most_frequent")

Imputer = str | dict[str, Any]


@dataclass(frozen=True)
class Columns:
    """The columns by how a pipeline treats them.

    ``numeric`` and ``imputed_categories`` hold pairs of an imputer and its columns. ``numeric_strings`` are numeric columns,
    too, which are stored as strings; ``numeric_times`` are datetime columns, too, which are stored as numbers.
    """

    numeric: tuple[tuple[dict[str, Any], tuple[str, ...]], ...] = ()
    numeric_strings: tuple[str, ...] = ()
    datetime: tuple[str, ...] = ()
    numeric_times: tuple[str, ...] = ()
    few_values: tuple[str, ...] = ()
    many_values: tuple[str, ...] = ()
    imputed_categories: tuple[tuple[dict[str, Any], tuple[str, ...]], ...] = ()
    text: tuple[str, ...] = ()

    def all(self) -> list[str]:
        """Every column a model sees."""
        grouped = [name for group in (*self.numeric, *self.imputed_categories) for name in group[1]]
        return [*grouped, *self.datetime, *self.few_values, *self.many_values, *self.text]


@dataclass(frozen=True)
class Prepared:
    """What trials load (``frame``: columns, target, `SPLIT_COLUMN`, perhaps `WEIGHT_COLUMN`) and know about it."""

    problem: Literal["classification", "regression"]
    frame: pd.DataFrame
    target: str
    columns: Columns
    labels: tuple[Any, ...] = ()
    pos_label: Any = None
    weighted: bool = False
    kept_shares: Mapping[object, float] = field(default_factory=dict)
    split_by: str = "random"
    alerts: tuple[str, ...] = ()
    detections: Mapping[str, str] = field(default_factory=dict)

    @property
    def train_rows(self) -> int:
        """Rows of the training part."""
        return int((self.frame[SPLIT_COLUMN] == "train").sum())


def prepare(
    data: Dataset,
    *,
    problem: Literal["classification", "regression"],
    target: str,
    imputers: Mapping[str, Imputer],
    pos_label: Any,
    time_col: str | None,
    split_col: str | None,
    sample_weight_col: str | None,
) -> Prepared:
    """Carry out every step before the search.

    Raises:
        ValueError: the data or an argument do not allow an experiment; the message says which and what to do.
    """
    alerts = list(data.alerts)
    frame = _with_target(data.frame, target, problem, alerts)
    for argument, name in (("time_col", time_col), ("split_col", split_col), ("sample_weight_col", sample_weight_col)):
        if name is not None and name not in frame.columns:
            raise ValueError(f"{argument} {name!r} is not a column of the data set.")
        if name == target:
            raise ValueError(f"{argument} is the target {target!r}: name another column.")
    frame = split.order_by_content(frame)
    labels: tuple[Any, ...] = ()
    if problem == "classification":
        frame, labels = _with_classes(frame, target, alerts)
        pos_label = _pos_label(pos_label, labels)
    if len(frame) < MIN_ROWS:
        raise ValueError(f"{len(frame)} rows have a usable target: AutoML needs at least {MIN_ROWS}.")

    if split_col is not None:
        parts, split_by = split.split_by_column(frame[split_col]), f"column {split_col}"
    elif time_col is not None:
        parts, split_by = split.split_by_time(frame[time_col]), f"time in {time_col}"
    elif problem == "classification":
        parts, split_by = split.split_stratified(frame[target]), "random, stratified by the target"
    else:
        parts, split_by = split.split_randomly(len(frame)), "random"
    weights = _weights(frame, sample_weight_col)
    kept_shares: dict[object, float] = {}
    keep = np.ones(len(frame), dtype=bool)
    if problem == "classification":
        _check_classes(frame[target], parts, split_by)
        keep, balancing, kept_shares = imbalance.downsample(frame[target], parts)
        if kept_shares:
            weights = balancing if weights is None else weights * balancing
            alerts.append(
                "Classes are imbalanced: of the training rows, "
                + ", ".join(f"{share:.1%} of class {label!r}" for label, share in kept_shares.items())
                + " are kept and weigh more in turn."
            )
    features = frame.drop(columns=[name for name in (target, split_col, sample_weight_col) if name is not None])
    columns, detections = _columns(features, parts, data.annotations, imputers, alerts)
    if not columns.all():
        raise ValueError(
            "No column is left to learn from: " + (" ".join(alerts) or "the data set has only its target.")
        )
    prepared = frame[[*[name for name in frame.columns if name in set(columns.all())], target]].copy()
    prepared[SPLIT_COLUMN] = parts
    if weights is not None:
        prepared[WEIGHT_COLUMN] = weights
    return Prepared(
        problem=problem,
        frame=prepared[keep].reset_index(drop=True),
        target=target,
        columns=columns,
        labels=labels,
        pos_label=pos_label,
        weighted=weights is not None,
        kept_shares=kept_shares,
        split_by=split_by,
        alerts=tuple(alerts),
        detections=detections,
    )


def _with_target(frame: pd.DataFrame, target: str, problem: str, alerts: list[str]) -> pd.DataFrame:
    """Rows whose target is known, and for a regression a number."""
    missing = int(frame[target].isna().sum())
    if missing:
        alerts.append(f"{missing:,} rows without a value of {target!r} are left out.")
        frame = frame[frame[target].notna()]
    if frame.empty:
        raise ValueError(f"No row has a value of target_col {target!r}.")
    if problem == "regression":
        if pd.api.types.is_bool_dtype(frame[target]) or not pd.api.types.is_numeric_dtype(frame[target]):
            raise ValueError(f"target_col {target!r} is not numeric: use classify, or turn it into numbers.")
        if not np.isfinite(frame[target].to_numpy(dtype="float64")).all():
            raise ValueError(f"target_col {target!r} holds infinite values: remove these rows.")
    return frame


def _with_classes(frame: pd.DataFrame, target: str, alerts: list[str]) -> tuple[pd.DataFrame, tuple[Any, ...]]:
    """Rows of classes that are frequent enough, and the labels in order."""
    column = frame[target]
    if pd.api.types.is_float_dtype(column):
        if (column == column.round()).all():
            column = column.astype("int64")  # whole numbers that had missing values among them
        else:
            raise ValueError(f"target_col {target!r} holds fractions: use regress, or bin it into classes.")
    elif column.dtype == object and column.map(lambda value: isinstance(value, bool | np.bool_)).all():
        column = column.astype(bool)
    frame = frame.assign(**{target: column})
    counts = column.value_counts()
    rare = sorted(counts.index[counts < MIN_CLASS_ROWS], key=str)
    if rare and len(rare) < len(counts):
        alerts.append(
            f"Classes with fewer than {MIN_CLASS_ROWS} rows are left out: {', '.join(map(repr, rare[:5]))}"
            + (f" and {len(rare) - 5} more." if len(rare) > 5 else ".")
        )
        frame = frame[~frame[target].isin(rare)].reset_index(drop=True)
    labels = tuple(value.item() if hasattr(value, "item") else value for value in np.unique(frame[target].to_numpy()))
    if len(labels) < 2:
        raise ValueError(
            f"target_col {target!r} has {len(labels)} class with at least {MIN_CLASS_ROWS} rows: "
            "a classification needs two."
        )
    if len(labels) > MAX_CLASSES:
        raise ValueError(
            f"target_col {target!r} has {len(labels)} classes, more than {MAX_CLASSES}: group them, or use regress."
        )
    return frame, labels


def _pos_label(pos_label: Any, labels: tuple[Any, ...]) -> Any:
    if pos_label is None:
        return labels[-1] if len(labels) == 2 else None
    if len(labels) != 2:
        raise ValueError(f"pos_label needs two classes, and the target has {len(labels)}: leave it out.")
    if pos_label not in labels:
        raise ValueError(
            f"pos_label {pos_label!r} is no class of the target; they are {labels[0]!r} and {labels[1]!r}."
        )
    return labels[labels.index(pos_label)]


def _check_classes(target: pd.Series, parts: np.ndarray, split_by: str) -> None:
    trained = set(target[parts == "train"])
    if len(trained) < 2:
        raise ValueError(f"The training part ({split_by}) has a single class: split another way.")
    for part in ("validate", "test"):
        if strange := sorted(map(str, set(target[parts == part]) - trained)):
            raise ValueError(
                f"Class {strange[0]} is in the part {part} but not in train ({split_by}): split another way."
            )


def _weights(frame: pd.DataFrame, name: str | None) -> np.ndarray | None:
    if name is None:
        return None
    column = frame[name]
    if not pd.api.types.is_numeric_dtype(column) or column.isna().any() or (column < 0).any() or not column.sum() > 0:
        raise ValueError(
            f"sample_weight_col {name!r} must hold a number of at least 0 in every row, and not only zeros."
        )
    return column.to_numpy(dtype="float64")


def _columns(
    features: pd.DataFrame,
    parts: np.ndarray,
    annotations: Mapping[str, str],
    imputers: Mapping[str, Imputer],
    alerts: list[str],
) -> tuple[Columns, dict[str, str]]:
    if unknown := [name for name in imputers if name not in features.columns]:
        raise ValueError(f"imputers names {', '.join(unknown)}, which is no feature of the data set.")
    numeric: dict[str, tuple[dict[str, Any], list[str]]] = {}
    imputed: dict[str, tuple[dict[str, Any], list[str]]] = {}
    groups: dict[str, list[str]] = {
        name: [] for name in ("strings", "datetime", "numeric_times", "few", "many", "text")
    }
    detections: dict[str, str] = {}
    train = features[parts == "train"]
    for name in features.columns:
        detection = detect(features[name], annotations.get(name))
        if detection.type is SemanticType.UNSUPPORTED:
            alerts.append(f"Column {name!r} is left out: AutoML cannot use values of this type.")
            continue
        values = train[name].dropna()
        distinct = values.nunique()
        if distinct < 2:
            alerts.append(f"Column {name!r} is left out: it is " + ("constant." if distinct else "empty."))
            continue
        if detection.reason:
            detections[name] = f"{detection.type}: {detection.reason}"
        imputer = imputer_arguments(name, imputers[name]) if name in imputers else None
        if detection.type is SemanticType.NUMERIC:
            arguments = imputer or {"strategy": "mean"}
            numeric.setdefault(repr(arguments), (arguments, []))[1].append(name)
            if not pd.api.types.is_numeric_dtype(features[name]):
                groups["strings"].append(name)
        elif detection.type is SemanticType.DATETIME:
            groups["datetime"].append(name)
            if pd.api.types.is_numeric_dtype(features[name]):
                groups["numeric_times"].append(name)
        elif detection.type is SemanticType.TEXT:
            groups["text"].append(name)
        elif distinct > 0.9 * len(values) and len(values) > ONE_HOT_LIMIT:
            alerts.append(f"Column {name!r} is left out: its values hardly ever repeat, as those of a key.")
            detections.pop(name, None)
        elif imputer is not None:
            imputed.setdefault(repr(imputer), (imputer, []))[1].append(name)
        else:
            groups["few" if distinct <= ONE_HOT_LIMIT else "many"].append(name)
    return (
        Columns(
            numeric=tuple((arguments, tuple(names)) for arguments, names in numeric.values()),
            numeric_strings=tuple(groups["strings"]),
            datetime=tuple(groups["datetime"]),
            numeric_times=tuple(groups["numeric_times"]),
            few_values=tuple(groups["few"]),
            many_values=tuple(groups["many"]),
            imputed_categories=tuple((arguments, tuple(names)) for arguments, names in imputed.values()),
            text=tuple(groups["text"]),
        ),
        detections,
    )


def imputer_arguments(column: str, imputer: Imputer) -> dict[str, Any]:
    """Arguments of scikit-learn's SimpleImputer for what the API takes.

    Raises:
        ValueError: it is neither a strategy's name nor a constant.
    """
    if isinstance(imputer, str) and imputer in STRATEGIES:
        return {"strategy": imputer}
    if isinstance(imputer, dict) and set(imputer) == {"strategy", "fill_value"} and imputer["strategy"] == "constant":
        return dict(imputer)
    if isinstance(imputer, dict) and set(imputer) == {"strategy"} and imputer["strategy"] in STRATEGIES:
        return dict(imputer)
    raise ValueError(
        f"imputers[{column!r}] is {imputer!r}: "
        "use 'mean', 'median', 'most_frequent' or {'strategy': 'constant', 'fill_value': value}."
    )
