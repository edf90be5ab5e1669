# %% wrong: no_steps
# hint: without a step there is no curve
def log_training(run_name, params, losses, errors):
    with mlflow.start_run(run_name=run_name) as run:
        mlflow.log_params(params)
        for loss in losses:
            mlflow.log_metric("rmse", loss)
        mlflow.log_metrics({"best_rmse": min(losses), "best_epoch": int(np.argmin(losses)) + 1})
        errors.to_csv("errors.csv", index=False)
        mlflow.log_artifact("errors.csv")
        figure, axes = plt.subplots()
        axes.plot(losses)
        mlflow.log_figure(figure, "learning_curve.png")
        plt.close(figure)
    return run.info.run_id

# %% wrong: steps_from_zero
# hint: the steps start one too early
def log_training(run_name, params, losses, errors):
    figure, axes = plt.subplots()
    axes.plot(losses)
    plt.close(figure)
    with mlflow.start_run(run_name=run_name) as run:
        mlflow.log_params(params)
        for step, loss in enumerate(losses):
            mlflow.log_metric("rmse", loss, step=step)
        mlflow.log_metrics({"best_rmse": min(losses), "best_epoch": losses.index(min(losses)) + 1})
        mlflow.log_text(errors.to_csv(index=False), "errors.csv")
        mlflow.log_figure(figure, "learning_curve.png")
    return run.info.run_id

# %% wrong: best_is_the_last
# hint: the last loss, not the best one
def log_training(run_name, params, losses, errors):
    figure, axes = plt.subplots()
    axes.plot(losses)
    plt.close(figure)
    with mlflow.start_run(run_name=run_name) as run:
        mlflow.log_params(params)
        for step, loss in enumerate(losses, 1):
            mlflow.log_metric("rmse", loss, step=step)
        mlflow.log_metrics({"best_rmse": losses[-1], "best_epoch": len(losses)})
        mlflow.log_text(errors.to_csv(index=False), "errors.csv")
        mlflow.log_figure(figure, "learning_curve.png")
    return run.info.run_id

# %% wrong: position_for_epoch
# hint: Epochs are counted from 1
def log_training(run_name, params, losses, errors):
    figure, axes = plt.subplots()
    axes.plot(losses)
    plt.close(figure)
    with mlflow.start_run(run_name=run_name) as run:
        mlflow.log_params(params)
        for step, loss in enumerate(losses, 1):
            mlflow.log_metric("rmse", loss, step=step)
        mlflow.log_metrics({"best_rmse": min(losses), "best_epoch": losses.index(min(losses))})
        mlflow.log_text(errors.to_csv(index=False), "errors.csv")
        mlflow.log_figure(figure, "learning_curve.png")
    return run.info.run_id

# %% wrong: last_of_equals
# hint: take the first
def log_training(run_name, params, losses, errors):
    figure, axes = plt.subplots()
    axes.plot(losses)
    plt.close(figure)
    best = min(range(1, len(losses) + 1), key=lambda epoch: (losses[epoch - 1], -epoch))
    with mlflow.start_run(run_name=run_name) as run:
        mlflow.log_params(params)
        for step, loss in enumerate(losses, 1):
            mlflow.log_metric("rmse", loss, step=step)
        mlflow.log_metrics({"best_rmse": min(losses), "best_epoch": best})
        mlflow.log_text(errors.to_csv(index=False), "errors.csv")
        mlflow.log_figure(figure, "learning_curve.png")
    return run.info.run_id

# %% wrong: run_left_open
# hint: A run is still open
def log_training(run_name, params, losses, errors):
    mlflow.end_run()
    run = mlflow.start_run(run_name=run_name)
    mlflow.log_params(params)
    for step, loss in enumerate(losses, 1):
        mlflow.log_metric("rmse", loss, step=step)
    mlflow.log_metrics({"best_rmse": min(losses), "best_epoch": losses.index(min(losses)) + 1})
    return run.info.run_id

# %% wrong: settings_as_tags_and_index_in_file
# hint: a tag can be changed afterwards
# hint: The index got into errors.csv
def log_training(run_name, params, losses, errors):
    figure, axes = plt.subplots()
    axes.plot(losses)
    plt.close(figure)
    with mlflow.start_run(run_name=run_name) as run:
        mlflow.set_tags(params)
        for step, loss in enumerate(losses, 1):
            mlflow.log_metric("rmse", loss, step=step)
        mlflow.log_metrics({"best_rmse": min(losses), "best_epoch": losses.index(min(losses)) + 1})
        errors.to_csv("errors.csv")
        mlflow.log_artifact("errors.csv")
        mlflow.log_figure(figure, "learning_curve.png")
    return run.info.run_id

# %% wrong: best_as_parameters_and_files_on_disk
# hint: should be metrics, so that runs can be sorted
# hint: A file on your disk is not in the run
def log_training(run_name, params, losses, errors):
    with mlflow.start_run(run_name=run_name) as run:
        mlflow.log_params(params)
        mlflow.log_params({"best_rmse": min(losses), "best_epoch": losses.index(min(losses)) + 1})
        for step, loss in enumerate(losses, 1):
            mlflow.log_metric("rmse", loss, step=step)
        errors.to_csv("errors.csv", index=False)
        figure, axes = plt.subplots()
        axes.plot(losses)
        figure.savefig("learning_curve.png")
        plt.close(figure)
    return run.info.run_id

