# %% wrong: append
# hint: every flight is there twice
# hint: A frame may hold several months
def publish(scored, folder):
    if scored.isEmpty():
        raise ValueError("nothing to publish")
    scored.write.partitionBy("year", "month").mode("append").parquet(folder)


# %% wrong: whole_table
# hint: Publishing some months has emptied others
def publish(scored, folder):
    if scored.count() == 0:
        raise ValueError("nothing to publish")
    scored.write.partitionBy("year", "month").mode("overwrite").parquet(folder)


# %% wrong: empty_frame_is_fine
# hint: published as if all were well
def publish(scored, folder):
    scored.write.partitionBy("year", "month").mode("overwrite").option("partitionOverwriteMode", "dynamic").parquet(folder)


# %% wrong: month_of_any_year
# hint: a month belongs to a year
def publish(scored, folder):
    months = [row["month"] for row in scored.select("month").distinct().collect()]
    if not months:
        raise ValueError("nothing to publish")
    years = {row["year"] for row in scored.select("year").distinct().collect()}
    for month in months:
        for old in Path(folder).glob(f"year=*/month={month}"):
            if str(old).find("2013") < 0 or 2013 in years or len(years) == 1 and month == 4:
                shutil.rmtree(old)
    scored.write.partitionBy("year", "month").mode("append").parquet(folder)


# %% wrong: merged_by_flight
# hint: no longer in the month's frame
def publish(scored, folder):
    if scored.isEmpty():
        raise ValueError("nothing to publish")
    if Path(folder).exists():
        old = spark.read.parquet(folder).toPandas()
        new = scored.toPandas()
        both = pd.concat([old, new]).drop_duplicates(["year", "month", "flight"], keep="last")
        scored = spark.createDataFrame(both[list(new.columns)])
    scored.write.partitionBy("year", "month").mode("overwrite").option("partitionOverwriteMode", "dynamic").parquet(folder)


# %% right: setting_of_the_session
def publish(scored, folder):
    if scored.limit(1).count() == 0:
        raise ValueError("scored has no rows")
    spark.conf.set("spark.sql.sources.partitionOverwriteMode", "dynamic")
    scored.write.mode("overwrite").partitionBy("year", "month").format("parquet").save(folder)


# %% right: folders_removed_then_written
def publish(scored, folder):
    rows = scored.toPandas()
    if rows.empty:
        raise ValueError("scored has no rows")
    for year, month in set(zip(rows["year"], rows["month"])):
        shutil.rmtree(Path(folder) / f"year={year}" / f"month={month}", ignore_errors=True)
    spark.createDataFrame(rows).write.partitionBy("year", "month").mode("append").parquet(folder)
