"""The parent of a worker: starts it, in a sandbox or not, and outlives it.

Two processes make a worker. The *executor* (:mod:`lakelab.grading.worker`) serves jobs. The *keeper* does nothing but outlive it: when the
executor dies (a submission may kill its own parent) or the process that grades is gone (a SIGKILL leaves it no time to tell anyone), the
keeper ends everything that was started and removes the worker's folder. It imports next to nothing, because each executor waits for it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import select
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from lakelab.grading.isolation import Bounds, Isolation, sandbox_command
from lakelab.grading.processes import adopt_orphans, die_with_parent, end_children


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


def run_executor(isolation: Isolation, bounds: Bounds) -> NoReturn:
    """Be the executor, at this level of isolation."""
    arguments = [f"--isolation={isolation}", f"--claimed={bounds.claimed}", f"--files={bounds.files}"]
    command = [sys.executable, "-m", "lakelab.grading.worker", *arguments]
    if isolation is Isolation.SANDBOX:
        command = sandbox_command(Path(tempfile.gettempdir()), bounds, os.environ, command)
        os.execvp(command[0], command)
    from lakelab.grading.worker import serve

    serve(isolation, bounds)
    sys.exit(0)


def options(arguments: list[str]) -> tuple[Isolation, Bounds]:
    """Return what the command line of a keeper or an executor says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--isolation", type=Isolation, default=Isolation.NONE)
    parser.add_argument("--claimed", type=int, required=True)
    parser.add_argument("--files", type=int, required=True)
    given = parser.parse_args(arguments)
    return given.isolation, Bounds(given.claimed, given.files)


def main() -> None:
    """Split into keeper and executor, where the platform can fork, and serve."""
    isolation, bounds = options(sys.argv[1:])
    if not hasattr(os, "fork"):
        run_executor(isolation, bounds)
    adopt_orphans()
    keeper = os.getpid()
    executor = os.fork()
    if executor:
        sys.exit(keep(executor))
    die_with_parent(keeper)
    adopt_orphans()
    run_executor(isolation, bounds)


if __name__ == "__main__":
    main()
