# %% wrong: no_signature
# hint: The model has no signature
def log_checked_model(model, sample):
    with mlflow.start_run():
        return mlflow.sklearn.log_model(model, name="model", pip_requirements=["scikit-learn"]).model_uri

# %% wrong: signature_of_an_array
# hint: inferred from an array
def log_checked_model(model, sample):
    signature = mlflow.models.infer_signature(sample.to_numpy(), model.predict(sample))
    with mlflow.start_run():
        return mlflow.sklearn.log_model(model, name="model", signature=signature, pip_requirements=["scikit-learn"]).model_uri

# %% wrong: inputs_only
# hint: The signature has no output
def log_checked_model(model, sample):
    with mlflow.start_run():
        return mlflow.sklearn.log_model(model, name="model", signature=mlflow.models.infer_signature(sample), pip_requirements=["scikit-learn"]).model_uri

# %% wrong: sample_as_its_own_output
# hint: the model returns one number per house
def log_checked_model(model, sample):
    with mlflow.start_run():
        return mlflow.sklearn.log_model(model, name="model", signature=mlflow.models.infer_signature(sample, sample), pip_requirements=["scikit-learn"]).model_uri

# %% wrong: signature_of_the_training_table
# hint: should name exactly the columns of sample
def log_checked_model(model, sample):
    signature = mlflow.models.infer_signature(train[[*features, "price"]], model.predict(sample))
    with mlflow.start_run():
        return mlflow.sklearn.log_model(model, name="model", signature=signature, pip_requirements=["scikit-learn"]).model_uri

# %% wrong: a_model_of_its_own
# hint: was another model logged
def log_checked_model(model, sample):
    other = LinearRegression().fit(sample, range(len(sample)))
    signature = mlflow.models.infer_signature(sample, other.predict(sample))
    with mlflow.start_run():
        return mlflow.sklearn.log_model(other, name="model", signature=signature, pip_requirements=["scikit-learn"]).model_uri

# %% wrong: returns_the_object
# hint: Return the URI of the model
def log_checked_model(model, sample):
    with mlflow.start_run():
        return mlflow.sklearn.log_model(model, name="model", input_example=sample, pip_requirements=["scikit-learn"])

# %% wrong: left_open
# hint: A run is still open
def log_checked_model(model, sample):
    mlflow.end_run()
    mlflow.start_run()
    return mlflow.sklearn.log_model(model, name="model", input_example=sample, pip_requirements=["scikit-learn"]).model_uri

# %% right: from_an_input_example
def log_checked_model(model, sample):
    with mlflow.start_run(run_name="checked"):
        info = mlflow.sklearn.log_model(model, name="model", input_example=sample.head(2), pip_requirements=["scikit-learn"])
    return info.model_uri

# %% right: schema_by_hand_and_runs_uri
def log_checked_model(model, sample):
    from mlflow.models import ModelSignature
    from mlflow.types.schema import ColSpec, Schema

    signature = ModelSignature(Schema([ColSpec("double", c) for c in sample.columns]), Schema([ColSpec("double")]))
    with mlflow.start_run() as run:
        mlflow.sklearn.log_model(model, name="model", signature=signature, pip_requirements=["scikit-learn"])
    return f"runs:/{run.info.run_id}/model"

# %% right: cloudpickle_and_series
def log_checked_model(model, sample):
    predictions = pd.Series(model.predict(sample), name="price")
    with mlflow.start_run() as run:
        mlflow.sklearn.log_model(
            model, name="model", signature=mlflow.models.infer_signature(sample, predictions), serialization_format="cloudpickle", pip_requirements=["scikit-learn"]
        )
        uri = f"runs:/{run.info.run_id}/model"
    return uri
