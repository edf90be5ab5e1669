"""Borrowing a running JVM from a process that lends one (:mod:`lakelab.spark.lending`), in place of starting one."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

VARIABLE = "LAKELAB_JVM"
"""The environment variable that names the folder of the lender's socket."""

PATIENCE = 120.0
"""Seconds to wait for a JVM that is only being started."""

_DECISIVE = (
    "LAKELAB_SPARK_CONF",
    "LAKELAB_SPARK_MASTER",
    "LAKELAB_DRIVER_MEMORY",
    "LAKELAB_JAVA_OPTIONS",
    "LAKELAB_JAVA_HOME",
)
_NEEDS_ITS_OWN = ("spark.driver.memory", "spark.driver.extraClassPath", "spark.driver.extraJavaOptions", "spark.master")


class LentJvm:
    """A borrowed JVM, with what is used of :class:`lakelab.spark.gateway.Jvm`. Ending it is the lender's business."""

    process = None

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.folder = Path(answer["folder"])
        self._address = (int(answer["port"]), str(answer["secret"]))
        self._handle = os.pidfd_open(int(answer["pid"]))

    def alive(self) -> bool:
        """Whether the JVM still runs."""
        waiting = select.poll()
        waiting.register(self._handle, select.POLLIN)
        return not waiting.poll(0)

    def address(self) -> tuple[int, str]:
        """Return port and secret of its gateway."""
        return self._address

    def let_go(self) -> None:
        """Nothing to do: nothing of this process keeps the JVM alive."""


def borrow(conf: Mapping[str, str]) -> LentJvm | None:
    """Return a JVM from the lender that the environment names, for a session with the settings ``conf``; ``None`` if there is none."""
    folder = os.environ.get(VARIABLE)
    if not folder or any(key in _NEEDS_ITS_OWN for key in conf):
        return None
    request = {"folder": os.getcwd(), "decisive": decisive(os.environ)}  # noqa: PTH109
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(PATIENCE)
            with short_path(Path(folder)) as address:
                connection.connect(address)
            connection.sendall(json.dumps(request).encode() + b"\n")
            answer = json.loads(connection.makefile("rb").readline() or b"{}")
        return LentJvm(answer) if answer else None
    except (OSError, ValueError):
        return None


def decisive(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what of an environment a JVM depends on, so that one is lent only where it is the same."""
    return {key: environment[key] for key in _DECISIVE if environment.get(key)}


@contextlib.contextmanager
def short_path(folder: Path) -> Iterator[str]:
    """Give a path of the socket in ``folder`` that is short enough for a socket, whose path may have 107 characters."""
    place = os.open(folder, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{place}/jvm"
    finally:
        os.close(place)
