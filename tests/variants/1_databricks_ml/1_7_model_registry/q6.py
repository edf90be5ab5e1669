# %% wrong: asks_the_alias
# hint: Ask the model, not the alias
def who_serves(model, name):
    version = client.get_model_version_by_alias(name, "champion")
    return {"version": int(version.version), "run_id": version.run_id, "champion": True}

# %% wrong: newest_version
# hint: was loaded as champion, version 2
def who_serves(model, name):
    newest = max(client.search_model_versions(f"name='{name}'"), key=lambda v: int(v.version))
    champion = client.get_registered_model(name).aliases.get("champion")
    return {"version": int(newest.version), "run_id": newest.run_id, "champion": str(champion) == str(newest.version)}

# %% wrong: any_name
# hint: look among the versions of the name
def who_serves(model, name):
    run_id = model.metadata.run_id
    found = [v for v in client.search_model_versions(f"run_id='{run_id}'")]
    version = int(sorted(found, key=lambda v: v.creation_timestamp)[0].version)
    champion = client.get_registered_model(name).aliases.get("champion")
    return {"version": version, "run_id": run_id, "champion": str(champion) == str(version)}

# %% wrong: champion_at_load_time
# hint: serves and is champion no more
def who_serves(model, name):
    run_id = model.metadata.run_id
    version = next(int(v.version) for v in client.search_model_versions(f"name='{name}'") if v.run_id == run_id)
    return {"version": version, "run_id": run_id, "champion": True}

# %% wrong: fails_without_a_champion
# hint: without a champion is no reason to fail
def who_serves(model, name):
    run_id = model.metadata.run_id
    version = next(int(v.version) for v in client.search_model_versions(f"name='{name}'") if v.run_id == run_id)
    return {"version": version, "run_id": run_id, "champion": int(client.get_model_version_by_alias(name, "champion").version) == version}

# %% wrong: text_against_number
# hint: the alias is still there
def who_serves(model, name):
    run_id = model.metadata.run_id
    version = next(int(v.version) for v in client.search_model_versions(f"name='{name}'") if v.run_id == run_id)
    return {"version": version, "run_id": run_id, "champion": f"v{client.get_registered_model(name).aliases.get('champion')}" == str(version)}

# %% wrong: model_id_for_run
# hint: not the one that logged this version
def who_serves(model, name):
    run_id = model.metadata.run_id
    version = next(int(v.version) for v in client.search_model_versions(f"name='{name}'") if v.run_id == run_id)
    champion = client.get_registered_model(name).aliases.get("champion")
    return {"version": version, "run_id": model.metadata.model_uuid, "champion": str(champion) == str(version)}

# %% wrong: run_of_the_champion
# hint: must be that of the loaded model
def who_serves(model, name):
    run_id = model.metadata.run_id
    version = next(int(v.version) for v in client.search_model_versions(f"name='{name}'") if v.run_id == run_id)
    champion = client.get_registered_model(name).aliases.get("champion")
    shown = client.get_model_version(name, str(champion)).run_id if champion else run_id
    return {"version": version, "run_id": shown, "champion": str(champion) == str(version)}

# %% wrong: version_as_text
# hint: version is an int
def who_serves(model, name):
    run_id = model.metadata.run_id
    version = next(str(v.version) for v in client.search_model_versions(f"name='{name}'") if v.run_id == run_id)
    return {"version": version, "run_id": run_id, "champion": client.get_registered_model(name).aliases.get("champion") == version}

# %% wrong: recognised_by_its_answers
# hint: recognised in the same way
def who_serves(model, name):
    rows = june[FEATURES].head(1)
    versions = client.search_model_versions(f"name='{name}'")
    version = next(v for v in versions if round(float(mlflow.pyfunc.load_model(f"models:/{name}/{v.version}").predict(rows)[0])) == round(float(model.predict(rows)[0])))
    champion = client.get_registered_model(name).aliases.get("champion")
    return {"version": int(version.version), "run_id": version.run_id, "champion": str(champion) == str(version.version)}

# %% right: filter_by_run
def who_serves(model, name):
    run_id = model.metadata.run_id
    found = client.search_model_versions(f"run_id = '{run_id}'")
    number = [int(v.version) for v in found if v.name == name][0]
    aliases = client.get_registered_model(name).aliases
    return {"version": number, "run_id": run_id, "champion": "champion" in aliases and int(aliases["champion"]) == number}

# %% right: by_model_id
def who_serves(model, name):
    model_id = model.metadata.model_id
    run_id = client.get_logged_model(model_id).source_run_id
    answer = {"run_id": run_id, "version": 0, "champion": False}
    for version in client.search_model_versions(f"name='{name}'"):
        if mlflow.models.get_model_info(f"models:/{name}/{version.version}").model_id == model_id:
            answer["version"] = int(version.version)
    try:
        answer["champion"] = int(client.get_model_version_by_alias(name, "champion").version) == answer["version"]
    except mlflow.MlflowException:
        pass
    return answer

# %% wrong: recognised_by_its_source
# hint: stays the same wherever the model goes
def who_serves(model, name):
    source = f"models:/{model.metadata.model_id}"
    [version] = [v for v in client.search_model_versions(f"name='{name}'") if v.source == source]
    return {"version": int(version.version), "run_id": model.metadata.run_id, "champion": "champion" in client.get_model_version(name, version.version).aliases}
