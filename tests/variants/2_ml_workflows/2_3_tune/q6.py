# %% wrong: plain_trials
# hint: should run on Spark's workers
def tune_in_parallel(objective, space, max_evals, parallelism, seed):
    trials = Trials()
    best = fmin(objective, space, rand.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return space_eval(space, best), trials, max_evals - trials.statuses().count(STATUS_OK)

# %% wrong: labels_and_positions
# hint: not the labels of the dials
def tune_in_parallel(objective, space, max_evals, parallelism, seed):
    trials = SparkTrials(parallelism=parallelism)
    best = fmin(objective, space, rand.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return best, trials, max_evals - trials.statuses().count(STATUS_OK)

# %% wrong: only_those_in_the_list
# hint: no longer in the list
def tune_in_parallel(objective, space, max_evals, parallelism, seed):
    trials = SparkTrials(parallelism=parallelism)
    best = fmin(objective, space, rand.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return space_eval(space, best), trials, trials.statuses().count(STATUS_FAIL)

# %% wrong: only_those_that_raised
# hint: those that returned STATUS_FAIL have failed too
def tune_in_parallel(objective, space, max_evals, parallelism, seed):
    trials = SparkTrials(parallelism=parallelism)
    best = fmin(objective, space, rand.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return space_eval(space, best), trials, trials.count_failed_trials()

# %% wrong: not_one_noticed
# hint: none of them was noticed
def tune_in_parallel(objective, space, max_evals, parallelism, seed):
    trials = SparkTrials(parallelism=parallelism)
    best = fmin(objective, space, rand.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return space_eval(space, best), trials, len([t for t in trials.trials if t["state"] == 3])

# %% wrong: parallelism_not_handed_on
# hint: not the one that was asked for
def tune_in_parallel(objective, space, max_evals, parallelism, seed):
    trials = SparkTrials()
    best = fmin(objective, space, rand.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False, max_queue_len=parallelism)
    return space_eval(space, best), trials, max_evals - trials.statuses().count(STATUS_OK)

# %% right: guarded_on_the_workers
def tune_in_parallel(objective, space, max_evals, parallelism, seed):
    def guarded(settings):
        try:
            return objective(settings)
        except Exception as error:
            return {"status": "fail", "reason": repr(error)}

    trials = SparkTrials(parallelism=parallelism, spark_session=spark)
    best = fmin(guarded, space, rand.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return space_eval(space, best), trials, trials.statuses().count(STATUS_FAIL)

# %% right: raised_plus_declared
def tune_in_parallel(objective, space, max_evals, parallelism, seed):
    trials = SparkTrials(parallelism=parallelism)
    fmin(fn=objective, space=space, algo=rand.suggest, max_evals=max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False, max_queue_len=max_evals)
    declared = sum(r["status"] == STATUS_FAIL for r in trials.results)
    return space_eval(space, trials.argmin), trials, trials.count_failed_trials() + declared

# %% wrong: tpe_in_place_of_random
# hint: search that learns from its results
def tune_in_parallel(objective, space, max_evals, parallelism, seed):
    trials = SparkTrials(parallelism=parallelism)
    found = fmin(objective, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return space_eval(space, found), trials, max_evals - trials.statuses().count(STATUS_OK)

# %% wrong: guarded_and_not_on_spark
# hint: should run on Spark's workers
# hint: where some of them vanish
def tune_in_parallel(objective, space, max_evals, parallelism, seed):
    def safe(settings):
        try:
            return objective(settings)
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": repr(error)}

    trials = Trials()
    found = fmin(safe, space, rand.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return space_eval(space, found), trials, trials.statuses().count(STATUS_FAIL)
