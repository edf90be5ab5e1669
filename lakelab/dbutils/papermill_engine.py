"""The papermill engine behind ``dbutils.notebook.run``: a kernel with an environment of its own, and a deadline for all cells together."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager

ENGINE = "lakelab-notebook-run"


def seconds_left(deadline: float | None) -> Callable[[object], float | None]:
    """Return what nbclient asks for the time of a cell, so that all cells together have until ``deadline`` (in `time.monotonic`'s seconds)."""
    return lambda _cell: None if deadline is None else max(deadline - time.monotonic(), 0.001)


class NotebookRunEngine(Engine):
    """papermill's own engine, which has no way to pass an environment on and times cells one by one."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        env: dict[str, str],
        deadline: float | None,
        start_timeout: float = 60,
        **_: Any,
    ) -> None:
        """Execute the notebook in a new kernel with the environment ``env``.

        Raises:
            nbclient.exceptions.CellTimeoutError: ``deadline`` (in `time.monotonic`'s seconds) passed.
        """
        client = PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            startup_timeout=start_timeout,
            timeout_func=seconds_left(deadline),
            log_output=False,
        )
        # What a kernel writes past its cells would end up in the calling notebook's output.
        client.execute(env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
