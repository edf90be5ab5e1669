"""Settings of jobs: what is understood, and what is refused with which sentence."""

from __future__ import annotations

from typing import Any

import pytest

from lakelab.jobs import JobSettings, SettingsError


def _task(key: str, *after: str, **more: Any) -> dict[str, Any]:
    depends_on = [{"task_key": other} for other in after]
    return {"task_key": key, "notebook_task": {"notebook_path": key}, "depends_on": depends_on, **more}


def test_tasks_come_after_what_they_depend_on() -> None:
    job = JobSettings.read({"name": "nightly", "tasks": [_task("c", "a", "b"), _task("b", "a"), _task("a")]})
    assert [task.task_key for task in job.tasks] == ["a", "b", "c"]
    assert job.name == "nightly"
    assert job.leaves() == {"c"}
    assert job.tasks[2].depends_on == ("a", "b")
    assert (job.tasks[0].max_retries, job.tasks[0].run_if, job.tasks[0].timeout_seconds) == (0, "ALL_SUCCESS", 0)


def test_what_belongs_to_a_workspace_is_passed_over() -> None:
    task = _task("a", job_cluster_key="main", libraries=[], existing_cluster_id="1")
    job = JobSettings.read(
        {"tasks": [task], "job_clusters": [{"job_cluster_key": "main", "new_cluster": {}}], "schedule": {}}
    )
    assert job.tasks[0].job_cluster_key == "main"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ([], "The settings of a job are a dict, not list"),
        ({}, "The job has no tasks"),
        ({"tasks": [_task("a")], "task": []}, "The job has the unknown key 'task'; known are job_clusters, name, tasks"),
        ({"tasks": ["a"]}, "A task is a dict, not str"),
        ({"tasks": [_task("a/b")]}, "Each task needs a task_key of letters, digits, - and _, not 'a/b'"),
        ({"tasks": [_task("a"), _task("a")]}, "Two tasks have the task_key 'a'"),
        ({"tasks": [_task("a", "z"), _task("b")]}, "The task 'a' depends on 'z', and the tasks are a, b"),
        ({"tasks": [_task("a", "b"), _task("b", "a")]}, "Tasks wait for each other in a circle"),
        ({"tasks": [_task("a", max_retrys=1)]}, "The task 'a' has the unknown key 'max_retrys'"),
        ({"tasks": [_task("a", max_retries=-1)]}, "max_retries is a whole number from 0 on, not -1"),
        ({"tasks": [_task("a", max_retries=True)]}, "max_retries is a whole number from 0 on, not True"),
        ({"tasks": [_task("a", timeout_seconds="5")]}, "timeout_seconds is a whole number from 0 on, not '5'"),
        ({"tasks": [_task("a", run_if="ALWAYS")]}, "The task 'a' has run_if 'ALWAYS'; there are ALL_SUCCESS"),
        ({"tasks": [_task("a", depends_on=["b"])]}, "depends_on is a list such as"),
        ({"tasks": [_task("a", job_cluster_key="main")]}, "the job_cluster_key 'main', which 'job_clusters' does not list"),
        ({"tasks": [_task("a")], "job_clusters": ["main"]}, "'job_clusters' is a list such as"),
        ({"tasks": [_task("a")], "job_clusters": [{"job_cluster_key": "a/b"}]}, "keys are letters, digits, - and _"),
        ({"tasks": [{"task_key": "a", "spark_python_task": {}}]}, "The task 'a' has the unknown key 'spark_python_task'"),
        ({"tasks": [{"task_key": "a"}]}, "The task 'a' needs a 'notebook_task' with a 'notebook_path'"),
        (
            {"tasks": [{"task_key": "a", "notebook_task": {"notebook_path": "a", "base_parameters": {"n": 1}}}]},
            "The base_parameters of 'a' are a dict of strings",
        ),
    ],
)  # fmt: skip
def test_settings_that_make_no_job(settings: Any, sentence: str) -> None:
    with pytest.raises(SettingsError) as error:
        JobSettings.read(settings)
    assert sentence in str(error.value)
