"""`FeatureTable`: what is known about a feature table, at the time it was asked for."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class FeatureTable:
    """A feature table's description. ``primary_keys`` are without the timeseries column, which is in ``timestamp_keys``.

    ``creation_timestamp`` is in milliseconds since 1970. ``online_stores`` names where it was published. Producers and data
    sources are always empty: nothing records them on this machine.
    """

    name: str
    table_id: str
    description: str
    primary_keys: list[str]
    partition_columns: list[str]
    features: list[str]
    creation_timestamp: int
    timestamp_keys: list[str]
    online_stores: list[str] = field(default_factory=list)
    notebook_producers: list[str] = field(default_factory=list)
    job_producers: list[str] = field(default_factory=list)
    table_data_sources: list[str] = field(default_factory=list)
    path_data_sources: list[str] = field(default_factory=list)
    custom_data_sources: list[str] = field(default_factory=list)
    _tags: dict[str, str] = field(default_factory=dict)

    @property
    def tags(self) -> dict[str, str]:
        """The table's tags."""
        return dict(self._tags)
