# %% wrong: every_exchange_counts
# hint: A BroadcastExchange is no shuffle
def symptoms(df):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        df.explain()
    plan = text.getvalue().split("== Initial Plan ==")[-1]
    return {"shuffles": plan.count("Exchange"), "broadcasts": plan.count("BroadcastExchange"), "scans": plan.count("FileScan"), "python": "EvalPython" in plan or "InPandas" in plan}


# %% wrong: only_ordinary_functions
# hint: mapInPandas hands rows
def symptoms(df):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        df.explain()
    plan = text.getvalue().split("== Initial Plan ==")[-1]
    return {"shuffles": len(re.findall(r"\bExchange", plan)), "broadcasts": plan.count("BroadcastExchange"), "scans": plan.count("FileScan"), "python": "EvalPython" in plan}


# %% wrong: any_python_in_the_text
# hint: no row is handed to a Python function
def symptoms(df):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        df.explain()
    plan = text.getvalue().split("== Initial Plan ==")[-1]
    return {"shuffles": len(re.findall(r"\bExchange", plan)), "broadcasts": plan.count("BroadcastExchange"), "scans": plan.count("FileScan"), "python": "python" in plan.lower() or "pandas" in plan.lower()}


# %% wrong: both_plans_counted
# hint: must be counted once
def symptoms(df):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        df.explain()
    plan = text.getvalue()
    return {"shuffles": len(re.findall(r"\bExchange", plan)), "broadcasts": plan.count("BroadcastExchange"), "scans": plan.count("FileScan"), "python": bool(re.search("[a-z]Python |InPandas|InArrow", plan))}


# %% wrong: yes_or_no
# hint: With several shuffles
def symptoms(df):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        df.explain()
    plan = text.getvalue().split("== Initial Plan ==")[-1]
    return {"shuffles": int(" Exchange" in plan or "- Exchange" in plan), "broadcasts": int("BroadcastExchange" in plan), "scans": 2 if plan.count("FileScan") > 1 else plan.count("FileScan"), "python": bool(re.search("EvalPython|InPandas|InArrow", plan))}


# %% wrong: the_plan_as_it_ended
# hint: must be counted once, as it began
def symptoms(df):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        df.explain()
    plan = text.getvalue().split("== Initial Plan ==")[0]
    return {"shuffles": len(re.findall(r"\bExchange", plan)), "broadcasts": plan.count("BroadcastExchange"), "scans": plan.count("FileScan"), "python": bool(re.search("[a-z]Python |InPandas|InArrow", plan))}


# %% wrong: windows_not_thought_of
# hint: over a window is handed rows
def symptoms(df):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        df.explain()
    plan = text.getvalue().split("== Initial Plan ==")[-1]
    return {"shuffles": len(re.findall(r"\bExchange", plan)), "broadcasts": plan.count("BroadcastExchange"), "scans": plan.count("FileScan"), "python": bool(re.search("EvalPython|InPandas|InArrow", plan))}


# %% right: planned_anew
def symptoms(df):
    lines = df.select("*")._jdf.queryExecution().executedPlan().toString().splitlines()
    names = [line.lstrip(" +-:*0123456789()") for line in lines]
    return {
        "shuffles": sum(name.startswith("Exchange") for name in names),
        "broadcasts": sum(name.startswith("BroadcastExchange") for name in names),
        "scans": sum("FileScan" in name for name in names),
        "python": any(mark in name.split(" ")[0] for name in names for mark in ("EvalPython", "AggregatePython", "WindowPython", "InPandas", "InArrow")),
    }


# %% right: the_formatted_plan
def symptoms(df):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        df.explain("formatted")
    tree = text.getvalue().split("\n\n")[0].split("== Initial Plan ==")[-1]
    words = re.findall(r"[A-Za-z]+", tree)
    return {
        "shuffles": words.count("Exchange"),
        "broadcasts": words.count("BroadcastExchange"),
        "scans": tree.count("Scan parquet"),
        "python": any(word.endswith(("EvalPython", "AggregatePython", "WindowPython", "InPandas", "InArrow")) for word in words),
    }
