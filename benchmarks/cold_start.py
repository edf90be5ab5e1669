"""How long a learner waits for the first answer: from starting Python to the first ``count()``.

Stock pyspark on the system's Java (``JAVA_HOME``, or ``java`` on PATH) against ``lakelab.runtime`` with its AOT cache. Same
Python, same packages, same query, both with compiled bytecode and Spark's UI on; runs alternate, so that noise from
other processes meets both. Prints every run, the medians in seconds, and their ratio.

    python benchmarks/cold_start.py [--repeats 5]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from lakelab.spark import aot

STOCK = "from pyspark.sql import SparkSession; spark = SparkSession.builder.getOrCreate()"
OURS = "from lakelab.runtime import spark"
QUERY = "import time; assert spark.range(1000).filter('id % 2 = 0').count() == 500; print(time.time())"


def seconds(opening: str, environment: dict[str, str], folder: str) -> float:
    """Return the seconds from starting Python to the answer to ``QUERY`` on the session that ``opening`` makes."""
    start = time.time()
    done = subprocess.run(
        [sys.executable, "-c", f"{opening}; {QUERY}"],
        env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout.split()[-1]) - start


def main() -> None:
    """Run both sides alternately and print their medians and the ratio."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5, help="timed runs of each side (default: 5)")
    repeats = parser.parse_args().repeats
    if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        sys.exit("Stock pyspark needs a Java of the system: install a JDK 17 or later, or set JAVA_HOME to one.")

    aot.build()
    foreign = ("LAKELAB_SPARK_", "LAKELAB_DRIVER_", "PYSPARK_", "SPARK_")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # the untimed first runs leave bytecode for the timed ones
    environment.pop("LAKELAB_GRADING", None)
    sides = {"stock": STOCK, "lakelab": OURS}
    taken: dict[str, list[float]] = {side: [] for side in sides}
    with tempfile.TemporaryDirectory() as folder:
        for opening in sides.values():
            seconds(opening, environment, folder)
        for run in range(repeats):
            for side in sorted(sides, reverse=run % 2 == 1):
                taken[side].append(seconds(sides[side], environment, folder))
            print(f"run {run + 1}: " + ", ".join(f"{side} {taken[side][-1]:.1f} s" for side in sides), flush=True)
    medians = {side: statistics.median(values) for side, values in taken.items()}
    print("median: " + ", ".join(f"{side} {median:.1f} s" for side, median in medians.items()))
    print(f"ratio lakelab / stock: {medians['lakelab'] / medians['stock']:.2f}")


if __name__ == "__main__":
    main()
