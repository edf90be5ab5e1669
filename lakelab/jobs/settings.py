"""What a job is: its tasks and what they depend on, read from settings in the shape of Databricks' Jobs API and checked.

A key that neither this module nor the API knows is refused, so that a slip of the pen does not become a job without retries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeGuard

RUN_IF = ("ALL_SUCCESS", "AT_LEAST_ONE_SUCCESS", "NONE_FAILED", "ALL_DONE", "AT_LEAST_ONE_FAILED", "ALL_FAILED")
"""What a task may ask of the tasks that it depends on."""

_JOB_KEYS = {"name", "tasks", "job_clusters"}
_TASK_KEYS = {
    "task_key", "depends_on", "run_if", "notebook_task", "job_cluster_key",
    "max_retries", "min_retry_interval_millis", "retry_on_timeout", "timeout_seconds",
}  # fmt: skip
_NOTEBOOK_KEYS = {"notebook_path", "base_parameters", "source"}
# What says where, when and for whom a job runs: it has a meaning in a workspace, and none on one machine.
_WORKSPACE_JOB_KEYS = {"description", "tags", "format", "schedule", "max_concurrent_runs", "email_notifications"}
_WORKSPACE_TASK_KEYS = {"description", "existing_cluster_id", "new_cluster", "environment_key", "libraries", "email_notifications"}  # fmt: skip


class SettingsError(ValueError):
    """Settings that make no job; the message says which task, what is wrong and what to write."""


@dataclass(frozen=True)
class TaskSettings:
    """One task: a notebook, what it waits for, and how often it may fail."""

    task_key: str
    notebook_path: str
    base_parameters: dict[str, str] = field(default_factory=dict)
    """The notebook's widgets, by name."""
    depends_on: tuple[str, ...] = ()
    run_if: str = "ALL_SUCCESS"
    job_cluster_key: str | None = None
    max_retries: int = 0
    min_retry_interval_millis: int = 0
    retry_on_timeout: bool = False
    timeout_seconds: int = 0
    """For one attempt; 0 is no limit."""


@dataclass(frozen=True)
class JobSettings:
    """A job: its name, and its tasks in an order in which each comes after those it depends on."""

    name: str
    tasks: tuple[TaskSettings, ...]

    @classmethod
    def read(cls, settings: Mapping[str, Any]) -> JobSettings:
        """Return the job that the settings describe.

        Raises:
            SettingsError: a key is unknown or missing, a value is of the wrong kind, two tasks have one key, or tasks depend
                on one that is not there or, in a circle, on themselves.
        """
        if not isinstance(settings, Mapping):
            raise SettingsError(f"The settings of a job are a dict, not {type(settings).__name__}.")
        _refuse_unknown("The job", settings, _JOB_KEYS, _WORKSPACE_JOB_KEYS)
        entries = settings.get("tasks")
        if not isinstance(entries, list) or not entries:
            raise SettingsError("The job has no tasks: 'tasks' is a list of dicts, one for each task.")
        clusters = _clusters(settings.get("job_clusters", []))
        tasks = [_task(entry, clusters) for entry in entries]
        by_key = {task.task_key: task for task in tasks}
        if len(by_key) < len(tasks):
            keys = [task.task_key for task in tasks]
            raise SettingsError(f"Two tasks have the task_key {next(k for k in keys if keys.count(k) > 1)!r}.")
        for task in tasks:
            for other in task.depends_on:
                if other not in by_key:
                    known = ", ".join(by_key)
                    raise SettingsError(f"The task {task.task_key!r} depends on {other!r}, and the tasks are {known}.")
        try:
            order = list(TopologicalSorter({task.task_key: task.depends_on for task in tasks}).static_order())
        except CycleError as error:
            circle = " → ".join(error.args[1])
            raise SettingsError(f"Tasks wait for each other in a circle: {circle}.") from None
        return cls(str(settings.get("name", "Untitled")), tuple(by_key[key] for key in order))

    def leaves(self) -> set[str]:
        """Return the keys of the tasks that no other depends on: they decide how the job ends."""
        return {task.task_key for task in self.tasks} - {key for task in self.tasks for key in task.depends_on}


