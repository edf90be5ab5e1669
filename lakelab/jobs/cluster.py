"""Where tasks run: a kernel that stays for the next task, as the tasks of a job on Databricks share a job cluster.

What a kernel costs to start (Python, its imports, Spark) is then paid once for the job and not once for each task. The tasks that share one
run one after another; :mod:`lakelab.jobs.fresh` makes room for the next.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import nbformat
import papermill
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines

from lakelab.dbutils.notebook import NotebookExit, has_parameters_cell, stopped, variables
from lakelab.dbutils.papermill_engine import seconds_left

ENGINE = "lakelab-job-task"


@dataclass(frozen=True)
class Outcome:
    """How one run of a notebook ended.

    Attributes:
        result_state: ``SUCCESS``, ``FAILED`` or ``TIMEDOUT``.
        message: what went wrong, in a sentence; empty otherwise.
        value: what the notebook gave to ``dbutils.notebook.exit``, if it did.
    """

    result_state: str
    message: str = ""
    value: str | None = None


class Cluster:
    """One kernel of this Python, started when the first task comes. To be used from one thread.

    Args:
        name: tells the clusters of one run of a job apart.
        folder: where the kernel's connection file goes while it lives.
    """

    def __init__(self, name: str, folder: Path) -> None:
        # Jupyter's own place for such files is in the user's home, which a job need not be able to write to.
        self._connection = folder / f"kernel-{name}.json"
        self._manager: AsyncKernelManager | None = None

    def run(
        self, notebook: Path, copy: Path, *, parameters: dict[str, str], environment: dict[str, str], timeout: float
    ) -> Outcome:
        """Run a notebook in its own folder, and keep its executed copy.

        Args:
            notebook: the notebook.
            copy: where the executed copy goes.
            parameters: its widgets by name; a cell tagged ``parameters`` gets them as well.
            environment: variables to set for this notebook.
            timeout: seconds for the whole notebook; 0 is no limit.
        """
        logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what went wrong is in the outcome
        papermill_engines.register(ENGINE, TaskEngine)
        if self._manager is None:
            self._manager = AsyncKernelManager(kernel_name="python3", connection_file=str(self._connection))
        told = environment | {"LAKELAB_WIDGETS": json.dumps(parameters), "LAKELAB_NOTEBOOK": str(notebook)}
        try:
            executed = papermill.execute_notebook(
                str(notebook), str(copy),
                parameters=variables(parameters) if has_parameters_cell(notebook) else None,
                engine_name=ENGINE, kernel_name="python3", language="python", cwd=str(notebook.parent), progress_bar=False,
                manager=self._manager, environment=told, deadline=time.monotonic() + timeout if timeout else None,
            )  # fmt: skip
        except papermill.PapermillExecutionError:
            executed = nbformat.read(str(copy), as_version=4)
        except CellTimeoutError:
            self.close(now=True)
            return Outcome("TIMEDOUT", f"It did not end within {timeout:g} seconds and was stopped.")
        except DeadKernelError:
            self.close(now=True)
            return Outcome("FAILED", "Its Python died, perhaps for want of memory.")
        number, error = stopped(executed)
        if number == 0:
            return Outcome("SUCCESS")
        if error is not None and error.ename == NotebookExit.__name__:
            return Outcome("SUCCESS", value=str(error.evalue))
        what = f"{error.ename}: {error.evalue}" if error is not None else "no error that could be read"
        return Outcome("FAILED", f"Code cell {number} of the executed copy raised {what}")

    def close(self, *, now: bool = False) -> None:
        """End the kernel, if there is one, at once or after what it does on exit; the next task starts another."""
        if self._manager is not None and self._manager.has_kernel:
            run_sync(self._manager.shutdown_kernel)(now=now)
        self._manager = None


class TaskEngine(Engine):
    """papermill's engine for tasks: in the kernel of a cluster, with one deadline for all cells together."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        manager: AsyncKernelManager,
        environment: dict[str, str],
        deadline: float | None,
        start_timeout: float = 60,
        **_: Any,
    ) -> None:
        """Execute the notebook in the kernel of ``manager``, which goes on living.

        Raises:
            nbclient.exceptions.CellTimeoutError: ``deadline`` (in `time.monotonic`'s seconds) passed.
            nbclient.exceptions.DeadKernelError: the kernel died.
        """
        client = _TaskClient(
            nb_man,
            environment=environment,
            km=manager,
            kernel_name=kernel_name,
            startup_timeout=start_timeout,
            timeout_func=seconds_left(deadline),
            log_output=False,
        )
        inherited = {name: value for name, value in os.environ.items() if name != "JPY_SESSION_NAME"}
        # What a kernel writes past its cells would end up in the output of whoever runs the job.
        try:
            client.execute(env=inherited, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        finally:
            if client.kc is not None:
                client.kc.stop_channels()  # the kernel lives on, the connection does not


class _TaskClient(PapermillNotebookClient):
    """papermill's client, which tells the kernel whose turn it is before the first cell."""

    def __init__(self, nb_man: NotebookExecutionManager, *, environment: dict[str, str], **kwargs: Any) -> None:
        super().__init__(nb_man, **kwargs)
        self._environment = environment

    def papermill_execute_cells(self) -> None:
        """Begin a task in the kernel, then execute the notebook's cells."""
        folder = str(Path(self._environment["LAKELAB_NOTEBOOK"]).parent)
        code = f"__import__('lakelab.jobs.fresh').jobs.fresh.begin({self._environment!r}, {folder!r})"
        assert self.kc is not None
        reply = self.wait_for_reply(self.kc.execute(code, silent=True, store_history=False))
        content = reply["content"] if reply else {"status": "error", "evalue": "no answer"}
        if content["status"] != "ok":
            _refuse(content)
        super().papermill_execute_cells()


def _refuse(content: dict[str, Any]) -> NoReturn:
    raise DeadKernelError(f"the kernel can't begin a task: {content.get('evalue', '')}")
