# %% wrong: built_once
# hint: it is judged by rows that it knows
def cross_validated_rmse(df, build):
    judged = build(df).transform(df)
    return judged.select(F.sqrt(F.mean((F.col("prediction") - F.col("label")) ** 2))).first()[0]


# %% wrong: mean_of_folds
# hint: This is the mean of the folds' errors
def cross_validated_rmse(df, build):
    scores = []
    for (fold,) in df.select("fold").distinct().collect():
        judged = build(df.where(F.col("fold") != fold)).transform(df.where(F.col("fold") == fold))
        scores.append(RegressionEvaluator(metricName="rmse").evaluate(judged))
    return float(np.mean(scores))


# %% wrong: judged_on_the_training_folds
# hint: No error at all
def cross_validated_rmse(df, build):
    squares, rows = 0.0, 0
    for (fold,) in df.select("fold").distinct().collect():
        others = df.where(F.col("fold") != fold)
        found = build(others).transform(others).select(F.sum((F.col("prediction") - F.col("label")) ** 2), F.count("*")).first()
        squares, rows = squares + found[0], rows + found[1]
    return float((squares / rows) ** 0.5)


# %% wrong: folds_left_behind
# hint: fold included
def cross_validated_rmse(df, build):
    squares, rows = 0.0, 0
    for (fold,) in df.select("fold").distinct().collect():
        judged = build(df.where(F.col("fold") != fold).select("features", "label")).transform(df.where(F.col("fold") == fold))
        found = judged.select(F.sum((F.col("prediction") - F.col("label")) ** 2), F.count("*")).first()
        squares, rows = squares + found[0], rows + found[1]
    return float((squares / rows) ** 0.5)


# %% wrong: folds_from_zero
# hint: The folds may have any whole numbers
def cross_validated_rmse(df, build):
    parts = [build(df.where(F.col("fold") != f)).transform(df.where(F.col("fold") == f)).select("prediction", "label") for f in range(3)]
    return RegressionEvaluator(metricName="rmse").evaluate(functools.reduce(DataFrame.union, parts))


# %% wrong: weighted_mean_of_roots
# hint: though a weighted one
def cross_validated_rmse(df, build):
    total, judge = 0.0, RegressionEvaluator(metricName="rmse")
    for row in df.groupBy("fold").count().collect():
        model = build(df.where(F.col("fold") != row["fold"]))
        total += row["count"] * judge.evaluate(model.transform(df.where(F.col("fold") == row["fold"])))
    return total / df.count()


# %% wrong: one_number_for_all
# hint: build was not called
def cross_validated_rmse(df, build):
    return float(df.select(F.stddev("label")).first()[0])


# %% right: union_and_one_evaluator
def cross_validated_rmse(df, build):
    folds = [row.fold for row in df.select("fold").distinct().collect()]
    parts = [build(df.filter(df.fold != f)).transform(df.filter(df.fold == f)).select("prediction", "label") for f in folds]
    return RegressionEvaluator(metricName="rmse").evaluate(functools.reduce(DataFrame.union, parts))


# %% right: weighted_by_rows_in_pandas
def cross_validated_rmse(df, build):
    errors = []
    for f in sorted({r["fold"] for r in df.select("fold").collect()}):
        rows = build(df.where(f"fold <> {f}")).transform(df.where(f"fold = {f}")).select("prediction", "label").toPandas()
        errors.append((rows["prediction"] - rows["label"]).to_numpy())
    return float(np.sqrt(np.mean(np.concatenate(errors) ** 2)))
