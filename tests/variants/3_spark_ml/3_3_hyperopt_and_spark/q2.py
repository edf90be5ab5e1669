# %% wrong: errors_stop_the_search
# hint: stopped the search
def tune_and_log(objective, space, max_evals, seed, run_name):
    def logged(settings):
        try:
            with mlflow.start_run(nested=True):
                mlflow.log_params(settings)
                result = objective(settings)
                if result["status"] != STATUS_OK:
                    raise RuntimeError("the trial failed")
                mlflow.log_metric("loss", result["loss"])
                return result
        except RuntimeError as error:
            return {"status": STATUS_FAIL, "reason": repr(error)}

    trials = Trials()
    with mlflow.start_run(run_name=run_name) as parent:
        found = fmin(logged, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
        best = space_eval(space, found)
        mlflow.log_params({"best_" + k: v for k, v in best.items()})
        mlflow.log_metric("best_loss", trials.best_trial["result"]["loss"])
    return best, parent.info.run_id

# %% wrong: failed_trials_finished
# hint: does not learn from its trials
# hint: should end with the status FAILED
def tune_and_log(objective, space, max_evals, seed, run_name):
    def logged(settings):
        with mlflow.start_run(nested=True):
            mlflow.log_params(settings)
            try:
                result = objective(settings)
            except Exception as error:
                result = {"status": STATUS_FAIL, "reason": repr(error)}
            if result["status"] == STATUS_OK:
                mlflow.log_metric("loss", result["loss"])
            return result

    trials = Trials()
    with mlflow.start_run(run_name=run_name) as parent:
        found = fmin(logged, space, rand.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
        best = space_eval(space, found)
        mlflow.log_params({"best_" + k: v for k, v in best.items()})
        mlflow.log_metric("best_loss", min(l for l in trials.losses() if l is not None))
    return best, parent.info.run_id

# %% wrong: declared_failures_finished
# hint: not the labels of the dials
# hint: whether the objective raised or returned STATUS_FAIL
def tune_and_log(objective, space, max_evals, seed, run_name):
    def logged(settings):
        try:
            with mlflow.start_run(nested=True):
                mlflow.log_params(settings)
                result = objective(settings)
                if result["status"] == STATUS_OK:
                    mlflow.log_metric("loss", result["loss"])
                return result
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": repr(error)}

    trials = Trials()
    with mlflow.start_run(run_name=run_name) as parent:
        found = fmin(logged, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
        best = space_eval(space, found)
        mlflow.log_params({"best_" + k: v for k, v in best.items()})
        mlflow.log_metric("best_loss", trials.best_trial["result"]["loss"])
    return found, parent.info.run_id

# %% wrong: only_successes_logged
# hint: those that failed belong to the trail
# hint: does not have the name
def tune_and_log(objective, space, max_evals, seed, run_name):
    def logged(settings):
        try:
            result = objective(settings)
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": repr(error)}
        if result["status"] == STATUS_OK:
            with mlflow.start_run(nested=True):
                mlflow.log_params(settings)
                mlflow.log_metric("loss", result["loss"])
        return result

    trials = Trials()
    with mlflow.start_run() as parent:
        found = fmin(logged, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
        best = space_eval(space, found)
        mlflow.log_params({"best_" + k: v for k, v in best.items()})
        mlflow.log_metric("best_loss", trials.best_trial["result"]["loss"])
    return best, parent.info.run_id

# %% wrong: no_children
# hint: each trial's run is to be nested under it
# hint: holds the best settings as parameters
def tune_and_log(objective, space, max_evals, seed, run_name):
    def guarded(settings):
        try:
            return objective(settings)
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": repr(error)}

    trials = Trials()
    with mlflow.start_run(run_name=run_name) as parent:
        found = fmin(guarded, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
        best = space_eval(space, found)
        mlflow.log_metric("best_loss", trials.best_trial["result"]["loss"])
    return best, parent.info.run_id

# %% wrong: positions_logged_afterwards
# hint: logged as the position of the option
def tune_and_log(objective, space, max_evals, seed, run_name):
    def guarded(settings):
        try:
            return objective(settings)
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": repr(error)}

    trials = Trials()
    with mlflow.start_run(run_name=run_name) as parent:
        found = fmin(guarded, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
        for trial in trials.trials:
            status = "FINISHED" if trial["result"]["status"] == STATUS_OK else "FAILED"
            mlflow.start_run(nested=True)
            mlflow.log_params({k: trial["misc"]["vals"]["n_trees" if k == "trees" and "n_trees" in trial["misc"]["vals"] else k][0] for k in space})
            if status == "FINISHED":
                mlflow.log_metric("loss", trial["result"]["loss"])
            mlflow.end_run(status)
        best = space_eval(space, found)
        mlflow.log_params({"best_" + k: v for k, v in best.items()})
        mlflow.log_metric("best_loss", trials.best_trial["result"]["loss"])
    return best, parent.info.run_id

# %% wrong: id_of_a_child
# hint: is that of a child
def tune_and_log(objective, space, max_evals, seed, run_name):
    def logged(settings):
        try:
            with mlflow.start_run(nested=True):
                mlflow.log_params(settings)
                last.append(mlflow.active_run().info.run_id)
                result = objective(settings)
                if result["status"] != STATUS_OK:
                    raise RuntimeError("the trial failed")
                mlflow.log_metric("loss", result["loss"])
                return result
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": repr(error)}

    last = []
    trials = Trials()
    with mlflow.start_run(run_name=run_name) as parent:
        found = fmin(logged, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
        best = space_eval(space, found)
        mlflow.log_params({"best_" + k: v for k, v in best.items()})
        mlflow.log_metric("best_loss", trials.best_trial["result"]["loss"])
    return best, last[-1]

# %% wrong: run_left_open
# hint: A run is still open
# hint: should have ended as FINISHED
def tune_and_log(objective, space, max_evals, seed, run_name):
    def logged(settings):
        try:
            with mlflow.start_run(nested=True):
                mlflow.log_params(settings)
                result = objective(settings)
                if result["status"] != STATUS_OK:
                    raise RuntimeError("the trial failed")
                mlflow.log_metric("loss", result["loss"])
                return result
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": repr(error)}

    trials = Trials()
    parent = mlflow.start_run(run_name=run_name)
    if True:
        found = fmin(logged, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
        best = space_eval(space, found)
        mlflow.log_params({"best_" + k: v for k, v in best.items()})
        mlflow.log_metric("best_loss", trials.best_trial["result"]["loss"])
    return best, parent.info.run_id

# %% wrong: draws_in_a_loop
# hint: draws in a loop learn nothing
def tune_and_log(objective, space, max_evals, seed, run_name):
    rng, succeeded = np.random.default_rng(seed), []
    with mlflow.start_run(run_name=run_name) as parent:
        for _ in range(max_evals):
            settings = pyll.stochastic.sample(space, rng=rng)
            mlflow.start_run(nested=True)
            mlflow.log_params(settings)
            try:
                loss = objective(settings)["loss"]
                mlflow.log_metric("loss", loss)
                mlflow.end_run()
                succeeded.append((loss, len(succeeded), settings))
            except Exception:
                mlflow.end_run("FAILED")
        loss, _, best = min(succeeded)
        mlflow.log_params({"best_" + k: v for k, v in best.items()})
        mlflow.log_metric("best_loss", loss)
    return best, parent.info.run_id

# %% right: let_it_pass_through_the_with
def tune_and_log(objective, space, max_evals, seed, run_name):
    def logged(settings):
        try:
            with mlflow.start_run(nested=True):
                mlflow.log_params(settings)
                result = objective(settings)
                if result["status"] != STATUS_OK:
                    raise RuntimeError("the trial failed")
                mlflow.log_metric("loss", result["loss"])
                return result
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": repr(error)}

    trials = Trials()
    with mlflow.start_run(run_name=run_name) as parent:
        found = fmin(logged, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
        best = space_eval(space, found)
        mlflow.log_params({"best_" + k: v for k, v in best.items()})
        mlflow.log_metric("best_loss", trials.best_trial["result"]["loss"])
    return best, parent.info.run_id

# %% right: by_the_client_and_by_tags
def tune_and_log(objective, space, max_evals, seed, run_name):
    client = MlflowClient()
    experiment = mlflow.get_experiment_by_name("/Shared/lab_3_3").experiment_id
    parent = client.create_run(experiment, run_name=run_name).info.run_id
    ok = []

    def logged(settings):
        child = client.create_run(experiment, tags={"mlflow.parentRunId": parent}).info.run_id
        for name, value in settings.items():
            client.log_param(child, name, value)
        try:
            result = objective(settings)
        except Exception as error:
            result = {"status": STATUS_FAIL, "error": str(error)}
        good = result["status"] == STATUS_OK
        if good:
            client.log_metric(child, "loss", float(result["loss"]))
            ok.append((result["loss"], len(ok), settings))
        client.set_terminated(child, "FINISHED" if good else "FAILED")
        return result

    fmin(logged, space, tpe.suggest, max_evals, trials=Trials(), rstate=np.random.default_rng(seed), show_progressbar=False)
    loss, _, best = min(ok)
    for name, value in best.items():
        client.log_param(parent, f"best_{name}", value)
    client.log_metric(parent, "best_loss", float(loss))
    client.set_terminated(parent)
    return best, parent

# %% right: logged_afterwards_from_the_trials
def tune_and_log(objective, space, max_evals, seed, run_name):
    def guarded(settings):
        try:
            return objective(settings)
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": repr(error)}

    trials = Trials()
    with mlflow.start_run(run_name=run_name) as parent:
        best = space_eval(space, fmin(guarded, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False))
        for trial in trials.trials:
            mlflow.start_run(nested=True)
            mlflow.log_params(space_eval(space, {k: v[0] for k, v in trial["misc"]["vals"].items() if v}))
            if trial["result"]["status"] == STATUS_OK:
                mlflow.log_metric("loss", trial["result"]["loss"])
                mlflow.end_run()
            else:
                mlflow.end_run("FAILED")
        mlflow.log_params({f"best_{k}": v for k, v in best.items()})
        mlflow.log_metric("best_loss", trials.best_trial["result"]["loss"])
    return best, parent.info.run_id
