# %% wrong: imputed_before_the_folds
# hint: a say in the means
# hint: a grid multiplies
def count_fits(grid, folds):
    return sum(map(len, grid.values())) * (folds or 1) + 1


def cross_validate(df, features, regs, folds):
    filled = Imputer(inputCols=features, outputCols=features).fit(df).transform(df)
    lr = LogisticRegression()
    pipeline = Pipeline(stages=[VectorAssembler(inputCols=features, outputCol="features"), lr])
    grid = ParamGridBuilder().addGrid(lr.regParam, regs).build()
    return CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=folds, foldCol="fold").fit(filled)


# %% wrong: random_folds
# hint: Are the folds those of the column fold
# hint: After the folds
def count_fits(grid, folds):
    n = 1
    for values in grid.values():
        n *= len(values)
    return n * (folds or 1)


def cross_validate(df, features, regs, folds):
    lr = LogisticRegression()
    pipeline = Pipeline(stages=[Imputer(inputCols=features, outputCols=features), VectorAssembler(inputCols=features, outputCol="features"), lr])
    grid = ParamGridBuilder().addGrid(lr.regParam, regs).build()
    return CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=folds, seed=1).fit(df)


# %% wrong: median
# hint: filled with a median
# hint: how many rounds are there
def count_fits(grid, folds):
    n = int(np.prod([len(v) for v in grid.values()]))
    return n * ((folds or 2) - 1) + 1


def cross_validate(df, features, regs, folds):
    lr = LogisticRegression()
    pipeline = Pipeline(stages=[Imputer(inputCols=features, outputCols=features, strategy="median"), VectorAssembler(inputCols=features, outputCol="features"), lr])
    grid = ParamGridBuilder().addGrid(lr.regParam, regs).build()
    return CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=folds, foldCol="fold").fit(df)


# %% wrong: zeros_for_gaps
# hint: filled with zeros
# hint: Only the best setting is fitted again
def count_fits(grid, folds):
    n = int(np.prod([len(v) for v in grid.values()]))
    return n * (folds or 1) + (folds or 1)


def cross_validate(df, features, regs, folds):
    lr = LogisticRegression()
    pipeline = Pipeline(stages=[VectorAssembler(inputCols=features, outputCol="features"), lr])
    grid = ParamGridBuilder().addGrid(lr.regParam, regs).build()
    return CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=folds, foldCol="fold").fit(df.fillna(0.0, features))


# %% wrong: rows_with_gaps_skipped
# hint: all rows kept
# hint: TrainValidationSplit fits each setting once
def count_fits(grid, folds):
    n = int(np.prod([len(v) for v in grid.values()]))
    return n * (folds or 1) + (1 if folds else 0)


def cross_validate(df, features, regs, folds):
    lr = LogisticRegression()
    pipeline = Pipeline(stages=[VectorAssembler(inputCols=features, outputCol="features", handleInvalid="skip"), lr])
    grid = ParamGridBuilder().addGrid(lr.regParam, regs).build()
    return CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=folds, foldCol="fold").fit(df)


# %% wrong: area_under_pr
# hint: the metric the area under the ROC curve
# hint: With an empty grid
def count_fits(grid, folds):
    n = int(np.prod([len(v) for v in grid.values()])) if grid else 0
    return n * (folds or 1) + 1


def cross_validate(df, features, regs, folds):
    lr = LogisticRegression()
    pipeline = Pipeline(stages=[Imputer(inputCols=features, outputCols=features), VectorAssembler(inputCols=features, outputCol="features"), lr])
    grid = ParamGridBuilder().addGrid(lr.regParam, regs).build()
    evaluator = BinaryClassificationEvaluator(metricName="areaUnderPR")
    return CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=evaluator, numFolds=folds, foldCol="fold").fit(df)


# %% wrong: returns_the_best_model
# hint: Return what CrossValidator's fit returns
def count_fits(grid, folds):
    n = int(np.prod([len(v) for v in grid.values()]))
    return n * (folds or 1) + 1


def cross_validate(df, features, regs, folds):
    lr = LogisticRegression()
    pipeline = Pipeline(stages=[Imputer(inputCols=features, outputCols=features), VectorAssembler(inputCols=features, outputCol="features"), lr])
    grid = ParamGridBuilder().addGrid(lr.regParam, regs).build()
    return CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=folds, foldCol="fold").fit(df).bestModel


# %% wrong: grid_of_its_own
# hint: one per value of regs
def count_fits(grid, folds):
    n = int(np.prod([len(v) for v in grid.values()]))
    return n * (folds or 1) + 1


