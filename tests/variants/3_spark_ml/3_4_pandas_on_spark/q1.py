# %% wrong: collected_and_brought_back
# hint: they went through the driver's memory
def route_report(flights):
    return ps.from_pandas(route_report_pandas(flights.to_pandas()))


# %% wrong: unknown_arrivals_are_punctual
# hint: fewer than three known arrivals
def route_report(flights):
    known = flights.copy()
    known["route"] = known["origin"] + "-" + known["dest"]
    known["late"] = (known["arr_delay"] >= 15).astype(float)
    known["gained"] = known["dep_delay"] - known["arr_delay"]
    report = known.groupby("route").agg(flights=("dest", "count"), late=("late", "mean"), gained=("gained", "mean"))
    return report[report["flights"] >= 3].sort_values("late", ascending=False)


# %% wrong: later_than_a_quarter
# hint: from which minute on
def route_report(flights):
    known = flights[flights["arr_delay"].notnull()].copy()
    known["route"] = known["origin"] + "-" + known["dest"]
    known["late"] = (known["arr_delay"] > 15).astype(float)
    known["gained"] = known["dep_delay"] - known["arr_delay"]
    report = known.groupby("route").agg(flights=("late", "count"), late=("late", "mean"), gained=("gained", "mean"))
    return report[report["flights"] >= 3].sort_values("late", ascending=False)


# %% wrong: gaps_filled_with_zero
# hint: was taken for a number
def route_report(flights):
    known = flights[flights["arr_delay"].notnull()].fillna({"dep_delay": 0.0})
    known["route"] = known["origin"] + "-" + known["dest"]
    known["late"] = (known["arr_delay"] >= 15).astype(float)
    known["gained"] = known["dep_delay"] - known["arr_delay"]
    report = known.groupby("route").agg(flights=("late", "count"), late=("late", "mean"), gained=("gained", "mean"))
    return report[report["flights"] >= 3].sort_values("late", ascending=False)


# %% wrong: route_as_a_column
# hint: The columns are flights, late and gained
def route_report(flights):
    known = flights[flights["arr_delay"].notnull()].copy()
    known["route"] = known["origin"] + "-" + known["dest"]
    known["late"] = (known["arr_delay"] >= 15).astype(float)
    known["gained"] = known["dep_delay"] - known["arr_delay"]
    report = known.groupby("route", as_index=False).agg(flights=("late", "count"), late=("late", "mean"), gained=("gained", "mean"))
    return report[report["flights"] >= 3].sort_values("late", ascending=False)


# %% wrong: function_without_a_type
# hint: the type of an untyped function is found out
def route_report(flights):
    known = flights[flights["arr_delay"].notnull()].copy()
    known["route"] = known["origin"] + "-" + known["dest"]
    known["late"] = (known["arr_delay"] >= 15).astype(float)
    known["gained"] = known[["dep_delay", "arr_delay"]].apply(lambda row: row["dep_delay"] - row["arr_delay"], axis=1)
    report = known.groupby("route").agg(flights=("late", "count"), late=("late", "mean"), gained=("gained", "mean"))
    return report[report["flights"] >= 3].sort_values("late", ascending=False)


# %% wrong: function_of_a_column_without_a_type
# hint: the type of an untyped function is found out
def route_report(flights):
    known = flights[flights["arr_delay"].notnull()].copy()
    known["route"] = known["origin"] + "-" + known["dest"]
    known["late"] = known["arr_delay"].apply(lambda minutes: 1.0 if minutes >= 15 else 0.0)
    known["gained"] = known["dep_delay"] - known["arr_delay"]
    report = known.groupby("route").agg(flights=("late", "count"), late=("late", "mean"), gained=("gained", "mean"))
    return report[report["flights"] >= 3].sort_values("late", ascending=False)


# %% right: written_in_spark
def route_report(flights):
    known = flights.to_spark().where("arr_delay IS NOT NULL").withColumn("route", F.concat_ws("-", "origin", "dest"))
    report = known.groupBy("route").agg(
        F.count("*").alias("flights"), F.mean((F.col("arr_delay") >= 15).cast("double")).alias("late"),
        F.mean(F.col("dep_delay") - F.col("arr_delay")).alias("gained"),
    )
    return report.where("flights >= 3").pandas_api(index_col="route").sort_values("late", ascending=False)


# %% right: typed_apply
def route_report(flights):
    known = flights.dropna(subset=["arr_delay"])
    known = known.assign(route=known.origin + "-" + known.dest)

    def late(delay) -> float:
        return 1.0 if delay >= 15 else 0.0

    known = known.assign(late=known["arr_delay"].apply(late), gained=known["dep_delay"].sub(known["arr_delay"]))
    grouped = known.groupby("route")
    report = grouped[["late", "gained"]].mean()
    report.insert(0, "flights", grouped.size())
    return report.loc[report["flights"] > 2].sort_values(by="late", ascending=False)


# %% right: looked_at_on_the_way
def route_report(flights):
    known = flights[flights["arr_delay"].notnull()]
    known = known.assign(route=known["origin"] + "-" + known["dest"], late=(known["arr_delay"] >= 15).astype(float), gained=known["dep_delay"] - known["arr_delay"])
    report = known.groupby("route").agg({"late": ["count", "mean"], "gained": "mean"})
    report.columns = ["flights", "late", "gained"]
    print(report.head())
    return report[report["flights"] >= 3].sort_values("late", ascending=False)
