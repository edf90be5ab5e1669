# %% wrong: error_on_unseen
# hint: stopped the job
def one_hot(train, df, column):
    stages = [StringIndexer(inputCol=column, outputCol="i"), OneHotEncoder(inputCol="i", outputCol=f"{column}_vec", dropLast=False)]
    return Pipeline(stages=stages).fit(train.dropna(subset=[column])).transform(df)

# %% wrong: skip_drops_houses
# hint: disappeared without a word
def one_hot(train, df, column):
    stages = [StringIndexer(inputCol=column, outputCol="i", handleInvalid="skip"), OneHotEncoder(inputCol="i", outputCol=f"{column}_vec", dropLast=False)]
    return Pipeline(stages=stages).fit(train).transform(df)

# %% wrong: known_category_dropped
# hint: was it dropped as the last one
def one_hot(train, df, column):
    stages = [StringIndexer(inputCol=column, outputCol="i", handleInvalid="skip"), OneHotEncoder(inputCol="i", outputCol=f"{column}_vec")]
    return Pipeline(stages=stages).fit(train).transform(df)

# %% wrong: keep_without_drop_last
# hint: must give all zeros
def one_hot(train, df, column):
    stages = [StringIndexer(inputCol=column, outputCol="i", handleInvalid="keep"), OneHotEncoder(inputCol="i", outputCol=f"{column}_vec", dropLast=False)]
    return Pipeline(stages=stages).fit(train).transform(df)

# %% wrong: fitted_on_both
# hint: learnt from df as well
def one_hot(train, df, column):
    both = train.select(column).union(df.select(column))
    stages = [StringIndexer(inputCol=column, outputCol="i", handleInvalid="keep"), OneHotEncoder(inputCol="i", outputCol=f"{column}_vec")]
    return Pipeline(stages=stages).fit(both).transform(df)

# %% wrong: fitted_on_the_rows_to_encode
# hint: shorter than the number of categories
# hint: must give all zeros
def one_hot(train, df, column):
    stages = [StringIndexer(inputCol=column, outputCol="i", handleInvalid="keep"), OneHotEncoder(inputCol="i", outputCol=f"{column}_vec")]
    return Pipeline(stages=stages).fit(df).transform(df)

# %% wrong: index_in_a_vector
# hint: has a single one
def one_hot(train, df, column):
    stages = [StringIndexer(inputCol=column, outputCol="i", handleInvalid="keep"), VectorAssembler(inputCols=["i"], outputCol=f"{column}_vec")]
    return Pipeline(stages=stages).fit(train).transform(df)

# %% wrong: counts_instead_of_ones
# hint: exactly one 1
def one_hot(train, df, column):
    from pyspark.ml.functions import array_to_vector

    counts = [tuple(row) for row in train.dropna(subset=[column]).groupBy(column).count().collect()]
    bits = [F.coalesce((F.col(column) == value).cast("double") * n * 2, F.lit(0.0)) for value, n in counts]
    return df.withColumn(f"{column}_vec", array_to_vector(F.array(*bits)))

# %% wrong: index_only
# hint: not numbers or arrays
def one_hot(train, df, column):
    return StringIndexer(inputCol=column, outputCol=f"{column}_vec", handleInvalid="keep").fit(train).transform(df)

# %% wrong: returns_the_input
# hint: with a column zipcode_vec
def one_hot(train, df, column):
    return df

# %% wrong: null_is_a_category
# hint: A null must give all zeros
def one_hot(train, df, column):
    train, df = [part.withColumn("text", F.coalesce(F.col(column).cast("string"), F.lit("unknown"))) for part in (train, df)]
    stages = [StringIndexer(inputCol="text", outputCol="i", handleInvalid="keep"), OneHotEncoder(inputCol="i", outputCol=f"{column}_vec")]
    return Pipeline(stages=stages).fit(train).transform(df)

# %% right: count_vectorizer
def one_hot(train, df, column):
    from pyspark.ml.feature import CountVectorizer

    words = F.when(F.col(column).isNull(), F.array().cast("array<string>")).otherwise(F.array(F.col(column).cast("string")))
    vectorizer = CountVectorizer(inputCol="words", outputCol=f"{column}_vec", binary=True, minDF=1, vocabSize=1 << 18)
    return vectorizer.fit(train.withColumn("words", words)).transform(df.withColumn("words", words)).drop("words")

# %% right: arrays_to_vectors
def one_hot(train, df, column):
    from pyspark.ml.functions import array_to_vector

    known = sorted(row[0] for row in train.select(column).distinct().collect() if row[0] is not None)
    bits = [F.coalesce((F.col(column) == value).cast("double"), F.lit(0.0)) for value in known]
    return df.withColumn(f"{column}_vec", array_to_vector(F.array(*bits)))

# %% right: cast_to_string_first
def one_hot(train, df, column):
    as_text = lambda part: part.withColumn("text", F.col(column).cast("string"))
    indexer = StringIndexer(inputCol="text", outputCol="index", handleInvalid="keep", stringOrderType="alphabetAsc").fit(as_text(train))
    encoder = OneHotEncoder(inputCol="index", outputCol=f"{column}_vec", handleInvalid="error").fit(indexer.transform(as_text(train)))
    return encoder.transform(indexer.transform(as_text(df)))

# %% right: assembled_indicators
def one_hot(train, df, column):
    known = [row[0] for row in train.where(F.col(column).isNotNull()).select(column).distinct().collect()]
    flags = {f"is_{n}": F.when(F.col(column).eqNullSafe(F.lit(value)), 1.0).otherwise(0.0) for n, value in enumerate(known)}
    return VectorAssembler(inputCols=list(flags), outputCol=f"{column}_vec").transform(df.withColumns(flags)).drop(*flags)
