"""Serving endpoints, as MLflow's client for Databricks and the REST API beneath it have them."""

from __future__ import annotations

import os
import time
from typing import Any

import mlflow
import pandas as pd
import pytest
import requests
from sklearn.linear_model import LinearRegression

from conformance.table import Context, Row
from lakelab.serving import get_deploy_client

TITLE = "Model serving"

ROWS_OF_A_MODEL = pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]})


def _model(context: Context) -> str:
    """A registered model with two versions: the first adds its columns, the second answers with ten times that."""
    registry = mlflow.MlflowClient()
    name = context.new_name("main.serving.sum")
    registry.create_registered_model(name)
    experiment = registry.create_experiment(context.new_name("serving"))
    for factor in (1.0, 10.0):
        fitted = LinearRegression(fit_intercept=False).fit(ROWS_OF_A_MODEL, factor * ROWS_OF_A_MODEL.sum(axis=1))
        with mlflow.start_run(experiment_id=experiment):
            info = mlflow.sklearn.log_model(
                fitted,
                name="model",
                signature=mlflow.models.infer_signature(ROWS_OF_A_MODEL, [1.0]),
                pip_requirements=["scikit-learn"],
            )
        registry.create_model_version(name, source=info.model_uri, run_id=info.run_id)
    return name


def _config(context: Context, **shares: Any) -> dict[str, Any]:
    name = context.once(_model)
    return {
        "served_entities": [
            {"name": v, "entity_name": name, "entity_version": v[1:], "workload_size": "Small"} for v in shares
        ],
        "traffic_config": {
            "routes": [{"served_model_name": v, "traffic_percentage": share} for v, share in shares.items()]
        },
    }


def _endpoint(context: Context, **shares: int) -> str:
    name = context.new_name("endpoint")
    get_deploy_client("databricks").create_endpoint(config={"name": name, "config": _config(context, **shares)})
    return name


def _post(path: str, token: str | None = None) -> requests.Response:
    client_token = os.environ["DATABRICKS_TOKEN"] if token is None else token
    return requests.post(
        f"{os.environ['DATABRICKS_HOST']}/serving-endpoints/{path}",
        json={"dataframe_split": ROWS_OF_A_MODEL.to_dict(orient="split")},
        headers={"Authorization": f"Bearer {client_token}"},
        timeout=30,
    )


def client_is_mlflows(context: Context) -> None:
    from mlflow.deployments.databricks import DatabricksDeploymentClient

    assert type(get_deploy_client("databricks")) is DatabricksDeploymentClient


def lives_and_dies(context: Context) -> None:
    client = get_deploy_client("databricks")
    name = _endpoint(context, v1=100)
    assert name in [endpoint["name"] for endpoint in client.list_endpoints()]
    client.update_endpoint_config(name, _config(context, v1=0, v2=100))
    assert client.get_endpoint(name)["config"]["config_version"] == 2
    client.delete_endpoint(name)
    with pytest.raises(requests.HTTPError, match="404"):
        client.get_endpoint(name)


def takes_mlflows_formats(context: Context) -> None:
    client, name = get_deploy_client("databricks"), _endpoint(context, v1=100)
    for inputs in (
        {"dataframe_split": ROWS_OF_A_MODEL.to_dict(orient="split")},
        {"dataframe_records": ROWS_OF_A_MODEL.to_dict(orient="records")},
        {"instances": ROWS_OF_A_MODEL.to_dict(orient="records")},
        {"inputs": ROWS_OF_A_MODEL.to_dict(orient="list")},
    ):
        assert client.predict(endpoint=name, inputs=inputs)["predictions"] == pytest.approx([3.0, 3.0])


def percentages_sum_to_100(context: Context) -> None:
    client, name = get_deploy_client("databricks"), _endpoint(context, v1=100)
    for wrong in ({"v1": 80, "v2": 10}, {"v1": 0.8, "v2": 0.2}, {"v1": 120, "v2": -20}):
        with pytest.raises(requests.HTTPError, match="400"):
            client.update_endpoint_config(name, _config(context, **wrong))


