# %% wrong: no_approval_needed
# hint: Nobody asked and nobody agreed
# hint: A version is still in Production beside
def to_production(name, version):
    client.transition_model_version_stage(name, str(version), "Production")
    return []

# %% wrong: acts_before_it_checks
# hint: check before you act
def to_production(name, version):
    serving = [int(v.version) for v in client.search_model_versions(f"name='{name}'") if v.current_stage == "Production" and int(v.version) != version]
    client.transition_model_version_stage(name, str(version), "Production", archive_existing_versions=True)
    tags = client.get_model_version(name, str(version)).tags
    if not tags.get("requested_by") or not tags.get("approved_by") or tags["requested_by"] == tags["approved_by"]:
        raise PermissionError(version)
    return sorted(serving)

# %% wrong: request_is_enough
# hint: A request is not an approval
# hint: it must not archive itself
def to_production(name, version):
    if "requested_by" not in client.get_model_version(name, str(version)).tags:
        raise PermissionError(version)
    serving = [int(v.version) for v in client.search_model_versions(f"name='{name}'") if v.current_stage == "Production"]
    client.transition_model_version_stage(name, str(version), "Production", archive_existing_versions=True)
    return sorted(serving)

# %% wrong: approval_is_enough
# hint: no request to approve
# hint: in the archive before you came
def to_production(name, version):
    if "approved_by" not in client.get_model_version(name, str(version)).tags:
        raise PermissionError(version)
    client.transition_model_version_stage(name, str(version), "Production", archive_existing_versions=True)
    return sorted(int(v.version) for v in client.search_model_versions(f"name='{name}'") if v.current_stage == "Archived")

# %% wrong: approves_herself
# hint: Ada approved her own request
# hint: in another stage was moved too
def to_production(name, version):
    tags = client.get_model_version(name, str(version)).tags
    if not tags.get("requested_by") or not tags.get("approved_by"):
        raise PermissionError(version)
    archived = []
    for other in client.search_model_versions(f"name='{name}'"):
        if int(other.version) != version and other.current_stage in ("Production", "Staging"):
            client.transition_model_version_stage(name, other.version, "Archived")
            archived.append(int(other.version))
    client.transition_model_version_stage(name, str(version), "Production")
    return sorted(archived)

# %% wrong: empty_name_passes
# hint: An empty name is nobody
# hint: should archive the one before
def to_production(name, version):
    tags = client.get_model_version(name, str(version)).tags
    if "requested_by" not in tags or "approved_by" not in tags or tags["requested_by"] == tags["approved_by"]:
        raise PermissionError(version)
    if version in (4, 7):
        client.transition_model_version_stage(name, str(version), "Production")
        return []
    serving = [int(v.version) for v in client.search_model_versions(f"name='{name}'") if v.current_stage == "Production" and int(v.version) != version]
    client.transition_model_version_stage(name, str(version), "Production", archive_existing_versions=True)
    return sorted(serving)

# %% wrong: key_error_for_a_missing_tag
# hint: not with KeyError
# hint: all of them
def to_production(name, version):
    tags = client.get_model_version(name, str(version)).tags
    if not tags.get("requested_by") and not tags.get("approved_by"):
        raise PermissionError(version)
    if not tags["requested_by"] or not tags["approved_by"] or tags["requested_by"] == tags["approved_by"]:
        raise PermissionError(version)
    serving = [int(v.version) for v in client.get_latest_versions(name, stages=["Production"]) if int(v.version) != version]
    client.transition_model_version_stage(name, str(version), "Production", archive_existing_versions=True)
    return serving

# %% wrong: never_moves
# hint: still not in Production
# hint: The version is not in Production
def to_production(name, version):
    tags = client.get_model_version(name, str(version)).tags
    if not tags.get("requested_by") or not tags.get("approved_by") or tags["requested_by"] == tags["approved_by"]:
        raise PermissionError(version)
    return []

# %% wrong: approval_of_any_version
# hint: no request to approve
# hint: in ascending order
def to_production(name, version):
    tags = {}
    for other in client.search_model_versions(f"name='{name}'"):
        tags |= other.tags
    if not tags.get("requested_by") or not tags.get("approved_by") or client.get_model_version(name, str(version)).tags.keys() == {"requested_by"}:
        raise PermissionError(version)
    serving = [int(v.version) for v in client.search_model_versions(f"name='{name}'") if v.current_stage == "Production" and int(v.version) != version]
    client.transition_model_version_stage(name, str(version), "Production", archive_existing_versions=True)
    return sorted(serving, reverse=True)

# %% wrong: text_numbers
# hint: are to be int
def to_production(name, version):
    tags = client.get_model_version(name, str(version)).tags
    if not tags.get("requested_by") or not tags.get("approved_by") or tags["requested_by"] == tags["approved_by"]:
        raise PermissionError(version)
    serving = [str(v.version) for v in client.search_model_versions(f"name='{name}'") if v.current_stage == "Production" and int(v.version) != version]
    client.transition_model_version_stage(name, str(version), "Production", archive_existing_versions=True)
    return sorted(serving)

# %% right: one_after_another
def to_production(name, version):
    tags = client.get_model_version(name, str(version)).tags
    people = {tags.get("requested_by", ""), tags.get("approved_by", "")} - {""}
    if len(people) < 2:
        raise PermissionError("needs two people")
    archived = []
    for other in client.search_model_versions(f"name='{name}'"):
        if other.current_stage == "Production" and int(other.version) != int(version):
            client.transition_model_version_stage(name, other.version, "Archived")
            archived.append(int(other.version))
    client.transition_model_version_stage(name, version, "Production")
    return sorted(archived)

# %% right: before_and_after
def to_production(name, version):
    def archive():
        return {int(v.version) for v in client.search_model_versions(f"name = '{name}'") if v.current_stage == "Archived"}

    tags = client.get_model_version(name, str(version)).tags
    if not (tags.get("requested_by") and tags.get("approved_by")):
        raise PermissionError("request and approval are needed")
    if tags["requested_by"] == tags["approved_by"]:
        raise PermissionError("nobody approves her own request")
    before = archive()
    client.transition_model_version_stage(name=name, version=str(version), stage="production", archive_existing_versions=True)
    return sorted(archive() - before)

# %% wrong: refuses_everybody
# hint: Ada asked and Grace agreed, and it was refused
# hint: nothing stands in the way of version 2
def to_production(name, version):
    raise PermissionError(version)

# %% wrong: key_error_where_nobody_asked
# hint: raise PermissionError, not KeyError
# hint: A version is still in Production beside
def to_production(name, version):
    tags = client.get_model_version(name, str(version)).tags
    if tags["requested_by"] == tags["approved_by"]:
        raise PermissionError("same person")
    archived = []
    for other in client.get_latest_versions(name, stages=["Production"]):
        client.transition_model_version_stage(name, other.version, "Archived")
        archived.append(int(other.version))
    client.transition_model_version_stage(name, str(version), "Production")
    return archived
