"""The committed data are what the manifest says, and `lakelab.data` hands them out."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow.parquet as pq
import pytest

from lakelab import data

DATA = Path(__file__).resolve().parents[1] / "data"
MANIFEST = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
FILES = MANIFEST["files"]


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """``data/build.py``, which is a script and no part of the package."""
    spec = importlib.util.spec_from_file_location("build_data", DATA / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: str(entry["path"]))
def test_manifest_matches_file(entry: dict[str, Any], build: ModuleType) -> None:
    content = (DATA / entry["path"]).read_bytes()
    assert len(content) == entry["bytes"]
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    parquet = pq.ParquetFile(DATA / entry["path"])
    assert parquet.metadata.num_rows == entry["rows"]
    assert parquet.metadata.metadata is None, "schema metadata drifts with the versions of its writer"
    found = {field.name: field.type for field in parquet.schema_arrow}
    assert found == {name: build.ARROW_TYPES[spark_type] for name, spark_type in entry["columns"].items()}


def test_every_file_is_in_the_manifest() -> None:
    assert {path.relative_to(DATA).as_posix() for path in DATA.rglob("*.parquet")} == {f["path"] for f in FILES}


def test_readme_is_current(build: ModuleType) -> None:
    assert (DATA / "README.md").read_text(encoding="utf-8") == build.readme(DATA, FILES)


def test_difference_is_found(build: ModuleType, tmp_path: Path) -> None:
    built, committed = tmp_path / "built", tmp_path / "committed"
    for folder in (built, committed):
        (folder / "flights").mkdir(parents=True)
        for name in ("flights/2013-01.parquet", "manifest.json", "README.md"):
            (folder / name).write_bytes(b"PAR1")
    assert build.differences(built, committed) == []
    (committed / "flights/2013-01.parquet").write_bytes(b"PAR2")
    (committed / "extra.parquet").write_bytes(b"PAR1")
    assert build.differences(built, committed) == ["extra.parquet", "flights/2013-01.parquet"]


def test_changed_archive_is_refused_before_it_is_read(build: ModuleType, tmp_path: Path) -> None:
    for name in build.ARCHIVES:
        (tmp_path / name).write_bytes(b"not what was pinned")
    with pytest.raises(build.BuildError, match="delete it and download it again"):
        build.Archives(tmp_path)


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("flights", 772_128, 17),
        ("weather", 52_322, 11),
        ("planes", 6_332, 9),
        ("airports", 1_458, 8),
        ("airlines", 19, 2),
        ("house_sales", 21_613, 21),
        ("bikeshare_2011", 8_645, 11),
        ("penguins", 344, 8),
    ],
)
def test_loads_as_pandas(name: str, rows: int, columns: int) -> None:
    assert data.load(name, as_pandas=True).shape == (rows, columns)


def test_names_and_description_agree() -> None:
    described = data.describe()
    assert list(described.index) == data.names()
    assert described.loc["flights", "rows"] == 772_128
    assert described.loc["weather", "years"] == "2013, 2023"
    assert described["licence"].str.len().min() > 10


def test_flights_2013_facts() -> None:
    flights = data.load("flights", year=2013, as_pandas=True)
    assert len(flights) == 336_776
    missing = flights.isna().sum()
    assert missing[missing > 0].to_dict() == {
        "dep_time": 8_255,
        "dep_delay": 8_255,
        "arr_time": 8_713,
        "arr_delay": 9_430,
        "tailnum": 2_512,
        "air_time": 9_430,
    }
    assert (flights["arr_delay"].dropna() >= 15).mean() == pytest.approx(0.2447, abs=1e-4)
    assert not flights.duplicated(["carrier", "flight", "time_hour", "origin"]).any()
    assert str(flights["time_hour"].dt.tz) == "UTC"
    local = flights["time_hour"].dt.tz_convert("America/New_York")
    assert (local.dt.hour == flights["sched_dep_time"] // 100).all()


def test_flights_2023_keep_the_bug_of_their_source() -> None:
    flights = data.load("flights", year=2023, as_pandas=True)
    assert (flights["time_hour"].dt.hour == flights["sched_dep_time"] // 100).all()


def test_weather_keeps_the_impossible_wind() -> None:
    assert data.load("weather", year=2013, as_pandas=True)["wind_speed"].max() == pytest.approx(1048.36, abs=0.01)


def test_types_of_dates() -> None:
    assert str(data.load("house_sales", as_pandas=True)["date"].dtype).startswith("datetime64")
    bikes = data.load("bikeshare_2011", as_pandas=True)["datetime"]
    assert bikes.dt.tz is None
    assert bikes.is_unique


def test_months_choose_files() -> None:
    paths = data.path("flights", year=2013, month=range(3, 5))
    assert [Path(path).name for path in paths] == ["2013-03.parquet", "2013-04.parquet"]
    assert all(Path(path).is_absolute() for path in paths)
    assert len(data.path("flights")) == 24
    assert len(data.path("flights", month=12)) == 2
    assert set(data.load("flights", year=2023, month=[2], as_pandas=True)["month"]) == {2}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "fligths"}, "There is no data set 'fligths'; there are flights, weather, planes"),
        ({"name": "flights", "year": 2014}, "flights has no year 2014; it has 2013, 2023."),
        ({"name": "flights", "year": "2013"}, "flights has no year '2013'; it has 2013, 2023."),
        ({"name": "flights", "month": [1, 13]}, "flights has no month 13; it has 1, 2, 3"),
        ({"name": "flights", "month": []}, "The list of months for flights is empty"),
        ({"name": "weather", "month": 1}, "weather is not split by month: leave month out"),
        ({"name": "penguins", "year": 2007}, "penguins is not split by year"),
    ],
)
def test_errors_say_what_exists(arguments: dict[str, Any], message: str) -> None:
    for function in (data.load, data.path):
        with pytest.raises(ValueError, match=message):
            function(**arguments)


def test_folder_can_be_overridden(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAKELAB_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="set LAKELAB_DATA"):
        data.load("penguins")
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    assert data.path("penguins") == [str(tmp_path.resolve() / "penguins.parquet")]


@pytest.mark.spark
def test_loads_in_spark() -> None:
    flights = data.load("flights", year=2013)
    assert dict(flights.dtypes)["time_hour"] == "timestamp"
    assert flights.count() == 336_776
    assert flights.where("arr_delay is null").count() == 9_430
    for entry in FILES:
        frame = data.load(entry["set"])
        assert dict(frame.dtypes) == entry["columns"]
    first = flights.selectExpr("min(unix_timestamp(time_hour))").first()
    assert first is not None
    assert first[0] == 1_357_034_400  # 2013-01-01 10:00 UTC, whatever the session's time zone
    assert dict(data.load("bikeshare_2011").dtypes)["datetime"] == "timestamp_ntz"
    assert data.load("bikeshare_2011").selectExpr("cast(min(datetime) as string)").first() == ("2011-01-01 00:00:00",)


@pytest.mark.slow
def test_rebuild_is_identical() -> None:
    done = subprocess.run([sys.executable, DATA / "build.py", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
