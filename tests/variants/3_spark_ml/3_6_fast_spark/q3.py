# %% wrong: cached_too_late
# hint: still goes through the preparation for every fact
def quality(raw, prepare):
    prepared = prepare(raw)
    facts = {"rows": prepared.count(), "late": prepared.where("late").count() / prepared.count()}
    prepared = prepare(raw).cache()
    facts["worst"] = prepared.agg(F.max("delay")).first()[0]
    prepared.unpersist()
    return facts


# %% wrong: raw_cached
# hint: What is kept must be what is slow to make
def quality(raw, prepare):
    raw = raw.cache()
    prepared = prepare(raw)
    rows, late, worst = prepared.count(), prepared.where("late").count(), prepared.agg(F.max("delay")).first()[0]
    raw.unpersist()
    return {"rows": rows, "late": late / rows, "worst": worst}


# %% wrong: never_given_back
# hint: Something of yours is left in the cache
def quality(raw, prepare):
    prepared = prepare(raw).cache()
    rows = prepared.count()
    return {"rows": rows, "late": prepared.where("late").count() / rows, "worst": prepared.agg(F.max("delay")).first()[0]}


# %% wrong: everything_cleared
# hint: What somebody else had cached is gone as well
def quality(raw, prepare):
    prepared = prepare(raw).cache()
    rows, late, worst = prepared.count(), prepared.where("late").count(), prepared.agg(F.max("delay")).first()[0]
    spark.catalog.clearCache()
    return {"rows": rows, "late": late / rows, "worst": worst}


# %% wrong: fetched_into_pandas
# hint: The prepared rows came to the driver
def quality(raw, prepare):
    rows = prepare(raw).toPandas()
    return {"rows": len(rows), "late": float(rows["late"].mean()), "worst": float(rows["delay"].max())}


# %% wrong: a_row_for_a_number
# hint: worst is a float, and no row
def quality(raw, prepare):
    facts = prepare(raw).agg(F.count("*").alias("rows"), F.mean(F.col("late").cast("double")).alias("late"), F.struct(F.max("delay")).alias("worst"))
    return facts.first().asDict()


# %% right: cached_and_given_back
def quality(raw, prepare):
    prepared = prepare(raw).cache()
    try:
        rows = prepared.count()
        late = prepared.where("late").count()
        return {"rows": rows, "late": late / rows, "worst": prepared.agg(F.max("delay")).first()[0]}
    finally:
        prepared.unpersist()


# %% right: counted_by_condition
def quality(raw, prepare):
    rows, late, worst = prepare(raw).select(F.count("*"), F.count_if("late"), F.max("delay")).collect()[0]
    return dict(rows=rows, late=late / rows, worst=worst)
