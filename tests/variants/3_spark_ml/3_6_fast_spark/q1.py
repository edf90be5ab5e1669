# %% wrong: cache_kept
# hint: The table is still cached
def long_haul(path):
    every = spark.read.parquet(path).cache()
    return every.where("origin = 'JFK' AND distance > 1000").select("carrier", "dest", "arr_delay")


# %% wrong: function_with_fewer_columns
# hint: Rows are still handed to a Python function
def long_haul(path):
    far = F.udf(lambda distance: distance is not None and distance > 1000, "boolean")
    mine = spark.read.parquet(path).where("origin = 'JFK'").select("carrier", "dest", "arr_delay", "distance")
    return mine.where(far("distance")).select("carrier", "dest", "arr_delay")


# %% wrong: computed_around_the_columns
# hint: The files are not asked for the distance
def long_haul(path):
    every = spark.read.parquet(path)
    return every.where((F.col("origin") == "JFK") & (F.coalesce("distance", F.lit(0.0)) > 1000)).select("carrier", "dest", "arr_delay")


# %% wrong: unknown_delays_dropped
# hint: only the distance must be known
def long_haul(path):
    every = spark.read.parquet(path).where("origin = 'JFK' AND distance > 1000")
    return every.select("carrier", "dest", "arr_delay").dropna()


# %% wrong: fetched_into_the_driver
# hint: The plan reads no files
def long_haul(path):
    rows = spark.read.parquet(path).where("origin = 'JFK' AND distance > 1000").select("carrier", "dest", "arr_delay").collect()
    return spark.createDataFrame(rows, "carrier string, dest string, arr_delay double")


# %% wrong: the_table_of_the_page
# hint: is it the table at `path` that is read
def long_haul(path):
    return spark.read.parquet(night).where("origin = 'JFK' AND distance > 1000").select("carrier", "dest", "arr_delay")


# %% right: columns_and_filters_apart
def long_haul(path):
    every = spark.read.parquet(path).select("carrier", "dest", "arr_delay", "distance", "origin")
    return every.filter(F.col("origin") == F.lit("JFK")).filter(F.col("distance") > 1000).drop("distance", "origin")


# %% right: sql_on_the_one_folder
def long_haul(path):
    spark.read.option("basePath", path).parquet(f"{path}/origin=JFK").createOrReplaceTempView("mine")
    return spark.sql("SELECT carrier, dest, arr_delay FROM mine WHERE NOT (distance <= 1000 OR distance IS NULL)")
