"""AutoML as Databricks has it: models found, trained, compared and explained, each by a notebook one can open and change.

    from lakelab import automl  # on Databricks: from databricks import automl

    summary = automl.classify(flights, target_col="late", timeout_minutes=5)
    summary.best_trial.load_model()

Importing this costs nothing; the libraries behind it are imported by the first experiment.
"""

from lakelab.automl.api import classify, forecast, import_notebook, regress
from lakelab.automl.summary import AutoMLSummary, ImportNotebookResult, TrialInfo

__all__ = [
    "AutoMLSummary",
    "ImportNotebookResult",
    "TrialInfo",
    "classify",
    "forecast",
    "import_notebook",
    "regress",
]
