"""Which data trained which model. LakeLab's own: on Databricks it is the lineage tab of Catalog Explorer that shows this."""

from __future__ import annotations

import json
from dataclasses import dataclass

from lakelab.feature_engineering import models
from lakelab.feature_engineering.names import WORKSPACE_CATALOG, unity, workspace

TAG = models.TABLES_TAG


@dataclass(frozen=True)
class TrainedModel:
    """A model by the run that logged it, and the version of the table that its training set was made from."""

    run_id: str
    model_uri: str
    version: int


def table_versions(model_uri: str) -> dict[str, int]:
    """Feature tables that the model's training set looked features up in, with the version of each.

    ``FeatureEngineeringClient().read_table(name=…, version=…)`` returns that data.

    Raises:
        ValueError: the model was not logged with a training set.
    """
    return {
        name: table.version for name, table in models.load_spec(models.download(model_uri), model_uri).tables.items()
    }


def models_trained_on(table_name: str, version: int | None = None) -> list[TrainedModel]:
    """The models whose training sets looked features up in the table (in one version of it), the newest first."""
    from mlflow.tracking import MlflowClient

    name = str((workspace if table_name.lower().startswith(WORKSPACE_CATALOG) else unity)(table_name))
    client = MlflowClient()
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    found = []
    token = None
    while True:
        page = client.search_runs(experiments, f"tags.`{TAG}` LIKE '%{name}%'", page_token=token)
        for run in page:
            for path, tables in json.loads(run.data.tags[TAG]).items():
                if name in tables and version in (None, tables[name]):
                    found.append(TrainedModel(run.info.run_id, f"runs:/{run.info.run_id}/{path}", tables[name]))
        token = page.token
        if not token:
            return found
