"""The course's SparkSession: one per process, made on first use and made anew after ``stop()``."""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from lakelab import home
from lakelab.spark import config, gateway

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_lock = threading.RLock()


def get_or_create() -> SparkSession:
    """Return the running session of this process, or start one.

    Raises:
        GatewayError: the JVM did not start.
        ConfigError: ``LAKELAB_SPARK_CONF`` cannot be understood.
        HomeError: the state folder cannot be used.
    """
    with _lock:
        if gateway.running() is None:
            gateway.forget_dead()
        session = running()
        return session if session is not None else _create()


def running() -> SparkSession | None:
    """Return the session that pyspark regards as the process's own if it has not been stopped; starts nothing."""
    import sys

    module = sys.modules.get("pyspark.sql.session")
    session = module.SparkSession._instantiatedSession if module is not None else None
    return session if session is not None and session._sc._jsc is not None else None


def _create() -> SparkSession:
    config.set_worker_python()
    fresh = gateway.running() is None
    jvm = gateway.start()  # first, because the JVM opens its gateway while pyspark is being imported
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.config(map=dict(config.dbfs_conf()))
    if jvm is None or not fresh:
        # A JVM that somebody else started does not know our settings, and in one that served a session before, the tables'
        # files outlived their catalog: without a folder of its own, the next saveAsTable of the same name would fail.
        parent = jvm.folder if jvm is not None else home.run_dir()
        warehouse = Path(tempfile.mkdtemp(prefix="warehouse-", dir=parent))
        builder = builder.config(map=dict(config.spark_conf(warehouse)))
    session = builder.getOrCreate()
    if not fresh and "PYTHONPATH" in os.environ:
        # Set after the JVM started, by %pip for one: workers import what the driver does.
        session.sparkContext.environment["PYTHONPATH"] = os.environ["PYTHONPATH"]
    # A borrowed JVM was started before this process knew where its models are, and workers load models, too.
    told = {name: value for name, value in os.environ.items() if name.lstrip("_").startswith("MLFLOW_")}
    session.sparkContext.environment.update(told)
    return session
