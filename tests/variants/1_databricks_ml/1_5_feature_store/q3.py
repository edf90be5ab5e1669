# %% wrong: label_taken_at_its_word
# hint: taken at its word
def add_departure(flights):
    return flights.withColumn("departs", F.col("time_hour") + F.make_interval(mins=F.col("sched_dep_time") % 100))

# %% wrong: wrong_way
# hint: Converted the wrong way
def add_departure(flights):
    return flights.withColumn("departs", F.from_utc_timestamp("time_hour", "America/New_York") + F.make_interval(mins=F.col("sched_dep_time") % 100))

# %% wrong: always_five_hours
# hint: changes twice a year
def add_departure(flights):
    return flights.withColumn("departs", F.col("time_hour") + F.make_interval(hours=F.lit(5), mins=F.col("sched_dep_time") % 100))

# %% wrong: no_minutes
# hint: The minutes are missing
def add_departure(flights):
    return flights.withColumn("departs", F.to_utc_timestamp("time_hour", "America/New_York"))

# %% wrong: whole_number_as_minutes
# hint: Some departures are off
def add_departure(flights):
    return flights.withColumn("departs", F.to_utc_timestamp("time_hour", "America/New_York") + F.make_interval(mins=F.col("sched_dep_time")))

# %% right: sql
def add_departure(flights):
    return flights.withColumn("departs", F.expr("to_utc_timestamp(time_hour, 'America/New_York') + make_interval(0, 0, 0, 0, 0, cast(sched_dep_time % 100 AS int), 0)"))

# %% right: seconds
def add_departure(flights):
    seconds = F.unix_timestamp(F.to_utc_timestamp("time_hour", "US/Eastern")) + 60 * (F.col("sched_dep_time") % 100)
    return flights.withColumn("departs", F.timestamp_seconds(seconds))

# %% right: minutes_first
def add_departure(flights):
    wall = F.col("time_hour") + F.make_interval(mins=F.col("sched_dep_time") - F.floor(F.col("sched_dep_time") / 100) * 100)
    return flights.withColumn("departs", F.to_utc_timestamp(wall, "America/New_York"))

# %% right: made_of_its_parts
def add_departure(flights):
    t = F.col("time_hour")
    parts = [F.year(t), F.month(t), F.dayofmonth(t), F.hour(t), F.col("sched_dep_time") % 100, F.lit(0)]
    return flights.withColumn("departs", F.make_timestamp(*parts, F.lit("America/New_York")))
