"""`dbutils.jobs.taskValues`: inside and outside a job, and what the job's runner reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakelab.dbutils import DBUtils
from lakelab.dbutils.jobs import MAX_BYTES, TaskValuesUtils, clear_task_values, task_values


@pytest.fixture
def values() -> TaskValuesUtils:
    return DBUtils().jobs.taskValues


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a job run in which this process is the task `ingest`."""
    monkeypatch.setenv("LAKELAB_JOB_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("LAKELAB_JOB_TASK", "ingest")
    return tmp_path / "run"


def test_outside_a_job(values: TaskValuesUtils, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LAKELAB_JOB_RUN", "LAKELAB_JOB_TASK"):
        monkeypatch.delenv(name, raising=False)
    values.set("rows", 3)
    assert values.get("ingest", "rows", debugValue=7) == 7
    assert values.get("ingest", "rows", default=1, debugValue=0) == 0
    with pytest.raises(TypeError) as error:
        values.get("ingest", "rows", default=1)
    assert (
        str(error.value) == "Must pass debugValue when calling get outside of a job context. debugValue cannot be None."
    )


def test_from_task_to_task(values: TaskValuesUtils, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values.set("rows", 3)
    values.set(key="paths/…", value={"train": ["a", None, 1.5]})
    values.set("rows", 4)
    monkeypatch.setenv("LAKELAB_JOB_TASK", "train")
    assert values.get("ingest", "rows", debugValue=0) == 4
    assert values.get(taskKey="ingest", key="paths/…") == {"train": ["a", None, 1.5]}
    values.set("..", "up")
    assert values.get("train", "..") == "up"
    assert task_values(run) == {"ingest": {"paths/…": {"train": ["a", None, 1.5]}, "rows": 4}, "train": {"..": "up"}}
    assert {path.parent.parent.parent for path in run.rglob("*.json")} == {run}
    clear_task_values(run, "ingest")
    assert task_values(run) == {"train": {"..": "up"}}


def test_what_nobody_set(values: TaskValuesUtils, run: Path) -> None:
    values.set("rows", 3)
    assert values.get("ingest", "row", default="none") == "none"
    assert values.get("other", "rows", default=0) == 0
    with pytest.raises(ValueError, match=r"The task 'ingest' of this job run has set no value 'row' \(set: rows\)"):
        values.get("ingest", "row", debugValue=3)


def test_a_null_is_a_value(values: TaskValuesUtils, run: Path) -> None:
    values.set("nothing", None)
    assert values.get("ingest", "nothing", default=3) is None


def test_limit(values: TaskValuesUtils, run: Path) -> None:
    values.set("most", "x" * (MAX_BYTES - 2))  # quotation marks count
    with pytest.raises(ValueError, match=r"49,153 bytes as JSON, and the limit is 49,152 \(48 KiB\)"):
        values.set("most", "x" * (MAX_BYTES - 1))
    assert len(values.get("ingest", "most")) == MAX_BYTES - 2


@pytest.mark.parametrize("value", [{1, 2}, float("nan"), object(), {"a": b"x"}])
def test_only_json(value: object, values: TaskValuesUtils, run: Path) -> None:
    with pytest.raises(TypeError, match="can't be written as JSON"):
        values.set("v", value)
    assert task_values(run) == {}


def test_keys_are_strings(values: TaskValuesUtils, run: Path) -> None:
    with pytest.raises(TypeError, match="A key of task values is a string, not int"):
        values.set(3, 4)  # type: ignore[arg-type]
    for key in ("", "k" * 201):
        with pytest.raises(ValueError, match="between 1 and 200"):
            values.set(key, 1)


def test_half_a_context(values: TaskValuesUtils, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKELAB_JOB_RUN", "/tmp/x")
    monkeypatch.delenv("LAKELAB_JOB_TASK", raising=False)
    with pytest.raises(ValueError, match="must be set both or not at all"):
        values.set("a", 1)
