"""A worker: takes jobs as JSON lines on standard input, executes them one after another, answers with JSON lines.

It runs apart from the process that holds the gradebook, and is told nothing about it. Two processes share the work. The *executor* serves
jobs. The *keeper*, its parent, does nothing but outlive it: when the executor dies (a submission may kill its own parent) or the process
that grades is gone (a SIGKILL leaves it no time to tell anyone), the keeper ends everything that was started and removes the worker's folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import nbformat

from lakelab.grading.execute import WARM, KernelStartError, Limits, execute, scratch_folder, write_notebook
from lakelab.grading.processes import adopt_orphans, die_with_parent, end_children
from lakelab.grading.verdict import Outcome, Verdict
from lakelab.grading.warm import WarmEngine


def run_job(job: dict[str, Any], answer: Any, warm: WarmEngine) -> None:
    """Execute the notebook `job["notebook"]` and leave it, executed, at `job["output"]`; both are paths."""
    nb = nbformat.read(job["notebook"], as_version=4)
    # What one submission deleted is there again for the next.
    Path(tempfile.gettempdir()).mkdir(parents=True, exist_ok=True)
    files = Path(job["files"]) if job.get("files") else None
    is_warm = job["engine"] == WARM
    outcome, replaced = None, ""
    with warm.place(nb, files) if is_warm else scratch_folder(files) as scratch:
        try:
            outcome = execute(
                nb,
                limits=Limits(**job["limits"]),
                scratch=scratch,
                engine=job["engine"],
                environment=warm.environment() if is_warm else None,
                memory_credit=warm.memory_credit,
                on_cell=lambda done, total: answer({"cell": done, "of": total}),
                # Told at once, because a submission that kills this process must not take earlier cells' points with it.
                on_record=lambda record: answer({"record": asdict(record)}),
            )
        finally:
            if is_warm:
                replaced = warm.clean(nb, outcome)
            else:
                end_children()
    output = Path(job["output"])
    output.parent.mkdir(parents=True, exist_ok=True)
    write_notebook(nb, output)
    answer({"outcome": outcome.to_dict(), "replaced": replaced})


def serve() -> None:
    """Serve jobs until standard input ends."""
    # Answers go to a private copy of standard output: whatever else writes there can't be taken for one.
    channel = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def answer(message: dict[str, Any]) -> None:
        channel.write(json.dumps(message) + "\n")

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the parent to handle
    answer({"ready": True})
    # What kernels say on the descriptors that they inherit is for nobody, and may be endless.
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.environ["LAKELAB_GRADING"] = "1"  # which settings Spark starts with
    warm = WarmEngine(Path(tempfile.gettempdir()))
    for line in sys.stdin:
        try:
            run_job(json.loads(line), answer, warm)
        except (OSError, KernelStartError) as error:
            answer({"failed": _sentence(error), "before_start": isinstance(error, KernelStartError)})
        except Exception as error:
            reason = f"The notebook could not be executed ({type(error).__name__}: {str(error)[:200]})."
            answer({"outcome": Outcome(Verdict.KERNEL_DIED, reason).to_dict()})


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror} ({Path(str(error.filename or '')).name})"
    return str(error)


def keep(executor: int) -> int:
    """Wait for the end of `executor` or of the other end of standard input, clean up and return an exit status."""
    os.dup2(2, 1)  # so that the end of the executor is the end of its answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lifeline = select.poll()
    lifeline.register(0, 0)  # jobs are the executor's to read; a hang-up is reported all the same
    abandoned = ended = False
    while not (abandoned or ended):
        abandoned = bool(lifeline.poll(200))
        with contextlib.suppress(ChildProcessError):
            while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                ended = ended or pid == executor
    # An executor that has nobody to answer to ends too, and may be seen to before the hang-up is.
    abandoned = abandoned or bool(lifeline.poll(20))
    end_children()
    if abandoned:
        folder = Path(tempfile.gettempdir())
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # others of the pool may still be about to remove theirs
            folder.parent.rmdir()
    return 0 if abandoned else 1


def main() -> None:
    """Split into keeper and executor, where the platform can fork, and serve."""
    if not hasattr(os, "fork"):
        serve()
        return
    adopt_orphans()
    keeper = os.getpid()
    executor = os.fork()
    if executor:
        sys.exit(keep(executor))
    die_with_parent(keeper)
    adopt_orphans()
    serve()


if __name__ == "__main__":
    main()
