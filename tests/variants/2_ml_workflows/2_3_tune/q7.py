# %% wrong: learns_from_the_first_trial
# hint: TPE can't learn from nothing
random_trials = 0
trials_class = {"A": "SparkTrials", "B": "Trials", "C": "SparkTrials", "D": "Trials"}
true_statements = {"A", "D", "E"}

# %% wrong: counts_the_first_that_differs
# hint: not the place of the first that differs
random_trials = 21
trials_class = {"A": "SparkTrials", "B": "Trials", "C": "SparkTrials", "D": "Trials"}
true_statements = {"A", "D", "E"}

# %% wrong: optunas_ten
# hint: count for how many trials they draw the same
random_trials = 10
trials_class = {"A": "SparkTrials", "B": "Trials", "C": "SparkTrials", "D": "Trials"}
true_statements = {"A", "D", "E"}

# %% wrong: spark_for_spark
# hint: Can a task on a worker start Spark jobs
random_trials = 20
trials_class = {"A": "SparkTrials", "B": "SparkTrials", "C": "SparkTrials", "D": "Trials"}
true_statements = {"A", "D", "E"}

# %% wrong: trials_for_single_node
# hint: What would the other seven do
random_trials = 20
trials_class = {"A": "Trials", "B": "Trials", "C": "Trials", "D": "Trials"}
true_statements = {"A", "D", "E"}

# %% wrong: spark_trials_for_a_network_that_fills_the_cluster
# hint: occupies all the workers already
random_trials = 20
trials_class = {"A": "SparkTrials", "B": "Trials", "C": "SparkTrials", "D": "SparkTrials"}
true_statements = {"A", "D", "E"}

# %% wrong: more_parallel_is_free
# hint: start at the same moment
random_trials = 20
trials_class = {"A": "SparkTrials", "B": "Trials", "C": "SparkTrials", "D": "Trials"}
true_statements = {"A", "B", "D", "E"}

# %% wrong: boosting_in_parallel
# hint: second tree of a boosted model
random_trials = 20
trials_class = {"A": "SparkTrials", "B": "Trials", "C": "SparkTrials", "D": "Trials"}
true_statements = {"D", "E"}

# %% wrong: random_search_learns
# hint: run a random search with the same seed
random_trials = 20
trials_class = {"A": "SparkTrials", "B": "Trials", "C": "SparkTrials", "D": "Trials"}
true_statements = {"A", "C", "D", "E"}

# %% wrong: nan_teaches
# hint: compare NaN and STATUS_FAIL
random_trials = 20
trials_class = {"A": "SparkTrials", "B": "Trials", "C": "SparkTrials", "D": "Trials"}
true_statements = {"A", "D", "E", "F"}

# %% wrong: everything_is_true
# hint: start at the same moment
random_trials = 20
trials_class = {"A": "SparkTrials", "B": "Trials", "C": "SparkTrials", "D": "Trials"}
true_statements = set("ABCDEF")

# %% right: counted_and_a_list
a, b = Trials(), Trials()
for algo, found in ((tpe.suggest, a), (rand.suggest, b)):
    fmin(lambda x: x**2, hp.uniform("x", -1, 1), algo, 60, trials=found, rstate=np.random.default_rng(5), show_progressbar=False)
random_trials = sum(x == y for x, y in zip(a.vals["x"], b.vals["x"]))
trials_class = dict(zip("ABCD", ["SparkTrials", "Trials"] * 2))
true_statements = ["E", "A", "D"]

# %% right: constants_that_were_understood
random_trials = np.int64(20)
trials_class = {"B": "Trials", "D": "Trials", "A": "SparkTrials", "C": "SparkTrials"}
true_statements = frozenset({"A", "D", "E"})
