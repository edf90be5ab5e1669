# %% wrong: sorting_is_free
# hint: and then the carriers are put in order
shuffles = {"a": 0, "b": 1, "c": 1, "d": 1, "e": 2, "f": 2, "g": 1, "h": 2}

# %% wrong: every_repartition_and_grouping_counts
# hint: how do they lie already
shuffles = {"a": 0, "b": 1, "c": 2, "d": 2, "e": 2, "f": 1, "g": 2, "h": 2}

# %% wrong: a_join_always_moves
# hint: Do the flights move for the join
shuffles = {"a": 0, "b": 1, "c": 2, "d": 2, "e": 1, "f": 2, "g": 2, "h": 1}

# %% wrong: same_first_key_is_enough
# hint: or only those of one carrier and origin
shuffles = {"a": 0, "b": 1, "c": 2, "d": 2, "e": 1, "f": 1, "g": 1, "h": 1}

# %% wrong: one_for_each_wide_step
# hint: How do they lie after the first grouping
shuffles = {"a": 0, "b": 1, "c": 2, "d": 2, "e": 1, "f": 1, "g": 2, "h": 2}

# %% right: counted_in_the_plan
import contextlib
import io

def exchanges(df):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        df.explain()
    return sum(line.lstrip(" +-:").startswith("Exchange") for line in text.getvalue().splitlines())

shuffles = {letter: exchanges(df) for letter, df in jobs.items()}

# %% right: as_a_sequence
shuffles = dict(zip("abcdefgh", map(int, "01221121")))

# %% right: after_the_jobs_have_run
for name in "bcefgh":
    jobs[name].collect()  # the plan of what has run shows its first form and its last
shuffles = {"a": 0, "b": 1, "c": 2, "d": 2, "e": 1, "f": 1, "g": 2, "h": 1}
