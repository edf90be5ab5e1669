# %% wrong: newest_version
# hint: The newest version was used
def score(features, name, table):
    version = max(int(v.version) for v in MlflowClient().search_model_versions(f"name = '{name}'"))
    values = mlflow.sklearn.load_model(f"models:/{name}/{version}").predict_proba(features[FEATURES])[:, 1] if len(features) else []
    upsert(features[["flight_id", "day"]].assign(score=values, model_version=version), table)
    return len(features)

# %% wrong: classes
# hint: score is a class
def score(features, name, table):
    version = int(MlflowClient().get_model_version_by_alias(name, "champion").version)
    values = mlflow.pyfunc.load_model(f"models:/{name}@champion").predict(features[FEATURES])
    upsert(features[["flight_id", "day"]].assign(score=values, model_version=version), table)
    return len(features)

# %% wrong: overwritten
# hint: loses the others
def score(features, name, table):
    version = int(MlflowClient().get_model_version_by_alias(name, "champion").version)
    values = mlflow.sklearn.load_model(f"models:/{name}@champion").predict_proba(features[FEATURES])[:, 1]
    write_deltalake(table, features[["flight_id", "day"]].assign(score=values, model_version=version).reset_index(drop=True), mode="overwrite")
    return len(features)

# %% wrong: probability_of_being_punctual
# hint: the probability to be punctual
def score(features, name, table):
    version = int(MlflowClient().get_model_version_by_alias(name, "champion").version)
    values = mlflow.sklearn.load_model(f"models:/{name}@champion").predict_proba(features[FEATURES])[:, 0]
    upsert(features[["flight_id", "day"]].assign(score=values, model_version=version), table)
    return len(features)

# %% wrong: no_flights_no_mercy
# hint: Without flights
def score(features, name, table):
    version = int(MlflowClient().get_model_version_by_alias(name, "champion").version)
    values = mlflow.sklearn.load_model(f"models:/{name}@champion").predict_proba(features[FEATURES])[:, 1]
    upsert(features[["flight_id", "day"]].assign(score=values, model_version=version), table)
    return len(features)

# %% wrong: nothing_returned
# hint: score returns the number of flights that it has scored
def score(features, name, table):
    if features.empty:
        return
    version = MlflowClient().get_model_version_by_alias(name, "champion").version
    values = mlflow.sklearn.load_model(f"models:/{name}/{version}").predict_proba(features[FEATURES])[:, 1]
    upsert(features[["flight_id", "day"]].assign(score=values, model_version=int(version)), table)

# %% right: aliases_of_the_registered_model
def score(features, name, table):
    if not len(features):
        return 0
    version = MlflowClient().get_registered_model(name).aliases["champion"]
    model = mlflow.sklearn.load_model(f"models:/{name}@champion")
    late = list(model.classes_).index(1)
    rows = pd.DataFrame({"flight_id": features["flight_id"], "day": features["day"], "score": model.predict_proba(features)[:, late], "model_version": int(version)})
    upsert(rows, table)
    return int(rows.shape[0])

# %% right: read_and_written_whole
def score(features, name, table):
    if features.shape[0] == 0:
        return 0
    champion = MlflowClient().get_model_version_by_alias(name, "champion")
    model = mlflow.sklearn.load_model(f"models:/{name}/{champion.version}")
    rows = features[["flight_id", "day"]].copy()
    rows["score"], rows["model_version"] = model.predict_proba(features[FEATURES])[:, 1], int(champion.version)
    if DeltaTable.is_deltatable(table):
        old = DeltaTable(table).to_pandas()
        rows = pd.concat([old[~old["flight_id"].isin(rows["flight_id"])], rows])
    write_deltalake(table, rows.reset_index(drop=True), mode="overwrite")
    return len(features)

# %% right: in_small_types
def score(features, name, table):
    if len(features) == 0:
        return 0
    version = int(MlflowClient().get_registered_model(name).aliases["champion"])
    values = mlflow.sklearn.load_model(f"models:/{name}/{version}").predict_proba(features[FEATURES])[:, 1]
    upsert(features[["flight_id", "day"]].assign(score=values.astype("float32"), model_version=np.int32(version)), table)
    return len(features)
