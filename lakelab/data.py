"""Data sets by name: Spark DataFrames, pandas frames, or just the paths of their Parquet files.

    from lakelab import data

    data.load("flights", year=2013, month=[1, 2])
    data.load("penguins", as_pandas=True)
    spark.read.parquet(*data.path("weather"))

The files live in the repository's ``data/`` folder; ``data/README.md`` says what they are, whose they are, and which
errors of their sources were left in. The environment variable ``LAKELAB_DATA`` names another folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame

__all__ = ["describe", "load", "names", "path"]


@dataclass(frozen=True)
class _File:
    """One Parquet file of the manifest; ``year`` and ``month`` are None where the set isn't split by them."""

    set: str
    path: Path
    rows: int
    columns: dict[str, str]
    bytes: int
    licence: str
    year: int | None
    month: int | None


@overload
def load(
    name: str,
    *,
    year: int | Iterable[int] | None = None,
    month: int | Iterable[int] | None = None,
    as_pandas: Literal[False] = False,
) -> DataFrame: ...
@overload
def load(
    name: str,
    *,
    year: int | Iterable[int] | None = None,
    month: int | Iterable[int] | None = None,
    as_pandas: Literal[True],
) -> pd.DataFrame: ...
def load(
    name: str,
    *,
    year: int | Iterable[int] | None = None,
    month: int | Iterable[int] | None = None,
    as_pandas: bool = False,
) -> DataFrame | pd.DataFrame:
    """A data set, or some years and months of it.

    The rows are always the same ones; their order is not guaranteed (Spark reads files in parallel), so sort where
    order matters. Nothing is read before Spark needs it: the schema comes from the manifest.

    Args:
        name: one of `names()`.
        year: 2013, 2023 or both, for flights and weather; all years by default.
        month: month or months (1 to 12) of departure, for flights; all months by default.
        as_pandas: a pandas frame instead of a Spark one, read without Spark. Dates and times become datetime64,
            whole numbers with missing values become float64.

    Raises:
        ValueError: there is no such set, year or month.
    """
    files = _select(name, year, month)
    if as_pandas:
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.concat_tables(pq.read_table(file.path) for file in files)
        frame: pd.DataFrame = table.to_pandas(date_as_object=False)
        return frame

    from lakelab.runtime import spark

    schema = ", ".join(f"`{column}` {spark_type}" for column, spark_type in files[0].columns.items())
    return spark.read.schema(schema).parquet(*(str(file.path) for file in files))


def path(name: str, *, year: int | Iterable[int] | None = None, month: int | Iterable[int] | None = None) -> list[str]:
    """Absolute paths of the Parquet files behind `load`, for ``spark.read.parquet(*paths)``.

    Raises:
        ValueError: there is no such set, year or month.
    """
    return [str(file.path) for file in _select(name, year, month)]


def names() -> list[str]:
    """Names of all data sets."""
    return list(dict.fromkeys(file.set for file in _files()))


def describe() -> pd.DataFrame:
    """One row per data set, indexed by name: what it is, years, rows, columns, files, megabytes, licence."""
    import pandas as pd

    titles = _manifest()["titles"]
    rows = []
    for name in names():
        files = [file for file in _files() if file.set == name]
        years = sorted({file.year for file in files if file.year is not None})
        rows.append(
            {
                "name": name,
                "title": titles[name],
                "years": ", ".join(map(str, years)),
                "rows": sum(file.rows for file in files),
                "columns": len(files[0].columns),
                "files": len(files),
                "megabytes": round(sum(file.bytes for file in files) / 1e6, 3),
                "licence": files[0].licence,
            }
        )
    return pd.DataFrame(rows).set_index("name")


def _folder() -> Path:
    override = os.environ.get("LAKELAB_DATA")
    return Path(override).expanduser().resolve() if override else Path(__file__).resolve().parents[1] / "data"


def _manifest() -> dict[str, Any]:
    source = _folder() / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileNotFoundError(
            f"There is no data manifest at {source}: set LAKELAB_DATA to the data folder of a LakeLab checkout."
        ) from None
    return manifest


def _files() -> Iterator[_File]:
    folder = _folder()
    for entry in _manifest()["files"]:
        # flights/2013-01.parquet, weather/2013.parquet, penguins.parquet: only sets in a folder are split by time.
        relative = Path(entry["path"])
        year, _, month = relative.stem.partition("-") if relative.parent.name else ("", "", "")
        yield _File(
            set=entry["set"],
            path=folder / relative,
            rows=entry["rows"],
            columns=entry["columns"],
            bytes=entry["bytes"],
            licence=entry["licence"],
            year=int(year) if year else None,
            month=int(month) if month else None,
        )


def _select(name: str, year: int | Iterable[int] | None, month: int | Iterable[int] | None) -> list[_File]:
    """Files of a set, narrowed to the wanted years and months, in time's order."""
    files = [file for file in _files() if file.set == name]
    if not files:
        raise ValueError(f"There is no data set {name!r}; there are {_listed(names())}.")
    for unit, asked in (("year", year), ("month", month)):
        if asked is None:
            continue
        wanted = set(asked) if isinstance(asked, Iterable) and not isinstance(asked, str) else {asked}
        available = sorted({value for file in files if (value := getattr(file, unit)) is not None})
        if not available:
            raise ValueError(f"{name} is not split by {unit}: leave {unit} out and filter the rows instead.")
        if not wanted:
            raise ValueError(f"The list of {unit}s for {name} is empty: leave {unit} out to get all of them.")
        if unknown := wanted - set(available):
            which = _listed(sorted(map(repr, unknown)))
            raise ValueError(f"{name} has no {unit} {which}; it has {_listed(available)}.")
        files = [file for file in files if getattr(file, unit) in wanted]
    return files


def _listed(values: Iterable[object]) -> str:
    return ", ".join(map(str, values))
