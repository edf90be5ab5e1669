# %% wrong: equal_goes_right
# hint: A value that equals the cut goes left
def best_cut(df, column, label, cuts):
    edges = [-float("inf"), *cuts, float("inf")]
    rows = df.select(F.col(column).alias("x"), F.col(label).alias("y")).dropna()
    binned = Bucketizer(splits=edges, inputCol="x", outputCol="bin").transform(rows)
    sums = {int(r["bin"]): (r["n"], r["s"], r["q"]) for r in binned.groupBy("bin").agg(F.count("*").alias("n"), F.sum("y").alias("s"), F.sum(F.col("y") ** 2).alias("q")).collect()}
    table = np.array([sums.get(i, (0, 0, 0)) for i in range(len(cuts) + 1)], dtype=float)
    total, left = table.sum(axis=0), table.cumsum(axis=0)[:-1]
    best = None
    for cut, l in zip(cuts, left):
        r = total - l
        if l[0] and r[0]:
            spread = [t[2] / t[0] - (t[1] / t[0]) ** 2 for t in (total, l, r)]
            gain = spread[0] - (l[0] * spread[1] + r[0] * spread[2]) / total[0]
            if best is None or gain > best[1] + 1e-12:
                best = (cut, float(gain))
    return best


# %% wrong: both_sides_weigh_the_same
# hint: Spark ML cuts the same flights elsewhere
def best_cut(df, column, label, cuts):
    rows = df.select(F.col(column).alias("x"), F.col(label).alias("y")).dropna()
    sides = []
    for i, cut in enumerate(cuts):
        left = F.col("x") <= cut
        sides += [F.var_pop(F.when(left, F.col("y"))).alias(f"l{i}"), F.var_pop(F.when(~left, F.col("y"))).alias(f"r{i}")]
    found = rows.agg(F.var_pop("y").alias("all"), *sides).first()
    gains = [(found["all"] - (found[f"l{i}"] + found[f"r{i}"]) / 2, -cut) for i, cut in enumerate(cuts) if None not in (found[f"l{i}"], found[f"r{i}"])]
    return (-max(gains)[1], max(gains)[0]) if gains else None


# %% wrong: divided_by_n_minus_1
# hint: divided by n, not n - 1
def best_cut(df, column, label, cuts):
    rows = df.select(F.col(column).alias("x"), F.col(label).alias("y")).dropna()
    sides = []
    for i, cut in enumerate(cuts):
        for name, side in (("l", F.col("x") <= cut), ("r", F.col("x") > cut)):
            sides += [F.count_if(side).alias(f"{name}n{i}"), F.coalesce(F.variance(F.when(side, F.col("y"))), F.lit(0.0)).alias(f"{name}{i}")]
    found = rows.agg(F.variance("y").alias("all"), F.count("*").alias("n"), *sides).first()
    best = None
    for i, cut in enumerate(cuts):
        nl, nr = found[f"ln{i}"], found[f"rn{i}"]
        if nl and nr:
            gain = found["all"] - (nl * found[f"l{i}"] + nr * found[f"r{i}"]) / found["n"]
            if best is None or gain > best[1] + 1e-12:
                best = (cut, gain)
    return best


# %% wrong: sample_variance_of_one_row
# hint: where a side has a single row
def best_cut(df, column, label, cuts):
    rows = df.select(F.col(column).alias("x"), F.col(label).alias("y")).dropna()
    best = None
    for cut in cuts:
        left = F.col("x") <= cut
        found = rows.agg(F.variance("y"), F.count("*"), F.count_if(left), F.variance(F.when(left, F.col("y"))), F.variance(F.when(~left, F.col("y")))).first()
        if found[2] and found[2] < found[1]:
            gain = found[0] - (found[2] * found[3] + (found[1] - found[2]) * found[4]) / found[1]
            if best is None or gain > best[1] + 1e-12:
                best = (cut, gain)
    return best


