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
from pathlib import Path
from typing import NoReturn

from lakelab.grading.isolation import PLACE, Bounds, Isolation, sandbox_command
from lakelab.grading.processes import adopt_orphans, die_with_parent, end_children


def keep(executor: int, folder: Path) -> int:
    """Wait for the end of `executor` or of the other end of standard input, clean up and return an exit status.

    `folder` is the worker's own and removed. It is told, never asked of :mod:`tempfile`, which answers /tmp where the folder is gone already.
    """
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
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # others of the pool may still be about to remove theirs
            folder.parent.rmdir()
    return 0 if abandoned else 1


def run_executor(isolation: Isolation, bounds: Bounds, folder: Path) -> NoReturn:
    """Be the executor, at this level of isolation, with files in `folder`."""
    arguments = command_options(isolation, bounds, PLACE)
    command = [sys.executable, "-m", "lakelab.grading.worker", *arguments]
    if isolation is Isolation.SANDBOX:
        command = sandbox_command(folder, bounds, os.environ, command)
        os.execvp(command[0], command)
    from lakelab.grading.worker import serve

    serve(isolation, bounds, folder)
    sys.exit(0)


def options(arguments: list[str]) -> tuple[Isolation, Bounds, Path]:
    """Return what the command line of a keeper or an executor says: isolation, bounds and the folder for its files."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--isolation", type=Isolation, default=Isolation.NONE)
    parser.add_argument("--claimed", type=int, required=True)
    parser.add_argument("--files", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args(arguments)
    return given.isolation, Bounds(given.claimed, given.files), given.folder


def command_options(isolation: Isolation, bounds: Bounds, folder: Path) -> list[str]:
    """Return what :func:`options` reads."""
    return [f"--isolation={isolation}", f"--claimed={bounds.claimed}", f"--files={bounds.files}", f"--folder={folder}"]


def main() -> None:
    """Split into keeper and executor, where the platform can fork, and serve."""
    isolation, bounds, folder = options(sys.argv[1:])
    if not hasattr(os, "fork"):
        run_executor(isolation, bounds, folder)
    adopt_orphans()
    keeper = os.getpid()
    executor = os.fork()
    if executor:
        sys.exit(keep(executor, folder))
    die_with_parent(keeper)
    adopt_orphans()
    run_executor(isolation, bounds, folder)


if __name__ == "__main__":
    main()
