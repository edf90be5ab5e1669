"""How jupyter-server-proxy is told to start MLflow's server; `tests/browser` opens it."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from lakelab import mlflow_ui


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAKELAB_HOME", str(tmp_path / "a home"))
    return tmp_path / "a home"


def test_the_entry_point_is_installed_and_the_proxy_accepts_it() -> None:
    from jupyter_server_proxy.config import ServerProcess

    (entry,) = entry_points(group="jupyter_serverproxy_servers", name="mlflow")
    process = ServerProcess(name=entry.name, **entry.load()())
    assert process.launcher_entry.title == "MLflow"
    assert Path(process.launcher_entry.icon_path).is_file()


def test_it_serves_the_courses_database_and_artifacts(home: Path) -> None:
    command = mlflow_ui.command(port=0, unix_socket="/tmp/a folder/socket")
    assert command[command.index("--backend-store-uri") + 1] == f"sqlite:///{home.as_posix()}/mlflow.db"
    assert command[command.index("--default-artifact-root") + 1] == (home / "mlruns").as_uri()


def test_it_listens_on_a_socket_where_there_is_one_and_else_on_this_machine_only() -> None:
    on_socket = mlflow_ui.command(port=0, unix_socket="/tmp/a folder/socket")
    assert on_socket[on_socket.index("--uvicorn-opts") + 1] == "--uds '/tmp/a folder/socket'"
    on_port = mlflow_ui.command(port=5123, unix_socket="")
    assert on_port[on_port.index("--host") + 1] == "127.0.0.1"
    assert on_port[on_port.index("--port") + 1] == "5123"
