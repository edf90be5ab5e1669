# %% wrong: hour_of_time_hour
# hint: whose clock
def alerts(reference, current):
    hour = F.hour(F.from_utc_timestamp("time_hour", "America/New_York"))
    return {"clock": wrong_share(current) > 0.01, "drift": max(distance(reference, current, "carrier"), distance(reference, current, hour)) > 0.1}

# %% wrong: clock_silences_drift
# hint: the drift bell is silent: here
def alerts(reference, current):
    hour = F.hour(F.from_utc_timestamp("time_hour", "America/New_York"))
    clock = wrong_share(current) > 0.01
    return {"clock": clock, "drift": not clock and max(distance(reference, current, "carrier"), distance(reference, current, hour)) > 0.1}

# %% wrong: clock_is_a_shifted_hour
# hint: compare the two clocks of the same flight
def alerts(reference, current):
    moved = distance(reference, current, F.hour(F.from_utc_timestamp("time_hour", "America/New_York")))
    hours = distance(reference, current, F.floor(F.col("sched_dep_time") / 100))
    return {"clock": moved > 0.01, "drift": max(hours, distance(reference, current, "carrier")) > 0.1}

# %% wrong: minutes_and_all
# hint: compare hours
def alerts(reference, current):
    moved = max(distance(reference, current, "carrier"), distance(reference, current, "sched_dep_time"))
    return {"clock": wrong_share(current) > 0.01, "drift": moved > 0.1}

# %% wrong: any_wrong_flight
# hint: less than 1 %
def alerts(reference, current):
    hour = F.floor(F.col("sched_dep_time") / 100)
    return {"clock": wrong_share(current) > 0, "drift": max(distance(reference, current, c) for c in ("carrier", hour)) > 0.1}

# %% right: after_a_repair
def alerts(reference, current):
    local = F.hour(F.from_utc_timestamp("time_hour", "America/New_York"))
    scheduled = F.floor(F.col("sched_dep_time") / 100)
    bad = (local != scheduled) & (F.hour("time_hour") == scheduled)
    repaired = current.withColumn("time_hour", F.when(bad, F.to_utc_timestamp("time_hour", "America/New_York")).otherwise(F.col("time_hour")))
    moved = distance(reference, repaired, "carrier") > 0.1 or distance(reference, repaired, local) > 0.1
    return {"clock": wrong_share(current) > 0.01, "drift": moved}

# %% right: in_pandas
def alerts(reference, current):
    a, b = reference.toPandas(), current.toPandas()
    shares = [[f["carrier"].value_counts(normalize=True), (f["sched_dep_time"] // 100).value_counts(normalize=True)] for f in (a, b)]
    moved = [p.sub(q, fill_value=0).abs().sum() / 2 for p, q in zip(*shares)]
    local = b["time_hour"].dt.tz_localize("UTC").dt.tz_convert("America/New_York").dt.hour
    return {"clock": bool((local != b["sched_dep_time"] // 100).mean() > 0.01), "drift": bool(max(moved) > 0.1)}
