"""Times the point-in-time join of flights with hourly weather, side by side with what it could be replaced by.

    python benchmarks/point_in_time.py

One year of flights is 337 thousand rows, both are 772 thousand. Every flight gets its own second of departure, so that hardly two
ask for the same moment; the weather of 2013 and 2023 is the feature table, a Delta table in a scratch folder. Compared with

- a plain Spark equi-join of the same frames, by origin and the hour cut off (not the same question, but the floor of the cost);
- `pandas.merge_asof` on frames that are in memory already;
- Feast's local path (`get_historical_features` on Parquet files), if it is installed: ``pip install lakelab[benchmarks]``. It joins
  every asked row with every feature row of its key before it picks one, which puts a year of flights out of its reach; so it gets
  the first thousand flights, and then two thousand, and is compared with LakeLab on the same ones.

The results of the as-of joins are proven equal, row by row. Spark's results go to its "noop" sink: all rows are computed and
nothing is collected. Each number is the least of the repeats, which alternate; CPU seconds are those of Python and Java together, which
other work on the machine distorts less than it does seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import platform
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

FEATURES = ["temp", "wind_speed", "humid", "precip", "visib"]


def main() -> None:
    """Parse the arguments, measure and print."""
    parser = argparse.ArgumentParser(description="Time the point-in-time join.")
    parser.add_argument("--repeats", type=int, default=5, help="how often each is measured, alternating")
    repeats = parser.parse_args().repeats
    from lakelab import home

    cache = home.cache_path()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ |= {"LAKELAB_CACHE": str(cache), "LAKELAB_HOME": scratch}
        print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        measured = {rows: measure(years, rows, Path(scratch), repeats) for years, rows in YEARS}
        from lakelab.runtime import spark

        spark.stop()
    small, large = measured.values()
    more = large["rows"] / small["rows"]
    print(
        f"growth from {small['rows']:,.0f} to {large['rows']:,.0f} rows, a factor of {more:.2f}: "
        f"time {large['as_of'] / small['as_of']:.2f}, CPU seconds {large['cpu'] / small['cpu']:.2f}"
    )


SAMPLES = [1000, 2000]
"""How many flights Feast is asked about."""
YEARS = [([2013], "one year"), ([2013, 2023], "both years")]


def measure(years: list[int], name: str, scratch: Path, repeats: int) -> dict[str, float]:
    """Time every way for the flights of ``years``, print the ratios, and make sure that the results are equal."""
    from pyspark.sql import functions as F

    from lakelab import data
    from lakelab.feature_engineering import FeatureEngineeringClient, FeatureLookup
    from lakelab.runtime import spark

    fe = FeatureEngineeringClient()
    # The weather is in UTC. The flights' hours of 2023 are labelled wrongly, which does not matter to speed; the weather of both
    # years is looked up by the same rule in every way that is compared.
    weather = data.load("weather", year=years).dropDuplicates(["origin", "time_hour"])
    table = f"weather_{len(years)}"
    fe.create_table(name=table, primary_keys=["origin", "time_hour"], timeseries_column="time_hour", df=weather)
    seconds = F.pmod(F.xxhash64("carrier", "flight", "time_hour"), F.lit(3600))
    flights = data.load("flights", year=years).withColumn(
        "at", F.timestamp_seconds(F.unix_seconds("time_hour") + seconds)
    )
    columns = [*flights.columns, "id"]
    flights.withColumn("id", F.monotonically_increasing_id()).write.parquet(str(scratch / f"flights_{len(years)}"))
    flights = spark.read.parquet(str(scratch / f"flights_{len(years)}")).select(columns)
    rows = flights.count()
    features = fe.read_table(name=table)

    def as_of() -> Any:
        lookup = FeatureLookup(table, "origin", timestamp_lookup_key="at", feature_names=FEATURES)
        return fe.create_training_set(df=flights, feature_lookups=[lookup], label=None).load_df()

    def equi() -> Any:
        right = features.select("origin", F.col("time_hour").alias("at_hour"), *FEATURES)
        return flights.withColumn("at_hour", F.date_trunc("hour", "at")).join(right, ["origin", "at_hour"], "left")

    left = flights.toPandas().sort_values("at")
    right = features.select("origin", "time_hour", *FEATURES).toPandas().sort_values("time_hour")

    def merge_asof() -> Any:
        import pandas as pd

        values = right.rename(columns={"time_hour": "seen"})
        return pd.merge_asof(left, values, left_on="at", right_on="seen", by="origin")

    broadcast = "spark.sql.autoBroadcastJoinThreshold"
    shuffled = {broadcast: "-1", "spark.sql.adaptive.autoBroadcastJoinThreshold": "-1"}
    ways: dict[str, Callable[[], Any]] = {
        "equi": lambda: run(equi()),
        "as_of": lambda: run(as_of()),
        "equi_shuffled": lambda: configured(shuffled, lambda: run(equi())),
        "as_of_shuffled": lambda: configured(shuffled, lambda: run(as_of())),
        "merge_asof": merge_asof,
    }
    best = {way: float("inf") for way in ways}
    busy = dict(best)
    for way in ways.values():  # the first time of each is not counted: Java is still compiling
        way()
    for _ in range(repeats):
        for way, call in ways.items():
            before = cpu_seconds()
            best[way] = min(best[way], timed(call))
            busy[way] = min(busy[way], cpu_seconds() - before)
    same(as_of().select("id", *FEATURES).toPandas(), merge_asof()[["id", *FEATURES]], f"{name}: pandas.merge_asof")
    print(f"{name}: {rows:,} flights, {features.count():,} hours of weather")
    for ours, plain, what in (
        ("as_of", "equi", ""),
        ("as_of_shuffled", "equi_shuffled", ", where nothing may be broadcast"),
    ):
        print(
            f"  point-in-time join {best[ours]:.2f} s, plain Spark equi-join {best[plain]:.2f} s{what}: "
            f"ratio {best[ours] / best[plain]:.2f} (of CPU seconds: {busy[ours] / busy[plain]:.2f})"
        )
    asof = best["merge_asof"]
    print(f"  pandas.merge_asof, in memory, one core: {asof:.2f} s, equal results: ratio {best['as_of'] / asof:.2f}")
    # Feast keeps one of the rows that ask about the same key and moment; so it is asked about different ones.
    sampled = left.sort_values("id").drop_duplicates(["origin", "at"]).head(SAMPLES[-1])

    def as_of_sample(ids: list[int]) -> Any:
        lookup = FeatureLookup(table, "origin", timestamp_lookup_key="at", feature_names=FEATURES)
        part = flights.where(F.col("id").isin(ids))
        return fe.create_training_set(df=part, feature_lookups=[lookup], label=None).load_df()

    feast(
        sampled, right, scratch / f"feast_{len(years)}", name, lambda ids: timed(lambda: as_of_sample(ids).toPandas())
    )
    return {**best, "rows": float(rows), "cpu": busy["as_of"]}


def run(df: Any) -> None:
    """Compute every row and keep none."""
    df.write.format("noop").mode("overwrite").save()


def configured(settings: dict[str, str], call: Callable[[], Any]) -> Any:
    """Call with Spark settings that hold only meanwhile."""
    from lakelab.runtime import spark

    before = {key: spark.conf.get(key, None) for key in settings}
    for key, value in settings.items():
        spark.conf.set(key, value)
    try:
        return call()
    finally:
        for key, value in before.items():
            if value is None:
                spark.conf.unset(key)
            else:
                spark.conf.set(key, value)


def cpu_seconds() -> float:
    """CPU seconds that this process and its children, of which Java is one, have used so far."""
    import psutil

    me = psutil.Process()
    used = [process.cpu_times() for process in (me, *me.children(recursive=True))]
    return sum(times.user + times.system for times in used)


def timed(call: Callable[[], Any]) -> float:
    """Seconds that a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def same(ours: Any, theirs: Any, what: str) -> None:
    """Raise AssertionError unless both frames hold the same features by ``id``."""
    import pandas as pd

    ordered = [frame[["id", *FEATURES]].sort_values("id").reset_index(drop=True) for frame in (ours, theirs)]
    assert ordered[0][FEATURES].notna().any().all(), f"{what}: nothing was found at all"
    pd.testing.assert_frame_equal(*ordered, check_dtype=False, obj=what)


