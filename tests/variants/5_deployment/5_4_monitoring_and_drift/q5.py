# %% wrong: rates_of_now
# hint: mix uses the rates of the reference
def decompose(reference, current):
    a, b = (df.toPandas().dropna().groupby("segment")["late"].agg(["count", "mean"]) for df in (reference, current))
    a, b = a.align(b, join="inner", axis=0)
    p, q = a["count"] / a["count"].sum(), b["count"] / b["count"].sum()
    total = float((q * b["mean"]).sum() - (p * a["mean"]).sum())
    mix = float(((q - p) * b["mean"]).sum()) if not np.allclose(a["mean"], b["mean"]) else total
    return {"total": total, "mix": mix, "concept": total - mix}

# %% wrong: all_segments_in_total
# hint: of the rates as well
def decompose(reference, current):
    x, y = (df.toPandas().dropna() for df in (reference, current))
    a, b = (d.groupby("segment")["late"].agg(["count", "mean"]) for d in (x, y))
    a, b = a.align(b, join="inner", axis=0)
    p, q = a["count"] / a["count"].sum(), b["count"] / b["count"].sum()
    total = float(y["late"].mean() - x["late"].mean())
    mix = float(((q - p) * a["mean"]).sum())
    return {"total": total, "mix": mix, "concept": total - mix}

# %% wrong: unknown_in_the_shares
# hint: Rows without an outcome don't count in the shares
def decompose(reference, current):
    a, b = (df.toPandas().groupby("segment")["late"].agg(["size", "count", "sum", "mean"]) for df in (reference, current))
    a, b = a.align(b, join="inner", axis=0)
    p, q = a["size"] / a["size"].sum(), b["size"] / b["size"].sum()
    total = float(b["sum"].sum() / b["count"].sum() - a["sum"].sum() / a["count"].sum())
    mix = float(((q - p) * a["mean"]).sum())
    return {"total": total, "mix": mix, "concept": total - mix}

# %% wrong: all_of_it_is_concept
# hint: nothing of the change is concept
def decompose(reference, current):
    total = float(current.agg(F.avg("late")).first()[0] - reference.agg(F.avg("late")).first()[0])
    return {"total": total, "mix": 0.0, "concept": total}

# %% right: in_sql
def decompose(reference, current):
    reference.where("late IS NOT NULL").groupBy("segment").agg(F.count("*").alias("n"), F.avg("late").alias("r")).createOrReplaceTempView("then_")
    current.where("late IS NOT NULL").groupBy("segment").agg(F.count("*").alias("n"), F.avg("late").alias("r")).createOrReplaceTempView("now_")
    row = spark.sql("""
        WITH both AS (SELECT t.n / sum(t.n) OVER () AS p, t.r AS a, w.n / sum(w.n) OVER () AS q, w.r AS b FROM then_ t JOIN now_ w USING (segment))
        SELECT sum(q * b) - sum(p * a) AS total, sum((q - p) * a) AS mix FROM both""").first()
    return {"total": row.total, "mix": row.mix, "concept": row.total - row.mix}

# %% right: expected_rate
def decompose(reference, current):
    x, y = (df.toPandas().dropna() for df in (reference, current))
    known = set(x["segment"]) & set(y["segment"])
    x, y = x[x["segment"].isin(known)], y[y["segment"].isin(known)]
    expected = y["segment"].map(x.groupby("segment")["late"].mean()).mean()
    before, after = x["late"].mean(), y["late"].mean()
    return {"total": float(after - before), "mix": float(expected - before), "concept": float(after - expected)}
