"""The error of this part."""

from lakelab.grading.errors import GradingError


class ExportError(GradingError):
    """A notebook can't be exported or read back; the message says why and what to do."""
