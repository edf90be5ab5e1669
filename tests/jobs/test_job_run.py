"""Jobs of tiny notebooks: order, retries, conditions, clusters, timeouts, and what is reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from lakelab.jobs import SettingsError, run_job
from lakelab.jobs.run import _unmet

Write = Callable[..., None]

MAIN = [{"job_cluster_key": "main"}]


def _task(key: str, *after: str, path: str = "", parameters: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:  # fmt: skip
    return {
        "task_key": key,
        "notebook_task": {"notebook_path": path or key, "base_parameters": parameters or {}},
        "depends_on": [{"task_key": other} for other in after],
        **more,
    }


def _ends(run: dict[str, Any]) -> list[tuple[str, int, str]]:
    return [(task["task_key"], task["attempt_number"], task["state"]["result_state"]) for task in run["tasks"]]


def test_values_parameters_and_a_retry(folder: Path, write: Write, home: Path) -> None:
    """The whole of it: a flaky task that is retried, parameters both ways, task values, an exit value, one shared kernel."""
    write(
        "fetch",
        "day = 'none'",
        "from pathlib import Path\nfrom lakelab.runtime import dbutils\nimport os\nleft = 1",
        "dbutils.jobs.taskValues.set('half', 'done')\nif not Path('arrived').exists():\n    Path('arrived').touch()\n    raise OSError('no answer')",
        "dbutils.jobs.taskValues.set('rows', 3)\ndbutils.jobs.taskValues.set('pid', os.getpid())\n"
        "dbutils.jobs.taskValues.set('day', [day, dbutils.widgets.get('day')])",
        parameters=True,
    )
    write(
        "load",
        "from lakelab.runtime import dbutils\nimport os\nget = dbutils.jobs.taskValues.get",
        "assert 'left' not in globals()\nassert get('fetch', 'pid') == os.getpid()\nassert get('fetch', 'rows') == 3\n"
        "assert get('fetch', 'day') == ['mon', 'mon']\ndbutils.widgets.text('day', 'mine')",
        "dbutils.notebook.exit(dbutils.widgets.get('day'))",
        "raise AssertionError('after the exit')",
    )
    fetch = _task("fetch", parameters={"day": "mon"}, max_retries=2, job_cluster_key="main")
    run = run_job(
        {"name": "nightly", "job_clusters": MAIN, "tasks": [_task("load", "fetch", job_cluster_key="main"), fetch]},
        folder=folder,
    )
    assert _ends(run) == [("fetch", 0, "FAILED"), ("fetch", 1, "SUCCESS"), ("load", 0, "SUCCESS")]
    assert run["state"] == {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS", "state_message": ""}
    assert (run["run_id"], run["run_name"]) == (1, "nightly")
    first, second, load = run["tasks"]
    assert first["state"]["state_message"] == "Code cell 4 of the executed copy raised OSError: no answer"
    assert load["notebook_output"] == {"result": "mine"}
    assert load["depends_on"] == [{"task_key": "fetch"}]
    assert run["start_time"] <= first["end_time"] <= second["start_time"] <= load["start_time"] <= run["end_time"]
    kept = sorted(path.name for path in (home / "jobs" / "1").iterdir())
    assert kept == ["fetch.0.ipynb", "fetch.1.ipynb", "load.0.ipynb", "task_values"]
    assert "no answer" in str(nbformat.read(home / "jobs" / "1" / "fetch.0.ipynb", as_version=4))


def test_a_failure_and_who_still_runs(folder: Path, write: Write) -> None:
    write("good", "print(1)")
    write("bad", "raise ValueError('broken')")
    tasks = [
        _task("bad", max_retries=1),
        _task("after", "bad", path="good"),
        _task("far", "after", path="good"),
        _task("clean_up", "bad", "far", path="good", run_if="ALL_DONE"),
        _task("alarm", "bad", path="good", run_if="AT_LEAST_ONE_FAILED"),
    ]
    run = run_job(
        {"job_clusters": MAIN, "tasks": [task | {"job_cluster_key": "main"} for task in tasks]}, folder=folder
    )
    states = {task["task_key"]: task["state"] for task in run["tasks"]}
    assert {key: state["result_state"] for key, state in states.items()} == {
        "bad": "FAILED",
        "after": "UPSTREAM_FAILED",
        "far": "UPSTREAM_FAILED",
        "clean_up": "SUCCESS",
        "alarm": "SUCCESS",
    }
    assert states["after"]["state_message"] == "It runs if ALL_SUCCESS, and what it depends on ended so: bad FAILED."
    assert [number for key, number, _ in _ends(run) if key == "bad"] == [0, 1]
    assert run["state"]["result_state"] == "SUCCESS_WITH_FAILURES"


def test_the_last_tasks_decide(folder: Path, write: Write) -> None:
    write("good", "print(1)")
    write("bad", "raise ValueError('broken')")
    run = run_job({"tasks": [_task("good"), _task("bad", "good")]}, folder=folder)
    assert run["state"]["result_state"] == "FAILED"
    assert run["state"]["state_message"] == "These tasks did not succeed: bad; the job ends with bad."
    assert run["run_id"] == 1
    assert run_job({"tasks": [_task("good")]}, folder=folder)["run_id"] == 2


def test_a_timeout_ends_the_kernel_and_the_next_task_gets_another(folder: Path, write: Write) -> None:
    write("slow", "import time\ntime.sleep(600)")
    write("good", "x = 1")
    write("dies", "import os\nos._exit(1)")
    tasks = [
        _task("slow", timeout_seconds=3, max_retries=1),
        _task("good", "slow", run_if="ALL_DONE"),
        _task("dies", "good"),
        _task("good_again", "dies", path="good", run_if="ALL_FAILED"),
    ]
    run = run_job(
        {"job_clusters": MAIN, "tasks": [task | {"job_cluster_key": "main"} for task in tasks]}, folder=folder
    )
    assert _ends(run) == [
        ("slow", 0, "TIMEDOUT"),  # retries are for failures, unless retry_on_timeout
        ("good", 0, "SUCCESS"),
        ("dies", 0, "FAILED"),
        ("good_again", 0, "SUCCESS"),
    ]


def test_tasks_without_a_cluster_run_side_by_side(folder: Path, write: Write) -> None:
    """Each waits for the other's file, so one after the other would time out."""
    for mine, other in (("left", "right"), ("right", "left")):
        write(
            mine,
            f"from pathlib import Path\nimport time\nPath({mine!r}).touch()\nwhile not Path({other!r}).exists():\n    time.sleep(0.05)",
        )
    tasks = [_task("left", timeout_seconds=60), _task("right", timeout_seconds=60)]
    run = run_job({"tasks": tasks}, folder=folder)
    assert run["state"]["result_state"] == "SUCCESS"


