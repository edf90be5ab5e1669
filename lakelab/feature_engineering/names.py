"""Names of tables: ``catalog.schema.table``, of which the first parts may be left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lakelab import home
from lakelab.spark import session

DEFAULT_CATALOG = "main"
DEFAULT_SCHEMA = "default"
WORKSPACE_CATALOG = "hive_metastore"
"""Where the classic Workspace Feature Store keeps its tables."""


@dataclass(frozen=True, order=True)
class TableName:
    """A completed name. It is written as its users write it: in full, or as ``schema.table`` in the workspace's catalog."""

    catalog: str
    schema: str
    table: str

    def __str__(self) -> str:
        parts = (
            (self.schema, self.table) if self.catalog == WORKSPACE_CATALOG else (self.catalog, self.schema, self.table)
        )
        return ".".join(parts)

    @property
    def folder(self) -> Path:
        """The folder of the Delta table, which need not exist."""
        return home.tables_path() / self.catalog / self.schema / self.table

    def check_schema(self) -> None:
        """Make sure that catalog and schema exist.

        Raises:
            ValueError: one of them does not exist.
        """
        if self.catalog not in {DEFAULT_CATALOG, WORKSPACE_CATALOG} and not self.folder.parents[1].is_dir():
            raise ValueError(
                f"Catalog '{self.catalog}' of {self} does not exist; on this machine there is '{DEFAULT_CATALOG}': "
                f"use {DEFAULT_CATALOG}.{self.schema}.{self.table}."
            )
        if self.schema == DEFAULT_SCHEMA or self.folder.parent.is_dir():
            return
        if not session.get_or_create().catalog.databaseExists(self.schema):
            raise ValueError(
                f"Schema '{self.schema}' of {self} does not exist: create it first, "
                f'as in spark.sql("CREATE SCHEMA IF NOT EXISTS {self.schema}").'
            )


def unity(name: str) -> TableName:
    """Complete ``name`` with the current catalog and schema, as the FeatureEngineeringClient does.

    Raises:
        ValueError: ``name`` is not a table name, or one of the Workspace Feature Store.
    """
    parts = _parts(name)
    if len(parts) == 3:
        if parts[0] == WORKSPACE_CATALOG:
            raise ValueError(
                f"'{name}' is a table of the Workspace Feature Store, which the FeatureEngineeringClient does not know: "
                "use FeatureStoreClient for it."
            )
        return TableName(*parts)
    if len(parts) == 2:
        return TableName(DEFAULT_CATALOG, *parts)
    return TableName(DEFAULT_CATALOG, _current_schema(), *parts)


def workspace(name: str) -> TableName:
    """Read a ``database.table`` name, as the FeatureStoreClient does.

    Raises:
        ValueError: ``name`` is not of that form.
    """
    parts = _parts(name)
    if len(parts) == 3 and parts[0] == WORKSPACE_CATALOG:
        parts = parts[1:]
    if len(parts) == 3:
        raise ValueError(f"'{name}' is a table of Unity Catalog: use FeatureEngineeringClient for it.")
    if len(parts) != 2:
        raise ValueError(f"The name of a feature table has the form database_name.table_name; got '{name}'.")
    return TableName(WORKSPACE_CATALOG, *parts)


def _parts(name: str) -> list[str]:
    if not isinstance(name, str):
        raise TypeError(f"The name of a table must be a string, not {type(name).__name__}.")
    parts = [part.strip("`").lower() for part in name.strip().split(".")]
    if not 1 <= len(parts) <= 3 or not all(re.fullmatch(r"\w[\w-]*", part) for part in parts):
        raise ValueError(
            f"'{name}' is not the name of a table: write catalog.schema.table, in letters, digits, - and _."
        )
    return parts


def _current_schema() -> str:
    spark = session.running()
    return DEFAULT_SCHEMA if spark is None else str(spark.catalog.currentDatabase()).lower()
