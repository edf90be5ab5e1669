"""Execution of one sanitised notebook in a scratch folder of its own, by papermill with the `lakelab` engine.

This is the only place that runs student code. It gets a notebook, data files and limits; it knows neither gradebook nor sources.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from lakelab import home
from lakelab.grading.verdict import Outcome

# What a kernel needs of the grader's environment. Everything else (database URLs, tokens, a shell's secrets) stays out of its sight.
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
    "SYSTEMROOT",
    "TMPDIR",
    "VIRTUAL_ENV",
)
_PREFIXES = ("LAKELAB_", "PYSPARK_", "SPARK_", "JUPYTER_", "SSL_", "OMP_", "CONDA_")
_WITHHELD = ("LAKELAB_DB_URL",)


@dataclass(frozen=True)
class Limits:
    """What one notebook may take: seconds per cell and in all, bytes of memory of all its processes."""

    cell_timeout: float = 60
    notebook_timeout: float = 300
    memory_limit: int = 4 * 1024**3

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        return asdict(self)


def kernel_environment(scratch: Path, base: dict[str, str]) -> dict[str, str]:
    """Return the environment for a submission's kernel.

    State goes under `scratch`, while caches that only save time (`LAKELAB_CACHE`) stay shared.
    """
    kept = {key: value for key, value in base.items() if key in _PASSED_ON or key.startswith(_PREFIXES)}
    for key in _WITHHELD:
        kept.pop(key, None)
    return kept | {
        "LAKELAB_GRADING": "1",
        "LAKELAB_HOME": str(scratch / "home"),
        "LAKELAB_CACHE": base.get("LAKELAB_CACHE") or str(home.cache_dir()),
        "NBGRADER_EXECUTION": "autograde",
        "TMPDIR": str(scratch / "tmp"),
        "IPYTHONDIR": str(scratch / "ipython"),
        "MPLBACKEND": base.get("MPLBACKEND", "module://matplotlib_inline.backend_inline"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@contextlib.contextmanager
def scratch_folder(files: Path | None = None) -> Iterator[Path]:
    """Give a temporary folder with `work/` (a copy of `files`, if any), `home/` and `tmp/`; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lakelab-", ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        if files is not None and files.is_dir():
            shutil.copytree(files, scratch / "work", symlinks=True)
        for folder in ("work", "home", "tmp", "ipython"):
            (scratch / folder).mkdir(exist_ok=True)
        yield scratch


def execute(
    nb: NotebookNode, *, limits: Limits, scratch: Path, on_cell: Callable[[int, int], None] | None = None
) -> Outcome:
    """Execute `nb` in place and return its outcome; never raises for what the submission does."""
    from papermill.engines import papermill_engines

    for noisy in ("papermill", "traitlets"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    environment = kernel_environment(scratch, dict(os.environ))
    nb.metadata.setdefault("papermill", {})
    papermill_engines.execute_notebook_with_engine(
        "lakelab",
        nb,
        nb.metadata.get("kernelspec", {}).get("name", "python3"),
        progress_bar=False,
        autosave_cell_every=0,
        resources={"metadata": {"path": str(scratch / "work")}},
        extra_arguments=["--HistoryManager.enabled=False"],
        env=environment,
        on_cell=on_cell,
        **limits.to_dict(),
    )
    return Outcome.from_dict(nb.metadata.pop("lakelab"))
