"""What a notebook has on opening: ``spark``, ``dbutils`` and ``display``.

On Databricks these names are there without an import. Importing this module starts nothing and imports neither pyspark nor
MLflow; Spark starts when ``spark`` is first used. The import also points MLflow at the course's database and quiets
what would otherwise be written to stderr, by environment variables only, and leaves alone those that are set. In a
notebook, ``%pip`` installs for that notebook alone.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from lakelab import home
from lakelab.spark import config, gateway, session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from lakelab.dbutils import DBUtils
    from lakelab.display import display as display

    spark: SparkSession
    dbutils: DBUtils

__all__ = ["dbutils", "display", "spark"]


class LazySparkSession:
    """A stand-in for the process's SparkSession that starts it on first use, and anew after ``stop()``.

    It passes for a SparkSession: ``isinstance(spark, SparkSession)`` holds, every attribute is the session's own, and so
    libraries that take a session work with it.
    """

    __slots__ = ()

    @property  # type: ignore[misc]  # what isinstance() asks when the type itself is another
    def __class__(self) -> type:
        from pyspark.sql import SparkSession

        return SparkSession

    def __getattr__(self, name: str) -> Any:
        return getattr(session.get_or_create(), name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(session.get_or_create(), name, value)

    def __dir__(self) -> list[str]:
        from pyspark.sql import SparkSession

        return dir(SparkSession)  # completing a name must not start a JVM

    def __eq__(self, other: object) -> bool:
        return self is other or session.running() is other

    def __hash__(self) -> int:
        return hash(session.get_or_create())

    def __repr__(self) -> str:
        current = session.running()
        return "<SparkSession that starts on first use>" if current is None else repr(current)

    def _repr_html_(self) -> str:
        return session.get_or_create()._repr_html_()

    def __enter__(self) -> SparkSession:
        return session.get_or_create().__enter__()

    def __exit__(self, *details: Any) -> None:
        session.get_or_create().__exit__(*details)

    def __reduce__(self) -> Any:
        # Reached when a function that uses `spark` is sent to a worker: the same error as for a real session.
        from pyspark.errors import PySparkRuntimeError

        raise PySparkRuntimeError(errorClass="CONTEXT_ONLY_VALID_ON_DRIVER", messageParameters={})

    def stop(self) -> None:
        """Stop the session if there is one; the next use starts another in the same JVM."""
        if (current := session.running()) is not None:
            current.stop()


def configure() -> None:
    """Set the environment that quiet work needs and make pyspark start its JVM LakeLab's way.

    Raises:
        HomeError: the state folder cannot be used.
    """
    config.set_worker_python()
    defaults = {
        "PYARROW_IGNORE_TIMEZONE": "1",  # pandas API on Spark warns without it
        "MLFLOW_DISABLE_AGENT_HINT": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
        "MLFLOW_LOGGING_LEVEL": "WARNING",
        "MLFLOW_UV_AUTO_DETECT": "false",  # else a uv.lock in the working directory replaces a model's own requirements
    }
    if "MLFLOW_TRACKING_URI" not in os.environ:
        defaults["MLFLOW_TRACKING_URI"] = home.mlflow_uri()
        # MLflow has no public setting for where a local store keeps artifacts; its default is the working directory.
        defaults["_MLFLOW_SERVER_ARTIFACT_ROOT"] = home.mlflow_artifacts().as_uri()
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    gateway.install()
    if "IPython" in sys.modules:  # perhaps a notebook
        from lakelab.dbutils import pip

        pip.register()


_lock = threading.Lock()


def __getattr__(name: str) -> Any:
    """Make ``dbutils`` and ``display`` when they are first asked for."""
    with _lock:
        if name in globals():
            return globals()[name]
        if name == "dbutils":
            from lakelab.dbutils import DBUtils

            globals()[name] = DBUtils()
        elif name == "display":
            from lakelab import display as module

            globals()[name] = module.display
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return globals()[name]


if not TYPE_CHECKING:
    spark = LazySparkSession()
configure()
