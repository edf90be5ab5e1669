"""What an experiment returns: its trials, best first, and what can be done with them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlflow.entities import Experiment


@dataclass(frozen=True)
class ImportNotebookResult:
    """Where an imported notebook is: its ``path``, and a ``url`` to open it."""

    path: str
    url: str


@dataclass(frozen=True, repr=False)
class TrialInfo:
    """One model that was tried.

    Attributes:
        notebook_path: the notebook that trained it, with its outputs; None if it was not kept.
        notebook_url: the same as a URL.
        artifact_uri: where MLflow keeps the run's files, the notebook among them.
        mlflow_run_id: the MLflow run.
        metrics: what the run logged, such as ``val_f1_score``.
        params: the hyperparameters, as MLflow keeps them: text.
        model_path: the model's URI, for MLflow's ``load_model`` functions.
        model_description: algorithm and hyperparameters in words.
        duration: how long the trial took, such as ``"4.1 seconds"``.
        preprocessors: how columns were prepared, in words.
        evaluation_metric_score: the primary metric on the validation part.
    """

    notebook_path: str | None
    notebook_url: str | None
    artifact_uri: str
    mlflow_run_id: str
    metrics: dict[str, float]
    params: dict[str, str]
    model_path: str
    model_description: str
    duration: str
    preprocessors: str
    evaluation_metric_score: float

    def load_model(self) -> Any:
        """The trained model: a scikit-learn pipeline, or for a forecast MLflow's pyfunc model."""
        import mlflow

        if self.params.get("model_type") in ("prophet", "arima"):
            return mlflow.pyfunc.load_model(self.model_path)
        import mlflow.sklearn

        return mlflow.sklearn.load_model(self.model_path)

    def generate_notebook(self) -> ImportNotebookResult:
        """The trial's notebook; here every trial has one from the start.

        Raises:
            ValueError: the file is not there any more.
        """
        if self.notebook_path is None or not Path(self.notebook_path).exists():
            raise ValueError(
                f"The notebook of run {self.mlflow_run_id} is gone: import_notebook takes it from the run's artifacts."
            )
        return ImportNotebookResult(self.notebook_path, self.notebook_url or "")

    def __repr__(self) -> str:
        score = f"{self.evaluation_metric_score:.5g}"
        return f"TrialInfo({self.model_description!r}, score {score}, run {self.mlflow_run_id}, {self.duration})"


@dataclass(frozen=True, repr=False)
class AutoMLSummary:
    """What came of an experiment.

    Attributes:
        experiment: the MLflow experiment that holds a run for every trial.
        trials: those that ended well, best first by the primary metric on the validation part.
        metric_distribution: how the primary metric is spread over the trials, in words.
        output_table_name: for a forecast with ``output_database``, the table with its predictions.
    """

    experiment: Experiment
    trials: list[TrialInfo]
    metric_distribution: str
    output_table_name: str | None = None
    _exploration: str | None = field(default=None, compare=False)

    @property
    def best_trial(self) -> TrialInfo:
        """The trial with the best primary metric."""
        return self.trials[0]

    def __repr__(self) -> str:
        best = self.best_trial
        lines = [
            f"Experiment {self.experiment.name!r} (id {self.experiment.experiment_id}): {len(self.trials)} trials",
            f"Primary metric over the trials: {self.metric_distribution}",
            f"Best: {best.model_description}",
            f"  score {best.evaluation_metric_score:.5g}, run {best.mlflow_run_id}",
            f"  notebook {best.notebook_path}",
        ]
        if self._exploration:
            lines.append(f"Data exploration: {self._exploration}")
        if self.output_table_name:
            lines.append(f"Predictions: table {self.output_table_name}")
        return "\n".join(lines)


def import_notebook(artifact_uri: str, path: str, overwrite: bool = False) -> ImportNotebookResult:
    """Copy a notebook from MLflow's artifacts; see `lakelab.automl.import_notebook`."""
    from mlflow.artifacts import download_artifacts, list_artifacts

    from lakelab.automl.arguments import local_path

    target = local_path(path)
    if not target.is_absolute():
        raise ValueError(f"path is {path!r}: pass an absolute path.")
    uri = artifact_uri.rstrip("/")
    if not uri.endswith(".ipynb"):
        found = [item.path for item in list_artifacts(artifact_uri=f"{uri}/notebooks") if item.path.endswith(".ipynb")]
        if not found:
            raise ValueError(f"There is no notebook at {artifact_uri!r}: pass a trial's artifact_uri.")
        uri = f"{uri}/notebooks/{found[0].rsplit('/', 1)[-1]}"
    if target.suffix != ".ipynb":
        target = target / uri.rsplit("/", 1)[-1]
    if target.exists() and not overwrite:
        raise FileExistsError(f"There is a file at {target}: pass overwrite=True, or another path.")
    downloaded = download_artifacts(artifact_uri=uri)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(downloaded, target)
    except OSError as error:
        raise ValueError(f"The notebook cannot be written to {target} ({error.strerror}): pass another path.") from None
    return ImportNotebookResult(str(target), target.as_uri())