def _task(entry: Any, clusters: set[str]) -> TaskSettings:
    if not isinstance(entry, Mapping):
        raise SettingsError(f"A task is a dict, not {type(entry).__name__}.")
    key = entry.get("task_key")
    if not _is_key(key):
        raise SettingsError(f"Each task needs a task_key of letters, digits, - and _, not {key!r}.")
    where = f"The task {key!r}"
    _refuse_unknown(where, entry, _TASK_KEYS, _WORKSPACE_TASK_KEYS)
    notebook = entry.get("notebook_task")
    if not isinstance(notebook, Mapping) or not isinstance(notebook.get("notebook_path"), str):
        raise SettingsError(
            f"{where} needs a 'notebook_task' with a 'notebook_path'; other kinds of tasks don't run here."
        )
    _refuse_unknown(f"The notebook_task of {key!r}", notebook, _NOTEBOOK_KEYS, set())
    parameters = notebook.get("base_parameters", {})
    if not isinstance(parameters, Mapping) or not all(isinstance(v, str) for pair in parameters.items() for v in pair):
        raise SettingsError(f"The base_parameters of {key!r} are a dict of strings: write str(…) around other values.")
    run_if = entry.get("run_if", "ALL_SUCCESS")
    if run_if not in RUN_IF:
        raise SettingsError(f"{where} has run_if {run_if!r}; there are {', '.join(RUN_IF)}.")
    cluster = entry.get("job_cluster_key")
    if cluster is not None and cluster not in clusters:
        raise SettingsError(f"{where} has the job_cluster_key {cluster!r}, which 'job_clusters' does not list.")
    if not isinstance(entry.get("retry_on_timeout", False), bool):
        raise SettingsError(f"{where}: retry_on_timeout is True or False.")
    return TaskSettings(
        task_key=key,
        notebook_path=notebook["notebook_path"],
        base_parameters=dict(parameters),
        depends_on=_dependencies(where, entry.get("depends_on", [])),
        run_if=run_if,
        job_cluster_key=cluster,
        max_retries=_count(where, entry, "max_retries"),
        min_retry_interval_millis=_count(where, entry, "min_retry_interval_millis"),
        retry_on_timeout=entry.get("retry_on_timeout", False),
        timeout_seconds=_count(where, entry, "timeout_seconds"),
    )


def _dependencies(where: str, entries: Any) -> tuple[str, ...]:
    if not isinstance(entries, list) or not all(
        isinstance(entry, Mapping) and set(entry) == {"task_key"} and isinstance(entry["task_key"], str)
        for entry in entries
    ):
        raise SettingsError(f"{where}: depends_on is a list such as [{{'task_key': 'ingest'}}].")
    return tuple(dict.fromkeys(entry["task_key"] for entry in entries))


def _count(where: str, entry: Mapping[str, Any], name: str) -> int:
    value = entry.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise SettingsError(f"{where}: {name} is a whole number from 0 on, not {value!r}.")
    return value


def _clusters(entries: Any) -> set[str]:
    if not isinstance(entries, list) or not all(
        isinstance(entry, Mapping) and _is_key(entry.get("job_cluster_key")) for entry in entries
    ):
        raise SettingsError(
            "'job_clusters' is a list such as [{'job_cluster_key': 'main'}]; keys are letters, digits, - and _."
        )
    return {entry["job_cluster_key"] for entry in entries}


def _is_key(key: Any) -> TypeGuard[str]:
    """Whether this may name a task or a cluster: files are called after it."""
    return isinstance(key, str) and key != "" and all(sign.isalnum() or sign in "-_" for sign in key)


def _refuse_unknown(where: str, given: Mapping[str, Any], known: set[str], idle: set[str]) -> None:
    if unknown := sorted(map(str, given.keys() - known - idle)):
        raise SettingsError(f"{where} has the unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}.")