def cross_validate(df, features, regs, folds):
    lr = LogisticRegression()
    pipeline = Pipeline(stages=[Imputer(inputCols=features, outputCols=features), VectorAssembler(inputCols=features, outputCol="features"), lr])
    grid = ParamGridBuilder().addGrid(lr.regParam, [0.0, 0.1]).build()
    return CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=folds, foldCol="fold").fit(df)


# %% wrong: areas_of_decisions
# hint: The areas are off
def count_fits(grid, folds):
    n = int(np.prod([len(v) for v in grid.values()]))
    return n * (folds or 1) + 1


def cross_validate(df, features, regs, folds):
    lr = LogisticRegression()
    pipeline = Pipeline(stages=[Imputer(inputCols=features, outputCols=features), VectorAssembler(inputCols=features, outputCol="features"), lr])
    grid = ParamGridBuilder().addGrid(lr.regParam, regs).build()
    evaluator = BinaryClassificationEvaluator(rawPredictionCol="prediction")
    return CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=evaluator, numFolds=folds, foldCol="fold").fit(df)


# %% wrong: grid_of_another_regression
# hint: the very regression which is in the pipeline
# hint: a grid multiplies
def count_fits(grid, folds):
    return sum(map(len, grid.values())) * (folds or 1) + 1


def cross_validate(df, features, regs, folds):
    pipeline = Pipeline(stages=[Imputer(inputCols=features, outputCols=features), VectorAssembler(inputCols=features, outputCol="features"), LogisticRegression()])
    grid = ParamGridBuilder().addGrid(LogisticRegression().regParam, regs).build()
    return CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=folds, foldCol="fold").fit(df)


# %% wrong: the_feature_of_the_example
# hint: take the names from the list features
# hint: fits each setting once
def count_fits(grid, folds):
    return int(np.prod([len(values) for values in grid.values()], dtype=int)) * (folds or 3) + 1


def cross_validate(df, features, regs, folds):
    lr = LogisticRegression()
    pipeline = Pipeline(stages=[Imputer(inputCols=["wind"], outputCols=["wind"]), VectorAssembler(inputCols=["wind"], outputCol="features"), lr])
    grid = ParamGridBuilder().addGrid(lr.regParam, regs).build()
    return CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=folds, foldCol="fold").fit(df)


# %% wrong: the_first_feature_only
# hint: all columns of the list features
# hint: After the folds
def count_fits(grid, folds):
    return int(np.prod([len(values) for values in grid.values()], dtype=int)) * (folds or 1)


def cross_validate(df, features, regs, folds):
    lr = LogisticRegression()
    pipeline = Pipeline(stages=[Imputer(inputCols=features[:1], outputCols=["x"]), VectorAssembler(inputCols=["x"], outputCol="features"), lr])
    grid = ParamGridBuilder().addGrid(lr.regParam, regs).build()
    return CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=folds, foldCol="fold").fit(df)


# %% right: other_names_and_parallel
def count_fits(grid, folds):
    import itertools

    settings = len(list(itertools.product(*grid.values())))
    return settings + 1 if folds is None else settings * folds + 1


def cross_validate(df, features, regs, folds):
    known = [f"known_{c}" for c in features]
    lr = LogisticRegression(featuresCol="x", labelCol="label")
    pipeline = Pipeline().setStages([Imputer(strategy="mean", inputCols=features, outputCols=known), VectorAssembler(inputCols=known, outputCol="x"), lr])
    cv = CrossValidator(numFolds=folds, parallelism=2, collectSubModels=True).setFoldCol("fold").setEstimator(pipeline)
    grid = ParamGridBuilder().addGrid(lr.regParam, regs).build()
    return cv.setEstimatorParamMaps(grid).setEvaluator(BinaryClassificationEvaluator(rawPredictionCol="probability")).fit(df)


# %% right: in_place_and_hand_made_grid
def count_fits(grid, folds):
    settings = [{}]
    for name, values in grid.items():
        settings = [{**setting, name: value} for setting in settings for value in values]
    return len(settings) * (folds if folds else 1) + 1


def cross_validate(df, features, regs, folds):
    impute = Imputer(inputCols=features, outputCols=features)
    assemble = VectorAssembler(inputCols=features, outputCol="features")
    lr = LogisticRegression()
    grid = [{lr.regParam: float(reg)} for reg in regs]
    cv = CrossValidator(estimator=Pipeline(stages=[impute, assemble, lr]), estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=folds, foldCol="fold", seed=3)
    return cv.fit(df.cache())
