# %% wrong: a_batch_job
# hint: Return the query that was started
def start_scoring(landing, checkpoint, score, sink):
    flights = score(spark.read.schema(SCHEMA).parquet(landing))
    sink(flights, 0)
    return flights

# %% wrong: new_checkpoint_each_time
# hint: a run has to go on where the last one ended
def start_scoring(landing, checkpoint, score, sink):
    flights = spark.readStream.schema(SCHEMA).option("maxFilesPerTrigger", 1).parquet(landing)
    return score(flights).writeStream.foreachBatch(sink).option("checkpointLocation", tempfile.mkdtemp()).trigger(availableNow=True).start()

# %% wrong: errors_swallowed
# hint: Let errors through
def start_scoring(landing, checkpoint, score, sink):
    def careful(batch, batch_id):
        try:
            sink(batch, batch_id)
        except Exception as error:
            print(error)

    flights = spark.readStream.schema(SCHEMA).option("maxFilesPerTrigger", 1).parquet(landing)
    return score(flights).writeStream.foreachBatch(careful).option("checkpointLocation", checkpoint).trigger(availableNow=True).start()

# %% wrong: all_files_in_one_batch
# hint: at most one file each
def start_scoring(landing, checkpoint, score, sink):
    flights = spark.readStream.schema(SCHEMA).parquet(landing)
    return score(flights).writeStream.foreachBatch(sink).option("checkpointLocation", checkpoint).trigger(availableNow=True).start()

# %% wrong: not_scored
# hint: without having been scored
def start_scoring(landing, checkpoint, score, sink):
    flights = spark.readStream.schema(SCHEMA).option("maxFilesPerTrigger", 1).parquet(landing)
    return flights.writeStream.foreachBatch(sink).option("checkpointLocation", checkpoint).trigger(availableNow=True).start()

# %% right: scored_in_the_sink
def start_scoring(landing, checkpoint, score, sink):
    query = spark.readStream.format("parquet").schema(SCHEMA).option("maxFilesPerTrigger", "1").load(landing).writeStream
    return query.foreachBatch(lambda batch, n: sink(score(batch), n)).trigger(availableNow=True).start(checkpointLocation=checkpoint)

# %% right: all_options_at_once
def start_scoring(landing, checkpoint, score, sink):
    flights = score(spark.readStream.schema(SCHEMA).options(maxFilesPerTrigger=1).parquet(landing))
    return flights.writeStream.options(checkpointLocation=checkpoint).foreachBatch(sink).trigger(availableNow=True).start()

# %% wrong: waits_for_the_end
# hint: leave waiting to the caller
def start_scoring(landing, checkpoint, score, sink):
    flights = score(spark.readStream.schema(SCHEMA).option("maxFilesPerTrigger", 1).parquet(landing))
    query = flights.writeStream.option("checkpointLocation", checkpoint).foreachBatch(sink).trigger(availableNow=True).start()
    query.awaitTermination()
    return query
