"""Feature tables, training sets without leakage, and models that look their features up.

    from lakelab.feature_engineering import FeatureEngineeringClient, FeatureLookup  # on Databricks: from databricks.feature_engineering import …

Names, signatures, behaviour and exception types are those of Databricks' client for feature tables in Unity Catalog; what
differs is listed with the conformance tests. Feature tables are Delta tables below LAKELAB_HOME, written and merged by
delta-rs and read by Spark. Importing starts nothing and imports neither pyspark nor MLflow.

`table_versions` and `models_trained_on` are LakeLab's own: they answer which data trained which model, a question for which
Databricks has the lineage tab of Catalog Explorer.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import lakelab.runtime  # noqa: F401  # points MLflow at the course's database, whatever a notebook imports first

if TYPE_CHECKING:
    from lakelab.feature_engineering.client import FeatureEngineeringClient
    from lakelab.feature_engineering.errors import WriteConflictError
    from lakelab.feature_engineering.function import FeatureFunction
    from lakelab.feature_engineering.lineage import models_trained_on, table_versions
    from lakelab.feature_engineering.lookup import FeatureLookup
    from lakelab.feature_engineering.online_store import DatabricksOnlineStore
    from lakelab.feature_engineering.table import FeatureTable
    from lakelab.feature_engineering.training_set import TrainingSet

_MODULES = {
    "DatabricksOnlineStore": "online_store",
    "FeatureEngineeringClient": "client",
    "FeatureFunction": "function",
    "FeatureLookup": "lookup",
    "FeatureTable": "table",
    "TrainingSet": "training_set",
    "WriteConflictError": "errors",
    "models_trained_on": "lineage",
    "table_versions": "lineage",
}

__all__ = [
    "DatabricksOnlineStore",
    "FeatureEngineeringClient",
    "FeatureFunction",
    "FeatureLookup",
    "FeatureTable",
    "TrainingSet",
    "WriteConflictError",
    "models_trained_on",
    "table_versions",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    return value
