"""nbgrader's configuration for this course: its names and folders, and our execution in place of nbgrader's own.

`nbgrader` commands, Formgrader's buttons and `lakelab` all read this file. For a class on PostgreSQL set
`c.CourseDirectory.db_url` here, or LAKELAB_DB_URL in the environment.
"""

import os
from pathlib import Path

from lakelab.release.preprocessors import PREPROCESSORS

c = get_config()  # noqa: F821  (traitlets gives it)

c.CourseDirectory.course_id = "lakelab"
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
if os.environ.get("LAKELAB_DB_URL"):
    c.CourseDirectory.db_url = os.environ["LAKELAB_DB_URL"]

# A folder may hold other files that people leave there; these never travel.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".DS_Store", "._*"]

# What a student finds in place of a solution.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}

# A release in the canonical form, whoever generates it.
c.GenerateAssignment.preprocessors = PREPROCESSORS

# Sanitise → execute → record, as `lakelab grade` does it.
c.Autograde.sanitize_preprocessors = ["lakelab.grading.preprocessors.Sanitise"]
c.Autograde.autograde_preprocessors = [
    "lakelab.grading.preprocessors.PapermillExecute",
    "lakelab.grading.preprocessors.Record",
]
c.Autograde.exporter_class = "lakelab.grading.preprocessors.SubmissionExporter"

# Feedback keeps hidden tests hidden and makes what students' cells put out inert, as `lakelab feedback` does.
c.GenerateFeedback.preprocessors = ["nbgrader.preprocessors.GetGrades", "lakelab.feedback.preprocessor.Feedback"]
c.GenerateFeedback.exporter_class = "lakelab.feedback.exporter.FeedbackExporter"

# Limits of one submitted notebook.
c.PapermillExecute.cell_timeout = 60  # seconds a cell may take, the first with Spark's start included
c.PapermillExecute.notebook_timeout = 300  # seconds a notebook may take
c.PapermillExecute.memory_limit = "4g"  # of the kernel with its JVM and workers

# Submissions run in a sandbox where bubblewrap is installed, else under resource limits; "sandbox" refuses to grade without one.
c.PapermillExecute.isolation = "auto"

# Python and Java stay ready from one notebook to the next and are made as new in between; "lakelab" starts both for every notebook.
c.PapermillExecute.engine = "lakelab-warm"
