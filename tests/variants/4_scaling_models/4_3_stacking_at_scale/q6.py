# %% wrong: forest_learns_from_errors
# hint: Sentence 1
# hint: Out of fold for whom
answer_6a = "BSOOS"
answer_6b = {"A", "B", "C", "D"}


# %% wrong: a_forest_waits
# hint: Sentence 4
# hint: Who answers in a finished stack
answer_6a = "OSBBS"
answer_6b = {"A", "C", "D", "E"}


# %% wrong: stacking_by_rows
# hint: Sentence 5
# hint: what two folds may share
answer_6a = "OSBOB"
answer_6b = {"A", "D"}


# %% wrong: narrow_tables
# hint: Sentence 2
# hint: how many different answers can it learn by heart
answer_6a = "OOBOS"
answer_6b = "ACDF"


# %% right: list_and_text
answer_6a = ["O", "S", "B", "O", "S"]
answer_6b = "A, C, D"


# %% right: lower_case
answer_6a = "o s b o s"
answer_6b = ["d", "c", "a"]
