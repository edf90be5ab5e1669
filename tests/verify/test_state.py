"""Going back to an earlier moment."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lakelab import home
from lakelab.verify.state import FileStore, Namespace, restore_default_experiment


def test_names_and_plain_values_come_back_as_often_as_asked() -> None:
    shared = [1, {"a": [2]}]
    table = pd.DataFrame({"x": [1, 2]})
    other = object()
    live = {"shared": shared, "same": shared, "table": table, "array": np.array([1.0]), "other": other}
    moment = Namespace(live)
    for _ in range(2):
        live["shared"][1]["a"].append(3)  # type: ignore[index]
        live["table"]["y"] = 0  # type: ignore[index]
        live["array"][0] = 9  # type: ignore[index]
        live["new"] = 1
        del live["other"]
        moment.restore()
        assert live["shared"] == [1, {"a": [2]}]
        assert live["same"] is live["shared"]
        assert list(live["table"].columns) == ["x"]  # type: ignore[attr-defined]
        assert live["array"][0] == 1.0  # type: ignore[index]
        assert live["other"] is other
        assert "new" not in live


def test_files_and_folders_come_back(tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "kept").mkdir(parents=True)
    (work / "kept" / "a.txt").write_text("a")
    (work / "b.txt").write_text("b")
    (work / "cache").mkdir()
    store = FileStore([work], tmp_path / "aside", skip=[work / "cache"])
    moment = store.save()
    for _ in range(2):
        (work / "kept" / "a.txt").unlink()
        (work / "kept").rmdir()
        (work / "b.txt").write_text("changed")
        (work / "new" / "table").mkdir(parents=True)
        (work / "new" / "table" / "part.parquet").write_text("1")
        (work / "cache" / "jvm.aot").write_text("stays")
        store.restore(moment)
        assert (work / "kept" / "a.txt").read_text() == "a"
        assert (work / "b.txt").read_text() == "b"
        assert not (work / "new").exists()
        assert (work / "cache" / "jvm.aot").exists()


def test_a_database_comes_back_below_an_open_connection(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    with closing(sqlite3.connect(work / "runs.db")) as connection:
        connection.execute("CREATE TABLE runs (name TEXT)")
        connection.execute("INSERT INTO runs VALUES ('first')")
        connection.commit()
        store = FileStore([work], tmp_path / "aside", skip=[])
        moment = store.save()
        connection.execute("INSERT INTO runs VALUES ('second')")
        connection.commit()
        later = store.save()
        store.restore(moment)
        assert connection.execute("SELECT name FROM runs").fetchall() == [("first",)]
        store.restore(later)
        assert connection.execute("SELECT name FROM runs").fetchall() == [("first",), ("second",)]


def test_mlflow_goes_on_working_after_its_database_came_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Registered models go with the moment, aliases return, and the default experiment is there even if it was not before."""
    monkeypatch.setenv("LAKELAB_CACHE", str(home.cache_path()))
    monkeypatch.setenv("LAKELAB_HOME", str(tmp_path / "home"))
    home.build_ready_database()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", home.mlflow_uri())
    store = FileStore([tmp_path / "home"], tmp_path / "aside", skip=[])
    untouched = store.save()

    from mlflow import MlflowClient  # imported late, as a lab does

    client = MlflowClient()

    def register(alias: str) -> int:
        if not client.search_registered_models("name = 'main.test.model'"):
            client.create_registered_model("main.test.model")
        version = client.create_model_version(
            "main.test.model", str(tmp_path), run_id=client.create_run("0").info.run_id
        )
        client.set_registered_model_alias("main.test.model", alias, version.version)
        return int(version.version)

    assert register("champion") == 1
    used = store.save()
    assert register("champion") == 2
    store.restore(untouched)
    restore_default_experiment()
    assert client.search_registered_models() == []
    assert register("challenger") == 1
    store.restore(used)
    restore_default_experiment()
    assert int(client.get_model_version_by_alias("main.test.model", "champion").version) == 1
    assert register("champion") == 2