# %% wrong: a_run_per_epoch
# hint: One call should make one run
def log_training(run_name, params, losses, errors):
    for epoch, loss in enumerate(losses, 1):
        with mlflow.start_run(run_name=run_name) as run:
            mlflow.log_params(params)
            mlflow.log_metric("rmse", loss, step=epoch)
            mlflow.log_metrics({"best_rmse": min(losses), "best_epoch": losses.index(min(losses)) + 1})
    return run.info.run_id

# %% wrong: empty_picture
# hint: got the same picture
def log_training(run_name, params, losses, errors):
    with mlflow.start_run(run_name=run_name) as run:
        mlflow.log_params(params)
        for step, loss in enumerate(losses, 1):
            mlflow.log_metric("rmse", loss, step=step)
        mlflow.log_metrics({"best_rmse": min(losses), "best_epoch": losses.index(min(losses)) + 1})
        mlflow.log_text(errors.to_csv(index=False), "errors.csv")
        plt.plot(losses)
        plt.close()
        mlflow.log_figure(plt.figure(), "learning_curve.png")
        plt.close()
    return run.info.run_id

# %% wrong: returns_the_run
# hint: Return the id of the run, a string
def log_training(run_name, params, losses, errors):
    with mlflow.start_run(run_name=run_name) as run:
        mlflow.log_params(params)
    return run

# %% right: client_only
def log_training(run_name, params, losses, errors):
    run_id = client.create_run(mlflow.set_experiment(experiment_id=mlflow.tracking.fluent._get_experiment_id()).experiment_id, run_name=run_name).info.run_id
    for key, value in params.items():
        client.log_param(run_id, key, value)
    for epoch, loss in enumerate(losses, start=1):
        client.log_metric(run_id, "rmse", loss, step=epoch)
    best = min(enumerate(losses, start=1), key=lambda pair: pair[1])
    client.log_metric(run_id, "best_epoch", best[0])
    client.log_metric(run_id, "best_rmse", best[1])
    client.log_text(run_id, errors.to_csv(index=False), "errors.csv")
    figure = plt.figure()
    plt.plot(losses)
    client.log_figure(run_id, figure, "learning_curve.png")
    plt.close(figure)
    client.set_terminated(run_id)
    return run_id

# %% right: experiment_of_the_setup_cell
def log_training(run_name, params, losses, errors):
    run_id = client.create_run(experiment.experiment_id, run_name=run_name).info.run_id
    for key, value in params.items():
        client.log_param(run_id, key, value)
    curve = pd.Series(losses, index=range(1, len(losses) + 1), dtype="float64")
    for epoch, loss in curve.items():
        client.log_metric(run_id, "rmse", loss, step=epoch)
    client.log_metric(run_id, "best_rmse", curve.min())
    client.log_metric(run_id, "best_epoch", curve.idxmin())
    client.log_text(run_id, errors.to_csv(index=False), "errors.csv")
    figure, axes = plt.subplots()
    curve.plot(ax=axes)
    client.log_figure(run_id, figure, "learning_curve.png")
    plt.close(figure)
    client.set_terminated(run_id)
    return run_id

# %% right: files_and_log_artifact
def log_training(run_name, params, losses, errors):
    curve = pd.Series(losses, index=range(1, len(losses) + 1))
    with mlflow.start_run(run_name=run_name):
        for key in params:
            mlflow.log_param(key, params[key])
        for epoch, loss in curve.items():
            mlflow.log_metrics({"rmse": loss}, step=epoch)
        mlflow.log_metric("best_rmse", curve.min())
        mlflow.log_metric("best_epoch", curve.idxmin())
        errors.to_csv("errors.csv", index=False)
        ax = curve.plot()
        ax.figure.savefig("learning_curve.png")
        plt.close(ax.figure)
        for file in ("errors.csv", "learning_curve.png"):
            mlflow.log_artifact(file)
        return mlflow.active_run().info.run_id

# %% right: dots_in_a_picture
def log_training(run_name, params, losses, errors):
    run = mlflow.start_run(run_name=run_name)
    try:
        mlflow.log_params(params)
        best, best_epoch = float("inf"), None
        for i in range(len(losses)):
            mlflow.log_metric("rmse", losses[i], i + 1)
            if losses[i] < best:
                best, best_epoch = losses[i], i + 1
        mlflow.log_metric("best_rmse", best)
        mlflow.log_metric("best_epoch", best_epoch)
        mlflow.log_text(errors.to_csv(index=None), artifact_file="errors.csv")
        fig, ax = plt.subplots(figsize=(4, 3))
        ax.scatter(range(1, len(losses) + 1), losses)
        ax.set_title("loss")
        mlflow.log_figure(fig, "learning_curve.png")
    finally:
        mlflow.end_run()
        plt.close("all")
    return run.info.run_id
