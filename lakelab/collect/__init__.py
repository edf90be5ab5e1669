"""Submissions as an LMS gives them, into `submitted/`."""

from lakelab.collect.sorting import Collected, collect, render

__all__ = ["Collected", "collect", "render"]