def test_a_missing_notebook_is_noticed_before_anything_runs(folder: Path, write: Write, home: Path) -> None:
    write("good", "x = 1")
    with pytest.raises(
        SettingsError, match="The task 'lost' has the notebook_path 'lost', and there is no such notebook"
    ):
        run_job({"tasks": [_task("good"), _task("lost", "good")]}, folder=folder)
    assert not (home / "jobs").exists()


@pytest.mark.parametrize(
    ("run_if", "all_good", "one_bad", "all_bad", "one_left_out"),
    [
        ("ALL_SUCCESS", "", "UPSTREAM_FAILED", "UPSTREAM_FAILED", "EXCLUDED"),
        ("AT_LEAST_ONE_SUCCESS", "", "", "UPSTREAM_FAILED", ""),
        ("NONE_FAILED", "", "UPSTREAM_FAILED", "UPSTREAM_FAILED", ""),
        ("ALL_DONE", "", "", "", ""),
        ("AT_LEAST_ONE_FAILED", "EXCLUDED", "", "", "EXCLUDED"),
        ("ALL_FAILED", "EXCLUDED", "EXCLUDED", "", "EXCLUDED"),
    ],
)
def test_conditions(run_if: str, all_good: str, one_bad: str, all_bad: str, one_left_out: str) -> None:
    assert _unmet(run_if, []) == ""
    assert _unmet(run_if, ["SUCCESS", "SUCCESS"]) == all_good
    assert _unmet(run_if, ["SUCCESS", "FAILED"]) == one_bad
    assert _unmet(run_if, ["TIMEDOUT", "UPSTREAM_FAILED"]) == all_bad
    assert _unmet(run_if, ["SUCCESS", "EXCLUDED"]) == one_left_out


@pytest.mark.spark
def test_spark_is_shared_and_views_and_runs_are_not(folder: Path, write: Write) -> None:
    write(
        "first",
        "from lakelab.runtime import spark, dbutils\nimport mlflow",
        "spark.range(3).createOrReplaceTempView('left')\nmlflow.start_run()\n"
        "spark.readStream.format('rate').load().writeStream.format('noop').start()\n"
        "dbutils.jobs.taskValues.set('application', spark.sparkContext.applicationId)",
    )
    write(
        "second",
        "from lakelab.runtime import spark, dbutils\nimport mlflow",
        "assert not spark.catalog.tableExists('left')\nassert mlflow.active_run() is None\nassert not spark.streams.active\n"
        "assert dbutils.jobs.taskValues.get('first', 'application') == spark.sparkContext.applicationId",
    )
    tasks = [_task("first"), _task("second", "first")]
    run = run_job(
        {"job_clusters": MAIN, "tasks": [task | {"job_cluster_key": "main"} for task in tasks]}, folder=folder
    )
    assert [task["state"]["state_message"] for task in run["tasks"]] == ["", ""]
