# %% wrong: returns_the_input
# hint: no column yr_renovated_missing
def blank_sentinels(df, columns):
    return df

# %% wrong: hard_coded_column
# hint: a zero must be null
def blank_sentinels(df, columns):
    if "yr_renovated" in df.columns:
        df = df.withColumn("yr_renovated", F.nullif("yr_renovated", F.lit(0)).cast("double"))
        return df.withColumn("yr_renovated_missing", F.col("yr_renovated").isNull().cast("int"))
    for c in columns:
        df = df.withColumn(f"{c}_missing", F.lit(0))
    return df

# %% wrong: blanks_every_column
# hint: Another column changed
def blank_sentinels(df, columns):
    for c, kind in df.dtypes:
        if kind in ("int", "bigint", "double"):
            df = df.withColumn(c, F.when(F.col(c) != 0, F.col(c)).cast("double"))
    for c in columns:
        df = df.withColumn(f"{c}_missing", F.col(c).isNull().cast("int"))
    return df

# %% wrong: df_replace_everywhere
# hint: Another column changed
def blank_sentinels(df, columns):
    df = df.replace(0, None)
    for c in columns:
        df = df.withColumn(c, F.col(c).cast("double")).withColumn(f"{c}_missing", F.col(c).isNull().cast("int"))
    return df

# %% wrong: indicator_of_zero_only
# hint: arrived as null is missing too
def blank_sentinels(df, columns):
    for c in columns:
        df = df.withColumn(f"{c}_missing", F.coalesce((F.col(c) == 0).cast("int"), F.lit(0)))
        df = df.withColumn(c, F.when(F.col(c) == 0, None).otherwise(F.col(c)).cast("double"))
    return df

# %% wrong: indicator_is_null_for_nulls
# hint: indicator is null itself
def blank_sentinels(df, columns):
    for c in columns:
        df = df.withColumn(f"{c}_missing", (F.col(c) == 0).cast("int"))
        df = df.withColumn(c, F.when(F.col(c) == 0, None).otherwise(F.col(c)).cast("double"))
    return df

# %% wrong: drops_the_rows
# hint: keep its row
def blank_sentinels(df, columns):
    for c in columns:
        df = df.where(F.col(c) != 0).withColumn(c, F.col(c).cast("double")).withColumn(f"{c}_missing", F.lit(0))
    return df

# %% wrong: fills_at_once
# hint: a zero must be null
def blank_sentinels(df, columns):
    for c in columns:
        known = F.when(F.col(c) != 0, F.col(c).cast("double"))
        df = df.withColumn(f"{c}_missing", known.isNull().cast("int")).withColumn(c, F.coalesce(known, F.lit(df.agg(F.mean(known)).first()[0])))
    return df

# %% wrong: negatives_are_sentinels
# hint: not negative numbers
def blank_sentinels(df, columns):
    for c in columns:
        df = df.withColumn(c, F.when(F.col(c) > 0, F.col(c).cast("double")))
        df = df.withColumn(f"{c}_missing", F.col(c).isNull().cast("int"))
    return df

# %% wrong: keeps_whole_numbers
# hint: Make the blanked columns double
def blank_sentinels(df, columns):
    for c in columns:
        df = df.withColumn(c, F.nullif(F.col(c), F.lit(0)))
        df = df.withColumn(f"{c}_missing", F.col(c).isNull().cast("int"))
    return df

# %% wrong: boolean_indicator
# hint: is to be a number, 0 or 1
def blank_sentinels(df, columns):
    for c in columns:
        df = df.withColumn(c, F.nullif(F.col(c).cast("double"), F.lit(0.0)))
        df = df.withColumn(f"{c}_missing", F.col(c).isNull())
    return df

# %% wrong: pandas_frame
# hint: Return a Spark DataFrame
def blank_sentinels(df, columns):
    frame = df.toPandas()
    for c in columns:
        frame[c] = frame[c].astype("float64").mask(frame[c] == 0)
        frame[f"{c}_missing"] = frame[c].isna().astype(int)
    return frame

# %% right: nullif_in_one_select
def blank_sentinels(df, columns):
    blank = {c: F.nullif(F.col(c).cast("double"), F.lit(0.0)) for c in columns}
    flags = {f"{c}_missing": F.when(value.isNull(), 1).otherwise(0) for c, value in blank.items()}
    return df.withColumns({**blank, **flags})

# %% right: replace_on_a_subset
def blank_sentinels(df, columns):
    df = df.withColumns({c: F.col(c).cast("double") for c in columns}).replace(0.0, None, subset=columns)
    return df.withColumns({f"{c}_missing": F.isnull(c).cast("int") for c in columns})

# %% right: sql_expressions
def blank_sentinels(df, columns):
    kept = [f"`{c}`" for c in df.columns if c not in columns]
    blank = [f"nullif(cast(`{c}` as double), 0) as `{c}`" for c in columns]
    flags = [f"if(nullif(`{c}`, 0) is null, 1, 0) as `{c}_missing`" for c in columns]
    return df.selectExpr(*kept, *blank, *flags)
