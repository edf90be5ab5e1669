"""Execution of one sanitised notebook in a scratch folder of its own, by papermill with the `lakelab` engine.

This is the only place that runs student code. It gets a notebook, data files and limits; it knows neither gradebook nor sources.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from lakelab import home
from lakelab.grading.verdict import CellRecord, Outcome

# What a worker and its kernels need of the grader's environment. Everything else (tokens, a shell's secrets) stays out of their sight.
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "USER",
    "TERM",
    "JAVA_HOME",
    "LD_LIBRARY_PATH",
    "PYTHONPATH",
    "SYSTEMROOT",
    "TMPDIR",
    "VIRTUAL_ENV",
)
_PREFIXES = ("LAKELAB_", "PYSPARK_", "SPARK_", "JUPYTER_", "SSL_", "OMP_", "CONDA_")
_WITHHELD = re.compile("DB_URL|TOKEN|SECRET|PASSW|CREDENTIAL|PRIVATE|API_?KEY")


class KernelStartError(Exception):
    """No kernel came up: nothing that a submission could be blamed for."""


@dataclass(frozen=True)
class Limits:
    """What one notebook may take: seconds per cell and in all, bytes of memory of all its processes."""

    cell_timeout: float = 60
    notebook_timeout: float = 300
    memory_limit: int = 4 * 1024**3

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        return asdict(self)


def clean_environment(base: dict[str, str]) -> dict[str, str]:
    """Return what of an environment a process that executes submissions may see."""
    return {
        key: value
        for key, value in base.items()
        if (key in _PASSED_ON or key.startswith(_PREFIXES)) and not _WITHHELD.search(key)
    }


def kernel_environment(scratch: Path, base: dict[str, str]) -> dict[str, str]:
    """Return the environment for a submission's kernel.

    State goes under `scratch`, while caches that only save time (`LAKELAB_CACHE`) stay shared.
    """
    return clean_environment(base) | {
        "LAKELAB_GRADING": "1",
        "LAKELAB_HOME": str(scratch / "home"),
        "LAKELAB_CACHE": base.get("LAKELAB_CACHE") or str(home.cache_dir()),
        "NBGRADER_EXECUTION": "autograde",
        "TMPDIR": str(scratch / "tmp"),
        "IPYTHONDIR": str(scratch / "ipython"),
        "MPLBACKEND": base.get("MPLBACKEND", "module://matplotlib_inline.backend_inline"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


FOLDERS = ("work", "home", "tmp", "ipython")
"""What a scratch folder holds: the working directory, LAKELAB_HOME, temporary files, IPython's own."""


@contextlib.contextmanager
def scratch_folder(files: Path | None = None) -> Iterator[Path]:
    """Give a temporary folder with `work/` (a copy of `files`, if any), `home/` and `tmp/`; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lakelab-", ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        if files is not None and files.is_dir():
            shutil.copytree(files, scratch / "work", symlinks=True)
        for folder in FOLDERS:
            (scratch / folder).mkdir(exist_ok=True)
        yield scratch


def write_notebook(nb: NotebookNode, path: Path) -> None:
    """Write a notebook whatever its text: half of a surrogate pair, which has no UTF-8, becomes a question mark."""
    path.write_bytes(nbformat.writes(nb).encode("utf-8", "replace"))


COLD, WARM = "lakelab", "lakelab-warm"
"""papermill's names of the engines: everything is started anew for every notebook, or forked and reused."""


def execute(
    nb: NotebookNode,
    *,
    limits: Limits,
    scratch: Path,
    engine: str = COLD,
    environment: dict[str, str] | None = None,
    memory_credit: Callable[[], dict[int, float]] | None = None,
    on_cell: Callable[[int, int], None] | None = None,
    on_record: Callable[[CellRecord], None] | None = None,
) -> Outcome:
    """Execute `nb` in place and return its outcome; never raises for what the submission does.

    `environment` is added to what the kernel's environment is otherwise. `on_cell(done, total)` hears of every cell that begins, `on_record`
    of every one that ended; `memory_credit` as for `MemoryWatch`. Raises KernelStartError when no kernel comes up.
    """
    from papermill.engines import papermill_engines

    for noisy in ("papermill", "traitlets"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    nb.metadata.setdefault("papermill", {})
    papermill_engines.execute_notebook_with_engine(
        engine,
        nb,
        nb.metadata.get("kernelspec", {}).get("name", "python3"),
        progress_bar=False,
        autosave_cell_every=0,
        resources={"metadata": {"path": str(scratch / "work")}},
        extra_arguments=["--HistoryManager.enabled=False"],
        env=kernel_environment(scratch, dict(os.environ)) | (environment or {}),
        memory_credit=memory_credit,
        on_cell=on_cell,
        on_record=on_record,
        **limits.to_dict(),
    )
    return Outcome.from_dict(nb.metadata.pop("lakelab"))
