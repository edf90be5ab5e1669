"""The errors that a course author can do something about."""

from lakelab.grading.errors import GradingError


class CoverageError(GradingError):
    """What is wrong, where, and what to do: one sentence, shown without a traceback."""
