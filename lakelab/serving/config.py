"""The configuration of an endpoint: which model versions it serves, and how the traffic is split between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from lakelab.serving.errors import ServingError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class ServedEntity:
    """A version of a registered model, under the name that routes and answers call it by."""

    name: str
    entity_name: str
    entity_version: str


@dataclass(frozen=True)
class EndpointConfig:
    """Entities, and the percentage of the traffic that each one gets (0 where no route names it)."""

    entities: tuple[ServedEntity, ...]
    traffic: Mapping[str, int]

    @classmethod
    def parse(cls, config: object) -> EndpointConfig:
        """Read ``{"served_entities": [...], "traffic_config": {"routes": [...]}}``, as Databricks' API takes it.

        What concerns the size of machines (`workload_size`, `scale_to_zero_enabled` and the like) is accepted and has no
        effect. Without a `traffic_config` a single entity gets everything.

        Raises:
            ServingError: something is missing, unknown or contradictory; the percentages must sum to 100.
        """
        if not isinstance(config, Mapping):
            raise _invalid("The endpoint's config must be an object with the field 'served_entities'.")
        entities = tuple(_entity(item) for item in _objects(config, "served_entities"))
        if not entities:
            raise _invalid("The config serves nothing: list at least one entity in 'served_entities'.")
        for name, times in Counter(entity.name for entity in entities).items():
            if times > 1:
                raise _invalid(f"{times} served entities have the name '{name}': give each its own.")
        return cls(entities, _traffic(config.get("traffic_config"), [entity.name for entity in entities]))

    def entity(self, name: str) -> ServedEntity | None:
        """Return the entity of that name, if it is served."""
        return next((entity for entity in self.entities if entity.name == name), None)


def is_endpoint_name(name: object) -> TypeGuard[str]:
    """Whether an endpoint can have this name: letters, digits, dashes and underscores."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def _entity(item: Mapping[str, Any]) -> ServedEntity:
    for field in ("entity_name", "entity_version"):
        if not isinstance(item.get(field), (str, int)) or not str(item[field]).strip():
            raise _invalid(f"A served entity lacks '{field}': name a registered model and one of its versions.")
    entity_name, version = str(item["entity_name"]), str(item["entity_version"])
    if not version.isdigit():
        raise _invalid(
            f"'{version}' is no version of {entity_name}: 'entity_version' is a number. Look up what the alias points at."
        )
    name = item.get("name") or f"{entity_name}-{version}".replace(".", "-")
    if not is_endpoint_name(name):
        raise _invalid(f"{name!r} can't be a served entity's name: use letters, digits, dashes and underscores.")
    return ServedEntity(name, entity_name, version)


def _traffic(traffic: object, names: Sequence[str]) -> dict[str, int]:
    if traffic is None:
        if len(names) == 1:
            return {names[0]: 100}
        raise _invalid(
            "Several entities are served, and no 'traffic_config' says how the traffic is split between them."
        )
    if not isinstance(traffic, Mapping):
        raise _invalid("'traffic_config' must be an object with the field 'routes'.")
    split = dict.fromkeys(names, 0)
    seen = set()
    for route in _objects(traffic, "routes"):
        target = route.get("served_model_name", route.get("served_entity_name"))
        percentage = route.get("traffic_percentage")
        if target not in split:
            raise _invalid(f"A route leads to {target!r}, which is not served: there are {', '.join(names)}.")
        if target in seen:
            raise _invalid(f"Two routes lead to '{target}': make one of them.")
        if not isinstance(percentage, int) or isinstance(percentage, bool) or not 0 <= percentage <= 100:
            raise _invalid(f"The route to '{target}' has the percentage {percentage!r}: use a whole number, 0 to 100.")
        seen.add(target)
        split[target] = percentage
    if sum(split.values()) != 100:
        raise _invalid(f"The routes' percentages sum to {sum(split.values())}: they must sum to 100.")
    return split


def _objects(holder: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    items = holder.get(field)
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise _invalid(f"'{field}' must be a list of objects.")
    return items


def _invalid(message: str) -> ServingError:
    return ServingError("INVALID_PARAMETER_VALUE", message)
