"""The one importing process that this process has, for whoever starts kernels in it."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from lakelab.warm.client import ForkError, Zygote, supported

LESSONS = ("lakelab", "matplotlib", "mlflow", "numpy", "pandas", "pyspark", "sklearn")
"""The libraries that kernels of learners are forked with."""

_QUIET = {"PYARROW_IGNORE_TIMEZONE": "1", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
"""What a kernel sets before it imports these libraries, or is set for it."""

_zygote: Zygote | None = None


def use(zygote: Zygote | None) -> None:
    """Let kernels of this process be forked from `zygote`, or from none until one is asked for."""
    global _zygote
    _zygote = zygote


def zygote_for(command: list[str]) -> Zygote | None:
    """Return the importing process that can become this command; None where it can't, or can't yet.

    If there is none it is started, and imports in the background while the first kernel starts the usual way.
    """
    global _zygote
    if not supported() or command[1:3] != ["-m", "ipykernel_launcher"] or not _same_python(command[0]):
        return None
    if _zygote is None or not _zygote.usable():
        folder = Path(tempfile.mkdtemp(prefix="lakelab-warm-"))
        atexit.register(_end, folder, os.getpid())
        try:
            _zygote = Zygote(folder, {**os.environ, **_QUIET}, adopted=False)
        except OSError:
            return None
        threading.Thread(target=_load, args=(_zygote,), daemon=True, name="warming").start()
    return _zygote if _zygote.adopted or _zygote.loaded else None


def _load(zygote: Zygote) -> None:
    with contextlib.suppress(ForkError):
        zygote.need(LESSONS)


def _same_python(program: str) -> bool:
    return os.path.abspath(program) == os.path.abspath(sys.executable)  # noqa: PTH100 (resolving would leave the environment)


def _end(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        if _zygote is not None and _zygote.folder == folder:
            _zygote.stop()
        shutil.rmtree(folder, ignore_errors=True)
