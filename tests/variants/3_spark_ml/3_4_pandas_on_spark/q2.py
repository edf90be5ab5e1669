# %% wrong: set_index_afterwards
# hint: name the key when you convert
# hint: taken over from the session's settings
def with_index(df, key=None, numbered=False):
    frame = df.pandas_api()
    return frame.set_index(key) if key is not None else frame


# %% wrong: option_left_behind
# hint: is not what it was before
def with_index(df, key=None, numbered=False):
    if key is not None:
        return df.pandas_api(index_col=key)
    ps.set_option("compute.default_index_type", "distributed-sequence" if numbered else "distributed")
    return df.pandas_api()


# %% wrong: numbered_in_any_case
# hint: can have them for nothing
def with_index(df, key=None, numbered=False):
    if key is not None:
        return df.pandas_api(index_col=key)
    with ps.option_context("compute.default_index_type", "distributed-sequence"):
        return df.pandas_api()


# %% wrong: distributed_has_gaps
# hint: has gaps as soon as
def with_index(df, key=None, numbered=False):
    if key is not None:
        return df.pandas_api(index_col=key)
    with ps.option_context("compute.default_index_type", "distributed"):
        return df.pandas_api()


# %% wrong: numbered_by_a_window
# hint: moves all rows into one partition
def with_index(df, key=None, numbered=False):
    if key is not None:
        return df.pandas_api(index_col=key)
    with ps.option_context("compute.default_index_type", "sequence" if numbered else "distributed"):
        return df.pandas_api()


# %% wrong: numbered_whatever_the_key
# hint: Where there is a key it is the index
def with_index(df, key=None, numbered=False):
    if numbered:
        with ps.option_context("compute.default_index_type", "distributed-sequence"):
            return df.pandas_api()
    if key is not None:
        return df.pandas_api(index_col=key)
    with ps.option_context("compute.default_index_type", "distributed"):
        return df.pandas_api()


# %% wrong: equal_rows_and_one_key_only
# hint: With key=['gate', 'code'] it raises
# hint: Two rows may have the same values
def with_index(df, key=None, numbered=False):
    if key is not None:
        return df.pandas_api(index_col=[key])
    if numbered:
        with ps.option_context("compute.default_index_type", "distributed-sequence"):
            return df.pandas_api()
    return df.withColumn("row", F.xxhash64(*df.columns)).pandas_api(index_col="row")


# %% wrong: one_partition_by_hand
# hint: moves all rows into one partition
def with_index(df, key=None, numbered=False):
    if key is not None:
        return df.pandas_api(index_col=key)
    if numbered:
        df = df.coalesce(1)
    return df.withColumn("row", F.monotonically_increasing_id()).pandas_api(index_col="row")


# %% right: option_put_back_by_hand
def with_index(df, key=None, numbered=False):
    if key is not None:
        return df.pandas_api(index_col=[key] if isinstance(key, str) else list(key))
    before = ps.get_option("compute.default_index_type")
    ps.set_option("compute.default_index_type", "distributed-sequence" if numbered else "distributed")
    try:
        return df.pandas_api()
    finally:
        ps.set_option("compute.default_index_type", before)


# %% right: numbers_of_its_own
def with_index(df, key=None, numbered=False):
    if key is not None:
        return df.pandas_api(index_col=key)
    if numbered:
        with ps.option_context("compute.default_index_type", "distributed-sequence"):
            return df.pandas_api()
    frame = df.withColumn("__row__", F.monotonically_increasing_id()).pandas_api(index_col="__row__")
    frame.index.name = None
    return frame


# %% right: numbered_by_sizes_of_partitions
def with_index(df, key=None, numbered=False):
    if key is not None:
        return df.pandas_api(index_col=key)
    row, part = F.monotonically_increasing_id(), F.spark_partition_id()
    df = df.withColumn("__row", row).withColumn("__part", part)
    if numbered:
        shift, before = F.lit(0), 0
        for number, size in sorted(map(tuple, df.groupBy("__part").count().collect())):
            shift = F.when(F.col("__part") == number, before - (number << 33)).otherwise(shift)
            before += size
        df = df.withColumn("__row", F.col("__row") + shift)
    return df.drop("__part").pandas_api(index_col="__row")


# %% right: numbered_by_an_rdd
def with_index(df, key=None, numbered=False):
    if key is None and numbered:
        rows = df.rdd.zipWithIndex().map(lambda pair: (*pair[0], pair[1]))
        df, key = spark.createDataFrame(rows, df.withColumn("number", F.lit(0).cast("long")).schema), "number"
    with ps.option_context("compute.default_index_type", "distributed"):
        return df.pandas_api(index_col=key)
