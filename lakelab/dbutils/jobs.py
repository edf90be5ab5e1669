"""``dbutils.jobs.taskValues``: what the tasks of one job run tell each other.

A program that runs notebooks as the tasks of a job gives each of them two environment variables:

- ``LAKELAB_JOB_RUN``: a folder of this job run, the same for all its tasks;
- ``LAKELAB_JOB_TASK``: the key of the task.

The values lie in ``LAKELAB_JOB_RUN/task_values/TASK/KEY.json``, one JSON document per value, so that tasks that run at the same time
never write the same file. `task_values` reads them all, `clear_task_values` forgets those of a task that is run again.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from lakelab.dbutils.help import Utility
from lakelab.files import replacing

MAX_BYTES = 48 * 1024
"""The JSON of one value must not be longer."""
MAX_NAME = 200
"""Characters that a key may have when it is written as a file's name."""


@dataclass(frozen=True)
class JobContext:
    """The job run and the task that this process belongs to."""

    folder: Path
    task: str

    @classmethod
    def current(cls) -> JobContext | None:
        """Return the context that the environment names, or None outside a job.

        Raises:
            ValueError: only one of the two variables is set.
        """
        folder, task = os.environ.get("LAKELAB_JOB_RUN"), os.environ.get("LAKELAB_JOB_TASK")
        if not folder and not task:
            return None
        if not folder or not task:
            raise ValueError(
                "LAKELAB_JOB_RUN (a folder) and LAKELAB_JOB_TASK (the task's key) must be set both or not at all."
            )
        return cls(Path(folder), task)


class TaskValuesUtils(Utility):
    """Values that the tasks of one job run set for the tasks after them."""

    def set(self, key: str, value: Any) -> None:
        """Set a value of this task, replacing an earlier one; outside a job nothing happens.

        Raises:
            TypeError: the key is not a string, or JSON has no form for the value.
            ValueError: the key is empty or very long, or the value's JSON has more than 48 KiB.
        """
        context = JobContext.current()
        if context is None:
            return
        path = _value_file(context.folder, context.task, key)
        try:
            text = json.dumps(value, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise TypeError(
                f"The task value {key!r} can't be written as JSON ({error}): set numbers, strings, lists and dicts of them."
            ) from None
        if len(text.encode()) > MAX_BYTES:
            raise ValueError(
                f"The task value {key!r} has {len(text.encode()):,} bytes as JSON, and the limit is {MAX_BYTES:,} (48 KiB): "
                "write the data to a table or file, and set its name."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as partial:
            partial.write_text(text, encoding="utf-8")

    def get(self, taskKey: str, key: str, default: Any = None, debugValue: Any = None) -> Any:
        """Return a value that the task ``taskKey`` of this job run has set, or ``default`` if there is none.

        Outside a job it is ``debugValue``, so that a notebook can be tried by itself.

        Raises:
            TypeError: ``debugValue`` is None outside a job.
            ValueError: in a job, there is neither such a value nor a default.
        """
        context = JobContext.current()
        if context is None:
            if debugValue is None:
                raise TypeError(
                    "Must pass debugValue when calling get outside of a job context. debugValue cannot be None."
                )
            return debugValue
        try:
            return json.loads(_value_file(context.folder, taskKey, key).read_text(encoding="utf-8"))
        except FileNotFoundError:
            if default is not None:
                return default
            known = ", ".join(task_values(context.folder).get(taskKey, {})) or "none"
            raise ValueError(
                f"The task {taskKey!r} of this job run has set no value {key!r} (set: {known}): "
                "make this task depend on it, correct the key, or pass a default."
            ) from None


class JobsUtils(Utility):
    """Jobs: taskValues, which passes values from task to task."""

    @cached_property
    def taskValues(self) -> TaskValuesUtils:
        """Values that the tasks of one job run set for the tasks after them."""
        return TaskValuesUtils()

    def help(self, method: str | None = None) -> None:
        """Print what ``taskValues`` has, or all about one method of it."""
        self.taskValues.help(method if method != "taskValues" else None)


def task_values(folder: Path) -> dict[str, dict[str, Any]]:
    """Return all values of the job run in ``folder``, by task and key."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("task_values/*/*.json")):
        if not path.name.startswith(".partial-"):
            value = json.loads(path.read_text(encoding="utf-8"))
            found.setdefault(unquote(path.parent.name), {})[unquote(path.stem)] = value
    return found


def clear_task_values(folder: Path, task: str) -> None:
    """Forget what a task has set, because it is run again."""
    shutil.rmtree(folder / "task_values" / _file_name("task", task), ignore_errors=True)


def _value_file(folder: Path, task: str, key: str) -> Path:
    return folder / "task_values" / _file_name("task", task) / f"{_file_name('key', key)}.json"


def _file_name(what: str, text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"A {what} of task values is a string, not {type(text).__name__}.")
    name = quote(text, safe="").replace(".", "%2E")  # neither a path nor a hidden file
    if not 0 < len(name) <= MAX_NAME:
        raise ValueError(
            f"The {what} {text[:40]!r} of a task value must have between 1 and {MAX_NAME} plain characters."
        )
    return name
