# %% wrong: random_split_with_seed
# hint: in other partitions gave another split
# hint: It calls randomSplit with a seed stable
def split_by_key(df, keys, test_percent, salt):
    train, test = df.randomSplit([1 - test_percent / 100, test_percent / 100], seed=salt)
    return train, test


def is_stable(split, df):
    once, again = (split(df)[1].select("id").collect() for _ in range(2))
    return sorted(once) == sorted(again)


# %% wrong: hash_of_the_whole_row
# hint: in a column that is no key
# hint: did you compare ids and not only their number
def split_by_key(df, keys, test_percent, salt):
    bucket = F.pmod(F.xxhash64(*df.columns, F.lit(salt)), F.lit(100))
    return df.where(bucket >= test_percent), df.where(bucket < test_percent)


def is_stable(split, df):
    return len({split(df.repartition(n))[1].count() for n in (1, 4)}) == 1


# %% wrong: negative_remainders
# hint: Can a hash be negative
# hint: It calls a split by
def split_by_key(df, keys, test_percent, salt):
    bucket = F.xxhash64(*keys, F.lit(salt)) % 100
    return df.where(bucket >= test_percent), df.where(bucket < test_percent)


def is_stable(split, df):
    lists = [[r["id"] for r in split(df.repartition(n, "id"))[1].select("id").collect()] for n in (1, 3, 8)]
    return lists[0] == lists[1] == lists[2]


# %% wrong: null_keys_lost
# hint: What becomes of a row whose key is null
# hint: It calls
def split_by_key(df, keys, test_percent, salt):
    text = F.concat(*[F.col(k).cast("string") for k in keys], F.lit(f"/{salt}"))
    bucket = F.conv(F.substring(F.md5(text), 1, 6), 16, 10).cast("int") % 100
    return df.where(bucket >= test_percent), df.where(bucket < test_percent)


def is_stable(split, df):
    return True


# %% wrong: salt_ignored
# hint: Another salt should give another split
# hint: a split by the day unstable
def split_by_key(df, keys, test_percent, salt):
    bucket = F.pmod(F.xxhash64(*keys), F.lit(100))
    return df.where(bucket >= test_percent), df.where(bucket < test_percent)


def is_stable(split, df):
    return False


# %% wrong: row_number
# hint: Only the row's own keys may decide
# hint: Return True or False
def split_by_key(df, keys, test_percent, salt):
    from pyspark.sql import Window

    numbered = df.withColumn("_n", F.row_number().over(Window.orderBy(*keys, *[c for c in df.columns if c not in keys])))
    numbered = numbered.withColumn("_n", F.pmod(F.col("_n") * 37 + salt, F.lit(100)))
    return numbered.where(F.col("_n") >= test_percent).drop("_n"), numbered.where(F.col("_n") < test_percent).drop("_n")


def is_stable(split, df):
    return [sorted(r["id"] for r in split(df.repartition(n, "id"))[1].collect()) for n in (2, 5)]


# %% wrong: parts_swapped
# hint: the share that was asked for
def split_by_key(df, keys, test_percent, salt):
    bucket = F.pmod(F.xxhash64(*keys, F.lit(salt)), F.lit(100))
    return df.where(bucket < test_percent), df.where(bucket >= test_percent)


def is_stable(split, df):
    return len({frozenset(r["id"] for r in split(d)[1].collect()) for d in (df.coalesce(1), df.repartition(4))}) == 1


# %% right: md5_of_the_keys
def split_by_key(df, keys, test_percent, salt):
    parts = [F.coalesce(F.col(k).cast("string"), F.lit("null")) for k in keys]
    digest = F.md5(F.concat_ws("|", F.lit(str(salt)), *parts))
    bucket = F.conv(F.substring(digest, 1, 8), 16, 10).cast("long") % 100
    marked = df.withColumn("_bucket", bucket)
    return marked.where(f"_bucket >= {test_percent}").drop("_bucket"), marked.where(f"_bucket < {test_percent}").drop("_bucket")


def is_stable(split, df):
    first = None
    for layout in (df.repartition(1), df.repartition(4), df.repartition(7, F.col("id") % 5)):
        ids = sorted(split(layout)[1].toPandas()["id"].tolist())
        if first is not None and ids != first:
            return False
        first = ids
    return True


# %% right: hash_and_abs
def split_by_key(df, keys, test_percent, salt):
    part = (F.abs(F.hash(*[F.col(k) for k in keys], F.lit(salt)).cast("long")) % 10_000) < test_percent * 100
    return df.filter(~part), df.filter(part)


def is_stable(split, df):
    df = df.cache()
    wanted = split(df.coalesce(1))[1].select("id")
    other = split(df.repartition(6))[1].select("id")
    return wanted.exceptAll(other).isEmpty() and other.exceptAll(wanted).isEmpty()
