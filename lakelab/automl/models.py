"""The algorithms that AutoML tries: hyperparameters to start from, and the space to search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

FRAMEWORKS = ("sklearn", "lightgbm", "xgboost")


@dataclass(frozen=True)
class Choice:
    """A hyperparameter's values: one of ``options``, or a number from ``low`` to ``high``."""

    options: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 1.0
    log: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Algorithm:
    """``template`` is the file of its cells; ``defaults`` is tried first, ``space`` afterwards."""

    name: str
    title: str
    framework: str
    template: str
    defaults: dict[str, Any]
    space: dict[str, Choice]


_LIGHTGBM = Algorithm(
    "lightgbm",
    "LightGBM",
    "lightgbm",
    "lightgbm.j2",
    {
        "learning_rate": 0.1,
        "num_leaves": 31,
        "min_child_samples": 20,
        "colsample_bytree": 0.8,
        "subsample": 0.9,
        "reg_alpha": 0.001,
        "reg_lambda": 0.1,
    },
    {
        "learning_rate": Choice(low=0.02, high=0.3, log=True),
        "num_leaves": Choice(low=7, high=255, log=True, whole=True),
        "min_child_samples": Choice(low=3, high=120, log=True, whole=True),
        "colsample_bytree": Choice(low=0.4, high=1.0),
        "subsample": Choice(low=0.6, high=1.0),
        "reg_alpha": Choice(low=1e-4, high=10.0, log=True),
        "reg_lambda": Choice(low=1e-4, high=10.0, log=True),
    },
)
_XGBOOST = Algorithm(
    "xgboost",
    "XGBoost",
    "xgboost",
    "xgboost.j2",
    {
        "learning_rate": 0.1,
        "max_depth": 6,
        "min_child_weight": 3.0,
        "colsample_bytree": 0.8,
        "subsample": 0.9,
        "reg_lambda": 1.0,
    },
    {
        "learning_rate": Choice(low=0.02, high=0.3, log=True),
        "max_depth": Choice(low=3, high=12, whole=True),
        "min_child_weight": Choice(low=0.5, high=50.0, log=True),
        "colsample_bytree": Choice(low=0.4, high=1.0),
        "subsample": Choice(low=0.6, high=1.0),
        "reg_lambda": Choice(low=0.01, high=20.0, log=True),
    },
)
_RANDOM_FOREST = Algorithm(
    "random_forest",
    "Random forest",
    "sklearn",
    "random_forest.j2",
    {"n_estimators": 60, "max_depth": 16, "min_samples_leaf": 3, "max_features": 0.4},
    {
        "n_estimators": Choice(low=30, high=200, log=True, whole=True),
        "max_depth": Choice(low=5, high=24, whole=True),
        "min_samples_leaf": Choice(low=1, high=40, log=True, whole=True),
        "max_features": Choice(low=0.1, high=1.0),
    },
)
_DECISION_TREE = Algorithm(
    "decision_tree",
    "Decision tree",
    "sklearn",
    "decision_tree.j2",
    {"max_depth": 8, "min_samples_leaf": 10},
    {
        "max_depth": Choice(low=2, high=20, whole=True),
        "min_samples_leaf": Choice(low=1, high=200, log=True, whole=True),
    },
)
_LOGISTIC_REGRESSION = Algorithm(
    "logistic_regression",
    "Logistic regression",
    "sklearn",
    "logistic_regression.j2",
    {"C": 1.0},
    {"C": Choice(low=1e-3, high=100.0, log=True)},
)
_SGD_REGRESSION = Algorithm(
    "linear_regression",
    "Linear regression (SGD)",
    "sklearn",
    "linear_regression.j2",
    {"alpha": 1e-4, "penalty": "l2", "eta0": 0.01},
    {
        "alpha": Choice(low=1e-6, high=0.1, log=True),
        "penalty": Choice(options=("l2", "l1", "elasticnet")),
        "eta0": Choice(low=1e-3, high=0.05, log=True),
    },
)


def check_excluded(excluded: Sequence[str], frameworks: Sequence[str]) -> None:
    """Check ``exclude_frameworks``.

    Raises:
        ValueError: an excluded framework is unknown, or none is left.
    """
    if unknown := [name for name in excluded if name not in frameworks]:
        raise ValueError(
            f"exclude_frameworks names {', '.join(map(str, unknown))}: choose from {', '.join(frameworks)}."
        )
    if set(excluded) == set(frameworks):
        raise ValueError("exclude_frameworks names every framework: leave at least one in.")


def algorithms(problem: str, excluded_frameworks: Sequence[str]) -> tuple[Algorithm, ...]:
    """The algorithms for a problem in the order in which they are tried first.

    Raises:
        ValueError: an excluded framework is unknown, or none is left.
    """
    check_excluded(excluded_frameworks, FRAMEWORKS)
    linear = _LOGISTIC_REGRESSION if problem == "classification" else _SGD_REGRESSION
    every = (_LIGHTGBM, linear, _DECISION_TREE, _XGBOOST, _RANDOM_FOREST)
    return tuple(algorithm for algorithm in every if algorithm.framework not in excluded_frameworks)


def fitted_to(algorithms: Sequence[Algorithm], rows: int) -> tuple[Algorithm, ...]:
    """The same with leaves that ``rows`` training rows can fill: no leaf needs more than a tenth of them."""
    fitted = []
    for algorithm in algorithms:
        space, defaults = dict(algorithm.space), dict(algorithm.defaults)
        for name in ("min_child_samples", "min_samples_leaf"):
            if name in space:
                high = min(space[name].high, max(space[name].low + 1, rows // 10))
                space[name] = replace(space[name], high=high)
                defaults[name] = min(defaults[name], round(high))
        fitted.append(replace(algorithm, space=space, defaults=defaults))
    return tuple(fitted)


def tidy(value: Any, choice: Choice) -> Any:
    """A drawn value as it is written into a notebook: whole, or with four significant digits."""
    if choice.options:
        return value
    bounded = min(max(float(value), choice.low), choice.high)
    return round(bounded) if choice.whole else float(f"{bounded:.4g}")
