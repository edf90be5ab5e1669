"""lakelab.runtime: costs nothing to import, passes for a SparkSession, writes nothing to stderr, survives stop and death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest


def run(code: str, home: Path, timeout: float = 240, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a fresh Python with the state folder ``home``."""
    dropped = ("PYSPARK_", "SPARK_", "MLFLOW_", "_MLFLOW_", "LAKELAB_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    cache = os.environ.get("LAKELAB_CACHE")
    env = kept | {"LAKELAB_HOME": str(home)} | ({"LAKELAB_CACHE": cache} if cache else {}) | environment
    return subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=home, capture_output=True, text=True, timeout=timeout
    )


def test_import_starts_no_jvm_and_imports_no_heavy_package(tmp_path: Path) -> None:
    done = run(
        "import sys\n"
        "from lakelab.runtime import spark\n"
        "import psutil\n"
        "heavy = {'pyspark', 'mlflow', 'pandas', 'numpy', 'py4j'} & set(sys.modules)\n"
        "print(heavy or 'light', psutil.Process().children(), repr(spark))",
        tmp_path,
    )
    assert done.stdout.strip() == "light [] <SparkSession that starts on first use>"
    assert done.stderr == ""


def test_mlflow_goes_home_unless_told_otherwise(tmp_path: Path) -> None:
    code = "import os, lakelab.runtime; print(os.environ['MLFLOW_TRACKING_URI'], os.environ.get('_MLFLOW_SERVER_ARTIFACT_ROOT'))"
    uri, artifacts = run(code, tmp_path).stdout.split()
    assert uri == f"sqlite:///{tmp_path}/mlflow.db"
    assert artifacts == (tmp_path / "mlruns").as_uri()
    assert run(code, tmp_path, MLFLOW_TRACKING_URI="http://tracker").stdout.split() == ["http://tracker", "None"]


WORK = """
import sys
from lakelab.runtime import spark
import mlflow
import pandas as pd
import pyspark.pandas as ps
from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.feature import OneHotEncoder, StringIndexer, VectorAssembler
from pyspark.sql import functions as F
from sklearn.linear_model import LinearRegression

spark.range(200).select("id", (F.col("id") % 3).cast("string").alias("k"), (F.col("id") % 2).alias("label")).write.parquet("rows")
df = spark.read.parquet("rows")
assert df.groupBy("k").count().count() == 3
stages = [StringIndexer(inputCol="k", outputCol="i"), OneHotEncoder(inputCols=["i"], outputCols=["v"]),
          VectorAssembler(inputCols=["v", "id"], outputCol="features"), LogisticRegression(maxIter=3)]
assert len(Pipeline(stages=stages).fit(df).transform(df).toPandas()) == 200
out = df.groupBy("k").applyInPandas(lambda p: pd.DataFrame({"exe": [sys.executable]}), "exe string").distinct().collect()
assert [row.exe for row in out] == [sys.executable], out
df.write.mode("overwrite").saveAsTable("t")
assert len(ps.DataFrame({"a": [1, 2]})) == 2
with mlflow.start_run() as run:
    mlflow.log_metric("m", 1.0)
    model = LinearRegression().fit(df.select(F.col("id").cast("double")).toPandas(), df.select("label").toPandas())
    mlflow.sklearn.log_model(model, name="model", input_example=pd.DataFrame({"id": [1.0, 2.0]}))
    uri = mlflow.get_artifact_uri()
print(uri)
"""


@pytest.mark.spark
def test_normal_work_writes_nothing_to_stderr_and_stays_home(tmp_path: Path) -> None:
    done = run(WORK, tmp_path, PYSPARK_PYTHON="/no/such/python")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.startswith((tmp_path / "mlruns").as_uri())
    assert {path.name for path in tmp_path.iterdir()} <= {"cache", "logs", "run", "mlruns", "mlflow.db", "rows"}
    assert not list((tmp_path / "run").iterdir()), "the JVM's scratch folder goes with the process"


