# %% wrong: encoder_first
# hint: The encoder reads the index
# hint: What has that model seen
answer_6a = "FEIAL"
answer_6b = {"A", "B", "E"}

# %% wrong: assembler_before_the_imputer
# hint: both must be there before
# hint: When are rows looked at
answer_6a = "IEAFL"
answer_6b = {"A", "C", "E"}

# %% wrong: learner_in_the_middle
# hint: Who learns needs the finished vector
# hint: The die is thrown per partition
answer_6a = "FIELA"
answer_6b = {"A", "D", "E"}

# %% wrong: four_letters
# hint: Each of the five letters once
# hint: learns other medians
answer_6a = "IEAL"
answer_6b = {"A", "E", "F"}

# %% wrong: half_an_answer
# hint: Answer with a text of five letters
# hint: A true statement is missing
answer_6a = None
answer_6b = {"E"}

# %% right: words_first
answer_6a = "IEFAL"
answer_6b = ["e", "a"]

# %% right: as_a_list
answer_6a = ["i", "f", "e", "a", "l"]
answer_6b = "A E"
