# %% wrong: the_function_starts_the_query
# hint: who starts queries in a declarative pipeline
pipeline_statements = {"A", "B", "C", "E"}
outcome = {"A": "doubled", "B": "once", "C": "once", "D": "lost", "E": "lost", "F": "doubled"}

# %% wrong: streaming_table_scores_again
# hint: how often does a streaming table see a row
pipeline_statements = {"B", "C", "D", "E"}
outcome = {"A": "doubled", "B": "once", "C": "once", "D": "lost", "E": "lost", "F": "doubled"}

# %% wrong: offsets_mean_done
# hint: B: the offset was noted
pipeline_statements = {"B", "C", "E"}
outcome = {"A": "doubled", "B": "lost", "C": "once", "D": "lost", "E": "lost", "F": "doubled"}

# %% wrong: logged_is_as_good_as_retried
# hint: D: the sink has returned without an error
pipeline_statements = {"B", "C", "E"}
outcome = {"A": "doubled", "B": "once", "C": "once", "D": "once", "E": "lost", "F": "doubled"}

# %% wrong: a_transaction_always_helps
# hint: E: which batch number
pipeline_statements = {"B", "C", "E"}
outcome = {"A": "doubled", "B": "once", "C": "once", "D": "lost", "E": "once", "F": "doubled"}

# %% right: a_list
pipeline_statements = ["E", "C", "B"]
outcome = {"F": "doubled", "E": "lost", "D": "lost", "C": "once", "B": "once", "A": "doubled"}

# %% right: a_frozenset
pipeline_statements = frozenset("BCE")
outcome = dict(zip("ABCDEF", ["doubled", "once", "once", "lost", "lost", "doubled"]))
