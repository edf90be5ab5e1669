"""Serving endpoints on this machine, for the client that MLflow has for Databricks.

`get_deploy_client` starts a server inside the notebook's process that speaks the part of Databricks' REST API which creates,
changes, queries and deletes serving endpoints, and returns MLflow's own client for it. Behind an endpoint each served version
is MLflow's scoring server, the one that ``mlflow models serve`` runs; a router in front of them splits the traffic.

Endpoints are kept in files and outlive the process; the server and its address don't.
"""

from lakelab.serving.client import get_deploy_client

__all__ = ["get_deploy_client"]
