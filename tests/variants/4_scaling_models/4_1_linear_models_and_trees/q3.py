# %% wrong: no_bin_for_the_unknown
# hint: and does what is unknown need a bin of its own
def minutes_tree(train, words, numbers, depth):
    bins = max(32, *[train.select(word).distinct().count() for word in words])
    indexed = [f"{word}_index" for word in words]
    index = StringIndexer(inputCols=words, outputCols=indexed, handleInvalid="keep")
    pack = VectorAssembler(inputCols=indexed + numbers, outputCol="features")
    return Pipeline(stages=[index, pack, DecisionTreeRegressor(labelCol="minutes", maxDepth=depth, maxBins=bins)])


# %% wrong: one_hot
# hint: this tree can't make it
def minutes_tree(train, words, numbers, depth):
    indexed, encoded = [f"{word}_index" for word in words], [f"{word}_vec" for word in words]
    index = StringIndexer(inputCols=words, outputCols=indexed, handleInvalid="keep")
    encode = OneHotEncoder(inputCols=indexed, outputCols=encoded)
    pack = VectorAssembler(inputCols=encoded + numbers, outputCol="features")
    return Pipeline(stages=[index, encode, pack, DecisionTreeRegressor(labelCol="minutes", maxDepth=depth)])


# %% wrong: skip_the_unknown
# hint: Rows with an unknown or missing town or carrier were left out
def minutes_tree(train, words, numbers, depth):
    bins = max(32, *[train.select(word).distinct().count() for word in words])
    indexed = [f"{word}_index" for word in words]
    index = StringIndexer(inputCols=words, outputCols=indexed, handleInvalid="skip")
    pack = VectorAssembler(inputCols=indexed + numbers, outputCol="features")
    return Pipeline(stages=[index, pack, DecisionTreeRegressor(labelCol="minutes", maxDepth=depth, maxBins=bins)])


# %% wrong: numbers_only
# hint: Not all columns reach the tree
# hint: does the tree see them
def minutes_tree(train, words, numbers, depth):
    pack = VectorAssembler(inputCols=numbers, outputCol="features")
    return Pipeline(stages=[pack, DecisionTreeRegressor(labelCol="minutes", maxDepth=depth)])


# %% wrong: plenty_for_all
# hint: More bins than this needs
def minutes_tree(train, words, numbers, depth):
    indexed = [f"{word}_index" for word in words]
    index = StringIndexer(inputCols=words, outputCols=indexed, handleInvalid="keep")
    pack = VectorAssembler(inputCols=indexed + numbers, outputCol="features")
    return Pipeline(stages=[index, pack, DecisionTreeRegressor(labelCol="minutes", maxDepth=depth, maxBins=1000)])


# %% right: count_the_labels
def minutes_tree(train, words, numbers, depth):
    indexers = [StringIndexer(inputCol=word, outputCol=f"{word}_number", handleInvalid="keep") for word in words]
    most = max(len(indexer.fit(train).labels) for indexer in indexers) + 1
    pack = VectorAssembler(inputCols=[*numbers, *(f"{word}_number" for word in words)], outputCol="input")
    tree = DecisionTreeRegressor(featuresCol="input", labelCol="minutes", maxDepth=depth, maxBins=most if most > 32 else 32)
    return Pipeline(stages=[*indexers, pack, tree])


# %% right: in_pandas
def minutes_tree(train, words, numbers, depth):
    values = train.select(*words).toPandas().nunique().max()
    indexed = [w + "_i" for w in words]
    tree = DecisionTreeRegressor(labelCol="minutes", maxDepth=depth)
    tree.setMaxBins(int(max(32, values + 1)))
    return Pipeline(stages=[StringIndexer(inputCols=words, outputCols=indexed).setHandleInvalid("keep"), VectorAssembler(inputCols=numbers + indexed, outputCol="features"), tree])
