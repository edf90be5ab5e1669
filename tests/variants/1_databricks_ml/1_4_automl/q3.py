# %% wrong: believes_the_trial
# hint: the copy was not run
def rerun(trial, path):
    automl.import_notebook(trial.artifact_uri, path, overwrite=True)
    return {name: value for name, value in trial.metrics.items() if name.startswith("val_")}

# %% wrong: logs_the_old_values
# hint: is not one of the notebook's
def rerun(trial, path):
    automl.import_notebook(trial.artifact_uri, path, overwrite=True)
    experiment = client.get_run(trial.mlflow_run_id).info.experiment_id
    with mlflow.start_run(experiment_id=experiment):
        mlflow.log_metrics(trial.metrics)
    return {name: value for name, value in trial.metrics.items() if name.startswith("val_")}

# %% wrong: no_overwrite
# hint: it should be replaced
def rerun(trial, path):
    copy = automl.import_notebook(trial.artifact_uri, path)
    dbutils.notebook.run(copy.path, 300)
    experiment = client.get_run(trial.mlflow_run_id).info.experiment_id
    newest = client.search_runs([experiment], order_by=["attributes.start_time DESC"])[0]
    return {name: value for name, value in newest.data.metrics.items() if name.startswith("val_")}

# %% wrong: every_metric
# hint: the validation part only
def rerun(trial, path):
    copy = automl.import_notebook(trial.artifact_uri, path, overwrite=True)
    dbutils.notebook.run(copy.path, 300)
    experiment = client.get_run(trial.mlflow_run_id).info.experiment_id
    newest = client.search_runs([experiment], order_by=["attributes.start_time DESC"])[0]
    return dict(newest.data.metrics)

# %% wrong: notebook_of_the_best_trial
# hint: the notebook of another trial
def rerun(trial, path):
    copy = automl.import_notebook(first.best_trial.artifact_uri, path, overwrite=True)
    dbutils.notebook.run(copy.path, 300)
    experiment = client.get_run(trial.mlflow_run_id).info.experiment_id
    newest = client.search_runs([experiment], order_by=["attributes.start_time DESC"])[0]
    return {name: value for name, value in newest.data.metrics.items() if name.startswith("val_")}

# %% wrong: runs_the_original
# hint: The notebook was not copied
def rerun(trial, path):
    dbutils.notebook.run(trial.notebook_path, 300)
    experiment = client.get_run(trial.mlflow_run_id).info.experiment_id
    newest = client.search_runs([experiment], order_by=["attributes.start_time DESC"])[0]
    return {name: value for name, value in newest.data.metrics.items() if name.startswith("val_")}

# %% right: papermill_and_a_table_of_runs
def rerun(trial, path):
    import papermill

    automl.import_notebook(artifact_uri=trial.artifact_uri, path=path, overwrite=True)
    papermill.execute_notebook(path, path, progress_bar=False)
    experiment = client.get_run(trial.mlflow_run_id).info.experiment_id
    newest = mlflow.search_runs([experiment]).sort_values("start_time").iloc[-1]
    return {name.removeprefix("metrics."): value for name, value in newest.filter(like="metrics.val_").items()}

# %% right: artifact_copied_by_hand
def rerun(trial, path):
    import shutil
    from pathlib import Path

    (source,) = Path(mlflow.artifacts.download_artifacts(f"{trial.artifact_uri}/notebooks")).glob("*.ipynb")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, path)
    experiment = client.get_run(trial.mlflow_run_id).info.experiment_id
    before = {run.info.run_id for run in client.search_runs([experiment])}
    dbutils.notebook.run(path, 0)
    (new,) = [run for run in client.search_runs([experiment]) if run.info.run_id not in before]
    return {f"val_{name}": new.data.metrics[f"val_{name}"] for name in ("r2_score", "mae", "rmse", "mse")}

# %% wrong: runs_it_but_believes_the_trial
# hint: that the trial claims
def rerun(trial, path):
    copy = automl.import_notebook(trial.artifact_uri, path, overwrite=True)
    dbutils.notebook.run(copy.path, 300)
    return {name: value for name, value in trial.metrics.items() if name.startswith("val_")}
