# %% wrong: spark_for_spark
# hint: who directs the training
setup = {"A": "SparkTrials", "B": "SparkTrials", "C": "loop", "D": "Trials"}
true_statements = {"B", "D", "F"}

# %% wrong: single_node_in_line
# hint: the trials don't depend on one another
setup = {"A": "Trials", "B": "Trials", "C": "loop", "D": "Trials"}
true_statements = {"B", "D", "F"}

# %% wrong: parallel_always_pays
# hint: what a Spark task costs
setup = {"A": "Trials", "B": "SparkTrials", "C": "SparkTrials", "D": "Trials"}
true_statements = {"B", "D", "F"}

# %% wrong: cross_validation_on_workers
# hint: CrossValidator fits Spark ML models
setup = {"A": "Trials", "B": "SparkTrials", "C": "loop", "D": "SparkTrials"}
true_statements = {"B", "D", "F"}

# %% wrong: a_trial_is_spread
# hint: count the tasks of a trial
setup = {"A": "Trials", "B": "SparkTrials", "C": "loop", "D": "Trials"}
true_statements = {"A", "B", "D", "F"}

# %% wrong: twice_the_trials_twice_the_gain
# hint: Does it fall as fast
setup = {"A": "Trials", "B": "SparkTrials", "C": "loop", "D": "Trials"}
true_statements = {"B", "C", "D", "F"}

# %% wrong: validation_is_unbiased
# hint: What does luck have to do
setup = {"A": "Trials", "B": "SparkTrials", "C": "loop", "D": "Trials"}
true_statements = {"B", "F"}

# %% wrong: tpe_needs_workers
# hint: where do proposals come from
setup = {"A": "Trials", "B": "SparkTrials", "C": "loop", "D": "Trials"}
true_statements = {"B", "D", "E", "F"}

# %% wrong: parallelism_is_free
# hint: still running
setup = {"A": "Trials", "B": "SparkTrials", "C": "loop", "D": "Trials"}
true_statements = {"B", "D"}

# %% wrong: everything_is_true
# hint: count the tasks
setup = {"A": "Trials", "B": "SparkTrials", "C": "loop", "D": "Trials"}
true_statements = set("ABCDEF")

# %% right: lists
setup = dict(zip("ABCD", ("Trials", "SparkTrials", "loop", "Trials")))
true_statements = ["F", "D", "B"]

# %% right: frozen
setup = dict(D="Trials", C="loop", B="SparkTrials", A="Trials")
true_statements = frozenset("BDF")
