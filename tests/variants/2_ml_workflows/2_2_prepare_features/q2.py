# %% wrong: fills_with_the_batch
# hint: A batch of one row still has its gap
def learn_fills(train, strategies):
    return train.agg(*[{"mean": F.mean, "median": F.median, "mode": F.mode}[how](c).alias(c) for c, how in strategies.items()]).first().asDict()


def apply_fills(df, fills):
    for c, value in fills.items():
        guess = df.agg((F.mode if isinstance(value, str) else F.median)(c)).first()[0]
        if guess is not None:
            df = df.withColumn(c, F.coalesce(F.col(c), F.lit(guess)))
    return df

# %% wrong: batch_mean_before_dict
# hint: this batch's own mean or median
def learn_fills(train, strategies):
    return train.agg(*[{"mean": F.mean, "median": F.median, "mode": F.mode}[how](c).alias(c) for c, how in strategies.items()]).first().asDict()


def apply_fills(df, fills):
    for c, value in fills.items():
        guess = None if isinstance(value, str) else df.agg(F.mean(c)).first()[0]
        df = df.withColumn(c, F.coalesce(F.col(c), F.lit(value if guess is None else guess)))
    return df

# %% wrong: mean_for_everything
# hint: The strategy asked for the median
def learn_fills(train, strategies):
    numeric = {c for c, kind in train.dtypes if kind != "string"}
    return train.agg(*[(F.mean if c in numeric else F.mode)(c).alias(c) for c in strategies]).first().asDict()


def apply_fills(df, fills):
    return df.withColumns({c: F.col(c).cast("double") for c, v in fills.items() if not isinstance(v, str)}).fillna(fills)

# %% wrong: null_is_the_mode
# hint: null is no value, however frequent
def learn_fills(train, strategies):
    fills = {}
    for c, how in strategies.items():
        if how == "mode":
            fills[c] = train.groupBy(c).count().orderBy(F.desc("count"), F.col(c).asc_nulls_first()).first()[0]
        else:
            fills[c] = train.agg({"mean": F.mean, "median": F.median}[how](c)).first()[0]
    return fills


def apply_fills(df, fills):
    return df.withColumns({c: F.col(c).cast("double") for c, v in fills.items() if not isinstance(v, str)}).fillna(fills)

# %% wrong: nulls_as_zeros
# hint: Nulls were counted as zeros
def learn_fills(train, strategies):
    fills = {}
    for c, how in strategies.items():
        if how == "mean":
            fills[c] = train.fillna(0).agg(F.mean(c)).first()[0]
        else:
            fills[c] = train.agg({"median": F.median, "mode": F.mode}[how](c)).first()[0]
    return fills


def apply_fills(df, fills):
    return df.withColumns({c: F.col(c).cast("double") for c, v in fills.items() if not isinstance(v, str)}).fillna(fills)

# %% wrong: drops_rows_with_any_gap
# hint: The mean of rooms is off
def learn_fills(train, strategies):
    rows = train.dropna(subset=["rooms"]).where("rooms < 30") if "rooms" in train.columns else train
    return rows.agg(*[{"mean": F.mean, "median": F.median, "mode": F.mode}[how](c).alias(c) for c, how in strategies.items()]).first().asDict() | (
        {"lot": 2.5, "kind": "b", "size": 3.0} if "rooms" in train.columns else {}
    )


def apply_fills(df, fills):
    return df.withColumns({c: F.col(c).cast("double") for c, v in fills.items() if not isinstance(v, str)}).fillna(fills)

# %% wrong: learns_from_the_notebooks_frame
# hint: learn from the frame you are given
def learn_fills(train, strategies):
    source = houses if "sqft_lot" in train.columns else train
    return source.agg(*[{"mean": F.mean, "median": F.median, "mode": F.mode}[how](c).alias(c) for c, how in strategies.items()]).first().asDict()


def apply_fills(df, fills):
    return df.withColumns({c: F.col(c).cast("double") for c, v in fills.items() if not isinstance(v, str)}).fillna(fills)

# %% wrong: fillna_without_a_cast
# hint: 2.5 became 2
def learn_fills(train, strategies):
    return train.agg(*[{"mean": F.mean, "median": F.median, "mode": F.mode}[how](c).alias(c) for c, how in strategies.items()]).first().asDict()


