# %% wrong: caches_cure_everything
# hint: When are rows computed in Spark
# hint: neither table is small
answer_6a = "EEEE"
answer_6b = {"A", "B", "C", "F"}

# %% wrong: broadcast_the_large_ones
# hint: neither table is small
# hint: in any other piece
answer_6a = "ADAB"
answer_6b = {"B", "C", "D", "F"}

# %% wrong: filters_through_the_cache
# hint: was read before anyone knew the condition
# hint: thrown away
answer_6a = "CDAE"
answer_6b = {"B", "C", "E", "F"}

# %% wrong: salt_for_small_tables
# hint: how small its result is
# hint: A true statement is missing
answer_6a = "CDCB"
answer_6b = {"B", "F"}

# %% right: as_texts
answer_6a = "c d a b"
answer_6b = "BCF"

# %% right: as_lists
answer_6a = list("CDAB")
answer_6b = ["F", "B", "C"]
