# %% wrong: no_watermark
# hint: Is there a watermark
def board(scored, wait):
    hours = scored.groupBy("origin", F.window("time_hour", "1 hour").alias("span"))
    return hours.agg(F.count("*").alias("flights"), F.sum("prediction").alias("delay")).select("origin", F.col("span.start").alias("hour"), "flights", "delay")

# %% wrong: date_trunc_loses_it
# hint: does what you group by still carry it
def board(scored, wait):
    hours = scored.withWatermark("time_hour", wait).groupBy("origin", F.date_trunc("hour", "time_hour").alias("hour"))
    return hours.agg(F.count("*").alias("flights"), F.sum("prediction").alias("delay"))

# %% wrong: wait_made_up
# hint: the wait that is handed over used
def board(scored, wait):
    hours = scored.withWatermark("time_hour", "0 seconds").groupBy("origin", F.window("time_hour", "1 hour").alias("span"))
    return hours.agg(F.count("*").alias("flights"), F.sum("prediction").alias("delay")).select("origin", F.col("span.start").alias("hour"), "flights", "delay")

# %% wrong: end_of_the_hour
# hint: hour is the beginning of the hour
def board(scored, wait):
    hours = scored.withWatermark("time_hour", wait).groupBy("origin", F.window("time_hour", "30 minutes").alias("span"))
    return hours.agg(F.count("*").alias("flights"), F.sum("prediction").alias("delay")).select("origin", F.col("span.start").alias("hour"), "flights", "delay")

# %% right: window_time
def board(scored, wait):
    window = F.window(F.col("time_hour"), "60 minutes")
    sums = scored.withWatermark("time_hour", wait).groupBy(window, "origin").agg(F.sum(F.lit(1)).alias("flights"), F.sum("prediction").alias("delay"))
    return sums.withColumn("hour", F.col("window.start")).drop("window")

# %% right: window_function_first
def board(scored, wait):
    marked = scored.withWatermark("time_hour", wait).withColumn("span", F.window("time_hour", "1 hour"))
    return marked.groupBy("span", "origin").agg(F.count("origin").alias("flights"), F.sum("prediction").alias("delay")).selectExpr("origin", "span.start AS hour", "flights", "delay")
