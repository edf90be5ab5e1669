# %% wrong: nulls_fall_out
# hint: got lost
def split_by_threshold(df, column, low, high):
    inside = df.filter((F.col(column) >= low) & (F.col(column) <= high))
    outside = df.filter((F.col(column) < low) | (F.col(column) > high))
    unknown = df.filter((F.col(column) != F.col(column)))
    return inside, outside, unknown

# %% wrong: nan_is_large
# hint: counts as larger than any number
# hint: isNull does not see it
def split_by_threshold(df, column, low, high):
    c = F.col(column)
    return df.filter(c.between(low, high)), df.filter(~c.between(low, high)), df.filter(c.isNull())

# %% wrong: bounds_excluded
# hint: equal a bound are inside
def split_by_threshold(df, column, low, high):
    c = F.col(column)
    missing = c.isNull() | F.isnan(c)
    inside = df.filter(~missing & (c > low) & (c < high))
    return inside, df.filter(~missing & ((c <= low) | (c >= high))), df.filter(missing)

# %% wrong: one_sided
# hint: below the lower bound are missing
def split_by_threshold(df, column, low, high):
    c = F.col(column)
    missing = c.isNull() | F.isnan(c)
    return df.filter(~missing & c.between(low, high)), df.filter(~missing & (c > high)), df.filter(missing)

# %% wrong: subtract_removes_duplicates
# hint: Two equal rows are two rows
def split_by_threshold(df, column, low, high):
    inside = df.filter(F.col(column).between(low, high))
    unknown = df.filter(F.col(column).isNull() | F.isnan(column))
    outside = df.subtract(inside).subtract(unknown)
    return inside, outside, unknown

# %% wrong: eqnullsafe_counts_null_as_outside
# hint: it belongs to the unknown
def split_by_threshold(df, column, low, high):
    inside = F.coalesce(F.col(column).between(low, high), F.lit(False))
    return df.filter(inside), df.filter(~inside), df.filter(F.col(column).isNull())

# %% wrong: dropna_of_whole_rows
# hint: gaps in other columns don't matter
def split_by_threshold(df, column, low, high):
    complete = df.dropna()
    c = F.col(column)
    unknown = df.exceptAll(complete)
    return complete.filter(c.between(low, high)), complete.filter(~c.between(low, high)), unknown

# %% wrong: counts_only
# hint: Each of the three parts is a Spark DataFrame
def split_by_threshold(df, column, low, high):
    c = F.col(column)
    missing = c.isNull() | F.isnan(c)
    return df.filter(~missing & c.between(low, high)).count(), df.filter(~missing & ~c.between(low, high)).count(), df.filter(missing).count()

# %% wrong: input_three_times
# hint: nobody knows its value
def split_by_threshold(df, column, low, high):
    return df, df, df

# %% right: sql_expression
def split_by_threshold(df, column, low, high):
    known = f"(`{column}` IS NOT NULL AND NOT isnan(`{column}`))"
    return (
        df.where(f"{known} AND `{column}` BETWEEN {low} AND {high}"),
        df.where(f"{known} AND (`{column}` < {low} OR `{column}` > {high})"),
        df.where(f"NOT {known}"),
    )

# %% right: a_label_column
def split_by_threshold(df, column, low, high):
    c = F.col(column)
    part = F.when(c.isNull() | F.isnan(c), "unknown").when((c >= low) & (c <= high), "inside").otherwise("outside")
    labelled = df.withColumn("_part", part)
    return tuple(labelled.filter(F.col("_part") == name).drop("_part") for name in ("inside", "outside", "unknown"))

# %% right: except_all
def split_by_threshold(df, column, low, high):
    known = df.dropna(subset=[column])
    inside = known.filter(F.col(column).between(low, high))
    return inside, known.exceptAll(inside), df.exceptAll(known)

# %% right: nan_turned_into_null
def split_by_threshold(df, column, low, high):
    value = F.nanvl(F.col(column).cast("double"), F.lit(None).cast("double"))
    inside = F.coalesce(value.between(low, high), F.lit(False))
    return df.where(inside), df.where(value.isNotNull() & ~inside), df.where(value.isNull())

# %% wrong: sql_text_without_nan
# hint: counts as larger than any number
def split_by_threshold(df, column, low, high):
    inside = df.filter(f"{column} >= {low} and {column} <= {high}")
    outside = df.filter(f"{column} < {low} or {column} > {high}")
    unknown = df.filter(f"{column} is null or isnan({column})")
    return inside, outside, unknown
