# %% wrong: shares_from_all_rows
# hint: the leak is where it was
def honest_score(train, test):
    shares = train.union(test).groupBy("carrier").agg(F.mean("label").alias("share"))
    overall = train.agg(F.mean("label")).first()[0]
    train, test = (part.join(shares, "carrier", "left").fillna({"share": overall}) for part in (train, test))
    pipeline = Pipeline(stages=[VectorAssembler(inputCols=["share"], outputCol="features"), LogisticRegression()])
    return BinaryClassificationEvaluator().evaluate(pipeline.fit(train).transform(test))


# %% wrong: inner_join
# hint: Flights of unknown carriers were left out
def honest_score(train, test):
    shares = train.groupBy("carrier").agg(F.mean("label").alias("share"))
    train, test = (part.join(shares, "carrier") for part in (train, test))
    pipeline = Pipeline(stages=[VectorAssembler(inputCols=["share"], outputCol="features"), LogisticRegression()])
    return BinaryClassificationEvaluator().evaluate(pipeline.fit(train).transform(test))


# %% wrong: unknown_is_never_late
# hint: one that is never late
def honest_score(train, test):
    shares = train.groupBy("carrier").agg(F.mean("label").alias("share"))
    train, test = (part.join(shares, "carrier", "left").fillna(0.0, ["share"]) for part in (train, test))
    pipeline = Pipeline(stages=[VectorAssembler(inputCols=["share"], outputCol="features"), LogisticRegression()])
    return BinaryClassificationEvaluator().evaluate(pipeline.fit(train).transform(test))


# %% wrong: each_part_its_own_shares
# hint: the shares of the test rows themselves
def honest_score(train, test):
    overall = train.agg(F.mean("label")).first()[0]
    parts = []
    for part in (train, test):
        shares = part.groupBy("carrier").agg(F.mean("label").alias("share"))
        parts.append(part.join(shares, "carrier", "left").fillna({"share": overall}))
    pipeline = Pipeline(stages=[VectorAssembler(inputCols=["share"], outputCol="features"), LogisticRegression()])
    return BinaryClassificationEvaluator().evaluate(pipeline.fit(parts[0]).transform(parts[1]))


# %% wrong: mean_over_carriers
# hint: not the mean over carriers
def honest_score(train, test):
    shares = train.where("carrier IS NOT NULL").groupBy("carrier").agg(F.mean("label").alias("share")).cache()
    typical = shares.agg(F.mean("share")).first()[0]
    train, test = (part.join(shares, "carrier", "left").fillna({"share": typical}) for part in (train, test))
    pipeline = Pipeline(stages=[VectorAssembler(inputCols=["share"], outputCol="features"), LogisticRegression()])
    return BinaryClassificationEvaluator().evaluate(pipeline.fit(train).transform(test))


# %% wrong: area_of_the_decisions
# hint: The area is off
def honest_score(train, test):
    overall = train.agg(F.mean("label")).first()[0]
    shares = train.groupBy("carrier").agg(F.mean("label").alias("share"))
    train, test = (part.join(shares, "carrier", "left").fillna({"share": overall}) for part in (train, test))
    pipeline = Pipeline(stages=[VectorAssembler(inputCols=["share"], outputCol="features"), LogisticRegression()])
    return BinaryClassificationEvaluator(rawPredictionCol="prediction").evaluate(pipeline.fit(train).transform(test))


# %% wrong: a_number_that_looks_fine
# hint: The area is off
def honest_score(train, test):
    return 0.61


# %% right: own_estimator
def honest_score(train, test):
    class Shares(Estimator):
        def _fit(self, dataset):
            rows = dataset.groupBy("carrier").agg(F.avg("label").alias("s")).collect()
            return SharesModel({r["carrier"]: r["s"] for r in rows if r["carrier"] is not None}, dataset.agg(F.avg("label")).first()[0])

    class SharesModel(Model):
        def __init__(self, shares, overall):
            super().__init__()
            self.shares, self.overall = shares, overall

        def _transform(self, dataset):
            share = F.lit(self.overall)
            for carrier, s in self.shares.items():
                share = F.when(F.col("carrier") == carrier, F.lit(s)).otherwise(share)
            return dataset.withColumn("share", share)

    model = Pipeline(stages=[Shares(), VectorAssembler(inputCols=["share"], outputCol="features"), LogisticRegression()]).fit(train)
    return float(BinaryClassificationEvaluator().evaluate(model.transform(test)))


# %% right: pandas_and_scikit_learn
def honest_score(train, test):
    from sklearn.linear_model import LogisticRegression as OneMachine
    from sklearn.metrics import roc_auc_score

    old, new = train.toPandas(), test.toPandas()
    shares, overall = old.groupby("carrier")["label"].mean(), old["label"].mean()
    x, y = ([[v] for v in part["carrier"].map(shares).fillna(overall)] for part in (old, new))
    return float(roc_auc_score(new["label"], OneMachine().fit(x, old["label"]).predict_proba(y)[:, 1]))
