# %% wrong: cells_left_as_strings
# hint: still strings
def summary_numbers(df, columns):
    rows = df.select(columns).summary("count", "mean", "min", "50%", "max").collect()
    return {c: {row["summary"]: row[c] for row in rows} for c in columns}


def show_profile(df, columns):
    dbutils.data.summarize(df.select(columns), precise=True)

# %% wrong: count_of_rows
# hint: a null is no value
def summary_numbers(df, columns):
    rows = df.select(columns).summary("mean", "min", "50%", "max").collect()
    out = {c: {row["summary"]: None if row[c] is None else float(row[c]) for row in rows} for c in columns}
    for c in columns:
        out[c]["count"] = float(df.count())
    return out


def show_profile(df, columns):
    dbutils.data.summarize(df.select(columns), precise=True)

# %% wrong: nulls_as_zero
# hint: a null is no value
def summary_numbers(df, columns):
    rows = df.select(columns).fillna(0).summary("count", "mean", "min", "50%", "max").collect()
    return {c: {row["summary"]: float(row[c]) for row in rows} for c in columns}


def show_profile(df, columns):
    dbutils.data.summarize(df.select(columns), precise=True)

# %% wrong: mean_over_all_rows
# hint: as if they were zeros
def summary_numbers(df, columns):
    rows = df.select(columns).summary("count", "mean", "min", "50%", "max").collect()
    out = {c: {row["summary"]: None if row[c] is None else float(row[c]) for row in rows} for c in columns}
    n = df.count()
    for c in columns:
        out[c]["mean"] = float(sum(row[0] or 0 for row in df.select(c).collect()) / n)
    return out


def show_profile(df, columns):
    dbutils.data.summarize(df.select(columns), precise=True)

# %% wrong: alphabet_decides
# hint: decided by the alphabet
def summary_numbers(df, columns):
    out = {}
    for c in columns:
        text = F.col(c).cast("string")
        count, mean, median = df.select(F.count(c), F.mean(c), F.percentile_approx(c, 0.5)).first()
        low, high = df.select(F.min(text), F.max(text)).first()
        number = lambda v: None if v is None else float(v)
        out[c] = {"count": float(count), "mean": number(mean), "min": number(low), "50%": number(median), "max": number(high)}
    return out


def show_profile(df, columns):
    dbutils.data.summarize(df.select(columns), precise=True)

# %% wrong: first_thousand_rows
# hint: not the first ones or a sample
def summary_numbers(df, columns):
    rows = df.select(columns).limit(1000).summary("count", "mean", "min", "50%", "max").collect()
    return {c: {row["summary"]: None if row[c] is None else float(row[c]) for row in rows} for c in columns}


def show_profile(df, columns):
    dbutils.data.summarize(df.select(columns), precise=True)

# %% wrong: missing_statistic_as_nan
# hint: it is None, not a number
def summary_numbers(df, columns):
    frame = df.select(columns).summary("count", "mean", "min", "50%", "max").toPandas().set_index("summary").astype(float)
    return {c: {k: float(v) for k, v in frame[c].items()} for c in columns}


def show_profile(df, columns):
    dbutils.data.summarize(df.select(columns), precise=True)

# %% wrong: approximate_profile
# hint: ask for exact ones
def summary_numbers(df, columns):
    rows = df.select(columns).summary("count", "mean", "min", "50%", "max").collect()
    return {c: {row["summary"]: None if row[c] is None else float(row[c]) for row in rows} for c in columns}


def show_profile(df, columns):
    dbutils.data.summarize(df.select(columns))

# %% wrong: profile_of_everything
# hint: select them first
def summary_numbers(df, columns):
    rows = df.select(columns).summary("count", "mean", "min", "50%", "max").collect()
    return {c: {row["summary"]: None if row[c] is None else float(row[c]) for row in rows} for c in columns}


def show_profile(df, columns):
    dbutils.data.summarize(df, precise=True)

# %% wrong: summary_in_place_of_profile
# hint: calls dbutils.data.summarize
def summary_numbers(df, columns):
    rows = df.select(columns).summary("count", "mean", "min", "50%", "max").collect()
    return {c: {row["summary"]: None if row[c] is None else float(row[c]) for row in rows} for c in columns}


def show_profile(df, columns):
    df.select(columns).summary().show()

# %% wrong: constants_of_february
# hint: for each of the columns that were asked for
def summary_numbers(df, columns):
    return {"dep_delay": {"count": 23690.0, "mean": 10.816842549598986, "min": -33.0, "50%": -2.0, "max": 853.0}}


def show_profile(df, columns):
    pass

# %% right: aggregates
def summary_numbers(df, columns):
    out = {}
    for c in columns:
        row = df.select(F.count(c), F.mean(c), F.min(c), F.percentile_approx(c, 0.5), F.max(c)).first()
        out[c] = dict(zip(["count", "mean", "min", "50%", "max"], [None if v is None else float(v) for v in row]))
    return out


def show_profile(df, columns):
    dbutils.data.summarize(df.select(*columns), True)

# %% right: whole_summary_by_pandas
def summary_numbers(df, columns):
    table = df.select(columns).summary().toPandas().set_index("summary")
    result = {}
    for c in columns:
        numbers = pd.to_numeric(table[c])
        result[c] = {k: (float(numbers[k]) if pd.notna(numbers[k]) else None) for k in ["count", "mean", "min", "50%", "max"]}
    return result


def show_profile(df, columns):
    subset = df[columns]
    return dbutils.data.summarize(subset, precise=True)

# %% right: pandas_describe
def summary_numbers(df, columns):
    frame = df.select(columns).toPandas().astype("float64").describe()
    return {c: {k: (None if np.isnan(frame.loc[k, c]) else frame.loc[k, c]) for k in ("count", "mean", "min", "50%", "max")} for c in columns}


def show_profile(df, columns):
    dbutils.data.summarize(df=df.select(columns), precise=True)
