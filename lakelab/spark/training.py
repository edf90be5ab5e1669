"""The workload from which the AOT cache is recorded: what the course's notebooks do, on generated data.

Run by :mod:`lakelab.spark.aot` as ``python -m lakelab.spark.training CACHE``, in a process of its own because the cache is
written when the recording JVM ends.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakelab import home
from lakelab.spark import config, gateway

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession

WRITING_TIMEOUT = 300.0
"""Seconds that the JVM may take to write the cache after the workload; about 20 on two cores."""


def main(output: Path) -> None:
    """Run the workload in a JVM that records it, and leave the AOT cache in ``output``."""
    with tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=home.run_dir()) as scratch:
        folder = Path(scratch)
        config.set_worker_python()
        jvm = gateway.Jvm(
            config.spark_conf(folder / "warehouse"), folder, aot_cache=None, options=[f"-XX:AOTCacheOutput={output}"]
        )
        port, secret = jvm.address()
        os.environ |= {"PYSPARK_GATEWAY_PORT": str(port), "PYSPARK_GATEWAY_SECRET": secret}
        from pyspark.sql import SparkSession

        spark = SparkSession.builder.getOrCreate()
        work(spark, folder)
        spark.stop()
        jvm.stop(WRITING_TIMEOUT)


def work(spark: SparkSession, folder: Path) -> None:
    """Do once what lessons do often: read, aggregate, join, train, evaluate, and move data to and from pandas."""
    from pyspark.sql import functions as F
    from pyspark.sql.window import Window

    rows = spark.range(2000).select(
        "id",
        F.concat(F.lit("k"), (F.col("id") % 5).cast("string")).alias("kind"),
        F.when(F.col("id") % 7 != 0, F.rand(1)).alias("gap"),
        (F.rand(2) * 10).alias("size"),
        (F.rand(3) > 0.5).cast("int").alias("label"),
        F.timestamp_seconds(F.col("id") * 3600).alias("at"),
    )
    files = (folder / "rows").as_posix()
    rows.write.mode("overwrite").parquet(files)
    frame = spark.read.parquet(files)
    frame.createOrReplaceTempView("rows")
    kinds = frame.groupBy("kind").agg(F.count("*").alias("n"), F.avg("size"), F.stddev("gap"), F.max("at"))
    kinds.orderBy("kind").collect()
    frame.join(F.broadcast(kinds), "kind").withColumn(
        "rank", F.row_number().over(Window.partitionBy("kind").orderBy("size"))
    ).count()
    frame.alias("a").join(frame.alias("b"), "id", "left").filter("a.size > 5").count()
    spark.sql("SELECT kind, percentile_approx(size, 0.5) m FROM rows WHERE gap IS NOT NULL GROUP BY kind").toPandas()
    frame.summary().collect()
    frame.stat.approxQuantile("size", [0.5], 0.1)
    frame.dropDuplicates(["kind"]).limit(3).toPandas()
    frame.write.mode("overwrite").saveAsTable("training_rows")
    spark.table("training_rows").count()
    spark.createDataFrame(frame.limit(50).toPandas()).groupBy("kind").applyInPandas(
        _summarise, "kind string, n long"
    ).collect()
    _train(frame)


def _train(frame: DataFrame) -> None:
    from pyspark.ml import Pipeline
    from pyspark.ml.classification import DecisionTreeClassifier, LogisticRegression, RandomForestClassifier
    from pyspark.ml.evaluation import BinaryClassificationEvaluator
    from pyspark.ml.feature import Imputer, OneHotEncoder, StringIndexer, VectorAssembler
    from pyspark.ml.regression import LinearRegression
    from pyspark.ml.tuning import CrossValidator, ParamGridBuilder

    train, test = frame.randomSplit([0.8, 0.2], seed=1)
    features: list[Any] = [
        StringIndexer(inputCols=["kind"], outputCols=["kind_index"], handleInvalid="keep"),
        Imputer(inputCols=["gap"], outputCols=["gap_filled"]),
        OneHotEncoder(inputCols=["kind_index"], outputCols=["kind_vector"]),
        VectorAssembler(inputCols=["kind_vector", "gap_filled", "size"], outputCol="features"),
    ]
    evaluator = BinaryClassificationEvaluator()
    for learner in (
        LogisticRegression(maxIter=5),
        DecisionTreeClassifier(),
        RandomForestClassifier(numTrees=3, seed=1),
    ):
        evaluator.evaluate(Pipeline(stages=[*features, learner]).fit(train).transform(test))
    Pipeline(stages=[*features, LinearRegression(labelCol="size")]).fit(train).transform(test).select(
        "prediction"
    ).toPandas()
    regression = LogisticRegression(maxIter=2)
    grid = ParamGridBuilder().addGrid(regression.regParam, [0.0, 0.1]).build()
    prepared = Pipeline(stages=features).fit(train).transform(train)
    CrossValidator(estimator=regression, estimatorParamMaps=grid, evaluator=evaluator, numFolds=2, seed=1).fit(prepared)


def _summarise(part: pd.DataFrame) -> pd.DataFrame:
    return part.groupby("kind", as_index=False).size().rename(columns={"size": "n"})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
