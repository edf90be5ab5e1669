"""`FeatureLookup`: which features of a table join a data set, by which of its columns."""

from __future__ import annotations

import datetime
import warnings
from typing import Any


class FeatureLookup:
    """Features to look up in one table. Whether table, keys and features exist is checked when a training set is made."""

    def __init__(
        self,
        table_name: str,
        lookup_key: str | list[str],
        *,
        feature_names: str | list[str] | None = None,
        rename_outputs: dict[str, str] | None = None,
        timestamp_lookup_key: str | None = None,
        lookback_window: datetime.timedelta | None = None,
        default_values: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Describe a lookup.

        Args:
            table_name: the feature table.
            lookup_key: columns of the data set, in the order of the table's primary keys (without its timeseries column).
            feature_names: features to look up; all of the table's by default.
            rename_outputs: feature name to the name of its column in the result.
            timestamp_lookup_key: column of the data set with the time as of which to look up; required for tables with a
                timeseries column.
            lookback_window: a feature value older than this (at exactly this age it still counts) is not used.
            default_values: name in the result to the value for rows without one.
            **kwargs: ``feature_name`` and ``output_name``, the deprecated way to name one feature.

        Raises:
            ValueError: arguments contradict each other.
            TypeError: an argument is unknown or of another type.
        """
        feature_name, output_name = kwargs.pop("feature_name", None), kwargs.pop("output_name", None)
        if kwargs:
            raise TypeError(f"FeatureLookup got unexpected arguments: {', '.join(sorted(kwargs))}.")
        if feature_name is not None or output_name is not None:
            warnings.warn(
                "feature_name and output_name are deprecated: use feature_names and rename_outputs.",
                DeprecationWarning,
                stacklevel=2,
            )
            if feature_names is not None or rename_outputs is not None:
                raise ValueError(
                    "Use either feature_names and rename_outputs, or the deprecated feature_name and output_name."
                )
            if feature_name is None:
                raise ValueError("output_name renames the feature given by feature_name, which is missing.")
            feature_names = feature_name
            rename_outputs = {feature_name: output_name} if output_name else None
        for what, mapping in (("rename_outputs", rename_outputs), ("default_values", default_values)):
            if mapping is not None and not isinstance(mapping, dict):
                raise TypeError(f"{what} must be a dict, not {type(mapping).__name__}.")
        if lookback_window is not None:
            if timestamp_lookup_key is None:
                raise ValueError(
                    f"The lookup in {table_name} has a lookback_window, which needs a timestamp_lookup_key as well."
                )
            if not isinstance(lookback_window, datetime.timedelta):
                raise TypeError(f"lookback_window must be a datetime.timedelta, not {type(lookback_window).__name__}.")
            if lookback_window < datetime.timedelta(0):
                raise ValueError("lookback_window must not be negative.")
        if timestamp_lookup_key is not None and not isinstance(timestamp_lookup_key, str):
            raise TypeError("timestamp_lookup_key must be the name of one column.")
        self.table_name = table_name
        self.lookup_key = lookup_key
        self.feature_names = _listed(feature_names)
        self.rename_outputs = dict(rename_outputs or {})
        self.timestamp_lookup_key = timestamp_lookup_key
        self.lookback_window = lookback_window
        self.default_values = dict(default_values or {})
        self.lookup_keys = _listed(lookup_key) or []
        if not self.lookup_keys:
            raise ValueError(f"The lookup in {table_name} has no lookup_key.")

    def __repr__(self) -> str:
        features = "all features" if self.feature_names is None else ", ".join(self.feature_names)
        return f"<FeatureLookup {self.table_name} by {', '.join(self.lookup_keys)}: {features}>"


def _listed(value: str | list[str] | None) -> list[str] | None:
    if value is None:
        return None
    names = [value] if isinstance(value, str) else list(value)
    if not all(isinstance(name, str) for name in names):
        raise TypeError(f"Column names must be strings; got {value!r}.")
    return names
