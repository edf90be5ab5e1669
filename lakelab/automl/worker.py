"""The process in which trials run: it imports the libraries once and forks for every notebook.

A fresh kernel per trial spends most of its time importing the same libraries. This process has imported them, and done
nothing else: no thread, no open database, no OpenMP region entered, so that each fork of it is a clean start. A fork runs
one notebook (:mod:`lakelab.automl.runner`). That a kernel gives the same metrics is tested
(``tests/automl/test_reproducible.py``).

Requests come as JSON lines on stdin, answers go as JSON lines to stdout::

    {"run": 3, "notebook": "in.ipynb", "out": "out.ipynb", "cwd": "...", "env": {"MLFLOW_RUN_ID": "..."}}
    {"kill": 3}
    {"ended": 3, "error": null or "ValueError: ...", "seconds": 1.5}

The end of stdin ends the process and whatever it runs.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IDLE_SECONDS = 900
"""A process that nobody asked anything for this long ends; the next experiment starts another."""

PRELOADED = (
    "IPython.core.interactiveshell",
    "lightgbm",
    "matplotlib.pyplot",
    "mlflow.models",
    "mlflow.pyfunc",
    "mlflow.sklearn",
    "mlflow.store.tracking.sqlalchemy_store",
    "nbformat",
    "numpy",
    "pandas",
    "pyarrow.parquet",
    "sklearn.compose",
    "sklearn.ensemble",
    "sklearn.feature_extraction.text",
    "sklearn.impute",
    "sklearn.inspection",
    "sklearn.linear_model",
    "sklearn.pipeline",
    "sklearn.preprocessing",
    "sklearn.tree",
    "statsmodels.tsa.api",
    "xgboost",
)


@dataclass(frozen=True)
class _Job:
    number: int
    out: Path
    started: float


def main() -> None:
    """Serve requests until stdin ends."""
    requests, answers = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)  # whatever a library prints must not be taken for an answer
    _preload()
    child_ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    jobs: dict[int, _Job] = {}  # by process id
    pending = b""
    while True:
        ready, _, _ = select.select([requests, child_ended], [], [], IDLE_SECONDS)
        if not ready and not jobs:
            return
        if child_ended in ready:
            os.read(child_ended, 1024)
        for process in list(jobs):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                _answer(answers, jobs.pop(process), status)
        if requests not in ready:
            continue
        chunk = os.read(requests, 65536)
        if not chunk:
            _kill(jobs)
            return
        *lines, pending = (pending + chunk).split(b"\n")
        for line in lines:
            request = json.loads(line)
            if "kill" in request:
                _kill(process for process, job in jobs.items() if job.number == request["kill"])
                continue
            process = os.fork()
            if process == 0:
                signal.set_wakeup_fd(-1)
                for inherited in (requests, answers, child_ended, wake):
                    os.close(inherited)
                _run_and_exit(request)
            jobs[process] = _Job(request["run"], Path(request["out"]), time.monotonic())


def _preload() -> None:
    import importlib
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in PRELOADED:
            importlib.import_module(name)


def _kill(processes: Any) -> None:
    for process in list(processes):
        os.kill(process, signal.SIGKILL)


def _answer(answers: int, job: _Job, status: int) -> None:
    error: str | None = None
    if os.WIFSIGNALED(status):
        error = f"ended by signal {os.WTERMSIG(status)}"
    elif os.WEXITSTATUS(status):
        with contextlib.suppress(OSError):
            error = _error_file(job.out).read_text(encoding="utf-8")
        error = error or f"ended with status {os.WEXITSTATUS(status)}"
    answer = {"ended": job.number, "error": error, "seconds": time.monotonic() - job.started}
    os.write(answers, json.dumps(answer).encode() + b"\n")


def _error_file(out: Path) -> Path:
    return out.with_suffix(".error")


def _run_and_exit(request: dict[str, Any]) -> None:
    """Run a notebook in this fork and leave: never back into the parent's loop, whatever happens."""
    out = Path(request["out"])
    error: str | None = "the notebook was not started"
    try:
        from lakelab.automl.runner import run_notebook

        os.environ.update(request["env"])
        os.chdir(request["cwd"])
        error = run_notebook(Path(request["notebook"]), out)
    except BaseException as problem:
        error = f"{type(problem).__name__}: {problem}"
    finally:
        if error is not None:
            with contextlib.suppress(OSError):
                _error_file(out).write_text(error, encoding="utf-8")
        os._exit(0 if error is None else 1)


if __name__ == "__main__":
    main()
