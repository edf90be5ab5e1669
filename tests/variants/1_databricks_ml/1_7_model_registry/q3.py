# %% wrong: higher_is_better
# hint: this challenger is to be promoted
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score > brier(champion) + margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: always_promoted
# hint: A worse challenger was promoted
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or True
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: never_promoted
# hint: with the answer True
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = False
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: equal_is_enough
# hint: equally good challenger was promoted
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score <= brier(champion)
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: margin_ignored
# hint: less than the margin is not better
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion)
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: margin_fixed
# hint: margin is for the caller to set
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - 0.001
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: relative_margin
# hint: less than the margin is not better
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) * (1 - margin)
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: absolute_error
# hint: squared differences, not absolute ones
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean(np.abs(np.asarray(probability) - late[known].to_numpy())))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: errors_that_cancel
# hint: square each difference
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean(np.asarray(probability) - late[known].to_numpy()))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: right_on_average
# hint: it is right on average
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean(np.asarray(probability) - late[known].to_numpy())) ** 2

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: newest_is_challenger
# hint: The newest version was promoted
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = max(int(v.version) for v in client.search_model_versions(f"name='{name}'")), aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: alias_left_on_rejected
# hint: A rejected challenger still has its alias
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    if better:
        client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: alias_left_on_promoted
# hint: still called challenger
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    if not better:
        client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: champion_not_moved
# hint: the alias champion did not move
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: no_first_day
# hint: It failed where there is no champion yet
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases["champion"]
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: first_one_rejected
# hint: has nobody to beat
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is not None and score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: first_must_beat_the_base_rate
# hint: has nobody to beat
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = score < (brier(champion) if champion else 0.25) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: previous_of_the_first
# hint: so there is no previous one
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        client.set_registered_model_alias(name, "previous", champion or challenger)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: previous_after_the_move
# hint: The alias previous points at the new champion
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "champion", challenger)
            client.set_registered_model_alias(name, "previous", client.get_model_version_by_alias(name, "champion").version)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: no_way_back
