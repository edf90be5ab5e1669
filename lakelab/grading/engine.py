"""The papermill engines `lakelab` and `lakelab-warm`, registered through entry points: `papermill --engine lakelab` runs a notebook as
grading does, in a kernel that is started for it; `lakelab-warm` does the same in a kernel that is forked with its libraries imported.

papermill imports this module while it is itself being imported, so the client, which needs all of papermill, is imported on use; and
nothing imports this module but papermill.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbformat import NotebookNode
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger
from papermill.utils import remove_args

from lakelab.grading.execute import KernelStartError
from lakelab.grading.verdict import Verdict


class GradingEngine(NBClientEngine):
    """papermill's engine for submissions; its own keyword arguments are the limits.

    `cell_timeout` and `notebook_timeout` in seconds, `memory_limit` in bytes; `on_cell(done, total)` and `on_record(record)` hear of cells that
    begin and end. `memory_credit()` gives, by process, the bytes that are not the submission's. The outcome is kept in `nb.metadata.lakelab`.
    """

    provisioner = "local-provisioner"
    """Jupyter's name of what starts kernels whose specification does not name anything itself."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: int = 60,
        execution_timeout: float | None = None,
        cell_timeout: float = 60,
        notebook_timeout: float = 300,
        memory_limit: int = 4 * 1024**3,
        memory_credit: Callable[[], dict[int, float]] | None = None,
        env: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> NotebookNode:
        """Execute `nb_man.nb` under the limits, in a kernel with the environment `env`; never raises for what a submission does.

        Raises KernelStartError when no kernel comes up.
        """
        from jupyter_client.provisioning import KernelProvisionerFactory

        from lakelab.grading.client import GradingClient

        KernelProvisionerFactory.instance().default_provisioner_name = cls.provisioner
        client = GradingClient(
            nb_man,
            cell_timeout=execution_timeout or cell_timeout,
            notebook_timeout=notebook_timeout,
            memory_limit=memory_limit,
            memory_credit=memory_credit,
            kernel_name=kernel_name,
            startup_timeout=start_timeout,
            log=logger,
            **remove_args(["input_path", "timeout", "startup_timeout"], **kwargs),
        )
        try:
            client.execute(**({"env": env} if env else {}))
        except Exception as error:
            if not client.began:
                raise KernelStartError(f"the kernel '{kernel_name}' does not start: {str(error)[:200]}") from error
            # A submission can have its kernel answer anything; what was run until then counts.
            client.outcome.verdict = Verdict.KERNEL_DIED
            client.outcome.reason = f"The kernel's answers could not be understood ({type(error).__name__})."
        nb_man.nb.metadata["lakelab"] = NotebookNode(client.outcome.to_dict())
        return nb_man.nb


class WarmGradingEngine(GradingEngine):
    """The same with kernels that are forked from a process that has imported the libraries, where the platform allows it."""

    provisioner = "lakelab-warm"
