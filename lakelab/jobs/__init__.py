"""Multi-task jobs: notebooks that depend on each other, run by papermill, given and reported in the shape of Databricks' Jobs API."""

from lakelab.jobs.run import run_job
from lakelab.jobs.settings import JobSettings, SettingsError, TaskSettings

__all__ = ["JobSettings", "SettingsError", "TaskSettings", "run_job"]
