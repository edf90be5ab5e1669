"""The one importing process that this process has, for whoever starts kernels in it."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from lakelab.warm.client import Zygote, supported

_zygote: Zygote | None = None


def use(zygote: Zygote | None) -> None:
    """Let kernels of this process be forked from `zygote`, or from none until one is asked for."""
    global _zygote
    _zygote = zygote


def zygote_for(command: list[str]) -> Zygote | None:
    """Return the importing process that can become this command, started if there is none; None where it can't."""
    global _zygote
    if not supported() or command[1:3] != ["-m", "ipykernel_launcher"] or not _same_python(command[0]):
        return None
    if _zygote is None or not _zygote.usable():
        folder = Path(tempfile.mkdtemp(prefix="lakelab-warm-"))
        atexit.register(_end, folder, os.getpid())
        try:
            _zygote = Zygote(folder, dict(os.environ), adopted=False)
        except OSError:
            return None
    return _zygote


def _same_python(program: str) -> bool:
    return os.path.abspath(program) == os.path.abspath(sys.executable)  # noqa: PTH100 (resolving would leave the environment)


def _end(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        if _zygote is not None and _zygote.folder == folder:
            _zygote.stop()
        shutil.rmtree(folder, ignore_errors=True)
