"""A trial's notebook is the trial: run by papermill in a kernel of its own, it logs exactly the same metrics."""

from __future__ import annotations

from pathlib import Path

import nbformat
import papermill
import pytest

from lakelab.automl import AutoMLSummary, TrialInfo, import_notebook
from lakelab.notebooks.canonical import read


def rerun(trial: TrialInfo, folder: Path) -> dict[str, float]:
    """Run the trial's notebook, taken from its artifacts, and return the metrics of the run that it logs."""
    import mlflow

    client = mlflow.MlflowClient()
    experiment = client.get_run(trial.mlflow_run_id).info.experiment_id
    before = {run.info.run_id for run in client.search_runs([experiment])}
    copy = import_notebook(trial.artifact_uri, str(folder / "copy.ipynb")).path
    papermill.execute_notebook(copy, folder / "out.ipynb", progress_bar=False)
    (new,) = [run for run in client.search_runs([experiment]) if run.info.run_id not in before]
    assert said_on_stderr(folder / "out.ipynb") == []
    metrics: dict[str, float] = new.data.metrics
    return metrics


def said_on_stderr(notebook: Path | str) -> list[str]:
    cells = [cell for cell in nbformat.read(str(notebook), as_version=4).cells if cell.cell_type == "code"]
    return [output.text for cell in cells for output in cell.outputs if output.get("name") == "stderr"]


def by_type(summary: AutoMLSummary, model_type: str) -> TrialInfo:
    (trial,) = [trial for trial in summary.trials if trial.params["model_type"] == model_type]
    return trial


@pytest.mark.parametrize("model_type", ["xgboost", "logistic_regression"])
def test_a_classifier(classified: AutoMLSummary, model_type: str, tmp_path: Path) -> None:
    trial = by_type(classified, model_type)
    assert rerun(trial, tmp_path) == trial.metrics


def test_the_best_regression(regressed: AutoMLSummary, tmp_path: Path) -> None:
    assert rerun(regressed.best_trial, tmp_path) == regressed.best_trial.metrics


def test_the_best_forecast(forecasted: AutoMLSummary, tmp_path: Path) -> None:
    assert rerun(forecasted.best_trial, tmp_path) == forecasted.best_trial.metrics


@pytest.mark.parametrize("experiment", ["classified", "regressed", "forecasted"])
def test_notebooks_ran_without_a_word_on_stderr(experiment: str, request: pytest.FixtureRequest) -> None:
    summary: AutoMLSummary = request.getfixturevalue(experiment)
    folder = Path(str(summary.best_trial.notebook_path)).parent
    notebooks = sorted(folder.glob("*.ipynb"))
    assert len(notebooks) == len(summary.trials) + 1
    for notebook in notebooks:
        assert said_on_stderr(notebook) == []
        assert not [o for cell in read(notebook).cells for o in cell.get("outputs", []) if o.output_type == "error"]


def test_the_same_data_in_another_order_gives_the_same_trials(classified: AutoMLSummary, arrivals: object) -> None:
    import pandas as pd

    from lakelab import automl

    assert isinstance(arrivals, pd.DataFrame)
    shuffled = arrivals.sample(frac=1, random_state=3)
    again = automl.classify(
        shuffled, target_col="outcome", primary_metric="log_loss", max_trials=2, exclude_frameworks=["sklearn"]
    )
    for trial in again.trials:
        first = by_type(classified, trial.params["model_type"])
        assert (trial.params, trial.metrics) == (first.params, first.metrics)


def test_the_model_scores_rows_with_holes_and_news(classified: AutoMLSummary, arrivals: object) -> None:
    import mlflow
    import pandas as pd

    assert isinstance(arrivals, pd.DataFrame)
    row = {"hour": None, "distance": None, "carrier": "ZZ", "dest": None, "scheduled": pd.NaT, "remark": None}
    rows = pd.DataFrame([row, arrivals.iloc[0].to_dict()]).astype({"hour": "float64", "distance": "float64"})
    rows["scheduled"] = pd.to_datetime(rows["scheduled"])
    for trial in classified.trials:
        predicted = mlflow.pyfunc.load_model(trial.model_path).predict(rows)
        assert set(predicted) <= {"early", "on time", "late"}
