# %% wrong: collected_first
# hint: The rows themselves came to the driver
def partition_statistics(df, features, label):
    found = []
    numbered = df.select("*", F.spark_partition_id().alias("piece")).dropna(subset=[label, *features]).toPandas()
    for _, piece in numbered.groupby("piece"):
        X = np.column_stack([np.ones(len(piece)), piece[features]])
        y = piece[label].to_numpy()
        found.append((len(piece), X.T @ X, X.T @ y, float(y @ y)))
    return found


def solve(statistics):
    n, XtX, Xty, yty = (sum(s[i] for s in [tuple(map(np.asarray, s)) for s in statistics]) for i in range(4))
    b = np.linalg.solve(XtX, Xty)
    return [float(v) for v in b], float(np.sqrt(max(0, yty - b @ Xty) / n))


# %% wrong: models_averaged
# hint: This is the average of the partitions' own models
# hint: the model has an intercept
def partition_statistics(df, features, label):
    def own(rows):
        rows = [[row[name] for name in [label, *features]] for row in rows]
        rows = np.array([row for row in rows if None not in row], dtype=float)
        if len(rows):
            y, X = rows[:, 0], rows[:, 1:]
            yield len(y), (X.T @ X).tolist(), (X.T @ y).tolist(), float(y @ y)

    return df.rdd.mapPartitions(own).collect()


def solve(statistics):
    models = [np.linalg.solve(np.asarray(s[1]), np.asarray(s[2])) for s in statistics]
    b = np.mean(models, axis=0)
    squares = sum(s[3] - 2 * b @ np.asarray(s[2]) + b @ np.asarray(s[1]) @ b for s in statistics)
    return b.tolist(), math.sqrt(squares / sum(s[0] for s in statistics))


# %% wrong: any_null_drops_the_row
# hint: Nulls in columns that the model does not use
# hint: take its root
def partition_statistics(df, features, label):
    def own(rows):
        rows = [row for row in rows if all(value is not None for value in row)]
        if rows:
            X = np.array([[1.0, *(row[name] for name in features)] for row in rows])
            y = np.array([row[label] for row in rows], dtype=float)
            yield len(y), (X.T @ X).tolist(), (X.T @ y).tolist(), float(y @ y)

    return df.rdd.mapPartitions(own).collect()


def solve(statistics):
    n, XtX, Xty, yty = (sum(s[i] for s in [tuple(map(np.asarray, s)) for s in statistics]) for i in range(4))
    b = np.linalg.solve(XtX, Xty)
    return b.tolist(), float(max(0, yty - b @ Xty) / n)


# %% wrong: one_piece_for_all
# hint: All rows are in one tuple
# hint: This is a weighted average
def partition_statistics(df, features, label):
    full = df.dropna(subset=[label, *features]).select(F.lit(1.0).alias("_one"), *features, label)
    names = full.columns
    sums = full.agg(F.count("*").alias("n"), *(F.sum(F.col(a) * F.col(b)).alias(f"{i}_{j}") for i, a in enumerate(names) for j, b in enumerate(names))).first()
    M = np.array([[sums[f"{i}_{j}"] for j in range(len(names))] for i in range(len(names))])
    return [(sums["n"], M[:-1, :-1], M[:-1, -1], M[-1, -1])]


def solve(statistics):
    models = [np.linalg.solve(np.asarray(s[1]), np.asarray(s[2])) for s in statistics]
    b = np.average(models, axis=0, weights=[s[0] for s in statistics])
    return b.tolist(), 1.0


# %% wrong: a_tuple_for_each_frame
# hint: There are more tuples than partitions
# hint: rounding may make the sum of squares a hair less than 0
def partition_statistics(df, features, label):
    size = len(features) + 1

    def own(frames):
        for frame in frames:
            X = np.column_stack([np.ones(len(frame)), frame[features]])
            y = frame[label].to_numpy()
            yield pd.DataFrame({"n": [len(frame)], "A": [(X.T @ X).ravel().tolist()], "b": [(X.T @ y).tolist()], "c": [float(y @ y)]})

    rows = df.dropna(subset=[label, *features]).mapInPandas(own, "n long, A array<double>, b array<double>, c double").collect()
    return [(row.n, np.reshape(row.A, (size, size)), np.array(row.b), row.c) for row in rows if row.n]


def solve(statistics):
    n, A, b, c = (sum(np.asarray(s[i], dtype=float) for s in statistics) for i in range(4))
    w = np.linalg.lstsq(A, b, rcond=None)[0]
    return w.tolist(), math.sqrt((c - w @ b) / n)


# %% right: rdd_with_rows
def partition_statistics(df, features, label):
    columns = [label, *features]

    def own(rows):
        rows = np.array([[row[c] for c in columns] for row in rows if all(row[c] is not None for c in columns)], dtype=float)
        if len(rows):
            y, X = rows[:, 0], np.insert(rows[:, 1:], 0, 1.0, axis=1)
            yield len(y), (X.T @ X).tolist(), (X.T @ y).tolist(), float(y @ y)

    return df.rdd.mapPartitions(own).collect()


def solve(statistics):
    n, XtX, Xty, yty = (sum(s[i] for s in [tuple(map(np.asarray, s)) for s in statistics]) for i in range(4))
    b = np.linalg.solve(XtX, Xty)
    return [float(v) for v in b], float(np.sqrt(max(0, yty - b @ Xty) / n))


# %% right: sums_in_sql
def partition_statistics(df, features, label):
    names = ["_one", *features, label]
    full = df.withColumn("_one", F.lit(1.0)).where(" AND ".join(f"`{name}` IS NOT NULL" for name in [*features, label]))
    products = [F.sum(F.col(a).cast("double") * F.col(b)).alias(f"{i}_{j}") for i, a in enumerate(names) for j, b in enumerate(names)]
    found = []
    for row in full.groupBy(F.spark_partition_id()).agg(F.count("*").alias("n"), *products).collect():
        M = np.array([[row[f"{i}_{j}"] for j in range(len(names))] for i in range(len(names))])
        found.append((row["n"], M[:-1, :-1], M[:-1, -1], float(M[-1, -1])))
    return found


def solve(statistics):
    total = [0, 0, 0, 0]
    for piece in statistics:
        total = [np.add(a, b) for a, b in zip(total, piece)]
    n, XtX, Xty, yty = total
    b = np.linalg.lstsq(XtX, Xty, rcond=None)[0]
    return b.tolist(), math.sqrt(max(float(yty - 2 * b @ Xty + b @ XtX @ b), 0) / int(n))