@pytest.mark.spark
def test_stands_in_for_a_session_and_comes_back_after_stop_and_death(tmp_path: Path) -> None:
    done = run(
        """
import pickle, psutil
from lakelab.runtime import spark
from pyspark.sql import SparkSession, DataFrame
assert isinstance(spark, SparkSession)
assert psutil.Process().children() == [], "isinstance must not start a JVM"
spark.stop()
assert psutil.Process().children() == [], "neither must stop"
assert spark.range(3).count() == 3
own = SparkSession.builder.appName("another").config("spark.sql.shuffle.partitions", "7").getOrCreate()
assert own == spark and spark == own and hash(own) == hash(spark)
assert spark.conf.get("spark.sql.shuffle.partitions") == "7"
assert spark.conf.get("spark.sql.session.timeZone") == "UTC"
assert spark.version == own.version and spark.sparkContext is own.sparkContext
spark.createDataFrame([(1, "a")], ["x", "y"]).createOrReplaceTempView("v")
assert spark.sql("select x from {df}", df=spark.table("v")).first().x == 1
try:
    pickle.dumps(spark)
except Exception as error:
    assert "CONTEXT_ONLY_VALID_ON_DRIVER" in str(error)
else:
    raise AssertionError("pickled")
spark.range(1).write.saveAsTable("again")

own.stop()
spark.range(1).write.saveAsTable("again")  # the files of the first session are out of the way
assert spark.conf.get("spark.sql.shuffle.partitions") == "4"
[jvm] = psutil.Process().children()
jvm.kill(); jvm.wait()
assert spark.range(4).count() == 4
print("passed")
""",
        tmp_path,
    )
    assert (done.stdout, done.stderr) == ("passed\n", "")


@pytest.mark.spark
def test_own_builder_before_the_first_use_starts_the_same_jvm(tmp_path: Path) -> None:
    done = run(
        """
import pyspark.sql  # before the runtime: the patch must reach a pyspark that is there already
from lakelab.runtime import spark
own = pyspark.sql.SparkSession.builder.appName("mine").config("spark.driver.memory", "900m").getOrCreate()
assert own == spark
print(spark.sparkContext.appName, spark.conf.get("spark.sql.session.timeZone"))
print(spark._jvm.java.lang.Runtime.getRuntime().maxMemory() < 2**30)
""",
        tmp_path,
    )
    assert (done.stdout, done.stderr) == ("mine UTC\nTrue\n", "")


@pytest.mark.spark
def test_settings_from_the_environment(tmp_path: Path) -> None:
    code = (
        "from lakelab.runtime import spark\n"
        "print(*(spark.conf.get(f'spark.{k}') for k in ('master', 'ui.enabled', 'sql.shuffle.partitions', 'my.own')))"
    )
    settings = {"LAKELAB_SPARK_MASTER": "local[1]", "LAKELAB_GRADING": "1", "LAKELAB_DRIVER_MEMORY": "1g"}
    done = run(code, tmp_path, LAKELAB_SPARK_CONF="spark.sql.shuffle.partitions=2; spark.my.own=a=b", **settings)
    assert (done.stdout, done.stderr) == ("local[1] false 2 a=b\n", "")


@pytest.mark.spark
def test_jvm_ends_with_a_killed_python(tmp_path: Path) -> None:
    code = "from lakelab.runtime import spark; spark.range(1).count(); print('up', flush=True); import time; time.sleep(300)"
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYSPARK_")} | {
        "LAKELAB_HOME": str(tmp_path)
    }
    with subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, text=True) as python:
        assert python.stdout is not None
        assert python.stdout.readline() == "up\n"
        [jvm] = psutil.Process(python.pid).children()
        python.send_signal(signal.SIGKILL)
    give_up = time.monotonic() + 30
    while jvm.is_running() and jvm.status() != psutil.STATUS_ZOMBIE and time.monotonic() < give_up:
        time.sleep(0.1)
    assert not jvm.is_running() or jvm.status() == psutil.STATUS_ZOMBIE
