"""Makes room for a task in a kernel that has run another one: run in the kernel, before the task's first cell."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping


def begin(environment: Mapping[str, str], folder: str) -> None:
    """Forget the task before, and set the environment and the working directory of this one.

    The names of the notebook, its widgets, an open MLflow run, temporary views and running streams of the task before are gone afterwards.
    Imported modules and the Spark session with its cached tables stay: sharing them is what the kernel is kept for.
    """
    from IPython.core.getipython import get_ipython

    if (shell := get_ipython()) is not None:
        shell.reset(new_session=False)
    os.environ.update(environment)
    os.chdir(folder)
    if "lakelab.runtime" in sys.modules:
        vars(sys.modules["lakelab.runtime"]).pop("dbutils", None)  # it has read the widgets of the task before
    _end_mlflow_runs()
    _clear_spark()


def _end_mlflow_runs() -> None:
    mlflow = sys.modules.get("mlflow")
    while mlflow is not None and mlflow.active_run() is not None:
        mlflow.end_run()


def _clear_spark() -> None:
    if "lakelab.spark.session" not in sys.modules:
        return
    from lakelab.spark import session

    spark = session.running()
    if spark is None:
        return
    for query in spark.streams.active:
        query.stop()
    for table in spark.catalog.listTables():
        if table.isTemporary:
            spark.catalog.dropTempView(table.name)
