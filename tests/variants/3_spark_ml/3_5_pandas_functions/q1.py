# %% wrong: subtracts_the_clocks
# hint: can't be subtracted as they are
# hint: whose mean is it
@F.pandas_udf("double")
def clock_delay(planned: pd.Series, actual: pd.Series) -> pd.Series:
    return ((actual - planned) + 360) % 1440 - 360


def with_z(df, column):
    return df.withColumn("z", standardised(column))


# %% wrong: midnight_forgotten
# hint: over midnight
# hint: the standard deviation of a population
@F.pandas_udf("double")
def clock_delay(planned: pd.Series, actual: pd.Series) -> pd.Series:
    return (actual // 100 * 60 + actual % 100) - (planned // 100 * 60 + planned % 100)


def with_z(df, column):
    mean, deviation = df.agg(F.mean(column), F.stddev_pop(column)).first()
    return df.withColumn("z", (F.col(column) - mean) / deviation)


# %% wrong: wraps_everything_that_is_negative
# hint: A flight can leave early
# hint: Missing values were counted as zeros
@F.pandas_udf("double")
def clock_delay(planned: pd.Series, actual: pd.Series) -> pd.Series:
    minutes = (actual // 100 * 60 + actual % 100) - (planned // 100 * 60 + planned % 100)
    return minutes.where(~(minutes < 0), minutes + 1440)


def with_z(df, column):
    mean, deviation = df.select(F.coalesce(column, F.lit(0.0)).alias("v")).agg(F.mean("v"), F.stddev("v")).first()
    return df.withColumn("z", (F.col(column) - mean) / deviation)


# %% wrong: row_by_row_and_gaps_as_midnight
# hint: make it a pandas UDF
# hint: Some rows were lost
@F.udf("double")
def clock_delay(planned, actual):
    if planned is None or actual is None:
        return None
    return float((actual // 100 * 60 + actual % 100 - planned // 100 * 60 - planned % 100 + 360) % 1440 - 360)


def with_z(df, column):
    mean, deviation = df.agg(F.mean(column), F.stddev(column)).first()
    return df.dropna(subset=[column]).withColumn("z", (F.col(column) - mean) / deviation)


# %% wrong: gaps_as_midnight
# hint: neither 0 nor a time taken for midnight
# hint: whose mean is it
@F.pandas_udf("double")
def clock_delay(planned: pd.Series, actual: pd.Series) -> pd.Series:
    planned, actual = planned.fillna(0), actual.fillna(0)
    return ((actual // 100 * 60 + actual % 100) - (planned // 100 * 60 + planned % 100) + 360.0) % 1440 - 360


def with_z(df, column):
    def z(batches):
        for frame in batches:
            yield frame.assign(z=(frame[column] - frame[column].mean()) / frame[column].std())

    return df.mapInPandas(z, f"{df.schema.simpleString()[7:-1]}, z double".replace(":", " "))


# %% right: numpy_and_a_window
@F.pandas_udf("double")
def clock_delay(planned: pd.Series, actual: pd.Series) -> pd.Series:
    minutes = [np.floor(clock.astype(float) / 100) * 60 + clock.astype(float) % 100 for clock in (planned, actual)]
    raw = minutes[1] - minutes[0]
    raw = np.where(raw < -360, raw + 1440, raw)
    return pd.Series(np.where(raw >= 1080, raw - 1440, raw))


def with_z(df, column):
    from pyspark.sql import Window

    everything = Window.partitionBy()
    return df.withColumn("z", (F.col(column) - F.mean(column).over(everything)) / F.stddev(column).over(everything))


# %% right: iterator_and_numbers_handed_in
@F.pandas_udf("double")
def clock_delay(batches: Iterator[tuple[pd.Series, pd.Series]]) -> Iterator[pd.Series]:
    for planned, actual in batches:
        delay = actual // 100 * 60 + actual % 100 - planned // 100 * 60 - planned % 100
        yield (delay.astype(float) + 360).mod(1440) - 360


def with_z(df, column):
    values = df.select(column).toPandas()[column].astype(float)
    mean, deviation = values.mean(), values.std()

    @F.pandas_udf("double")
    def z(value: pd.Series) -> pd.Series:
        return (value - mean) / deviation

    return df.withColumn("z", z(column))


# %% wrong: nearest_and_taken_to_pandas
# hint: At the edges it is wrong
# hint: changed its type on the way
@F.pandas_udf("double")
def clock_delay(planned: pd.Series, actual: pd.Series) -> pd.Series:
    minutes = (actual // 100 * 60 + actual % 100) - (planned // 100 * 60 + planned % 100)
    return (minutes + 720.0) % 1440 - 720


def with_z(df, column):
    frame = df.toPandas()
    frame["z"] = (frame[column] - frame[column].mean()) / frame[column].std()
    return spark.createDataFrame(frame)


# %% wrong: joined_back_by_value
# hint: neither 0 nor a time taken for midnight
# hint: or came twice
@F.pandas_udf("double")
def clock_delay(planned: pd.Series, actual: pd.Series) -> pd.Series:
    minutes = (actual // 100 * 60 + actual % 100) - (planned // 100 * 60 + planned % 100)
    return minutes.where(minutes >= -360, minutes + 1440).fillna(0.0)


def with_z(df, column):
    mean, deviation = df.agg(F.mean(column), F.stddev(column)).first()
    scores = df.select(column, ((F.col(column) - mean) / deviation).alias("z"))
    return df.join(scores, column, "left").select(*df.columns, "z")


# %% wrong: return_forgotten
# hint: The UDF returns doubles
# hint: Is a return missing?
@F.pandas_udf("long")
def clock_delay(planned: pd.Series, actual: pd.Series) -> pd.Series:
    return ((actual // 100 * 60 + actual % 100) - (planned // 100 * 60 + planned % 100) + 360) % 1440 - 360


def with_z(df, column):
    mean, deviation = df.agg(F.mean(column), F.stddev(column)).first()
    df.withColumn("z", (F.col(column) - mean) / deviation)
