# %% wrong: the_predecessor
# hint: it trusts the one that remembers
stack = leaky_stack


# %% wrong: base_models_of_the_last_fold
# hint: have seen only some of the folds
def stack(train, models):
    parts = []
    for (fold,) in train.select("fold").distinct().collect():
        fitted = [m.fit(train.where(F.col("fold") != fold), {m.predictionCol: n}) for n, m in models.items()]
        parts.append(PipelineModel(fitted).transform(train.where(F.col("fold") == fold)))
    votes = VectorAssembler(inputCols=list(models), outputCol="votes")
    meta = LinearRegression(featuresCol="votes").fit(votes.transform(functools.reduce(DataFrame.unionByName, parts)))
    return PipelineModel([*fitted, votes, meta])


# %% wrong: regularised
# hint: No regularisation
def stack(train, models):
    parts = []
    for (fold,) in train.select("fold").distinct().collect():
        fitted = [m.fit(train.where(F.col("fold") != fold), {m.predictionCol: n}) for n, m in models.items()]
        parts.append(PipelineModel(fitted).transform(train.where(F.col("fold") == fold)))
    votes = VectorAssembler(inputCols=list(models), outputCol="votes")
    meta = LinearRegression(featuresCol="votes", regParam=0.3).fit(votes.transform(functools.reduce(DataFrame.unionByName, parts)))
    return PipelineModel([*[m.fit(train, {m.predictionCol: n}) for n, m in models.items()], votes, meta])


# %% wrong: plain_average
# hint: This is a plain average
def stack(train, models):
    from pyspark.ml.feature import SQLTransformer

    fitted = [m.fit(train, {m.predictionCol: n}) for n, m in models.items()]
    mean = SQLTransformer(statement=f"SELECT *, ({' + '.join(models)}) / {len(models)} AS prediction FROM __THIS__")
    return PipelineModel([*fitted, mean])


# %% wrong: all_folds_answer
# hint: The models of the folds answer here
def stack(train, models):
    from pyspark.ml.feature import SQLTransformer

    folds, fitted, parts = [row["fold"] for row in train.select("fold").distinct().collect()], [], []
    votes = VectorAssembler(inputCols=list(models), outputCol="votes")
    for number, fold in enumerate(folds):
        others, part = train.where(F.col("fold") != fold), train.where(F.col("fold") == fold)
        for name, model in models.items():
            fitted.append(model.fit(others, {model.predictionCol: f"{name}_{number}"}))
            part = fitted[-1].transform(part).withColumnRenamed(f"{name}_{number}", name)
        parts.append(part)
    means = ", ".join(f"({' + '.join(f'{name}_{number}' for number in range(len(folds)))}) / {len(folds)} AS {name}" for name in models)
    meta = LinearRegression(featuresCol="votes").fit(votes.transform(functools.reduce(DataFrame.unionByName, parts)))
    return PipelineModel([*fitted, SQLTransformer(statement=f"SELECT *, {means} FROM __THIS__"), votes, meta])


# %% wrong: columns_thrown_away
# hint: own columns should still be there
def stack(train, models):
    from pyspark.ml.feature import SQLTransformer

    fitted = [m.fit(train, {m.predictionCol: n}) for n, m in models.items()]
    return PipelineModel([*fitted, SQLTransformer(statement=f"SELECT features, {' + '.join(models)} AS prediction FROM __THIS__")])


# %% right: renamed_by_sql
def stack(train, models):
    from pyspark.ml.feature import SQLTransformer

    renames = {n: SQLTransformer(statement=f"SELECT * EXCEPT (prediction), prediction AS `vote_{n}` FROM __THIS__") for n in models}
    folds = [row["fold"] for row in train.select("fold").distinct().collect()]
    table = None
    for fold in folds:
        part = train.where(F.col("fold") == fold)
        for name, model in models.items():
            part = renames[name].transform(model.fit(train.where(F.col("fold") != fold)).transform(part))
        table = part if table is None else table.unionByName(part)
    votes = VectorAssembler(inputCols=[f"vote_{n}" for n in models], outputCol="meta_features")
    stages = [stage for name, model in models.items() for stage in (model.fit(train), renames[name])]
    return PipelineModel(stages=[*stages, votes, LinearRegression(featuresCol="meta_features", labelCol="label").fit(votes.transform(table))])


# %% right: pipelines_within
def stack(train, models):
    named = [model.copy({model.predictionCol: "p_" + name}) for name, model in models.items()]
    bases = Pipeline(stages=named)
    parts = [bases.fit(train.where(f"fold != {f}")).transform(train.where(f"fold = {f}")) for (f,) in train.select("fold").distinct().collect()]
    table = functools.reduce(DataFrame.union, parts).drop("features")
    top = Pipeline(stages=[VectorAssembler(inputCols=["p_" + n for n in models], outputCol="votes"), LinearRegression(featuresCol="votes")])
    return PipelineModel(stages=[bases.fit(train), top.fit(table)])
