"""Runs notebooks side by side in forks of one warm process (:mod:`lakelab.automl.worker`)."""

from __future__ import annotations

import atexit
import json
import os
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Trials share the cores by running side by side; and sums in one thread come out the same every time."""


class ExecutionError(RuntimeError):
    """The process that runs trials ended unexpectedly; the message says what it wrote last."""


@dataclass(frozen=True)
class Ended:
    """How a notebook ended: its ``number``, the ``error`` that stopped it (``Type: message``) or None, and the time."""

    number: int
    error: str | None
    seconds: float


class Executor:
    """The warm process, started by the first notebook and kept for the next experiment of this Python process."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[Ended | None] = queue.Queue()
        self._numbers = iter(range(1, sys.maxsize))

    def start(self) -> None:
        """Start the process unless it runs; it imports while the caller goes on."""
        if self._process is not None and self._process.poll() is None:
            return
        self._answers = queue.Queue()
        environment = os.environ | THREADS | {"MPLBACKEND": "agg"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lakelab.automl.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # interrupting a cell signals the kernel's whole group; trials are ended in good order
        )
        threading.Thread(target=_read, args=(self._process.stdout, self._answers), daemon=True).start()
        atexit.unregister(self.stop)
        atexit.register(self.stop)

    def submit(self, notebook: Path, out: Path, environment: dict[str, str]) -> int:
        """Start a notebook and return its number; ``out`` will hold it with its outputs."""
        self.start()
        number = next(self._numbers)
        settings = {
            key: value for key, value in os.environ.items() if key.startswith(("MLFLOW_", "_MLFLOW_", "LAKELAB_"))
        }
        self._send(
            {
                "run": number,
                "notebook": str(notebook),
                "out": str(out),
                "cwd": str(notebook.parent),
                "env": settings | environment,
            }
        )
        return number

    def wait(self, timeout: float | None) -> Ended | None:
        """The next notebook that ended, in the order in which they end; None if none did within ``timeout`` seconds.

        Raises:
            ExecutionError: the process ended, and with it all that ran.
        """
        try:
            ended = self._answers.get(timeout=timeout)
        except queue.Empty:
            return None
        if ended is None:
            status = self._process.wait() if self._process is not None else None
            raise ExecutionError(
                f"The process that runs trials ended (status {status}), perhaps for lack of memory: "
                "free some, or pass fewer rows, and run the experiment again."
            )
        return ended

    def kill(self, number: int) -> None:
        """End a notebook at once; :meth:`wait` will report it."""
        self._send({"kill": number})

    def stop(self) -> None:
        """End the process and all that it runs."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _send(self, request: dict[str, Any]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # the process ended: wait() says so


def _read(answers: IO[bytes] | None, ended: queue.Queue[Ended | None]) -> None:
    assert answers is not None
    for line in answers:
        answer = json.loads(line)
        ended.put(Ended(answer["ended"], answer["error"], answer["seconds"]))
    ended.put(None)


executor = Executor()
"""The one of this process."""
