"""An experiment keeps its limits, survives an interrupt and failing trials, and leaves nothing running."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from lakelab import automl
from lakelab.automl import AutoMLSummary
from lakelab.automl.execution import Executor


def statuses(experiment_id: str) -> list[str]:
    import mlflow

    return [run.info.status for run in mlflow.MlflowClient().search_runs([experiment_id])]


def test_importing_is_cheap() -> None:
    code = "import sys, lakelab.automl; print(sorted({'pandas', 'numpy', 'mlflow', 'pyspark'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_nothing_is_written_to_stderr(
    arrivals: pd.DataFrame, classified: AutoMLSummary, capfd: pytest.CaptureFixture[str]
) -> None:
    summary = automl.classify(
        arrivals[["hour", "outcome"]], target_col="outcome", exclude_frameworks=["xgboost", "lightgbm"], max_trials=1
    )
    summary.best_trial.load_model()
    out, err = capfd.readouterr()
    assert err == ""
    assert "Trial 1 of at most 1: Logistic regression, val_f1_score" in out
    assert "left" in out


def test_a_trial_that_runs_too_long_is_ended_and_the_others_kept(
    arrivals: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from lakelab.automl import models, trials

    endless = vars(models._RANDOM_FOREST) | {
        "defaults": {"n_estimators": 10_000_000},
        "space": {"n_estimators": models.Choice(low=1e7, high=1e8, whole=True)},
    }
    monkeypatch.setattr(models, "_RANDOM_FOREST", models.Algorithm(**endless))

    def once_the_others_ended(self: trials.Trials, trial: trials._Running) -> float:
        return trial.started if len(self._finished) == 2 else self._deadline

    monkeypatch.setattr(trials.Trials, "_limit", once_the_others_ended)
    summary = automl.classify(
        arrivals[["hour", "outcome"]], target_col="outcome", exclude_frameworks=["lightgbm", "xgboost"], max_trials=3
    )
    assert {trial.params["model_type"] for trial in summary.trials} == {"logistic_regression", "decision_tree"}
    assert "Random forest, failed (it ran out of time)" in capsys.readouterr().out
    assert sorted(statuses(summary.experiment.experiment_id)) == ["FINISHED", "FINISHED", "FINISHED", "KILLED"]


def test_a_trial_may_take_its_share_of_the_time_once_another_has_ended() -> None:
    from types import SimpleNamespace
    from typing import Any

    from lakelab.automl.trials import Trials

    def limit(seconds: float, finished: int) -> float:
        experiment: Any = SimpleNamespace(
            _finished=[None] * finished, _deadline=1000.0, _limits=SimpleNamespace(seconds=seconds)
        )
        running: Any = SimpleNamespace(started=10.0)
        return Trials._limit(experiment, running)

    assert (limit(400, 0), limit(400, 1), limit(40, 1)) == (1000.0, 110.0, 30.0)


def test_no_time_at_all_is_said(arrivals: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="The time was over before a trial ended"):
        automl.classify(arrivals[["hour", "outcome"]], target_col="outcome", timeout_minutes=0.0001)


def test_an_interrupt_keeps_the_finished_trials(
    arrivals: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from lakelab.automl.trials import Trials

    ended = Trials._ended

    def interrupt_after_two(self: Trials, *arguments: object) -> None:
        ended(self, *arguments)  # type: ignore[arg-type]
        if len(self._finished) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Trials, "_ended", interrupt_after_two)
    summary = automl.classify(arrivals[["hour", "carrier", "outcome"]], target_col="outcome")
    assert len(summary.trials) == 2
    assert "Interrupted: the 2 trials that ended are kept." in capsys.readouterr().out
    assert "RUNNING" not in statuses(summary.experiment.experiment_id)


def test_an_interrupt_before_any_trial_is_an_interrupt(arrivals: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    from lakelab.automl.trials import Trials

    def interrupt(self: Trials, until: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Trials, "_wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        automl.classify(arrivals[["hour", "outcome"]], target_col="outcome")


def test_a_trial_that_fails_does_not_stop_the_others(
    arrivals: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from lakelab.automl import models

    broken = vars(models._DECISION_TREE) | {
        "defaults": {"max_depth": -1},
        "space": {"max_depth": models.Choice(low=-2, high=-1, whole=True)},
    }
    monkeypatch.setattr(models, "_DECISION_TREE", models.Algorithm(**broken))
    summary = automl.classify(
        arrivals[["hour", "outcome"]], target_col="outcome", exclude_frameworks=["lightgbm", "xgboost"], max_trials=2
    )
    assert [trial.params["model_type"] for trial in summary.trials] == ["logistic_regression"]
    assert "Decision tree, failed (InvalidParameterError" in capsys.readouterr().out
    assert "FAILED" in statuses(summary.experiment.experiment_id)


def test_the_exploration_notebook_names_what_is_wrong_with_the_data(classified: AutoMLSummary) -> None:
    import mlflow

    runs = mlflow.search_runs([classified.experiment.experiment_id], "tags.`lakelab.automl.kind` = 'data'")
    path = mlflow.artifacts.download_artifacts(
        run_id=runs["run_id"].iloc[0], artifact_path="notebooks/data_exploration.ipynb"
    )
    text = "".join(
        output.data.get("text/html", "")
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "data" in output
    )
    for alert in ("missing", "skewed", "high cardinality"):
        assert alert in text


def test_notebooks_keep_their_pictures(classified: AutoMLSummary, forecasted: AutoMLSummary) -> None:
    for trial, name, pictures in ((classified.best_trial, "data_exploration.ipynb", 2), (forecasted.best_trial, "", 1)):
        path = Path(str(trial.notebook_path))
        cells = nbformat.read(path.with_name(name) if name else path, as_version=4).cells
        outputs = [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]
        assert sum("image/png" in output.get("data", {}) for output in outputs) == pictures


def test_the_process_of_trials_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    code = textwrap.dedent(
        """
        from lakelab.automl.execution import executor
        executor.start()
        print(executor._process.pid, flush=True)
        import os
        os._exit(1)  # as a kernel that is killed: no atexit
        """
    )
    pid = int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stdout)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        time.sleep(0.2)
    pytest.fail(f"process {pid} is still there")


def test_a_killed_notebook_is_reported_and_the_process_goes_on(tmp_path: Path) -> None:
    endless, quick = tmp_path / "endless.ipynb", tmp_path / "quick.ipynb"
    for path, code in ((endless, "while True: pass"), (quick, "import os\nos.getpid()")):
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]), path)
    own = Executor()
    try:
        number = own.submit(endless, tmp_path / "out1.ipynb", {})
        own.kill(number)
        ended = own.wait(60)
        assert ended is not None
        assert (ended.number, ended.error) == (number, "ended by signal 9")
        own.submit(quick, tmp_path / "out2.ipynb", {})
        finished = own.wait(60)
        assert finished is not None
        assert finished.error is None
        (cell,) = nbformat.read(tmp_path / "out2.ipynb", as_version=4).cells
        assert int(cell.outputs[0].data["text/plain"]) != os.getpid()
    finally:
        own.stop()
