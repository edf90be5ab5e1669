"""Where LakeLab keeps its state; the only module that decides a state path.

``LAKELAB_HOME`` wins. Without it the state lives in ``.lakelab`` at the root of the course (so that two checkouts do not
share models and tables), and without a course in ``~/.lakelab``. ``LAKELAB_CACHE`` moves the caches alone, so that many
short-lived homes, such as those of submissions, share them. Nothing is created before it is asked for.

Layout below the home folder::

    cache/              can be deleted at any time: AOT cache of the JVM, ready-migrated MLflow database
    logs/               what each JVM wrote, newest ten kept
    run/                one folder per running JVM: its warehouse and scratch files
    mlflow.db, mlruns/  MLflow's database and artifacts
    tables/             feature tables: catalog/schema/table, each a Delta table; .staging/ holds what is being written
    online_stores/      one SQLite file per online store
    serving_endpoints/  one JSON file per serving endpoint
    feature_specs/      catalog/schema/name.yaml
    dbfs/, Volumes/     what is dbfs:/ and /Volumes to dbutils.fs and Spark
    libraries/          what %pip installed, one folder per notebook
    notebook_runs/      copies of what dbutils.notebook.run executed, newest twenty kept
    jobs/               one folder per run of a job: executed copies of its tasks, their task values
    secrets.json        what dbutils.secrets reads; written by hand
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

COURSE_MARKS = ("nbgrader_config.py", "course")
"""What the root folder of a course holds."""


class HomeError(RuntimeError):
    """A state folder cannot be used; the message names the folder and the remedy."""


def course_root() -> Path | None:
    """Return the root folder of the course that the working directory or this package belongs to.

    The working directory and its ancestors are asked first, then the package's (which finds the course of an editable
    install). ``None`` if neither lies in a course.
    """
    for start in (Path.cwd(), Path(__file__).resolve().parent):
        for folder in (start, *start.parents):
            if all((folder / mark).exists() for mark in COURSE_MARKS):
                return folder
    return None


def home_path() -> Path:
    """Return the absolute path of the state folder without creating it."""
    if configured := os.environ.get("LAKELAB_HOME"):
        return Path(configured).expanduser().absolute()
    root = course_root()
    return root / ".lakelab" if root else Path.home() / ".lakelab"


def home() -> Path:
    """Return the state folder, created if need be.

    Raises:
        HomeError: the folder cannot be created or written to.
    """
    return _writable(home_path())


def state_dir(*names: str) -> Path:
    """Return the folder ``names`` below the state folder, created if need be.

    Raises:
        HomeError: the folder cannot be created or written to.
    """
    home()
    return _writable(home_path().joinpath(*names))


def cache_path() -> Path:
    """Return the folder of things that can be rebuilt, without creating it; it may be one that can only be read.

    ``LAKELAB_CACHE`` moves it, so that homes of their own (as each graded submission has one) share what was built once.
    """
    if configured := os.environ.get("LAKELAB_CACHE"):
        return Path(configured).expanduser().absolute()
    return home_path() / "cache"


def cache_dir() -> Path:
    """Return :func:`cache_path`, created if need be: deleting it costs time and nothing else.

    Raises:
        HomeError: the folder cannot be created or written to.
    """
    return _writable(cache_path(), "LAKELAB_CACHE" if os.environ.get("LAKELAB_CACHE") else "LAKELAB_HOME")


def logs_dir() -> Path:
    """Return the folder of the JVM's log files."""
    return state_dir("logs")


def run_dir() -> Path:
    """Return the folder in which every running JVM has a folder of its own."""
    return state_dir("run")


def tables_path() -> Path:
    """Return the folder of feature tables, ``catalog/schema/table`` below it, without creating it."""
    return home_path() / "tables"


def tables_dir() -> Path:
    """Return :func:`tables_path`, created if need be."""
    return state_dir("tables")


def online_stores_dir() -> Path:
    """Return the folder of online stores, one SQLite file each."""
    return state_dir("online_stores")


def serving_endpoints_dir() -> Path:
    """Return the folder of serving endpoints, one JSON file each."""
    return state_dir("serving_endpoints")


