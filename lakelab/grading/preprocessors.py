"""The same three steps as nbgrader preprocessors, so that `nbgrader autograde` and Formgrader's button grade as `lakelab grade` does.

`nbgrader_config.py` puts them in place of nbgrader's own.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float, Unicode

from lakelab.grading.batch import Task, conclude, data_files, prepare
from lakelab.grading.course import Course, parse_size
from lakelab.grading.execute import Limits
from lakelab.grading.pool import Job, WorkerPool
from lakelab.grading.record import open_gradebook, record
from lakelab.grading.source import RecordedSource, record_sources

Resources = dict[str, Any]


def _task(resources: Resources) -> Task:
    names = resources["nbgrader"]
    return Task(names["assignment"], names["notebook"], names["student"])


def _course(preprocessor: NbGraderPreprocessor) -> Course:
    return Course.open(preprocessor.config.CourseDirectory.root)


class Sanitise(NbGraderPreprocessor):
    """Rebuilds the submission from the recorded source."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook fit for execution; what was found travels in its metadata."""
        course, task = _course(self), _task(resources)
        source = RecordedSource.read(course, task.assignment, task.notebook)
        path = task.path(course)
        content = path.read_bytes()
        ready = prepare(task, content, source)
        if ready.nb is None:
            raise ValueError(f"{path}: {ready.result.outcome.reason}")
        ready.nb.metadata["lakelab"] = {
            "tampering": ready.tampering,
            "notes": ready.result.notes,
            "fingerprint": ready.result.fingerprint,
        }
        return ready.nb, resources


class PapermillExecute(NbGraderPreprocessor):
    """Executes the notebook with papermill's `lakelab` engine, in a process of its own."""

    cell_timeout = Float(60, help="Seconds that one cell may take.").tag(config=True)
    notebook_timeout = Float(300, help="Seconds that one notebook may take.").tag(config=True)
    memory_limit = Unicode(
        "4g", help="Memory that all processes of one notebook may take together, such as 512m or 4g."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the executed notebook; the outcome travels in `resources`."""
        course, task = _course(self), _task(resources)
        limits = Limits(self.cell_timeout, self.notebook_timeout, parse_size(self.memory_limit))
        found = nb.metadata.pop("lakelab", {})
        with WorkerPool(1, limits) as pool:
            done = next(pool.run(iter([Job(task, nb, data_files(course, task.assignment))])))
        resources["lakelab"] = {"outcome": done.outcome, **found}
        return done.nb, resources


class Record(NbGraderPreprocessor):
    """Writes scores and verdict into the gradebook."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Record the outcome of the execution before; returns the notebook as it is kept in `autograded/`."""
        course, task, found = _course(self), _task(resources), resources["lakelab"]
        with open_gradebook(course) as gradebook:
            source = record_sources(course, gradebook, task.assignment)[task.notebook]
            ready = prepare(task, task.path(course).read_bytes(), source)
            result = conclude(ready, found["outcome"], nb)
            record(gradebook, result, source)
        nb.metadata["lakelab"] = {"verdict": str(result.outcome.verdict), "reason": result.outcome.reason}
        return nb, resources
