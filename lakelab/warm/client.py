"""Whoever wants warm processes: starts the importing process, tells it what to import, and asks it for forks."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import shlex
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from lakelab.warm.zygote import LIBRARIES

IMPORT_TIMEOUT = 120.0
"""Seconds that the importing process may take to import."""

FORK_TIMEOUT = 30.0
"""Seconds that it may take to answer with a fork."""


class ForkError(Exception):
    """No fork is to be had; the same command can be started the usual way."""


def supported() -> bool:
    """Whether this platform has what warm processes need: Linux with file descriptors for processes."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and hasattr(os, "fork")


def libraries_in(sources: Iterable[str]) -> set[str]:
    """Return which of the known libraries are imported somewhere in these pieces of Python."""
    found = {name for source in sources for name in re.findall(r"^\s*(?:from|import)\s+(\w+)", source, re.MULTILINE)}
    return found & LIBRARIES.keys()


class ForkedProcess:
    """A process that was forked for us, with the parts of `subprocess.Popen` that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self._handle = -1
        self.pid = pid
        self.returncode: int | None = None
        self._handle = os.pidfd_open(pid)

    def __del__(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)

    def poll(self) -> int | None:
        """Return None while the process runs, then its exit status, or 1 where only its parent may know."""
        if self.returncode is None:
            waiting = select.poll()
            waiting.register(self._handle, select.POLLIN)
            if waiting.poll(0):
                try:
                    _, status = os.waitpid(self.pid, os.WNOHANG)
                    self.returncode = os.waitstatus_to_exitcode(status)
                except ChildProcessError:
                    self.returncode = 1
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; raises subprocess.TimeoutExpired."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (status := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(f"fork {self.pid}", timeout or 0)
            time.sleep(0.01)
        return status

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)


class Zygote:
    """An importing process, which lives no longer than this one.

    Args:
        folder: where its socket and the launcher for Spark are put; made if need be.
        environment: the environment to import in.
        adopted: whether this process adopts orphans below it, so that forks can be its own children.

    Attributes:
        newest: the process id of the newest fork.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], *, adopted: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.adopted = folder, adopted
        self.loaded: set[str] = set()
        self.newest = 0
        self._address = folder / "zygote"
        self._address.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        place = os.open(folder, os.O_RDONLY)
        try:
            listener.bind(
                f"/proc/self/fd/{place}/zygote"
            )  # whose length is limited, unlike that of the folder's own path
        finally:
            os.close(place)
        listener.listen(64)
        self._control, theirs = socket.socketpair()
        with listener, theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "lakelab.warm.zygote", str(listener.fileno()), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(listener.fileno(), theirs.fileno()),
                env=dict(environment),
                cwd="/",
                start_new_session=True,
            )
        self.worker_python = self._write_launcher()
        self._marks = self._look()

    def _write_launcher(self) -> Path | None:
        """Write the program that Spark can start in place of Python; None where programs can't be started from the folder."""
        program = self.folder / "python"
        own = Path(__file__).with_name("launcher.py")
        command = [sys.executable, "-S", "-I", str(own), str(self.folder), sys.executable]
        program.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
        program.chmod(0o755)
        return program if os.access(program, os.X_OK) else None

    def usable(self) -> bool:
        """Whether the process runs, everything of it is as it was put, and nothing was put beside it."""
        try:
            return self.process.poll() is None and self._look() == self._marks
        except OSError:
            return False

    def _look(self) -> dict[str, tuple[int, int, int]]:
        """Return what tells whether files in the folder were changed or replaced: of these, no user can set the time of change."""
        told = ((path.name, path.lstat()) for path in self.folder.iterdir())
        return {name: (about.st_ino, about.st_ctime_ns, about.st_mode) for name, about in told}

    def need(self, libraries: Iterable[str]) -> None:
        """Have these names of `LIBRARIES` imported; raises ForkError when that does not end."""
        if not (missing := sorted(set(libraries) - self.loaded)):
            return
        try:
            self._control.settimeout(IMPORT_TIMEOUT)
            self._control.sendall(json.dumps(missing).encode() + b"\n")
            if not self._control.recv(1):
                raise ForkError("the importing process is gone")
        except OSError as error:
            raise ForkError(f"the importing process does not answer ({error})") from error
        self.loaded.update(missing)

    def fork(
        self, command: list[str], environment: Mapping[str, str], folder: str, descriptors: list[int]
    ) -> ForkedProcess:
        """Return a fork that runs `command` in a session of its own; raises ForkError where there is none."""
        request = {
            "command": command,
            "environment": dict(environment),
            "folder": folder,
            "session": True,
            "orphan": self.adopted,
        }
        body = json.dumps(request).encode("utf-8", "surrogateescape")
        data = struct.pack(">Q", len(body)) + body
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(FORK_TIMEOUT)
                place = os.open(self.folder, os.O_RDONLY)
                try:
                    connection.connect(f"/proc/self/fd/{place}/zygote")
                finally:
                    os.close(place)
                sent = socket.send_fds(connection, [data[: 1 << 15]], descriptors)
                connection.sendall(data[sent:])
                answer = connection.makefile("rb").readline()
            process = ForkedProcess(int(json.loads(answer)["pid"]))
        except (OSError, ValueError, KeyError) as error:
            raise ForkError(f"the importing process gives no fork ({error})") from error
        self.newest = process.pid
        return process

    def stop(self) -> None:
        """End the importing process; its forks live on."""
        self._control.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._address.unlink(missing_ok=True)
