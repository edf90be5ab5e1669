"""A worker process: takes jobs as JSON lines on standard input, executes them one after another, answers with JSON lines.

It runs apart from the process that holds the gradebook, and is told nothing about it. It ends when its input ends, and takes everything that a
submission has left behind with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import nbformat
import psutil

from lakelab.grading.execute import Limits, execute, scratch_folder
from lakelab.grading.verdict import Outcome, Verdict

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def adopt_orphans() -> None:
    """Ask Linux to die with the parent, and to inherit processes that submissions detach, so that they can be ended."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_children() -> None:
    """Kill every process that descends from this one."""
    for _ in range(20):
        children = psutil.Process().children(recursive=True)
        if not children:
            return
        for child in children:
            with contextlib.suppress(psutil.Error):
                child.kill()
        psutil.wait_procs(children, timeout=1)


def run_job(job: dict[str, Any], answer: Any) -> None:
    """Execute the notebook `job["notebook"]` and leave it, executed, at `job["output"]`; both are paths."""
    nb = nbformat.read(job["notebook"], as_version=4)
    with scratch_folder(Path(job["files"]) if job.get("files") else None) as scratch:
        try:
            outcome = execute(
                nb,
                limits=Limits(**job["limits"]),
                scratch=scratch,
                on_cell=lambda done, total: answer({"cell": done, "of": total}),
            )
        finally:
            end_children()
    nbformat.write(nb, job["output"])
    answer({"outcome": outcome.to_dict()})


def main() -> None:
    """Serve jobs until standard input ends."""
    adopt_orphans()
    # Answers go to a private copy of standard output: whatever else writes there can't be taken for one.
    channel = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def answer(message: dict[str, Any]) -> None:
        channel.write(json.dumps(message) + "\n")

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the parent to handle
    answer({"ready": True})
    for line in sys.stdin:
        try:
            run_job(json.loads(line), answer)
        except OSError as error:
            answer({"failed": f"{error.strerror or error} ({Path(str(error.filename or '')).name})"})
        except Exception as error:
            outcome = Outcome(
                Verdict.KERNEL_DIED, f"The notebook could not be executed ({type(error).__name__}: {str(error)[:200]})."
            )
            answer({"outcome": outcome.to_dict()})


if __name__ == "__main__":
    main()
