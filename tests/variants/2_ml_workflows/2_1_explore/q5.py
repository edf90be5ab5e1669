# %% wrong: p_value
# hint: This is a p-value
def association(df, a, b):
    frame = df.select(a, b).dropna().toPandas()
    if dict(df.dtypes)[a] in ("string", "boolean"):
        return float(stats.chi2_contingency(pd.crosstab(frame[a], frame[b]), correction=False).pvalue)
    return float(stats.spearmanr(frame[a], frame[b]).statistic)

# %% wrong: chi_square_itself
# hint: lies between 0 and 1
def association(df, a, b):
    frame = df.select(a, b).dropna().toPandas()
    if dict(df.dtypes)[a] in ("string", "boolean"):
        return float(stats.chi2_contingency(pd.crosstab(frame[a], frame[b]), correction=False).statistic)
    return float(frame.corr("spearman").iloc[0, 1])

# %% wrong: without_the_shape_of_the_table
# hint: k − 1 is missing under the root
def association(df, a, b):
    frame = df.select(a, b).dropna().toPandas()
    if frame[a].nunique() < 2 or frame[b].nunique() < 2:
        return float("nan")
    if dict(df.dtypes)[a] in ("string", "boolean"):
        chi2 = stats.chi2_contingency(pd.crosstab(frame[a], frame[b]), correction=False).statistic
        return float(np.sqrt(chi2 / len(frame)))
    return float(frame.corr("spearman").iloc[0, 1])

# %% wrong: root_forgotten
# hint: V is a square root
def association(df, a, b):
    frame = df.select(a, b).dropna().toPandas()
    if frame[a].nunique() < 2 or frame[b].nunique() < 2:
        return float("nan")
    if dict(df.dtypes)[a] in ("string", "boolean"):
        table = pd.crosstab(frame[a], frame[b])
        chi2 = stats.chi2_contingency(table, correction=False).statistic
        return float(chi2 / (len(frame) * (min(table.shape) - 1)))
    return float(frame.corr("spearman").iloc[0, 1])

# %% wrong: yates_correction_left_on
# hint: corrects chi-square downwards
def association(df, a, b):
    frame = df.select(a, b).dropna().toPandas()
    if frame[a].nunique() < 2 or frame[b].nunique() < 2:
        return float("nan")
    if dict(df.dtypes)[a] in ("string", "boolean"):
        table = pd.crosstab(frame[a], frame[b])
        chi2 = stats.chi2_contingency(table).statistic
        return float(np.sqrt(chi2 / (len(frame) * (min(table.shape) - 1))))
    return float(frame.corr("spearman").iloc[0, 1])

# %% wrong: pearson
# hint: Spearman's looks at ranks only
def association(df, a, b):
    frame = df.select(a, b).dropna().toPandas()
    if frame[a].nunique() < 2 or frame[b].nunique() < 2:
        return float("nan")
    if dict(df.dtypes)[a] in ("string", "boolean"):
        return float(stats.contingency.association(pd.crosstab(frame[a], frame[b]), method="cramer"))
    return float(df.select(F.corr(a, b)).first()[0])

# %% wrong: null_as_a_category
# hint: null is not a category
def association(df, a, b):
    if dict(df.dtypes)[a] in ("string", "boolean"):
        table = df.crosstab(a, b).toPandas().set_index(f"{a}_{b}").to_numpy()
        if min(table.shape) < 2:
            return float("nan")
        chi2 = stats.chi2_contingency(table, correction=False)[0]
        return float(np.sqrt(chi2 / (table.sum() * (min(table.shape) - 1))))
    frame = df.select(a, b).dropna().toPandas()
    return float(frame.corr("spearman").iloc[0, 1])

# %% wrong: missing_numbers_as_zero
# hint: a missing number is not zero
def association(df, a, b):
    kind = dict(df.dtypes)[a]
    if kind in ("string", "boolean"):
        frame = df.select(a, b).dropna().toPandas()
        if frame[a].nunique() < 2 or frame[b].nunique() < 2:
            return float("nan")
        return float(stats.contingency.association(pd.crosstab(frame[a], frame[b]), method="cramer"))
    frame = df.select(a, b).fillna(0).toPandas()
    return float(frame.corr("spearman").iloc[0, 1])

