# %% wrong: as_of_departure
# hint: Look back from the moment of the answer
def make_training_set(flights, table, hours_ahead):
    lookup = FeatureLookup(table, "origin", feature_names=["temp", "wind_speed"], timestamp_lookup_key="departs", lookback_window=datetime.timedelta(hours=3))
    return fe.create_training_set(df=flights, feature_lookups=[lookup], label="delay", exclude_columns=["id", "origin", "departs"])

# %% wrong: forwards
# hint: moved the wrong way
def make_training_set(flights, table, hours_ahead):
    asked = flights.withColumn("asked_at", F.col("departs") + F.make_interval(hours=F.lit(hours_ahead * 4)))
    lookup = FeatureLookup(table, "origin", feature_names=["temp", "wind_speed"], timestamp_lookup_key="asked_at", lookback_window=datetime.timedelta(hours=9))
    return fe.create_training_set(df=asked, feature_lookups=[lookup], label="delay", exclude_columns=["id", "origin", "departs", "asked_at"])

# %% wrong: no_lookback
# hint: how old may it be
def make_training_set(flights, table, hours_ahead):
    asked = flights.withColumn("asked_at", F.col("departs") - F.make_interval(hours=F.lit(hours_ahead)))
    lookup = FeatureLookup(table, "origin", feature_names=["temp", "wind_speed"], timestamp_lookup_key="asked_at")
    return fe.create_training_set(df=asked, feature_lookups=[lookup], label="delay", exclude_columns=["id", "origin", "departs", "asked_at"])

# %% wrong: always_one_hour
# hint: the moment of the answer
def make_training_set(flights, table, hours_ahead):
    asked = flights.withColumn("asked_at", F.col("departs") - F.expr("INTERVAL 1 HOUR"))
    lookup = FeatureLookup(table, "origin", feature_names=["temp", "wind_speed"], timestamp_lookup_key="asked_at", lookback_window=datetime.timedelta(hours=3))
    return fe.create_training_set(df=asked, feature_lookups=[lookup], label="delay", exclude_columns=["id", "origin", "departs", "asked_at"])

# %% wrong: keys_stay
# hint: a model would learn them by heart
def make_training_set(flights, table, hours_ahead):
    asked = flights.withColumn("asked_at", F.col("departs") - F.make_interval(hours=F.lit(hours_ahead)))
    lookup = FeatureLookup(table, "origin", feature_names=["temp", "wind_speed"], timestamp_lookup_key="asked_at", lookback_window=datetime.timedelta(hours=3))
    return fe.create_training_set(df=asked, feature_lookups=[lookup], label="delay")

# %% wrong: only_matched
# hint: A flight got lost or doubled
def make_training_set(flights, table, hours_ahead):
    airports = fe.read_table(name=table).select("origin").distinct()
    asked = flights.join(airports, "origin").withColumn("asked_at", F.col("departs") - F.make_interval(hours=F.lit(hours_ahead)))
    lookup = FeatureLookup(table, "origin", feature_names=["temp", "wind_speed"], timestamp_lookup_key="asked_at", lookback_window=datetime.timedelta(hours=3))
    return fe.create_training_set(df=asked, feature_lookups=[lookup], label="delay", exclude_columns=["id", "origin", "departs", "asked_at"])

# %% wrong: just_under_three_hours
# hint: exactly 3 hours old may be used
def make_training_set(flights, table, hours_ahead):
    asked = flights.withColumn("asked_at", F.col("departs") - F.make_interval(hours=F.lit(hours_ahead)))
    lookup = FeatureLookup(table, "origin", feature_names=["temp", "wind_speed"], timestamp_lookup_key="asked_at", lookback_window=datetime.timedelta(hours=2, minutes=59))
    return fe.create_training_set(df=asked, feature_lookups=[lookup], label="delay", exclude_columns=["id", "origin", "departs", "asked_at"])

# %% wrong: forgets_the_label
# hint: The label is missing in the training set
def make_training_set(flights, table, hours_ahead):
    asked = flights.withColumn("asked_at", F.col("departs") - F.make_interval(hours=F.lit(hours_ahead)))
    lookup = FeatureLookup(table, "origin", feature_names=["temp", "wind_speed"], timestamp_lookup_key="asked_at", lookback_window=datetime.timedelta(hours=3))
    return fe.create_training_set(df=asked.drop("delay"), feature_lookups=[lookup], label=None, exclude_columns=["id", "origin", "departs", "asked_at"])

# %% right: moved_in_place
def make_training_set(flights, table, hours_ahead):
    moved = flights.withColumn("departs", F.timestamp_seconds(F.unix_timestamp("departs") - 3600 * hours_ahead))
    lookup = FeatureLookup(table_name=table, lookup_key=["origin"], timestamp_lookup_key="departs", lookback_window=datetime.timedelta(minutes=180))
    return fe.create_training_set(df=moved.drop("id"), feature_lookups=[lookup], label="delay", exclude_columns=["departs", "origin"])

# %% right: two_lookups
def make_training_set(flights, table, hours_ahead):
    asked = flights.select("origin", "distance", "delay", (F.col("departs") - F.expr(f"INTERVAL {hours_ahead} HOURS")).alias("moment"))
    options = {"timestamp_lookup_key": "moment", "lookback_window": datetime.timedelta(hours=3)}
    lookups = [FeatureLookup(table, "origin", feature_names=name, **options) for name in ("temp", "wind_speed")]
    return fe.create_training_set(df=asked, feature_lookups=lookups, label=["delay"], exclude_columns=["origin", "moment"])
