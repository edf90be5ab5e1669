# %% wrong: ends_everything
# hint: A run that had ended
def mend(experiment_id):
    for run in client.search_runs([experiment_id]):
        client.set_terminated(run.info.run_id, "KILLED")

# %% wrong: calls_it_finished
# hint: nobody saw it finish
# hint: has no rmse still
# hint: is still there
def mend(experiment_id):
    for run in client.search_runs([experiment_id], "attributes.status = 'RUNNING'"):
        client.set_terminated(run.info.run_id)

# %% wrong: deletes_parents
# hint: The parent of a search was deleted
def mend(experiment_id):
    for run in client.search_runs([experiment_id]):
        run_id, metrics = run.info.run_id, run.data.metrics
        if run.info.status == "RUNNING":
            client.set_terminated(run_id, "KILLED")
        if "RMSE" in metrics and "rmse" not in metrics:
            client.log_metric(run_id, "rmse", metrics["RMSE"])
        if "search" in run.data.tags:
            client.set_tag(run_id, "mlflow.parentRunId", run.data.tags["search"])
        if not metrics and not run.data.params:
            client.delete_run(run_id)

# %% wrong: no_metrics_is_empty
# hint: A run with a parameter and no metric
def mend(experiment_id):
    runs = client.search_runs([experiment_id])
    parents = {run.data.tags.get("search") for run in runs}
    for run in runs:
        run_id, metrics = run.info.run_id, run.data.metrics
        if run.info.status == "RUNNING":
            client.set_terminated(run_id, "KILLED")
        if "RMSE" in metrics and "rmse" not in metrics:
            client.log_metric(run_id, "rmse", metrics["RMSE"])
        if "search" in run.data.tags:
            client.set_tag(run_id, "mlflow.parentRunId", run.data.tags["search"])
        if not metrics and run_id not in parents:
            client.delete_run(run_id)

# %% wrong: smallest_in_place_of_last
# hint: its last one, not its smallest
def mend(experiment_id):
    runs = client.search_runs([experiment_id])
    parents = {run.data.tags.get("search") for run in runs}
    for run in runs:
        run_id, metrics = run.info.run_id, run.data.metrics
        if run.info.status == "RUNNING":
            client.set_terminated(run_id, "KILLED")
        if "RMSE" in metrics and "rmse" not in metrics:
            client.log_metric(run_id, "rmse", min(m.value for m in client.get_metric_history(run_id, "RMSE")))
        if "search" in run.data.tags:
            client.set_tag(run_id, "mlflow.parentRunId", run.data.tags["search"])
        if not metrics and not run.data.params and run_id not in parents:
            client.delete_run(run_id)

# %% wrong: overwrites_rmse
# hint: A run that has an rmse already got another value
def mend(experiment_id):
    runs = client.search_runs([experiment_id])
    parents = {run.data.tags.get("search") for run in runs}
    for run in runs:
        run_id, metrics = run.info.run_id, run.data.metrics
        if run.info.status == "RUNNING":
            client.set_terminated(run_id, "KILLED")
        if "RMSE" in metrics:
            client.log_metric(run_id, "rmse", metrics["RMSE"])
        if "search" in run.data.tags:
            client.set_tag(run_id, "mlflow.parentRunId", run.data.tags["search"])
        if not metrics and not run.data.params and run_id not in parents:
            client.delete_run(run_id)

# %% wrong: a_tag_of_its_own
# hint: which tag makes a run a child
def mend(experiment_id):
    runs = client.search_runs([experiment_id])
    parents = {run.data.tags.get("search") for run in runs}
    for run in runs:
        run_id, metrics = run.info.run_id, run.data.metrics
        if run.info.status == "RUNNING":
            client.set_terminated(run_id, "KILLED")
        if "RMSE" in metrics and "rmse" not in metrics:
            client.log_metric(run_id, "rmse", metrics["RMSE"])
        if "search" in run.data.tags:
            client.set_tag(run_id, "parent", run.data.tags["search"])
        if not metrics and not run.data.params and run_id not in parents:
            client.delete_run(run_id)

