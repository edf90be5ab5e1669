"""Semantic types, splits and the shape of generated code, case by case."""

from __future__ import annotations

import datetime
import decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lakelab.automl import dataset, split
from lakelab.automl.arguments import local_path, lookups
from lakelab.automl.metrics import Metric
from lakelab.automl.notebook import python
from lakelab.automl.semantic import SemanticType, detect, to_times
from lakelab.automl.series import frequency, prepare


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("price", [1.5, 2.0, None], "numeric"),
        ("bedrooms", [1, 2, 3], "numeric"),
        ("humid", [50, 60, 70], "numeric"),
        ("customer_id", [17, 18, 19], "categorical"),
        ("zipCode", [98178, 98125, 98028], "categorical"),
        ("date", [20140513, 20150227, 20141231], "datetime"),
        ("amount", [20140513, 20150227, 20141399], "numeric"),
        ("event_time", [1_400_000_000, 1_500_000_000], "datetime"),
        ("population", [1_400_000_000, 1_500_000_000], "numeric"),
        ("late", [True, False, None], "categorical"),
        ("price", ["1.5", " 2", None], "numeric"),
        ("zip", ["00501", "98178"], "categorical"),
        ("day", ["2014-05-13", "2014-05-14"], "datetime"),
        ("day", ["2014-05-13", "never"], "categorical"),
        ("carrier", ["AA", "UA"], "categorical"),
        ("airline", ["one two three four five six"] * 9, "categorical"),
        ("remark", ["it left the gate too late", "nobody knows when it will land"], "text"),
        ("pair", [[1, 2], [3, 4]], "unsupported"),
        ("empty", [None, None], "categorical"),
    ],
)
def test_semantic_type(name: str, values: list[Any], expected: str) -> None:
    assert detect(pd.Series(values, name=name)).type == SemanticType(expected)


def test_numbers_are_read_as_days_or_seconds() -> None:
    assert to_times(pd.Series([20140513.0, None])).tolist()[0] == pd.Timestamp("2014-05-13")
    assert to_times(pd.Series([1_400_000_000])).tolist() == [pd.Timestamp("2014-05-13 16:53:20")]
    assert to_times(pd.Series(["2014-05-13T10:00:00+02:00"])).tolist() == [pd.Timestamp("2014-05-13 08:00:00")]


@pytest.mark.parametrize(
    ("annotation", "values", "message"),
    [("numeric", ["1", "x"], "not numbers"), ("datetime", ["2014-05-13", "x"], "not times")],
)
def test_an_annotation_that_the_values_belie_is_refused(annotation: str, values: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        detect(pd.Series(values, name="c"), annotation)


def test_dates_and_decimals_of_pandas_become_times_and_numbers() -> None:
    frame = pd.DataFrame(
        {
            "day": [datetime.date(2014, 5, 13)] * 3,
            "price": [decimal.Decimal("1.50")] * 3,
            "zoned": pd.to_datetime(["2014-05-13 10:00+02:00"] * 3),
            "y": [1, 2, 3],
        }
    )
    read = dataset.read(frame, "y").frame
    assert read["day"].iloc[0] == pd.Timestamp("2014-05-13")
    assert read["price"].iloc[0] == 1.5
    assert read["zoned"].iloc[0] == pd.Timestamp("2014-05-13 08:00")


def test_columns_that_are_there_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="several columns called a"):
        dataset.read(pd.DataFrame([[1, 2, 3]], columns=["a", "a", "y"]), "y")


def test_the_split_does_not_depend_on_the_order_of_rows() -> None:
    frame = pd.DataFrame({"a": range(50), "b": [[i] for i in range(50)]})
    first = split.order_by_content(frame)
    assert first["a"].tolist() != frame["a"].tolist()
    pd.testing.assert_frame_equal(first, split.order_by_content(frame.iloc[::-1]))


def test_a_time_that_is_none_is_refused_for_splitting() -> None:
    with pytest.raises(ValueError, match="holds 1 values that are missing or not times"):
        split.split_by_time(pd.Series(["2014-05-13", None], name="day"))


@pytest.mark.parametrize(
    ("values", "message"),
    [(["train", "test", None], "holds null"), (["train", "validate", "train"], "no row for test")],
)
def test_a_split_column_that_leaves_parts_out_is_refused(values: list[str | None], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        split.split_by_column(pd.Series(values, name="part"))


@pytest.mark.parametrize(
    "value", ["it's", 'say "hi"', "a\\b\n", ["x"] * 40, {"k": "v" * 120}, ("a",), True, None, 1e-05]
)
def test_generated_code_means_the_same(value: Any) -> None:
    assert eval(python(value)) == value


def test_a_metric_that_is_no_number_is_the_worst() -> None:
    assert Metric("f1", "f1_score", True).loss(0.5) == -0.5
    assert Metric("f1", "f1_score", True).loss(float("nan")) == float("inf")


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("airlines", TypeError),
        (["airlines"], TypeError),
        ([{"table_name": "t", "lookup_key": "k", "timestamp": "x"}], ValueError),
    ],
)
def test_lookups_of_the_wrong_form_are_refused(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="feature_store_lookups"):
        lookups(value)


def test_places_of_a_workspace_lie_below_the_state_folder(automl_home: Any) -> None:
    assert local_path("/Workspace/Users/me/best").is_relative_to(automl_home)
    assert local_path("dbfs:/automl").is_relative_to(automl_home)
    assert str(local_path("/tmp/best")) == "/tmp/best"


def series_of(frame: pd.DataFrame, **given: Any) -> Any:
    arguments = {"identity": (), "step": frequency("D"), "horizon": 2, "weight": None}
    return prepare(dataset.Dataset(frame), target="y", time="t", **(arguments | given))


def test_series_become_regular() -> None:
    days = pd.date_range("2014-01-01", periods=20).delete(5)
    frame = pd.DataFrame({"t": [*days, days[-1] + pd.Timedelta("1h"), pd.NaT], "y": [*np.arange(19.0), 20.0, 1.0]})
    result = series_of(frame)
    assert result.frame["y"].tolist()[:7] == [0, 1, 2, 3, 4, 4.5, 5]
    assert result.frame["y"].iloc[-1] == 19.0
    assert [alert.split(" ", 1)[0] for alert in result.alerts] == ["1", "1", "1"]


def test_series_that_are_too_short_are_left_out() -> None:
    long, short = pd.date_range("2014-01-01", periods=30), pd.date_range("2014-01-01", periods=13)
    frame = pd.concat([pd.DataFrame({"t": days, "k": key, "y": 1.0}) for key, days in (("a", long), ("b", short))])
    assert set(series_of(frame, identity=("k",)).frame["k"]) == {"a"}
    with pytest.raises(ValueError, match="No series has the 14 steps"):
        series_of(frame[frame["k"] == "b"])
