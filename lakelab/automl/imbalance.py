"""Imbalanced classes: fewer rows of the frequent ones to train on, each counting for more.

Weights make up for the rows left out, so that a model's probabilities still mean the shares of the original data. Only
the training part changes: validation and test stay what the world is like.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

MAX_RATIO = 10
"""A class with more than this many times the rows of the rarest one is sampled down to it."""

SEED = 42


def downsample(labels: pd.Series, parts: np.ndarray) -> tuple[np.ndarray, np.ndarray, dict[object, float]]:
    """Which rows stay and what they weigh.

    Args:
        labels: the label of each row.
        parts: the part of each row; only rows of ``train`` are left out.

    Returns:
        A mask of the rows that stay, a weight for every row (1 where nothing was left out), and the share that was kept
        by class, empty if the classes are balanced.
    """
    keep, weights = np.ones(len(labels), dtype=bool), np.ones(len(labels))
    train = parts == "train"
    counts = labels[train].value_counts()
    limit = MAX_RATIO * int(counts.min())
    kept: dict[object, float] = {}
    random = np.random.default_rng(SEED)
    for label in sorted(counts.index, key=str):
        if counts[label] <= limit:
            continue
        rows = np.flatnonzero(train & (labels == label).to_numpy())
        keep[random.choice(rows, size=len(rows) - limit, replace=False)] = False
        kept[label] = limit / len(rows)
        weights[rows] = len(rows) / limit
    return keep, weights, kept
