# %% wrong: no_signature
# hint: The model has no signature
def deploy(model, example, name):
    with mlflow.start_run():
        info = mlflow.pyfunc.log_model(name="model", python_model=model, pip_requirements=["scikit-learn", "pandas"])
    if not registry.search_registered_models(f"name = '{name}'"):
        registry.create_registered_model(name)
    return int(registry.create_model_version(name, source=info.model_uri, run_id=info.run_id).version)

# %% wrong: no_parameter
# hint: a server drops parameters that no signature knows
def deploy(model, example, name):
    signature = mlflow.models.infer_signature(example, model.predict(None, example))
    with mlflow.start_run():
        info = mlflow.pyfunc.log_model(name="model", python_model=model, signature=signature, input_example=example, pip_requirements=["scikit-learn", "pandas"])
    if not registry.search_registered_models(f"name = '{name}'"):
        registry.create_registered_model(name)
    return int(registry.create_model_version(name, source=info.model_uri, run_id=info.run_id).version)

# %% wrong: name_made_each_time
# hint: the name is made once
def deploy(model, example, name):
    signature = mlflow.models.infer_signature(example, model.predict(None, example), params={"patience": 20})
    with mlflow.start_run():
        info = mlflow.pyfunc.log_model(name="model", python_model=model, signature=signature, input_example=example, pip_requirements=["scikit-learn", "pandas"])
    registry.create_registered_model(name)
    return int(registry.create_model_version(name, source=info.model_uri, run_id=info.run_id).version)

# %% wrong: a_constant
# hint: the next one version 2
def deploy(model, example, name):
    return 1

# %% wrong: another_name
# hint: was another name registered?
def deploy(model, example, name):
    name = "main.lab_5_3." + name.split(".")[-1]
    signature = mlflow.models.infer_signature(example, model.predict(None, example), params={"patience": 20})
    with mlflow.start_run():
        info = mlflow.pyfunc.log_model(name="model", python_model=model, signature=signature, registered_model_name=name, pip_requirements=["scikit-learn", "pandas"])
    return int(info.registered_model_version)

# %% wrong: the_page_s_model
# hint: not registered yet: name 'my_model' is not defined
def deploy(model, example, name):
    signature = mlflow.models.infer_signature(example, my_model.predict(None, example), params={"patience": 20})
    with mlflow.start_run():
        info = mlflow.pyfunc.log_model(name="model", python_model=model, signature=signature, registered_model_name=name, pip_requirements=["scikit-learn", "pandas"])
    return int(info.registered_model_version)

# %% right: while_logging
def deploy(model, example, name):
    answer = model.predict(None, example, {"patience": 20})
    info = mlflow.pyfunc.log_model(
        name="model", python_model=model, signature=mlflow.models.infer_signature(example, answer, {"patience": 20}),
        registered_model_name=name, pip_requirements=["scikit-learn", "pandas"],
    )
    return int(info.registered_model_version)

# %% right: fluent_api
def deploy(model, example, name):
    with mlflow.start_run() as run:
        signature = mlflow.models.infer_signature(example, model.predict(None, example), params={"patience": 20.0})
        mlflow.pyfunc.log_model(name="taxi", python_model=model, signature=signature, pip_requirements=["scikit-learn", "pandas"])
    return int(mlflow.register_model(f"runs:/{run.info.run_id}/taxi", name).version)
