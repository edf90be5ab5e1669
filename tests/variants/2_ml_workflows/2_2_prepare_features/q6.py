# %% wrong: still_logs
# hint: These are still logarithms
# hint: logarithm of minus five minutes
def predict_dollars(train, df, features):
    stages = [VectorAssembler(inputCols=features, outputCol="features"), LinearRegression(labelCol="log_price")]
    return Pipeline(stages=stages).fit(train.withColumn("log_price", F.log("price"))).transform(df)


answer_6b = {"A", "C", "D"}

# %% wrong: learnt_dollars
# hint: This model learnt dollars
# hint: larger or smaller
def predict_dollars(train, df, features):
    stages = [VectorAssembler(inputCols=features, outputCol="features"), LinearRegression(labelCol="price")]
    return Pipeline(stages=stages).fit(train).transform(df)


answer_6b = {"A", "D", "E"}

# %% wrong: exp_of_dollars
# hint: Some prices are infinite
def predict_dollars(train, df, features):
    stages = [VectorAssembler(inputCols=features, outputCol="features"), LinearRegression(labelCol="price")]
    return Pipeline(stages=stages).fit(train).transform(df).withColumn("prediction", F.exp("prediction"))


answer_6b = {"A", "D"}

# %% wrong: wrong_base
# hint: does not belong to the way there
# hint: a name written in digits
def predict_dollars(train, df, features):
    stages = [VectorAssembler(inputCols=features, outputCol="features"), LinearRegression(labelCol="log_price")]
    model = Pipeline(stages=stages).fit(train.withColumn("log_price", F.log10("price")))
    return model.transform(df).withColumn("prediction", F.exp("prediction"))


answer_6b = {"A", "D", "F"}

# %% wrong: log_on_both_frames
# hint: fails on houses without a price
# hint: straight line
def predict_dollars(train, df, features):
    train, df = [part.withColumn("log_price", F.log("price")) for part in (train, df)]
    stages = [VectorAssembler(inputCols=features, outputCol="features"), LinearRegression(labelCol="log_price")]
    return Pipeline(stages=stages).fit(train).transform(df).withColumn("prediction", F.exp("prediction"))


answer_6b = {"A", "B", "D"}

# %% wrong: learns_from_the_notebooks_frame
# hint: The prices are off
# hint: Something is missing
def predict_dollars(train, df, features):
    stages = [VectorAssembler(inputCols=features, outputCol="features"), LinearRegression(labelCol="log_price")]
    model = Pipeline(stages=stages).fit(houses.withColumn("log_price", F.log("price")))
    return model.transform(df).withColumn("prediction", F.exp("prediction"))


answer_6b = {"A"}

# %% wrong: regularised
# hint: no penalty
def predict_dollars(train, df, features):
    stages = [VectorAssembler(inputCols=features, outputCol="features"), LinearRegression(labelCol="log_price", regParam=0.3)]
    model = Pipeline(stages=stages).fit(train.withColumn("log_price", F.log("price")))
    return model.transform(df).withColumn("prediction", F.exp("prediction"))


answer_6b = {"A", "D"}

# %% wrong: one_feature_hard_coded
# hint: on exactly the given features
def predict_dollars(train, df, features):
    stages = [VectorAssembler(inputCols=["sqft_living"], outputCol="features"), LinearRegression(labelCol="log_price")]
    model = Pipeline(stages=stages).fit(train.withColumn("log_price", F.log("price")))
    return model.transform(df).withColumn("prediction", F.exp("prediction"))


answer_6b = {"A", "D"}

# %% wrong: constant_price
# hint: The prices are off
def predict_dollars(train, df, features):
    return df.withColumn("prediction", F.lit(540000.0))


answer_6b = set("AD")

# %% wrong: returns_the_input
# hint: with a column prediction
def predict_dollars(train, df, features):
    return df


answer_6b = {"A", "D"}

# %% right: log1p_and_expm1
def predict_dollars(train, df, features):
    assembler = VectorAssembler(inputCols=features, outputCol="features")
    labelled = assembler.transform(train).select("features", F.log1p("price").alias("label"))
    return LinearRegression().fit(labelled).transform(assembler.transform(df)).withColumn("prediction", F.expm1("prediction"))


answer_6b = ["D", "A"]

# %% right: log10_and_power
def predict_dollars(train, df, features):
    stages = [VectorAssembler(inputCols=features, outputCol="x"), LinearRegression(featuresCol="x", labelCol="y", predictionCol="log_dollars")]
    model = Pipeline(stages=stages).fit(train.withColumn("y", F.log10("price")))
    return model.transform(df).withColumn("prediction", F.pow(F.lit(10.0), F.col("log_dollars"))).drop("x", "log_dollars")


answer_6b = "AD"

# %% right: sklearn_weights_in_spark
def predict_dollars(train, df, features):
    import numpy as np
    from sklearn.linear_model import LinearRegression as OneMachine

    rows = train.select("price", *features).toPandas()
    model = OneMachine().fit(rows[features].to_numpy(), np.log(rows["price"].to_numpy(dtype=float)))
    total = F.lit(float(model.intercept_))
    for name, weight in zip(features, model.coef_, strict=True):
        total = total + F.col(name) * float(weight)
    return df.withColumn("prediction", F.exp(total))


answer_6b = {"A", "D"}
