# %% wrong: set_index_afterwards
# hint: name the key when you convert
# hint: stood in the session's settings
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
