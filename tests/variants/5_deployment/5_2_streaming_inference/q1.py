# %% wrong: columns_by_position
# hint: by position
def scored(flights, model_uri):
    wanted = sorted(mlflow.models.get_model_info(model_uri).signature.inputs.input_names())
    predict = mlflow.pyfunc.spark_udf(spark, model_uri, result_type="double", env_manager="local")
    name, _, version = model_uri.removeprefix("models:/").replace("@", "/").rpartition("/")
    version = version if version.isdigit() else client.get_model_version_by_alias(name, version).version
    return flights.withColumn("prediction", predict(*wanted)).withColumn("model_version", F.lit(int(version)))

# %% wrong: version_always_from_champion
# hint: The alias points at version 1
def scored(flights, model_uri):
    predict = mlflow.pyfunc.spark_udf(spark, model_uri, result_type="double", env_manager="local")
    name = model_uri.removeprefix("models:/").split("@")[0].split("/")[0]
    version = client.get_model_version_by_alias(name, "champion").version
    return flights.withColumn("prediction", predict(F.struct(*flights.columns))).withColumn("model_version", F.lit(int(version)))

# %% wrong: every_address_has_an_alias
# hint: not every address has an alias in it
def scored(flights, model_uri):
    name, alias = model_uri.removeprefix("models:/").split("@")
    version = client.get_model_version_by_alias(name, alias).version
    predict = mlflow.pyfunc.spark_udf(spark, model_uri, result_type="double", env_manager="local")
    return flights.withColumn("prediction", predict()).withColumn("model_version", F.lit(int(version)))

# %% wrong: newest_version
# hint: The alias points at version 1
def scored(flights, model_uri):
    predict = mlflow.pyfunc.spark_udf(spark, model_uri, result_type="double", env_manager="local")
    name = model_uri.removeprefix("models:/").split("@")[0].split("/")[0]
    version = max(int(v.version) for v in client.search_model_versions(f"name = '{name}'"))
    return flights.withColumn("prediction", predict(F.struct(*flights.columns))).withColumn("model_version", F.lit(version))

# %% wrong: collects_into_pandas
# hint: a stream can't be collected
def scored(flights, model_uri):
    name, _, version = model_uri.removeprefix("models:/").replace("@", "/").rpartition("/")
    version = version if version.isdigit() else client.get_model_version_by_alias(name, version).version
    pandas = flights.toPandas()
    names = mlflow.models.get_model_info(model_uri).signature.inputs.input_names()
    pandas["prediction"] = mlflow.pyfunc.load_model(model_uri).predict(pandas[names])
    return spark.createDataFrame(pandas).withColumn("prediction", F.col("prediction").cast("double")).withColumn("model_version", F.lit(int(version)))

# %% right: names_from_the_signature
def scored(flights, model_uri):
    if "@" in model_uri:
        number = client.get_model_version_by_alias(*model_uri.removeprefix("models:/").split("@")).version
    else:
        number = model_uri.split("/")[-1]
    wanted = mlflow.models.get_model_info(model_uri).signature.inputs.input_names()
    predict = mlflow.pyfunc.spark_udf(spark, model_uri, result_type="double", env_manager="local")
    return flights.select("*", predict(F.struct(*[F.col(c) for c in wanted])).alias("prediction"), F.lit(number).cast("int").alias("model_version"))

# %% right: columns_in_the_signatures_order
def scored(flights, model_uri):
    wanted = mlflow.models.get_model_info(model_uri).signature.inputs.input_names()
    predict = mlflow.pyfunc.spark_udf(spark, model_uri, result_type="double", env_manager="local")
    name, _, which = model_uri.removeprefix("models:/").replace("@", "/").rpartition("/")
    versions = client.get_registered_model(name).aliases
    return flights.withColumns({"prediction": predict(*wanted), "model_version": F.lit(int(versions.get(which, which) if not which.isdigit() else which))})
