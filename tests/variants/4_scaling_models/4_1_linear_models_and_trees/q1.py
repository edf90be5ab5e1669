# %% wrong: uphill
# hint: goes uphill
def gradient_step(df, columns, label, weights, rate):
    rows = df.dropna(subset=[*columns, label])
    error = sum((F.col(c) * w for c, w in zip(columns, weights)), F.lit(weights[-1])) - F.col(label)
    slopes = rows.agg(*[F.mean(error * F.col(c)) for c in columns], F.mean(error)).first()
    return [w if s is None else w + rate * s for w, s in zip(weights, slopes)]


# %% wrong: summed_over_rows
# hint: is summed over the rows
def gradient_step(df, columns, label, weights, rate):
    rows = df.dropna(subset=[*columns, label])
    error = sum((F.col(c) * w for c, w in zip(columns, weights)), F.lit(weights[-1])) - F.col(label)
    slopes = rows.agg(*[F.sum(error * F.col(c)) for c in columns], F.sum(error)).first()
    return [w if s is None else w - rate * s for w, s in zip(weights, slopes)]


# %% wrong: intercept_stays
# hint: The intercept did not move
def gradient_step(df, columns, label, weights, rate):
    rows = df.dropna(subset=[*columns, label])
    error = sum((F.col(c) * w for c, w in zip(columns, weights)), F.lit(weights[-1])) - F.col(label)
    slopes = rows.agg(*[F.mean(error * F.col(c)) for c in columns]).first()
    return [w if s is None else w - rate * s for w, s in zip(weights, slopes)] + [weights[-1]]


# %% wrong: everything_to_the_driver
# hint: The rows travelled to the driver
def gradient_step(df, columns, label, weights, rate):
    rows = df.select(*columns, label).dropna().toPandas().to_numpy(dtype=float)
    if not len(rows):
        return list(weights)
    x = np.column_stack([rows[:, :-1], np.ones(len(rows))])
    w = np.array(weights)
    return (w - rate * x.T @ (x @ w - rows[:, -1]) / len(rows)).tolist()


# %% right: sums_of_partitions
def gradient_step(df, columns, label, weights, rate):
    w = np.array(weights)

    def share(frames):
        total = np.zeros(len(w) + 1)
        for frame in frames:
            values = frame.dropna().to_numpy(dtype=float)
            x = np.column_stack([values[:, :-1], np.ones(len(values))])
            total += np.append(x.T @ (x @ w - values[:, -1]), len(values))
        yield pd.DataFrame([total], columns=[f"s{i}" for i in range(len(total))])

    schema = ", ".join(f"s{i} double" for i in range(len(w) + 1))
    total = df.select(*columns, label).mapInPandas(share, schema).toPandas().to_numpy().sum(axis=0)
    return list(map(float, w - rate * total[:-1] / total[-1])) if total[-1] else list(weights)


# %% right: tree_aggregate
def gradient_step(df, columns, label, weights, rate):
    def add(total, row):
        x = [*row[:-1], 1.0]
        error = sum(w * value for w, value in zip(weights, x)) - row[-1]
        return [t + error * value for t, value in zip(total, x)] + [total[-1] + 1]

    def merge(a, b):
        return [x + y for x, y in zip(a, b)]

    rows = df.select(*columns, label).dropna().rdd.map(tuple)
    *slopes, n = rows.treeAggregate([0.0] * (len(weights) + 1), add, merge)
    return [float(w - rate * s / n) if n else float(w) for w, s in zip(weights, slopes)]
