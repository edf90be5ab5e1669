"""lakelab.spark.gateway and aot: damaged caches, JVMs that don't start, and gateways that somebody else started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lakelab.spark import aot, config, gateway, java

pytestmark = pytest.mark.spark

COUNT = "from lakelab.runtime import spark; print(spark.range(5).count())"


def run(code: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a fresh Python with the state folder ``home`` and its own cache."""
    dropped = ("PYSPARK_", "SPARK_", "LAKELAB_")
    env = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    return subprocess.run(
        [sys.executable, "-c", code], env=env | {"LAKELAB_HOME": str(home)} | environment,
        cwd=home, capture_output=True, text=True, timeout=240,
    )  # fmt: skip


def test_garbage_for_an_aot_cache_does_no_harm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAKELAB_HOME", str(tmp_path))
    monkeypatch.delenv("LAKELAB_CACHE", raising=False)
    cache = aot.cache_file(java.find_java())
    assert cache is not None
    cache.parent.mkdir()
    cache.write_bytes(b"garbage" * 10_000)
    assert not aot.usable(java.find_java(), cache)
    done = run(COUNT, tmp_path)
    assert (done.stdout, done.stderr) == ("5\n", "")


def test_jvm_that_an_aot_cache_ends_starts_without_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAKELAB_HOME", str(tmp_path))
    cache = tmp_path / "damaged.aot"
    cache.write_bytes(b"garbage")
    folder = tmp_path / "jvm"
    folder.mkdir()
    spawn = gateway.Jvm._spawn

    def strict(self: gateway.Jvm, options: list[str]) -> subprocess.Popen[bytes]:
        # The JVM itself only ignores a bad cache, so the end that damage inside one can bring is brought by an option.
        return spawn(self, [*options, "-XX:NoSuchOption"] if options else [])

    monkeypatch.setattr(gateway.Jvm, "_spawn", strict)
    jvm = gateway.Jvm(config.spark_conf(tmp_path), folder, aot_cache=cache)
    try:
        port, secret = jvm.address()
        assert port > 0
        assert secret
        assert not cache.exists(), "the next start must not stumble again"
    finally:
        jvm.stop()
    assert not jvm.alive()


def test_jvm_that_does_not_start_says_why(tmp_path: Path) -> None:
    done = run(COUNT, tmp_path, LAKELAB_JAVA_OPTIONS="-XX:NoSuchOption")
    message = done.stderr.strip().splitlines()[-1]
    assert message.startswith("lakelab.spark.gateway.GatewayError: Spark's JVM ended while starting")
    assert str(tmp_path / "logs") in message


def test_gateway_of_somebody_else_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAKELAB_HOME", str(tmp_path))
    folder = tmp_path / "jvm"
    folder.mkdir()
    jvm = gateway.Jvm(config.spark_conf(folder / "warehouse"), folder, aot_cache=None)
    try:
        port, secret = jvm.address()
        given = {"PYSPARK_GATEWAY_PORT": str(port), "PYSPARK_GATEWAY_SECRET": secret}
        for _ in range(2):
            done = run(
                "import psutil; from lakelab.runtime import spark\n"
                "spark.range(1).write.saveAsTable('t'); print(spark.table('t').count(), psutil.Process().children())\n"
                "spark.stop()",
                tmp_path,
                **given,
            )
            assert (done.stdout, done.stderr) == ("1 []\n", "")
        assert jvm.alive()
    finally:
        jvm.stop()


def test_forked_child_leaves_the_jvm_alone(tmp_path: Path) -> None:
    done = run(
        "import os, sys; from lakelab.runtime import spark; spark.range(1).count()\n"
        "from lakelab.spark import gateway\n"
        "if (pid := os.fork()) == 0:\n"
        "    assert gateway.running() is None; sys.exit()\n"
        "os.waitpid(pid, 0); assert gateway.running().folder.exists(); print(spark.range(2).count())",
        tmp_path,
    )
    assert (done.stdout, done.stderr) == ("2\n", "")


def test_a_note_to_a_dead_jvm_is_lost_quietly(tmp_path: Path) -> None:
    done = run(
        """
import psutil, time
from lakelab.runtime import spark
spark.range(1).count()
from pyspark import SparkContext
client = SparkContext._gateway._gateway_client
busy = client.send_command
def late(command, retry=True, binary=False):
    if command.startswith("m\\nd\\n"):  # py4j's note that an object may go
        [jvm] = psutil.Process().children()
        jvm.kill(); jvm.wait()
        client.send_command = busy
        from py4j.protocol import Py4JNetworkError
        connection = client._get_connection()
        connection.initiated_from_client = False  # no second try, as when the answer is cut off
        client._get_connection = lambda: connection
        client.lost = True
    return busy(command, retry, binary)
client.send_command = late
client.garbage_collect_object("o0")
while not hasattr(client, "lost"):
    time.sleep(0.1)
time.sleep(0.5)
assert spark.range(2).count() == 2
print("passed")
""",
        tmp_path,
    )
    assert (done.stdout, done.stderr) == ("passed\n", "")
