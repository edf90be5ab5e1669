"""What trial notebooks import beyond the libraries: on Databricks, ``databricks.automl_runtime.sklearn`` has the same name."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.preprocessing import LabelEncoder


class TransformedTargetClassifier(ClassifierMixin, BaseEstimator):
    """A classifier that is trained on the numbers of an encoder in place of labels, and answers in labels.

    XGBoost takes only 0, 1, 2, … as labels.
    """

    def __init__(self, classifier: Any = None, transformer: Any = None) -> None:
        self.classifier = classifier
        self.transformer = transformer

    def fit(self, X: Any, y: Any, **fit_params: Any) -> TransformedTargetClassifier:
        """Fit encoder and classifier; the labels in ``eval_set`` (pairs of X and y) are encoded as well."""
        self.transformer_ = clone(self.transformer if self.transformer is not None else LabelEncoder()).fit(y)
        if "eval_set" in fit_params:
            pairs = [(held_out, self.transformer_.transform(labels)) for held_out, labels in fit_params["eval_set"]]
            fit_params = fit_params | {"eval_set": pairs}
        self.classifier_ = clone(self.classifier).fit(X, self.transformer_.transform(y), **fit_params)
        self.classes_ = self.transformer_.classes_
        return self

    def predict(self, X: Any) -> np.ndarray:
        """The label of each row."""
        labels: np.ndarray = self.transformer_.inverse_transform(self.classifier_.predict(X))
        return labels

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities, rows by labels in the order of ``classes_``."""
        probabilities: np.ndarray = self.classifier_.predict_proba(X)
        return probabilities
