"""What `dbutils.data.summarize` knows about a table: a handful of numbers per column, from pandas or from Spark.

In Spark everything comes from two passes over the data, whatever the number of columns: one aggregation for counts,
moments, quantiles and distinct values, then one for histograms and top values, which need the first one's ranges.
Exact quantiles and distinct counts take a third pass.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import Column as SparkColumn
    from pyspark.sql import DataFrame
    from pyspark.sql import types as T

Kind = Literal["number", "category", "time", "other"]

BINS = 32
"""Most bars of a histogram: enough for the days of a month."""

TOP = 5
"""Most values listed for a category."""

QUANTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Histogram:
    """Counts in bins of equal ``width`` from ``low`` up; the last bin includes its upper end."""

    low: float
    width: float
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Numbers:
    """Statistics of the known values of a numeric column; ``std`` is the sample's (n − 1), nan for one value."""

    mean: float
    std: float
    min: float
    quantiles: tuple[float, float, float]
    max: float
    zeros: int


@dataclass(frozen=True)
class ColumnProfile:
    """One column: ``count`` known values, ``missing`` ones (null or NaN), and what its kind allows to say.

    ``distinct`` is None where values cannot be compared, and ``estimated`` if it is not exact. ``whole`` tells that
    values are whole numbers. ``first`` and ``last`` are the ends of a time column as text. ``top`` holds (value, count),
    most frequent first; it is empty for a category whose values hardly repeat.
    """

    name: str
    type: str
    kind: Kind
    count: int
    missing: int
    distinct: int | None = None
    estimated: bool = False
    whole: bool = False
    numbers: Numbers | None = None
    first: str | None = None
    last: str | None = None
    histogram: Histogram | None = None
    top: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Profile:
    """A table's profile; ``approximate`` if quantiles are, and distinct counts may be, estimates."""

    rows: int
    columns: tuple[ColumnProfile, ...]
    approximate: bool


