"""The point-in-time join against `pandas.merge_asof`, by both of its plans, on frames made to be awkward."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from lakelab.feature_engineering import point_in_time
from lakelab.feature_engineering.point_in_time import CROWDED, Buckets

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark


def frames(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of a data set and of a feature table: keys with one feature row or many, crowded and far apart, ties, nulls."""
    random = np.random.default_rng(seed)
    times: dict[tuple[str, int], float] = {}
    for key, share in (("often", 200), ("seldom", 5), ("once", 1), ("burst", 150)):
        for _ in range(share):
            moment = int(random.integers(0, 3000 if key == "burst" else 4_000_000))
            times[(key, moment)] = float(random.normal())
    known = pd.DataFrame(
        [(k, t, v if random.random() > 0.2 else None) for (k, t), v in times.items()], columns=["k", "t", "v"]
    )
    asked = pd.DataFrame(
        {
            "id": range(400),
            "key": random.choice(["often", "seldom", "once", "burst", "never", None], 400),
            "at": random.integers(-1000, 4_100_000, 400),
        }
    )
    exact = known.sample(60, random_state=seed)
    asked = pd.concat(
        [asked, pd.DataFrame({"id": range(400, 460), "key": exact["k"], "at": exact["t"]})], ignore_index=True
    )
    start = pd.Timestamp("2023-12-31")
    known["t"] = start + pd.to_timedelta(known["t"], unit="s")
    asked["at"] = start + pd.to_timedelta(asked["at"], unit="s")
    asked.loc[random.random(len(asked)) < 0.05, "at"] = pd.NaT
    return asked, known


def expected(
    asked: pd.DataFrame, known: pd.DataFrame, lookback: dt.timedelta | None
) -> list[tuple[int, object, object]]:
    whole = asked.dropna().sort_values("at")
    left = whole.rename(columns={"key": "k"})
    right = known.sort_values("t").assign(seen=lambda frame: frame["t"])
    tolerance = None if lookback is None else pd.Timedelta(lookback)
    joined = pd.merge_asof(left, right, left_on="at", right_on="t", by="k", tolerance=tolerance)
    rest = [(int(i), None, None) for i in asked.loc[~asked.index.isin(whole.index), "id"]]
    found = [(int(i), v, s) for i, v, s in zip(joined["id"], joined["v"], joined["seen"], strict=True)]
    return sorted(rest + [tuple(None if pd.isna(x) else x for x in row) for row in found])


@pytest.mark.parametrize("lookback", [None, dt.timedelta(0), dt.timedelta(hours=3), dt.timedelta(days=20)])
@pytest.mark.parametrize("plan", ["measured", "sorting", "one bucket"])
def test_against_pandas(spark: SparkSession, plan: str, lookback: dt.timedelta | None) -> None:
    asked, known = frames(seed=7)
    df = spark.createDataFrame(asked, "id long, key string, at timestamp")
    features = spark.createDataFrame(known, "k string, t timestamp, v double").selectExpr("*", "t AS seen")
    buckets = point_in_time.measure(features, ["k"], "t")
    assert buckets is not None
    if plan == "sorting":
        buckets = replace(buckets, crowd=CROWDED + 1)
    elif plan == "one bucket":
        buckets = replace(buckets, width=2**61)
    joined = point_in_time.join(
        df,
        features,
        keys=[("key", "k")],
        times=("at", "t"),
        outputs={"v": "value", "seen": "seen"},
        lookback=lookback,
        buckets=buckets,
    )
    assert joined.columns == ["id", "key", "at", "value", "seen"]
    found = sorted((row["id"], row["value"], row["seen"] and pd.Timestamp(row["seen"])) for row in joined.collect())
    assert found == expected(asked, known, lookback)


def test_the_shortest_and_the_longest_time_zone_day(spark: SparkSession) -> None:
    """Instants decide, not what a clock in some zone shows: New York's clocks show 1:30 twice on 3 November 2024."""
    spark.conf.set("spark.sql.session.timeZone", "America/New_York")
    try:
        features = spark.sql(
            "SELECT 1 AS k, timestamp'2024-11-03 05:45:00Z' AS t, 'first' AS v UNION ALL SELECT 1, timestamp'2024-11-03 06:15:00Z', 'second'"
        )
        df = spark.sql(
            "SELECT 0 AS id, 1 AS key, timestamp'2024-11-03 05:50:00Z' AS at UNION ALL SELECT 1, 1, timestamp'2024-11-03 06:20:00Z' UNION ALL SELECT 2, 1, timestamp'2024-11-03 05:40:00Z'"
        )
        buckets = point_in_time.measure(features, ["k"], "t")
        joined = point_in_time.join(
            df, features, keys=[("key", "k")], times=("at", "t"), outputs={"v": "v"}, lookback=None, buckets=buckets
        )
        assert [row["v"] for row in joined.orderBy("id").collect()] == ["first", "second", None]
    finally:
        spark.conf.set("spark.sql.session.timeZone", "UTC")


def test_dates_and_composite_keys(spark: SparkSession) -> None:
    features = spark.sql(
        "SELECT 1 AS a, 'x' AS b, date'2024-01-01' AS day, 1 AS v UNION ALL SELECT 1, 'y', date'2024-01-02', 2"
    )
    df = spark.sql(
        "SELECT 1 AS a, 'x' AS b, date'2024-01-01' AS on UNION ALL SELECT 1, 'y', date'2024-01-01' UNION ALL SELECT 1, 'y', date'2024-03-01'"
    )
    joined = point_in_time.join(
        df,
        features,
        keys=[("a", "a"), ("b", "b")],
        times=("on", "day"),
        outputs={"v": "v"},
        lookback=None,
        buckets=point_in_time.measure(features, ["a", "b"], "day"),
    )
    assert sorted((row["b"], str(row["on"]), row["v"]) for row in joined.collect()) == [
        ("x", "2024-01-01", 1),
        ("y", "2024-01-01", None),
        ("y", "2024-03-01", 2),
    ]


def test_an_empty_feature_table_gives_nulls_of_its_types(spark: SparkSession) -> None:
    features = spark.createDataFrame([], "k string, t timestamp, v array<int>")
    assert point_in_time.measure(features, ["k"], "t") is None
    df = spark.sql("SELECT 'a' AS key, timestamp'2024-01-01' AS at")
    joined = point_in_time.join(
        df, features, keys=[("key", "k")], times=("at", "t"), outputs={"v": "w"}, lookback=None, buckets=None
    )
    assert joined.dtypes[-1] == ("w", "array<int>")
    assert joined.collect()[0]["w"] is None


def test_crowded_rows_are_noticed_and_exploding_is_bounded(spark: SparkSession) -> None:
    """A burst within a second among years of silence is what buckets are bad at; silent keys must not be repeated without end."""
    burst = spark.sql(
        "SELECT 'burst' AS k, timestamp_millis(id) AS t FROM range(1000) UNION ALL SELECT 'old', timestamp'2024-01-01'"
    )
    crowded = point_in_time.measure(burst, ["k"], "t")
    assert crowded is not None
    assert crowded.crowd > CROWDED
    even = spark.sql("SELECT cast(id % 50 AS string) AS k, timestamp_seconds(id * 3600) AS t FROM range(5000)")
    buckets = point_in_time.measure(even, ["k"], "t")
    assert isinstance(buckets, Buckets)
    assert buckets.crowd < 4
    assert 50 * (buckets.end - buckets.start) / buckets.width <= 5001
