"""What Spark is configured with: the course's defaults, overridden by the environment."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from lakelab import home

APP_NAME = "lakelab"


class ConfigError(ValueError):
    """A LAKELAB_* variable cannot be understood; the message quotes it and says what is expected."""


def master() -> str:
    """Return the Spark master: ``LAKELAB_SPARK_MASTER``, by default every core of this machine."""
    return os.environ.get("LAKELAB_SPARK_MASTER") or "local[*]"


def is_local(url: str) -> bool:
    """Whether the Spark master ``url`` runs everything inside the driver's JVM."""
    return url == "local" or url.startswith("local[")


def in_grading() -> bool:
    """Whether a submission is being graded (``LAKELAB_GRADING=1``) and nobody is looking at Spark's UI."""
    return os.environ.get("LAKELAB_GRADING", "") not in ("", "0")


def user_conf() -> dict[str, str]:
    """Return the Spark settings in ``LAKELAB_SPARK_CONF``: a JSON object, or ``key=value`` pairs with ``;`` between.

    Raises:
        ConfigError: the variable is neither.
    """
    text = os.environ.get("LAKELAB_SPARK_CONF", "").strip()
    if text.startswith("{"):
        try:
            given = json.loads(text)
        except json.JSONDecodeError as error:
            raise ConfigError(
                f"LAKELAB_SPARK_CONF is not valid JSON ({error}): correct it or write key=value;key=value."
            ) from error
        return {key: value if isinstance(value, str) else json.dumps(value) for key, value in given.items()}
    conf: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(";"))):
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise ConfigError(f"LAKELAB_SPARK_CONF holds {pair!r}, which is not of the form key=value.")
        conf[key.strip()] = value.strip()
    return conf


def spark_conf(warehouse: Path) -> dict[str, str]:
    """Return every Spark setting of a LakeLab session whose managed tables go to the folder ``warehouse``.

    Raises:
        ConfigError: ``LAKELAB_SPARK_CONF`` cannot be understood.
    """
    url = master()
    conf = {
        "spark.master": url,
        "spark.app.name": APP_NAME,
        "spark.driver.memory": os.environ.get("LAKELAB_DRIVER_MEMORY") or "2g",
        "spark.ui.enabled": "false" if in_grading() else "true",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.structuredLogging.enabled": "false",
        "spark.sql.session.timeZone": "UTC",  # a Databricks cluster's, so that results do not depend on the laptop
        "spark.sql.shuffle.partitions": "4",  # 200 tiny tasks cost seconds on the course's data
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    if is_local(url):
        conf |= {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.ui.host": "127.0.0.1",
            "spark.sql.warehouse.dir": warehouse.as_uri(),
        }
    return conf | user_conf()


def dbfs_conf() -> dict[str, str]:
    """Return what makes ``dbfs:/`` the folder in which `dbutils.fs` has it, and ``dbfs:/Volumes`` the one of volumes.

    For each session anew, and not for a JVM, which may serve several homes. A cluster has a file system of its own.
    """
    if not is_local(master()):
        return {}
    view = "org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme"
    return {
        "spark.hadoop.fs.dbfs.impl": view,
        # Else the JVM would remember the first home that it served.
        "spark.hadoop.fs.dbfs.impl.disable.cache": "true",
        "spark.hadoop.fs.viewfs.overload.scheme.target.dbfs.impl": "org.apache.hadoop.fs.LocalFileSystem",
        "spark.hadoop.fs.viewfs.mounttable.default.linkFallback": home.dbfs_path().as_uri(),
        "spark.hadoop.fs.viewfs.mounttable.default.link./Volumes": home.volumes_path().as_uri(),
    }


def set_worker_python() -> None:
    """Make Spark's Python workers run the Python that this process runs, whatever the environment said before.

    ``LAKELAB_WORKER_PYTHON`` names another program in its place, as a cluster's workers or a pre-warmed daemon need.
    """
    os.environ["PYSPARK_PYTHON"] = os.environ.get("LAKELAB_WORKER_PYTHON") or sys.executable
