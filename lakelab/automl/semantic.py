"""What a column means, which its type alone does not say: ``98178`` is a place, ``20140513`` a day, ``"3.5"`` a number.

The rules look at the values of a pandas column and at its name. A Spark column's metadata overrides them, as on
Databricks::

    df.withMetadata("code", {"spark.contentAnnotation.semanticType": "numeric"})
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

ANNOTATION = "spark.contentAnnotation.semanticType"
"""The key of a Spark column's metadata that overrides the detection."""

ANNOTATIONS = ("categorical", "numeric", "datetime", "text", "native")

IDENTIFIER_WORDS = frozenset({"id", "ids", "code", "codes", "key", "keys", "zip", "zipcode", "postcode", "uuid"})
"""Words in the name of a whole-number column that tell a label from a quantity."""

TEXT_MIN_WORDS = 5
"""Mean words a value from which strings count as English text rather than as names of categories."""

_SAMPLE = 10_000  # values that are looked at: patterns show in far fewer
_DAYS = (1900_01_01, 2100_12_31)
_EPOCH_SECONDS = (631_152_000, 4_102_444_800)  # 1990 to 2100


class SemanticType(StrEnum):
    """How a column is prepared for models."""

    NUMERIC = "numeric"
    CATEGORICAL = "categorical"
    DATETIME = "datetime"
    TEXT = "text"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Detection:
    """A column's semantic type and, where it differs from what its stored type says, the reason in words."""

    type: SemanticType
    reason: str | None = None


def detect(column: pd.Series, annotation: str | None = None) -> Detection:
    """The semantic type of a column.

    Args:
        column: its values; its name counts for whole numbers.
        annotation: what the column's metadata demands, one of `ANNOTATIONS`.

    Raises:
        ValueError: the annotation is none of them, or the values cannot be read so.
    """
    native = native_type(column)
    if annotation is None:
        return _detect(column, native)
    if annotation not in ANNOTATIONS:
        raise ValueError(
            f"Column {column.name!r} is annotated as {annotation!r}: {ANNOTATION} must be one of {', '.join(ANNOTATIONS)}."
        )
    if annotation == "native":
        return Detection(native)
    wanted = SemanticType(annotation)
    if wanted is SemanticType.NUMERIC and to_numbers(column).notna().sum() < column.notna().sum():
        raise ValueError(f"Column {column.name!r} is annotated as numeric but holds values that are not numbers.")
    if wanted is SemanticType.DATETIME and to_times(column).notna().sum() < column.notna().sum():
        raise ValueError(f"Column {column.name!r} is annotated as datetime but holds values that are not times.")
    return Detection(wanted, None if wanted is native else "its metadata says so")


def native_type(column: pd.Series) -> SemanticType:
    """What the stored type alone says."""
    if pd.api.types.is_bool_dtype(column):
        return SemanticType.CATEGORICAL
    if pd.api.types.is_numeric_dtype(column):
        return SemanticType.NUMERIC
    if pd.api.types.is_datetime64_any_dtype(column):
        return SemanticType.DATETIME
    if isinstance(column.dtype, pd.CategoricalDtype):
        return SemanticType.CATEGORICAL
    known = column.dropna()
    if known.map(lambda value: isinstance(value, str | bool | np.bool_)).all():
        return SemanticType.CATEGORICAL
    return SemanticType.UNSUPPORTED


def to_numbers(column: pd.Series) -> pd.Series:
    """The values as numbers; what is none becomes missing."""
    return pd.to_numeric(column, errors="coerce").astype("float64")


def to_times(column: pd.Series) -> pd.Series:
    """The values as times without a zone (UTC); numbers are days such as 20140513, or seconds since 1970."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        known = column.dropna()
        if known.between(*_EPOCH_SECONDS).all():
            return pd.to_datetime(column, unit="s", errors="coerce")
        text = column.map(lambda value: f"{int(value)}", na_action="ignore")
        return pd.to_datetime(text, format="%Y%m%d", errors="coerce")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas warns where it falls back to parsing value by value
        times = pd.to_datetime(column, errors="coerce", utc=True)
    return times.dt.tz_localize(None)


def _detect(column: pd.Series, native: SemanticType) -> Detection:
    known = column.dropna()
    if len(known) > _SAMPLE:
        known = known.sample(_SAMPLE, random_state=0)
    if known.empty or native in (SemanticType.DATETIME, SemanticType.UNSUPPORTED):
        return Detection(native)
    if native is SemanticType.NUMERIC:
        whole = bool((known == np.floor(known)).all())
        return _detect_whole_numbers(known) if whole else Detection(native)
    if not isinstance(known.iloc[0], str):
        return Detection(native)
    return _detect_strings(known.astype(str))


def _detect_whole_numbers(known: pd.Series) -> Detection:
    words = set(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", str(known.name)).lower()))
    if known.between(*_DAYS).all() and to_times(known).notna().all():
        return Detection(SemanticType.DATETIME, "its numbers are days such as 20140513")
    if known.between(*_EPOCH_SECONDS).all() and words & {"time", "timestamp", "ts", "epoch", "date"}:
        return Detection(SemanticType.DATETIME, "its numbers are seconds since 1970")
    if words & IDENTIFIER_WORDS:
        return Detection(SemanticType.CATEGORICAL, "its numbers are identifiers, going by its name")
    return Detection(SemanticType.NUMERIC)


def _detect_strings(known: pd.Series) -> Detection:
    if not known.str.match(r"0\d").any() and to_numbers(known).notna().all():
        return Detection(SemanticType.NUMERIC, "its strings are numbers")
    if known.str.match(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}").all() and to_times(known).notna().all():
        return Detection(SemanticType.DATETIME, "its strings are times")
    if known.str.split().str.len().mean() >= TEXT_MIN_WORDS and known.nunique() > len(known) / 2:
        return Detection(SemanticType.TEXT, "its strings are sentences")
    return Detection(SemanticType.CATEGORICAL)
