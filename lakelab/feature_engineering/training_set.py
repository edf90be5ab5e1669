"""`TrainingSet`: a data set with its features, and how it came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lakelab.feature_engineering import augment, checks, store
from lakelab.feature_engineering.function import FeatureFunction
from lakelab.feature_engineering.lookup import FeatureLookup
from lakelab.feature_engineering.names import TableName
from lakelab.feature_engineering.spec import ColumnSpec, FeatureSpec, TableSpec
from lakelab.feature_engineering.store import StoredTable

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

MOST_FUNCTIONS = 100
"""So many computed features a training set may have."""

Features = Sequence[FeatureLookup | FeatureFunction]


class TrainingSet:
    """A data set with its features. Made by ``create_training_set``; the lookups run when the frame's rows are asked for."""

    def __init__(self, df: DataFrame, spec: FeatureSpec, resolve: Callable[[str], TableName]) -> None:
        """Remember the data set ``df`` and the checked ``spec``; ``resolve`` completes names of tables."""
        self._df = df
        self._spec = spec
        self._resolve = resolve

    @property
    def feature_spec(self) -> FeatureSpec:
        """Where each column comes from, and which versions of which tables are looked up in."""
        return self._spec

    def load_df(self) -> DataFrame:
        """Columns of the data set without those excluded, then the features in the order of the lookups, then the labels.

        The features are those of the tables as they were when the training set was made.
        """
        full = augment.augment(self._df, self._spec, self._resolve, versions=True)
        return full.select(*(f"`{name}`" for name in self.get_output_columns()))

    def get_output_columns(self) -> list[str]:
        """The columns of `load_df`."""
        return [*self._spec.inputs, *self._spec.labels]


def build(
    df: DataFrame,
    features: Features,
    labels: Sequence[str],
    exclude_columns: Sequence[str],
    resolve: Callable[[str], TableName],
) -> TrainingSet:
    """Check the description of a training set against the data set and the tables.

    Raises:
        ValueError: it does not fit, as the message says.
        TypeError: a feature is neither a FeatureLookup nor a FeatureFunction.
    """
    checks.spark_frame(df)
    checks.distinct_names(df.columns, "df")
    for label in labels:
        if label not in df.columns:
            raise ValueError(f"The label '{label}' is not a column of df; there are {', '.join(df.columns)}.")
        if label in exclude_columns:
            raise ValueError(f"The label '{label}' is among the exclude_columns: leave it out there.")
    spec = describe(features, df.schema, labels, exclude_columns, resolve)
    for column in spec.functions:
        augment.function_name(df, str(column.udf_name))
    return TrainingSet(df, spec, resolve)


def describe(
    features: Features,
    given: StructType | None,
    labels: Sequence[str],
    exclude_columns: Sequence[str],
    resolve: Callable[[str], TableName],
) -> FeatureSpec:
    """Make a feature spec. Without a data set's schema ``given``, its columns are taken to be what the features ask for.

    Raises:
        ValueError: the features do not fit the tables or the data set.
        TypeError: a feature is neither a FeatureLookup nor a FeatureFunction.
    """
    for feature in features:
        if not isinstance(feature, (FeatureLookup, FeatureFunction)):
            raise TypeError(f"A feature is a FeatureLookup or a FeatureFunction, not {type(feature).__name__}.")
    if sum(isinstance(feature, FeatureFunction) for feature in features) > MOST_FUNCTIONS:
        raise ValueError(f"A training set can have {MOST_FUNCTIONS} FeatureFunctions at most.")
    columns = {} if given is None else {field.name: field.dataType.simpleString() for field in given}
    tables: dict[str, StoredTable] = {}
    computed: list[ColumnSpec] = []
    for feature in features:
        if isinstance(feature, FeatureFunction):
            computed.append(
                ColumnSpec(
                    name=feature.output_name,
                    source="function",
                    type="",
                    udf_name=feature.udf_name,
                    input_bindings=feature.input_bindings,
                )
            )
        else:
            name = str(resolve(feature.table_name))
            table = tables.setdefault(name, store.find(resolve(feature.table_name)))
            _check_keys(feature, table, given)
            computed += _looked_up(feature, table)
    _check_lookback_windows(features, resolve)
    _check_names(computed, columns, labels)
    _check_bindings(computed, columns, given is not None)
    ordinary = [
        ColumnSpec(name=name, source="training_data", type=kind, excluded=name in exclude_columns)
        for name, kind in columns.items()
        if name not in labels
    ]
    computed = [ColumnSpec(**{**vars(column), "excluded": column.name in exclude_columns}) for column in computed]
    return FeatureSpec(
        columns=ordinary + computed,
        tables={
            name: TableSpec(
                name=name,
                table_id=table.delta.table_id,
                version=table.delta.version,
                primary_keys=table.entity_keys,
                timeseries_column=table.timeseries,
            )
            for name, table in tables.items()
        },
        labels=list(labels),
    )


