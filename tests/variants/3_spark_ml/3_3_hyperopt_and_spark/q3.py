# %% wrong: current_experiment_only
# hint: need not lie in the current experiment
def best_child(parent_run_id):
    runs = mlflow.search_runs(filter_string=f"tags.mlflow.parentRunId = '{parent_run_id}' AND status = 'FINISHED'", order_by=["metrics.loss ASC"])
    return runs.iloc[0]["run_id"], runs.iloc[0]["metrics.loss"]

# %% wrong: largest_wins
# hint: lower is better
def best_child(parent_run_id):
    client = MlflowClient()
    experiment = client.get_run(parent_run_id).info.experiment_id
    runs = client.search_runs([experiment], f"tags.mlflow.parentRunId = '{parent_run_id}'")
    runs = [r for r in runs if r.info.status == "FINISHED" and "loss" in r.data.metrics]
    if not runs:
        return None
    best = max(runs, key=lambda r: r.data.metrics["loss"])
    return best.info.run_id, best.data.metrics["loss"]

# %% wrong: failed_ones_count
# hint: ended as FAILED
def best_child(parent_run_id):
    client = MlflowClient()
    experiment = client.get_run(parent_run_id).info.experiment_id
    runs = client.search_runs([experiment], f"tags.mlflow.parentRunId = '{parent_run_id}'")
    runs = [r for r in runs if "loss" in r.data.metrics]
    if not runs:
        return None
    best = min(runs, key=lambda r: r.data.metrics["loss"])
    return best.info.run_id, best.data.metrics["loss"]

# %% wrong: every_run_of_the_experiment
# hint: a child of another parent
def best_child(parent_run_id):
    client = MlflowClient()
    experiment = client.get_run(parent_run_id).info.experiment_id
    runs = client.search_runs([experiment], "tags.mlflow.parentRunId != ''")
    runs = [r for r in runs if r.info.status == "FINISHED" and "loss" in r.data.metrics]
    if not runs:
        return None
    best = min(runs, key=lambda r: r.data.metrics["loss"])
    return best.info.run_id, best.data.metrics["loss"]

# %% wrong: the_parent_takes_part
# hint: This is the parent itself
def best_child(parent_run_id):
    client = MlflowClient()
    experiment = client.get_run(parent_run_id).info.experiment_id
    runs = client.search_runs([experiment])
    runs = [r for r in runs if (r.info.run_id == parent_run_id or r.data.tags.get("mlflow.parentRunId") == parent_run_id) and r.info.status == "FINISHED" and "loss" in r.data.metrics]
    if not runs:
        return None
    best = min(runs, key=lambda r: r.data.metrics["loss"])
    return best.info.run_id, best.data.metrics["loss"]

# %% wrong: sorted_as_text
# hint: 9.25 is less than 10.5
def best_child(parent_run_id):
    client = MlflowClient()
    experiment = client.get_run(parent_run_id).info.experiment_id
    runs = client.search_runs([experiment], f"tags.mlflow.parentRunId = '{parent_run_id}'")
    runs = [r for r in runs if r.info.status == "FINISHED" and "loss" in r.data.metrics]
    if not runs:
        return None
    best = min(runs, key=lambda r: str(r.data.metrics["loss"]))
    return best.info.run_id, best.data.metrics["loss"]

# %% wrong: zero_is_no_loss
# hint: may be negative or zero
def best_child(parent_run_id):
    client = MlflowClient()
    experiment = client.get_run(parent_run_id).info.experiment_id
    runs = client.search_runs([experiment], f"tags.mlflow.parentRunId = '{parent_run_id}'")
    runs = [r for r in runs if r.info.status == "FINISHED" and r.data.metrics.get("loss", 0) > 0]
    if not runs:
        return None
    best = min(runs, key=lambda r: r.data.metrics["loss"])
    return best.info.run_id, best.data.metrics["loss"]

# %% wrong: nothing_left_is_nan
# hint: return None
def best_child(parent_run_id):
    client = MlflowClient()
    experiment = client.get_run(parent_run_id).info.experiment_id
    runs = client.search_runs([experiment], f"tags.mlflow.parentRunId = '{parent_run_id}'")
    runs = [r for r in runs if r.info.status == "FINISHED" and "loss" in r.data.metrics]
    if not runs:
        return (None, float("nan"))
    best = min(runs, key=lambda r: r.data.metrics["loss"])
    return best.info.run_id, best.data.metrics["loss"]

# %% right: python_over_the_children
def best_child(parent_run_id):
    client = MlflowClient()
    experiment = client.get_run(parent_run_id).info.experiment_id
    runs = client.search_runs([experiment], f"tags.mlflow.parentRunId = '{parent_run_id}'")
    runs = [r for r in runs if r.info.status == "FINISHED" and "loss" in r.data.metrics]
    if not runs:
        return None
    best = min(runs, key=lambda r: r.data.metrics["loss"])
    return best.info.run_id, best.data.metrics["loss"]

# %% right: fluent_api_and_pandas
def best_child(parent_run_id):
    experiment = mlflow.get_run(parent_run_id).info.experiment_id
    runs = mlflow.search_runs([experiment], filter_string=f"tags.mlflow.parentRunId = '{parent_run_id}' and status = 'FINISHED'")
    if "metrics.loss" not in runs:
        return None
    runs = runs.dropna(subset=["metrics.loss"]).sort_values("metrics.loss")
    return None if runs.empty else (runs["run_id"].iloc[0], float(runs["metrics.loss"].iloc[0]))

# %% right: all_experiments
def best_child(parent_run_id):
    runs = mlflow.search_runs(search_all_experiments=True, filter_string=f"tags.`mlflow.parentRunId` = '{parent_run_id}'", output_format="list")
    pairs = sorted((r.data.metrics["loss"], r.info.run_id) for r in runs if r.info.status == "FINISHED" and "loss" in r.data.metrics)
    return (pairs[0][1], pairs[0][0]) if pairs else None
