"""One JVM for many Python processes, one after another: lent to a process for its session, cleaned when that is over. Linux only.

The lender holds a :class:`SharedJvm` and answers over a Unix socket, whose folder the borrower finds in ``LAKELAB_JVM`` (:mod:`lakelab.spark.borrowing`). To the borrower the
JVM is as one that it started itself: the same settings, working directory, environment, an empty warehouse. Where something differs
(another working directory, settings that only a new JVM can have) nothing is lent, and the process starts a JVM of its own.

After a session :meth:`SharedJvm.clean` makes the JVM as it was. Contexts, catalogs, cached data, broadcasts and temporary views go with the
SparkContext; system properties, time zone, locales, log levels, standard streams, Hadoop's open file systems, py4j's objects and imports are
put back, files removed. Then threads, listening ports, child processes and memory are compared. If anything is left, or if cleaning itself
fails, the JVM is not lent again. What Java code could change beyond that (static fields) cannot be seen from outside, so the lender should
:meth:`~SharedJvm.stop` a JVM whose gateway was used directly, and none is lent more than ``MOST_LOANS`` times.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

from lakelab.spark import aot, config, gateway, java
from lakelab.spark.borrowing import decisive, short_path

MOST_LOANS = 40
"""After how many loans a JVM is replaced, whatever it looks like: what no check sees does not live on for ever."""

MOST_BYTES = 1600 * 1024**2
"""Resident memory beyond which a cleaned JVM is replaced."""

PATIENCE = 10.0
"""Seconds that an answer of the JVM may take while it is cleaned."""

LINGERING = 3.0
"""Seconds that threads and ports of a stopped context may take to go."""

# Threads that may be there when no context is: of the virtual machine, of py4j, of libraries that keep one for good; and Netty's, which take
# two seconds to go after their context.
_INNOCENT = re.compile(
    r"main|Reference Handler|Finalizer|Signal Dispatcher|Notification Thread|Common-Cleaner|Cleaner-\d+|Thread-[01]|process reaper.*"
    r"|(?:rpc|shuffle|netty-rpc|files|block)-(?:boss|client|server)-.*|ForkJoinPool\.commonPool-.*"
    r"|org\.apache\.hadoop\.fs\.FileSystem\$Statistics\$StatisticsDataReferenceCleaner|globalEventExecutor-.*|py4j-.*|Py4J.*"
)


class SharedJvm:
    """A JVM to be lent, started when it is first asked for.

    Args:
        folder: for its files; made if need be.
        place: the working directory of the JVM and of every borrower.
        environment: the environment that it and every borrower run in.
        may_borrow: tells whether the process of this id may have it.

    Attributes:
        loans: how often the running JVM has been lent.
        is_lent: whether it was lent since it was last cleaned.
        bytes_when_new: its memory (proportional set size) before it was lent for the first time.
    """

    def __init__(
        self, folder: Path, place: Path, environment: Mapping[str, str], may_borrow: Callable[[int], bool]
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.environment = folder, dict(environment)
        self._place, self._inode = place, place.stat().st_ino
        self._may_borrow = may_borrow
        self._jvm: gateway.Jvm | None = None
        self._caretaker: _Caretaker | None = None
        self._lock = threading.RLock()
        self.loans = 0
        self.bytes_when_new = 0
        self.is_lent = False
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with short_path(folder) as address:
            self._listener.bind(address)
        self._listener.listen(8)
        threading.Thread(target=self._answer, daemon=True, name="jvm-lender").start()

    def start(self) -> None:
        """Start the JVM without waiting for it, unless it runs."""
        with self._lock:
            if self._jvm is None or not self._jvm.alive():
                self._forget()
                own = self.folder / "running"
                own.mkdir()
                self._jvm = gateway.Jvm(
                    config.spark_conf(own / "warehouse"),
                    own,
                    aot_cache=aot.cache_file(java.find_java()),
                    options=gateway.QUICK,
                    environment=self.environment,
                    place=self._place,
                    log=own / "log",
                )

    def pid(self) -> int | None:
        """Return the id of the running JVM's process."""
        jvm = self._jvm
        return jvm.process.pid if jvm is not None and jvm.alive() else None

    def usable(self) -> bool:
        """Whether everything is where it was put, so that a borrower can find it."""
        try:
            return self._place.stat().st_ino == self._inode and (self.folder / "running").exists() == (
                self._jvm is not None
            )
        except OSError:
            return False

    def _answer(self) -> None:
        """Serve borrowers, one after another."""
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(Exception):  # a borrower that gets no answer starts its own
                connection.settimeout(5)
                pid = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
                request = json.loads(connection.makefile("rb").readline(1 << 16))
                fits = request == {"folder": str(self._place.resolve()), "decisive": decisive(self.environment)}
                answer = self._lend() if fits and self._may_borrow(pid) else {}
                connection.sendall(json.dumps(answer).encode() + b"\n")

    def _lend(self) -> dict[str, Any]:
        with self._lock:
            self.start()
            assert self._jvm is not None
            port, secret = self._jvm.address()
            if self._caretaker is None:
                self._caretaker = _Caretaker(port, secret)
                self.bytes_when_new = psutil.Process(self._jvm.process.pid).memory_full_info().pss
            self.loans += 1
            self.is_lent = True
            own = self._jvm.folder
            return {"port": port, "secret": secret, "pid": self._jvm.process.pid, "folder": str(own)}

    def clean(self) -> str:
        """Make the JVM as it was before it was lent, or stop it; the processes that used it must be gone.

        Returns why it was stopped, or an empty text.
        """
        with self._lock:
            if self._jvm is None or not self.is_lent:
                return ""
            trouble = self._clean()
            self.is_lent = False
            if trouble:
                self.stop()
            return trouble

    def _clean(self) -> str:
        assert self._jvm is not None
        if not self._jvm.alive() or self._caretaker is None:
            return "it died"
        if not self.usable():
            return "its folder or its working directory was removed"
        try:
            self._caretaker.put_back()
            deadline = time.monotonic() + LINGERING
            while (trouble := self._lingering()) and time.monotonic() < deadline:
                time.sleep(0.1)
            if trouble:
                return trouble
            self._caretaker.forget()
        except Exception as error:  # whatever a session did to the gateway
            what = " ".join(str(error).split())[:100]
            return f"it could not be cleaned ({type(error).__name__}: {what})"
        process = psutil.Process(self._jvm.process.pid)
        if process.memory_info().rss > MOST_BYTES:
            return "it has grown"
        if self.loans >= MOST_LOANS:
            return "it has served long enough"
        with self._jvm.log.open("rb+") as log:
            if b"OutOfMemoryError" in log.read(1 << 24):
                return "it was out of memory"
            log.truncate(0)
        for name in ("warehouse", "tmp"):
            shutil.rmtree(self._jvm.folder / name, ignore_errors=True)
        (self._jvm.folder / "tmp").mkdir()
        return ""

    def _lingering(self) -> str:
        """Return what of the last session still goes on in the JVM."""
        assert self._jvm is not None
        assert self._caretaker is not None
        process = psutil.Process(self._jvm.process.pid)
        for child in process.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()
        listening = {c.laddr.port for c in process.net_connections() if c.status == psutil.CONN_LISTEN}
        if ports := listening - {self._jvm.address()[0]}:
            return f"it listens on port {min(ports)}"
        thread = self._caretaker.strange_thread()
        return f"the thread '{thread[:60]}' goes on in it" if thread else ""

    def stop(self) -> None:
        """End the JVM at once; the next borrower gets a new one."""
        with self._lock:
            if self._jvm is not None:
                self._jvm.stop(timeout=0)
            self._forget()

    def _forget(self) -> None:
        self._jvm = self._caretaker = None
        self.loans, self.is_lent = 0, False
        shutil.rmtree(self.folder / "running", ignore_errors=True)

    def close(self) -> None:
        """End the JVM and lend no more."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.stop()


class _Caretaker:
    """A second connection to the JVM's gateway, made before anybody else's, that remembers how the JVM was."""

    def __init__(self, port: int, secret: str) -> None:
        from py4j.java_gateway import GatewayParameters, JavaGateway, JavaObject

        self._gateway = JavaGateway(
            gateway_parameters=GatewayParameters(
                port=port, auth_token=secret, auto_convert=True, read_timeout=PATIENCE, enable_memory_management=False
            )
        )
        jvm = self._gateway.jvm
        self._system, self._thread = jvm.java.lang.System, jvm.java.lang.Thread
        self._locale, self._zone = jvm.java.util.Locale, jvm.java.util.TimeZone
        self._threads = jvm.java.lang.management.ManagementFactory.getThreadMXBean()
        self._logs = jvm.org.apache.logging.log4j.LogManager
        self._categories = list(jvm.java.util.Locale.Category.values())
        self._properties = self._system.getProperties().clone()
        self._streams = (jvm.java.lang.System.out, jvm.java.lang.System.err, getattr(jvm.java.lang.System, "in"))
        self._base_locale = self._locale.getDefault()
        self._locales = [self._locale.getDefault(category) for category in self._categories]
        self._time_zone = self._zone.getDefault()
        self._handler = self._thread.getDefaultUncaughtExceptionHandler()
        self._server = JavaObject("GATEWAY_SERVER", self._gateway._gateway_client).getGateway()
        things = [*vars(self).values(), *self._streams, *self._locales, *self._categories]
        self._kept = [
            "GATEWAY_SERVER",
            "t",
            "j",
            *(thing._target_id for thing in things if isinstance(thing, JavaObject)),
        ]

    def put_back(self) -> None:
        """End what is left of a session and put back what it may have changed; raises whatever a broken JVM makes py4j raise."""
        jvm = self._gateway.jvm
        spark = jvm.org.apache.spark
        active = getattr(getattr(spark, "SparkContext$"), "MODULE$").getActive()
        if active.isDefined():
            active.get().stop()
        sessions = getattr(getattr(spark.sql.classic, "SparkSession$"), "MODULE$")
        sessions.clearDefaultSession()
        sessions.clearActiveSession()
        jvm.org.apache.hadoop.fs.FileSystem.closeAll()
        self._system.setProperties(self._properties.clone())
        self._system.setOut(self._streams[0])
        self._system.setErr(self._streams[1])
        self._system.setIn(self._streams[2])
        self._locale.setDefault(self._base_locale)  # and with it those of all categories
        for category, locale in zip(self._categories, self._locales, strict=True):
            self._locale.setDefault(category, locale)
        self._zone.setDefault(self._time_zone)
        self._thread.setDefaultUncaughtExceptionHandler(self._handler)
        self._logs.getContext(False).reconfigure()

    def forget(self) -> None:
        """Make py4j let go of all objects and imports of the session."""
        self._server.getDefaultJVMView().clearImports()
        self._server.getBindings().keySet().retainAll(self._gateway.jvm.java.util.HashSet(self._kept))

    def strange_thread(self) -> str:
        """Return the name of a thread that may act later."""
        for thread in self._thread.getAllStackTraces().keySet().toArray():
            name = thread.getName()
            if "Worker Monitor for " in name:
                thread.interrupt()  # Spark starts one per context and never ends it, and one per task, which notices seconds later
            elif not _INNOCENT.fullmatch(name):
                stack = str(self._threads.getThreadInfo(thread.getId(), 20))  # with the innermost eight frames
                # Spark keeps some pools for ever; their threads wait for work that nobody can give them any more.
                waits = "ThreadPoolExecutor.getTask" in stack and "DelayedWorkQueue" not in stack
                if stack != "None" and not waits:
                    return str(name)
        return ""
