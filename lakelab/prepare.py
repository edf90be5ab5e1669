"""What an installation can do once so that every later start is quick: ``python -m lakelab.prepare``, about a minute."""

from __future__ import annotations

import time
from collections.abc import Callable

from lakelab import home
from lakelab.spark import aot


def prepare(progress: Callable[[str], object] = print) -> None:
    """Build the AOT cache of Spark's JVM and the ready MLflow database, unless they are there.

    Args:
        progress: is given one line per step, with the seconds it took.

    Raises:
        HomeError: the cache folder cannot be written to.
        JavaNotFoundError: there is no Java.
        BuildError: the AOT cache could not be built. Everything works without it; the MLflow database is there by then.
    """
    start = time.monotonic()
    home.build_ready_database()
    progress(f"MLflow database: ready ({time.monotonic() - start:.0f} s)")
    start = time.monotonic()
    cache = aot.build()
    state = f"ready, {cache.stat().st_size / 1e6:.0f} MB" if cache else "none, this Java is older than 25"
    progress(f"Spark's AOT cache: {state} ({time.monotonic() - start:.0f} s)")


if __name__ == "__main__":
    prepare()
