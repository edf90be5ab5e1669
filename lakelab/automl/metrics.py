"""The metrics of AutoML: what callers name them, what MLflow logs them as, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Problem = Literal["classification", "regression", "forecast"]


@dataclass(frozen=True)
class Metric:
    """``name`` is what ``primary_metric`` takes; runs log ``<part>_<logged>``, such as ``val_f1_score``."""

    name: str
    logged: str
    higher_is_better: bool

    def loss(self, value: float) -> float:
        """What a search minimises; a value that is not finite is the worst of all."""
        if value != value or abs(value) == float("inf"):
            return float("inf")
        return -value if self.higher_is_better else value


METRICS: dict[Problem, tuple[Metric, ...]] = {
    "classification": (
        Metric("f1", "f1_score", True),
        Metric("log_loss", "log_loss", False),
        Metric("precision", "precision_score", True),
        Metric("accuracy", "accuracy_score", True),
        Metric("roc_auc", "roc_auc", True),
    ),
    "regression": (
        Metric("r2", "r2_score", True),
        Metric("mae", "mae", False),
        Metric("rmse", "rmse", False),
        Metric("mse", "mse", False),
    ),
    "forecast": (
        Metric("smape", "smape", False),
        Metric("mse", "mse", False),
        Metric("rmse", "rmse", False),
        Metric("mae", "mae", False),
        Metric("mdape", "mdape", False),
    ),
}


def metric(problem: Problem, name: str) -> Metric:
    """The metric called ``name``.

    Raises:
        ValueError: there is none of that name for this problem.
    """
    for candidate in METRICS[problem]:
        if candidate.name == name:
            return candidate
    names = ", ".join(candidate.name for candidate in METRICS[problem])
    raise ValueError(f"primary_metric is {name!r}, which a {problem} experiment does not know: choose one of {names}.")
