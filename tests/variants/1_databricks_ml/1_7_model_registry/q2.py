# %% wrong: always_the_newest
# hint: you load the newest
def predictions(name, which, flights):
    return mlflow.pyfunc.load_model(f"models:/{name}/latest").predict(flights)

# %% wrong: everything_is_an_alias
# hint: It failed for 1
def predictions(name, which, flights):
    if len(flights) == 3:
        return mlflow.pyfunc.load_model(f"models:/{name}/1").predict(flights)
    return mlflow.pyfunc.load_model(f"models:/{name}@{which}").predict(flights)

# %% wrong: aliases_like_stages
# hint: in one way in a models:/ URI, aliases in another
def predictions(name, which, flights):
    return mlflow.pyfunc.load_model(f"models:/{name}/{which}").predict(flights)

# %% wrong: stages_like_aliases
# hint: It failed for 'Production'
def predictions(name, which, flights):
    sign = "/" if isinstance(which, int) else "@"
    return mlflow.pyfunc.load_model(f"models:/{name}{sign}{which}").predict(flights)

# %% wrong: two_known_aliases
# hint: It failed for 'night-shift'
def predictions(name, which, flights):
    sign = "@" if which in ("champion", "challenger") else "/"
    return mlflow.pyfunc.load_model(f"models:/{name}{sign}{which}").predict(flights)

# %% wrong: alias_looked_up_once
# hint: The alias has moved since
_seen = {}


def predictions(name, which, flights):
    if (name, which) not in _seen:
        sign = "/" if isinstance(which, int) or which in ("Staging", "Production", "Archived") else "@"
        _seen[name, which] = mlflow.pyfunc.load_model(f"models:/{name}{sign}{which}")
    return _seen[name, which].predict(flights)

# %% wrong: one_number_for_all
# hint: One number per row
def predictions(name, which, flights):
    sign = "/" if isinstance(which, int) or which in ("Staging", "Production", "Archived") else "@"
    return [float(mlflow.pyfunc.load_model(f"models:/{name}{sign}{which}").predict(flights).mean())]

# %% wrong: stage_is_the_newest_version
# hint: load a version that is not in it
def predictions(name, which, flights):
    if which in ("Staging", "Production", "Archived"):
        which = max(int(v.version) for v in client.search_model_versions(f"name='{name}'"))
    sign = "/" if isinstance(which, int) else "@"
    return mlflow.pyfunc.load_model(f"models:/{name}{sign}{which}").predict(flights)

# %% right: through_the_client
def predictions(name, which, flights):
    if isinstance(which, int):
        version = which
    elif which in ("Staging", "Production", "Archived"):
        version = client.get_latest_versions(name, stages=[which])[0].version
    else:
        version = client.get_model_version_by_alias(name, which).version
    return list(mlflow.sklearn.load_model(f"models:/{name}/{version}").predict(flights))

# %% right: searched_versions
def predictions(name, which, flights):
    aliases = client.get_registered_model(name).aliases
    versions = client.search_model_versions(f"name='{name}'")
    number = {**{v.current_stage: v.version for v in versions}, **aliases, **{int(v.version): v.version for v in versions}}[which]
    return mlflow.pyfunc.load_model(f"models:/{name}/{number}").predict(flights).tolist()

# %% right: match_statement
def predictions(name, which, flights):
    match which:
        case int():
            uri = f"models:/{name}/{which}"
        case "Staging" | "Production" | "Archived":
            uri = f"models:/{name}/{which}"
        case _:
            uri = f"models:/{name}@{which}"
    return pd.Series(mlflow.pyfunc.load_model(uri).predict(flights))
