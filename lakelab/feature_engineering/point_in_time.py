"""The point-in-time join: for each row the newest feature values of its key that were known at the row's time.

Spark has no as-of join that is fast. This one turns it into an ordinary equi-join, so that its cost is that of one. Each feature row is
valid from its own time until the next one of its key. Time is cut into buckets as long as the average distance between feature
rows of a key; a feature row is repeated for every bucket in which it is valid, which at most doubles their number, plus one.
A row of the data set then joins by key and bucket, and the exact times decide among the few feature rows that are left: at most
one is valid. Nothing is sorted but the feature table, nothing of the data set is shuffled if the feature table is small enough
to be broadcast, and a key with very many rows is spread by its buckets.

Where feature rows crowd together in time (a thousand within one bucket) that would compare too much, and a sort-based plan takes
over: the union of both frames, ordered by time within each key. ``benchmarks/point_in_time.py`` measures both.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

CROWDED = 64
"""From this many feature rows in the bucket of an average feature row on, the sort-based plan is used."""

_MARK = "__lakelab_"
_TIME, _BUCKET, _FROM, _UNTIL, _SIDE, _ROW = (
    _MARK + name for name in ("time", "bucket", "from", "until", "side", "row")
)
_FOREVER = 2**62


@dataclass(frozen=True)
class Buckets:
    """How time is cut: from ``start`` to ``end`` (microseconds since 1970) in pieces of ``width``."""

    start: int
    end: int
    width: int
    crowd: float
    """Feature rows in the bucket of an average feature row."""

    def number(self, time: str) -> str:
        """SQL for the bucket of the column ``time`` (microseconds); what lies outside goes to the first or last one."""
        return f"((least(greatest({time}, {self.start}L), {self.end}L) - {self.start}L) div {self.width}L)"


def measure(features: DataFrame, keys: list[str], time: str) -> Buckets | None:
    """Choose the buckets for a feature table by two passes over its keys and times; None if it has no rows."""
    from pyspark.sql import functions as F

    times = features.select(*(F.col(_quoted(key)) for key in keys), _micros(time).alias(_TIME)).dropna()
    per_key = times.groupBy(*map(_quoted, keys)).agg(
        F.count("*").alias("n"), F.min(_TIME).alias("start"), F.max(_TIME).alias("end")
    )
    found = per_key.agg(F.sum("n"), F.count("*"), F.min("start"), F.max("end")).first()
    if found is None or not found[0]:
        return None
    rows, entities, start, end = map(int, found)
    buckets = Buckets(start, end, max(1, (end - start) * entities // rows), 1.0)
    sizes = times.groupBy(*map(_quoted, keys), F.expr(buckets.number(_TIME))).agg(F.count("*").alias("n"))
    squares = sizes.agg(F.sum(F.col("n") * F.col("n"))).first()
    return Buckets(start, end, buckets.width, (int(squares[0]) if squares else rows) / rows)


def join(
    df: DataFrame,
    features: DataFrame,
    *,
    keys: list[tuple[str, str]],
    times: tuple[str, str],
    outputs: dict[str, str],
    lookback: datetime.timedelta | None,
    buckets: Buckets | None,
) -> DataFrame:
    """Add feature columns to ``df``; no row of it is lost or doubled.

    Args:
        df: the data set.
        features: the feature table, with at most one row per key and time.
        keys: pairs of a column of ``df`` and the key column of ``features`` that it is equal to.
        times: the column of ``df`` as of which to look up, and the time column of ``features``. A feature row at exactly that
            time counts. Rows with a null key or time get nulls.
        outputs: feature to the name of its column in the result.
        lookback: the greatest age of a feature row that counts, inclusive.
        buckets: what `measure` said about ``features``.
    """
    from pyspark.sql import functions as F

    if buckets is None:
        types = {field.name: field.dataType for field in features.schema}
        return df.withColumns({name: F.lit(None).cast(types[feature]) for feature, name in outputs.items()})
    plan = _by_buckets if buckets.crowd <= CROWDED else _by_sorting
    return plan(df, features, keys, times, outputs, lookback, buckets)


def _by_buckets(
    df: DataFrame,
    features: DataFrame,
    keys: list[tuple[str, str]],
    times: tuple[str, str],
    outputs: dict[str, str],
    lookback: datetime.timedelta | None,
    buckets: Buckets,
) -> DataFrame:
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    key_columns = [f"{_MARK}key{number}" for number in range(len(keys))]
    known = features.select(
        *_renamed([key for _, key in keys], key_columns),
        _micros(times[1]).alias(_FROM),
        *(F.col(_quoted(feature)).alias(name) for feature, name in outputs.items()),
    ).dropna(subset=[*key_columns, _FROM])
    until: Column = F.coalesce(F.lead(_FROM).over(Window.partitionBy(*key_columns).orderBy(_FROM)), F.lit(_FOREVER))
    if lookback is not None:
        until = F.least(until, F.col(_FROM) + F.lit(_microseconds(lookback) + 1))
    first, last = buckets.number(_FROM), buckets.number(f"{_UNTIL} - 1")
    known = known.withColumn(_UNTIL, until).withColumn(_BUCKET, F.expr(f"explode(sequence({first}, {last}))"))
    rows = df.withColumn(_TIME, _micros(times[0]))
    rows = rows.withColumn(f"{_MARK}row_bucket", F.expr(buckets.number(_TIME)))
    same = [F.col(_quoted(column)) == F.col(key) for (column, _), key in zip(keys, key_columns, strict=True)]
    valid = (
        (F.col(f"{_MARK}row_bucket") == F.col(_BUCKET))
        & (F.col(_TIME) >= F.col(_FROM))
        & (F.col(_TIME) < F.col(_UNTIL))
    )
    for condition in same:
        valid = condition & valid
    joined = rows.join(known, valid, "left")
    return joined.select(*map(_quoted, df.columns), *map(_quoted, outputs.values()))


def _by_sorting(
    df: DataFrame,
    features: DataFrame,
    keys: list[tuple[str, str]],
    times: tuple[str, str],
    outputs: dict[str, str],
    lookback: datetime.timedelta | None,
    buckets: Buckets,
) -> DataFrame:
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    key_columns = [f"{_MARK}key{number}" for number in range(len(keys))]
    values = F.struct(_micros(times[1]).alias(_FROM), *(F.col(_quoted(f)).alias(name) for f, name in outputs.items()))
    known = features.select(
        *_renamed([key for _, key in keys], key_columns),
        _micros(times[1]).alias(_TIME),
        F.lit(0).alias(_SIDE),
        values.alias(_FROM),
    ).dropna(subset=[*key_columns, _TIME])
    rows = df.select(
        *_renamed([column for column, _ in keys], key_columns),
        _micros(times[0]).alias(_TIME),
        F.lit(1).alias(_SIDE),
        F.struct(*map(_quoted, df.columns)).alias(_ROW),
    )
    before = Window.partitionBy(*key_columns).orderBy(_TIME, _SIDE).rowsBetween(Window.unboundedPreceding, 0)
    latest = F.last(_FROM, ignorenulls=True).over(before)
    both = rows.unionByName(known, allowMissingColumns=True).withColumn(_UNTIL, latest).where(F.col(_SIDE) == 1)
    found = F.col(_UNTIL)
    valid = F.col(
        _TIME
    ).isNotNull()  # nulls are sorted first and so find nothing but nulls: rows of no key share a partition
    if lookback is not None:
        valid = valid & (F.col(_TIME) - found[_FROM] <= _microseconds(lookback))
    return both.select(
        *(F.col(_ROW)[column].alias(column) for column in df.columns),
        *(F.when(valid, found[name]).alias(name) for name in outputs.values()),
    )


def _renamed(columns: list[str], names: list[str]) -> list[Column]:
    from pyspark.sql import functions as F

    return [F.col(_quoted(column)).alias(name) for column, name in zip(columns, names, strict=True)]


def _micros(column: str) -> Column:
    """A date or timestamp column as microseconds since 1970; a date is its first moment in the session's time zone."""
    from pyspark.sql import functions as F

    return F.unix_micros(F.col(_quoted(column)).cast("timestamp"))


def _microseconds(duration: datetime.timedelta) -> int:
    return duration // datetime.timedelta(microseconds=1)


def _quoted(column: str) -> str:
    return "`" + column.replace("`", "``") + "`"
