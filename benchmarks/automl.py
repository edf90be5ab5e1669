"""AutoML beside FLAML and an untuned LightGBM: the score on rows that none of them saw, after the same time.

    python benchmarks/automl.py --seconds 60 --seeds 3

Each seed draws other rows for the final score (a quarter), and everyone gets the rest: LakeLab's AutoML and FLAML with the same
seconds on the same cores, LightGBM with its defaults for as long as it takes. LakeLab's model is fitted on 80 % of these rows, as
a trial's notebook has it; the two others are fitted on all of them. FLAML is in the extra ``benchmarks``:
``pip install -e '.[benchmarks]'``.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import os
import statistics
import tempfile
import time
import warnings

import numpy as np
import pandas as pd


def flights() -> tuple[pd.DataFrame, str, str]:
    """Flights of two months of 2013 with what is known before departure: at least 15 minutes late or not."""
    from lakelab import data

    frame = data.load("flights", year=2013, month=[1, 6], as_pandas=True)
    frame = frame[frame["arr_delay"].notna()]
    frame["late"] = (frame["arr_delay"] >= 15).astype(int)
    unknown_before = ["dep_time", "dep_delay", "arr_time", "arr_delay", "air_time", "year"]
    return frame.drop(columns=unknown_before).reset_index(drop=True), "late", "roc_auc"


def houses() -> tuple[pd.DataFrame, str, str]:
    """House prices in dollars."""
    from lakelab import data

    return data.load("house_sales", as_pandas=True).drop(columns=["id"]), "price", "r2"


def bikes() -> tuple[pd.DataFrame, str, str]:
    """Bikes rented in an hour."""
    from lakelab import data

    return data.load("bikeshare_2011", as_pandas=True).drop(columns=["casual", "registered"]), "bikers", "r2"


TASKS = {"flights": flights, "house_sales": houses, "bikeshare": bikes}


def score(metric: str, y: pd.Series, predicted: np.ndarray) -> float:
    """ROC AUC of probabilities, or R²."""
    from sklearn.metrics import r2_score, roc_auc_score

    return float(roc_auc_score(y, predicted) if metric == "roc_auc" else r2_score(y, predicted))


def lakelab(train: pd.DataFrame, test: pd.DataFrame, target: str, metric: str, seconds: float, seed: int) -> float:
    """LakeLab's AutoML: the best trial's model as it was logged.

    By default a fifth of the rows is kept for a test part. The others keep none, so ``split_col`` gives nearly all rows to
    training (80 %) and validation (19 %).
    """
    from lakelab import automl

    share = np.random.default_rng(seed).random(len(train))
    train = train.assign(part=np.select([share < 0.8, share < 0.99], ["train", "validate"], "test"))
    function = automl.classify if metric == "roc_auc" else automl.regress
    with contextlib.redirect_stdout(io.StringIO()):
        summary = function(
            train, target_col=target, primary_metric=metric, split_col="part", timeout_minutes=seconds / 60
        )
    model = summary.best_trial.load_model()
    features = test.drop(columns=[target])
    return score(
        metric, test[target], model.predict_proba(features)[:, 1] if metric == "roc_auc" else model.predict(features)
    )


def for_trees(train: pd.DataFrame, test: pd.DataFrame, target: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Columns as FLAML and LightGBM take them: strings as categories, times as parts of the calendar."""
    both = pd.concat([train, test], keys=["train", "test"]).drop(columns=[target])
    for name in list(both):
        if pd.api.types.is_datetime64_any_dtype(both[name]):
            for part in ("month", "day", "dayofweek", "hour"):
                both[f"{name}_{part}"] = getattr(both[name].dt, part)
            both[name] = both[name].astype("int64")
        elif both[name].dtype == object:
            both[name] = both[name].astype("category")
    return both.loc["train"], both.loc["test"]


def flaml(train: pd.DataFrame, test: pd.DataFrame, target: str, metric: str, seconds: float, seed: int) -> float:
    """FLAML with its defaults, refitted on all of ``train`` within its time, as it does by default."""
    from flaml import AutoML

    X, X_test = for_trees(train, test, target)
    model = AutoML()
    task = "classification" if metric == "roc_auc" else "regression"
    model.fit(
        X, train[target], task=task, metric=metric, time_budget=seconds, seed=seed, verbose=0, n_jobs=os.cpu_count()
    )
    return score(
        metric, test[target], model.predict_proba(X_test)[:, 1] if metric == "roc_auc" else model.predict(X_test)
    )


def lightgbm(train: pd.DataFrame, test: pd.DataFrame, target: str, metric: str, seconds: float, seed: int) -> float:
    """LightGBM with its defaults."""
    from lightgbm import LGBMClassifier, LGBMRegressor

    X, X_test = for_trees(train, test, target)
    if metric == "roc_auc":
        return score(metric, test[target], LGBMClassifier(verbose=-1).fit(X, train[target]).predict_proba(X_test)[:, 1])
    return score(metric, test[target], LGBMRegressor(verbose=-1).fit(X, train[target]).predict(X_test))


def main() -> None:
    """Print a line per task and seed, and means with their spread."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="time of each search")
    parser.add_argument("--seeds", type=int, default=3, help="how many times rows are drawn")
    parser.add_argument("--tasks", nargs="*", choices=list(TASKS), default=list(TASKS))
    options = parser.parse_args()
    try:
        import flaml as _installed  # noqa: F401
    except ImportError:
        raise SystemExit("FLAML is not installed: pip install -e '.[benchmarks]', and run this again.") from None
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("LAKELAB_HOME", folder)
        for name in options.tasks:
            frame, target, metric = TASKS[name]()
            scores: dict[str, list[float]] = {"lakelab": [], "flaml": [], "lightgbm": []}
            for seed in range(options.seeds):
                test_rows = np.random.default_rng(seed).permutation(len(frame)) < len(frame) // 4
                train, test = frame[~test_rows].reset_index(drop=True), frame[test_rows].reset_index(drop=True)
                took = []
                for contender, run in (("lakelab", lakelab), ("flaml", flaml), ("lightgbm", lightgbm)):
                    started = time.monotonic()
                    scores[contender].append(run(train, test, target, metric, options.seconds, seed))
                    took.append(f"{contender} {scores[contender][-1]:.4f} ({time.monotonic() - started:.0f} s)")
                print(f"{name}, seed {seed}: {', '.join(took)}", flush=True)
            print(
                f"{name} ({len(frame):,} rows), {metric} on held-out rows, mean ± standard deviation of {options.seeds}:"
            )
            for contender, values in scores.items():
                spread = statistics.stdev(values) if len(values) > 1 else 0.0
                print(f"  {contender:9} {statistics.fmean(values):.4f} ± {spread:.4f}", flush=True)


if __name__ == "__main__":
    main()