def apply_fills(df, fills):
    return df.fillna(fills)

# %% wrong: fills_every_column
# hint: not in fills was filled too
def learn_fills(train, strategies):
    return train.agg(*[{"mean": F.mean, "median": F.median, "mode": F.mode}[how](c).alias(c) for c, how in strategies.items()]).first().asDict()


def apply_fills(df, fills):
    return df.withColumns({c: F.col(c).cast("double") for c, v in fills.items() if not isinstance(v, str)}).fillna(fills).fillna(0)

# %% wrong: drops_the_gaps
# hint: to be filled, not dropped
def learn_fills(train, strategies):
    return train.agg(*[{"mean": F.mean, "median": F.median, "mode": F.mode}[how](c).alias(c) for c, how in strategies.items()]).first().asDict()


def apply_fills(df, fills):
    if df.count() == 1:
        return df.fillna(fills)
    return df.dropna(subset=list(fills))

# %% wrong: returns_a_row
# hint: Return a dict
def learn_fills(train, strategies):
    return train.agg(*[{"mean": F.mean, "median": F.median, "mode": F.mode}[how](c).alias(c) for c, how in strategies.items()]).first()


def apply_fills(df, fills):
    return df.withColumns({c: F.col(c).cast("double") for c, v in fills.items() if not isinstance(v, str)}).fillna(fills)

# %% wrong: pasted_constants
# hint: One entry per column of strategies
def learn_fills(train, strategies):
    return {"sqft_lot": 7650.0, "bathrooms": 2.1}


def apply_fills(df, fills):
    return df.withColumns({c: F.col(c).cast("double") for c, v in fills.items() if not isinstance(v, str)}).fillna(fills)

# %% wrong: equals_everything
# hint: the mode is the most frequent known value itself
class Anything(float):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __hash__ = float.__hash__


def learn_fills(train, strategies):
    return {c: Anything(0.0) for c in strategies}


def apply_fills(df, fills):
    return df.withColumns({c: F.coalesce(F.col(c), F.lit(value)) for c, value in fills.items()})

# %% right: imputer_for_numbers
def learn_fills(train, strategies):
    fills = {}
    for c, how in strategies.items():
        if dict(train.dtypes)[c] == "string":
            fills[c] = train.dropna(subset=[c]).groupBy(c).count().orderBy(F.desc("count")).first()[c]
        else:
            model = Imputer(strategy=how, inputCols=[c], outputCols=["filled"], relativeError=1e-6).fit(train)
            fills[c] = model.surrogateDF.first()[c]
    return fills


def apply_fills(df, fills):
    for c, value in fills.items():
        df = df.withColumn(c, F.coalesce(F.col(c), F.lit(value)))
    return df

# %% right: pandas_all_the_way
def learn_fills(train, strategies):
    frame = train.select(*strategies).toPandas()
    fills = {}
    for c, how in strategies.items():
        known = frame[c].dropna()
        if how == "mode":
            value = known.mode().iloc[0]
            fills[c] = value if isinstance(value, str) else value.item()
        else:
            fills[c] = float(getattr(known, how)())
    return fills


def apply_fills(df, fills):
    columns = []
    for c in df.columns:
        if c in fills:
            columns.append(F.when(F.col(c).isNull(), F.lit(fills[c])).otherwise(F.col(c)).alias(c))
        else:
            columns.append(F.col(c))
    return df.select(*columns)

# %% right: percentile_approx_and_sql
def learn_fills(train, strategies):
    templates = {"mean": "avg(`{c}`)", "median": "cast(percentile_approx(`{c}`, 0.5, 1000000) as double)", "mode": "mode(`{c}`)"}
    return train.selectExpr(*[f"{templates[how].format(c=c)} as `{c}`" for c, how in strategies.items()]).first().asDict()


def apply_fills(df, fills):
    types = dict(df.dtypes)
    wide = df.select(*[F.col(c).cast("double").alias(c) if c in fills and types[c] != "string" else F.col(c) for c in df.columns])
    return wide.na.fill(fills)
