# %% wrong: order_matters
# hint: A: does MLflow match columns
answers = {"A": 400, "B": 400, "C": 400, "D": 200, "E": 400, "F": 415}
true_statements = {"B", "D", "E"}

# %% wrong: extra_columns_refused
# hint: D: what happens to a column
answers = {"A": 200, "B": 400, "C": 400, "D": 400, "E": 400, "F": 415}
true_statements = {"B", "D", "E"}

# %% wrong: sticky_sessions
# hint: A: what is the split drawn for
answers = {"A": 200, "B": 400, "C": 400, "D": 200, "E": 400, "F": 415}
true_statements = {"A", "B", "D", "E"}

# %% wrong: endpoint_follows_the_alias
# hint: B: what does an endpoint's configuration name
answers = {"A": 200, "B": 400, "C": 400, "D": 200, "E": 400, "F": 415}
true_statements = {"D", "E"}

# %% right: texts
answers = dict(zip("ABCDEF", ["200", "400", "400", "200", "400", "415"]))
true_statements = ["E", "D", "B"]

# %% right: a_frozenset
answers = {"F": 415, "E": 400, "D": 200, "C": 400, "B": 400, "A": 200}
true_statements = frozenset("BDE")
