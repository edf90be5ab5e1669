# %% wrong: positions_of_choices
# hint: These are the labels of the dials
def tune(objective, space, max_evals, seed):
    trials = Trials()
    best = fmin(objective, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return best, trials

# %% wrong: raises_when_all_fail
# hint: best should be None instead
def tune(objective, space, max_evals, seed):
    trials = Trials()
    best = fmin(objective, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    return space_eval(space, best), trials

# %% wrong: random_search
# hint: as if nothing had been learnt
def tune(objective, space, max_evals, seed):
    trials = Trials()
    try:
        fmin(objective, space, rand.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    except AllTrialsFailed:
        return None, trials
    return space_eval(space, trials.argmin), trials

# %% wrong: no_seed
# hint: The same seed gives another search
def tune(objective, space, max_evals, seed):
    trials = Trials()
    try:
        fmin(objective, space, tpe.suggest, max_evals, trials=trials, show_progressbar=False)
    except AllTrialsFailed:
        return None, trials
    return space_eval(space, trials.argmin), trials

# %% wrong: constant_seed
# hint: Another seed should give another search
def tune(objective, space, max_evals, seed):
    trials = Trials()
    try:
        fmin(objective, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(42), show_progressbar=False)
    except AllTrialsFailed:
        return None, trials
    return space_eval(space, trials.argmin), trials

# %% wrong: values_of_the_trial_as_they_are_stored
# hint: These are the labels of the dials
def tune(objective, space, max_evals, seed):
    trials = Trials()
    try:
        fmin(objective, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    except AllTrialsFailed:
        return None, trials
    return {k: v[0] for k, v in trials.best_trial["misc"]["vals"].items() if v}, trials

# %% wrong: last_trial_wins
# hint: not the settings of the trial with the lowest loss
def tune(objective, space, max_evals, seed):
    trials = Trials()
    try:
        fmin(objective, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    except AllTrialsFailed:
        return None, trials
    ok = [t for t in trials.trials if t["result"]["status"] == STATUS_OK]
    if not ok:
        return None, trials
    return space_eval(space, {k: v[0] for k, v in ok[-1]["misc"]["vals"].items() if v}), trials

# %% wrong: highest_loss_wins
# hint: the lowest loss wins
def tune(objective, space, max_evals, seed):
    trials = Trials()
    try:
        fmin(objective, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    except AllTrialsFailed:
        return None, trials
    ok = [t for t in trials.trials if t["result"]["status"] == STATUS_OK]
    if not ok:
        return None, trials
    worst = max(ok, key=lambda t: t["result"]["loss"])
    return space_eval(space, {k: v[0] for k, v in worst["misc"]["vals"].items() if v}), trials

# %% wrong: only_the_loss
# hint: have the form of the space
def tune(objective, space, max_evals, seed):
    trials = Trials()
    try:
        fmin(objective, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    except AllTrialsFailed:
        return None, trials
    return trials.best_trial["result"], trials

# %% wrong: one_trial_too_many
# hint: called exactly max_evals times
def tune(objective, space, max_evals, seed):
    trials = Trials()
    try:
        fmin(objective, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    except AllTrialsFailed:
        return None, trials
    best = space_eval(space, trials.argmin)
    objective(best)
    return best, trials

# %% wrong: a_best_of_zero_is_false
# hint: so there is a best one
def tune(objective, space, max_evals, seed):
    trials = Trials()
    try:
        fmin(objective, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    except AllTrialsFailed:
        return None, trials
    best = space_eval(space, trials.argmin)
    return (best if isinstance(best, dict) else None), trials

# %% right: fewer_random_trials_at_first
from functools import partial


def tune(objective, space, max_evals, seed):
    trials = Trials()
    try:
        best = fmin(fn=objective, space=space, algo=partial(tpe.suggest, n_startup_jobs=10), max_evals=max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    except AllTrialsFailed:
        return None, trials
    return space_eval(space, best), trials

# %% right: remember_what_was_received
def tune(objective, space, max_evals, seed):
    received = []

    def remembering(settings):
        result = objective(settings)
        if result["status"] == STATUS_OK:
            received.append((result["loss"], settings))
        return result

    trials = Trials()
    try:
        fmin(remembering, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False)
    except AllTrialsFailed:
        return None, trials
    return (min(received, key=lambda pair: pair[0])[1] if received else None), trials

# %% right: best_trial_through_space_eval
def tune(objective, space, max_evals, seed):
    trials = Trials()
    try:
        fmin(objective, space, tpe.suggest, max_evals, trials=trials, rstate=np.random.default_rng(seed), show_progressbar=False, verbose=False)
    except AllTrialsFailed:
        return None, trials
    good = [t for t in trials if t["result"]["status"] == STATUS_OK]
    if len(good) == 0:
        return (None, trials)
    winner = min(good, key=lambda t: t["result"]["loss"])
    return (space_eval(space, {name: values[0] for name, values in winner["misc"]["vals"].items() if len(values)}), trials)
