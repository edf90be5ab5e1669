# %% wrong: transition_asks_by_itself
# hint: A transition acts at once
# hint: Stages are the older registry's
# hint: what travels
# hint: The newest is not the best
answer_7a = "B"
answer_7b = {"A", "B", "C", "E"}
answer_7c = {"A", "B", "D"}
answer_7d = {"A", "B", "C", "E"}

# %% wrong: stage_of_a_run
# hint: only says whether it finished
# hint: insists on a signature
# hint: the code must have got there first
# hint: nobody reviewed or recorded
answer_7a = "C"
answer_7b = {"A", "C", "D", "E"}
answer_7c = {"A", "C", "D"}
answer_7d = {"A", "C", "D", "E"}

# %% wrong: name_for_stage
# hint: not the name of a model
# hint: where they come from
# hint: the model is its product
# hint: each deserve some care
answer_7a = "D"
answer_7b = {"C"}
answer_7c = {"A", "D", "E"}
answer_7d = {"C", "E"}

# %% wrong: everything
# hint: Choose exactly one letter
# hint: Stages are the older registry's
# hint: what travels
# hint: The newest is not the best
answer_7a = {"A", "B"}
answer_7b = set("ABCDE")
answer_7c = set("ABCDE")
answer_7d = set("ABCDE")

# %% wrong: half
# hint: Something is missing. Think of what
# hint: training again would be dear
# hint: Something is missing: environments
answer_7a = "A"
answer_7b = {"A", "C"}
answer_7c = {"D"}
answer_7d = {"A"}

# %% wrong: not_answered
# hint: Answer with one letter
# hint: Answer with a set of letters
answer_7a = 1
answer_7b = None
answer_7c = ...
answer_7d = 3

# %% right: lists_and_lower_case
answer_7a = ["a"]
answer_7b = ["e", "c", "a"]
answer_7c = ("D", "A")
answer_7d = ["a", "c", "e"]

# %% right: strings
answer_7a = "a"
answer_7b = "A, C, E"
answer_7c = "AD"
answer_7d = frozenset("ACE")
