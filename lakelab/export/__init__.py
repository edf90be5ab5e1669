"""Notebooks of the course on Databricks: the source format, with its names, and back."""

from lakelab.export.export import FORMATS, Written, export, render

__all__ = ["FORMATS", "Written", "export", "render"]
