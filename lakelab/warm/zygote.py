"""The importing process: it imports libraries, and forks what would otherwise be started and would have to import them again.

Started by :class:`lakelab.warm.client.Zygote` as ``python -m lakelab.warm.zygote LISTENER CONTROL``, two inherited sockets. Over CONTROL
comes, in lines of JSON, what to import; its end is the end of this process. Who connects to LISTENER gets a process: a fork of this one takes
the request (command, environment, working directory, descriptors 0 to 2) and becomes the command. A command that is no Python module of
:data:`ENTRIES` is executed as ever.

This process has no thread of Python's own, runs no code but imports, and never looks into what comes over LISTENER itself, so nothing that a
submission sends can change or stop what later ones are forked from.
"""

from __future__ import annotations

import array
import contextlib
import gc
import importlib
import importlib.util
import json
import os
import random
import select
import signal
import socket
import struct
import sys
import tempfile
import time
import types
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

from lakelab.warm.closed import close_to_others

PATIENCE = 20.0
"""Seconds within which a request must be complete."""

ALWAYS = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "comm",
    "decimal",
    "sqlite3",
)

_SPARK = (
    "pandas", "pyarrow.parquet", "pyspark.daemon", "pyspark.worker", "pyspark.sql.functions", "pyspark.sql.classic.dataframe",
    "pyspark.sql.pandas.types", "pyspark.sql.pandas.serializers", "pyspark.sql.pandas.conversion", "pyspark.sql.window",
)  # fmt: skip

LIBRARIES: dict[str, tuple[str, ...]] = {
    # `lakelab.runtime` itself sets the environment of whoever imports it, so it is left to the kernel.
    "lakelab": ("lakelab.data", "lakelab.display", "lakelab.dbutils", "lakelab.spark.session", "psutil", *_SPARK),
    "hyperopt": ("hyperopt",),
    "lightgbm": ("lightgbm",),
    "matplotlib": ("matplotlib.pyplot",),
    "mlflow": ("mlflow", "mlflow.sklearn", "mlflow.pyfunc", "mlflow.models", "mlflow.store.tracking.sqlalchemy_store"),
    "numpy": ("numpy",),
    "optuna": ("optuna",),
    "pandas": ("pandas",),
    "pyarrow": ("pyarrow.parquet",),
    "pyspark": ("pyspark.sql", "pyspark.ml", "pyspark.ml.tuning", "pyspark.pandas", *_SPARK),
    "scipy": ("scipy.stats",),
    "sklearn": ("sklearn.ensemble", "sklearn.linear_model", "sklearn.pipeline", "sklearn.compose", "sklearn.model_selection"),
    "statsmodels": ("statsmodels.api",),
    "xgboost": ("xgboost",),
}  # fmt: skip
"""What is imported for a notebook that names a library. Only libraries that start no thread and look at no terminal when they are imported."""

Request = dict[str, Any]


def run_kernel() -> None:
    """Do what `python -m ipykernel_launcher` does."""
    from ipykernel.kernelapp import IPKernelApp
    from traitlets import Integer

    class ForkedKernelApp(IPKernelApp):
        """Knows its parent: the class it derives from looked for one when it was imported."""

        parent_handle = Integer(int(os.environ.get("JPY_PARENT_PID") or 0))

    ForkedKernelApp.launch_instance()


def run_daemon() -> None:
    """Do what `python -m pyspark.daemon` does: fork Spark's workers."""
    from pyspark.daemon import manager

    manager()


ENTRIES: dict[str, Callable[[], None]] = {"ipykernel_launcher": run_kernel, "pyspark.daemon": run_daemon}
"""The modules that a fork can become, with what is to be done in place of `python -m`."""


def load(names: Iterable[str]) -> None:
    """Import what :data:`LIBRARIES` lists for these names; what is not installed is passed over."""
    for name in names:
        for module in LIBRARIES.get(name, ()):
            with contextlib.suppress(Exception):
                importlib.import_module(module)


def receive(connection: socket.socket) -> tuple[Request, list[int]]:
    """Read a request and the descriptors that travel with it."""
    head, ancillary, _, _ = connection.recvmsg(1 << 16, socket.CMSG_SPACE(3 * 4))
    descriptors = array.array("i")
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
    size = 8 + struct.unpack(">Q", head[:8])[0]
    while len(head) < size:
        if not (more := connection.recv(1 << 16)):
            raise EOFError
        head += more
    return json.loads(head[8:]), list(descriptors)


