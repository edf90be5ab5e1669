"""Sums up an experiment: trials as the API returns them, best first."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

from lakelab.automl.metrics import Metric
from lakelab.automl.progress import Progress, duration
from lakelab.automl.summary import AutoMLSummary, TrialInfo
from lakelab.automl.tracking import Tracking
from lakelab.automl.trials import OUT_OF_TIME, Finished, Outcome


def summarise(
    outcome: Outcome,
    *,
    metric: Metric,
    tracking: Tracking,
    preprocessors: str,
    exploration: Path | None,
    progress: Progress,
    output_table_name: str | None = None,
) -> AutoMLSummary:
    """The summary of ``outcome``.

    Raises:
        KeyboardInterrupt: the experiment was interrupted before any trial ended well.
        ValueError: no trial ended well.
    """
    if not outcome.finished:
        if outcome.interrupted:
            raise KeyboardInterrupt("The experiment was interrupted before a trial ended.")
        if all(failure.endswith(OUT_OF_TIME) for failure in outcome.failures):
            raise ValueError("The time was over before a trial ended: pass a larger timeout_minutes, or fewer rows.")
        raise ValueError(f"No trial ended well; the first one: {outcome.failures[0]}.")
    ranked = sorted(outcome.finished, key=lambda trial: (metric.loss(trial.score), trial.proposal.number))
    summary = AutoMLSummary(
        experiment=tracking.experiment(),
        trials=[_info(trial, tracking, preprocessors) for trial in ranked],
        metric_distribution=distribution([trial.score for trial in ranked]),
        output_table_name=output_table_name,
        _exploration=str(exploration) if exploration is not None and exploration.exists() else None,
    )
    if outcome.interrupted:
        progress.say(f"Interrupted: the {len(ranked)} trials that ended are kept.")
    progress.say(f"\n{summary!r}")
    return summary


def distribution(scores: Sequence[float]) -> str:
    """Least, median, mean, greatest score and the sample's standard deviation, in words."""
    spread = statistics.stdev(scores) if len(scores) > 1 else 0.0
    return (
        f"min {min(scores):.5g}, median {statistics.median(scores):.5g}, mean {statistics.fmean(scores):.5g}, "
        f"max {max(scores):.5g}, standard deviation {spread:.3g}"
    )


def _info(trial: Finished, tracking: Tracking, preprocessors: str) -> TrialInfo:
    run = tracking.run(trial.run_id)
    settings = ", ".join(f"{name}={value}" for name, value in trial.proposal.params.items())
    return TrialInfo(
        notebook_path=str(trial.notebook),
        notebook_url=trial.notebook.absolute().as_uri(),
        artifact_uri=run.info.artifact_uri,
        mlflow_run_id=trial.run_id,
        metrics=dict(run.data.metrics),
        params=dict(run.data.params),
        model_path=f"runs:/{trial.run_id}/model",
        model_description=f"{trial.proposal.algorithm.title} ({settings})",
        duration=duration(trial.seconds),
        preprocessors=preprocessors,
        evaluation_metric_score=trial.score,
    )
