"""MLflow's own pages inside JupyterLab: what jupyter-server-proxy starts when somebody opens the launcher's tile *MLflow*.

The pages show the database that :mod:`lakelab.runtime` points MLflow at, so what a notebook logged is there at once. Nothing is
fetched from elsewhere. Two guards stand before it: Jupyter asks for its token, and where the system has Unix sockets the server
listens on one in a folder that only its owner may enter, so that other people on the same machine can't go round Jupyter.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Any

from lakelab import home

START_PAGE = "#/experiments?workflowType=machine_learning"
"""The list of experiments, with the menu for trained models (the other one is for language models)."""

START_TIMEOUT = 120.0
"""Seconds that MLflow may take to answer for the first time; about 10 on two cores, and machines are busy."""


def server() -> dict[str, Any]:
    """Return how jupyter-server-proxy starts MLflow's server and reaches it; the entry point in `pyproject.toml` names this."""
    return {
        "command": command,
        "environment": environment(),
        "timeout": START_TIMEOUT,
        "unix_socket": hasattr(os, "fork"),  # uvicorn has no Unix sockets on Windows
        # MLflow refuses hosts that it does not know, against DNS rebinding. A browser never talks to it directly here: Jupyter
        # has checked the host already. The origin stays as it came, because MLflow's check of it is the one against forged posts.
        "request_headers_override": {"Host": "localhost"},
        "new_browser_tab": False,
        "launcher_entry": {
            "title": "MLflow",
            "category": "Notebook",  # where JupyterLab shows the icon
            "icon_path": str(Path(__file__).with_suffix(".svg")),
            "path_info": f"mlflow/{START_PAGE}",
        },
    }


def command(port: int, unix_socket: str) -> list[str]:
    """Return the command of MLflow's server on the course's database.

    Raises:
        HomeError: the state folder cannot be used.
    """
    where = (
        ["--uvicorn-opts", shlex.join(["--uds", unix_socket])]
        if unix_socket
        else ["--host", "127.0.0.1", "--port", str(port)]
    )
    return [
        *(sys.executable, "-m", "mlflow", "server", *where),
        *("--backend-store-uri", home.mlflow_uri()),
        # Artifacts lie in files below the state folder, and the server reads them there: it needs no store of its own.
        *("--default-artifact-root", home.mlflow_artifacts().as_uri(), "--no-serve-artifacts"),
        *("--workers", "1"),  # one reader; each further process would cost half a gigabyte
    ]


def environment() -> dict[str, str]:
    """Return what is set for the server beside the environment it inherits."""
    return {
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # evaluations in the background, which the course does not use
    }
