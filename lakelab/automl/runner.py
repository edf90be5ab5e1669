"""Runs a notebook's code cells in this process, as a kernel would, and keeps what they show."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
import types
from pathlib import Path
from typing import Any

INLINE_BACKEND = "module://matplotlib_inline.backend_inline"


def run_notebook(source: Path, out: Path) -> str | None:
    """Run the code cells of ``source`` in order, up to the first error, and write them with their outputs to ``out``.

    This process becomes the notebook's: its cells' names live in ``__main__``, so that models that use functions defined
    in a cell are saved as they are from a kernel. Meant for a process that ends afterwards.

    Returns:
        The error that stopped the notebook as ``Type: message``, or None.
    """
    import nbformat
    import nbformat.v4 as v4

    os.environ["MPLBACKEND"] = INLINE_BACKEND
    shown: list[dict[str, Any]] = []
    running = [""]
    shell = _shell(shown, running)
    if (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:  # it was imported before there was a notebook
        from matplotlib_inline.backend_inline import configure_inline_support

        pyplot.ion()
        pyplot.switch_backend(INLINE_BACKEND)
        configure_inline_support(shell, INLINE_BACKEND)
    notebook = nbformat.read(source, as_version=4)
    error: str | None = None
    for count, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        shown.clear()
        running[:] = [cell.source]  # a semicolon at its end hides the value, as in a kernel
        with contextlib.redirect_stdout(_Stream("stdout", shown)), contextlib.redirect_stderr(_Stream("stderr", shown)):
            result = shell.run_cell(cell.source, store_history=False)
        raised = result.error_before_exec or result.error_in_exec
        cell.execution_count = count
        cell.outputs = [
            v4.new_output(
                **(output | {"execution_count": count} if output["output_type"] == "execute_result" else output)
            )
            for output in shown
        ]
        if raised is not None:
            lines = traceback.format_exception(raised)
            cell.outputs.append(
                v4.new_output("error", ename=type(raised).__name__, evalue=str(raised), traceback=lines)
            )
            error = f"{type(raised).__name__}: {raised}"
            break
    nbformat.write(notebook, out)
    return error


def _shell(shown: list[dict[str, Any]], running: list[str]) -> Any:
    """An IPython shell whose cells live in ``__main__`` and whose displays are appended to ``shown``.

    ``running`` holds the source of the cell that runs.
    """
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Publisher(DisplayPublisher):
        def publish(self, data: Any, metadata: Any = None, source: Any = None, **_: Any) -> None:
            shown.append({"output_type": "display_data", "data": data, "metadata": metadata or {}})

    config = Config()
    config.HistoryManager.enabled = False
    module = types.ModuleType("__main__")
    module.__dict__["__builtins__"] = __builtins__
    sys.modules["__main__"] = module
    shell: Any = InteractiveShell.instance(config=config, user_module=module, user_ns=module.__dict__)

    shell.display_pub = Publisher(parent=shell, shell=shell)

    def show_result(value: object) -> None:
        if value is not None and not shell.displayhook.semicolon_at_end_of_expression(running[0]):
            data, metadata = shell.display_formatter.format(value)
            shown.append({"output_type": "execute_result", "data": data, "metadata": metadata})

    shell.display_trap.hook = show_result
    shell.showtraceback = lambda *_, **__: None  # errors are kept as a notebook keeps them, not printed
    return shell


class _Stream:
    """A text stream whose writes become outputs; writes in a row to the same stream make one."""

    encoding, errors = "utf-8", "replace"

    def __init__(self, name: str, shown: list[dict[str, Any]]) -> None:
        self.name, self._shown = name, shown

    def write(self, text: str) -> int:
        last = self._shown[-1] if self._shown else {}
        if last.get("output_type") == "stream" and last["name"] == self.name:
            last["text"] += text
        elif text:
            self._shown.append({"output_type": "stream", "name": self.name, "text": text})
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""

    def isatty(self) -> bool:
        """Never a terminal: no colours, no progress bars."""
        return False
