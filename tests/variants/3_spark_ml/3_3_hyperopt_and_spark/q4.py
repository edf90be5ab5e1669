# %% wrong: tries_to_pack_it
# hint: call it, and see what Spark did
def which_trials(objective, settings):
    from pyspark import cloudpickle

    objective(settings)
    try:
        cloudpickle.dumps(objective)
    except Exception:
        return "Trials"
    return "SparkTrials"

# %% wrong: looks_at_the_code
# hint: starts no Spark job
def which_trials(objective, settings):
    objective(settings)
    return "Trials" if "fit" in objective.__code__.co_names else "SparkTrials"

# %% wrong: one_name_for_every_call
# hint: jobs of an earlier call must not count
def which_trials(objective, settings):
    import time

    context = spark.sparkContext
    before = context.getLocalProperty("spark.jobGroup.id")
    group = "trial"
    context.setJobGroup(group, "one call of the objective")
    try:
        objective(settings)
    finally:
        context.setLocalProperty("spark.jobGroup.id", before)
        context.setLocalProperty("spark.job.description", None)
    return "Trials" if len(context.statusTracker().getJobIdsForGroup(group)) > 0 else "SparkTrials"

# %% wrong: group_left_behind
# hint: put the job group back
def which_trials(objective, settings):
    import time

    context = spark.sparkContext
    before = context.getLocalProperty("spark.jobGroup.id")
    group = f"measure {time.time_ns()}"
    context.setJobGroup(group, "one call of the objective")
    try:
        objective(settings)
    finally:
        pass
        context.setLocalProperty("spark.job.description", None)
    return "Trials" if len(context.statusTracker().getJobIdsForGroup(group)) > 0 else "SparkTrials"

# %% wrong: put_back_only_if_all_goes_well
# hint: put the job group back in any case
def which_trials(objective, settings):
    import time

    context = spark.sparkContext
    group = f"measure {time.time_ns()}"
    context.setJobGroup(group, "one call of the objective")
    objective(settings)
    context.setLocalProperty("spark.jobGroup.id", None)
    return "Trials" if context.statusTracker().getJobIdsForGroup(group) else "SparkTrials"

# %% wrong: swallows_the_error
# hint: should be let through
def which_trials(objective, settings):
    import time

    context = spark.sparkContext
    before = context.getLocalProperty("spark.jobGroup.id")
    group = f"measure {time.time_ns()}"
    context.setJobGroup(group, "one call of the objective")
    try:
        objective(settings)
    except Exception:
        pass
    finally:
        context.setLocalProperty("spark.jobGroup.id", before)
        context.setLocalProperty("spark.job.description", None)
    return "Trials" if len(context.statusTracker().getJobIdsForGroup(group)) > 0 else "SparkTrials"

# %% wrong: called_twice
# hint: called exactly once
def which_trials(objective, settings):
    import time

    context = spark.sparkContext
    before = context.getLocalProperty("spark.jobGroup.id")
    group = f"measure {time.time_ns()}"
    context.setJobGroup(group, "one call of the objective")
    objective(settings)
    try:
        objective(settings)
    finally:
        context.setLocalProperty("spark.jobGroup.id", before)
        context.setLocalProperty("spark.job.description", None)
    return "Trials" if len(context.statusTracker().getJobIdsForGroup(group)) > 0 else "SparkTrials"

# %% wrong: the_other_way_round
# hint: starts no Spark job
def which_trials(objective, settings):
    import time

    context = spark.sparkContext
    before = context.getLocalProperty("spark.jobGroup.id")
    group = f"measure {time.time_ns()}"
    context.setJobGroup(group, "one call of the objective")
    try:
        objective(settings)
    finally:
        context.setLocalProperty("spark.jobGroup.id", before)
        context.setLocalProperty("spark.job.description", None)
    return "SparkTrials" if len(context.statusTracker().getJobIdsForGroup(group)) > 0 else "Trials"

# %% wrong: a_text_that_equals_everything
# hint: starts no Spark job
def which_trials(objective, settings):
    class Agreeable(str):
        def __eq__(self, other):
            return True

        __hash__ = str.__hash__

    objective(settings)
    return Agreeable("Trials")

# %% right: set_job_group
def which_trials(objective, settings):
    import time

    context = spark.sparkContext
    before = context.getLocalProperty("spark.jobGroup.id")
    group = f"measure {time.time_ns()}"
    context.setJobGroup(group, "one call of the objective")
    try:
        objective(settings)
    finally:
        context.setLocalProperty("spark.jobGroup.id", before)
        context.setLocalProperty("spark.job.description", None)
    return "Trials" if len(context.statusTracker().getJobIdsForGroup(group)) > 0 else "SparkTrials"

# %% right: jobs_without_a_group_before_and_after
def which_trials(objective, settings):
    import time

    context = spark.sparkContext
    saved = context.getLocalProperty("spark.jobGroup.id")
    context.setLocalProperty("spark.jobGroup.id", None)
    time.sleep(0.5)
    before = set(context.statusTracker().getJobIdsForGroup())
    try:
        objective(settings)
    finally:
        context.setLocalProperty("spark.jobGroup.id", saved)
    time.sleep(0.5)
    return "Trials" if set(context.statusTracker().getJobIdsForGroup()) - before else "SparkTrials"
