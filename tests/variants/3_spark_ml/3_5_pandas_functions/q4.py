# %% wrong: county_for_all
# hint: nobody asked the zip codes' own models
# hint: not collect them first
def log_family(models, county):
    class Family(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return county.predict(model_input[FEATURES])

    with mlflow.start_run():
        return mlflow.pyfunc.log_model(name="model", python_model=Family(), pip_requirements=["scikit-learn"]).model_uri


def score_in_batches(model_uri, frames):
    model = mlflow.pyfunc.load_model(model_uri)
    return [pd.DataFrame({"id": f["id"], "prediction": model.predict(f) if len(f) else []}) for f in frames]


# %% wrong: order_of_the_groups
# hint: the order of the groups
# hint: loaded again for each frame
def log_family(models, county):
    class Family(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            groups = model_input.groupby("zipcode", dropna=False, sort=False)
            return np.concatenate([models.get(zipcode, county).predict(rows[FEATURES]) for zipcode, rows in groups])

    with mlflow.start_run():
        return mlflow.pyfunc.log_model(name="model", python_model=Family(), pip_requirements=["scikit-learn"]).model_uri


def score_in_batches(model_uri, frames):
    for frame in frames:
        model = mlflow.pyfunc.load_model(model_uri)
        yield pd.DataFrame({"id": frame["id"], "prediction": model.predict(frame) if len(frame) else []})


# %% wrong: missing_zip_codes_drop_out
# hint: A house without a zip code
# hint: One of the frames is empty
def log_family(models, county):
    class Family(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            answers = np.full(len(model_input), np.nan)
            for zipcode, rows in model_input.reset_index(drop=True).groupby("zipcode"):
                answers[rows.index] = models.get(zipcode, county).predict(rows[FEATURES])
            return answers

    with mlflow.start_run():
        return mlflow.pyfunc.log_model(name="model", python_model=Family(), pip_requirements=["scikit-learn"]).model_uri


def score_in_batches(model_uri, frames):
    model = mlflow.pyfunc.load_model(model_uri)
    for frame in frames:
        yield pd.DataFrame({"id": frame["id"], "prediction": model.predict(frame)})


# %% wrong: known_zip_codes_only
# hint: On houses with an unknown or missing zip code
# hint: as soon as it has come
def log_family(models, county):
    class Family(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return [float(models[row["zipcode"]].predict(pd.DataFrame([row[FEATURES].astype(float)]))[0]) for _, row in model_input.iterrows()]

    with mlflow.start_run():
        return mlflow.pyfunc.log_model(name="model", python_model=Family(), pip_requirements=["scikit-learn"]).model_uri


def score_in_batches(model_uri, frames):
    model = mlflow.pyfunc.load_model(model_uri)
    for frame in list(frames):
        yield pd.DataFrame({"id": frame["id"], "prediction": model.predict(frame) if len(frame) else []})


# %% right: row_by_row
class Family(mlflow.pyfunc.PythonModel):
    def __init__(self, models, county):
        self.models, self.county = models, county

    def predict(self, context, model_input, params=None):
        answers = []
        for zipcode, living, grade in zip(model_input["zipcode"], model_input["sqft_living"], model_input["grade"]):
            model = self.models.get(zipcode, self.county)
            answers.append(float(model.predict(pd.DataFrame([[living, grade]], columns=FEATURES))[0]))
        return answers


def log_family(models, county):
    with mlflow.start_run() as run:
        mlflow.pyfunc.log_model(name="family", python_model=Family(models, county), pip_requirements=["scikit-learn"])
    return mlflow.search_logged_models(filter_string=f"source_run_id = '{run.info.run_id}'", output_format="list")[0].model_uri


def score_in_batches(model_uri, frames):
    model = mlflow.pyfunc.load_model(model_uri)
    for frame in frames:
        if frame.empty:
            yield pd.DataFrame({"id": pd.Series(dtype="int64"), "prediction": pd.Series(dtype="float64")})
        else:
            yield frame[["id"]].assign(prediction=model.predict(frame))


# %% right: all_models_and_a_mask
def log_family(models, county):
    class Family(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            answers = np.asarray(county.predict(model_input[FEATURES]), dtype=float)
            for zipcode, model in models.items():
                mine = (model_input["zipcode"] == zipcode).to_numpy()
                if mine.any():
                    answers[mine] = model.predict(model_input.loc[mine, FEATURES])
            return pd.Series(answers, index=model_input.index)

    with mlflow.start_run(run_name="one of many"):
        info = mlflow.pyfunc.log_model(name="model", python_model=Family(), pip_requirements=["scikit-learn"])
    return info.model_uri


def score_in_batches(model_uri, frames):
    model = mlflow.pyfunc.load_model(model_uri)
    for frame in frames:
        out = pd.DataFrame({"id": frame["id"]})
        out["prediction"] = np.asarray(model.predict(frame), dtype=float) if len(frame) else 0.0
        yield out


# %% wrong: run_left_open_and_joined_by_label
# hint: A run is still open
# hint: Do both have the same index
def log_family(models, county):
    class Family(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return [models.get(row["zipcode"], county).predict(pd.DataFrame([row[FEATURES].astype(float)]))[0] for _, row in model_input.iterrows()]

    mlflow.start_run(run_name="family")
    return mlflow.pyfunc.log_model(name="model", python_model=Family(), pip_requirements=["scikit-learn"]).model_uri


def score_in_batches(model_uri, frames):
    model = mlflow.pyfunc.load_model(model_uri)
    for frame in frames:
        if frame.empty:
            yield pd.DataFrame({"id": [], "prediction": []})
        else:
            yield pd.DataFrame({"id": frame["id"], "prediction": pd.Series(model.predict(frame))})
