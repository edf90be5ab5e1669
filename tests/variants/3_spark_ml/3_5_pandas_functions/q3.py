# %% wrong: loop_on_the_driver
# hint: one after another on the driver
def train_groups(df, min_rows):
    frame = df.select("zipcode", *FEATURES, "log_price").toPandas().dropna()
    rows = []
    for zipcode, sales in frame.groupby("zipcode"):
        if len(sales) >= min_rows:
            rows.append((zipcode, len(sales), pickle.dumps(LinearRegression().fit(sales[FEATURES], sales["log_price"]))))
    return spark.createDataFrame(rows, "zipcode string, n long, model binary")


# %% wrong: counts_before_it_drops
# hint: n counts rows in which something is missing
def train_groups(df, min_rows):
    def fit_group(sales):
        n = len(sales)
        sales = sales.dropna()
        if n < min_rows:
            return pd.DataFrame(columns=["zipcode", "n", "model"])
        return pd.DataFrame({"zipcode": [sales["zipcode"].iloc[0]], "n": [n], "model": [pickle.dumps(LinearRegression().fit(sales[FEATURES], sales["log_price"]))]})

    return df.where("zipcode IS NOT NULL").groupBy("zipcode").applyInPandas(fit_group, "zipcode string, n long, model binary")


# %% wrong: missing_zip_codes_are_a_group
# hint: Rows without a zip code are no group
def train_groups(df, min_rows):
    def fit_group(sales):
        sales = sales.dropna(subset=[*FEATURES, "log_price"])
        if len(sales) < min_rows:
            return pd.DataFrame(columns=["zipcode", "n", "model"])
        return pd.DataFrame({"zipcode": [sales["zipcode"].iloc[0]], "n": [len(sales)], "model": [pickle.dumps(LinearRegression().fit(sales[FEATURES], sales["log_price"]))]})

    return df.groupBy("zipcode").applyInPandas(fit_group, "zipcode string, n long, model binary")


# %% wrong: the_edge_is_left_out
# hint: exactly min_rows complete rows
def train_groups(df, min_rows):
    def fit_group(sales):
        if len(sales) <= min_rows:
            return pd.DataFrame(columns=["zipcode", "n", "model"])
        return pd.DataFrame({"zipcode": [sales["zipcode"].iloc[0]], "n": [len(sales)], "model": [pickle.dumps(LinearRegression().fit(sales[FEATURES], sales["log_price"]))]})

    return df.select("zipcode", *FEATURES, "log_price").dropna().groupBy("zipcode").applyInPandas(fit_group, "zipcode string, n long, model binary")


# %% wrong: gaps_filled_with_zero
# hint: n counts rows in which something is missing
def train_groups(df, min_rows):
    def fit_group(sales):
        sales = sales.fillna(0)
        if len(sales) < min_rows:
            return pd.DataFrame(columns=["zipcode", "n", "model"])
        return pd.DataFrame({"zipcode": [sales["zipcode"].iloc[0]], "n": [len(sales)], "model": [pickle.dumps(LinearRegression().fit(sales[FEATURES], sales["log_price"]))]})

    return df.where("zipcode IS NOT NULL").groupBy("zipcode").applyInPandas(fit_group, "zipcode string, n long, model binary")


# %% right: large_groups_first
def train_groups(df, min_rows):
    complete = df.dropna(subset=["zipcode", *FEATURES, "log_price"])
    large = complete.groupBy("zipcode").count().where(F.col("count") >= min_rows).drop("count")

    def fit_group(key, sales):
        model = LinearRegression()
        model.fit(sales[FEATURES], sales["log_price"])
        return pd.DataFrame([(key[0], len(sales), pickle.dumps(model))], columns=["zipcode", "n", "model"])

    return complete.join(large, "zipcode").groupBy("zipcode").applyInPandas(fit_group, "zipcode string, n long, model binary")


# %% right: aggregated_as_arrays
def train_groups(df, min_rows):
    @F.pandas_udf("binary")
    def fit(living: pd.Series, grade: pd.Series, label: pd.Series) -> bytes:
        return pickle.dumps(LinearRegression().fit(pd.DataFrame({"sqft_living": living, "grade": grade}), label))

    complete = df.dropna(subset=["zipcode", "sqft_living", "grade", "log_price"])
    counted = complete.groupBy("zipcode").agg(F.count("*").alias("n")).where(F.col("n") >= min_rows)
    fitted = complete.groupBy("zipcode").agg(fit("sqft_living", "grade", "log_price").alias("model"))
    return counted.join(fitted, "zipcode").select("zipcode", "n", "model")


# %% wrong: complete_in_every_column
# hint: a column that no model asks for
def train_groups(df, min_rows):
    def fit_group(key, sales):
        if len(sales) < min_rows:
            return pd.DataFrame(columns=["zipcode", "n", "model"])
        return pd.DataFrame({"zipcode": [key[0]], "n": [len(sales)], "model": [pickle.dumps(LinearRegression().fit(sales[FEATURES], sales["log_price"]))]})

    return df.dropna().groupBy("zipcode").applyInPandas(fit_group, "zipcode string, n long, model binary")


# %% wrong: models_in_a_dict
# hint: returns a DataFrame of Spark
def train_groups(df, min_rows):
    frame = df.toPandas().dropna(subset=["zipcode", *FEATURES, "log_price"])
    return {zipcode: LinearRegression().fit(sales[FEATURES], sales["log_price"]) for zipcode, sales in frame.groupby("zipcode") if len(sales) >= min_rows}


# %% right: rdd_of_groups
def train_groups(df, min_rows):
    def fit_group(pair):
        sales = pd.DataFrame(pair[1], columns=["zipcode", *FEATURES, "log_price"])
        return pair[0], len(sales), pickle.dumps(LinearRegression().fit(sales[FEATURES], sales["log_price"]))

    complete = df.select("zipcode", *FEATURES, "log_price").dropna()
    groups = complete.rdd.map(tuple).groupBy(lambda row: row[0], numPartitions=2).mapValues(list).filter(lambda pair: len(pair[1]) >= min_rows)
    return spark.createDataFrame(groups.map(fit_group), "zipcode string, n long, model binary")


# %% wrong: none_for_small_groups
# hint: What is returned for it?
def train_groups(df, min_rows):
    def fit_group(sales):
        if len(sales) >= min_rows:
            return pd.DataFrame({"zipcode": [sales["zipcode"].iloc[0]], "n": [len(sales)], "model": [pickle.dumps(LinearRegression().fit(sales[FEATURES], sales["log_price"]))]})

    return df.dropna(subset=["zipcode", *FEATURES, "log_price"]).groupBy("zipcode").applyInPandas(fit_group, "zipcode string, n long, model binary")
