"""Self-study: grading one's own copy of a lab with the hidden tests, and keeping track of the progress."""

from lakelab.check.check import CheckResult, QuestionResult, check, render

__all__ = ["CheckResult", "QuestionResult", "check", "render"]