# %% wrong: reopens_with_start_run
# hint: has a new end
def mend(experiment_id):
    runs = client.search_runs([experiment_id])
    parents = {run.data.tags.get("search") for run in runs}
    for run in runs:
        status = "KILLED" if run.info.status == "RUNNING" else run.info.status
        mlflow.start_run(run_id=run.info.run_id)
        if "RMSE" in run.data.metrics and "rmse" not in run.data.metrics:
            mlflow.log_metric("rmse", run.data.metrics["RMSE"])
        if "search" in run.data.tags:
            mlflow.set_tag("mlflow.parentRunId", run.data.tags["search"])
        mlflow.end_run(status)
        if not run.data.metrics and not run.data.params and run.info.run_id not in parents:
            client.delete_run(run.info.run_id)

# %% wrong: every_experiment
# hint: A run of another experiment was ended
def mend(experiment_id):
    for other in client.search_experiments():
        for run in client.search_runs([other.experiment_id], "attributes.status = 'RUNNING'"):
            client.set_terminated(run.info.run_id, "KILLED")

# %% wrong: returns_a_count
# hint: mend returns nothing
def mend(experiment_id):
    return len(client.search_runs([experiment_id]))

# %% right: one_query_per_rule
def mend(experiment_id):
    for run in client.search_runs([experiment_id], "attributes.status = 'RUNNING'"):
        client.set_terminated(run.info.run_id, status="KILLED")
    everything = client.search_runs([experiment_id])
    for run in everything:
        if run.data.metrics.get("RMSE") is not None and run.data.metrics.get("rmse") is None:
            client.log_metric(run.info.run_id, "rmse", run.data.metrics["RMSE"])
    named = [run.data.tags["search"] for run in everything if "search" in run.data.tags]
    for run in everything:
        if "search" in run.data.tags:
            client.set_tag(run.info.run_id, "mlflow.parentRunId", run.data.tags["search"])
    for run in everything:
        if len(run.data.params) + len(run.data.metrics) == 0 and run.info.run_id not in named:
            client.delete_run(run.info.run_id)

# %% right: pandas_table
def mend(experiment_id):
    table = mlflow.search_runs([experiment_id])
    if table.empty:
        return
    numbers = [c for c in table if c.startswith(("metrics.", "params."))]
    searches = table["tags.search"] if "tags.search" in table else pd.Series(None, index=table.index, dtype=object)
    for i, row in table.iterrows():
        if row["status"] == "RUNNING":
            client.set_terminated(row["run_id"], "KILLED")
        if pd.notna(row.get("metrics.RMSE", np.nan)) and pd.isna(row.get("metrics.rmse", np.nan)):
            client.log_metric(row["run_id"], "rmse", row["metrics.RMSE"])
        if pd.notna(searches[i]):
            client.set_tag(row["run_id"], "mlflow.parentRunId", searches[i])
        if row[numbers].isna().all() and row["run_id"] not in set(searches.dropna()):
            mlflow.delete_run(row["run_id"])

# %% right: page_by_page
def mend(experiment_id):
    runs, token = [], None
    while True:
        page = client.search_runs([experiment_id], max_results=100, page_token=token)
        runs += page
        token = page.token
        if not token:
            break
    parents = set()
    for run in runs:
        search = run.data.tags.get("search")
        if search:
            parents.add(search)
            client.set_tag(run.info.run_id, "mlflow.parentRunId", search)
    for run in runs:
        if run.info.status not in ("FINISHED", "FAILED", "KILLED"):
            client.update_run(run.info.run_id, status="KILLED")
        if set(run.data.metrics) >= {"RMSE"} and "rmse" not in run.data.metrics:
            client.log_metric(run.info.run_id, "rmse", run.data.metrics["RMSE"])
        if not (run.data.params or run.data.metrics or run.info.run_id in parents):
            client.delete_run(run.info.run_id)
