# %% wrong: judged_on_the_training_part
# hint: judge it on valid
# hint: which class of trials leaves it on the driver
def make_objective(train, valid):
    rmse = RegressionEvaluator(labelCol="log_price", metricName="rmse")

    def objective(settings):
        settings = {k: int(v) if v == int(v) else v for k, v in settings.items()}
        model = DecisionTreeRegressor(labelCol="log_price", seed=1, **settings).fit(train)
        return {"status": STATUS_OK, "loss": rmse.evaluate(model.transform(train))}

    return objective


def tune_tree(train, valid, max_evals, seed):
    space = {"maxDepth": hp.uniformint("maxDepth", 1, 8), "minInstancesPerNode": hp.uniformint("minInstancesPerNode", 1, 100)}
    trials = SparkTrials(parallelism=2)
    found = fmin(make_objective(train, valid), space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return space_eval(space, found), trials

# %% wrong: trained_on_everything
# hint: not the RMSE on valid of a tree that was trained on train
# hint: tune_tree raises NotImplementedError
def make_objective(train, valid):
    rmse = RegressionEvaluator(labelCol="log_price", metricName="rmse")

    def objective(settings):
        settings = {k: int(v) if v == int(v) else v for k, v in settings.items()}
        model = DecisionTreeRegressor(labelCol="log_price", seed=1, **settings).fit(train.union(valid))
        return {"status": STATUS_OK, "loss": rmse.evaluate(model.transform(valid))}

    return objective


def tune_tree(train, valid, max_evals, seed):
    raise NotImplementedError()

# %% wrong: squared_error
# hint: the loss is its root
# hint: whole numbers, not floats
def make_objective(train, valid):
    rmse = RegressionEvaluator(labelCol="log_price", metricName="mse")

    def objective(settings):
        settings = {k: int(v) if v == int(v) else v for k, v in settings.items()}
        model = DecisionTreeRegressor(labelCol="log_price", seed=1, **settings).fit(train)
        return {"status": STATUS_OK, "loss": rmse.evaluate(model.transform(valid))}

    return objective


def tune_tree(train, valid, max_evals, seed):
    space = {"maxDepth": hp.uniformint("maxDepth", 1, 8), "minInstancesPerNode": hp.uniformint("minInstancesPerNode", 1, 100)}
    trials = Trials()
    found = fmin(make_objective(train, valid), space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return {k: float(v) for k, v in found.items()}, trials

# %% wrong: settings_forgotten
# hint: are the settings handed to the tree
# hint: tune_tree raises NotImplementedError
def make_objective(train, valid):
    rmse = RegressionEvaluator(labelCol="log_price", metricName="rmse")

    def objective(settings):
        settings = {k: int(v) if v == int(v) else v for k, v in settings.items()}
        model = DecisionTreeRegressor(labelCol="log_price", seed=1).fit(train)
        return {"status": STATUS_OK, "loss": rmse.evaluate(model.transform(valid))}

    return objective


def tune_tree(train, valid, max_evals, seed):
    raise NotImplementedError()

# %% wrong: only_the_depth
# hint: are all of the settings handed to the tree
# hint: does not learn from its trials
def make_objective(train, valid):
    rmse = RegressionEvaluator(labelCol="log_price", metricName="rmse")

    def objective(settings):
        settings = {k: int(v) if v == int(v) else v for k, v in settings.items()}
        model = DecisionTreeRegressor(labelCol="log_price", seed=1, maxDepth=settings["maxDepth"]).fit(train)
        return {"status": STATUS_OK, "loss": rmse.evaluate(model.transform(valid))}

    return objective


def tune_tree(train, valid, max_evals, seed):
    space = {"maxDepth": hp.uniformint("maxDepth", 1, 8), "minInstancesPerNode": hp.uniformint("minInstancesPerNode", 1, 100)}
    trials = Trials()
    found = fmin(make_objective(train, valid), space, rand.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return space_eval(space, found), trials

# %% wrong: floats_handed_on
# hint: the objective raises TypeError
# hint: tune_tree raises NotImplementedError
def make_objective(train, valid):
    rmse = RegressionEvaluator(labelCol="log_price", metricName="rmse")

    def objective(settings):
        settings = {**settings, "maxDepth": settings["maxDepth"] if isinstance(settings["maxDepth"], int) else str(settings["maxDepth"])}
        model = DecisionTreeRegressor(labelCol="log_price", seed=1, **settings).fit(train)
        return {"status": STATUS_OK, "loss": rmse.evaluate(model.transform(valid))}

    return objective


def tune_tree(train, valid, max_evals, seed):
    raise NotImplementedError()

# %% wrong: everything_made_whole
# hint: is not a whole number, and must not be made one
# hint: The same seed gives another search
def make_objective(train, valid):
    rmse = RegressionEvaluator(labelCol="log_price", metricName="rmse")

    def objective(settings):
        settings = {k: int(v) for k, v in settings.items()}
        model = DecisionTreeRegressor(labelCol="log_price", seed=1, **settings).fit(train)
        return {"status": STATUS_OK, "loss": rmse.evaluate(model.transform(valid))}

    return objective


def tune_tree(train, valid, max_evals, seed):
    space = {"maxDepth": hp.uniformint("maxDepth", 1, 8), "minInstancesPerNode": hp.uniformint("minInstancesPerNode", 1, 100)}
    trials = Trials()
    found = fmin(make_objective(train, valid), space, tpe.suggest, max_evals, trials=trials, show_progressbar=False)
    return space_eval(space, found), trials

# %% wrong: loss_alone
# hint: returns a dict with the status
def make_objective(train, valid):
    rmse = RegressionEvaluator(labelCol="log_price", metricName="rmse")

    def objective(settings):
        settings = {k: int(v) if v == int(v) else v for k, v in settings.items()}
        model = DecisionTreeRegressor(labelCol="log_price", seed=1, **settings).fit(train)
        return rmse.evaluate(model.transform(valid))

    return objective


def tune_tree(train, valid, max_evals, seed):
    space = {"maxDepth": hp.uniformint("maxDepth", 1, 8), "minInstancesPerNode": hp.uniformint("minInstancesPerNode", 1, 100)}
    trials = Trials()
    found = fmin(make_objective(train, valid), space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return space_eval(space, found), trials

# %% wrong: positions_of_choices
# hint: These are not the settings of the trial with the lowest loss
def make_objective(train, valid):
    rmse = RegressionEvaluator(labelCol="log_price", metricName="rmse")

    def objective(settings):
        settings = {k: int(v) if v == int(v) else v for k, v in settings.items()}
        model = DecisionTreeRegressor(labelCol="log_price", seed=1, **settings).fit(train)
        return {"status": STATUS_OK, "loss": rmse.evaluate(model.transform(valid))}

    return objective


def tune_tree(train, valid, max_evals, seed):
    space = {"maxDepth": hp.choice("maxDepth", list(range(1, 9))), "minInstancesPerNode": hp.choice("minInstancesPerNode", list(range(1, 101)))}
    trials = Trials()
    found = fmin(make_objective(train, valid), space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return {k: max(1, int(v)) for k, v in found.items()}, trials

# %% right: by_sql_and_random_state
def make_objective(train, valid):
    whole = {"maxDepth", "minInstancesPerNode", "maxBins", "seed", "checkpointInterval", "maxMemoryInMB"}

    def objective(settings):
        tree = DecisionTreeRegressor(featuresCol="features", labelCol="log_price", seed=1)
        for name, value in settings.items():
            tree = tree.copy({tree.getParam(name): int(value) if name in whole else float(value)})
        squares = tree.fit(train).transform(valid).select(F.mean((F.col("prediction") - F.col("log_price")) ** 2)).first()[0]
        return {"loss": float(np.sqrt(squares)), "status": STATUS_OK}

    return objective


def tune_tree(train, valid, max_evals, seed):
    space = {"maxDepth": hp.quniform("d", 1, 8, 1), "minInstancesPerNode": hp.quniform("m", 1, 100, 1)}
    trials = Trials()
    best = fmin(make_objective(train, valid), space, algo=tpe.suggest, max_evals=max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False, verbose=False)
    return {name: int(value) for name, value in space_eval(space, best).items()}, trials

# %% right: remember_settings
def make_objective(train, valid):
    def objective(settings):
        kwargs = {k: (int(v) if float(v).is_integer() else float(v)) for k, v in settings.items()}
        predictions = DecisionTreeRegressor(labelCol="log_price", seed=1, **kwargs).fit(train).transform(valid)
        return {"status": "ok", "loss": RegressionEvaluator(labelCol="log_price").evaluate(predictions)}

    return objective


def tune_tree(train, valid, max_evals, seed):
    space = {"maxDepth": hp.uniformint("maxDepth", 1, 8), "minInstancesPerNode": hp.uniformint("minInstancesPerNode", 1, 100)}
    trials = Trials()
    fmin(make_objective(train, valid), space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return space_eval(space, trials.argmin), trials
