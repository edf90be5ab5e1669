"""A feature spec: how a model's inputs come about. It is what a training set remembers and a logged model carries.

It is kept as YAML; `FeatureSpec.to_yaml` and `from_yaml` are each other's inverse.
"""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

SERIALIZATION_VERSION = 1
"""Changes when older readers could misunderstand a spec."""


@dataclass(frozen=True)
class TableSpec:
    """A table that features are looked up in, and the version of it that the training set saw."""

    name: str
    table_id: str
    version: int
    primary_keys: list[str]
    timeseries_column: str | None = None


@dataclass(frozen=True)
class ColumnSpec:
    """One column: ``source`` tells whether the data set brings it, a table holds it, or a function computes it."""

    name: str
    source: Literal["training_data", "feature_table", "function"]
    type: str
    excluded: bool = False
    table: str | None = None
    feature: str | None = None
    lookup_key: list[str] = field(default_factory=list)
    timestamp_lookup_key: str | None = None
    lookback_window: float | None = None
    """In seconds."""
    default_value: Any = None
    udf_name: str | None = None
    input_bindings: dict[str, str] = field(default_factory=dict)

    @property
    def lookback(self) -> datetime.timedelta | None:
        """The greatest age of a feature value that counts."""
        return None if self.lookback_window is None else datetime.timedelta(seconds=self.lookback_window)


@dataclass(frozen=True)
class FeatureSpec:
    """Columns in the order of the training set, the tables they are looked up in, and the labels (which are no columns here)."""

    columns: list[ColumnSpec]
    tables: dict[str, TableSpec]
    labels: list[str] = field(default_factory=list)

    @property
    def inputs(self) -> list[str]:
        """The columns that the model is trained on, in their order."""
        return [column.name for column in self.columns if not column.excluded]

    @property
    def lookups(self) -> list[ColumnSpec]:
        """The columns that are looked up."""
        return [column for column in self.columns if column.source == "feature_table"]

    @property
    def functions(self) -> list[ColumnSpec]:
        """The columns that are computed, in the order in which they can be."""
        return [column for column in self.columns if column.source == "function"]

    @property
    def required(self) -> list[str]:
        """The columns that a data set to be scored must have: lookup keys and what the model or a function takes from it."""
        names: dict[str, None] = {}
        for column in self.lookups:
            names.update(dict.fromkeys(column.lookup_key))
            if column.timestamp_lookup_key:
                names[column.timestamp_lookup_key] = None
        computed = {column.name for column in self.columns if column.source != "training_data"}
        for column in self.functions:
            names.update(dict.fromkeys(bound for bound in column.input_bindings.values() if bound not in computed))
        names.update(dict.fromkeys(c.name for c in self.columns if c.source == "training_data" and not c.excluded))
        return list(names)

    def to_yaml(self) -> str:
        """The spec as text."""
        import yaml

        content = {
            "serialization_version": SERIALIZATION_VERSION,
            "input_columns": [_without_empty(asdict(column)) for column in self.columns],
            "input_tables": [_without_empty(asdict(table)) for table in self.tables.values()],
            "labels": list(self.labels),
        }
        return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))


def from_yaml(text: str, where: str) -> FeatureSpec:
    """Read a spec.

    Raises:
        ValueError: ``text``, which was found at ``where``, is not a feature spec of a version that is understood.
    """
    import yaml

    try:
        content = yaml.safe_load(text)
        if content["serialization_version"] != SERIALIZATION_VERSION:
            raise ValueError(f"version {content['serialization_version']}")
        tables = [TableSpec(**table) for table in content["input_tables"]]
        return FeatureSpec(
            columns=[ColumnSpec(**column) for column in content["input_columns"]],
            tables={table.name: table for table in tables},
            labels=content["labels"],
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{where} is not a feature spec that this version of LakeLab can read ({error}).") from error


def _without_empty(content: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in content.items() if value not in (None, [], {}, False) or key == "default_value"
    }
