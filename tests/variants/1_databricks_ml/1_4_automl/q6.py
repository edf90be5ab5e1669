# %% wrong: it_notices_leaks
# hint: Who noticed
automl_does = {"A", "B", "C", "D", "F", "G", "I"}

# %% wrong: fair_test_part
# hint: a score on another world
automl_does = {"A", "C", "D", "E", "F", "G", "I"}

# %% wrong: everything
# hint: Who noticed
automl_does = set("ABCDEFGHIJ")

# %% wrong: it_deploys
# hint: registered or served
automl_does = {"A", "C", "D", "F", "G", "I", "J"}

# %% wrong: types_as_they_are
# hint: a number or a name
automl_does = {"C", "D", "F", "G", "I"}

# %% wrong: only_the_search
# hint: a number or a name
automl_does = {"G"}

# %% right: by_exclusion
automl_does = set("ABCDEFGHIJ") - set("BEHJ")

# %% right: from_a_string
automl_does = set("ACDFGI")
