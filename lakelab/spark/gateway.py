"""Starting the JVM that Spark runs in, and connecting pyspark to it.

pyspark's own way is a shell script that starts a JVM that prints the command that starts the JVM. Here
``PythonGatewayServer`` is started directly, on the Java of :mod:`lakelab.spark.java` and with the AOT cache of
:mod:`lakelab.spark.aot`. What the JVM prints goes to a file in the ``logs`` folder of the state folder.

:func:`install` puts this in place of ``pyspark.java_gateway.launch_gateway``, so that a notebook's own
``SparkSession.builder.getOrCreate()`` gets the same JVM. A running gateway named by ``PYSPARK_GATEWAY_PORT`` and
``PYSPARK_GATEWAY_SECRET`` is used as it is. ``LAKELAB_JAVA_OPTIONS`` adds Java options.
"""

from __future__ import annotations

import atexit
import importlib.machinery
import logging
import os
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from lakelab import home
from lakelab.spark import aot, config, java
from lakelab.spark.borrowing import LentJvm, borrow

if TYPE_CHECKING:
    from pyspark.conf import SparkConf

START_TIMEOUT = 120.0
"""Seconds after which a JVM that has not opened its gateway is given up."""

KEPT_LOGS = 10
"""How many log files of earlier JVMs are kept."""

ABANDONED_AFTER = 24 * 3600.0
"""Age in seconds from which the folder of a process that is gone is removed.

The age matters because a process in a container, which cannot be seen from outside, may own the folder.
"""

_lock = threading.RLock()
_jvm: Jvm | LentJvm | None = None


class GatewayError(RuntimeError):
    """The JVM did not start; the message says why and names its log file."""


QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Options of a JVM that grades: the quick compiler alone, and a collector without threads of its own. They take 40 % off the processor time of
the first eight labs that a JVM serves (the second compiler earns back what it costs only much later), and a third off its memory. A JVM that
trains models for minutes would be slowed by them."""


class Jvm:
    """A JVM that runs Spark's Python gateway, started by this process and living no longer than it.

    Args:
        conf: Spark settings, which become the defaults of every session in this JVM.
        folder: the JVM's private scratch folder, removed when it is stopped.
        aot_cache: the AOT cache to start from; a file that does not exist is ignored.
        options: further Java options, such as those that record an AOT cache.
        environment: what it runs in, if not in this process's own environment.
        place: its working directory, if not this process's own.
        log: the file for what it prints, if not one of its own in the ``logs`` folder.

    Attributes:
        process: the JVM's process.
        log: the file that holds what it printed.
    """

    def __init__(
        self,
        conf: Mapping[str, str],
        folder: Path,
        *,
        aot_cache: Path | None,
        options: Iterable[str] = (),
        environment: Mapping[str, str] | None = None,
        place: Path | None = None,
        log: Path | None = None,
    ) -> None:
        self.folder, self._place = folder, place
        self.log = log or home.logs_dir() / f"spark-{folder.name}.log"
        self._connection = folder / "connection"
        runtime = java.find_java()
        environment = dict(os.environ if environment is None else environment)
        if config.is_local(conf["spark.master"]):
            # With SPARK_HOME set, workers import pyspark from a zip file that has no bytecode, in place of the package.
            environment.pop("SPARK_HOME", None)
        environment |= {
            "_PYSPARK_DRIVER_CONN_INFO_PATH": str(self._connection),
            "SPARK_CONNECT_MODE": "0",
            "SPARK_LOCAL_HOSTNAME": environment.get("SPARK_LOCAL_HOSTNAME", "localhost"),
        }
        self._environment = environment
        self._java = [str(runtime.executable)]
        self._arguments = [*base_options(runtime), f"-Xmx{conf['spark.driver.memory']}", *options]
        scratch = folder / "tmp"  # Java's default is /tmp, where a JVM that is killed leaves its files for good
        scratch.mkdir(exist_ok=True)
        self._arguments += [f"-Djava.io.tmpdir={scratch}"]
        self._arguments += shlex.split(os.environ.get("LAKELAB_JAVA_OPTIONS", ""))
        self._arguments += [f"-D{key}={value}" for key, value in conf.items()]
        self._arguments += ["-cp", classpath(conf), "org.apache.spark.api.python.PythonGatewayServer"]
        self._aot_cache = aot_cache if aot_cache is not None and aot_cache.is_file() else None
        self.process = self._spawn([f"-XX:AOTCache={self._aot_cache}"] if self._aot_cache else [])

    def _spawn(self, options: list[str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            # The JVM ends when its stdin does: with this process, however that ends. Its own process group keeps Ctrl-C and
            # Jupyter's interrupt, which are meant for a cell, from ending it.
            return subprocess.Popen(
                [*self._java, *options, *self._arguments],
                stdin=subprocess.PIPE, stdout=log, stderr=log, env=self._environment, cwd=self._place, **_own_group(),
            )  # fmt: skip

    def alive(self) -> bool:
        """Whether the JVM still runs."""
        return self.process.poll() is None

    def address(self) -> tuple[int, str]:
        """Wait until the gateway is open, and return its port and secret.

        Raises:
            GatewayError: the JVM ended, or took longer than ``START_TIMEOUT`` seconds.
        """
        give_up = time.monotonic() + START_TIMEOUT
        while not self._connection.exists():
            if not self.alive() and self._aot_cache is not None:
                # Java ignores a cache that does not fit; one damaged inside can end it.
                with suppress(OSError):
                    self._aot_cache.unlink()
                self._aot_cache = None
                self.process = self._spawn([])
            elif not self.alive():
                raise GatewayError(
                    f"Spark's JVM ended while starting: {self._last_words()} The whole log is in {self.log}."
                )
            if time.monotonic() > give_up:
                self.stop()
                raise GatewayError(
                    f"Spark's JVM took longer than {START_TIMEOUT:.0f} s to start; its log is in {self.log}. "
                    "Run `lakelab doctor` to see what this machine lacks."
                )
            time.sleep(0.01)
        content = self._connection.read_bytes()
        port, length = struct.unpack(">ii", content[:8])
        return port, content[8 : 8 + length].decode()

    def let_go(self) -> None:
        """In a fork of the process that started it: let the JVM end when that process does."""
        if self.process.stdin:
            with suppress(OSError):
                self.process.stdin.close()

    def stop(self, timeout: float = 30.0) -> None:
        """End the JVM: politely, and after ``timeout`` seconds by force."""
        if self.process.stdin:
            with suppress(OSError):
                self.process.stdin.close()
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _last_words(self) -> str:
        lines = [line.strip() for line in self.log.read_text(encoding="utf-8", errors="replace").splitlines()]
        said = [line for line in lines if line]
        return f"it said “{said[-1]}”." if said else "it said nothing."


def base_options(runtime: java.Java) -> list[str]:
    """Return the Java options that an AOT cache depends on."""
    log4j = Path(__file__).with_name("log4j2.properties")
    return [*runtime.module_options(), f"-Dlog4j2.configurationFile={log4j.as_uri()}", "-Djava.awt.headless=true"]


@lru_cache
def jars() -> tuple[str, ...]:
    """Return the paths of Spark's jars in the installed pyspark, sorted, without importing it.

    Raises:
        GatewayError: pyspark is not installed, or is the client without jars.
    """
    spec = find_spec("pyspark")
    found = Path(spec.origin).parent.glob("jars/*.jar") if spec and spec.origin else ()
    paths = tuple(sorted(map(str, found)))
    if not paths:
        raise GatewayError("pyspark with Spark's jars is not installed: run `pip install pyspark` in this environment.")
    return paths


def classpath(conf: Mapping[str, str] | None = None) -> str:
    """Return the JVM's class path: Spark's jars in a fixed order, which an AOT cache depends on, then the user's."""
    extra = (conf or {}).get("spark.driver.extraClassPath")
    return os.pathsep.join([*jars(), extra] if extra else jars())


def start(conf: Mapping[str, str] | None = None) -> Jvm | LentJvm | None:
    """Start the JVM unless it runs, and return it at once, before its gateway is open.

    Returns ``None`` if the environment names a gateway that somebody else started.

    Args:
        conf: settings that override the course's, as given to a session builder.
    """
    global _jvm
    if "PYSPARK_GATEWAY_PORT" in os.environ:
        return None
    with _lock:
        if _jvm is None or not _jvm.alive():
            config.set_worker_python()
            if (lent := borrow(conf or {})) is not None:
                _jvm = lent
                return _jvm
            _tidy()
            folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=home.run_dir()))
            _jvm = Jvm(
                config.spark_conf(folder / "warehouse") | dict(conf or {}),
                folder,
                aot_cache=aot.cache_file(java.find_java()),
                options=QUICK if config.in_grading() else (),
            )
            atexit.register(_remove, folder, os.getpid())
        return _jvm