def become(request: Request, descriptors: list[int]) -> Callable[[], object]:
    """Turn this fork into the process that was asked for, up to its start; return what starts it."""
    close_to_others(False)
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
    for descriptor in descriptors:
        if descriptor > 2:
            os.close(descriptor)
    command, environment = list(map(str, request["command"])), dict(request["environment"])
    os.chdir(request["folder"])
    module = command[2] if command[1:2] == ["-m"] and len(command) > 2 else ""
    if module not in ENTRIES:
        return lambda: os.execvpe(command[0], command, environment)
    before = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    extra = [entry for entry in environment.get("PYTHONPATH", "").split(os.pathsep) if entry]
    rest = [entry for entry in sys.path if entry not in (*before, *extra)]
    # `python -m` looks into the working directory first; a kernel adds it itself.
    sys.path[:] = [*([] if module == "ipykernel_launcher" else [str(Path.cwd())]), *extra, *rest]
    sys.argv = [str(getattr(importlib.util.find_spec(module), "origin", module)), *command[3:]]
    sys.dont_write_bytecode = bool(environment.get("PYTHONDONTWRITEBYTECODE"))
    sys.modules["__main__"] = types.ModuleType("__main__")
    if environment.get("PYTHONUNBUFFERED"):
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(write_through=True)  # type: ignore[union-attr]
    tempfile.tempdir = None
    # Else every notebook would draw the same "random" numbers.
    random.seed()
    if (numpy := sys.modules.get("numpy")) is not None:
        numpy.random.seed()
    return ENTRIES[module]


def serve(connection: socket.socket) -> NoReturn:
    """Be the fork that answers one connection."""
    status = 1
    try:
        connection.settimeout(PATIENCE)
        request, descriptors = receive(connection)
        if request.get("orphan"):
            # A fork of the fork belongs to whoever adopts orphans: to the one who asked, as if it had started it itself.
            between = os.getpid()
            if os.fork():
                os._exit(0)
            while os.getppid() == between:
                time.sleep(0.0005)
        if request.get("session"):
            os.setsid()
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGPIPE, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # as Python starts
        signal.signal(signal.SIGINT, signal.default_int_handler)
        start = become(request, descriptors)
        connection.settimeout(None)
        connection.sendall(json.dumps({"pid": os.getpid()}).encode() + b"\n")
        if request.get("session"):
            connection.close()
        else:
            connection.set_inheritable(True)  # its end tells the launcher that the process has ended
        start()
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        import traceback

        with contextlib.suppress(Exception):
            traceback.print_exc()
    _leave(status)


def _leave(status: int) -> NoReturn:
    """End as the interpreter would: exit handlers, then what is buffered."""
    import atexit
    import threading

    with contextlib.suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined]
    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
    os._exit(status)


def main() -> None:
    """Import and fork until the other end of the control socket is gone."""
    listener, control = (socket.socket(fileno=int(number)) for number in sys.argv[1:3])
    sys.argv, sys.path = [""], [entry for entry in sys.path if entry != str(Path.cwd())]
    for descriptor in (listener, control):
        descriptor.set_inheritable(False)
    close_to_others()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # forks are buried without being asked about
    for module in ALWAYS:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    gc.collect()
    gc.freeze()  # what is there now is never looked at again, so its pages stay shared
    waiting = select.poll()
    waiting.register(listener, select.POLLIN)
    waiting.register(control, select.POLLIN)
    rest = b""
    while True:
        for ready, _ in waiting.poll():
            if ready == control.fileno():
                if not (chunk := control.recv(1 << 16)):
                    os._exit(0)
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    load(json.loads(line))
                    gc.collect()
                    gc.freeze()
                    control.sendall(b"\n")
                continue
            try:
                connection, _ = listener.accept()
                child = os.fork()
            except OSError:  # too many processes or files: whoever asks starts the command itself
                time.sleep(0.05)
                continue
            if child == 0:
                listener.close()
                control.close()
                serve(connection)
            connection.close()


if __name__ == "__main__":
    # As a module of its own name, so that what a fork unpickles or prints never meets this file as `__main__`.
    from lakelab.warm.zygote import main as run

    run()
