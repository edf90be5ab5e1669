# %% wrong: everything_to_the_cluster
# hint: What would a cluster add?
# hint: Is a model one?
answer_6a = "BBBB"
answer_6b = {"C", "E", "F"}

# %% wrong: one_machine_for_all
# hint: how much memory do two billion rows need
# hint: a task runs on one core
answer_6a = "AAAA"
answer_6b = {"B", "C", "E"}

# %% wrong: forests_one_after_another
# hint: What can be parallel here?
# hint: have the same medians and counts
answer_6a = "BACA"
answer_6b = {"C", "D", "E"}

# %% wrong: sklearn_on_all_machines
# hint: what does it know of Spark's workers
answer_6a = "BACC"
answer_6b = {"A", "C", "E"}

# %% wrong: one_is_missing
# hint: A true statement is missing
answer_6a = "BACC"
answer_6b = {"C"}

# %% right: as_texts
answer_6a = "b a c c"
answer_6b = "CE"

# %% right: as_lists
answer_6a = ["B", "A", "C", "C"]
answer_6b = ["E", "C"]