def running() -> Jvm | LentJvm | None:
    """Return the JVM that this process started or borrowed and that still runs."""
    return _jvm if _jvm is not None and _jvm.alive() else None


def forget_dead() -> None:
    """Make pyspark forget a JVM that died (of lack of memory, say), so that the next session starts another."""
    global _jvm
    with _lock:
        if _jvm is None or _jvm.alive():
            return
        from pyspark.core.context import SparkContext
        from pyspark.sql import SparkSession

        shutil.rmtree(_jvm.folder, ignore_errors=True)
        _jvm = None
        SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
        SparkSession._instantiatedSession = SparkSession._activeSession = None


def install() -> None:
    """Make pyspark start its JVM our way, whether it is imported already or only later; costs nothing by itself."""
    if (module := sys.modules.get("pyspark.java_gateway")) is not None:
        _patch(module)
        context = sys.modules.get("pyspark.core.context")
        if context is not None:
            context.launch_gateway = module.launch_gateway  # type: ignore[attr-defined]
    elif not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """An import hook that patches ``pyspark.java_gateway`` as it is imported, and removes itself."""

    def find_spec(
        self, name: str, path: Any, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != "pyspark.java_gateway":
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def execute_and_patch(module: ModuleType) -> None:
                execute(module)
                _patch(module)

            spec.loader.exec_module = execute_and_patch  # type: ignore[method-assign]
        return spec


def _patch(module: ModuleType) -> None:
    stock = module.launch_gateway
    if getattr(stock, "__module__", None) == __name__:
        return

    def launch_gateway(conf: SparkConf | None = None, popen_kwargs: dict[str, Any] | None = None) -> Any:
        """Start the JVM of LakeLab and connect to it; ``popen_kwargs`` has no meaning here."""
        with _lock:
            jvm = start(dict(conf.getAll()) if conf is not None else None)
            if jvm is None:
                return stock(conf, popen_kwargs)
            port, secret = jvm.address()
            # pyspark reads a running gateway from the environment. It stays there for this call only: a child process
            # that inherited it would use, and stop, this process's SparkContext.
            os.environ |= {"PYSPARK_GATEWAY_PORT": str(port), "PYSPARK_GATEWAY_SECRET": secret}
            try:
                gateway = stock(conf)
            finally:
                del os.environ["PYSPARK_GATEWAY_PORT"], os.environ["PYSPARK_GATEWAY_SECRET"]
            gateway.proc = jvm.process
            logging.getLogger().addFilter(_worth_telling)  # adding it again has no effect
            return gateway

    module.launch_gateway = launch_gateway  # type: ignore[attr-defined]


def _worth_telling(record: logging.LogRecord) -> bool:
    """Drop py4j's report that it could not tell a JVM that died to forget an object.

    A thread of py4j's own sends these notes in the background, so the report, a traceback, would come at any moment. Where a
    command of the notebook meets a dead JVM, the notebook gets the exception.
    """
    if record.name != "root" or record.msg != "Exception while sending command.":
        return True
    from py4j.clientserver import FinalizerWorker

    return not isinstance(threading.current_thread(), FinalizerWorker)


def _own_group() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"process_group": 0}


def _tidy() -> None:
    """Remove what JVMs of processes that are gone left behind: their folders, and all but the newest logs."""
    for folder in home.run_dir().iterdir():
        owner = folder.name.partition("-")[0]
        with suppress(OSError):
            abandoned = time.time() - folder.stat().st_mtime > ABANDONED_AFTER
            if abandoned and owner.isdigit() and not _exists(int(owner)):
                shutil.rmtree(folder, ignore_errors=True)
    with suppress(FileNotFoundError):  # another process tidies too
        logs = sorted(home.logs_dir().glob("spark-*.log"), key=lambda log: log.stat().st_mtime)
        for log in logs[:-KEPT_LOGS]:
            log.unlink()


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # not in a fork that inherited this exit handler
        shutil.rmtree(folder, ignore_errors=True)


def _let_go() -> None:
    """In a forked child: leave the JVM to the parent, and let it end when the parent does."""
    global _jvm
    if _jvm is not None:
        _jvm.let_go()
    _jvm = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


def _exists(pid: int) -> bool:
    import psutil

    return psutil.pid_exists(pid)
