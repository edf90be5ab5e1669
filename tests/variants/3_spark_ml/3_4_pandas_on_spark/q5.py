# %% wrong: mutable_inside
# hint: A Spark DataFrame never changes
# hint: cost beside the work itself
answer_5a = {"A", "B", "C", "E"}
answer_5b = {"A", "B", "D"}

# %% wrong: python_is_slow
# hint: is there any Python in it
# hint: pays for index and order that nobody uses
answer_5a = {"A", "C", "D", "E"}
answer_5b = {"A", "C", "D"}

# %% wrong: parallel_by_import
# hint: A true statement is missing
# hint: does not make steps independent
answer_5a = {"A", "C"}
answer_5b = {"A", "D", "E"}

# %% wrong: half_an_answer
# hint: A true statement is missing
# hint: One case is missing
answer_5a = {"A"}
answer_5b = ["A"]

# %% right: as_lists
answer_5a = ["a", "c", "e"]
answer_5b = ["d", "a"]

# %% right: as_texts
answer_5a = "A, C, E"
answer_5b = "AD"
