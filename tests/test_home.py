"""lakelab.home: where state goes, that nothing is created early, and what is said when a folder cannot be used."""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from lakelab import home


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAKELAB_HOME", raising=False)
    monkeypatch.delenv("LAKELAB_CACHE", raising=False)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "nbgrader_config.py").touch()
    (tmp_path / "course" / "1_lesson").mkdir(parents=True)
    return tmp_path


def test_home_is_in_the_course_that_the_working_directory_is_in(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course / "course" / "1_lesson")
    assert home.course_root() == course
    assert home.home_path() == course / ".lakelab"
    assert not (course / ".lakelab").exists(), "naming a path must not create it"


def test_environment_wins(course: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(course)
    monkeypatch.setenv("LAKELAB_HOME", str(tmp_path / "elsewhere"))
    assert home.home() == tmp_path / "elsewhere"
    assert home.cache_dir() == tmp_path / "elsewhere" / "cache"
    monkeypatch.setenv("LAKELAB_CACHE", str(tmp_path / "shared"))
    assert home.cache_dir() == tmp_path / "shared"


def test_without_a_course_home_is_in_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(home, "course_root", lambda: None)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home.home_path() == tmp_path / ".lakelab"


def test_folder_that_cannot_be_made_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LAKELAB_HOME", str(tmp_path / "file" / "below"))
    with pytest.raises(home.HomeError, match=r"cannot create its folder .*below .*set LAKELAB_HOME"):
        home.home()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_unwritable_folder_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    monkeypatch.setenv("LAKELAB_HOME", str(tmp_path))
    with pytest.raises(home.HomeError, match=r"cannot write to .*set LAKELAB_HOME"):
        home.home()


def test_new_mlflow_database_is_a_copy_of_the_ready_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAKELAB_HOME", str(tmp_path))
    assert home.mlflow_uri() == f"sqlite:///{tmp_path}/mlflow.db"
    assert not home.mlflow_database().exists(), "without a ready database, MLflow makes its own"

    home.cache_dir()
    with closing(sqlite3.connect(home.ready_database())) as ready, ready:
        ready.execute("CREATE TABLE experiments (name TEXT)")
    with ThreadPoolExecutor() as pool:
        assert len(set(pool.map(lambda _: home.mlflow_uri(), range(8)))) == 1
    assert home.mlflow_database().read_bytes() == home.ready_database().read_bytes()

    with closing(sqlite3.connect(home.mlflow_database())) as used, used:
        used.execute("INSERT INTO experiments VALUES ('mine')")
    home.mlflow_uri()
    assert home.mlflow_database().read_bytes() != home.ready_database().read_bytes(), "a database in use is kept"
    assert not list(tmp_path.glob("mlflow.db?*")), "no half-written copies stay behind"


def test_ready_database_is_migrated_and_empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAKELAB_HOME", str(tmp_path))
    ready = home.build_ready_database()
    with closing(sqlite3.connect(ready)) as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM experiments").fetchone() == (0,)
    made = ready.stat().st_mtime_ns
    assert home.build_ready_database().stat().st_mtime_ns == made