def bin_layout(low: float, high: float, whole: bool) -> tuple[float, int] | None:
    """Width and number of the bins that cover ``low`` to ``high``; None if that is no finite range.

    Bins of whole numbers each hold equally many of them; otherwise a comb of full and empty bars would appear.
    """
    if not (math.isfinite(low) and math.isfinite(high) and math.isfinite(high - low)):
        return None
    if whole:
        width = max(1, math.ceil((high - low + 1) / BINS))
        return float(width), int((high - low) // width) + 1
    width_ = (high - low) / BINS
    return (width_, BINS) if width_ > 0 and low + width_ > low else (1.0, 1)


def _repeats(distinct: int | None, count: int) -> bool:
    """Whether a category's most frequent values say anything: an identifier's don't."""
    return distinct is not None and (count <= 100 or distinct < 0.9 * count)


# ----------------------------------------------------------------------------------------------------------------------
# pandas


def from_pandas(frame: pd.DataFrame) -> Profile:
    """Profile a pandas frame; every number is exact."""
    columns = (
        _pandas_column(str(name), frame.iloc[:, position].reset_index(drop=True))
        for position, name in enumerate(frame.columns)
    )
    return Profile(rows=len(frame), columns=tuple(columns), approximate=False)


def _pandas_column(name: str, values: pd.Series[Any]) -> ColumnProfile:
    import numpy as np
    import pandas as pd

    known = values.dropna()
    try:
        distinct: int | None = int(known.nunique())
    except TypeError:  # lists, dicts, arrays
        distinct = None
    kind: Kind
    if pd.api.types.is_bool_dtype(values):
        kind = "category"
    elif pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_complex_dtype(values):
        kind = "number"
    elif pd.api.types.is_datetime64_any_dtype(values):
        kind = "time"
    else:
        kind = "other" if distinct is None else "category"
    column = ColumnProfile(
        name=name,
        type=str(values.dtype),
        kind=kind,
        count=len(known),
        missing=len(values) - len(known),
        distinct=distinct,
        whole=pd.api.types.is_integer_dtype(values),
    )
    if known.empty or kind == "other":
        return column
    if kind == "category":
        if not _repeats(distinct, len(known)):
            return column
        counts = known.astype(str).value_counts()
        ranked = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
        return replace(column, top=tuple((str(value), int(count)) for value, count in ranked[:TOP]))
    if kind == "time":
        column = replace(column, first=str(known.min()), last=str(known.max()))
        naive = known.dt.tz_convert("UTC").dt.tz_localize(None) if known.dt.tz is not None else known
        numbers = naive.to_numpy("datetime64[us]").astype("int64") / 1e6
    else:
        numbers = known.to_numpy("float64")
        with np.errstate(invalid="ignore", over="ignore"):  # infinities have no standard deviation
            quantiles = np.quantile(numbers, QUANTILES)
            std = float(np.std(numbers, ddof=1)) if len(numbers) > 1 else math.nan
            mean = float(numbers.mean())
        column = replace(
            column,
            numbers=Numbers(
                mean=mean,
                std=std,
                min=float(numbers.min()),
                quantiles=(float(quantiles[0]), float(quantiles[1]), float(quantiles[2])),
                max=float(numbers.max()),
                zeros=int((numbers == 0).sum()),
            ),
        )
    low, high = float(numbers.min()), float(numbers.max())
    layout = bin_layout(low, high, column.whole)
    if layout is None:
        return column
    width, number = layout
    places = np.clip(np.floor((numbers - low) / width), 0, number - 1).astype(int)
    counted = tuple(int(count) for count in np.bincount(places, minlength=number))
    return replace(column, histogram=Histogram(low, width, counted))


# ----------------------------------------------------------------------------------------------------------------------
# Spark


@dataclass(frozen=True)
class _SparkColumn:
    """How to look at one column: its value as a number (numbers and times) or as text (categories)."""

    name: str
    type: str
    kind: Kind
    whole: bool
    raw: SparkColumn
    number: SparkColumn | None = None
    text: SparkColumn | None = None


def from_spark(frame: DataFrame, precise: bool) -> Profile:
    """Profile a Spark DataFrame in two passes over it.

    Args:
        frame: any batch DataFrame; names may repeat or contain dots.
        precise: exact quantiles and distinct counts. Otherwise quantiles' ranks are off by at most 1/10,000 of the
            rows, and distinct counts by about 5 %.
    """
    # Positions as names, so that dots, quotes and repeated names need no care below.
    plain = frame.toDF(*(f"c{position}" for position in range(len(frame.columns))))
    columns = [_view(field, name) for field, name in zip(frame.schema.fields, plain.columns, strict=True)]
    rows, profiles = _aggregate(plain, columns, precise)
    return Profile(rows=rows, columns=tuple(_distributions(plain, columns, profiles)), approximate=not precise)


def _view(field: T.StructField, column: str) -> _SparkColumn:
    from pyspark.sql import functions as F
    from pyspark.sql import types as T

    raw = F.col(column)
    kind: Kind = "other"
    number = text = None
    if isinstance(field.dataType, T.NumericType):
        kind, number = "number", raw.cast("double")
        if isinstance(field.dataType, T.FloatType | T.DoubleType):
            number = F.when(~F.isnan(raw), number)  # NaN is how pandas and numpy say missing
    elif isinstance(field.dataType, T.DateType | T.TimestampType | T.TimestampNTZType):
        kind, number = "time", raw.cast("timestamp").cast("double")
    elif isinstance(field.dataType, T.StringType | T.CharType | T.VarcharType | T.BooleanType):
        kind, text = "category", raw.cast("string")
    return _SparkColumn(
        name=field.name,
        type=field.dataType.simpleString(),
        kind=kind,
        whole=isinstance(field.dataType, T.IntegralType),
        raw=raw,
        number=number,
        text=text,
    )


def _aggregate(plain: DataFrame, columns: list[_SparkColumn], precise: bool) -> tuple[int, list[ColumnProfile]]:
    """First pass: everything but the distributions."""
    from pyspark.sql import functions as F

    wanted: dict[str, SparkColumn] = {"rows": F.count(F.lit(1))}
    for i, column in enumerate(columns):
        known = column.raw if column.number is None else F.when(column.number.isNotNull(), column.raw)
        wanted[f"count{i}"] = F.count(known)
        if column.kind != "other" and not precise:
            wanted[f"distinct{i}"] = F.approx_count_distinct(known)
        if column.number is not None:
            wanted[f"min{i}"] = F.min(column.number)
            wanted[f"max{i}"] = F.max(column.number)
        if column.kind == "number" and column.number is not None:
            wanted[f"mean{i}"] = F.avg(column.number)
            wanted[f"std{i}"] = F.stddev_samp(column.number)
            if not precise:
                wanted[f"quantiles{i}"] = F.percentile_approx(column.number, list(QUANTILES), 10_000)
            wanted[f"zeros{i}"] = F.count_if(column.number == 0)
        if column.kind == "time":
            wanted[f"first{i}"] = F.min(column.raw).cast("string")
            wanted[f"last{i}"] = F.max(column.raw).cast("string")
    found = plain.agg(*(expression.alias(name) for name, expression in wanted.items())).collect()[0].asDict()
    if precise:
        found |= _exact(plain, columns)

    profiles = []
    for i, column in enumerate(columns):
        count = found[f"count{i}"]
        numbers = None
        if column.kind == "number" and count:
            std = found[f"std{i}"]
            numbers = Numbers(
                mean=found[f"mean{i}"],
                std=math.nan if std is None else std,
                min=found[f"min{i}"],
                quantiles=tuple(found[f"quantiles{i}"]),
                max=found[f"max{i}"],
                zeros=found[f"zeros{i}"],
            )
        histogram = None
        if column.number is not None and count:
            layout = bin_layout(found[f"min{i}"], found[f"max{i}"], column.whole)
            if layout is not None:
                histogram = Histogram(found[f"min{i}"], layout[0], (0,) * layout[1])
        distinct = found.get(f"distinct{i}")
        profiles.append(
            ColumnProfile(
                name=column.name,
                type=column.type,
                kind=column.kind,
                count=count,
                missing=found["rows"] - count,
                # An estimate may exceed what is possible.
                distinct=None if distinct is None else min(distinct, count),
                estimated=not precise and column.kind != "other" and count > 0,
                whole=column.whole,
                numbers=numbers,
                first=found.get(f"first{i}"),
                last=found.get(f"last{i}"),
                histogram=histogram,
            )
        )
    return found["rows"], profiles


def _exact(plain: DataFrame, columns: list[_SparkColumn]) -> dict[str, Any]:
    """Quantiles and distinct counts of all columns from one table of (column, value, how often).

    Several times faster than asking Spark for the exact percentiles and the distinct counts of each column.
    """
    from pyspark.sql import functions as F

    records = []
    for i, column in enumerate(columns):
        if column.kind == "other":
            continue
        # Only a text tells numbers beyond a double's 53 bits apart.
        long = column.type == "bigint" or column.type.startswith("decimal")
        text = column.raw.cast("string") if column.number is None or long else F.lit(None).cast("string")
        number = F.lit(None).cast("double") if column.number is None else column.number
        records.append(F.struct(F.lit(i).alias("column"), number.alias("number"), text.alias("text")))
    if not records:
        return {}
    counted = (
        plain.select(F.inline(F.array(*records)))
        .where("number is not null or text is not null")
        .groupBy("column", "number", "text")
        .agg(F.count(F.lit(1)).alias("times"))
        .groupBy("column")
        .agg(
            F.count(F.lit(1)).alias("distinct"),
            F.percentile("number", list(QUANTILES), F.col("times")).alias("quantiles"),
        )
        .collect()
    )
    found: dict[str, Any] = {f"distinct{i}": 0 for i, column in enumerate(columns) if column.kind != "other"}
    for row in counted:
        found[f"distinct{row['column']}"] = row["distinct"]
        found[f"quantiles{row['column']}"] = row["quantiles"]
    return found


def _distributions(plain: DataFrame, columns: list[_SparkColumn], profiles: list[ColumnProfile]) -> list[ColumnProfile]:
    """Second pass: fill the histograms and find the top values, all columns at once.

    Each row becomes one small record per column, (column, bin or value), and these are counted.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    no_bin, no_text = F.lit(None).cast("int"), F.lit(None).cast("string")
    records = []
    for i, (column, profile) in enumerate(zip(columns, profiles, strict=True)):
        if profile.histogram is not None and column.number is not None:
            layout = profile.histogram
            place = F.floor((column.number - layout.low) / layout.width)
            # Clamped, because rounding may put the maximum beyond the last bin, or its data may have changed since.
            inside = F.greatest(F.lit(0), F.least(place, F.lit(len(layout.counts) - 1))).cast("int")
            value, text = F.when(column.number.isNotNull(), inside), no_text
        elif column.text is not None and profile.count and _repeats(profile.distinct, profile.count):
            value, text = no_bin, column.text
        else:
            continue
        records.append(F.struct(F.lit(i).alias("column"), value.alias("bin"), text.alias("text")))
    if not records:
        return profiles
    same_column = Window.partitionBy("column")
    rank = F.row_number().over(same_column.orderBy(F.desc("count"), "text"))
    counted = (
        plain.select(F.inline(F.array(*records)))
        .where("bin is not null or text is not null")
        .groupBy("column", "bin", "text")
        .count()
        .withColumns({"rank": rank, "distinct": F.count(F.lit(1)).over(same_column)})
        .where(F.col("bin").isNotNull() | (F.col("rank") <= TOP))
        .collect()
    )
    filled = list(profiles)
    bins: dict[int, list[int]] = {i: list(p.histogram.counts) for i, p in enumerate(profiles) if p.histogram}
    top: dict[int, list[tuple[int, str, int]]] = {}
    distinct: dict[int, int] = {}
    for row in counted:
        distinct[row["column"]] = row["distinct"]
        if row["bin"] is None:
            top.setdefault(row["column"], []).append((row["rank"], row["text"], row["count"]))
        else:
            bins[row["column"]][row["bin"]] = row["count"]
    for i, counts in bins.items():
        histogram = profiles[i].histogram
        assert histogram is not None
        filled[i] = replace(profiles[i], histogram=replace(histogram, counts=tuple(counts)))
        if profiles[i].whole and histogram.width == 1 and abs(histogram.low) < 2**52:
            # A bin for each value (a double tells them apart), so the estimate is superseded.
            filled[i] = replace(filled[i], distinct=distinct.get(i, profiles[i].distinct), estimated=False)
    for i, values in top.items():
        ranked = tuple((text, count) for _, text, count in sorted(values))
        filled[i] = replace(profiles[i], top=ranked, distinct=distinct.get(i, profiles[i].distinct), estimated=False)
    return filled
