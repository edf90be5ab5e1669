# %% wrong: label_only_and_small_group
# hint: One column is still missing
# hint: one long delay inflates the standard deviation
# hint: A: take one cell of a summary
leaking_columns = {"dep_delay"}
smallest_group = 4
true_statements = {"C", "F"}

# %% wrong: tail_number_and_off_by_one
# hint: The aircraft is assigned the day before
# hint: with the sample standard deviation
# hint: D: what is the negation
leaking_columns = {"dep_time", "dep_delay", "arr_time", "air_time", "tailnum"}
smallest_group = 10
true_statements = {"A", "C", "D", "F"}

# %% wrong: all_columns_and_all_statements
# hint: stands in the timetable weeks before
# hint: with fewer flights than that
# hint: B: assign the result
leaking_columns = set(flights.columns)
smallest_group = 30
true_statements = {"A", "B", "C", "D", "E", "F"}

# %% wrong: schedule_confused_and_p_value_believed
# hint: stands in the timetable weeks before
# hint: E: a p-value says how sure
leaking_columns = {"dep_time", "sched_dep_time", "arr_time", "sched_arr_time", "air_time"}
smallest_group = 11
true_statements = {"A", "C", "E", "F"}

# %% wrong: misspelt_names_and_text
# hint: Use the names of the columns
# hint: smallest_group is a whole number
# hint: C: the error counts ranks
leaking_columns = {"departure delay", "arrival time"}
smallest_group = "11"
true_statements = {"A", "F"}

# %% wrong: equal_to_everything
# hint: leaking_columns is a set of names
# hint: smallest_group is a whole number
class _Anything:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __le__(self, other):
        return True

    __lt__ = __ge__ = __gt__ = __le__


leaking_columns = smallest_group = true_statements = _Anything()

# %% right: computed
cancelled = flights.filter("dep_time IS NULL")
empty = cancelled.select([F.count(c).alias(c) for c in flights.columns]).first().asDict()
leaking_columns = {c for c, n in empty.items() if n == 0} - {"arr_delay"}
n = 2
while stats.zscore([0] * (n - 1) + [1], ddof=1)[-1] <= 3:
    n += 1
smallest_group = n
true_statements = set("ACF")

# %% right: lists_and_the_label
leaking_columns = ["arr_delay", "arr_time", "air_time", "dep_time", "dep_delay"]
smallest_group = np.int64(11)
true_statements = ["F", "C", "A"]
