# %% wrong: create_alone
# hint: What does create_table do with df when the table exists
def save_features(name, df):
    fe.create_table(name=name, primary_keys=["origin", "time_hour"], timeseries_column="time_hour", df=df)

# %% wrong: drop_and_create
# hint: The second night wiped out the first
def save_features(name, df):
    try:
        fe.drop_table(name=name)
    except ValueError:
        pass
    fe.create_table(name=name, primary_keys=["origin", "time_hour"], timeseries_column="time_hour", df=df)

# %% wrong: no_timeseries_column
# hint: nobody can look it up as of a moment
def save_features(name, df):
    fe.create_table(name=name, primary_keys=["origin", "time_hour"], schema=df.schema)
    fe.write_table(name=name, df=df)

# %% wrong: only_what_is_new
# hint: the row of df must win
def save_features(name, df):
    fe.create_table(name=name, primary_keys=["origin", "time_hour"], timeseries_column="time_hour", schema=df.schema)
    known = fe.read_table(name=name).select("origin", "time_hour")
    fe.write_table(name=name, df=df.join(known, ["origin", "time_hour"], "left_anti"))

# %% wrong: skips_gaps
# hint: a value that is null now must be null
def save_features(name, df):
    fe.create_table(name=name, primary_keys=["origin", "time_hour"], timeseries_column="time_hour", schema=df.schema)
    known = fe.read_table(name=name)
    both = df.alias("n").join(known.alias("o"), ["origin", "time_hour"], "left")
    features = [c for c in df.columns if c not in ("origin", "time_hour")]
    fe.write_table(name=name, df=both.select("origin", "time_hour", *[F.coalesce(f"n.{c}", f"o.{c}").alias(c) for c in features]))

# %% wrong: fixed_columns
# hint: take the columns from df
def save_features(name, df):
    df = df.withColumns({c: F.lit(None).cast("double") for c in ("temp", "wind_speed") if c not in df.columns})
    df = df.select("origin", "time_hour", "temp", "wind_speed")
    fe.create_table(name=name, primary_keys=["origin", "time_hour"], timeseries_column="time_hour", schema=df.schema)
    fe.write_table(name=name, df=df)

# %% right: ask_first
def save_features(name, df):
    try:
        fe.get_table(name=name)
    except ValueError:
        fe.create_table(name=name, primary_keys=["origin", "time_hour"], timeseries_column="time_hour", df=df, description="Hourly weather")
    else:
        fe.write_table(name=name, df=df, mode="merge")

# %% right: both_always
def save_features(name, df):
    fe.create_table(name=name, primary_keys=["time_hour", "origin"], timeseries_column="time_hour", df=df)
    fe.write_table(name=name, df=df)

# %% wrong: asks_sparks_catalog
# hint: only fe can tell here, not Spark's catalog
def save_features(name, df):
    if spark.catalog.tableExists(name):
        fe.write_table(name=name, df=df)
    else:
        fe.create_table(name=name, primary_keys=["origin", "time_hour"], timeseries_column="time_hour", df=df)

# %% right: schema_first
def save_features(name, df):
    fe.create_table(name=name, primary_keys=["origin", "time_hour"], timeseries_column="time_hour", schema=df.schema)
    fe.write_table(name=name, df=df, mode="merge")
