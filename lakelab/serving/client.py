"""MLflow's deployment client for Databricks, talking to the server of this process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lakelab.serving import server

if TYPE_CHECKING:
    from mlflow.deployments.databricks import DatabricksDeploymentClient


def get_deploy_client(target_uri: str = "databricks") -> DatabricksDeploymentClient:
    """Return MLflow's client for serving endpoints, as ``mlflow.deployments.get_deploy_client("databricks")`` does there.

    Starts this process's server on first use, and puts its address and token where Databricks' tools look for them: into
    DATABRICKS_HOST and DATABRICKS_TOKEN of this process. Configured workspaces are not touched.

    Raises:
        ValueError: another target than "databricks" is asked for.
        RuntimeError: the server did not start.
    """
    if target_uri != "databricks":
        raise ValueError(f"There is no deployment target {target_uri!r} here: use 'databricks'.")
    from mlflow.deployments.databricks import DatabricksDeploymentClient

    running = server.start()
    os.environ["DATABRICKS_HOST"], os.environ["DATABRICKS_TOKEN"] = running.host, running.token
    return DatabricksDeploymentClient(target_uri)
