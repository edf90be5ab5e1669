"""lakelab.doctor: all checks say something, each failure names its remedy, and a broken check doesn't hide the others."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lakelab import doctor, home
from lakelab.doctor import checks


@pytest.fixture(autouse=True)
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("LAKELAB_CACHE", "LAKELAB_DATA", "LAKELAB_DB_URL", "LAKELAB_JAVA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LAKELAB_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "course").mkdir()
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    return tmp_path


def test_every_check_answers_and_names_a_remedy() -> None:
    results = doctor.run()
    assert len(results) == len(checks.CHECKS)
    assert not [result for result in results if "check broke" in result.found]
    assert all(result.remedy for result in results if result.status != "ok")


def test_broken_check_is_a_failure_of_its_own() -> None:
    def some_check() -> checks.Result:
        raise OSError("no such device")

    [broken, fine] = doctor.run([some_check, checks.python])
    assert (broken.name, broken.status, "no such device" in broken.found) == ("some check", "fail", True)
    assert fine.status == "ok"


def test_changed_and_missing_data(course: Path) -> None:
    assert checks.data().status == "fail"
    (course / "data").mkdir()
    (course / "data" / "a.parquet").write_bytes(b"a")
    sha = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    manifest = {"files": [{"path": "a.parquet", "sha256": sha}]}
    (course / "data" / "manifest.json").write_text(json.dumps(manifest))
    assert checks.data().status == "ok"
    (course / "data" / "a.parquet").write_bytes(b"b")
    result = checks.data()
    assert (result.status, result.found) == ("fail", "missing or changed: a.parquet")
    assert "git checkout" in result.remedy


def test_packages_against_the_constraints(course: Path) -> None:
    (course / "constraints.txt").write_text("pytest==0.1\nnot-needed==1\n")
    result = checks.packages()
    assert result.status == "warn"
    assert "pytest" in result.found
    assert "not-needed" not in result.found


def test_gradebook_that_does_not_answer_hides_its_password(course: Path) -> None:
    assert checks.gradebook().status == "ok"
    (course / "gradebook.db").write_text("this is no database")
    (course / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///{course}/gradebook.db'\n"
    )
    (course / "gradebook.db").unlink()
    (course / "gradebook.db").mkdir()
    assert checks.gradebook().status == "fail"
    url = "postgresql://grader:secret@127.0.0.1:1/x"
    (course / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = '{url}'\n")
    result = checks.gradebook()
    assert result.status == "fail"
    assert "secret" not in result.found


def test_state_folder_and_mlflow_database(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.mlflow_database().status == "ok"
    home.mlflow_database().write_text("this is no database, though it is long enough to be looked at")
    assert checks.mlflow_database().status == "fail"
    home.mlflow_database().unlink()
    with closing(sqlite3.connect(home.mlflow_database())) as database, database:
        database.execute("CREATE TABLE runs (id TEXT)")
    assert checks.mlflow_database().found == "0 runs"
    (course / "file").touch()
    monkeypatch.setenv("LAKELAB_HOME", str(course / "file" / "home"))
    assert checks.state_folder().status == "fail"


def test_memory_and_java(monkeypatch: pytest.MonkeyPatch, course: Path) -> None:
    monkeypatch.setenv("LAKELAB_DRIVER_MEMORY", "9t")
    assert checks.memory().status == "fail"
    monkeypatch.setenv("LAKELAB_DRIVER_MEMORY", "512m")
    assert checks.memory().found.endswith("take 0.5")
    monkeypatch.setenv("LAKELAB_JAVA_HOME", str(course))
    assert checks.java().status == "fail"


def test_aot_cache_is_recommended_until_it_is_there() -> None:
    result = checks.aot_cache()
    assert (result.status, "lakelab.prepare" in result.remedy) == ("warn", True)
