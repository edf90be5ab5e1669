"""A state folder for the tests of AutoML, and experiments that several of them look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lakelab.automl import AutoMLSummary


@pytest.fixture(scope="package", autouse=True)
def automl_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A LAKELAB_HOME of its own, with the caches where they are."""
    from lakelab import home

    folder = tmp_path_factory.mktemp("automl")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKELAB_CACHE", str(home.cache_path()))
        patch.setenv("LAKELAB_HOME", str(folder))
        patch.setenv("MLFLOW_TRACKING_URI", home.mlflow_uri())
        patch.setenv("_MLFLOW_SERVER_ARTIFACT_ROOT", home.mlflow_artifacts().as_uri())
        yield folder


@pytest.fixture(scope="package")
def arrivals() -> pd.DataFrame:
    """300 flights of every kind of column, with holes, whose class depends on two of them."""
    random = np.random.default_rng(1)
    hour = random.integers(5, 23, 300)
    distance = random.lognormal(6.5, 0.7, 300)
    frame = pd.DataFrame(
        {
            "hour": hour,
            "distance": np.where(random.random(300) < 0.1, np.nan, distance),
            "carrier": random.choice(["AA", "UA", "DL", None], 300, p=[0.4, 0.3, 0.2, 0.1]),
            "dest": random.choice([f"X{number:02d}" for number in range(30)], 300),
            "scheduled": pd.Timestamp("2013-01-01") + pd.to_timedelta(random.integers(0, 400, 300), unit="h"),
            "remark": [f"the flight {number} left the gate as planned" for number in random.integers(0, 250, 300)],
        }
    )
    score = hour / 5 + np.log(distance) + random.normal(0, 1, 300)
    frame["outcome"] = pd.cut(score, [-np.inf, 8.5, 10.0, np.inf], labels=["early", "on time", "late"]).astype(str)
    return frame


@pytest.fixture(scope="package")
def classified(arrivals: pd.DataFrame) -> AutoMLSummary:
    """All five algorithms on all kinds of columns and three classes with text labels."""
    from lakelab import automl

    return automl.classify(arrivals, target_col="outcome", primary_metric="log_loss", max_trials=5)


@pytest.fixture(scope="package")
def regressed(arrivals: pd.DataFrame) -> AutoMLSummary:
    """A regression with weights."""
    from lakelab import automl

    frame = arrivals.drop(columns=["remark", "scheduled"]).dropna(subset=["distance"]).assign(weight=1.5)
    return automl.regress(
        frame, target_col="distance", sample_weight_col="weight", exclude_frameworks=["lightgbm"], max_trials=2
    )


@pytest.fixture(scope="package")
def forecasted() -> AutoMLSummary:
    """Two hourly series."""
    from lakelab import automl

    hours = pd.date_range("2013-01-01", periods=24 * 12, freq="h")
    random = np.random.default_rng(2)
    frames = [
        pd.DataFrame(
            {"hour": hours, "origin": origin, "departures": 10 + 8 * np.sin(hours.hour / 4) + random.normal(size=288)}
        )
        for origin in ("EWR", "JFK")
    ]
    return automl.forecast(
        pd.concat(frames),
        target_col="departures",
        time_col="hour",
        identity_col="origin",
        frequency="H",
        horizon=12,
        exclude_frameworks=["prophet"],
    )
