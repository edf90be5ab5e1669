# %% wrong: wrong_direction
# hint: in which direction do you sort
def best_run(experiment_name):
    found = client.get_experiment_by_name(experiment_name)
    if found is None:
        return None
    runs = client.search_runs([found.experiment_id], "attributes.status = 'FINISHED' AND tags.role = 'candidate' AND params.judged_on = '2015' AND metrics.rmse > 0", order_by=["metrics.rmse DESC"])
    return runs[0] if runs else None

# %% wrong: no_filter_at_all
# hint: nan is none
def best_run(experiment_name):
    found = client.get_experiment_by_name(experiment_name)
    if found is None:
        return None
    runs = client.search_runs([found.experiment_id], order_by=["metrics.rmse ASC"])
    return runs[0] if runs else None

# %% wrong: forgets_the_status
# hint: what it logged by then proves nothing
def best_run(experiment_name):
    found = client.get_experiment_by_name(experiment_name)
    if found is None:
        return None
    runs = client.search_runs([found.experiment_id], "tags.role = 'candidate' AND params.judged_on = '2015' AND metrics.rmse > 0", order_by=["metrics.rmse ASC"])
    return runs[0] if runs else None

# %% wrong: forgets_the_role
# hint: look at its tag role
def best_run(experiment_name):
    found = client.get_experiment_by_name(experiment_name)
    if found is None:
        return None
    runs = client.search_runs([found.experiment_id], "attributes.status = 'FINISHED' AND params.judged_on = '2015' AND metrics.rmse > 0", order_by=["metrics.rmse ASC"])
    return runs[0] if runs else None

# %% wrong: forgets_the_data
# hint: judged on other data
def best_run(experiment_name):
    found = client.get_experiment_by_name(experiment_name)
    if found is None:
        return None
    runs = client.search_runs([found.experiment_id], "attributes.status = 'FINISHED' AND tags.role = 'candidate' AND metrics.rmse > 0", order_by=["metrics.rmse ASC"])
    return runs[0] if runs else None

# %% wrong: deleted_runs_count
# hint: This run was deleted
def best_run(experiment_name):
    found = client.get_experiment_by_name(experiment_name)
    if found is None:
        return None
    runs = client.search_runs(
        [found.experiment_id],
        "attributes.status = 'FINISHED' AND tags.role = 'candidate' AND params.judged_on = '2015' AND metrics.rmse > 0",
        run_view_type=mlflow.entities.ViewType.ALL,
        order_by=["metrics.rmse ASC"],
    )
    return runs[0] if runs else None

# %% wrong: every_experiment
# hint: has no best run
def best_run(experiment_name):
    if client.get_experiment_by_name(experiment_name) is None:
        return None
    runs = mlflow.search_runs(
        search_all_experiments=True,
        filter_string="attributes.status = 'FINISHED' AND tags.role = 'candidate' AND params.judged_on = '2015' AND metrics.rmse > 0",
        order_by=["metrics.rmse ASC"],
        output_format="list",
    )
    return runs[0] if runs else None

# %% wrong: a_table_row
# hint: Return a Run object
def best_run(experiment_name):
    found = client.get_experiment_by_name(experiment_name)
    if found is None:
        return None
    table = mlflow.search_runs([found.experiment_id], "attributes.status = 'FINISHED' AND tags.role = 'candidate' AND params.judged_on = '2015'", order_by=["metrics.rmse ASC"])
    return None if table.empty else table.iloc[0]

# %% wrong: sorted_as_text
# hint: compared as text
def best_run(experiment_name):
    found = client.get_experiment_by_name(experiment_name)
    if found is None:
        return None
    runs = client.search_runs([found.experiment_id], "attributes.status = 'FINISHED' AND tags.role = 'candidate' AND params.judged_on = '2015' AND metrics.rmse > 0")
    return min(runs, key=lambda run: str(run.data.metrics["rmse"]), default=None)

# %% wrong: crashes_without_an_experiment
# hint: the answer is None, not an error
def best_run(experiment_name):
    found = client.get_experiment_by_name(experiment_name)
    return client.search_runs([found.experiment_id], "tags.role = 'candidate'", order_by=["metrics.rmse ASC"])[0]

# %% right: filtered_in_python
def best_run(experiment_name):
    found = client.get_experiment_by_name(experiment_name)
    if found is None:
        return None
    best = None
    for run in client.search_runs([found.experiment_id]):
        rmse = run.data.metrics.get("rmse", np.nan)
        if run.info.status != "FINISHED" or run.data.tags.get("role") != "candidate" or run.data.params.get("judged_on") != "2015" or np.isnan(rmse):
            continue
        if best is None or rmse < best.data.metrics["rmse"]:
            best = run
    return best

# %% right: pandas_then_get_run
def best_run(experiment_name):
    if not mlflow.get_experiment_by_name(experiment_name):
        return None
    table = mlflow.search_runs(experiment_names=[experiment_name], filter_string="tags.role = 'candidate' AND params.judged_on = '2015'")
    if table.empty or "metrics.rmse" not in table:
        return None
    table = table[table["status"] == "FINISHED"].dropna(subset=["metrics.rmse"])
    if table.empty:
        return None
    return mlflow.get_run(table.loc[table["metrics.rmse"].idxmin(), "run_id"])

# %% right: fluent_list_with_names
def best_run(experiment_name):
    runs = mlflow.search_runs(
        experiment_names=[experiment_name],
        filter_string="status = 'FINISHED' and tag.role = 'candidate' and param.judged_on = '2015' and metric.rmse < 1e300",
        order_by=["metrics.rmse"],
        output_format="list",
    )
    return next(iter(runs), None)
