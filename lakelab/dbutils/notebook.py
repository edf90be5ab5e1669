"""``dbutils.notebook``: a notebook that runs another one and gets a string back.

The other notebook runs through papermill, in a kernel of this Python and in its own folder. Its executed copy is kept below
LAKELAB_HOME, which an error names, so that one can see where it stopped.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from keyword import iskeyword
from pathlib import Path
from typing import NoReturn

import nbformat
from nbformat import NotebookNode

from lakelab import home
from lakelab.dbutils.help import Utility

KEPT_RUNS = 20
"""Executed copies that are kept."""


class WorkflowException(RuntimeError):
    """A notebook that was run failed or took too long; the message quotes its error and says where its executed copy is."""


class NotebookExit(BaseException):
    """Ends a notebook with a value. No error, so ``except Exception`` does not catch it."""

    def _render_traceback_(self) -> list[str]:
        return [f"Notebook exited: {self}"]


class NotebookUtils(Utility):
    """Notebooks that run notebooks: run one and get its value, exit with one."""

    def exit(self, value: str) -> NoReturn:
        """End the notebook here; `run`, or a job, gets ``value``.

        Raises:
            TypeError: ``value`` is not a string.
        """
        if not isinstance(value, str):
            raise TypeError(
                f"dbutils.notebook.exit takes a string, not {type(value).__name__}: write json.dumps({value!r:.40}) or str(…)."
            )
        raise NotebookExit(value)

    def run(self, path: str, timeout_seconds: int, arguments: Mapping[str, str] | None = None) -> str | None:
        """Run a notebook to its end or its `exit`, and return the value it exited with, None without one.

        Args:
            path: with or without ``.ipynb``; relative to the folder of the calling notebook.
            timeout_seconds: for the whole notebook; 0 is no limit.
            arguments: values of the notebook's widgets by name. A cell tagged ``parameters`` gets them as well.

        Raises:
            FileNotFoundError: there is no such notebook.
            TypeError: an argument is not a string.
            WorkflowException: the notebook failed, or took longer than ``timeout_seconds``.
        """
        given = dict(arguments or {})
        for name, value in given.items():
            if not isinstance(name, str) or not isinstance(value, str):
                raise TypeError(f"The argument {name!r} of {path} is {value!r}; arguments are strings: write str(…).")
        if not isinstance(timeout_seconds, int | float) or timeout_seconds < 0:
            raise ValueError(f"timeout_seconds is {timeout_seconds!r}; give seconds, or 0 for no limit.")
        notebook = find(path)
        copy = _new_copy(notebook)
        executed = _executed(notebook, copy, timeout_seconds, given)
        return _result(notebook, copy, executed)


def find(path: str) -> Path:
    """Return the notebook file that ``path`` means, seen from the working directory, which is the calling notebook's folder.

    Raises:
        FileNotFoundError: there is none.
    """
    named = Path(path).expanduser()
    for candidate in (named, named.with_name(f"{named.name}.ipynb")):
        if candidate.suffix == ".ipynb" and candidate.is_file():
            return candidate.resolve()
    raise FileNotFoundError(f"There is no notebook {path} (with or without .ipynb), seen from {Path.cwd()}.")


def exit_value(executed: NotebookNode) -> str | None:
    """Return the value that a notebook executed by papermill exited with, or None if it did not."""
    _, error = stopped(executed)
    return error.evalue if error is not None and error.ename == NotebookExit.__name__ else None


def stopped(executed: NotebookNode) -> tuple[int, NotebookNode | None]:
    """Return the code cell, counted from 1, at which papermill stopped a notebook, and its error; 0 and None if it did not stop.

    An error in a cell that is tagged to raise one does not count.
    """
    codes = [cell for cell in executed.cells if cell.cell_type == "code"]
    for number, cell in enumerate(codes, 1):
        if cell.metadata.get("papermill", {}).get("exception") is True:
            errors = [output for output in cell.outputs if output.output_type == "error"]
            return number, errors[-1] if errors else None
    return 0, None


def _result(notebook: Path, copy: Path, executed: NotebookNode) -> str | None:
    number, error = stopped(executed)
    if number == 0:
        return None
    if error is None:
        raise WorkflowException(f"The notebook {notebook.name} stopped in code cell {number} (executed copy: {copy}).")
    if error.ename == NotebookExit.__name__:
        # papermill takes it for an error, and says so in the copy.
        executed.cells = [c for c in executed.cells if "papermill-error-cell-tag" not in c.metadata.get("tags", [])]
        nbformat.write(executed, str(copy))
        return str(error.evalue)
    trace = "\n".join(error.get("traceback", []))
    raise WorkflowException(
        f"The notebook {notebook.name} failed in code cell {number} with {error.ename}: {error.evalue} "
        f"(executed copy: {copy}).\n\n{trace}"
    )


def _executed(notebook: Path, copy: Path, timeout: float, arguments: dict[str, str]) -> NotebookNode:
    """Execute a notebook and return it with its outputs, whether or not it failed.

    In a thread of its own, because the calling kernel's thread has an event loop that is busy with the calling cell.
    """
    outcome: list[NotebookNode | BaseException] = []

    def work() -> None:
        try:
            outcome.append(_run_papermill(notebook, copy, timeout, arguments))
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=work, name=f"dbutils.notebook.run {notebook.name}", daemon=True)
    thread.start()
    thread.join()
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def _run_papermill(notebook: Path, copy: Path, timeout: float, arguments: dict[str, str]) -> NotebookNode:
    import logging

    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import papermill_engines

    from lakelab.dbutils.papermill_engine import ENGINE, NotebookRunEngine

    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what went wrong is in the exception
    papermill_engines.register(ENGINE, NotebookRunEngine)
    environment = os.environ | {"LAKELAB_WIDGETS": json.dumps(arguments), "LAKELAB_NOTEBOOK": str(notebook)}
    environment.pop("JPY_SESSION_NAME", None)  # the calling notebook's
    try:
        return papermill.execute_notebook(
            str(notebook),
            str(copy),
            parameters=variables(arguments) if has_parameters_cell(notebook) else None,
            engine_name=ENGINE,
            kernel_name="python3",  # this Python: the notebook runs where its caller runs
            language="python",
            cwd=str(notebook.parent),
            progress_bar=False,
            env=environment,
            deadline=time.monotonic() + timeout if timeout else None,
        )
    except papermill.PapermillExecutionError:
        return nbformat.read(str(copy), as_version=4)
    except CellTimeoutError:
        raise WorkflowException(
            f"The notebook {notebook.name} did not end within {timeout:g} seconds and was stopped (TIMEDOUT; executed copy: {copy})."
        ) from None
    except DeadKernelError:
        raise WorkflowException(
            f"The Python of notebook {notebook.name} died, perhaps for want of memory (executed copy: {copy})."
        ) from None


def has_parameters_cell(notebook: Path) -> bool:
    try:
        cells = nbformat.read(str(notebook), as_version=4).cells
    except Exception as error:  # nbformat has no common base for what it raises
        raise ValueError(f"{notebook} can't be read as a notebook: {' '.join(str(error).split())[:200]}") from None
    return any("parameters" in cell.metadata.get("tags", []) for cell in cells)


def variables(arguments: dict[str, str]) -> dict[str, str]:
    """Return the arguments whose names Python can have for variables: a widget may be called anything."""
    return {name: value for name, value in arguments.items() if name.isidentifier() and not iskeyword(name)}


def _new_copy(notebook: Path) -> Path:
    folder = home.notebook_runs_dir()
    kept = sorted(folder.glob("*.ipynb"))
    for old in kept[: max(0, len(kept) - KEPT_RUNS + 1)]:
        old.unlink(missing_ok=True)
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    return folder / f"{stamp}-{os.getpid()}-{notebook.name}"
