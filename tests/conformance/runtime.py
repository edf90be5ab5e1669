"""What a notebook has on opening. Here one line brings it: `from lakelab.runtime import spark, dbutils, display`."""

from __future__ import annotations

import contextlib
import io

import pytest

from conformance.table import Context, Row
from lakelab import runtime

TITLE = "The notebook's own names"


def spark_is_a_session(context: Context) -> None:
    from pyspark.sql import SparkSession

    assert isinstance(context.spark, SparkSession)
    assert context.spark.sql("SELECT 1 AS one").first()["one"] == 1


def session_defaults(context: Context) -> None:
    conf = context.spark.conf
    assert conf.get("spark.sql.session.timeZone") == "UTC"
    assert conf.get("spark.sql.execution.arrow.pyspark.enabled") == "true"
    assert conf.get("spark.sql.ansi.enabled") == "true"
    assert conf.get("spark.sql.shuffle.partitions") == "4"


def shows_a_thousand_rows(context: Context) -> None:
    from lakelab.display import MAX_ROWS, _viewable

    assert MAX_ROWS == 1000
    view = _viewable(context.spark.range(1001))
    assert (len(view.rows), view.more) == (1000, True)


def shows_no_stream(context: Context) -> None:
    with pytest.raises(ValueError, match="stream"):
        runtime.display(context.spark.readStream.format("rate").load())


def shows_other_things(_: Context) -> None:
    with contextlib.redirect_stdout(io.StringIO()) as output:
        runtime.display({"a": 1})
    assert "{'a': 1}" in output.getvalue()


def lacks(*names: str) -> object:
    def check(_: Context) -> None:
        for name in names:
            assert not hasattr(runtime, name)

    return check


def stops_and_starts(context: Context) -> None:
    context.spark.stop()
    assert context.spark.range(2).count() == 2


ROWS = [
    Row("spark", "A SparkSession that is there from the start.", "approximated", "Imported with one line, and started at first use; on Databricks leave the line out.", spark_is_a_session, spark=True),
    Row("spark", "stop() is not to be called: the session belongs to the compute.", "approximated", "It stops the session, and the next use starts another.", stops_and_starts, spark=True),
    Row("spark.conf", "Times are UTC, Arrow is on, and SQL is ANSI.", "approximated", "So here; but a shuffle has 4 partitions where Databricks chooses 200 or by itself, because tiny tasks cost seconds on one machine.", session_defaults, spark=True),
    Row("display", "Shows a DataFrame's first 1,000 rows as a table.", "approximated", "Without the buttons for charts, profiles and downloads.", shows_a_thousand_rows, spark=True),
    Row("display", "Shows anything else as IPython does; a figure once.", check=shows_other_things),
    Row("display", "Shows a stream, updating itself.", "absent", "ValueError that says to write the stream to a table and display that.", shows_no_stream, spark=True),
    Row("sc, sqlContext, table, sql, displayHTML", "Further names that a notebook has.", "absent", "Not among the names to import: spark.sparkContext, spark.table, spark.sql and IPython's HTML do the same.", lacks("sc", "sqlContext", "table", "sql", "displayHTML")),  # type: ignore[arg-type]
    Row("%sql, %scala, %r, %fs", "Cells in other languages.", "absent", "spark.sql and dbutils.fs in Python; `lakelab export` keeps such cells of an imported notebook as they are."),
]  # fmt: skip
