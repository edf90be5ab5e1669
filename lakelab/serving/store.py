"""Which endpoints there are: a JSON file for each, so that they outlive the process that serves them."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from lakelab import files, home
from lakelab.serving.config import EndpointConfig, ServedEntity, is_endpoint_name
from lakelab.serving.errors import ServingError

Record = dict[str, Any]
"""An endpoint as Databricks' API describes it, with the field `sources`: by entity, the logged model that its version was
when it was deployed."""


def read(name: str) -> Record:
    """Return an endpoint.

    Raises:
        ServingError: there is no endpoint of that name.
    """
    if not exists(name):
        raise ServingError("RESOURCE_DOES_NOT_EXIST", f"There is no endpoint '{name}': create it first.")
    return _record(_file(name))


def read_all() -> list[Record]:
    """Return all endpoints, sorted by name."""
    return [_record(path) for path in sorted(home.serving_endpoints_dir().glob("[!.]*.json"))]


def exists(name: str) -> bool:
    """Whether there is an endpoint of that name."""
    return is_endpoint_name(name) and _file(name).exists()


def write(name: str, config: EndpointConfig, sources: dict[str, str]) -> Record:
    """Create an endpoint or replace its configuration, in one step, and return it."""
    now = int(time.time() * 1000)
    before = read(name) if exists(name) else None
    record = {
        "name": name,
        "creation_timestamp": before["creation_timestamp"] if before else now,
        "last_updated_timestamp": now,
        "state": {"ready": "READY", "config_update": "NOT_UPDATING"},
        "config": {
            "served_entities": [_served(entity) for entity in config.entities],
            "traffic_config": {
                "routes": [
                    {"served_model_name": entity, "traffic_percentage": share}
                    for entity, share in config.traffic.items()
                ]
            },
            "config_version": before["config"]["config_version"] + 1 if before else 1,
        },
        "sources": sources,
    }
    with files.replacing(_file(name)) as new:
        new.write_text(json.dumps(record, indent=1), encoding="utf-8")
    return record


def delete(name: str) -> None:
    """Forget an endpoint.

    Raises:
        ServingError: there is no endpoint of that name.
    """
    read(name)
    _file(name).unlink(missing_ok=True)


def _served(entity: ServedEntity) -> dict[str, Any]:
    return {
        "name": entity.name,
        "entity_name": entity.entity_name,
        "entity_version": entity.entity_version,
        "state": {"deployment": "DEPLOYMENT_READY"},
    }


def _record(path: Path) -> Record:
    record: Record = json.loads(path.read_text(encoding="utf-8"))
    return record


def _file(name: str) -> Path:
    return home.serving_endpoints_dir() / f"{name}.json"