def _check_keys(lookup: FeatureLookup, table: StoredTable, given: StructType | None) -> None:
    keys = table.entity_keys
    if len(lookup.lookup_keys) != len(keys):
        raise ValueError(
            f"The lookup in '{table.name}' has {len(lookup.lookup_keys)} lookup keys ({', '.join(lookup.lookup_keys)}), but the "
            f"table has {len(keys)} primary keys ({', '.join(keys)}): name one for each, in that order."
        )
    if table.timeseries and not lookup.timestamp_lookup_key:
        raise ValueError(
            f"Feature table '{table.name}' has the timeseries column '{table.timeseries}': "
            "name the time as of which to look up in timestamp_lookup_key."
        )
    if lookup.timestamp_lookup_key and not table.timeseries:
        raise ValueError(
            f"Feature table '{table.name}' has no timeseries column: leave timestamp_lookup_key out, or create the table with one."
        )
    if given is None:
        return
    pairs = list(zip(lookup.lookup_keys, keys, strict=True))
    if lookup.timestamp_lookup_key and table.timeseries:
        pairs.append((lookup.timestamp_lookup_key, table.timeseries))
    types = {field.name: field.dataType.simpleString() for field in given}
    for column, key in pairs:
        if column not in types:
            raise ValueError(
                f"The lookup key '{column}' for '{table.name}' is not a column of df; there are {', '.join(types)}."
            )
        expected = table.delta.schema[key].dataType.simpleString()
        if types[column] != expected:
            raise ValueError(
                f"The lookup key '{column}' is {types[column]} in df, but '{key}' of feature table '{table.name}' is {expected}: "
                "cast it."
            )


def _looked_up(lookup: FeatureLookup, table: StoredTable) -> list[ColumnSpec]:
    available = table.features
    names = available if lookup.feature_names is None else lookup.feature_names
    if unknown := [name for name in names if name not in available]:
        raise ValueError(
            f"Feature table '{table.name}' has no feature {', '.join(map(repr, unknown))}; it has {', '.join(available)}."
        )
    if unknown := [name for name in lookup.rename_outputs if name not in names]:
        raise ValueError(
            f"rename_outputs for '{table.name}' names {', '.join(map(repr, unknown))}, which is not looked up."
        )
    outputs = {name: lookup.rename_outputs.get(name, name) for name in names}
    if unknown := [name for name in lookup.default_values if name not in outputs.values()]:
        raise ValueError(
            f"default_values for '{table.name}' names {', '.join(map(repr, unknown))}, which is not looked up "
            "(after renaming, the new names count)."
        )
    return [
        ColumnSpec(
            name=output,
            source="feature_table",
            type=table.delta.schema[name].dataType.simpleString(),
            table=str(table.name),
            feature=name,
            lookup_key=lookup.lookup_keys,
            timestamp_lookup_key=lookup.timestamp_lookup_key,
            lookback_window=None if lookup.lookback_window is None else lookup.lookback_window.total_seconds(),
            default_value=lookup.default_values.get(output),
        )
        for name, output in outputs.items()
    ]


def _check_lookback_windows(features: Features, resolve: Callable[[str], TableName]) -> None:
    windows: dict[str, set[object]] = {}
    for feature in features:
        if isinstance(feature, FeatureLookup):
            windows.setdefault(str(resolve(feature.table_name)), set()).add(feature.lookback_window)
    for name, found in windows.items():
        if len(found) > 1:
            raise ValueError(f"The lookups in '{name}' have different lookback windows: give them the same one.")


def _check_names(computed: list[ColumnSpec], columns: dict[str, str], labels: Sequence[str]) -> None:
    for name, times in Counter(column.name for column in computed).items():
        if times > 1:
            raise ValueError(f"Two features are called '{name}': rename one by rename_outputs or output_name.")
        if name in labels:
            raise ValueError(
                f"The feature '{name}' has the name of the label: rename it by rename_outputs or output_name."
            )
        if name in columns:
            raise ValueError(
                f"The feature '{name}' is a column of df already: rename it by rename_outputs or drop the column."
            )
    checks.distinct_names([*columns, *(column.name for column in computed)], "The training set")


def _check_bindings(computed: list[ColumnSpec], columns: dict[str, str], known: bool) -> None:
    """Raise ValueError if a function takes what is not there: df's columns, what is looked up, and earlier functions' results."""
    available = {*columns, *(column.name for column in computed if column.source == "feature_table")}
    for column in computed:
        if column.source != "function":
            continue
        if known and (missing := [bound for bound in column.input_bindings.values() if bound not in available]):
            raise ValueError(
                f"The function '{column.udf_name}' takes {', '.join(map(repr, missing))}, which is neither a column of df nor a "
                "feature."
            )
        available.add(column.name)
