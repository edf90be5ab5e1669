"""The same three steps as nbgrader preprocessors, so that `nbgrader autograde` and Formgrader's button grade as `lakelab grade` does.

`nbgrader_config.py` puts them in place of nbgrader's own, and `SubmissionExporter` in place of the reader that gives up on a bad file.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Enum, Float, Unicode

from lakelab.grading.batch import Task, conclude, data_files, prepare, read_task, submission_timestamp
from lakelab.grading.course import Course, parse_size
from lakelab.grading.execute import COLD, WARM, Limits
from lakelab.grading.harmless import harmless
from lakelab.grading.isolation import Isolation, choose
from lakelab.grading.keep import kept_pool
from lakelab.grading.pool import Job
from lakelab.grading.record import open_gradebook, record
from lakelab.grading.source import RecordedSource, record_sources
from lakelab.grading.verdict import Outcome, Verdict

Resources = dict[str, Any]


def _task(resources: Resources) -> Task:
    names = resources["nbgrader"]
    return Task(names["assignment"], names["notebook"], names["student"])


def _course(preprocessor: NbGraderPreprocessor, resources: Resources) -> Course:
    course = Course.open(preprocessor.config.CourseDirectory.get("root") or Path.cwd())
    return replace(course, db_url=resources["nbgrader"]["db_url"])  # which `--db` may have changed


class SubmissionExporter(NotebookExporter):
    """nbconvert's reader and writer of notebooks, that takes a file which is none for an empty notebook.

    What is wrong with the file is for `Sanitise` to find and for `Record` to write down; here an exception would leave the student's
    other notebooks ungraded.
    """

    def from_filename(
        self, filename: str, resources: Resources | None = None, **kw: Any
    ) -> tuple[NotebookNode, Resources]:
        """Convert the notebook at `filename`."""
        try:
            nb = nbformat.read(filename, as_version=4)
        except Exception:
            nb = nbformat.v4.new_notebook()
        resources = {**(resources or {}), "metadata": {"name": Path(filename).stem, "path": str(Path(filename).parent)}}
        return self.from_notebook_node(nb, resources, **kw)


class Sanitise(NbGraderPreprocessor):
    """Rebuilds the submission from the recorded source."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook fit for execution, or one that says why there is none."""
        course, task = _course(self, resources), _task(resources)
        ready = prepare(task, read_task(course, task), RecordedSource.read(course, task.assignment, task.notebook))
        if ready.nb is not None:
            return ready.nb, resources
        reason = nbformat.v4.new_markdown_cell(f"This notebook was not graded: {ready.result.outcome.reason}")
        return nbformat.v4.new_notebook(cells=[reason]), resources


class PapermillExecute(NbGraderPreprocessor):
    """Executes the notebook with papermill's `lakelab` engine, in a process of its own."""

    cell_timeout = Float(60, help="Seconds that one cell may take.").tag(config=True)
    notebook_timeout = Float(300, help="Seconds that one notebook may take.").tag(config=True)
    memory_limit = Unicode(
        "4g", help="Memory that all processes of one notebook may take together, such as 512m or 4g."
    ).tag(config=True)

    engine = Enum(
        [WARM, COLD],
        WARM,
        help="lakelab-warm keeps Python and Java ready from one notebook to the next; lakelab starts both anew for every notebook.",
    ).tag(config=True)

    isolation = Enum(
        [str(level) for level in Isolation],
        str(Isolation.AUTO),
        help="sandbox shuts submissions in with bubblewrap and refuses to run without it; limits bounds what they take; none does neither; "
        "auto is the best that is to be had.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the executed notebook; outcome and isolation travel in `resources`."""
        course, task = _course(self, resources), _task(resources)
        limits = Limits(self.cell_timeout, self.notebook_timeout, parse_size(self.memory_limit))
        level = choose(self.isolation)
        with kept_pool(limits, self.engine, level) as pool:
            done = next(pool.run(iter([Job(task, nb, data_files(course, task.assignment))])))
        resources["lakelab"], resources["lakelab_isolation"] = done.outcome, str(level)
        return done.nb, resources


class Record(NbGraderPreprocessor):
    """Writes scores and verdict into the gradebook."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Record the outcome of the execution before; returns the notebook as it is kept in `autograded/`."""
        course, task, outcome = _course(self, resources), _task(resources), resources["lakelab"]
        timestamp = submission_timestamp(course, task.assignment, task.student)
        with open_gradebook(course) as gradebook:
            sources = record_sources(course, gradebook, task.assignment)
            ready = prepare(task, read_task(course, task), sources[task.notebook])
            result = conclude(ready, outcome, nb) if ready.nb is not None else ready.result
            result.isolation = resources["lakelab_isolation"] if ready.nb is not None else ""
            record(course, gradebook, result, sources[task.notebook], timestamp)
            for other in sources:  # nbgrader passes over what was not handed in
                missing = Task(task.assignment, other, task.student)
                content = read_task(course, missing)
                if isinstance(content, Outcome) and content.verdict is Verdict.MISSING:
                    record(
                        course, gradebook, prepare(missing, content, sources[other]).result, sources[other], timestamp
                    )
        nb.metadata["lakelab"] = {"verdict": str(result.outcome.verdict), "reason": result.outcome.reason}
        return harmless(nb), resources
