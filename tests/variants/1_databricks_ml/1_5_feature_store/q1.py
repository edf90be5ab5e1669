# %% wrong: drops_the_row
# hint: its temperature was good
def clean_weather(raw):
    made_up = F.coalesce(F.abs(F.col("wind_gust") - 1.15078 * F.col("wind_speed")) < 0.001, F.lit(False))
    good = raw.dropna(subset=["origin", "time_hour"]).where("wind_speed < 200 OR wind_speed IS NULL").dropDuplicates(["origin", "time_hour"])
    return good.select("origin", "time_hour", "temp", "wind_speed", F.when(~made_up, F.col("wind_gust")).alias("wind_gust"), "visib")

# %% wrong: null_logic
# hint: What does a comparison with null give
def clean_weather(raw):
    speed, gust = F.col("wind_speed"), F.col("wind_gust")
    return (
        raw.dropna(subset=["origin", "time_hour"])
        .select("origin", "time_hour", "temp", F.when(speed < 200, speed).alias("wind_speed"), F.when(F.abs(gust - 1.15078 * speed) >= 0.001, gust).alias("wind_gust"), "visib")
        .distinct()
    )

# %% wrong: all_gusts_of_2023
# hint: 2023 alone does not make a gust wrong
def clean_weather(raw):
    speed, gust = F.col("wind_speed"), F.col("wind_gust")
    return (
        raw.dropna(subset=["origin", "time_hour"])
        .select("origin", "time_hour", "temp", F.when(speed < 200, speed).alias("wind_speed"), F.when(F.year("time_hour") != 2023, gust).alias("wind_gust"), "visib")
        .distinct()
    )

# %% wrong: fills_gaps
# hint: what a gap means is for the models
def clean_weather(raw):
    speed, gust = F.col("wind_speed"), F.col("wind_gust")
    made_up = F.coalesce(F.abs(gust - 1.15078 * speed) < 0.001, F.lit(False))
    clean = raw.dropna(subset=["origin", "time_hour"]).select("origin", "time_hour", "temp", F.when(speed < 200, speed).alias("wind_speed"), F.when(~made_up, gust).alias("wind_gust"), "visib")
    return clean.fillna(0.0, subset=["temp", "visib"]).distinct()

# %% wrong: drops_every_gap
# hint: Rows with other gaps must stay
def clean_weather(raw):
    speed, gust = F.col("wind_speed"), F.col("wind_gust")
    made_up = F.coalesce(F.abs(gust - 1.15078 * speed) < 0.001, F.lit(False))
    whole = raw.dropna(subset=["origin", "time_hour", "temp", "visib"])
    return whole.select("origin", "time_hour", "temp", F.when(speed < 200, speed).alias("wind_speed"), F.when(~made_up, gust).alias("wind_gust"), "visib").distinct()

# %% wrong: capped
# hint: must be null, the limit itself included
def clean_weather(raw):
    speed, gust = F.col("wind_speed"), F.col("wind_gust")
    made_up = F.coalesce(F.abs(gust - 1.15078 * speed) < 0.001, F.lit(False))
    return (
        raw.dropna(subset=["origin", "time_hour"])
        .select("origin", "time_hour", "temp", F.least(speed, F.lit(199.0)).alias("wind_speed"), F.when(~made_up, gust).alias("wind_gust"), "visib")
        .distinct()
    )

# %% wrong: copies_stay
# hint: delivered twice is still there twice
def clean_weather(raw):
    speed, gust = F.col("wind_speed"), F.col("wind_gust")
    made_up = F.coalesce(F.abs(gust - 1.15078 * speed) < 0.001, F.lit(False))
    return raw.dropna(subset=["origin", "time_hour"]).select("origin", "time_hour", "temp", F.when(speed < 200, speed).alias("wind_speed"), F.when(~made_up, gust).alias("wind_gust"), "visib")

# %% wrong: keys_may_be_null
# hint: it could never be looked up
def clean_weather(raw):
    speed, gust = F.col("wind_speed"), F.col("wind_gust")
    made_up = F.coalesce(F.abs(gust - 1.15078 * speed) < 0.001, F.lit(False))
    return raw.select("origin", "time_hour", "temp", F.when(speed < 200, speed).alias("wind_speed"), F.when(~made_up, gust).alias("wind_gust"), "visib").distinct()

# %% wrong: calm_is_measured
# hint: In a calm the made-up gust
def clean_weather(raw):
    speed, gust = F.col("wind_speed"), F.col("wind_gust")
    made_up = F.coalesce(F.abs(F.try_divide(gust, speed) - 1.15078) < 0.0001, F.lit(False))
    return (
        raw.dropna(subset=["origin", "time_hour"])
        .select("origin", "time_hour", "temp", F.when(speed < 200, speed).alias("wind_speed"), F.when(~made_up, gust).alias("wind_gust"), "visib")
        .distinct()
    )

# %% right: sql_expressions
def clean_weather(raw):
    return (
        raw.where("origin IS NOT NULL AND time_hour IS NOT NULL")
        .selectExpr(
            "origin",
            "time_hour",
            "temp",
            "CASE WHEN wind_speed >= 200 THEN NULL ELSE wind_speed END AS wind_speed",
            "CASE WHEN abs(wind_gust - 1.15078 * wind_speed) < 0.001 THEN NULL ELSE wind_gust END AS wind_gust",
            "visib",
        )
        .dropDuplicates(["origin", "time_hour"])
    )

# %% right: pandas
def clean_weather(raw):
    frame = raw.toPandas().dropna(subset=["origin", "time_hour"]).drop_duplicates()
    frame.loc[(frame["wind_gust"] - 1.15078 * frame["wind_speed"]).abs() < 0.001, "wind_gust"] = np.nan
    frame.loc[frame["wind_speed"] >= 200, "wind_speed"] = np.nan
    columns = ["origin", "time_hour", "temp", "wind_speed", "wind_gust", "visib"]
    schema = "origin string, time_hour timestamp, temp double, wind_speed double, wind_gust double, visib double"
    return spark.createDataFrame(frame[columns], schema).replace(float("nan"), None)
