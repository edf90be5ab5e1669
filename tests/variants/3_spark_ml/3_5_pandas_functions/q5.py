# %% wrong: rows_multiply_in_a_udf
# hint: What may give more rows than it got
# hint: Does it make the table smaller
answer_5a = {1: "B", 2: "E", 3: "A", 4: "D", 5: "C"}
answer_5b = {"A", "B", "D", "F"}

# %% wrong: expensive_beginning_per_batch
# hint: an expensive beginning
# hint: What is the type of what a pandas UDF receives
answer_5a = {1: "D", 2: "B", 3: "A", 4: "E", 5: "C"}
answer_5b = {"B", "C", "D", "F"}

# %% wrong: groups_confused
# hint: brought together by shop
# hint: the partition, or a batch of it
answer_5a = {1: "B", 2: "D", 3: "C", 4: "E", 5: "A"}
answer_5b = {"B", "D", "E", "F"}

# %% wrong: half_an_answer
# hint: Each task has one letter
# hint: A true statement is missing
answer_5a = {1: "B", 2: "D"}
answer_5b = {"B"}

# %% right: lower_case
answer_5a = {1: "b", 2: "d", 3: "a", 4: "e", 5: "c"}
answer_5b = ["b", "d", "f"]

# %% right: in_another_order
answer_5a = {5: "C", 4: "E", 3: "A", 2: "D", 1: "B"}
answer_5b = "B, D, F"

# %% wrong: turned_around
# hint: the keys are the numbers of the tasks
# hint: Does it make the table smaller
answer_5a = {"B": 1, "D": 2, "A": 3, "E": 4, "C": 5}
answer_5b = {"A", "B", "D", "F"}

# %% wrong: sentences_from_a_scalar_udf
# hint: What may give more rows than it got
# hint: A true statement is missing
answer_5a = {1: "E", 2: "D", 3: "A", 4: "B", 5: "C"}
answer_5b = {"B", "F"}
