# %% wrong: hint_on_the_flights
# hint: Both tables are still shuffled
def with_built(flights, planes):
    return F.broadcast(flights).join(planes, "tailnum", "left").select("carrier", "flight", "tailnum", "built")


# %% wrong: inner_join
# hint: Flights whose plane is not known are missing
def with_built(flights, planes):
    return flights.join(F.broadcast(planes), "tailnum").select("carrier", "flight", "tailnum", "built")


# %% wrong: repartition_left_in
# hint: There is still a shuffle in the plan
def with_built(flights, planes):
    joined = flights.repartition("tailnum").join(F.broadcast(planes), "tailnum", "left")
    return joined.select("carrier", "flight", "tailnum", "built")


# %% wrong: copies_the_flights
# hint: It is the flights that are copied
def with_built(flights, planes):
    return planes.join(F.broadcast(flights.dropna()), "tailnum").select("carrier", "flight", "tailnum", "built").unionByName(
        flights.join(F.broadcast(planes).select("tailnum"), "tailnum", "left_anti").select("carrier", "flight", "tailnum", F.lit(None).cast("int").alias("built"))
    )


# %% wrong: no_hint_at_all
# hint: Both tables are still shuffled
def with_built(flights, planes):
    return flights.join(planes, "tailnum", "left").select("carrier", "flight", "tailnum", "built")


# %% wrong: planes_made_distinct
# hint: what in your query asks for one?
def with_built(flights, planes):
    once = planes.dropDuplicates(["tailnum"])
    return flights.join(F.broadcast(once), "tailnum", "left").select("carrier", "flight", "tailnum", "built")


# %% right: right_outer
def with_built(flights, planes):
    return planes.hint("broadcast").join(flights, "tailnum", "right").select("carrier", "flight", "tailnum", "built")


# %% right: in_sql
def with_built(flights, planes):
    return spark.sql(
        "SELECT /*+ BROADCAST(p) */ f.carrier, f.flight, f.tailnum, p.built FROM {f} AS f LEFT JOIN {p} AS p ON f.tailnum = p.tailnum",
        f=flights, p=planes,
    )
