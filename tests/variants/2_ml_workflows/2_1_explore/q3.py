# %% wrong: nulls_dropped
# hint: The rows with an unknown value disappeared
def drop_outliers(df, column, method, fit_on):
    if method == "sd":
        mean, sd = fit_on.select(F.mean(column), F.stddev(column)).first()
        low, high = mean - 3 * sd, mean + 3 * sd
    else:
        q1, q3 = fit_on.approxQuantile(column, [0.25, 0.75], 0.0)
        low, high = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
    return df.filter(F.col(column).between(low, high))

# %% wrong: fences_from_df
# hint: Were the fences computed on df
def drop_outliers(df, column, method, fit_on):
    if method == "sd":
        mean, sd = df.select(F.mean(column), F.stddev(column)).first()
        low, high = mean - 3 * sd, mean + 3 * sd
    else:
        q1, q3 = df.approxQuantile(column, [0.25, 0.75], 0.0)
        low, high = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
    return df.filter(F.col(column).between(low, high) | F.col(column).isNull())

# %% wrong: returns_the_training_rows
# hint: those of df, not those of fit_on
def drop_outliers(df, column, method, fit_on):
    if method == "sd":
        mean, sd = fit_on.select(F.mean(column), F.stddev(column)).first()
        low, high = mean - 3 * sd, mean + 3 * sd
    else:
        q1, q3 = fit_on.approxQuantile(column, [0.25, 0.75], 0.0)
        low, high = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
    return fit_on.filter(F.col(column).between(low, high) | F.col(column).isNull())

# %% wrong: upper_fence_only
# hint: There is a lower fence too
def drop_outliers(df, column, method, fit_on):
    if method == "sd":
        mean, sd = fit_on.select(F.mean(column), F.stddev(column)).first()
        high = mean + 3 * sd
    else:
        q1, q3 = fit_on.approxQuantile(column, [0.25, 0.75], 0.0)
        high = q3 + 1.5 * (q3 - q1)
    return df.filter((F.col(column) <= high) | F.col(column).isNull())

# %% wrong: fence_itself_excluded
# hint: exactly on the fence stays
def drop_outliers(df, column, method, fit_on):
    c = F.col(column)
    if method == "sd":
        mean, sd = fit_on.select(F.mean(column), F.stddev(column)).first()
        low, high = mean - 3 * sd, mean + 3 * sd
    else:
        q1, q3 = fit_on.approxQuantile(column, [0.25, 0.75], 0.0)
        low, high = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
    return df.filter(((c > low) & (c < high)) | c.isNull())

# %% wrong: coarse_quantiles
# hint: are the quartiles exact
def drop_outliers(df, column, method, fit_on):
    if method == "sd":
        mean, sd = fit_on.select(F.mean(column), F.stddev(column)).first()
        low, high = mean - 3 * sd, mean + 3 * sd
    else:
        q1, q3 = fit_on.approxQuantile(column, [0.25, 0.75], 0.25)
        low, high = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
    return df.filter(F.col(column).between(low, high) | F.col(column).isNull())

# %% wrong: fences_around_the_median
# hint: not from the median
def drop_outliers(df, column, method, fit_on):
    if method == "sd":
        mean, sd = fit_on.select(F.mean(column), F.stddev(column)).first()
        low, high = mean - 3 * sd, mean + 3 * sd
    else:
        q1, median, q3 = fit_on.approxQuantile(column, [0.25, 0.5, 0.75], 0.0)
        low, high = median - 1.5 * (q3 - q1), median + 1.5 * (q3 - q1)
    return df.filter(F.col(column).between(low, high) | F.col(column).isNull())

# %% wrong: two_standard_deviations
# hint: not two
def drop_outliers(df, column, method, fit_on):
    if method == "sd":
        mean, sd = fit_on.select(F.mean(column), F.stddev(column)).first()
        low, high = mean - 2 * sd, mean + 2 * sd
    else:
        q1, q3 = fit_on.approxQuantile(column, [0.25, 0.75], 0.0)
        low, high = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
    return df.filter(F.col(column).between(low, high) | F.col(column).isNull())

# %% wrong: keeps_the_outliers
# hint: is it the rows inside the fences that you keep
def drop_outliers(df, column, method, fit_on):
    if method == "sd":
        mean, sd = fit_on.select(F.mean(column), F.stddev(column)).first()
        low, high = mean - 3 * sd, mean + 3 * sd
    else:
        q1, q3 = fit_on.approxQuantile(column, [0.25, 0.75], 0.0)
        low, high = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
    return df.filter(~F.col(column).between(low, high))

# %% wrong: a_constant_that_suits_february
# hint: Ordinary values were dropped
def drop_outliers(df, column, method, fit_on):
    return df.filter((F.col(column) < (85 if method == "sd" else 10)) | F.col(column).isNull())

# %% wrong: returns_the_input
# hint: nothing was dropped
def drop_outliers(df, column, method, fit_on):
    return df

# %% right: sql_percentile
def drop_outliers(df, column, method, fit_on):
    fit_on.createOrReplaceTempView("_fit")
    centre = "avg(x) - 3 * stddev(x), avg(x) + 3 * stddev(x)"
    box = "2.5 * percentile(x, 0.25) - 1.5 * percentile(x, 0.75), 2.5 * percentile(x, 0.75) - 1.5 * percentile(x, 0.25)"
    low, high = spark.sql(f"SELECT {centre if method == 'sd' else box} FROM (SELECT {column} AS x FROM _fit)").first()
    return df.where(f"{column} IS NULL OR {column} BETWEEN {low!r} AND {high!r}")

# %% right: numbers_from_the_summary
def drop_outliers(df, column, method, fit_on):
    s = {row["summary"]: row[column] for row in fit_on.select(column).summary().collect()}
    if method == "sd":
        center, spread = float(s["mean"]), 3 * float(s["stddev"])
        low, high = center - spread, center + spread
    elif method == "iqr":
        a, b = float(s["25%"]), float(s["75%"])
        low, high = a - 1.5 * (b - a), b + 1.5 * (b - a)
    out = (F.col(column) < low) | (F.col(column) > high)
    return df.filter(~F.coalesce(out, F.lit(False)))

# %% right: fences_by_pandas
def drop_outliers(df, column, method, fit_on):
    x = fit_on.select(column).toPandas()[column].dropna().astype(float)
    if method == "sd":
        low, high = x.mean() - 3 * x.std(), x.mean() + 3 * x.std()
    else:
        q1, q3 = x.quantile([0.25, 0.75])
        low, high = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
    too_far = (F.col(column) < float(low)) | (F.col(column) > float(high))
    return df.filter(too_far.isNull() | ~too_far)

# %% right: cross_join_with_the_fences
def drop_outliers(df, column, method, fit_on):
    q = F.percentile_approx(column, [0.25, 0.75], 1000000)
    if method == "sd":
        fences = fit_on.select((F.mean(column) - 3 * F.stddev(column)).alias("_lo"), (F.mean(column) + 3 * F.stddev(column)).alias("_hi"))
    else:
        fences = fit_on.select(q.alias("q")).selectExpr("q[0] - 1.5 * (q[1] - q[0]) AS _lo", "q[1] + 1.5 * (q[1] - q[0]) AS _hi")
    joined = df.crossJoin(F.broadcast(fences))
    return joined.filter(F.col(column).isNull() | F.col(column).between(F.col("_lo"), F.col("_hi"))).drop("_lo", "_hi")
