# %% wrong: a_cure_for_everything
# hint: Shared features overfit as well as any
# hint: somebody still has to compute the query
# hint: Compare the clock of a single lookup by Spark
# hint: of most of them it knows nothing
answer_7a = {"A", "B", "C", "D"}
answer_7b = {"A", "B", "C", "D"}
answer_7c = "A"
answer_7d = "A"

# %% wrong: no_training_any_more
# hint: somebody still has to train
# hint: a primary key is NOT NULL there
# hint: as old as the model
# hint: must not be trained on
answer_7a = {"A", "C", "D", "E"}
answer_7b = {"B", "C", "D", "E"}
answer_7c = "C"
answer_7d = "B"

# %% wrong: half_of_it
# hint: three different gains
# hint: Who can see the table
# hint: A training set is about the past
# hint: how many rows does it keep for each key
answer_7a = {"A", "C"}
answer_7b = {"B"}
answer_7c = "D"
answer_7d = "D"

# %% right: lists
answer_7a = ["A", "C", "D"]
answer_7b = ("B", "C", "D")
answer_7c = {"B"}
answer_7d = ["C"]

# %% right: text
answer_7a = "ACD"
answer_7b = "b, c, d"
answer_7c = "b"
answer_7d = "c"
