"""What a worker of the engine `lakelab-warm` keeps from one submission to the next: the importing process that kernels are forked from."""

from __future__ import annotations

import contextlib
import math
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from lakelab.grading.execute import kernel_environment, scratch_folder
from lakelab.warm import shared
from lakelab.warm.client import ForkError, Zygote, libraries_in, supported


class WarmEngine:
    """Places for submissions, one after another, with all that is warm kept ready."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._zygote: Zygote | None = None

    @contextlib.contextmanager
    def place(self, nb: NotebookNode, files: Path | None) -> Iterator[Path]:
        """Give a scratch folder for one notebook."""
        self._warm_up(nb)
        with scratch_folder(files) as scratch:
            yield scratch

    def environment(self) -> dict[str, str]:
        """Return what a kernel is told about what is ready."""
        if self._zygote is None or self._zygote.worker_python is None:
            return {}
        return {"LAKELAB_WORKER_PYTHON": str(self._zygote.worker_python)}

    def memory_credit(self) -> dict[int, float]:
        """Return, by process, the bytes that are not the submission's."""
        return {self._zygote.process.pid: math.inf} if self._zygote is not None else {}

    def spared(self) -> set[int]:
        """Return the processes that outlive a submission."""
        return {self._zygote.process.pid} if self._zygote is not None else set()

    def _warm_up(self, nb: NotebookNode) -> None:
        """See to an importing process that has imported what this notebook will; without one, kernels are started as ever."""
        if not supported():
            return
        try:
            if self._zygote is None or not self._zygote.usable():
                if self._zygote is not None:
                    self._zygote.stop()
                    self._zygote = None
                self._folder.mkdir(parents=True, exist_ok=True)
                folder = Path(tempfile.mkdtemp(prefix="warm-", dir=self._folder))
                environment = kernel_environment(folder, dict(os.environ)) | {"PYARROW_IGNORE_TIMEZONE": "1"}
                del environment["TMPDIR"]
                self._zygote = Zygote(folder, environment, adopted=True)
            self._zygote.need(libraries_in(cell.source for cell in nb.cells if cell.cell_type == "code"))
        except (OSError, ForkError):
            self._zygote = None
        shared.use(self._zygote)
