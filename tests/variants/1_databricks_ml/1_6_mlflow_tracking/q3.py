# %% wrong: runs_beside_each_other
# hint: The runs of the depths have no parent
# hint: The depths after a failed one are missing
def run_search(name, depths, score):
    results = {}
    for depth in depths:
        try:
            with mlflow.start_run(run_name=f"depth {depth}"):
                mlflow.log_param("max_depth", depth)
                results[depth] = score(depth)
                mlflow.log_metric("rmse", results[depth])
        except ValueError:
            pass
    with mlflow.start_run(run_name=name) as parent:
        if results:
            best = min(results, key=results.get)
            mlflow.log_param("best_max_depth", best)
            mlflow.log_metric("best_rmse", results[best])
    return parent.info.run_id

# %% wrong: try_inside_the_child
# hint: did its block ever see the error
def run_search(name, depths, score):
    results = {}
    with mlflow.start_run(run_name=name) as parent:
        for depth in depths:
            with mlflow.start_run(run_name=f"depth {depth}", nested=True):
                mlflow.log_param("max_depth", depth)
                try:
                    results[depth] = score(depth)
                    mlflow.log_metric("rmse", results[depth])
                except ValueError:
                    pass
        if results:
            best = min(results, key=results.get)
            mlflow.log_param("best_max_depth", best)
            mlflow.log_metric("best_rmse", results[best])
    return parent.info.run_id

# %% wrong: no_try
# hint: ended the whole search
def run_search(name, depths, score):
    results = {}
    with mlflow.start_run(run_name=name) as parent:
        for depth in depths:
            with mlflow.start_run(run_name=f"depth {depth}", nested=True):
                mlflow.log_param("max_depth", depth)
                results[depth] = score(depth)
                mlflow.log_metric("rmse", results[depth])
        best = min(results, key=results.get)
        mlflow.log_param("best_max_depth", best)
        mlflow.log_metric("best_rmse", results[best])
    return parent.info.run_id

# %% wrong: largest_is_best
# hint: the largest error of all
def run_search(name, depths, score):
    results = {}
    with mlflow.start_run(run_name=name) as parent:
        for depth in depths:
            try:
                with mlflow.start_run(run_name=f"depth {depth}", nested=True):
                    mlflow.log_param("max_depth", depth)
                    results[depth] = score(depth)
                    mlflow.log_metric("rmse", results[depth])
            except ValueError:
                pass
        if results:
            best = max(results, key=results.get)
            mlflow.log_param("best_max_depth", best)
            mlflow.log_metric("best_rmse", results[best])
    return parent.info.run_id

# %% wrong: parent_repeats_rmse
# hint: The parent has a metric rmse too
# hint: best_rmse
def run_search(name, depths, score):
    results = {}
    with mlflow.start_run(run_name=name) as parent:
        for depth in depths:
            try:
                with mlflow.start_run(run_name=f"depth {depth}", nested=True):
                    mlflow.log_param("max_depth", depth)
                    results[depth] = score(depth)
                    mlflow.log_metric("rmse", results[depth])
            except ValueError:
                pass
        if results:
            best = min(results, key=results.get)
            mlflow.log_param("best_max_depth", best)
            mlflow.log_metric("rmse", results[best])
    return parent.info.run_id

# %% wrong: infinite_score_for_failures
# hint: an invented number
def run_search(name, depths, score):
    results = {}
    with mlflow.start_run(run_name=name) as parent:
        for depth in depths:
            with mlflow.start_run(run_name=f"depth {depth}", nested=True) as child:
                mlflow.log_param("max_depth", depth)
                try:
                    results[depth] = score(depth)
                    mlflow.log_metric("rmse", results[depth])
                except ValueError:
                    mlflow.log_metric("rmse", 1e12)
                    mlflow.end_run("FAILED")
        if results:
            best = min(results, key=results.get)
            mlflow.log_param("best_max_depth", best)
            mlflow.log_metric("best_rmse", results[best])
    return parent.info.run_id

# %% wrong: scores_first_logs_later
# hint: score should run while its child is open
# hint: its child should stay in the search
def run_search(name, depths, score):
    results = {}
    for depth in depths:
        try:
            results[depth] = score(depth)
        except ValueError:
            continue
    with mlflow.start_run(run_name=name) as parent:
        for depth, value in results.items():
            with mlflow.start_run(run_name=f"depth {depth}", nested=True):
                mlflow.log_param("max_depth", depth)
                mlflow.log_metric("rmse", value)
        if results:
            best = min(results, key=results.get)
            mlflow.log_param("best_max_depth", best)
            mlflow.log_metric("best_rmse", results[best])
    return parent.info.run_id

# %% wrong: scored_twice
# hint: score should be called once per depth
def run_search(name, depths, score):
    with mlflow.start_run(run_name=name) as parent:
        for depth in depths:
            try:
                with mlflow.start_run(run_name=f"depth {depth}", nested=True):
                    mlflow.log_param("max_depth", depth)
                    mlflow.log_metric("rmse", score(depth))
            except ValueError:
                pass
        results = {}
        for depth in depths:
            try:
                results[depth] = score(depth)
            except ValueError:
                pass
        if results:
            best = min(results, key=results.get)
            mlflow.log_param("best_max_depth", best)
            mlflow.log_metric("best_rmse", results[best])
    return parent.info.run_id

