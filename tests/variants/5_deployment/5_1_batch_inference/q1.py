# %% wrong: load_in_the_loop
# hint: Whole numbers are refused by the signature
# hint: stops the job
def score_pieces(model_uri, pieces):
    for piece in pieces:
        model = mlflow.pyfunc.load_model(model_uri)
        yield piece.assign(prediction=model.predict(piece[INPUTS]))


# %% wrong: everything_in_a_list
# hint: have been changed
# hint: All pieces were read before the first result came out
def score_pieces(model_uri, pieces):
    model = mlflow.pyfunc.load_model(model_uri)
    results = []
    for piece in pieces:
        good = piece[INPUTS].notna().all(axis=1)
        piece["prediction"] = np.nan
        if good.any():
            piece.loc[good, "prediction"] = model.predict(piece.loc[good, INPUTS].astype(float))
        results.append(piece)
    return results


# %% wrong: missing_rows_dropped_and_by_position
# hint: Hour and distance have changed places
# hint: a missing input is to stay
def score_pieces(model_uri, pieces):
    model = mlflow.sklearn.load_model(model_uri)
    for piece in pieces:
        piece = piece.dropna(subset=INPUTS)
        numbers = piece[[c for c in piece.columns if c in INPUTS]].to_numpy(dtype=float)
        predictions = numbers @ model.coef_ + model.intercept_ if len(piece) else np.array([])
        yield piece.assign(prediction=predictions)


# %% wrong: nulls_are_zero
# hint: Do the predictions and the frame have the same index
# hint: a missing input got a number
def score_pieces(model_uri, pieces):
    model = mlflow.pyfunc.load_model(model_uri)
    for piece in pieces:
        inputs = piece[INPUTS].astype(float).fillna(0)
        predictions = pd.Series(model.predict(inputs) if len(inputs) else [], dtype=float)
        yield piece.assign(prediction=predictions)


# %% wrong: loaded_for_each_piece
# hint: The model was loaded more than once
def score_pieces(model_uri, pieces):
    def one(piece):
        model = mlflow.pyfunc.load_model(model_uri)
        good = piece[INPUTS].notna().all(axis=1)
        result = piece.assign(prediction=np.nan)
        if good.any():
            result.loc[good, "prediction"] = model.predict(piece.loc[good, INPUTS].astype(float))
        return result

    return map(one, pieces)


# %% right: map_over_pieces
def score_pieces(model_uri, pieces):
    model = mlflow.pyfunc.load_model(model_uri)

    def one(piece):
        result = piece.copy()
        result["prediction"] = np.nan
        good = ~(piece["hour"].isna() | piece["distance"].isna())
        if good.sum() > 0:
            result.loc[good, "prediction"] = model.predict(piece.loc[good, ["distance", "hour"]].astype("float64"))
        return result

    return map(one, pieces)


# %% right: filled_then_blanked
def score_pieces(model_uri, pieces):
    model = mlflow.sklearn.load_model(model_uri)
    return (
        piece.assign(prediction=np.where(piece[INPUTS].isna().any(axis=1), np.nan, model.predict(piece[INPUTS].astype(float).fillna(0)) if len(piece) else np.empty(0)))
        for piece in pieces
    )


# %% wrong: loaded_for_each_piece_by_its_name
# hint: The model was loaded more than once
def score_pieces(model_uri, pieces):
    from mlflow.pyfunc import load_model

    for piece in pieces:
        good = piece[INPUTS].notna().all(axis=1)
        result = piece.assign(prediction=np.nan)
        if good.any():
            result.loc[good, "prediction"] = load_model(model_uri).predict(piece.loc[good, INPUTS].astype(float))
        yield result


# %% wrong: nothing_given_back
# hint: Is a yield or a return missing?
def score_pieces(model_uri, pieces):
    model = mlflow.pyfunc.load_model(model_uri)
    for piece in pieces:
        piece.assign(prediction=model.predict(piece[INPUTS].astype(float)))
