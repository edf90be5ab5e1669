"""`dbutils.data.summarize`: the numbers against plain computation, and what is shown."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from lakelab.dbutils import DBUtils
from lakelab.dbutils.profile import ColumnProfile, Profile, bin_layout, from_pandas, from_spark
from lakelab.dbutils.profile_view import ProfileView, format_number, format_share

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FRAME = pd.DataFrame(
    {
        "delay": [0.0, -3.0, np.nan, 12.5, 0.0, 100.0],
        "flight": [1, 2, 3, 4, 5, 6],
        "carrier": ["UA", "DL", "UA", None, "<b>x</b>", "UA"],
        "late": [True, False, False, False, True, False],
        "when": pd.DatetimeIndex(["2013-01-01", "2013-01-02", None, "2013-01-04", "2013-01-05", "2013-01-06"]),
    }
)


def by_name(profile: Profile) -> dict[str, ColumnProfile]:
    return {column.name: column for column in profile.columns}


def test_pandas_numbers() -> None:
    profile = from_pandas(FRAME)
    columns = by_name(profile)
    assert (profile.rows, profile.approximate) == (6, False)
    delay = columns["delay"]
    assert (delay.count, delay.missing, delay.distinct, delay.kind) == (5, 1, 4, "number")
    assert delay.numbers is not None
    assert delay.numbers.mean == pytest.approx(FRAME["delay"].mean())
    assert delay.numbers.std == pytest.approx(FRAME["delay"].std())
    assert delay.numbers.quantiles == pytest.approx(tuple(FRAME["delay"].quantile([0.25, 0.5, 0.75])))
    assert (delay.numbers.min, delay.numbers.max, delay.numbers.zeros) == (-3, 100, 2)
    assert delay.histogram is not None
    assert sum(delay.histogram.counts) == 5
    assert columns["flight"].histogram is not None
    assert columns["flight"].histogram.counts == (1,) * 6
    assert columns["carrier"].top == (("UA", 3), ("<b>x</b>", 1), ("DL", 1))
    assert columns["late"].top == (("False", 4), ("True", 2))
    assert columns["when"].first == "2013-01-01 00:00:00"
    assert columns["when"].missing == 1


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(),
        pd.DataFrame({"a": [], "b": []}),
        pd.DataFrame({"a": [np.nan, np.nan], "b": [None, None]}),
        pd.DataFrame({"a": [np.inf, 1.0, -np.inf], "one": [5.0] * 3}),
        pd.DataFrame({"lists": [[1], [2]], "bytes": [b"a", b"b"]}),
        pd.DataFrame({"cat": pd.Categorical(["x", "y", "x"]), "Int": pd.array([1, None, 3], dtype="Int64")}),
        pd.DataFrame({"t": pd.DatetimeIndex(["2013-01-01", None], tz="UTC"), "d": pd.to_timedelta([1, 2], unit="h")}),
        pd.DataFrame([[1, "a"], [2, "b"]], columns=["same", "same"]),
        pd.DataFrame({("two", "levels"): [1], 3: [4]}),
        pd.DataFrame({"huge": [-1e308, 1e308], "tiny": [1e-300, 2e-300], "big": [2**62, -(2**62)]}),
    ],
    ids=lambda frame: ",".join(map(str, frame.columns)) or "empty",
)
def test_awkward_frames_are_shown(frame: pd.DataFrame) -> None:
    view = ProfileView(from_pandas(frame))
    check_html(view._repr_html_())
    assert "nan" not in repr(view)


def test_bins() -> None:
    assert bin_layout(1, 12, whole=True) == (1, 12)
    assert bin_layout(0, 1000, whole=True) == (32, 32)
    assert bin_layout(5, 5, whole=False) == (1, 1)
    assert bin_layout(0, float("inf"), whole=False) is None
    assert bin_layout(0.0, 3.2, whole=False) == (pytest.approx(0.1), 32)


def test_number_formats() -> None:
    shown = [format_number(value) for value in (0.0, 3.14159, -2.0, 12345.6, 0.00012345, 1e20, float("nan"))]
    assert shown == ["0", "3.142", "−2", "12,346", "1.234e−04", "1.000e+20", "–"]
    assert format_number(2013, whole=True) == "2013"
    shares = [format_share(*pair) for pair in ((0, 0), (0, 5), (1, 3), (1, 100_000), (99_999, 100_000), (5, 5))]
    assert shares == ["0 %", "0 %", "33.3 %", "< 0.1 %", "> 99.9 %", "100 %"]


class _Balance(HTMLParser):
    """Notes tags that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag not in ("br", "line"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)


def check_html(html: str) -> set[str]:
    """The tags of ``html``, which must be balanced and must not reach outside."""
    parser = _Balance()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    assert not parser.seen & {"script", "link", "img", "iframe", "b"}
    assert "http" not in html
    return parser.seen


def test_html_is_self_contained_and_escaped() -> None:
    html = ProfileView(from_pandas(FRAME))._repr_html_()
    assert {"svg", "rect", "table"} <= check_html(html)
    assert "&lt;b&gt;x&lt;/b&gt;" in html