# %% wrong: chain_of_children
# hint: Every depth should be a child of the search itself
# hint: ended the whole search
def run_search(name, depths, score):
    results = {}
    with mlflow.start_run(run_name=name) as parent:
        for depth in depths:
            mlflow.start_run(run_name=f"depth {depth}", nested=True)
            mlflow.log_param("max_depth", depth)
            results[depth] = score(depth)
            mlflow.log_metric("rmse", results[depth])
        for _ in depths:
            mlflow.end_run()
        best = min(results, key=results.get)
        mlflow.log_param("best_max_depth", best)
        mlflow.log_metric("best_rmse", results[best])
    return parent.info.run_id

# %% wrong: crashes_when_all_fail
# hint: what is the smallest of no scores
def run_search(name, depths, score):
    results = {}
    with mlflow.start_run(run_name=name) as parent:
        for depth in depths:
            try:
                with mlflow.start_run(run_name=f"depth {depth}", nested=True):
                    mlflow.log_param("max_depth", depth)
                    results[depth] = score(depth)
                    mlflow.log_metric("rmse", results[depth])
            except ValueError:
                pass
        mlflow.log_metric("best_rmse", min(results.values()))
        mlflow.log_param("best_max_depth", min(results, key=results.get))
    return parent.info.run_id

# %% right: client_with_parent_tag
def run_search(name, depths, score):
    experiment_id = mlflow.tracking.fluent._get_experiment_id()
    parent = client.create_run(experiment_id, run_name=name).info.run_id
    best = None
    for depth in depths:
        child = client.create_run(experiment_id, run_name=f"depth {depth}", tags={"mlflow.parentRunId": parent}).info.run_id
        client.log_param(child, "max_depth", depth)
        try:
            with mlflow.start_run(run_id=child):
                rmse = score(depth)
                mlflow.log_metric("rmse", rmse)
        except ValueError:
            continue
        if best is None or rmse < best[0]:
            best = (rmse, depth)
    if best:
        client.log_metric(parent, "best_rmse", best[0])
        client.log_param(parent, "best_max_depth", best[1])
    client.set_terminated(parent)
    return parent

# %% right: experiment_of_the_setup_cell
def run_search(name, depths, score):
    parent = client.create_run(experiment.experiment_id, run_name=name).info.run_id
    results = {}
    for depth in depths:
        with mlflow.start_run(run_name=f"depth {depth}", tags={"mlflow.parentRunId": parent}):
            mlflow.log_param("max_depth", depth)
            try:
                results[depth] = score(depth)
            except ValueError:
                mlflow.end_run("FAILED")
                continue
            mlflow.log_metric("rmse", results[depth])
    if results:
        best = min(results, key=results.get)
        client.log_metric(parent, "best_rmse", results[best])
        client.log_param(parent, "best_max_depth", best)
    client.set_terminated(parent)
    return parent

# %% right: explicit_end_run
def run_search(name, depths, score):
    parent = mlflow.start_run(run_name=name)
    pairs = []
    for depth in depths:
        mlflow.start_run(run_name="depth " + str(depth), nested=True)
        mlflow.log_params({"max_depth": depth})
        try:
            value = score(depth)
        except ValueError as problem:
            mlflow.set_tag("problem", str(problem))
            mlflow.end_run(status="FAILED")
        else:
            mlflow.log_metrics({"rmse": value})
            pairs.append((value, depth))
            mlflow.end_run()
    if pairs:
        value, depth = min(pairs)
        mlflow.log_metric("best_rmse", value)
        mlflow.log_param("best_max_depth", depth)
    mlflow.end_run()
    return parent.info.run_id

# %% right: asks_its_children
def run_search(name, depths, score):
    with mlflow.start_run(run_name=name) as parent:
        for depth in depths:
            try:
                with mlflow.start_run(run_name=f"depth {depth}", nested=True, tags={"role": "candidate"}):
                    mlflow.log_param("max_depth", depth)
                    mlflow.log_metric("rmse", score(depth))
            except ValueError:
                pass
        found = client.search_runs(
            [parent.info.experiment_id],
            f"tags.mlflow.parentRunId = '{parent.info.run_id}' AND metrics.rmse > 0",
            order_by=["metrics.rmse ASC"],
            max_results=1,
        )
        for best in found:
            mlflow.log_param("best_max_depth", best.data.params["max_depth"])
            mlflow.log_metric("best_rmse", best.data.metrics["rmse"])
    return parent.info.run_id

# %% right: nothing_but_the_client
def run_search(name, depths, score):
    here = client.get_experiment_by_name(mlflow.get_experiment(mlflow.tracking.fluent._get_experiment_id()).name).experiment_id
    parent, best = client.create_run(here, run_name=name).info.run_id, {}
    for depth in depths:
        child = client.create_run(here, run_name=f"depth {depth}", tags={"mlflow.parentRunId": parent}).info.run_id
        client.log_param(child, "max_depth", depth)
        try:
            best[depth] = score(depth)
            client.log_metric(child, "rmse", best[depth])
            client.set_terminated(child)
        except ValueError:
            client.set_terminated(child, "FAILED")
    for depth in [d for d in best if best[d] == min(best.values())][:1]:
        client.log_param(parent, "best_max_depth", depth)
        client.log_metric(parent, "best_rmse", best[depth])
    client.set_terminated(parent)
    return parent
