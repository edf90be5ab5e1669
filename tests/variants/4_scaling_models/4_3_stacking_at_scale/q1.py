# %% wrong: fitted_on_all_rows
# hint: it has learnt the rows that it is asked about
def out_of_fold(df, models):
    result = df
    for name, model in models.items():
        result = model.fit(df).transform(result).withColumnRenamed("prediction", name)
    return result.select("id", "fold", "label", *models)


# %% wrong: fitted_on_the_fold_itself
# hint: fitted on the very fold that it predicts
def out_of_fold(df, models):
    parts = []
    for row in df.select("fold").distinct().collect():
        part = df.where(F.col("fold") == row["fold"])
        scored = part
        for name, model in models.items():
            scored = model.fit(part).transform(scored).withColumnRenamed("prediction", name)
        parts.append(scored.select("id", "fold", "label", *models))
    return functools.reduce(DataFrame.union, parts)


# %% wrong: folds_from_zero
# hint: Rows are missing
def out_of_fold(df, models):
    parts = []
    for fold in range(df.select("fold").distinct().count()):
        part = df.where(F.col("fold") == fold)
        for name, model in models.items():
            part = model.fit(df.where(F.col("fold") != fold)).transform(part).withColumnRenamed("prediction", name)
        parts.append(part.select("id", "fold", "label", *models))
    return functools.reduce(DataFrame.unionByName, parts)


# %% wrong: every_row_by_every_fold
# hint: A row came back more than once
def out_of_fold(df, models):
    parts = []
    for (fold,) in df.select("fold").distinct().collect():
        scored = df
        for name, model in models.items():
            scored = model.fit(df.where(F.col("fold") != fold)).transform(scored).withColumnRenamed("prediction", name)
        parts.append(scored.select("id", "fold", "label", *models))
    return functools.reduce(DataFrame.unionByName, parts)


# %% wrong: folds_up_to_the_largest
# hint: Rows are missing
def out_of_fold(df, models):
    parts = []
    for fold in range(df.agg(F.max("fold")).first()[0] + 1):
        part = df.where(F.col("fold") == fold)
        if part.isEmpty():
            continue
        for name, model in models.items():
            part = model.fit(df.where(F.col("fold") != fold), {model.predictionCol: name}).transform(part)
        parts.append(part.select("id", "fold", "label", *models))
    return functools.reduce(DataFrame.unionByName, parts)


# %% wrong: columns_by_the_alphabet
# hint: in the dict's order
def out_of_fold(df, models):
    parts = []
    for (fold,) in df.select("fold").distinct().collect():
        part = df.where(F.col("fold") == fold)
        for name, model in models.items():
            part = model.fit(df.where(F.col("fold") != fold), {model.predictionCol: name}).transform(part)
        parts.append(part.select("id", "fold", "label", *sorted(models)))
    return functools.reduce(DataFrame.unionByName, parts)


# %% right: columns_joined_by_id
def out_of_fold(df, models):
    folds = sorted(row["fold"] for row in df.select("fold").distinct().collect())
    result = df.select("id", "fold", "label")
    for name, model in models.items():
        parts = [model.fit(df.filter(df["fold"] != f)).transform(df.filter(df["fold"] == f)).select("id", F.col("prediction").alias(name)) for f in folds]
        result = result.join(functools.reduce(DataFrame.union, parts), "id")
    return result


# %% right: pipeline_of_a_fold_in_threads
def out_of_fold(df, models):
    from concurrent.futures import ThreadPoolExecutor

    folds = [row[0] for row in df.groupBy("fold").count().collect()]
    for name, model in models.items():
        model.setPredictionCol(name)

    def part(fold):
        chain = PipelineModel([model.fit(df.where(f"fold <> {fold}")) for model in models.values()])
        return chain.transform(df.where(f"fold = {fold}"))

    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(part, folds))
    return functools.reduce(lambda a, b: a.unionByName(b), parts).select(["id", "fold", "label", *models])
