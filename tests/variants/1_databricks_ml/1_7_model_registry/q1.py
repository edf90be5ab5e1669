# %% wrong: made_anew_each_time
# hint: The second call failed
# hint: never removes
def register(model_uri, name, description, tags):
    client.create_registered_model(name)
    run_id = client.get_logged_model(model_uri.removeprefix("models:/")).source_run_id
    return int(client.create_model_version(name, model_uri, run_id=run_id, description=description, tags=tags).version)


def set_tags(name, version, wanted):
    for key, value in wanted.items():
        client.set_model_version_tag(name, str(version), key, value)

# %% wrong: registered_twice
# hint: One call makes one version
# hint: Tags that differ must be changed
def register(model_uri, name, description, tags):
    mlflow.register_model(model_uri, name, tags=tags)
    version = mlflow.register_model(model_uri, name, tags=tags)
    client.update_model_version(name, version.version, description)
    return int(version.version) - 1


def set_tags(name, version, wanted):
    have = client.get_model_version(name, str(version)).tags
    for key in set(have) - set(wanted):
        client.delete_model_version_tag(name, str(version), key)
    for key in set(wanted) - set(have):
        client.set_model_version_tag(name, str(version), key, wanted[key])

# %% wrong: without_its_run
# hint: does not know its run
# hint: A wanted tag is not on the version
def register(model_uri, name, description, tags):
    if not client.search_registered_models(f"name='{name}'"):
        client.create_registered_model(name)
    return int(client.create_model_version(name, model_uri, description=description, tags=tags).version)


def set_tags(name, version, wanted):
    for key, value in wanted.items():
        client.set_registered_model_tag(name, key, value)

# %% wrong: run_address_as_source
# hint: cannot be loaded
# hint: never removes
def register(model_uri, name, description, tags):
    if not client.search_registered_models(f"name='{name}'"):
        client.create_registered_model(name)
    run_id = model_uri.split("/")[1] if model_uri.startswith("runs:/") else None
    return int(client.create_model_version(name, model_uri, run_id=run_id, description=description, tags=tags).version)


def set_tags(name, version, wanted):
    if wanted:
        for key, value in wanted.items():
            client.set_model_version_tag(name, str(version), key, value)

# %% wrong: tags_of_the_family
# hint: tags are not those that were given
# hint: The tags of another version changed
def register(model_uri, name, description, tags):
    version = mlflow.register_model(model_uri, name).version
    client.update_model_version(name, version, description)
    for key, value in tags.items():
        client.set_registered_model_tag(name, key, value)
    return int(version)


def set_tags(name, version, wanted):
    for other in client.search_model_versions(f"name='{name}'"):
        for key in other.tags:
            client.delete_model_version_tag(name, other.version, key)
    for key, value in wanted.items():
        client.set_model_version_tag(name, str(version), key, value)

# %% wrong: description_of_the_family
# hint: has no such description
# hint: they are not the version's
def register(model_uri, name, description, tags):
    version = mlflow.register_model(model_uri, name, tags=tags).version
    client.update_registered_model(name, description)
    return int(version)


def set_tags(name, version, wanted):
    for key in client.get_registered_model(name).tags:
        client.delete_registered_model_tag(name, key)
    for key in client.get_model_version(name, str(version)).tags:
        client.delete_model_version_tag(name, str(version), key)
    for key, value in wanted.items():
        client.set_model_version_tag(name, str(version), key, value)

# %% wrong: returns_the_version_object
# hint: number as an int
# hint: failed on a version with tags to remove
def register(model_uri, name, description, tags):
    version = mlflow.register_model(model_uri, name, tags=tags)
    client.update_model_version(name, version.version, description)
    return version


def set_tags(name, version, wanted):
    for key in client.get_model_version(name, str(version)).tags:
        if key not in wanted:
            client.delete_model_version_tag(name, key, str(version))
    for key, value in wanted.items():
        client.set_model_version_tag(name, str(version), key, value)

# %% wrong: always_the_same_model
# hint: another model than the one
# hint: Changing tags makes no new version
def register(model_uri, name, description, tags):
    run_id = model_uri.split("/")[1] if model_uri.startswith("runs:/") else None
    if not client.search_registered_models(f"name='{name}'"):
        client.create_registered_model(name)
    return int(client.create_model_version(name, winter, run_id=run_id, description=description, tags=tags).version)


def set_tags(name, version, wanted):
    old = client.get_model_version(name, str(version))
    for key in old.tags:
        client.delete_model_version_tag(name, str(version), key)
    for key, value in wanted.items():
        client.set_model_version_tag(name, str(version), key, value)
    if not wanted:
        client.create_model_version(name, old.source, run_id=old.run_id)

# %% right: client_all_the_way
def register(model_uri, name, description, tags):
    try:
        client.get_registered_model(name)
    except mlflow.MlflowException:
        client.create_registered_model(name)
    if model_uri.startswith("runs:/"):
        run_id = model_uri.split("/")[1]
        source = next(m.model_uri for m in client.search_logged_models(["0"]) if m.source_run_id == run_id)
    else:
        run_id, source = client.get_logged_model(model_uri.removeprefix("models:/")).source_run_id, model_uri
    made = client.create_model_version(name, source, run_id=run_id, description=description)
    for key, value in tags.items():
        client.set_model_version_tag(made.name, made.version, key, value)
    return int(made.version)


def set_tags(name, version, wanted):
    have = client.get_model_version(name, version=str(version)).tags
    for key in set(have) | set(wanted):
        if key in wanted:
            client.set_model_version_tag(name, str(version), key, wanted[key])
        else:
            client.delete_model_version_tag(name, str(version), key)

# %% right: newest_after_the_fact
def register(model_uri, name, description, tags):
    mlflow.register_model(model_uri, name)
    newest = max(int(v.version) for v in client.search_model_versions(f"name='{name}'"))
    client.update_model_version(name=name, version=newest, description=description)
    set_tags(name, newest, tags)
    return newest


def set_tags(name, version, wanted):
    for key in dict(client.get_model_version(name, version).tags):
        client.delete_model_version_tag(name, version, key)
    for key, value in wanted.items():
        client.set_model_version_tag(name, version, key, value)

# %% right: run_id_from_the_model_info
def register(model_uri, name, description, tags):
    if not list(client.search_registered_models(filter_string=f"name='{name}'")):
        client.create_registered_model(name)
    info = mlflow.models.get_model_info(model_uri)
    source = f"models:/{info.model_id}"
    version = client.create_model_version(name, source, run_id=info.run_id, tags=tags, description=description)
    return int(version.version)


def set_tags(name, version, wanted):
    version = str(version)
    stale = [key for key in client.get_model_version(name, version).tags if key not in wanted]
    for key in stale:
        client.delete_model_version_tag(name=name, version=version, key=key)
    for item in wanted.items():
        client.set_model_version_tag(name, version, *item)
