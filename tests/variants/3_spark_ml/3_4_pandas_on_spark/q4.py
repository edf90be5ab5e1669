# %% wrong: approximate_and_as_it_stands
# hint: this is the lower of the two in the middle
# hint: not the one that happens to stand above
def median_delay(flights, by):
    return flights.groupby(by)["arr_delay"].median()


def previous_delay(flights):
    flights = flights.copy()
    flights["previous"] = flights.groupby("tailnum")["arr_delay"].shift(1)
    flights["previous"] = flights["previous"].where(flights["tailnum"].notnull())
    return flights


# %% wrong: missing_groups_are_groups
# hint: make no group
# hint: were taken for one aircraft
def median_delay(flights, by):
    return flights.to_spark().groupBy(by).agg(F.median("arr_delay").alias("arr_delay")).pandas_api(index_col=by)


def previous_delay(flights):
    ordered = flights.sort_values("time_hour")
    ordered["previous"] = ordered.groupby("tailnum")["arr_delay"].shift(1)
    return ordered


# %% wrong: mean_and_all_aircraft
# hint: The median of three values
# hint: not whichever flew before
def median_delay(flights, by):
    return flights.groupby(by)["arr_delay"].mean()


def previous_delay(flights):
    ordered = flights.sort_values("time_hour")
    ordered["previous"] = ordered["arr_delay"].shift(1)
    ordered["previous"] = ordered["previous"].where(ordered["tailnum"].notnull())
    return ordered


# %% wrong: known_delays_only
# hint: halfway between the two
# hint: also if its delay is not known
def median_delay(flights, by):
    medians = flights.to_spark().where(F.col(by).isNotNull()).groupBy(by).agg(F.sort_array(F.collect_list("arr_delay")).alias("v"))
    return medians.where("size(v) > 0").select(by, F.expr("v[size(v) div 2]").alias("arr_delay")).pandas_api(index_col=by)


def previous_delay(flights):
    known = flights.to_spark(index_col="i")
    window = Window.partitionBy("tailnum").orderBy("time_hour").rowsBetween(Window.unboundedPreceding, -1)
    known = known.withColumn("previous", F.when(F.col("tailnum").isNotNull(), F.last("arr_delay", ignorenulls=True).over(window)))
    return known.pandas_api(index_col="i")


from pyspark.sql import Window

# %% wrong: collected_and_brought_back
# hint: The medians are right, and the flights went through
# hint: The flights went through the driver's memory
def median_delay(flights, by):
    return ps.from_pandas(flights.to_pandas().groupby(by)[["arr_delay"]].median())


def previous_delay(flights):
    frame = flights.to_pandas().sort_values("time_hour")
    frame["previous"] = frame.groupby("tailnum")["arr_delay"].shift()
    return ps.from_pandas(frame)


# %% wrong: functions_without_a_type
# hint: A function without a type hint that is applied to groups
# hint: The index is not that of flights
def median_delay(flights, by):
    return flights.groupby(by)["arr_delay"].apply(lambda delays: delays.median())


def previous_delay(flights):
    def with_previous(group):
        group = group.sort_values("time_hour")
        group["previous"] = group["arr_delay"].shift(1)
        return group

    return flights.groupby("tailnum").apply(with_previous)


# %% wrong: zeros_and_the_flight_after
# hint: counted as a delay of 0 minutes
# hint: This is the flight after
def median_delay(flights, by):
    filled = flights.fillna({"arr_delay": 0.0}).to_spark().where(F.col(by).isNotNull())
    return filled.groupBy(by).agg(F.median("arr_delay").alias("arr_delay")).pandas_api(index_col=by)


def previous_delay(flights):
    ordered = flights.sort_values("time_hour")
    ordered["previous"] = ordered.groupby("tailnum")["arr_delay"].shift(-1)
    ordered["previous"] = ordered["previous"].where(ordered["tailnum"].notnull())
    return ordered


# %% wrong: complete_rows_and_one_name_only
# hint: because another column has no value
# hint: is the flight's own delay
def median_delay(flights, by):
    known = flights.dropna().to_spark()
    return known.groupBy(by).agg(F.median("arr_delay").alias("arr_delay")).pandas_api(index_col=by)


def previous_delay(flights):
    return flights.assign(previous=flights["arr_delay"])


# %% wrong: always_by_carrier
# hint: by says which column it is
def median_delay(flights, by):
    known = flights.to_spark().where("carrier IS NOT NULL")
    return known.groupBy("carrier").agg(F.median("arr_delay").alias("arr_delay")).pandas_api(index_col="carrier")


# %% right: percentile_and_lag
from pyspark.sql import Window


def median_delay(flights, by):
    known = flights.dropna(subset=[by]).to_spark()
    return known.groupBy(by).agg(F.expr("percentile(arr_delay, 0.5)").alias("arr_delay")).pandas_api(index_col=by)["arr_delay"]


def previous_delay(flights):
    window = Window.partitionBy("tailnum").orderBy("time_hour")
    known = flights.to_spark(index_col="id_")
    known = known.withColumn("previous", F.when(F.col("tailnum").isNotNull(), F.lag("arr_delay").over(window)))
    return known.pandas_api(index_col="id_")


# %% right: pandas_in_each_group
def median_delay(flights, by):
    def median(group: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({by: group[by].iloc[:1], "arr_delay": [group["arr_delay"].median()]})

    known = flights.to_spark().where(F.col(by).isNotNull()).select(by, "arr_delay")
    return known.groupBy(by).applyInPandas(median, f"{by} string, arr_delay double").pandas_api(index_col=by)


def previous_delay(flights):
    ordered = flights.sort_values(["tailnum", "time_hour"])
    ordered["previous"] = ordered.groupby("tailnum")["arr_delay"].shift()
    ordered.loc[ordered["tailnum"].isnull(), "previous"] = None
    return ordered
