# %% wrong: without_replacement
# hint: draws with replacement
def bag(train, new, features, label, bags, fit):
    learn, ask = train.toPandas(), new.toPandas()

    def one(frame):
        seed = int(frame["seed"].iloc[0])
        part = learn.sample(frac=0.8, random_state=seed)
        model = fit(part[features].to_numpy(), part[label].to_numpy(), seed)
        return pd.DataFrame({"id": ask["id"], "p": np.array(model.predict(ask[features].to_numpy()), dtype=float)})

    seeds = spark.range(bags).withColumnRenamed("id", "seed").repartition(2, "seed")
    out = seeds.groupBy("seed").applyInPandas(one, f"id {dict(new.dtypes)['id']}, p double")
    return out.groupBy("id").agg(F.mean("p").alias("prediction"), F.stddev_pop("p").alias("spread"))


# %% wrong: the_same_bag_each_time
# hint: All models have seen the very same sample
def bag(train, new, features, label, bags, fit):
    learn, ask = train.toPandas(), new.toPandas()

    def one(frame):
        seed = int(frame["seed"].iloc[0])
        part = learn.sample(frac=1.0, replace=True, random_state=42)
        model = fit(part[features].to_numpy(), part[label].to_numpy(), seed)
        return pd.DataFrame({"id": ask["id"], "p": np.array(model.predict(ask[features].to_numpy()), dtype=float)})

    seeds = spark.range(bags).withColumnRenamed("id", "seed").repartition(2, "seed")
    out = seeds.groupBy("seed").applyInPandas(one, f"id {dict(new.dtypes)['id']}, p double")
    return out.groupBy("id").agg(F.mean("p").alias("prediction"), F.stddev_pop("p").alias("spread"))


# %% wrong: on_the_driver
# hint: trained on the driver
def bag(train, new, features, label, bags, fit):
    learn, ask = train.toPandas(), new.toPandas()
    answers = []
    for seed in range(bags):
        part = learn.sample(frac=1.0, replace=True, random_state=seed)
        answers.append(fit(part[features].to_numpy(), part[label].to_numpy(), seed).predict(ask[features].to_numpy()))
    return spark.createDataFrame(pd.DataFrame({"id": ask["id"], "prediction": np.mean(answers, axis=0), "spread": np.std(answers, axis=0)}))


# %% wrong: frames_for_fit
# hint: such as a pandas frame
def bag(train, new, features, label, bags, fit):
    learn, ask = train.toPandas(), new.toPandas()

    def one(frame):
        seed = int(frame["seed"].iloc[0])
        part = learn.sample(frac=1.0, replace=True, random_state=seed)
        return pd.DataFrame({"id": ask["id"], "p": fit(part[features], part[label], seed).predict(ask[features])})

    seeds = spark.range(bags).withColumnRenamed("id", "seed").repartition(2, "seed")
    out = seeds.groupBy("seed").applyInPandas(one, f"id {dict(new.dtypes)['id']}, p double")
    return out.groupBy("id").agg(F.mean("p").alias("prediction"), F.stddev_pop("p").alias("spread"))


# %% wrong: no_seed_in_the_draw
# hint: The same call gave other numbers
def bag(train, new, features, label, bags, fit):
    learn, ask = train.toPandas(), new.toPandas()

    def one(frame):
        drawn = np.random.default_rng().integers(0, len(learn), len(learn))
        part = learn.iloc[drawn]
        model = fit(part[features].to_numpy(), part[label].to_numpy(), int(frame["seed"].iloc[0]))
        return pd.DataFrame({"id": ask["id"], "p": np.array(model.predict(ask[features].to_numpy()), dtype=float)})

    seeds = spark.range(bags).withColumnRenamed("id", "seed").repartition(2, "seed")
    out = seeds.groupBy("seed").applyInPandas(one, f"id {dict(new.dtypes)['id']}, p double")
    return out.groupBy("id").agg(F.mean("p").alias("prediction"), F.stddev_pop("p").alias("spread"))


# %% right: rows_to_every_bag
def bag(train, new, features, label, bags, fit):
    ask = new.select("id", *features).toPandas()
    # Spark's own draw: each row comes to each bag a Poisson number of times
    tables = [train.select(F.lit(seed).alias("seed"), *features, label).sample(True, 1.0, seed=seed) for seed in range(bags)]
    everything = tables[0]
    for table in tables[1:]:
        everything = everything.unionByName(table)

    def one(frame):
        seed = int(frame["seed"].iloc[0])
        model = fit(frame[features].to_numpy(dtype=float), frame[label].to_numpy(dtype=float), seed)
        return pd.DataFrame({"id": ask["id"], "p": np.array(model.predict(ask[features].to_numpy(dtype=float)), dtype=float)})

    out = everything.groupBy("seed").applyInPandas(one, f"id {dict(new.dtypes)['id']}, p double").toPandas()
    both = out.groupby("id")["p"].agg(prediction="mean", spread=lambda p: float(np.std(p))).reset_index()
    return spark.createDataFrame(both)


# %% right: map_in_pandas
def bag(train, new, features, label, bags, fit):
    learn = train.select(*features, label).toPandas().to_numpy(dtype=float)
    ask = new.select("id", *features).toPandas()

    def trained(frames):
        for frame in frames:
            for seed in frame["id"]:
                part = learn[np.random.RandomState(seed).randint(0, len(learn), len(learn))]
                answer = fit(part[:, :-1], part[:, -1], int(seed)).predict(ask[features].to_numpy(dtype=float))
                yield pd.DataFrame({"id": ask["id"], "answer": np.array(answer, dtype=float)})

    answers = spark.range(0, bags, 1, 2).mapInPandas(trained, f"id {dict(new.dtypes)['id']}, answer double").cache()
    return answers.groupBy("id").agg(F.avg("answer").alias("prediction"), F.stddev_pop("answer").alias("spread"))
