# %% wrong: alias_looked_up_twice
# hint: When the alias moves in the middle of the call
def score(df, name, alias, source):
    predict = mlflow.pyfunc.spark_udf(spark, f"models:/{name}@{alias}", result_type="double", env_manager="local")
    found = client.get_model_version_by_alias(name, alias)
    scored = df.withColumn("prediction", predict(F.struct(*[F.col(c).cast("double").alias(c) for c in INPUTS])))
    scored = scored.withColumn("model_name", F.lit(name)).withColumn("model_version", F.lit(int(found.version))).withColumn("run_id", F.lit(found.run_id))
    return scored.withColumn("scored_at", F.lit(datetime.datetime.now())).withColumn("source", F.lit(source))


# %% wrong: whole_numbers_and_the_clock_of_the_plan
# hint: cast them to double, on purpose
# hint: When is that expression evaluated
def score(df, name, alias, source):
    found = client.get_model_version_by_alias(name, alias)
    predict = mlflow.pyfunc.spark_udf(spark, f"models:/{name}/{found.version}", result_type="double", env_manager="local")
    return df.select(
        "*", predict(F.struct(*INPUTS)).alias("prediction"), F.lit(name).alias("model_name"), F.lit(int(found.version)).alias("model_version"),
        F.lit(found.run_id).alias("run_id"), F.current_timestamp().alias("scored_at"), F.lit(source).alias("source"),
    )  # fmt: skip


# %% wrong: by_position_and_newest
# hint: Hour and distance have changed places
# hint: That is the newest version
def score(df, name, alias, source):
    newest = max(client.search_model_versions(f"name='{name}'"), key=lambda v: int(v.version))
    predict = mlflow.pyfunc.spark_udf(spark, f"models:/{name}/{newest.version}", result_type="double", env_manager="local")
    columns = [F.col(c).cast("double") for c in df.columns if c in INPUTS]
    return df.select(
        "*", predict(*columns).alias("prediction"), F.lit(name).alias("model_name"), F.lit(int(newest.version)).alias("model_version"),
        F.lit(newest.run_id).alias("run_id"), F.lit(datetime.datetime.now(datetime.timezone.utc)).alias("scored_at"), F.lit(source).alias("source"),
    )  # fmt: skip


# %% wrong: distinct_and_run_of_version_one
# hint: All rows should come back
# hint: which trained the version
def score(df, name, alias, source):
    found = client.get_model_version_by_alias(name, alias)
    run_id = client.get_model_version(name, "1").run_id
    predict = mlflow.pyfunc.spark_udf(spark, f"models:/{name}/{found.version}", result_type="double", env_manager="local")
    inputs = F.struct(*[F.col(c).cast("double").alias(c) for c in INPUTS])
    return df.distinct().select(
        "*", predict(inputs).alias("prediction"), F.lit(name).alias("model_name"), F.lit(int(found.version)).alias("model_version"),
        F.lit(run_id).alias("run_id"), F.lit(datetime.datetime.now(datetime.timezone.utc)).alias("scored_at"), F.lit(source).alias("source"),
    )  # fmt: skip


# %% right: map_in_pandas
def score(df, name, alias, source):
    found = client.get_model_version_by_alias(name, alias)
    model = mlflow.pyfunc.load_model(f"models:/{name}/{found.version}")

    def answer(frames):
        for frame in frames:
            yield frame.assign(prediction=model.predict(frame[INPUTS].astype(float)))

    columns = ", ".join(f"`{field.name}` {field.dataType.simpleString()}" for field in df.schema)
    scored = df.mapInPandas(answer, f"{columns}, prediction double")
    now = datetime.datetime.now()
    return (
        scored.withColumn("model_name", F.lit(found.name))
        .withColumn("model_version", F.lit(found.version).cast("int"))
        .withColumn("run_id", F.lit(found.run_id))
        .withColumn("scored_at", F.lit(now))
        .withColumn("source", F.lit(source))
    )


# %% right: columns_in_a_dict
def score(df, name, alias, source):
    import time

    mv = MlflowClient().get_model_version_by_alias(name, alias)
    udf = mlflow.pyfunc.spark_udf(spark, model_uri=mv.source, result_type="double", env_manager="local")
    new = {
        "prediction": udf(F.col("hour").cast("double"), F.col("distance").cast("double")),
        "model_name": F.lit(name), "model_version": F.lit(int(mv.version)), "run_id": F.lit(mv.run_id),
        "scored_at": F.lit(time.time()).cast("timestamp"), "source": F.lit(source),
    }  # fmt: skip
    return df.withColumns(new)


# %% wrong: version_as_text
# hint: model_version is not a whole number
def score(df, name, alias, source):
    found = client.get_model_version_by_alias(name, alias)
    predict = mlflow.pyfunc.spark_udf(spark, f"models:/{name}/{found.version}", result_type="double", env_manager="local")
    inputs = F.struct(*[F.col(c).cast("double").alias(c) for c in INPUTS])
    return df.select(
        "*", predict(inputs).alias("prediction"), F.lit(name).alias("model_name"), F.lit(str(found.version)).alias("model_version"),
        F.lit(found.run_id).alias("run_id"), F.lit(datetime.datetime.now()).alias("scored_at"), F.lit(source).alias("source"),
    )  # fmt: skip
