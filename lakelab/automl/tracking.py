"""Keeps an experiment in MLflow: a run for the data, one for every trial, and their notebooks as artifacts."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from lakelab import home

DATA_RUN_NAME = "Training data and exploration"
NOTEBOOKS = "notebooks"


class Tracking:
    """One AutoML experiment in MLflow, and the local folder of its notebooks."""

    def __init__(
        self, *, problem: str, target: str, name: str | None, folder: Path | None, data_dir: Path | None
    ) -> None:
        """Create the experiment.

        Raises:
            ValueError: there is an experiment of this name, or a folder cannot be made.
        """
        from mlflow import MlflowClient

        self.client = MlflowClient()
        if name is None:
            now = datetime.datetime.now().strftime("%Y-%m-%d-%H-%M-%S")
            name = first = f"{target}_{problem}-{now}"
            count = 2
            while self.client.get_experiment_by_name(name) is not None:
                name, count = f"{first}-{count}", count + 1
        elif self.client.get_experiment_by_name(name) is not None:
            raise ValueError(f"There is an experiment called {name!r} already: pass another experiment_name, or none.")
        self.name = name
        parent = folder if folder is not None else home.automl_dir()
        self.folder = parent / "".join(c if c.isalnum() or c in "-_." else "_" for c in name)
        self._data_dir = data_dir
        for needed in filter(None, (self.folder, data_dir)):
            try:
                needed.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ValueError(f"The folder {needed} cannot be made ({error.strerror}): pass another one.") from None
        tags = {"lakelab.automl.problem": problem, "lakelab.automl.target": target}
        self.experiment_id: str = self.client.create_experiment(name, tags=tags)
        self.data_run_id = self.start(DATA_RUN_NAME, {"lakelab.automl.kind": "data"})

    def tracking_uri(self) -> str | None:
        """The tracking URI if it is not the one that ``lakelab.runtime`` sets."""
        import mlflow

        uri: str = mlflow.get_tracking_uri()
        return None if uri == home.mlflow_uri() else uri

    def store(self, frame: pd.DataFrame) -> str | None:
        """Store the rows that trials load; returns their path, or None if they are artifacts of the data run."""
        if self._data_dir is not None:
            path = self._data_dir / f"{self.folder.name}.parquet"
            frame.to_parquet(path, index=False)
            return str(path)
        path = self.folder / "training_data.parquet"
        frame.to_parquet(path, index=False)
        self.client.log_artifact(self.data_run_id, str(path), "data")
        path.unlink()
        return None

    def start(self, name: str, tags: dict[str, str]) -> str:
        """Create a run and return its id."""
        run_id: str = self.client.create_run(self.experiment_id, run_name=name, tags=tags).info.run_id
        return run_id

    def end(self, run_id: str, status: str, notebook: Path | None = None) -> None:
        """Close a run as FINISHED, FAILED or KILLED, with its notebook as an artifact."""
        if notebook is not None and notebook.exists():
            self.client.log_artifact(run_id, str(notebook), NOTEBOOKS)
        self.client.set_terminated(run_id, status)

    def run(self, run_id: str) -> Any:
        """The run as MLflow keeps it."""
        return self.client.get_run(run_id)

    def experiment(self) -> Any:
        """The experiment as MLflow keeps it."""
        return self.client.get_experiment(self.experiment_id)
