# %% wrong: scalar_loads_per_batch
# hint: Which form of pandas UDF
def make_scorer(load_model):
    @F.pandas_udf("double")
    def scorer(living: pd.Series, grade: pd.Series) -> pd.Series:
        frame = pd.DataFrame({"sqft_living": living, "grade": grade})
        complete = frame.dropna()
        result = pd.Series(np.nan, index=frame.index)
        if len(complete):
            result[complete.index] = load_model().predict(complete)
        return result

    return scorer


# %% wrong: loaded_on_the_driver
# hint: loaded on the driver
def make_scorer(load_model):
    model = load_model()

    @F.pandas_udf("double")
    def scorer(living: pd.Series, grade: pd.Series) -> pd.Series:
        frame = pd.DataFrame({"sqft_living": living, "grade": grade})
        complete = frame.dropna()
        result = pd.Series(np.nan, index=frame.index)
        if len(complete):
            result[complete.index] = model.predict(complete)
        return result

    return scorer


# %% wrong: loads_inside_the_loop
# hint: Which form of pandas UDF
# hint: no rows at all
def make_scorer(load_model):
    @F.pandas_udf("double")
    def scorer(batches: Iterator[tuple[pd.Series, pd.Series]]) -> Iterator[pd.Series]:
        for living, grade in batches:
            frame = pd.DataFrame({"sqft_living": living, "grade": grade})
            complete = frame.dropna()
            yield pd.Series(load_model().predict(complete), index=complete.index).reindex(frame.index)

    return scorer


# %% wrong: gaps_filled
# hint: A row with a missing value gets no number
def make_scorer(load_model):
    @F.pandas_udf("double")
    def scorer(batches: Iterator[tuple[pd.Series, pd.Series]]) -> Iterator[pd.Series]:
        model = load_model()
        for living, grade in batches:
            yield pd.Series(model.predict(pd.DataFrame({"sqft_living": living, "grade": grade}).fillna(0)))

    return scorer


# %% wrong: answers_move_up
# hint: where do the others stand
def make_scorer(load_model):
    @F.pandas_udf("double")
    def scorer(batches: Iterator[tuple[pd.Series, pd.Series]]) -> Iterator[pd.Series]:
        model = load_model()
        for living, grade in batches:
            frame = pd.DataFrame({"sqft_living": living, "grade": grade})
            complete = frame.dropna()
            found = list(model.predict(complete)) if len(complete) else []
            yield pd.Series(found + [None] * (len(frame) - len(found)), dtype=float)

    return scorer


# %% right: reindexed
def make_scorer(load_model):
    @F.pandas_udf("double")
    def scorer(batches: Iterator[tuple[pd.Series, pd.Series]]) -> Iterator[pd.Series]:
        model = load_model()
        for living, grade in batches:
            frame = pd.DataFrame({"sqft_living": living, "grade": grade})
            complete = frame.dropna()
            if complete.empty:
                yield pd.Series(np.full(len(frame), np.nan))
            else:
                yield pd.Series(model.predict(complete), index=complete.index).reindex(frame.index)

    return scorer


# %% right: kept_in_the_worker
def make_scorer(load_model):
    kept = {}

    @F.pandas_udf("double")
    def scorer(living: pd.Series, grade: pd.Series) -> pd.Series:
        if "model" not in kept:
            kept["model"] = load_model()
        frame = pd.concat([living.rename("sqft_living"), grade.rename("grade")], axis=1)
        known = frame.notna().all(axis=1)
        out = np.full(len(frame), np.nan)
        if known.any():
            out[known.to_numpy()] = kept["model"].predict(frame[known])
        return pd.Series(out)

    return scorer


# %% wrong: plain_udf
# hint: called for each row by itself
def make_scorer(load_model):
    kept = {}

    @F.udf("double")
    def scorer(living, grade):
        if living is None or grade is None:
            return None
        if "model" not in kept:
            kept["model"] = load_model()
        return float(kept["model"].predict(pd.DataFrame({"sqft_living": [living], "grade": [grade]}))[0])

    return scorer


# %% wrong: no_udf_at_all
# hint: not a plain function
def make_scorer(load_model):
    def scorer(living, grade):
        return load_model().predict(pd.DataFrame({"sqft_living": living, "grade": grade}))

    return scorer