# %% wrong: a_bin_for_each_value
# hint: The rows travelled to the driver
def best_cut(df, column, label, cuts):
    rows = df.select(F.col(column).alias("x"), F.col(label).alias("y")).dropna()
    bins = rows.groupBy("x").agg(F.count("*").alias("n"), F.sum("y").alias("s"), F.sum(F.col("y") ** 2).alias("q")).toPandas()
    best = None
    for cut in cuts:
        low, high = (bins.loc[side, ["n", "s", "q"]].sum() for side in (bins["x"] <= cut, bins["x"] > cut))
        if low["n"] and high["n"]:
            n, s, q = low + high
            gain = q / n - (s / n) ** 2 - sum(side["q"] - side["s"] ** 2 / side["n"] for side in (low, high)) / n
            if best is None or gain > best[1] + 1e-12:
                best = (cut, float(gain))
    return best


# %% wrong: the_first_rows
# hint: not the first ones or a sample
def best_cut(df, column, label, cuts):
    rows = df.select(F.col(column).alias("x"), F.col(label).alias("y")).dropna().limit(3000).toPandas()
    gains = []
    for cut in cuts:
        low, high = rows.loc[rows["x"] <= cut, "y"], rows.loc[rows["x"] > cut, "y"]
        if len(low) and len(high):
            gain = rows["y"].var(ddof=0) - (len(low) * low.var(ddof=0) + len(high) * high.var(ddof=0)) / len(rows)
            gains.append((round(gain, 10), -cut))
    return (-max(gains)[1], float(max(gains)[0])) if gains else None


# %% wrong: a_job_for_each_cut
# hint: anew for each cut
def best_cut(df, column, label, cuts):
    rows = df.select(F.col(column).alias("x"), F.col(label).alias("y")).dropna()
    best = None
    for cut in cuts:
        left = F.col("x") <= cut
        found = rows.agg(F.var_pop("y"), F.count("*"), F.count_if(left), F.var_pop(F.when(left, F.col("y"))), F.var_pop(F.when(~left, F.col("y")))).first()
        if found[2] and found[2] < found[1]:
            gain = found[0] - (found[2] * found[3] + (found[1] - found[2]) * found[4]) / found[1]
            if best is None or gain > best[1] + 1e-12:
                best = (cut, gain)
    return best


# %% right: all_cuts_in_one_aggregate
def best_cut(df, column, label, cuts):
    rows = df.select(F.col(column).alias("x"), F.col(label).alias("y")).dropna()
    asked = [F.var_pop("y").alias("all"), F.count("*").alias("n")]
    for i, cut in enumerate(cuts):
        left = F.col("x") <= cut
        asked += [F.count_if(left).alias(f"n{i}"), F.var_pop(F.when(left, F.col("y"))).alias(f"l{i}"), F.var_pop(F.when(~left, F.col("y"))).alias(f"r{i}")]
    found = rows.agg(*asked).first()
    n, gains = found["n"], []
    for i, cut in enumerate(cuts):
        left = found[f"n{i}"]
        if 0 < left < n:
            gains.append((round(found["all"] - (left * found[f"l{i}"] + (n - left) * found[f"r{i}"]) / n, 10), -cut))
    return (float(-max(gains)[1]), float(max(gains)[0])) if gains else None


# %% right: histogram_by_partition
def best_cut(df, column, label, cuts):
    def share(frames):
        table = np.zeros((len(cuts) + 1, 3))
        for frame in frames:
            rows = frame.dropna()
            y = rows[label].to_numpy(dtype=float)
            place = np.searchsorted(cuts, rows[column].to_numpy(dtype=float), side="left")
            np.add.at(table, place, np.column_stack([np.ones(len(y)), y, y**2]))
        yield pd.DataFrame(table, columns=["n", "s", "q"]).assign(bin=range(len(table)))

    parts = df.select(column, label).mapInPandas(share, "n double, s double, q double, bin int").toPandas()
    table = parts.groupby("bin")[["n", "s", "q"]].sum().sort_index().to_numpy()
    left = table.cumsum(axis=0)[:-1]
    right = table.sum(axis=0) - left
    # the sides' sums of squares around their means, so what is left of the label's
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = (left[:, 2] - left[:, 1] ** 2 / left[:, 0]) + (right[:, 2] - right[:, 1] ** 2 / right[:, 0])
    usable = (left[:, 0] > 0) & (right[:, 0] > 0)
    if not usable.any():
        return None
    n, s, q = table.sum(axis=0)
    gain = np.where(usable, (q - s**2 / n - inner) / n, -1.0)
    at = int(np.argmax(np.round(gain, 9)))
    return float(cuts[at]), float(gain[at])