# %% wrong: nulls_in_the_number_of_rows
# hint: don't count in n
def association(df, a, b):
    frame = df.select(a, b).dropna().toPandas()
    if frame[a].nunique() < 2 or frame[b].nunique() < 2:
        return float("nan")
    if dict(df.dtypes)[a] in ("string", "boolean"):
        table = pd.crosstab(frame[a], frame[b])
        chi2 = stats.chi2_contingency(table, correction=False).statistic
        return float(np.sqrt(chi2 / (df.count() * (min(table.shape) - 1))))
    return float(frame.corr("spearman").iloc[0, 1])

# %% wrong: dropna_of_every_column
# hint: Gaps in other columns don't matter
def association(df, a, b):
    frame = df.dropna().select(a, b).toPandas()
    if frame[a].nunique() < 2 or frame[b].nunique() < 2:
        return float("nan")
    if dict(df.dtypes)[a] in ("string", "boolean"):
        return float(stats.contingency.association(pd.crosstab(frame[a], frame[b]), method="cramer"))
    return float(frame.corr("spearman").iloc[0, 1])

# %% wrong: one_for_everything
# hint: V of a month's carriers and airports is not right
def association(df, a, b):
    return 1.0

# %% right: scipy_has_cramers_v
def association(df, a, b):
    frame = df.select(a, b).dropna().toPandas()
    if frame.nunique().min() < 2:
        return float("nan")
    if df.select(a).dtypes[0][1] in ("string", "boolean"):
        return float(stats.contingency.association(pd.crosstab(frame[a], frame[b]), method="cramer"))
    return float(stats.spearmanr(frame[a], frame[b]).statistic)

# %% right: spark_ml
def association(df, a, b):
    from pyspark.ml.feature import StringIndexer, VectorAssembler
    from pyspark.ml.stat import ChiSquareTest, Correlation

    pairs = df.select(F.col(a).alias("a"), F.col(b).alias("b")).dropna()
    n, ka, kb = pairs.select(F.count("*"), F.count_distinct("a"), F.count_distinct("b")).first()
    if min(ka, kb) < 2:
        return float("nan")
    if pairs.dtypes[0][1] in ("string", "boolean"):
        pairs = pairs.select(F.col("a").cast("string"), F.col("b").cast("string"))
        codes = StringIndexer(inputCols=["a", "b"], outputCols=["x", "y"]).fit(pairs).transform(pairs)
        vectors = VectorAssembler(inputCols=["x"], outputCol="features").transform(codes)
        chi2 = ChiSquareTest.test(vectors, "features", "y").first()["statistics"][0]
        return float((chi2 / (n * (min(ka, kb) - 1))) ** 0.5)
    vectors = VectorAssembler(inputCols=["a", "b"], outputCol="v").transform(pairs)
    return float(Correlation.corr(vectors, "v", "spearman").first()[0].toArray()[0, 1])

# %% right: by_hand
def association(df, a, b):
    frame = df.select(a, b).toPandas().dropna()
    x, y = frame[a], frame[b]
    if len(set(x)) < 2 or len(set(y)) < 2:
        return float("nan")
    if not pd.api.types.is_numeric_dtype(x) or x.dtype == bool:
        o = pd.crosstab(x, y).values
        e = np.outer(o.sum(1), o.sum(0)) / o.sum()
        return float(np.sqrt(((o - e) ** 2 / e).sum() / o.sum() / (min(o.shape) - 1)))
    return float(np.corrcoef(x.rank(), y.rank())[0, 1])

# %% right: crosstab_after_dropna
def association(df, a, b):
    known = df.dropna(subset=[a, b])
    if dict(df.dtypes)[a] in ["string", "boolean"]:
        t = known.crosstab(a, b).toPandas().iloc[:, 1:].to_numpy(dtype=float)
        k = min(t.shape)
        return float(np.sqrt(stats.chi2_contingency(t, correction=False).statistic / t.sum() / (k - 1))) if k > 1 else np.nan
    p = known.select(a, b).toPandas()
    return p[a].rank().corr(p[b].rank())
