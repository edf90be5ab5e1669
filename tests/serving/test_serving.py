"""`lakelab.serving`: endpoints as MLflow's client and Databricks' SDK see them, and as anyone does who speaks HTTP."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
import pytest
import requests
from sklearn.linear_model import LinearRegression

from lakelab import home
from lakelab.serving import get_deploy_client, server
from lakelab.serving.api import choose
from lakelab.serving.config import EndpointConfig
from lakelab.serving.errors import ServingError

ROWS = pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]})
NAME = "main.tests.served"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The client, in a home of its own with two versions of a model: the first answers with the sum, the second with ten times it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKELAB_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("DATABRICKS_HOST", "")  # so that what is set for the tests goes with them
        patch.setenv("DATABRICKS_TOKEN", "")
        patch.setenv("MLFLOW_TRACKING_URI", home.mlflow_uri())
        registry = mlflow.MlflowClient()
        registry.create_registered_model(NAME)
        experiment = registry.create_experiment("serving", artifact_location=home.mlflow_artifacts().as_uri())
        for factor in (1.0, 10.0):
            model = LinearRegression(fit_intercept=False).fit(ROWS, factor * ROWS.sum(axis=1))
            with mlflow.start_run(experiment_id=experiment):
                info = mlflow.sklearn.log_model(
                    model,
                    name="model",
                    signature=mlflow.models.infer_signature(ROWS, [1.0]),
                    pip_requirements=["scikit-learn"],
                )
            registry.create_model_version(NAME, source=info.model_uri, run_id=info.run_id)
        yield get_deploy_client("databricks")
        server.stop()


def config(**shares: int) -> dict[str, Any]:
    """The configuration that serves versions under the names v1, v2, … with these percentages."""
    return {
        "served_entities": [{"name": v, "entity_name": NAME, "entity_version": v[1:]} for v in shares],
        "traffic_config": {
            "routes": [{"served_model_name": v, "traffic_percentage": share} for v, share in shares.items()]
        },
    }


@pytest.fixture
def endpoint(client: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    client.create_endpoint(config={"name": "late", "config": config(v1=80, v2=20)})
    yield "late"
    client.delete_endpoint("late")


def post(path: str, token: str | None = None, **body: Any) -> requests.Response:
    token = os.environ["DATABRICKS_TOKEN"] if token is None else token
    headers = {"Authorization": f"Bearer {token}", **body.pop("headers", {})}
    return requests.post(f"{os.environ['DATABRICKS_HOST']}{path}", headers=headers, timeout=30, **body)


def test_an_endpoint_is_created_described_changed_and_deleted(client: Any) -> None:
    created = client.create_endpoint(config={"name": "late", "config": config(v1=100)})
    assert created["state"] == {"ready": "READY", "config_update": "NOT_UPDATING"}
    assert [e["name"] for e in client.list_endpoints()] == ["late"]
    changed = client.update_endpoint_config("late", config(v1=0, v2=100))
    assert changed["config"]["config_version"] == 2
    assert client.get_endpoint("late") == changed
    assert client.predict(endpoint="late", inputs={"inputs": {"a": [1.0], "b": [2.0]}})["predictions"][0] == (
        pytest.approx(30.0)
    )
    client.delete_endpoint("late")
    assert client.list_endpoints() == []
    with pytest.raises(requests.HTTPError, match="There is no endpoint 'late'"):
        client.predict(endpoint="late", inputs={"inputs": {"a": [1.0], "b": [2.0]}})


def test_every_input_format_of_mlflow_gets_the_same_answer(endpoint: str) -> None:
    path = f"/serving-endpoints/{endpoint}/served-models/v1/invocations"
    asked = {
        "split": {"json": {"dataframe_split": ROWS.to_dict(orient="split")}},
        "records": {"json": {"dataframe_records": ROWS.to_dict(orient="records")}},
        "instances": {"json": {"instances": ROWS.to_dict(orient="records")}},
        "inputs": {"json": {"inputs": ROWS.to_dict(orient="list")}},
        "csv": {"data": ROWS.to_csv(index=False), "headers": {"Content-Type": "text/csv"}},
    }
    for name, body in asked.items():
        answer = post(path, **body)
        assert answer.status_code == 200, (name, answer.text)
        assert answer.headers["served-model-name"] == "v1"
        assert answer.json()["predictions"] == pytest.approx([3.0, 3.0])


def test_mlflows_own_refusals_come_through(endpoint: str, capfd: pytest.CaptureFixture[str]) -> None:
    path = f"/serving-endpoints/{endpoint}/invocations"
    renamed = post(path, json={"dataframe_split": ROWS.rename(columns={"a": "z"}).to_dict(orient="split")})
    assert renamed.status_code == 400
    assert "missing inputs ['a']" in renamed.json()["message"]
    assert post(path, data="<a/>", headers={"Content-Type": "text/xml"}).status_code == 415
    assert capfd.readouterr().err == ""


def test_the_traffic_is_split_as_configured(endpoint: str) -> None:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {os.environ['DATABRICKS_TOKEN']}"
    url = f"{os.environ['DATABRICKS_HOST']}/serving-endpoints/{endpoint}/invocations"
    asked = 300
    answers = [session.post(url, json={"inputs": {"a": [1.0], "b": [2.0]}}, timeout=30) for _ in range(asked)]
    counts = Counter(answer.headers["served-model-name"] for answer in answers)
    assert abs(counts["v1"] - 0.8 * asked) < 5 * math.sqrt(0.16 * asked)
    for answer in answers:  # and the name is that of the model which answered
        expected = {"v1": 3.0, "v2": 30.0}[answer.headers["served-model-name"]]
        assert answer.json()["predictions"] == pytest.approx([expected])


def test_no_traffic_means_none() -> None:
    assert {choose({"old": 0, "new": 100}) for _ in range(200)} == {"new"}


def test_databricks_own_sdk_is_understood(endpoint: str, capfd: pytest.CaptureFixture[str]) -> None:
    from databricks.sdk import WorkspaceClient

    answer = WorkspaceClient().serving_endpoints.query(endpoint, dataframe_records=ROWS.to_dict(orient="records"))
    assert answer.served_model_name in ("v1", "v2")
    assert capfd.readouterr().err == ""


def test_a_bad_change_changes_nothing(client: Any, endpoint: str) -> None:
    before = client.get_endpoint(endpoint)
    for bad in (config(v9=100), config(v1=50), {"served_entities": []}):
        with pytest.raises(requests.HTTPError):
            client.update_endpoint_config(endpoint, bad)
    assert client.get_endpoint(endpoint) == before
    with pytest.raises(requests.HTTPError, match="There is an endpoint 'late' already"):
        client.create_endpoint(config={"name": endpoint, "config": config(v1=100)})


def test_only_who_has_the_token_is_served(endpoint: str) -> None:
    for path in (f"/serving-endpoints/{endpoint}/invocations", "/api/2.0/serving-endpoints"):
        assert post(path, token="guessed", json={"inputs": {"a": [1.0], "b": [2.0]}}).status_code == 401


def test_endpoints_outlive_the_server(client: Any, endpoint: str) -> None:
    old = os.environ["DATABRICKS_HOST"]
    server.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(old, timeout=5)
    again = get_deploy_client()
    assert again.get_endpoint(endpoint)["name"] == endpoint
    assert again.predict(endpoint=endpoint, inputs={"inputs": {"a": [1.0], "b": [2.0]}})


def test_a_path_is_no_endpoint(client: Any, endpoint: str) -> None:
    for name in ("..%2Flate", "late%2F..%2Flate", ".late"):
        assert post(f"/serving-endpoints/{name}/invocations", json={}).status_code == 404


def test_the_notebooks_process_is_no_serving_environment(endpoint: str, client: Any) -> None:
    client.predict(endpoint=endpoint, inputs={"inputs": {"a": [1.0], "b": [2.0]}})
    assert "_MLFLOW_IS_IN_SERVING_ENVIRONMENT" not in os.environ


def test_another_target_is_refused() -> None:
    with pytest.raises(ValueError, match="'sagemaker'"):
        get_deploy_client("sagemaker")


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("text", "must be an object"),
        ({}, "'served_entities' must be a list"),
        ({"served_entities": [{"entity_name": NAME}]}, "lacks 'entity_version'"),
        ({"served_entities": [{"entity_name": NAME, "entity_version": "champion"}]}, "is a number"),
        ({"served_entities": [{"name": "a.b", "entity_name": NAME, "entity_version": "1"}]}, "can't be a served"),
        ({"served_entities": config(v1=100)["served_entities"] * 2}, "2 served entities have the name 'v1'"),
        ({"served_entities": config(v1=50, v2=50)["served_entities"]}, "no 'traffic_config'"),
        ({**config(v1=100), "traffic_config": []}, "field 'routes'"),
        ({**config(v1=100), "traffic_config": config(v2=100)["traffic_config"]}, "leads to 'v2', which is not served"),
        (config(v1=80, v2=10), "sum to 90"),
        (config(v1=120, v2=-20), "whole number, 0 to 100"),
        (config(v1=0.8, v2=0.2), "whole number, 0 to 100"),  # type: ignore[arg-type]
    ],
)
def test_a_config_that_makes_no_sense_gets_one_sentence(bad: object, message: str) -> None:
    with pytest.raises(ServingError, match=message):
        EndpointConfig.parse(bad)


def test_a_single_entity_gets_everything() -> None:
    parsed = EndpointConfig.parse({"served_entities": [{"entity_name": NAME, "entity_version": 1}]})
    assert parsed.traffic == {"main-tests-served-1": 100}


def test_home_says_where_endpoints_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKELAB_HOME", str(tmp_path))
    assert home.serving_endpoints_dir() == tmp_path / "serving_endpoints"
