"""The server of the API: a thread of this process, on loopback, at a free port."""

from __future__ import annotations

import atexit
import secrets
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn

_START_TIMEOUT = 30.0
"""Seconds that the thread may take to answer for the first time; a few hundredths on an idle machine."""


@dataclass(frozen=True)
class Running:
    """A server that answers, and the token that it asks for."""

    host: str
    token: str
    thread: threading.Thread
    server: uvicorn.Server


_running: Running | None = None
_lock = threading.Lock()


def start() -> Running:
    """Return this process's server, started on first use.

    Raises:
        RuntimeError: it did not come up.
    """
    global _running
    with _lock:
        if _running is None or not _running.thread.is_alive():
            _running = _start()
            atexit.register(stop)
        return _running


def stop() -> None:
    """End the server if there is one. Endpoints stay, and are served again after the next start."""
    global _running
    with _lock:
        if _running is not None:
            _running.server.should_exit = True
            _running.thread.join(timeout=10)
            _running = None


def _start() -> Running:
    import uvicorn

    from lakelab.serving.api import application

    token = secrets.token_urlsafe(16)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(application(token), log_config=None, log_level="critical", access_log=False, lifespan="off")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="lakelab-serving", daemon=True)
    thread.start()
    deadline = time.monotonic() + _START_TIMEOUT
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("The server of serving endpoints did not start. Restart the kernel and try again.")
        time.sleep(0.01)
    return Running(f"http://127.0.0.1:{listening.getsockname()[1]}", token, thread, server)
