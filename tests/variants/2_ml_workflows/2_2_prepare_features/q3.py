# %% wrong: everything
# hint: mean close to its median
# hint: what would be more honest
# hint: the fact itself predicts
answer_3a = set("ABCDEF")
answer_3b = set("ABCDE")
answer_3c = set("ABCDE")

# %% wrong: absolute_distance
# hint: Divide by the interquartile range
# hint: its most frequent value is an accident
# hint: still carries them into training
answer_3a = {"A", "C", "E", "F"}
answer_3b = {"A", "D", "E"}
answer_3c = {"A", "B", "D", "E"}

# %% wrong: only_the_obvious
# hint: A column is missing from your set
# hint: Look for every case
# hint: Try it: fill once with the mean
answer_3a = {"A", "F"}
answer_3b = {"A"}
answer_3c = {"A", "E"}

# %% wrong: mode_for_any_text
# hint: hardly ever right
# hint: can anybody still see where the gaps were
answer_3a = {"A", "C", "F"}
answer_3b = {"A", "C", "E"}
answer_3c = {"B", "E"}

# %% wrong: not_answered
# hint: Answer with a set of letters
answer_3a = ...
answer_3b = None
answer_3c = 3

# %% right: lists_and_lower_case
answer_3a = ["c", "a", "f"]
answer_3b = ("E", "A")
answer_3c = ["a", "b", "e"]

# %% right: strings_of_letters
answer_3a = "A, C, F"
answer_3b = frozenset("AE")
answer_3c = "BAE"
