# %% wrong: hour_in_utc
# hint: in which time zone is the hour
def wrong_clock(flights):
    share = flights.where("sched_dep_time IS NOT NULL AND time_hour IS NOT NULL").select(F.avg((F.hour("time_hour") != F.floor(F.col("sched_dep_time") / 100)).cast("int"))).first()[0]
    return float(share or 0.0)


def repair(flights):
    return flights.withColumn("time_hour", F.to_utc_timestamp("time_hour", "America/New_York"))

# %% wrong: always_five_hours
# hint: 4 hours behind UTC in summer
# hint: summer time
def wrong_clock(flights):
    local = F.hour(F.col("time_hour") - F.expr("INTERVAL 5 HOURS"))
    share = flights.select(F.avg((local != F.floor(F.col("sched_dep_time") / 100)).cast("int"))).first()[0]
    return float(share or 0.0)


def repair(flights):
    local = F.hour(F.from_utc_timestamp("time_hour", "America/New_York"))
    bad = (local != F.floor(F.col("sched_dep_time") / 100)) & (F.hour("time_hour") == F.floor(F.col("sched_dep_time") / 100))
    return flights.withColumn("time_hour", F.when(bad, F.col("time_hour") + F.expr("INTERVAL 5 HOURS")).otherwise(F.col("time_hour")))

# %% wrong: the_whole_batch
# hint: a batch may be mixed
def wrong_clock(flights):
    local = F.hour(F.from_utc_timestamp("time_hour", "America/New_York"))
    share = flights.select(F.avg((local != F.floor(F.col("sched_dep_time") / 100)).cast("int"))).first()[0]
    return float(share or 0.0)


def repair(flights):
    if wrong_clock(flights) > 0.01:
        return flights.withColumn("time_hour", F.to_utc_timestamp("time_hour", "America/New_York"))
    return flights

# %% wrong: the_wrong_direction
# hint: wrong direction
def wrong_clock(flights):
    local = F.hour(F.from_utc_timestamp("time_hour", "America/New_York"))
    share = flights.select(F.avg((local != F.floor(F.col("sched_dep_time") / 100)).cast("int"))).first()[0]
    return float(share or 0.0)


def repair(flights):
    local = F.hour(F.from_utc_timestamp("time_hour", "America/New_York"))
    bad = (local != F.floor(F.col("sched_dep_time") / 100)) & (F.hour("time_hour") == F.floor(F.col("sched_dep_time") / 100))
    return flights.withColumn("time_hour", F.when(bad, F.from_utc_timestamp("time_hour", "America/New_York")).otherwise(F.col("time_hour")))

# %% wrong: any_difference_is_repaired
# hint: Rows in which one of the two is null don't count
# hint: Rows that are not the known error
def wrong_clock(flights):
    frame = flights.select("sched_dep_time", "time_hour").toPandas()
    local = frame["time_hour"].dt.tz_localize("UTC").dt.tz_convert("America/New_York").dt.hour
    return float((local != frame["sched_dep_time"] // 100).mean())


def repair(flights):
    local = F.hour(F.from_utc_timestamp("time_hour", "America/New_York"))
    return flights.withColumn("time_hour", F.when(local != F.floor(F.col("sched_dep_time") / 100), F.to_utc_timestamp("time_hour", "America/New_York")).otherwise(F.col("time_hour")))

# %% wrong: stumbles_over_nulls
# hint: or no time_hour, wrong_clock raises
# hint: or no time_hour, repair raises
def wrong_clock(flights):
    frame = flights.select("sched_dep_time", "time_hour").toPandas()
    local = frame["time_hour"].dt.tz_localize("UTC").dt.tz_convert("America/New_York").dt.hour
    return float((local != frame["sched_dep_time"].astype(int) // 100).mean())


def repair(flights):
    frame = flights.toPandas()
    moment, hour = frame["time_hour"].dt.tz_localize("UTC"), frame["sched_dep_time"].astype(int) // 100
    bad = (moment.dt.hour == hour) & (moment.dt.tz_convert("America/New_York").dt.hour != hour)
    frame["time_hour"] = moment.where(~bad, frame["time_hour"].dt.tz_localize("America/New_York").dt.tz_convert("UTC"))
    return spark.createDataFrame(frame, flights.schema)

# %% right: in_sql
def wrong_clock(flights):
    known = flights.where("sched_dep_time IS NOT NULL AND time_hour IS NOT NULL")
    wrong = known.where("hour(from_utc_timestamp(time_hour, 'America/New_York')) <> sched_dep_time div 100").count()
    return wrong / known.count() if wrong else 0.0


def repair(flights):
    fixed = "CASE WHEN hour(time_hour) = sched_dep_time div 100 AND hour(from_utc_timestamp(time_hour, 'America/New_York')) <> sched_dep_time div 100 THEN to_utc_timestamp(time_hour, 'America/New_York') ELSE time_hour END AS time_hour"
    return flights.selectExpr(*[fixed if name == "time_hour" else name for name in flights.columns])

# %% right: with_pandas
def wrong_clock(flights):
    frame = flights.select("sched_dep_time", "time_hour").toPandas().dropna()
    if frame.empty:
        return 0.0
    local = pd.to_datetime(frame["time_hour"]).dt.tz_localize("UTC").dt.tz_convert("America/New_York").dt.hour
    return float((local != frame["sched_dep_time"] // 100).mean())


def repair(flights):
    scheduled = (F.col("sched_dep_time") / 100).cast("int")
    shifted = F.to_utc_timestamp("time_hour", "America/New_York")
    there = F.hour(F.convert_timezone(F.lit("UTC"), F.lit("America/New_York"), F.col("time_hour").cast("timestamp_ntz")))
    is_bad = F.coalesce((F.hour("time_hour") == scheduled) & (there != scheduled), F.lit(False))
    return flights.where(is_bad).withColumn("time_hour", shifted).unionByName(flights.where(~is_bad))
