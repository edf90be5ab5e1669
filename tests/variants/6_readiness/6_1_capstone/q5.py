# %% wrong: no_stream_at_all
# hint: was scored again
def score_stream(arrivals, name, table, checkpoint):
    rows = spark.read.schema(SCHEMA).parquet(arrivals).toPandas()
    version = MlflowClient().get_model_version_by_alias(name, "champion").version
    values = mlflow.sklearn.load_model(f"models:/{name}/{version}").predict_proba(rows[FEATURES])[:, 1]
    upsert(rows[["flight_id", "day"]].assign(score=values, model_version=int(version)), table)

# %% wrong: does_not_wait
# hint: goes on running
def score_stream(arrivals, name, table, checkpoint):
    def each(batch, _):
        rows = batch.toPandas()
        version = MlflowClient().get_model_version_by_alias(name, "champion").version
        values = mlflow.sklearn.load_model(f"models:/{name}/{version}").predict_proba(rows[FEATURES])[:, 1]
        upsert(rows[["flight_id", "day"]].assign(score=values, model_version=int(version)), table)

    stream = spark.readStream.schema(SCHEMA).parquet(arrivals).writeStream
    stream.foreachBatch(each).option("checkpointLocation", checkpoint).trigger(availableNow=True).start()

# %% wrong: a_new_checkpoint_each_time
# hint: was scored again
def score_stream(arrivals, name, table, checkpoint):
    import tempfile

    def each(batch, _):
        rows = batch.toPandas()
        version = MlflowClient().get_model_version_by_alias(name, "champion").version
        values = mlflow.sklearn.load_model(f"models:/{name}/{version}").predict_proba(rows[FEATURES])[:, 1]
        upsert(rows[["flight_id", "day"]].assign(score=values, model_version=int(version)), table)

    stream = spark.readStream.schema(SCHEMA).parquet(arrivals).writeStream
    stream.foreachBatch(each).option("checkpointLocation", tempfile.mkdtemp()).trigger(availableNow=True).start().awaitTermination()

# %% wrong: each_batch_overwrites
# hint: or those of the first, are missing
def score_stream(arrivals, name, table, checkpoint):
    def each(batch, _):
        rows = batch.toPandas()
        version = MlflowClient().get_model_version_by_alias(name, "champion").version
        values = mlflow.sklearn.load_model(f"models:/{name}/{version}").predict_proba(rows[FEATURES])[:, 1]
        write_deltalake(table, rows[["flight_id", "day"]].assign(score=values, model_version=int(version)), mode="overwrite")

    stream = spark.readStream.schema(SCHEMA).parquet(arrivals).writeStream
    stream.foreachBatch(each).option("checkpointLocation", checkpoint).trigger(availableNow=True).start().awaitTermination()

# %% wrong: appended
# hint: is in it twice
def score_stream(arrivals, name, table, checkpoint):
    def each(batch, _):
        rows = batch.toPandas()
        version = MlflowClient().get_model_version_by_alias(name, "champion").version
        values = mlflow.sklearn.load_model(f"models:/{name}/{version}").predict_proba(rows[FEATURES])[:, 1]
        write_deltalake(table, rows[["flight_id", "day"]].assign(score=values, model_version=int(version)), mode="append")

    stream = spark.readStream.schema(SCHEMA).parquet(arrivals).writeStream
    stream.foreachBatch(each).option("checkpointLocation", checkpoint).trigger(availableNow=True).start().awaitTermination()

# %% wrong: not_written_yet
# hint: there is no Delta table at the path table
def score_stream(arrivals, name, table, checkpoint):
    ...

# %% right: format_and_load
def score_stream(arrivals, name, table, checkpoint):
    def each(batch, number):
        version = MlflowClient().get_model_version_by_alias(name, "champion").version
        model = mlflow.sklearn.load_model(f"models:/{name}/{version}")
        rows = pd.DataFrame([row.asDict() for row in batch.collect()], columns=batch.columns).astype({"carrier_late_7d": float})
        if len(rows):
            upsert(pd.DataFrame({"flight_id": rows.flight_id, "day": rows.day, "score": model.predict_proba(rows[FEATURES])[:, 1], "model_version": int(version)}), table)

    stream = spark.readStream.format("parquet").schema(SCHEMA).load(arrivals)
    query = stream.writeStream.trigger(availableNow=True).foreachBatch(each).start(checkpointLocation=checkpoint)
    query.awaitTermination()

# %% right: process_all_available
def score_stream(arrivals, name, table, checkpoint):
    def each(batch, _):
        if batch.isEmpty():
            return
        rows = batch.toPandas()
        champion = MlflowClient().get_model_version_by_alias(name, "champion")
        values = mlflow.sklearn.load_model(f"models:/{name}/{champion.version}").predict_proba(rows[FEATURES])[:, 1]
        upsert(rows[["flight_id", "day"]].assign(score=values, model_version=int(champion.version)), table)

    query = spark.readStream.schema(SCHEMA).option("maxFilesPerTrigger", 1).parquet(arrivals).writeStream.option("checkpointLocation", checkpoint).foreachBatch(each).start()
    try:
        query.processAllAvailable()
    finally:
        query.stop()
