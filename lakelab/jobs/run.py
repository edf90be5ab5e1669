"""Runs a job: each task as soon as what it waits for has ended, again if it failed and may, and what became of each of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from lakelab import home
from lakelab.dbutils.jobs import clear_task_values
from lakelab.jobs.cluster import Cluster, Outcome
from lakelab.jobs.settings import JobSettings, SettingsError, TaskSettings

SUCCESS = "SUCCESS"
UNMET = ("UPSTREAM_FAILED", "EXCLUDED")
"""Result states of tasks that did not run: because of a failure before them, or because what they wait for did not happen."""


def run_job(settings: Mapping[str, Any], *, folder: Path | str = ".", max_parallel: int = 2) -> dict[str, Any]:
    """Run a job to its end and return what became of it, in the shape of Databricks' ``jobs/runs/get``.

    Tasks with the same ``job_cluster_key`` share one Python process and its Spark, and run one after another; each other task has a process
    of its own. A task that fails is run again up to ``max_retries`` times, after ``min_retry_interval_millis``; its task values are forgotten
    first. Executed copies are kept below LAKELAB_HOME, in ``jobs/RUN_ID/TASK.ATTEMPT.ipynb``.

    Args:
        settings: ``name``, ``tasks`` and ``job_clusters`` as the Jobs API has them; see `JobSettings`.
        folder: what notebook paths are relative to; they may leave out ``.ipynb``.
        max_parallel: how many tasks without a job cluster run at the same time.

    Returns:
        A dict with ``run_id``, ``run_name``, ``state`` (``life_cycle_state``, ``result_state``, ``state_message``), ``start_time`` and
        ``end_time`` in milliseconds since 1970, and ``tasks``: an entry for each attempt, in the order of their ends, with ``task_key``,
        ``attempt_number`` from 0, its own ``state``, times, and ``notebook_output`` with the notebook's exit value as ``result``. The job
        failed if one of the tasks that no other depends on did; it is ``SUCCESS_WITH_FAILURES`` if only others failed.

    Raises:
        SettingsError: the settings make no job, or a notebook does not exist. Nothing has run then.
    """
    job = JobSettings.read(settings)
    notebooks = {task.task_key: _find(Path(folder), task) for task in job.tasks}
    return _Run(job, notebooks, max_parallel).run()


def _find(folder: Path, task: TaskSettings) -> Path:
    named = (folder / task.notebook_path).expanduser()
    for candidate in (named, named.with_name(f"{named.name}.ipynb")):
        if candidate.suffix == ".ipynb" and candidate.is_file():
            return candidate.resolve()
    raise SettingsError(
        f"The task {task.task_key!r} has the notebook_path {task.notebook_path!r}, and there is no such notebook in {folder.resolve()}."
    )


class _Run:
    """One run of a job."""

    def __init__(self, job: JobSettings, notebooks: dict[str, Path], max_parallel: int) -> None:
        self._job, self._notebooks, self._max_parallel = job, notebooks, max_parallel
        self._id, self._folder = _new_folder()
        self._states: dict[str, str] = {}
        self._attempts: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._clusters: dict[str, Cluster] = {}

    def run(self) -> dict[str, Any]:
        """Run all tasks; an interruption ends the kernels and passes on."""
        start = _now()
        keys = {task.job_cluster_key for task in self._job.tasks if task.job_cluster_key is not None}
        self._clusters = {key: Cluster(f"cluster-{key}", self._folder) for key in keys}
        pools = {key: ThreadPoolExecutor(1, thread_name_prefix=f"job cluster {key}") for key in keys}
        loners = ThreadPoolExecutor(self._max_parallel, thread_name_prefix="task")
        try:
            self._schedule(pools, loners)
        finally:
            self._stop.set()
            for key, pool in pools.items():
                pool.submit(self._clusters[key].close)
            for pool in (*pools.values(), loners):
                pool.shutdown()
        return {
            "run_id": self._id,
            "run_name": self._job.name,
            "state": self._state(),
            "start_time": start,
            "end_time": _now(),
            "tasks": self._attempts,
        }

    def _schedule(self, pools: dict[str, ThreadPoolExecutor], loners: ThreadPoolExecutor) -> None:
        waiting = list(self._job.tasks)
        running: dict[Future[str], TaskSettings] = {}
        while waiting or running:
            for task in [t for t in waiting if all(key in self._states for key in t.depends_on)]:
                waiting.remove(task)
                if unmet := _unmet(task.run_if, [self._states[key] for key in task.depends_on]):
                    self._states[task.task_key] = unmet
                    self._record(task, 0, _now(), Outcome(unmet, _why(task, self._states)))
                else:
                    pool = loners if task.job_cluster_key is None else pools[task.job_cluster_key]
                    running[pool.submit(self._run_task, task)] = task
            # Tasks that were just left out may have been all that others wait for.
            if running and not any(all(key in self._states for key in t.depends_on) for t in waiting):
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    self._states[running.pop(future).task_key] = future.result()

    def _run_task(self, task: TaskSettings) -> str:
        """Run a task until it succeeds or may not fail again; returns its last attempt's result state."""
        own = Cluster(f"task-{task.task_key}", self._folder) if task.job_cluster_key is None else None
        cluster = own if own is not None else self._clusters[task.job_cluster_key or ""]
        try:
            for attempt in range(task.max_retries + 1):
                clear_task_values(self._folder, task.task_key)
                start = _now()
                outcome = cluster.run(
                    self._notebooks[task.task_key],
                    self._folder / f"{task.task_key}.{attempt}.ipynb",
                    parameters=task.base_parameters,
                    environment={"LAKELAB_JOB_RUN": str(self._folder), "LAKELAB_JOB_TASK": task.task_key},
                    timeout=task.timeout_seconds,
                )
                self._record(task, attempt, start, outcome)
                again = outcome.result_state == "FAILED" or (
                    outcome.result_state == "TIMEDOUT" and task.retry_on_timeout
                )
                if not again or self._stop.is_set():
                    break
                if attempt < task.max_retries:
                    self._stop.wait(task.min_retry_interval_millis / 1000)
            return outcome.result_state
        finally:
            if own is not None:
                own.close()

    def _record(self, task: TaskSettings, attempt: int, start: int, outcome: Outcome) -> None:
        with self._lock:
            self._attempts.append(
                {
                    "task_key": task.task_key,
                    "attempt_number": attempt,
                    "depends_on": [{"task_key": key} for key in task.depends_on],
                    "run_if": task.run_if,
                    "state": _as_state(outcome.result_state, outcome.message),
                    "start_time": start,
                    "end_time": _now(),
                    "notebook_output": {} if outcome.value is None else {"result": outcome.value},
                }
            )

    def _state(self) -> dict[str, str]:
        failed = [key for key, state in self._states.items() if state not in (SUCCESS, "EXCLUDED")]
        leaves = self._job.leaves()
        if at_end := [key for key in failed if key in leaves]:
            return _as_state("FAILED", f"These tasks did not succeed: {', '.join(failed)}; the job ends with {', '.join(at_end)}.")  # fmt: skip
        if failed:
            return _as_state("SUCCESS_WITH_FAILURES", f"These tasks did not succeed: {', '.join(failed)}.")
        return _as_state(SUCCESS, "")


