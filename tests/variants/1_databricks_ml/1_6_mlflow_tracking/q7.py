# %% wrong: everything
# hint: Choose exactly one letter
# hint: has never seen the table later
answer_7a = set("ABCD")
answer_7b = set("ABCD")
answer_7c = set("ABCDE")

# %% wrong: artifacts_know_it
# hint: Files have been logged
# hint: Artifacts are what somebody logged
# hint: read the run's parameters to the end
answer_7a = "A"
answer_7b = "C"
answer_7c = {"A", "D"}

# %% wrong: the_name_is_the_code
# hint: A step counts
# hint: may have been edited since
# hint: The commit of a notebook
answer_7a = "B"
answer_7b = "A"
answer_7c = {"A", "B", "D", "E"}

# %% wrong: only_git_knows
# hint: Parameters are what somebody chose
# hint: keeps revisions of notebooks
# hint: look at the run's metrics as well
answer_7a = "D"
answer_7b = "D"
answer_7c = {"A", "B"}

# %% wrong: not_answered
# hint: Answer with one letter
# hint: Answer with a set of letters
answer_7a = None
answer_7b = ...
answer_7c = 3

# %% right: lower_case_and_lists
answer_7a = "c"
answer_7b = ["b"]
answer_7c = ["d", "b", "a"]

# %% right: strings_of_letters
answer_7a = {"C"}
answer_7b = "B"
answer_7c = "A, B, D"
