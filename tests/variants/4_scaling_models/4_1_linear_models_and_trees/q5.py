# %% wrong: l1_means_many
# hint: But over what
# hint: order of the rows
def passes(columns, solver, regParam, elasticNetParam):
    if solver == "l-bfgs" or regParam * elasticNetParam > 0:
        return "many"
    return "one" if columns <= 4096 else "many" if solver == "auto" else "refused"


answer_5b = {"A", "B", "C", "F"}


# %% wrong: auto_is_refused
# hint: auto has another solver left
# hint: in any case
def passes(columns, solver, regParam, elasticNetParam):
    if solver == "l-bfgs":
        return "many"
    return "one" if columns <= 4096 else "refused"


answer_5b = {"A", "C", "D", "F"}


# %% wrong: limit_off_by_one
# hint: Where exactly is the limit
# hint: Nodes of several trees
def passes(columns, solver, regParam, elasticNetParam):
    if solver == "l-bfgs":
        return "many"
    return "one" if columns < 4096 else "many" if solver == "auto" else "refused"


answer_5b = {"A", "C", "E", "F"}


# %% wrong: auto_iterates
# hint: wherever the columns allow it
# hint: A true statement is missing
def passes(columns, solver, regParam, elasticNetParam):
    return "many" if solver != "normal" else "one" if columns <= 4096 else "refused"


answer_5b = {"A", "C"}


# %% right: limit_first
def passes(columns, solver, regParam, elasticNetParam):
    small = columns <= 4096
    if solver == "normal" and not small:
        return "refused"
    return "one" if small and solver in ("auto", "normal") else "many"


answer_5b = ["f", "c", "a"]


# %% right: a_table
def passes(columns, solver, regParam, elasticNetParam):
    return {"auto": ("one", "many"), "normal": ("one", "refused"), "l-bfgs": ("many", "many")}[solver][columns > 4096]


answer_5b = "A, C, F"