def test_displays_text_without_a_notebook(capsys: pytest.CaptureFixture[str]) -> None:
    assert DBUtils().data.summarize(FRAME) is None  # type: ignore[func-returns-value]
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.startswith("6 rows × 5 columns. All numbers are exact.")
    assert re.search(r"delay +float64 +5 +1 \(16.7 %\) +4 +21.9 ", shown.out)
    assert "UA 60.0 %, <b>x</b> 20.0 %, DL 20.0 %" in shown.out


def test_other_types_are_refused() -> None:
    with pytest.raises(TypeError, match="takes a Spark, pandas or pandas-on-Spark DataFrame, not list"):
        DBUtils().data.summarize([1, 2])  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def spark() -> SparkSession:
    from lakelab.runtime import spark

    return spark


@pytest.mark.spark
@pytest.mark.parametrize("precise", [False, True])
def test_spark_agrees_with_pandas(spark: SparkSession, precise: bool) -> None:
    from lakelab import data

    expected = by_name(from_pandas(data.load("flights", year=2013, month=1, as_pandas=True)))
    frame = data.load("flights", year=2013, month=1)
    found = by_name(from_spark(frame, precise))
    assert list(found) == list(expected)
    for name, column in found.items():
        wanted = expected[name]
        assert (column.kind, column.count, column.missing) == (wanted.kind, wanted.count, wanted.missing), name
        assert column.top == wanted.top, name
        assert column.distinct is not None
        assert wanted.distinct is not None
        if precise or not column.estimated:
            assert column.distinct == wanted.distinct, name
        else:
            assert column.distinct == pytest.approx(wanted.distinct, rel=0.2), name
        assert (column.numbers is None) == (wanted.numbers is None)
        if column.numbers is not None and wanted.numbers is not None:
            # As pandas makes floats of whole numbers with missing values, their bins may differ; so only totals count.
            assert column.numbers.mean == pytest.approx(wanted.numbers.mean), name
            assert column.numbers.std == pytest.approx(wanted.numbers.std), name
            assert (column.numbers.min, column.numbers.max) == (wanted.numbers.min, wanted.numbers.max), name
            assert column.numbers.zeros == wanted.numbers.zeros, name
            tolerance = 1e-9 if precise else 0.02
            assert column.numbers.quantiles == pytest.approx(wanted.numbers.quantiles, rel=tolerance, abs=1), name
        if column.histogram is not None and wanted.histogram is not None:
            assert sum(column.histogram.counts) == column.count, name
            if column.whole == wanted.whole:
                assert column.histogram.counts == wanted.histogram.counts, name


@pytest.mark.spark
@pytest.mark.parametrize("precise", [False, True])
def test_awkward_spark_frames(spark: SparkSession, precise: bool) -> None:
    schema = (
        "`a.b` int, `a.b2` double, same string, d decimal(10,2), day date, ntz timestamp_ntz, flag boolean, "
        "arr array<int>, m map<string,int>, s struct<x:int>, blob binary, nothing string, long bigint, v void"
    )
    moment = datetime(2020, 2, 29, 12)
    rows = [
        (1, float("nan"), "x", Decimal("1.50"), date(2020, 2, 29), moment, True, [1], {"k": 1}, (1,), b"z", None, 2**62, None),
        (2, float("inf"), "y", None, None, None, None, None, None, None, None, None, 2**62 + 1, None),
    ]  # fmt: skip
    frame = spark.createDataFrame(rows, schema)
    profile = from_spark(frame, precise)
    columns = by_name(profile)
    assert columns["a.b2"].missing == 1, "NaN is missing"
    assert columns["a.b2"].histogram is None
    assert columns["nothing"].distinct == 0
    assert columns["same"].top == (("x", 1), ("y", 1))
    assert columns["day"].first == "2020-02-29"
    assert columns["ntz"].first == "2020-02-29 12:00:00"
    assert columns["m"].distinct is None
    assert columns["long"].distinct == 2, "neighbours beyond 53 bits are told apart"
    check_html(ProfileView(profile)._repr_html_())
    for edge in (frame.limit(0), frame.select(), frame.selectExpr("same", "same")):
        view = ProfileView(from_spark(edge, precise))
        check_html(view._repr_html_())
        assert repr(view)


@pytest.mark.spark
def test_number_of_jobs_does_not_grow_with_columns(spark: SparkSession) -> None:
    def jobs(columns: int) -> int:
        group = f"summarize-{columns}"
        spark.sparkContext.setJobGroup(group, group)
        from_spark(spark.range(1000).selectExpr(*(f"id % {i + 2} as c{i}" for i in range(columns))), precise=False)
        spark.sparkContext.setJobGroup("", "")
        return len(spark.sparkContext.statusTracker().getJobIdsForGroup(group))

    few = jobs(2)
    assert few == jobs(20)
    assert few <= 5  # two queries; adaptive execution submits each of their stages as a job


@pytest.mark.spark
def test_pandas_on_spark_and_streams(spark: SparkSession, capsys: pytest.CaptureFixture[str]) -> None:
    import pyspark.pandas as ps

    DBUtils().data.summarize(ps.DataFrame({"n": [1, 2, 3]}))
    assert capsys.readouterr().out.startswith("3 rows × 1 column.")
    with pytest.raises(ValueError, match="cannot summarize a stream"):
        DBUtils().data.summarize(spark.readStream.format("rate").load())
