# %% wrong: defaults_everywhere
# hint: some stage is still set to error
# hint: can't score flights
def late_pipeline(numbers, words):
    index = [f"{c}_i" for c in words]
    vec = [f"{c}_v" for c in words]
    return Pipeline(stages=[StringIndexer(inputCols=words, outputCols=index), OneHotEncoder(inputCols=index, outputCols=vec), Imputer(strategy="median", inputCols=numbers, outputCols=[f"{c}_f" for c in numbers]), VectorAssembler(inputCols=[f"{c}_f" for c in numbers] + vec, outputCol="features"), LogisticRegression()])


# %% wrong: skips_what_it_does_not_know
# hint: Skipping is no answer
def late_pipeline(numbers, words):
    index = [f"{c}_i" for c in words]
    vec = [f"{c}_v" for c in words]
    return Pipeline(stages=[StringIndexer(inputCols=words, outputCols=index, handleInvalid="skip"), OneHotEncoder(inputCols=index, outputCols=vec), Imputer(strategy="median", inputCols=numbers, outputCols=numbers), VectorAssembler(inputCols=numbers + vec, outputCol="features"), LogisticRegression()])


# %% wrong: mean_instead_of_median
# hint: A null counts as the mean
# hint: with Spark's default settings
def late_pipeline(numbers, words):
    index = [f"{c}_i" for c in words]
    vec = [f"{c}_v" for c in words]
    return Pipeline(stages=[StringIndexer(inputCols=words, outputCols=index, handleInvalid="keep"), OneHotEncoder(inputCols=index, outputCols=vec), Imputer(inputCols=numbers, outputCols=numbers), VectorAssembler(inputCols=numbers + vec, outputCol="features"), LogisticRegression(maxIter=20)])


# %% wrong: index_as_a_number
# hint: the index of a carrier allows only a slope
def late_pipeline(numbers, words):
    index = [f"{c}_i" for c in words]
    return Pipeline(stages=[StringIndexer(inputCols=words, outputCols=index, handleInvalid="keep"), Imputer(strategy="median", inputCols=numbers, outputCols=numbers), VectorAssembler(inputCols=numbers + index, outputCol="features"), LogisticRegression()])


# %% wrong: looked_at_the_notebooks_rows
# hint: not learnt from the rows that fit was given
def late_pipeline(numbers, words):
    stages = []
    for c in words:
        labels = sorted(r[0] for r in flown.select(c).distinct().collect())
        from pyspark.ml.feature import StringIndexerModel

        stages.append(StringIndexerModel.from_labels(labels, inputCol=c, outputCol=f"{c}_i", handleInvalid="keep"))
        stages.append(OneHotEncoder(inputCol=f"{c}_i", outputCol=f"{c}_v"))
    return Pipeline(stages=[*stages, Imputer(strategy="median", inputCols=numbers, outputCols=numbers).fit(flown.select(*numbers)), VectorAssembler(inputCols=numbers + [f"{c}_v" for c in words], outputCol="features"), LogisticRegression()])


# %% wrong: nan_from_the_assembler
# hint: lets a null through to the learner
# hint: got NaN instead of a probability
def late_pipeline(numbers, words):
    index = [f"{c}_i" for c in words]
    vec = [f"{c}_v" for c in words]
    filled = [f"{c}_f" for c in numbers]
    return Pipeline(stages=[StringIndexer(inputCols=words, outputCols=index, handleInvalid="keep"), OneHotEncoder(inputCols=index, outputCols=vec), Imputer(strategy="median", inputCols=numbers, outputCols=filled), VectorAssembler(inputCols=numbers + vec, outputCol="features", handleInvalid="keep"), VectorAssembler(inputCols=filled + vec, outputCol="unused"), LogisticRegression()])


# %% wrong: fitted_already
# hint: that has not been fitted
def late_pipeline(numbers, words):
    filled = [f"{c}_f" for c in numbers]
    return Pipeline(stages=[Imputer(strategy="median", inputCols=numbers, outputCols=filled), VectorAssembler(inputCols=filled, outputCol="features"), LogisticRegression()]).fit(flown)


# %% wrong: own_stage_that_cannot_be_saved
# hint: can't be saved and loaded again
def late_pipeline(numbers, words):
    class NamesForNulls(Transformer):
        def _transform(self, dataset):
            return dataset.fillna("?", words)

    index = [f"{c}_i" for c in words]
    vec = [f"{c}_v" for c in words]
    return Pipeline(stages=[NamesForNulls(), StringIndexer(inputCols=words, outputCols=index, handleInvalid="keep"), OneHotEncoder(inputCols=index, outputCols=vec), Imputer(strategy="median", inputCols=numbers, outputCols=numbers), VectorAssembler(inputCols=numbers + vec, outputCol="features"), LogisticRegression()])


# %% right: one_stage_per_column
def late_pipeline(numbers, words):
    stages = [Imputer(strategy="median", inputCol=c, outputCol=c) for c in numbers]
    for c in words:
        stages += [StringIndexer(inputCol=c, outputCol=f"{c}_no", handleInvalid="keep"), OneHotEncoder(inputCol=f"{c}_no", outputCol=f"{c}_hot")]
    stages += [VectorAssembler(inputCols=[*numbers, *(f"{c}_hot" for c in words)], outputCol="x"), LogisticRegression(featuresCol="x")]
    return Pipeline(stages=stages)


# %% right: nested_pipelines_all_columns_kept
def late_pipeline(numbers, words):
    index = [f"{c}_i" for c in words]
    vec = [f"{c}_v" for c in words]
    known = [f"{c}_known" for c in numbers]
    text = Pipeline(stages=[StringIndexer(inputCols=words, outputCols=index).setHandleInvalid("keep"), OneHotEncoder(inputCols=index, outputCols=vec, dropLast=False)])
    return Pipeline().setStages([text, Imputer(inputCols=numbers, outputCols=known).setStrategy("median"), VectorAssembler(inputCols=vec + known, outputCol="features"), LogisticRegression(labelCol="label")])


# %% right: r_formula
def late_pipeline(numbers, words):
    from pyspark.ml.feature import RFormula

    filled = [f"{c}_filled" for c in numbers]
    formula = RFormula(formula="label ~ " + " + ".join(filled + words), handleInvalid="keep")
    return Pipeline(stages=[Imputer(inputCols=numbers, outputCols=filled).setStrategy("median"), formula, LogisticRegression()])
