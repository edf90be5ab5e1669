"""How a class did, and how a learner did: from the gradebook to a page, to the terminal and to JSON."""

from lakelab.report.collect import report
from lakelab.report.model import Report
from lakelab.report.terminal import render

__all__ = ["Report", "render", "report"]
