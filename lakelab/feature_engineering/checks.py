"""What arguments must satisfy, each with one sentence when it doesn't."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql.types import DataType, StructType


def strings(value: Any, what: str) -> list[str]:
    """One string or a list of them as a list; None as an empty one.

    Raises:
        TypeError: it is something else.
    """
    if value is None:
        return []
    values = [value] if isinstance(value, str) else list(value) if isinstance(value, (list, tuple)) else None
    if values is None or not all(isinstance(item, str) for item in values):
        raise TypeError(f"{what} must be a string or a list of strings, not {value!r}.")
    return values


def spark_frame(df: Any, what: str = "df") -> None:
    """Raise ValueError unless ``df`` is a DataFrame of PySpark."""
    from pyspark.sql import DataFrame

    if not isinstance(df, DataFrame):
        kind = f"{type(df).__module__.partition('.')[0]} {type(df).__name__}"
        raise ValueError(f"{what} must be a PySpark DataFrame, not a {kind}: make one by spark.createDataFrame(...).")


def distinct_names(names: Iterable[str], what: str) -> None:
    """Raise ValueError if two of the names are the same but for letter case, which Spark does not tell apart."""
    seen: dict[str, str] = {}
    for name in names:
        if (other := seen.setdefault(name.lower(), name)) != name or sum(n == name for n in names) > 1:
            pair = f"'{other}' and '{name}'" if other != name else f"'{name}' twice"
            raise ValueError(f"{what} has the columns {pair}; Spark does not tell them apart: rename one.")


def keys_of_table(
    schema: StructType, primary_keys: Sequence[str], timeseries: Sequence[str], partitions: Sequence[str]
) -> None:
    """Raise ValueError unless the keys make sense for a table with that schema."""
    from pyspark.sql.types import DateType, TimestampType

    if not primary_keys:
        raise ValueError("A feature table needs at least one primary key: name it in primary_keys.")
    for what, names in (("primary_keys", primary_keys), ("partition_columns", partitions)):
        if len(set(names)) != len(names):
            raise ValueError(f"{what} names a column twice: {', '.join(names)}.")
    if len(timeseries) > 1:
        raise ValueError(f"A feature table has one timeseries column at most, not {', '.join(timeseries)}.")
    columns = set(schema.names)
    for what, names in (
        ("Primary key", primary_keys),
        ("Timeseries column", timeseries),
        ("Partition column", partitions),
    ):
        if missing := [name for name in names if name not in columns]:
            raise ValueError(f"{what} {_quoted(missing)} is not a column; there are {_quoted(schema.names)}.")
    for name in timeseries:
        if not isinstance(schema[name].dataType, (TimestampType, DateType)):
            raise ValueError(
                f"Timeseries column '{name}' is {schema[name].dataType.simpleString()}; it must be a timestamp or a date."
            )
    if len(partitions) == len(columns):
        raise ValueError("A table cannot be partitioned by all of its columns.")


def supported_types(schema: StructType) -> None:
    """Raise ValueError for a column that a feature table cannot have."""
    from pyspark.sql import types as T

    scalar = (
        T.IntegerType, T.FloatType, T.BooleanType, T.StringType, T.DoubleType, T.LongType, T.TimestampType, T.DateType,
        T.ShortType, T.BinaryType, T.DecimalType,
    )  # fmt: skip

    def supported(kind: DataType) -> bool:
        if isinstance(kind, T.ArrayType):
            return supported(kind.elementType)
        if isinstance(kind, T.MapType):
            return supported(kind.keyType) and supported(kind.valueType)
        if isinstance(kind, T.StructType):
            return all(supported(field.dataType) for field in kind)
        return isinstance(kind, scalar)

    distinct_names(schema.names, "The frame")
    for field in schema:
        if not supported(field.dataType):
            hint = ": cast it to timestamp" if isinstance(field.dataType, T.TimestampNTZType) else ""
            raise ValueError(
                f"Column '{field.name}' has the type {field.dataType.simpleString()}, which a feature table cannot hold{hint}."
            )
        if re.search(r"[ ,;{}()\n\t=]", field.name) or not field.name:
            raise ValueError(
                f"Column '{field.name}' has a name that Delta does not allow: none of ' ,;{{}}()=' may be in it."
            )


def can_hold(old: DataType, new: DataType) -> bool:
    """Whether a column of type ``old`` takes values of type ``new`` without loss."""
    from pyspark.sql import types as T

    if old.simpleString() == new.simpleString():
        return True
    order: list[list[type[DataType]]] = [
        [T.ShortType, T.IntegerType, T.LongType],
        [T.FloatType, T.DoubleType],
        [T.ShortType, T.IntegerType, T.DoubleType],
        [T.DateType, T.TimestampType],
    ]
    return any(
        type(new) in chain and type(old) in chain and chain.index(type(new)) < chain.index(type(old)) for chain in order
    )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
