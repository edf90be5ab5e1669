# %% wrong: one_less_than_champion
# hint: where the alias points decides
def roll_back(name, reason):
    aliases = client.get_registered_model(name).aliases
    if "previous" not in aliases:
        raise ValueError("nothing to go back to")
    bad = int(aliases["champion"])
    client.set_registered_model_alias(name, "champion", str(bad - 1 or 1))
    client.delete_registered_model_alias(name, "previous")
    client.set_model_version_tag(name, str(bad), "rolled_back", reason)
    return bad - 1

# %% wrong: previous_stays
# hint: would put a bad version into service again
def roll_back(name, reason):
    aliases = client.get_registered_model(name).aliases
    if "previous" not in aliases:
        raise ValueError("nothing to go back to")
    client.set_registered_model_alias(name, "champion", aliases["previous"])
    client.set_model_version_tag(name, aliases["champion"], "rolled_back", reason)
    return int(aliases["previous"])

# %% wrong: swapped
# hint: The alias previous is still there
def roll_back(name, reason):
    aliases = client.get_registered_model(name).aliases
    if "previous" not in aliases:
        raise ValueError("nothing to go back to")
    client.set_registered_model_alias(name, "champion", aliases["previous"])
    client.set_registered_model_alias(name, "previous", aliases["champion"])
    client.set_model_version_tag(name, aliases["champion"], "rolled_back", reason)
    return int(aliases["previous"])

# %% wrong: blames_the_good_one
# hint: The good version carries the blame
def roll_back(name, reason):
    if "previous" not in client.get_registered_model(name).aliases:
        raise ValueError("nothing to go back to")
    good = client.get_model_version_by_alias(name, "previous").version
    client.set_registered_model_alias(name, "champion", good)
    client.delete_registered_model_alias(name, "previous")
    client.set_model_version_tag(name, client.get_model_version_by_alias(name, "champion").version, "rolled_back", reason)
    return int(good)

# %% wrong: registers_the_bad_one_again
# hint: neither deletes nor makes versions
def roll_back(name, reason):
    aliases = client.get_registered_model(name).aliases
    if "previous" not in aliases:
        raise ValueError("nothing to go back to")
    source = client.get_model_version(name, str(aliases["champion"]))
    client.set_registered_model_alias(name, "champion", aliases["previous"])
    client.delete_registered_model_alias(name, "previous")
    client.set_model_version_tag(name, aliases["champion"], "rolled_back", reason)
    client.create_model_version(name, source.source, run_id=source.run_id, tags={"kept_for": "the post-mortem"})
    return int(aliases["previous"])

# %% wrong: deletes_the_bad_one
# hint: Deleting the withdrawn version
def roll_back(name, reason):
    aliases = client.get_registered_model(name).aliases
    if "previous" not in aliases:
        raise ValueError("nothing to go back to")
    client.set_registered_model_alias(name, "champion", aliases["previous"])
    client.delete_registered_model_alias(name, "previous")
    client.delete_model_version(name, str(aliases["champion"]))
    return int(aliases["previous"])

# %% wrong: registers_the_old_model_again
# hint: The champion should be the version that was the previous one
def roll_back(name, reason):
    aliases = client.get_registered_model(name).aliases
    if "previous" not in aliases:
        raise ValueError("nothing to go back to")
    good = client.get_model_version(name, str(aliases["previous"]))
    again = client.create_model_version(name, good.source, run_id=good.run_id)
    client.set_registered_model_alias(name, "champion", again.version)
    client.delete_registered_model_alias(name, "previous")
    client.set_model_version_tag(name, aliases["champion"], "rolled_back", reason)
    return int(again.version)

# %% wrong: silent_without_previous
# hint: leaves the desk with a bad model
def roll_back(name, reason):
    aliases = client.get_registered_model(name).aliases
    if "previous" not in aliases:
        return int(aliases["champion"])
    client.set_registered_model_alias(name, "champion", aliases["previous"])
    client.delete_registered_model_alias(name, "previous")
    client.set_model_version_tag(name, aliases["champion"], "rolled_back", reason)
    return int(aliases["previous"])

# %% wrong: key_error
# hint: instead of KeyError
def roll_back(name, reason):
    aliases = client.get_registered_model(name).aliases
    good = aliases["previous"]
    client.set_registered_model_alias(name, "champion", good)
    client.delete_registered_model_alias(name, "previous")
    client.set_model_version_tag(name, aliases["champion"], "rolled_back", reason)
    return int(good)

# %% wrong: tags_before_it_looks
# hint: must change nothing, tags included
def roll_back(name, reason):
    aliases = client.get_registered_model(name).aliases
    client.set_model_version_tag(name, aliases["champion"], "rolled_back", reason)
    if "previous" not in aliases:
        raise ValueError("nothing to go back to")
    client.set_registered_model_alias(name, "champion", aliases["previous"])
    client.delete_registered_model_alias(name, "previous")
    return int(aliases["previous"])

# %% wrong: no_reason
# hint: The withdrawn version should have the tag
def roll_back(name, reason):
    aliases = client.get_registered_model(name).aliases
    if "previous" not in aliases:
        raise ValueError("nothing to go back to")
    client.set_registered_model_alias(name, "champion", aliases["previous"])
    client.delete_registered_model_alias(name, "previous")
    client.set_model_version_tag(name, aliases["champion"], "rolled_back", "True")
    return int(aliases["previous"])

# %% wrong: returns_nothing
# hint: as an int
def roll_back(name, reason):
    aliases = client.get_registered_model(name).aliases
    if "previous" not in aliases:
        raise ValueError("nothing to go back to")
    client.set_registered_model_alias(name, "champion", aliases["previous"])
    client.delete_registered_model_alias(name, "previous")
    client.set_model_version_tag(name, aliases["champion"], "rolled_back", reason)

# %% wrong: clears_all_aliases
# hint: An alias changed that has nothing to do
def roll_back(name, reason):
    aliases = client.get_registered_model(name).aliases
    if "previous" not in aliases:
        raise ValueError("nothing to go back to")
    for alias in aliases:
        client.delete_registered_model_alias(name, alias)
    client.set_registered_model_alias(name, "champion", aliases["previous"])
    client.set_model_version_tag(name, aliases["champion"], "rolled_back", reason)
    return int(aliases["previous"])

# %% right: by_alias
def roll_back(name, reason):
    try:
        good = client.get_model_version_by_alias(name, "previous")
    except mlflow.MlflowException as error:
        raise ValueError("no previous champion") from error
    bad = client.get_model_version_by_alias(name, "champion")
    client.set_model_version_tag(name, bad.version, "rolled_back", reason)
    client.set_registered_model_alias(name, "champion", good.version)
    client.delete_registered_model_alias(name, "previous")
    return int(good.version)

# %% right: searched_versions
def roll_back(name, reason):
    holder = {}
    for version in client.search_model_versions(f"name='{name}'"):
        for alias in client.get_model_version(name, str(version.version)).aliases:
            holder[alias] = int(version.version)
    if holder.get("previous") is None:
        raise ValueError(name)
    client.delete_registered_model_alias(name=name, alias="previous")
    client.set_registered_model_alias(name=name, alias="champion", version=holder["previous"])
    client.set_model_version_tag(name=name, version=str(holder["champion"]), key="rolled_back", value=reason)
    return holder["previous"]
