# %% wrong: judged_on_the_training_part
# hint: on the flights that the model was trained on
# hint: has not moved
def train_and_register(features, name, cut, settings):
    known = features[features["late"].notna()]
    train = known[known["day"] < cut]
    client, best = MlflowClient(), None
    with mlflow.start_run(run_name="train"):
        for setting in settings:
            with mlflow.start_run(nested=True):
                model = make_model(**setting).fit(train[FEATURES], train["late"])
                auc = roc_auc_score(train["late"], model.predict_proba(train[FEATURES])[:, 1])
                mlflow.log_params(setting)
                mlflow.log_metric("auc", auc)
                best = (auc, model) if best is None or auc > best[0] else best
        info = mlflow.sklearn.log_model(best[1], name="model", pip_requirements=["scikit-learn"], skops_trusted_types=["numpy.dtype"])
    if not client.search_registered_models(f"name = '{name}'"):
        client.create_registered_model(name)
    version = client.create_model_version(name, info.model_uri, tags={"auc": str(best[0])}).version
    aliases = client.get_registered_model(name).aliases
    if "champion" not in aliases or best[0] > float(client.get_model_version_by_alias(name, "champion").tags["auc"]):
        client.set_registered_model_alias(name, "champion", version)
    return int(version)

# %% wrong: every_null_drops_the_flight_and_the_newest_is_champion
# hint: left out although their late is known
# hint: is worse than the champion, and the alias has moved
def train_and_register(features, name, cut, settings):
    known = features.dropna()
    train, valid = known[known["day"] < cut], known[known["day"] >= cut]
    client, best = MlflowClient(), None
    with mlflow.start_run(run_name="train"):
        for setting in settings:
            with mlflow.start_run(nested=True):
                model = make_model(**setting).fit(train[FEATURES], train["late"])
                auc = roc_auc_score(valid["late"], model.predict_proba(valid[FEATURES])[:, 1])
                mlflow.log_params(setting)
                mlflow.log_metric("auc", auc)
                best = (auc, model) if best is None or auc > best[0] else best
        info = mlflow.sklearn.log_model(best[1], name="model", pip_requirements=["scikit-learn"], skops_trusted_types=["numpy.dtype"])
    if not client.search_registered_models(f"name = '{name}'"):
        client.create_registered_model(name)
    version = client.create_model_version(name, info.model_uri, tags={"auc": str(best[0])}).version
    client.set_registered_model_alias(name, "champion", version)
    return int(version)

# %% wrong: classes_in_place_of_probabilities_and_no_children
# hint: one child run for each entry
# hint: a worse one was registered
def train_and_register(features, name, cut, settings):
    known = features[features["late"].notna()]
    train, valid = known[known["day"] < cut], known[known["day"] >= cut]
    client = MlflowClient()
    with mlflow.start_run(run_name="train"):
        models = [make_model(**setting).fit(train[FEATURES], train["late"]) for setting in settings]
        aucs = [roc_auc_score(valid["late"], model.predict_proba(valid[FEATURES])[:, 1]) for model in models]
        mlflow.log_metric("auc", max(aucs))
        info = mlflow.sklearn.log_model(models[0], name="model", pip_requirements=["scikit-learn"], skops_trusted_types=["numpy.dtype"])
    if not client.search_registered_models(f"name = '{name}'"):
        client.create_registered_model(name)
    version = client.create_model_version(name, info.model_uri, tags={"auc": str(max(aucs))}).version
    aliases = client.get_registered_model(name).aliases
    if "champion" not in aliases or max(aucs) > float(client.get_model_version_by_alias(name, "champion").tags["auc"]):
        client.set_registered_model_alias(name, "champion", version)
    return int(version)

# %% wrong: unknown_outcomes_trained_on
# hint: With flights whose outcome is not known
def train_and_register(features, name, cut, settings):
    train, valid = features[features["day"] < cut], features[features["day"] >= cut]
    client, best = MlflowClient(), None
    with mlflow.start_run(run_name="train"):
        for setting in settings:
            with mlflow.start_run(nested=True):
                model = make_model(**setting).fit(train[FEATURES], train["late"])
                auc = roc_auc_score(valid["late"], model.predict_proba(valid[FEATURES])[:, 1])
                mlflow.log_params(setting)
                mlflow.log_metric("auc", auc)
                best = (auc, model) if best is None or auc >= best[0] else best
        info = mlflow.sklearn.log_model(best[1], name="model", pip_requirements=["scikit-learn"], skops_trusted_types=["numpy.dtype"])
    if not client.search_registered_models(f"name = '{name}'"):
        client.create_registered_model(name)
    version = client.create_model_version(name, info.model_uri, tags={"auc": str(best[0])}).version
    aliases = client.get_registered_model(name).aliases
    if "champion" not in aliases or best[0] >= float(client.get_model_version_by_alias(name, "champion").tags["auc"]):
        client.set_registered_model_alias(name, "champion", version)
    return int(version)