# hint: previous the one that was champion before
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: previous_is_one_less
# hint: previous must move on
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", int(challenger) - 1)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: missing_is_punctual
# hint: counted as punctual
def promote(name, flights, late, margin=0.001):
    late = late.fillna(0)
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: missing_spoils_the_mean
# hint: Is a score missing because outcomes are
def promote(name, flights, late, margin=0.001):
    known = np.ones(len(late), dtype=bool)

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: index_taken_for_position
# hint: The index is no position
def promote(name, flights, late, margin=0.001):
    flights = flights.sort_index()
    known = late.reset_index(drop=True).notna().to_numpy()
    late = late.reset_index(drop=True)

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: no_tag_for_rejected
# hint: deserves a record too
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    if better:
        client.set_model_version_tag(name, challenger, "decision", "promoted")
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: champions_score
# hint: its own, not the champion's
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score if better else brier(champion):.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: two_decimals
# hint: at least four decimals
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.2f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: tags_of_the_family
# hint: should have the tags brier and decision
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_registered_model_tag(name, "brier", f"{score:.6f}")
    client.set_registered_model_tag(name, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: decision_on_both
# hint: the champion's version got a tag of it
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if champion is not None:
        client.set_model_version_tag(name, champion, "decision", "rejected" if better else "kept")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: first_without_a_score
# hint: The first champion needs its score
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    if champion is not None:
        client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return better

# %% wrong: says_it_in_words
# hint: Return True or False
def promote(name, flights, late, margin=0.001):
    known = late.notna()

    def brier(version):
        probability = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(flights[known])
        return float(np.mean((np.asarray(probability) - late[known].to_numpy()) ** 2))

    aliases = client.get_registered_model(name).aliases
    challenger, champion = aliases["challenger"], aliases.get("champion")
    score = brier(challenger)
    better = champion is None or score < brier(champion) - margin
    client.set_model_version_tag(name, challenger, "brier", f"{score:.6f}")
    client.set_model_version_tag(name, challenger, "decision", "promoted" if better else "rejected")
    if better:
        if champion is not None:
            client.set_registered_model_alias(name, "previous", champion)
        client.set_registered_model_alias(name, "champion", challenger)
    client.delete_registered_model_alias(name, "challenger")
    return 'promoted' if better else 'rejected'

# %% wrong: pasted
# hint: A worse challenger was promoted
def promote(name, flights, late, margin=0.001):
    client.set_registered_model_alias(name, "champion", "2")
    client.delete_registered_model_alias(name, "challenger")
    client.set_model_version_tag(name, "2", "brier", "0.1")
    client.set_model_version_tag(name, "2", "decision", "promoted")
    return True

# %% right: pandas_joined_by_index
def promote(name, flights, late, margin=0.001):
    def score(model_version):
        model = mlflow.sklearn.load_model(f"models:/{name}/{model_version.version}")
        error = pd.Series(model.predict(flights), index=flights.index) - late  # pandas aligns, and mean() leaves missing ones out
        return (error**2).mean()

    challenger = client.get_model_version_by_alias(name, "challenger")
    challenger_score = score(challenger)
    try:
        champion = client.get_model_version_by_alias(name, "champion")
    except mlflow.MlflowException:
        champion = None
    won = champion is None or score(champion) - challenger_score > margin
    for key, value in {"brier": str(challenger_score), "decision": "promoted" if won else "rejected"}.items():
        client.set_model_version_tag(name, challenger.version, key, value)
    client.delete_registered_model_alias(name, "challenger")
    if won and champion:
        client.set_registered_model_alias(name, "previous", champion.version)
    if won:
        client.set_registered_model_alias(name, "champion", challenger.version)
    return won

# %% right: sklearn_metric
def promote(name, flights, late, margin=0.001):
    from sklearn.metrics import mean_squared_error

    arrived = late.dropna().index
    aliases = dict(client.get_registered_model(name).aliases)
    scores = {
        alias: mean_squared_error(late.loc[arrived], mlflow.pyfunc.load_model(f"models:/{name}@{alias}").predict(flights.loc[arrived]))
        for alias in ("champion", "challenger")
        if alias in aliases
    }
    new = str(aliases["challenger"])
    promoted = "champion" not in scores or scores["champion"] - scores["challenger"] > margin
    if promoted:
        if "champion" in aliases:
            client.set_registered_model_alias(name, "previous", str(aliases["champion"]))
        client.set_registered_model_alias(name, "champion", new)
    client.delete_registered_model_alias(name, "challenger")
    client.set_model_version_tag(name, new, "brier", repr(float(scores["challenger"])))
    client.set_model_version_tag(name, new, "decision", ["rejected", "promoted"][bool(promoted)])
    return bool(promoted)

# %% right: one_flight_after_another
def promote(name, flights, late, margin=0.001):
    def brier(alias):
        answers = mlflow.pyfunc.load_model(f"models:/{name}@{alias}").predict(flights)
        squares = [(float(p) - y) ** 2 for p, y in zip(answers, late, strict=True) if y == y]
        return sum(squares) / len(squares)

    versions = {alias: str(n) for alias, n in client.get_registered_model(name).aliases.items()}
    score = brier("challenger")
    verdict = "promoted"
    if "champion" in versions and not score + margin < brier("champion"):
        verdict = "rejected"
    client.set_model_version_tag(name, versions["challenger"], "brier", f"{score:.4f}")
    client.set_model_version_tag(name, versions["challenger"], "decision", verdict)
    if verdict == "promoted":
        client.set_registered_model_alias(name, "champion", versions["challenger"])
        if "champion" in versions:
            client.set_registered_model_alias(name, "previous", versions["champion"])
    client.delete_registered_model_alias(name, "challenger")
    return verdict == "promoted"

# %% wrong: the_metric_refuses_missing_outcomes
# hint: leave those out before you compute
# hint: such flights don't count
def promote(name, flights, late, margin=0.001):
    from sklearn.metrics import mean_squared_error

    aliases = client.get_registered_model(name).aliases
    score = {a: mean_squared_error(late, mlflow.pyfunc.load_model(f"models:/{name}/{v}").predict(flights)) for a, v in aliases.items() if a in ("champion", "challenger")}
    better = "champion" not in aliases or score["challenger"] < score["champion"] - margin
    client.set_model_version_tag(name, aliases["challenger"], "brier", f"{score['challenger']:.6f}")
    client.set_model_version_tag(name, aliases["challenger"], "decision", "promoted" if better else "rejected")
    if better:
        if "champion" in aliases:
            client.set_registered_model_alias(name, "previous", aliases["champion"])
        client.set_registered_model_alias(name, "champion", aliases["challenger"])
    client.delete_registered_model_alias(name, "challenger")
    return better