def no_traffic_is_served_by_name(context: Context) -> None:
    name = _endpoint(context, v1=0, v2=100)
    assert {_post(f"{name}/invocations").headers["served-model-name"] for _ in range(30)} == {"v2"}
    assert _post(f"{name}/served-models/v1/invocations").json()["predictions"] == pytest.approx([3.0, 3.0])


def asks_for_a_token(context: Context) -> None:
    assert _post(f"{_endpoint(context, v1=100)}/invocations", token="guessed").status_code == 401


def refused_at_once(context: Context) -> None:
    client, name = get_deploy_client("databricks"), _endpoint(context, v1=100)
    with pytest.raises(requests.HTTPError, match="There is no version 9"):
        client.update_endpoint_config(name, _config(context, v9=100))
    assert client.get_endpoint(name)["state"] == {"ready": "READY", "config_update": "NOT_UPDATING"}
    assert _post(f"{name}/invocations").headers["served-model-name"] == "v1"


def ready_when_created(context: Context) -> None:
    start = time.monotonic()
    created = get_deploy_client("databricks").create_endpoint(
        config={"name": context.new_name("endpoint"), "config": _config(context, v1=100)}
    )
    assert created["state"]["ready"] == "READY"
    assert time.monotonic() - start < 60  # not the minutes that building a container takes


def a_number_is_asked_for(context: Context) -> None:
    config = _config(context, v1=100)
    config["served_entities"][0]["entity_version"] = "champion"
    with pytest.raises(requests.HTTPError, match="'entity_version' is a number"):
        get_deploy_client("databricks").create_endpoint(config={"name": context.new_name("endpoint"), "config": config})


def no_rate_limits(context: Context) -> None:
    with pytest.raises(requests.HTTPError, match="404"):
        get_deploy_client("databricks").update_endpoint_rate_limits(_endpoint(context, v1=100), {"rate_limits": []})


ROWS: list[Row] = [
    Row('get_deploy_client("databricks")', "Returns MLflow's client for serving endpoints.", check=client_is_mlflows),
    Row(
        "create_endpoint, get_endpoint, list_endpoints, update_endpoint_config, delete_endpoint",
        "Make, describe, change and delete an endpoint; its configuration counts its versions.",
        check=lives_and_dies,
    ),
    Row("predict", "Takes dataframe_split, dataframe_records, instances and inputs.", check=takes_mlflows_formats),
    Row(
        "traffic_config.routes",
        "traffic_percentage is a whole number from 0 to 100; the routes sum to 100.",
        check=percentages_sum_to_100,
    ),
    Row(
        "POST /serving-endpoints/{name}/served-models/{served_model}/invocations",
        "Asks one served entity, whatever its traffic; the header served-model-name of each answer says who gave it.",
        check=no_traffic_is_served_by_name,
    ),
    Row("POST /serving-endpoints/{name}/invocations", "Asks for a bearer token.", check=asks_for_a_token),
    Row("served_entities.entity_version", "A version's number, no alias of the registry.", check=a_number_is_asked_for),
    Row(
        "create_endpoint, update_endpoint_config",
        "Answer at once, and the endpoint is ready some minutes later.",
        "approximated",
        "They answer when the models are loaded, and the endpoint is ready.",
        check=ready_when_created,
    ),
    Row(
        "update_endpoint_config",
        "A configuration that can't be brought up ends as UPDATE_FAILED, and the old one goes on serving.",
        "approximated",
        "It is refused with status 400 or 404, and the old one goes on serving.",
        check=refused_at_once,
    ),
    Row(
        "served_entities",
        "workload_size, workload_type and scale_to_zero_enabled decide about machines; each entity has a container of its own.",
        "approximated",
        "They are accepted and change nothing: MLflow's scoring servers run in the notebook's process, with its libraries.",
        check=ready_when_created,
    ),
    Row(
        "rate limits, AI gateway, inference tables, external models",
        "Further parts of an endpoint.",
        "absent",
        "Their addresses answer with status 404, and their fields in a configuration are ignored.",
        check=no_rate_limits,
    ),
]