# %% wrong: trained_on_all_and_the_last_registered
# hint: The area is 1, as it would be on the flights that the model was trained on
# hint: a worse one was registered
def train_and_register(features, name, cut, settings):
    known = features[features["late"].notna()]
    valid = known[known["day"] >= cut]
    client, aucs = MlflowClient(), []
    with mlflow.start_run(run_name="train"):
        for setting in settings:
            with mlflow.start_run(nested=True):
                model = make_model(**setting).fit(known[FEATURES], known["late"])
                aucs.append(roc_auc_score(valid["late"], model.predict_proba(valid[FEATURES])[:, 1]))
                mlflow.log_params(setting)
                mlflow.log_metric("auc", aucs[-1])
        info = mlflow.sklearn.log_model(model, name="model", pip_requirements=["scikit-learn"], skops_trusted_types=["numpy.dtype"])
    if not client.search_registered_models(f"name = '{name}'"):
        client.create_registered_model(name)
    version = client.create_model_version(name, info.model_uri, tags={"auc": str(max(aucs))}).version
    aliases = client.get_registered_model(name).aliases
    if "champion" not in aliases or max(aucs) > float(client.get_model_version_by_alias(name, "champion").tags["auc"]):
        client.set_registered_model_alias(name, "champion", version)
    return int(version)

# %% right: fluent_and_logged_in_the_children
def train_and_register(features, name, cut, settings):
    import logging

    logging.getLogger("mlflow").setLevel(logging.ERROR)
    known = features.dropna(subset=["late"])
    found = []
    with mlflow.start_run(run_name="train"):
        for setting in settings:
            with mlflow.start_run(nested=True, run_name=str(setting)):
                model = make_model(**setting).fit(known.loc[known.day < cut, FEATURES], known.late[known.day < cut])
                auc = roc_auc_score(known.late[known.day >= cut], model.predict_proba(known.loc[known.day >= cut, FEATURES])[:, 1])
                mlflow.log_params(setting)
                mlflow.log_metrics({"auc": auc})
                info = mlflow.sklearn.log_model(model, name="model", serialization_format="cloudpickle", pip_requirements=["scikit-learn"])
                found.append((auc, info.model_uri))
    auc, uri = max(found)
    made = mlflow.register_model(uri, name)
    client = MlflowClient()
    client.set_model_version_tag(name, made.version, "auc", auc)
    try:
        old = float(client.get_model_version_by_alias(name, "champion").tags["auc"])
    except mlflow.MlflowException:
        old = -1.0
    if auc > old:
        client.set_registered_model_alias(name, "champion", made.version)
    return int(made.version)

# %% right: by_the_client
def train_and_register(features, name, cut, settings):
    client = MlflowClient()
    known = features[~features["late"].isna()]
    before = known["day"] < cut
    with mlflow.start_run(run_name="train") as parent:
        pass
    experiment, best, best_auc = parent.info.experiment_id, None, -1
    for setting in settings:
        child = client.create_run(experiment, tags={"mlflow.parentRunId": parent.info.run_id}).info.run_id
        model = make_model(**setting).fit(known[before][FEATURES], known[before]["late"].astype(int))
        auc = float(roc_auc_score(known[~before]["late"], model.decision_function(known[~before][FEATURES])))
        for key, value in setting.items():
            client.log_param(child, key, value)
        client.log_metric(child, "auc", auc)
        client.set_terminated(child)
        if auc > best_auc:
            best, best_auc = model, auc
    with mlflow.start_run(run_id=parent.info.run_id):
        info = mlflow.sklearn.log_model(best, name="best", pip_requirements=["scikit-learn"], skops_trusted_types=["numpy.dtype"])
    if name not in [m.name for m in client.search_registered_models()]:
        client.create_registered_model(name)
    version = client.create_model_version(name, info.model_uri, parent.info.run_id)
    client.set_model_version_tag(name, str(version.version), "auc", repr(best_auc))
    champion = client.get_registered_model(name).aliases.get("champion")
    if not champion or float(client.get_model_version(name, champion).tags["auc"]) < best_auc:
        client.set_registered_model_alias(name, "champion", str(version.version))
    return int(version.version)
