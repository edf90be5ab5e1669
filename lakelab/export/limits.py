"""What an exported notebook can't do on Databricks as it stands, found by what its code mentions."""

from __future__ import annotations

import re

_RULES = {
    r"\b(?:127\.0\.0\.1|localhost)\b": "It talks to a server on its own machine: use the workspace's service in its place (a serving endpoint, the workspace's MLflow).",
    r"mlflow(?: models)? (?:serve|ui)\b|mlflow[\"'], [\"'](?:models|ui)": "It starts an MLflow server: the workspace has one, and serving endpoints in place of `mlflow models serve`.",
    r"\bspark\.stop\(\)": "It stops Spark: leave `spark.stop()` out, the session belongs to the compute.",
    r"\bsparkContext\b|\bSparkTrials\b|\.rdd\b|\b_jvm\b": "It uses the SparkContext, RDDs or SparkTrials: attach it to classic compute with dedicated access; serverless and standard compute refuse them.",
    r"from databricks import automl|databricks\.automl": "AutoML's Python API needs classic compute with a Databricks Runtime ML that still has it.",
    r"databricks\.feature_store|FeatureStoreClient": "The workspace feature store is the older one: in a workspace with Unity Catalog use `databricks.feature_engineering`.",
    r"\bsqlite:///|MLFLOW_TRACKING_URI|set_tracking_uri\(": "It names an MLflow database of its own: leave that out, the workspace's tracking server is set already.",
    r"transition_model_version_stage|stage=[\"']|/(?:Staging|Production)[\"']": "It uses stages of the workspace model registry: Unity Catalog's registry has aliases only.",
}
_TO_INSTALL = ("hyperopt", "deltalake", "evidently")
_PICTURE = re.compile(r"!\[[^\]]*\]\((?!https?:|data:|attachment:)([^)\s]+)")


def limits(code: str) -> list[str]:
    """Return a sentence for everything in the code that won't run on Databricks as it stands."""
    return [sentence for pattern, sentence in _RULES.items() if re.search(pattern, code)]


def installs(code: str) -> list[str]:
    """Return the packages that the code needs and that Databricks runtimes, or the newer ones, lack."""
    return [name for name in _TO_INSTALL if re.search(rf"^\s*(?:from|import) {name}\b", code, re.MULTILINE)]


def pictures(markdown: str) -> list[str]:
    """Return the files that pictures of a Markdown text come from."""
    return _PICTURE.findall(markdown)
