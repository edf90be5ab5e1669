# %% wrong: deciles_of_each
# hint: are the bins those of the reference
def drifted(reference, current, threshold):
    def shares(df, name, kind):
        values = df.select(name).toPandas()[name]
        if kind != "string":
            cuts = np.unique(np.nanquantile(values.astype(float), np.arange(1, 10) / 10))
            values = pd.Series(np.where(values.isna(), -1, np.digitize(values.astype(float), cuts)))
        return values.fillna("<null>").value_counts(normalize=True)

    index = {name: given_psi(*shares(reference, name, kind).align(shares(current, name, kind), fill_value=0)) for name, kind in reference.dtypes}
    return sorted((n for n in index if index[n] > threshold), key=lambda n: -index[n])

# %% wrong: nulls_dropped
# hint: null is a category
def drifted(reference, current, threshold):
    index = {}
    for name, kind in reference.dtypes:
        then, now = (df.select(name).toPandas()[name].dropna() for df in (reference, current))
        if kind != "string":
            cuts = np.unique(np.quantile(then, np.arange(1, 10) / 10))
            then, now = pd.Series(np.digitize(then, cuts)), pd.Series(np.digitize(now, cuts))
        index[name] = given_psi(*then.value_counts(normalize=True).align(now.value_counts(normalize=True), fill_value=0))
    return sorted((n for n in index if index[n] > threshold), key=lambda n: -index[n])

# %% wrong: numbers_as_categories
# hint: a number's categories are bins
def drifted(reference, current, threshold):
    index = {}
    for name in reference.columns:
        then, now = (df.select(name).toPandas()[name].astype(object).where(lambda s: s.notna(), "<null>").value_counts(normalize=True) for df in (reference, current))
        index[name] = given_psi(*then.align(now, fill_value=0))
    names = [n for n in index if index[n] > threshold]
    return sorted(names, key=lambda n: -index[n])

# %% wrong: alphabetical
# hint: moved most comes first
def drifted(reference, current, threshold):
    found = []
    for name, kind in reference.dtypes:
        then, now = (df.select(name).toPandas()[name] for df in (reference, current))
        if kind != "string":
            cuts = np.unique(np.nanquantile(then.astype(float), np.arange(1, 10) / 10))
            then, now = (pd.Series(np.digitize(s.astype(float).fillna(-1e9), cuts)).where(s.notna(), -1) for s in (then, now))
        then, now = (s.fillna("<null>").value_counts(normalize=True) for s in (then, now))
        if given_psi(*then.align(now, fill_value=0)) > threshold:
            found.append(name)
    return sorted(found, reverse=True)

# %% right: with_pandas
def drifted(reference, current, threshold):
    then, now = reference.toPandas(), current.toPandas()
    index = {}
    for name, kind in reference.dtypes:
        a, b = then[name], now[name]
        if kind != "string":
            cuts = np.unique(np.nanquantile(a.astype(float), np.arange(1, 10) / 10))
            a, b = (pd.Series(np.digitize(s.astype(float).fillna(0), cuts)).where(s.notna(), -1) for s in (a, b))
        a, b = (s.fillna("nothing").value_counts() for s in (a, b))
        a, b = a.align(b, fill_value=0)
        index[name] = given_psi(a / a.sum(), b / b.sum())
    return [name for name, value in sorted(index.items(), key=lambda item: item[1], reverse=True) if value > threshold]

# %% right: bucketizer_in_spark
def drifted(reference, current, threshold):
    from pyspark.ml.feature import QuantileDiscretizer

    index = {}
    for name, kind in reference.dtypes:
        then, now = reference.select(name), current.select(name)
        if kind != "string":
            fitted = QuantileDiscretizer(inputCol=name, outputCol="bin", numBuckets=10, handleInvalid="keep", relativeError=0.0001).fit(then.dropna())
            then, now = (fitted.transform(df.withColumn(name, F.coalesce(F.col(name).cast("double"), F.lit(float("nan"))))).select(F.col("bin").cast("string").alias(name)) for df in (then, now))
        counts = then.na.fill("?").groupBy(name).count().withColumnRenamed("count", "p").join(now.na.fill("?").groupBy(name).count().withColumnRenamed("count", "q"), name, "full").toPandas().fillna(0)
        index[name] = given_psi(counts["p"] / counts["p"].sum(), counts["q"] / counts["q"].sum())
    return sorted((n for n in index if index[n] > threshold), key=lambda n: -index[n])
