"""`display`: tables, pictures and everything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from lakelab.display import TableView, _viewable, display

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def table(obj: Any) -> TableView:
    view = _viewable(obj)
    assert isinstance(view, TableView)
    return view


def test_pandas_table() -> None:
    view = table(pd.DataFrame({"n": [1.5, np.nan], "s": ["<b>", None]}))
    assert view.names == ["n", "s"]
    html = view._repr_html_()
    assert "float64" in html
    assert "&lt;b&gt;" in html
    assert '<i class="dim">NaN</i>' in html
    assert '<i class="dim">null</i>' in html
    assert repr(view).splitlines() == ["      n  s", "float64  object", "    1.5  <b>", "    NaN  null", "", "2 rows."]


def test_pandas_index_is_shown_when_it_says_something() -> None:
    frame = pd.DataFrame({"n": [1, 2]}, index=pd.Index(["a", "b"], name="key"))
    assert table(frame).names == ["key", "n"]
    assert table(frame.set_index("n", append=True)).rows == [("a", 1), ("b", 2)]


def test_long_table_says_so() -> None:
    view = table(pd.DataFrame({"n": range(1001)}))
    assert len(view.rows) == 1000
    assert "The first 1,000 rows; there are more than 1,000." in view._repr_html_()
    assert repr(view).endswith("The first 20 rows; there are more than 1,000.")
    exact = table(pd.DataFrame({"n": range(1000)}))
    assert "1,000 rows." in exact._repr_html_()
    assert repr(exact).endswith("The first 20 of 1,000 rows.")


def test_empty_tables() -> None:
    for frame in (pd.DataFrame(), pd.DataFrame({"a": []}), pd.DataFrame(index=[1, 2])):
        assert repr(table(frame))
        assert table(frame)._repr_html_()


def test_everything_else_is_ipythons(capsys: pytest.CaptureFixture[str]) -> None:
    display("text", 3)
    assert capsys.readouterr().out.split() == ["text", "3"]


def test_long_cells_are_cut_and_say_so() -> None:
    html = table(pd.DataFrame({"s": ["x" * 5000]}))._repr_html_()
    assert f'<td title="{"x" * 1999}…">{"x" * 199}…</td>' in html


@pytest.fixture
def pyplot() -> Iterator[Any]:
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    yield plt
    plt.close("all")


def test_figure_is_shown_once(pyplot: Any) -> None:
    figure, axes = pyplot.subplots()
    axes.plot([1, 2])
    picture = _viewable(figure)
    assert picture.data.startswith(b"\x89PNG")
    assert not pyplot.fignum_exists(figure.number)


@pytest.fixture(scope="module")
def spark() -> SparkSession:
    from lakelab.runtime import spark

    return spark


@pytest.mark.spark
def test_spark_table_takes_one_job(spark: SparkSession) -> None:
    frame = spark.range(5000, numPartitions=4).selectExpr("id", "cast(id as string) as s", "array(id) as a")
    for source, rows, more in ((frame, 1000, True), (frame.where("id % 1000 = 0"), 5, False)):
        group = f"display-{rows}"
        spark.sparkContext.setJobGroup(group, group)
        view = table(source)
        spark.sparkContext.setJobGroup("", "")
        assert len(spark.sparkContext.statusTracker().getJobIdsForGroup(group)) == 1
        assert (len(view.rows), view.more) == (rows, more)
        assert view.types == ["bigint", "string", "array<bigint>"]


@pytest.mark.spark
def test_spark_values(spark: SparkSession) -> None:
    from pyspark.ml.linalg import Vectors

    rows = [(Vectors.dense([1.0, 2.0]), None), (Vectors.sparse(2, [0], [1.0]), float("nan"))]
    frame = spark.createDataFrame(rows, ["v", "x"])
    assert [row[0] for row in table(frame).rows] == [row[0] for row in rows], "vectors stay vectors"
    lines = repr(table(frame)).splitlines()
    assert lines[2].split() == ["[1.0,2.0]", "null"]
    assert lines[3].split() == ["(2,[0],[1.0])", "NaN"]
    repeated = frame.selectExpr("x", "x")
    assert table(repeated).names == ["x", "x"]
    with pytest.raises(ValueError, match="cannot show a stream"):
        display(spark.readStream.format("rate").load())


@pytest.mark.filterwarnings("error::UserWarning")  # a warning on stderr would cost a learner points
@pytest.mark.spark
def test_pandas_on_spark(spark: SparkSession) -> None:
    import pyspark.pandas as ps

    view = table(ps.DataFrame({"n": range(1500)}))
    assert (len(view.rows), view.more) == (1000, True)