def feast(flights: Any, right: Any, folder: Path, name: str, ours: Callable[[list[int]], float]) -> None:
    """Time Feast's local offline store on some flights, and compare its result. ``ours`` returns our seconds for the same ids."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from feast import Entity, FeatureStore, FeatureView, Field, FileSource, RepoConfig, ValueType
            from feast.types import Float64
        except ImportError:
            print("  Feast is not installed (pip install lakelab[benchmarks]): skipped.")
            return
        import pandas as pd

        logging.disable(logging.WARNING)
        folder.mkdir()
        right.assign(time_hour=right["time_hour"].dt.tz_localize("UTC")).to_parquet(folder / "weather.parquet")
        config = RepoConfig(
            project="benchmark",
            provider="local",
            registry=str(folder / "registry.db"),
            online_store={"type": "sqlite", "path": str(folder / "online.db")},
            entity_key_serialization_version=3,
        )
        airport = Entity(name="origin", join_keys=["origin"], value_type=ValueType.STRING)
        view = FeatureView(
            name="weather",
            entities=[airport],
            ttl=None,
            schema=[Field(name=feature, dtype=Float64) for feature in FEATURES],
            source=FileSource(path=str(folder / "weather.parquet"), timestamp_field="time_hour"),
        )
        with (folder / "said").open("w") as said, contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            store = FeatureStore(config=config)
            store.apply([airport, view])
        for size in SAMPLES:
            part = flights.head(size).sort_values("at")
            asked = part[["id", "origin", "at"]].rename(columns={"at": "event_timestamp"})
            asked["event_timestamp"] = asked["event_timestamp"].dt.tz_localize("UTC")
            wanted = [f"weather:{feature}" for feature in FEATURES]
            with (
                (folder / "said").open("a") as said,
                contextlib.redirect_stdout(said),
                contextlib.redirect_stderr(said),
            ):
                start = time.perf_counter()
                answer = store.get_historical_features(entity_df=asked, features=wanted).to_df()
                seconds = time.perf_counter() - start
            seen = right.rename(columns={"time_hour": "seen"})
            same(pd.merge_asof(part, seen, left_on="at", right_on="seen", by="origin"), answer, f"{name}: Feast")
            mine = ours([int(i) for i in part["id"]])
            print(
                f"  Feast's local path, {size:,} flights: {seconds:.2f} s, LakeLab {mine:.2f} s, equal results: ratio {mine / seconds:.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
