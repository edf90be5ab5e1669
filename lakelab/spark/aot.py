"""The ahead-of-time cache with which Spark's JVM starts in a third of the time; built once per installation.

Java 25 can store loaded and linked classes together with method profiles (JEP 483, 514, 515). A cache serves only the Java,
the class path and the options that it was recorded with, so its file name is made of them: a new pyspark looks for a new
file. Without a cache, or with a damaged one, Spark starts as ever, only slower.

``python -m lakelab.spark.aot`` builds it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lakelab import home
from lakelab.spark import gateway
from lakelab.spark.java import Java, find_java

BUILD_TIMEOUT = 600.0
"""Seconds after which building the cache is given up; it takes about 60 on two cores."""


class BuildError(RuntimeError):
    """The AOT cache could not be built; the message names the log. Spark works without it."""


def cache_file(runtime: Java) -> Path | None:
    """Return the file that holds, or would hold, the AOT cache for ``runtime``; ``None`` if this Java can't have one."""
    if not runtime.supports_aot_cache:
        return None
    return home.cache_path() / f"spark-{_key(runtime)}.aot"


def _key(runtime: Java) -> str:
    # The JVM compares every jar's time and size with those recorded, so a reinstalled pyspark needs a new cache too.
    stats = ((jar, Path(jar).stat()) for jar in gateway.jars())
    jars = ((jar, stat.st_mtime_ns, stat.st_size) for jar, stat in stats)
    return home.fingerprint(runtime.build, runtime.executable, *gateway.base_options(runtime), *jars)


def build() -> Path | None:
    """Build the AOT cache unless it is there; return its file, or ``None`` if the Java in use can't have one.

    Several processes may call this at once: one builds, the others wait for it.

    Raises:
        BuildError: the recording failed.
        JavaNotFoundError: there is no Java to build it for.
    """
    runtime = find_java()
    target = cache_file(runtime)
    if target is None or usable(runtime, target):
        return target
    home.cache_dir()
    with _locked(target.with_suffix(".lock")):
        if usable(runtime, target):
            return target
        with tempfile.TemporaryDirectory(prefix="building-", dir=target.parent) as scratch:
            partial = Path(scratch) / target.name
            _record(partial)
            if not usable(runtime, partial):
                raise BuildError(f"Java wrote no usable AOT cache; the newest log in {home.logs_dir()} says why.")
            partial.replace(target)
        for old in target.parent.glob("spark-*.aot"):
            if old != target:
                old.unlink()  # of an earlier Java or pyspark; a quarter of a gigabyte each
    return target


def usable(runtime: Java, cache: Path) -> bool:
    """Whether ``runtime`` accepts the file ``cache`` (about 0.3 s; a missing file costs nothing)."""
    if not cache.is_file():
        return False
    command = [str(runtime.executable), *gateway.base_options(runtime), f"-XX:AOTCache={cache}", "-XX:AOTMode=on"]
    asked = subprocess.run([*command, "-cp", gateway.classpath(), "-version"], capture_output=True, check=False)
    return asked.returncode == 0


def _record(partial: Path) -> None:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYSPARK_GATEWAY_", "LAKELAB_SPARK_"))
    }
    environment |= {"LAKELAB_GRADING": "0"}  # with the UI, which people's sessions have
    try:
        done = subprocess.run(
            [sys.executable, "-m", "lakelab.spark.training", str(partial)],
            env=environment, capture_output=True, text=True, check=False, timeout=BUILD_TIMEOUT,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"Building the AOT cache took longer than {BUILD_TIMEOUT:.0f} s and was given up.") from error
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["nothing on stderr"]
        raise BuildError(
            f"The workload of the AOT cache failed ({last[0]}); the newest log in {home.logs_dir()} says more."
        )


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on the file ``path``, waiting for a process that has it; its end releases it in any case."""
    with path.open("ab") as handle:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    print(build() or "This Java can't have an AOT cache (Java 25 or later can).")
