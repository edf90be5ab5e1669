"""Turns a table into regular time series: one value per step and series, gaps filled, the future's steps known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lakelab.automl.dataset import Dataset
from lakelab.automl.semantic import to_times


@dataclass(frozen=True)
class Frequency:
    """A step: ``offset`` for pandas, ``period`` to find the step that a time lies in, seasons as (name, steps)."""

    offset: str
    period: str
    seasons: tuple[tuple[str, float], ...]


_SECOND = Frequency("s", "s", (("minute", 60), ("hour", 3600)))
_MINUTE = Frequency("min", "min", (("hour", 60), ("day", 1440)))
_HOUR = Frequency("h", "h", (("day", 24), ("week", 168)))
_DAY = Frequency("D", "D", (("week", 7), ("year", 365.25)))
_WEEK = Frequency("W-MON", "W-SUN", (("year", 365.25 / 7),))
_MONTH = Frequency("MS", "M", (("year", 12),))
_QUARTER = Frequency("QS", "Q", (("year", 4),))
_YEAR = Frequency("YS", "Y", ())

_NAMES = (
    (_SECOND, ("S", "s", "second", "seconds", "sec")),
    (_MINUTE, ("T", "m", "min", "minute", "minutes")),
    (_HOUR, ("H", "h", "hr", "hour", "hours")),
    (_DAY, ("D", "d", "day", "days")),
    (_WEEK, ("W", "w", "week", "weeks")),
    (_MONTH, ("M", "MS", "month", "months")),
    (_QUARTER, ("Q", "QS", "quarter", "quarters")),
    (_YEAR, ("Y", "YS", "year", "years")),
)

MIN_STEPS = 12
"""Steps that a series needs beside the horizon."""

MAX_FOLDS = 3


def frequency(name: str) -> Frequency:
    """The step called ``name``.

    Raises:
        ValueError: there is none of that name.
    """
    for step, names in _NAMES:
        if name in names:
            return step
    known = ", ".join(names[0] for _, names in _NAMES)
    raise ValueError(f"frequency is {name!r}: use one of {known} (or words such as 'days').")


@dataclass(frozen=True)
class Series:
    """Regular series in one frame: ``identity`` columns, time, target, perhaps weight; ``folds`` cut-offs per series."""

    frame: pd.DataFrame
    target: str
    time: str
    identity: tuple[str, ...]
    step: Frequency
    horizon: int
    folds: int
    seasons: tuple[tuple[str, float], ...]
    alerts: tuple[str, ...]
    weight: str | None = None


def prepare(
    data: Dataset,
    *,
    target: str,
    time: str,
    identity: Sequence[str],
    step: Frequency,
    horizon: int,
    weight: str | None,
) -> Series:
    """Make regular series of a table.

    Values in the same step are averaged; steps without a value are interpolated between their neighbours.

    Raises:
        ValueError: a column is missing or of the wrong kind, or no series is long enough.
    """
    alerts = list(data.alerts)
    frame = data.frame
    wanted = [*identity, time, target, *([weight] if weight else [])]
    if missing := [name for name in wanted if name not in frame.columns]:
        raise ValueError(f"The data set has no column {missing[0]!r} that AutoML could use.")
    if repeated := [name for name in wanted if wanted.count(name) > 1]:
        raise ValueError(f"Column {repeated[0]!r} is given two roles: name another one.")
    frame = frame[wanted].copy()
    if pd.api.types.is_bool_dtype(frame[target]) or not pd.api.types.is_numeric_dtype(frame[target]):
        raise ValueError(f"target_col {target!r} is not numeric: turn it into numbers.")
    if weight and (
        not pd.api.types.is_numeric_dtype(frame[weight]) or frame[weight].isna().any() or (frame[weight] < 0).any()
    ):
        raise ValueError(f"sample_weight_col {weight!r} must hold a number of at least 0 in every row.")
    times = to_times(frame[time])
    usable = times.notna() & np.isfinite(frame[target].astype("float64")) & frame[list(identity)].notna().all(axis=1)
    if not usable.any():
        raise ValueError(f"No row has a time in {time!r} and a number in {target!r}.")
    if not usable.all():
        alerts.append(f"{int((~usable).sum()):,} rows without a time, a target or an identity are left out.")
    frame[time] = times.dt.to_period(step.period).dt.start_time
    frame[target] = frame[target].astype("float64")
    frame = frame[usable]
    values = {target: "mean"} | ({weight: "mean"} if weight else {})
    keys = [*identity, time]
    rows = len(frame)
    frame = frame.groupby(keys, sort=True, as_index=False, observed=True).agg(values)
    if len(frame) < rows:
        alerts.append(f"{rows - len(frame):,} rows share their step with another row: their mean is used.")
    regular, filled, short = [], 0, 0
    groups: Iterable[tuple[Any, pd.DataFrame]] = [((), frame)]
    if identity:
        groups = frame.groupby(list(identity), sort=True, observed=True)
    for key, one in groups:
        index = pd.date_range(one[time].min(), one[time].max(), freq=step.offset, name=time)
        if len(index) < horizon + MIN_STEPS:
            short += 1
            continue
        full = one.set_index(time)[list(values)].reindex(index)
        filled += int(full[target].isna().sum())
        full = full.interpolate().reset_index()
        for name, value in zip(identity, key, strict=True):
            full[name] = value
        regular.append(full[[*identity, time, *values]])
    if short:
        alerts.append(f"{short} series with fewer than {horizon + MIN_STEPS} steps are left out.")
    if not regular:
        raise ValueError(
            f"No series has the {horizon + MIN_STEPS} steps that a horizon of {horizon} needs: "
            "pass a smaller horizon, or another frequency."
        )
    if filled:
        alerts.append(f"{filled:,} steps without a value are interpolated.")
    shortest = min(map(len, regular))
    folds = int(np.clip((shortest - MIN_STEPS) // horizon, 1, MAX_FOLDS))
    seen = shortest - folds * horizon
    seasons = tuple((name, length) for name, length in step.seasons if seen >= 2 * length)
    return Series(
        pd.concat(regular, ignore_index=True),
        target,
        time,
        tuple(identity),
        step,
        horizon,
        folds,
        seasons,
        tuple(alerts),
        weight,
    )
