"""The executor of a worker: takes jobs as JSON lines on standard input, executes them one after another, answers with JSON lines.

It runs apart from the process that holds the gradebook, and is told nothing about it. Notebooks come and outputs go over the pipes, so that no
file holds a test before it is run; and no process that it starts can look into it. In a sandbox it is inside, and gives the sandbox up where a
submission left something that can't be removed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import nbformat

from lakelab.grading import scratch as places
from lakelab.grading.execute import WARM, KernelStartError, Limits, execute, scratch_folder
from lakelab.grading.isolation import Bounds, Isolation, drop_privileges, limit_resources
from lakelab.grading.keeper import options
from lakelab.grading.processes import adopt_orphans, end_children
from lakelab.grading.verdict import Outcome, Verdict
from lakelab.grading.warm import WarmEngine
from lakelab.warm.closed import close_to_others


def run_job(job: dict[str, Any], answer: Any, warm: WarmEngine, isolation: Isolation, folder: Path) -> bool:
    """Execute the notebook in `job` and answer with its outputs; return whether another one can be executed here."""
    nb = nbformat.reads(job["notebook"], as_version=4)
    # What one submission deleted is there again for the next.
    folder.mkdir(parents=True, exist_ok=True)
    files = Path(job["files"]) if job.get("files") else None
    is_warm = job["engine"] == WARM
    outcome, replaced, spent = None, "", ""
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
    if isolation is Isolation.SANDBOX:
        spent = places.tidy(warm.folders())
    outputs = [cell.get("outputs", []) for cell in nb.cells]
    counts = [cell.get("execution_count") for cell in nb.cells]
    answer(
        {"outcome": outcome.to_dict(), "outputs": outputs, "counts": counts, "replaced": replaced or spent}
        | ({"spent": True} if spent else {})
    )
    return not spent


def serve(isolation: Isolation, bounds: Bounds, folder: Path) -> None:
    """Serve jobs, whose files go to `folder`, until standard input ends."""
    # Answers go to a private copy of standard output: whatever else writes there can't be taken for one.
    channel = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def answer(message: dict[str, Any]) -> None:
        channel.write(json.dumps(message) + "\n")

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the parent to handle
    if isolation is not Isolation.NONE:
        limit_resources(bounds, isolation)
    if isolation is Isolation.SANDBOX:
        places.prepare()
    close_to_others()
    answer({"ready": True})
    # What kernels say on the descriptors that they inherit is for nobody, and may be endless.
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.environ["LAKELAB_GRADING"] = "1"  # which settings Spark starts with
    warm = WarmEngine(folder)
    for line in sys.stdin:
        try:
            if not run_job(json.loads(line), answer, warm, isolation, folder):
                return
        except (OSError, KernelStartError) as error:
            answer({"failed": _sentence(error), "before_start": isinstance(error, KernelStartError)})
        except Exception as error:
            reason = f"The notebook could not be executed ({type(error).__name__}: {str(error)[:200]})."
            answer({"outcome": Outcome(Verdict.KERNEL_DIED, reason).to_dict()})


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror} ({Path(str(error.filename or '')).name})"
    return str(error)


def main() -> None:
    """Be the executor inside a sandbox, which the keeper has started."""
    drop_privileges()
    adopt_orphans()
    serve(*options(sys.argv[1:]))


if __name__ == "__main__":
    main()
