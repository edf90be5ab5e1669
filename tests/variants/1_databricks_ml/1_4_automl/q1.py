# %% wrong: everything_is_allowed
# hint: that is the answer, not a clue
def search(flights):
    return automl.classify(flights, target_col="late", primary_metric="roc_auc", time_col="time_hour", max_trials=3)

# %% wrong: only_the_label_is_a_leak
# hint: nobody knows that yet
def search(flights):
    return automl.classify(flights, target_col="late", primary_metric="roc_auc", exclude_cols=["arr_delay"], time_col="time_hour", max_trials=3)

# %% wrong: schedule_thrown_out_too
# hint: is known the evening before
def search(flights):
    times = [c for c in flights.columns if "dep" in c or "arr_" in c or c == "air_time"]
    return automl.classify(flights, target_col="late", primary_metric="roc_auc", exclude_cols=times, time_col="time_hour", max_trials=3)

# %% wrong: default_metric
# hint: the desk wants ROC AUC
def search(flights):
    after = ["dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"]
    return automl.classify(flights, target_col="late", exclude_cols=after, time_col="time_hour", max_trials=3)

# %% wrong: random_split
# hint: split at random
def search(flights):
    after = ["dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"]
    return automl.classify(flights, target_col="late", primary_metric="roc_auc", exclude_cols=after, max_trials=3)

# %% wrong: no_budget
# hint: Three trials at most
def search(flights):
    after = ["dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"]
    return automl.classify(flights, target_col="late", primary_metric="roc_auc", exclude_cols=after, time_col="time_hour", max_trials=4)

# %% wrong: an_old_experiment
# hint: The model should predict late
def search(flights):
    return first

# %% right: columns_dropped_before
def search(flights):
    known = flights.drop(columns=["dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"])
    return automl.classify(dataset=known, target_col="late", primary_metric="roc_auc", time_col="time_hour", max_trials=2, timeout_minutes=5)

# %% right: split_column
def search(flights):
    known = flights.drop(columns=["dep_time", "dep_delay", "arr_time", "arr_delay", "air_time", "year"]).sort_values("time_hour", ignore_index=True)
    share = known.index / len(known)
    known["part"] = ["train" if s < 0.6 else "validate" if s < 0.8 else "test" for s in share]
    return automl.classify(known, target_col="late", primary_metric="roc_auc", split_col="part", exclude_frameworks=["lightgbm", "xgboost"], max_trials=1)

# %% wrong: searched_once_and_for_all
# hint: other rows than those that were passed
found = automl.classify(
    flights.drop(columns=["dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"]), target_col="late", primary_metric="roc_auc", time_col="time_hour", max_trials=1
)


def search(flights):
    return found

# %% wrong: an_experiment_without_an_answer
# hint: Return the summary
def search(flights):
    return None

# %% right: aircraft_not_counted_on
def search(flights):
    unknown = ["dep_time", "dep_delay", "arr_time", "arr_delay", "air_time", "tailnum"]
    return automl.classify(flights, target_col="late", primary_metric="roc_auc", exclude_cols=unknown, time_col="time_hour", max_trials=1)
