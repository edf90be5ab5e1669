# %% wrong: fresher_is_better
# hint: Wishes 1 and 4
# hint: How long does an answer keep
answer_5a = "SRSBRS"
answer_5b = {"A", "B", "D", "E"}


# %% wrong: alerts_in_real_time
# hint: Wishes 3 and 6
# hint: output is replaced as a whole
answer_5a = "BRRBRS"
answer_5b = {"A", "B", "C", "D"}


# %% wrong: till_by_batch
# hint: Wishes 2 and 5
# hint: A true statement is missing
answer_5a = "BBSBRS"
answer_5b = {"A", "D"}


# %% right: list_and_text
answer_5a = list("BRSBRS")
answer_5b = "a b d"


# %% right: with_commas
answer_5a = "b, r, s, b, r, s"
answer_5b = ["D", "A", "B"]