def feature_specs_dir() -> Path:
    """Return the folder of feature specs, ``catalog/schema/name.yaml`` below it."""
    return state_dir("feature_specs")


def dbfs_path() -> Path:
    """Return the folder that is ``dbfs:/`` to dbutils and Spark, without creating it."""
    return home_path() / "dbfs"


def volumes_path() -> Path:
    """Return the folder that is ``/Volumes`` to dbutils and ``dbfs:/Volumes`` to Spark, without creating it."""
    return home_path() / "Volumes"


def libraries_path() -> Path:
    """Return the folder of the libraries that notebooks installed for themselves, without creating it."""
    return home_path() / "libraries"


def notebook_runs_dir() -> Path:
    """Return the folder of the notebooks that notebooks ran."""
    return state_dir("notebook_runs")


def jobs_dir() -> Path:
    """Return the folder of the runs of jobs, one folder each."""
    return state_dir("jobs")


def automl_dir() -> Path:
    """Return the folder of AutoML's experiments, one folder of notebooks each."""
    return state_dir("automl")


def workspace_dir() -> Path:
    """Return the folder that stands for ``/Workspace``."""
    return state_dir("Workspace")


def secrets_file() -> Path:
    """Return the file of the secrets for dbutils; it need not exist."""
    return home_path() / "secrets.json"


def mlflow_database() -> Path:
    """Return the file of MLflow's database; it need not exist yet."""
    return home() / "mlflow.db"


def mlflow_artifacts() -> Path:
    """Return the folder of MLflow's artifacts, which MLflow makes on first use."""
    return home() / "mlruns"


def ready_database() -> Path:
    """Return the cached empty MLflow database that new ones are copied from; it need not exist yet."""
    from importlib.metadata import version  # not needed once the home has its database, and not cheap

    return cache_path() / f"mlflow-{version('mlflow')}.db"


def mlflow_uri() -> str:
    """Return the tracking URI of MLflow's database below the state folder.

    A new database is copied from :func:`ready_database` if there is one, because MLflow's migrations of an empty one take
    about five seconds; otherwise MLflow makes it on first use.

    Raises:
        HomeError: the folder cannot be created or written to.
    """
    database = mlflow_database()
    if not database.exists() and (ready := ready_database()).exists():
        _place(ready, database)
    return f"sqlite:///{database.as_posix()}"


def build_ready_database() -> Path:
    """Make :func:`ready_database` unless it exists, and return its path.

    The default experiment is left out: it would carry the artifact folder of this home; MLflow adds it on first use.

    Raises:
        HomeError: the cache folder cannot be created or written to.
    """
    ready = ready_database()
    if ready.exists():
        return ready
    import logging
    import sqlite3

    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore  # imported here because it takes seconds

    logging.getLogger("mlflow").setLevel(logging.WARNING)  # it reports every migration
    with tempfile.TemporaryDirectory(dir=cache_dir()) as scratch:
        fresh = Path(scratch) / "mlflow.db"
        store = SqlAlchemyStore(f"sqlite:///{fresh.as_posix()}", scratch)
        store.engine.dispose()
        with closing(sqlite3.connect(fresh)) as connection, connection:
            connection.execute("DELETE FROM experiments")
        fresh.replace(ready)
    return ready


def fingerprint(*parts: object) -> str:
    """Return 16 hexadecimal digits that change when any of ``parts`` does; for names of cached files."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


def _place(source: Path, target: Path) -> None:
    """Copy ``source`` to ``target`` in one step; a target that another process placed meanwhile is kept."""
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=target.name, delete=False) as partial:
        copy = Path(partial.name)
    try:
        shutil.copyfile(source, copy)
        copy.chmod(0o644)
        try:
            os.link(copy, target)  # unlike a rename, this never replaces a database that is already in use
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            if not target.exists():
                copy.replace(target)
    finally:
        copy.unlink(missing_ok=True)


def _writable(folder: Path, variable: str = "LAKELAB_HOME") -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HomeError(
            f"LakeLab cannot create its folder {folder} ({error.strerror}): "
            f"set {variable} to a folder you can write to."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise HomeError(
            f"LakeLab cannot write to its folder {folder}: "
            f"change its permissions or set {variable} to a folder you can write to."
        )
    return folder