def _unmet(run_if: str, states: list[str]) -> str:
    """Return the result state of a task that does not run because of these states of what it depends on; empty if it runs."""
    if not states:
        return ""
    failed = [state not in (SUCCESS, "EXCLUDED") for state in states]
    succeeded = [state == SUCCESS for state in states]
    met = {
        "ALL_SUCCESS": all(succeeded),
        "AT_LEAST_ONE_SUCCESS": any(succeeded),
        "NONE_FAILED": not any(failed) and any(succeeded),
        "ALL_DONE": True,
        "AT_LEAST_ONE_FAILED": any(failed),
        "ALL_FAILED": all(failed),
    }[run_if]
    if met:
        return ""
    wants_failure = run_if in ("AT_LEAST_ONE_FAILED", "ALL_FAILED")
    return "UPSTREAM_FAILED" if any(failed) and not wants_failure else "EXCLUDED"


def _why(task: TaskSettings, states: Mapping[str, str]) -> str:
    seen = ", ".join(f"{key} {states[key]}" for key in task.depends_on)
    return f"It runs if {task.run_if}, and what it depends on ended so: {seen}."


def _as_state(result: str, message: str) -> dict[str, str]:
    return {"life_cycle_state": "TERMINATED", "result_state": result, "state_message": message}


def _new_folder() -> tuple[int, Path]:
    """Return the number and the new folder of a run: the next one that is free."""
    parent = home.jobs_dir()
    number = max((int(path.name) for path in parent.iterdir() if path.name.isdigit()), default=0)
    while True:
        number += 1
        try:
            (parent / str(number)).mkdir()
        except FileExistsError:
            continue
        return number, parent / str(number)


def _now() -> int:
    return time.time_ns() // 1_000_000
