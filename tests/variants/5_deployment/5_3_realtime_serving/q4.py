# %% wrong: shares_as_fractions
# hint: Such a configuration is refused
def split_config(name, shares):
    if sum(shares.values()) != 100 or not all(type(s) is int and 0 <= s <= 100 for s in shares.values()):
        raise ValueError(shares)
    return {
        "served_entities": [{"name": f"v{v}", "entity_name": name, "entity_version": str(v)} for v in shares],
        "traffic_config": {"routes": [{"served_model_name": f"v{v}", "traffic_percentage": s / 100} for v, s in shares.items()]},
    }


def split_holds(counts, shares):
    n = sum(counts.values())
    names = set(counts) | set(shares)
    return n > 0 and all(abs(counts.get(k, 0) - n * shares.get(k, 0) / 100) <= 3 * math.sqrt(n * shares.get(k, 0) / 100 * (1 - shares.get(k, 0) / 100)) for k in names)

# %% wrong: no_traffic_not_served
# hint: also the one without traffic
def split_config(name, shares):
    if sum(shares.values()) != 100 or not all(type(s) is int and 0 <= s <= 100 for s in shares.values()):
        raise ValueError(shares)
    shares = {v: s for v, s in shares.items() if s}
    return {
        "served_entities": [{"name": f"v{v}", "entity_name": name, "entity_version": str(v)} for v in shares],
        "traffic_config": {"routes": [{"served_model_name": f"v{v}", "traffic_percentage": s} for v, s in shares.items()]},
    }


def split_holds(counts, shares):
    n = sum(counts.values())
    names = set(counts) | set(shares)
    return n > 0 and all(abs(counts.get(k, 0) - n * shares.get(k, 0) / 100) <= 3 * math.sqrt(n * shares.get(k, 0) / 100 * (1 - shares.get(k, 0) / 100)) for k in names)

# %% wrong: only_the_sum_checked
# hint: a sum can be right with one below 0
def split_config(name, shares):
    if sum(shares.values()) != 100:
        raise ValueError(shares)
    return {
        "served_entities": [{"name": f"v{v}", "entity_name": name, "entity_version": str(v)} for v in shares],
        "traffic_config": {"routes": [{"served_model_name": f"v{v}", "traffic_percentage": s} for v, s in shares.items()]},
    }


def split_holds(counts, shares):
    n = sum(counts.values())
    names = set(counts) | set(shares)
    return n > 0 and all(abs(counts.get(k, 0) - n * shares.get(k, 0) / 100) <= 3 * math.sqrt(n * shares.get(k, 0) / 100 * (1 - shares.get(k, 0) / 100)) for k in names)

# %% wrong: a_fixed_tolerance
# hint: with more answers, the range gets narrower as a share
def split_config(name, shares):
    if sum(shares.values()) != 100 or not all(type(s) is int and 0 <= s <= 100 for s in shares.values()):
        raise ValueError(shares)
    return {
        "served_entities": [{"name": f"v{v}", "entity_name": name, "entity_version": str(v)} for v in shares],
        "traffic_config": {"routes": [{"served_model_name": f"v{v}", "traffic_percentage": s} for v, s in shares.items()]},
    }


def split_holds(counts, shares):
    n = sum(counts.values())
    return n > 0 and all(abs(counts.get(k, 0) / n - shares.get(k, 0) / 100) <= 0.1 for k in {*counts, *shares})

# %% wrong: variance_for_deviation
# hint: five standard deviations off
def split_config(name, shares):
    if sum(shares.values()) != 100 or not all(type(s) is int and 0 <= s <= 100 for s in shares.values()):
        raise ValueError(shares)
    return {
        "served_entities": [{"name": f"v{v}", "entity_name": name, "entity_version": str(v)} for v in shares],
        "traffic_config": {"routes": [{"served_model_name": f"v{v}", "traffic_percentage": s} for v, s in shares.items()]},
    }


def split_holds(counts, shares):
    n = sum(counts.values())
    return n > 0 and all(abs(counts.get(k, 0) - n * s / 100) <= 3 * n * s / 100 * (1 - s / 100) for k, s in shares.items())

# %% wrong: only_names_of_the_split
# hint: Answers of a version that should give none
def split_config(name, shares):
    if sum(shares.values()) != 100 or not all(type(s) is int and 0 <= s <= 100 for s in shares.values()):
        raise ValueError(shares)
    return {
        "served_entities": [{"name": f"v{v}", "entity_name": name, "entity_version": str(v)} for v in shares],
        "traffic_config": {"routes": [{"served_model_name": f"v{v}", "traffic_percentage": s} for v, s in shares.items()]},
    }


def split_holds(counts, shares):
    counts = {k: counts.get(k, 0) for k in shares}
    n = sum(counts.values())
    return n > 0 and all(abs(counts[k] - n * s / 100) <= 3 * math.sqrt(n * s / 100 * (1 - s / 100)) for k, s in shares.items())

# %% right: with_numpy
def split_config(name, shares):
    values = list(shares.values())
    if any(int(s) != s or s < 0 or s > 100 for s in values) or sum(values) != 100:
        raise ValueError("percentages!")
    entities, routes = [], []
    for version in sorted(shares):
        entities.append({"entity_name": name, "entity_version": version, "name": "v" + str(version)})
        routes.append({"served_entity_name": "v" + str(version), "traffic_percentage": int(shares[version])})
    return dict(served_entities=entities, traffic_config=dict(routes=routes))


def split_holds(counts, shares):
    names = sorted(set(counts) | set(shares))
    got = np.array([counts.get(k, 0) for k in names], dtype=float)
    p = np.array([shares.get(k, 0) for k in names]) / 100
    n = got.sum()
    if n == 0:
        return False
    return bool((np.abs(got - n * p) <= 3 * np.sqrt(n * p * (1 - p))).all())

# %% right: routes_without_the_idle
def split_config(name, shares):
    if not shares or sum(shares.values()) != 100:
        raise ValueError("the shares must sum to 100")
    for share in shares.values():
        if not isinstance(share, int) or not 0 <= share <= 100:
            raise ValueError(f"{share} is no whole percentage")
    routes = [{"served_model_name": f"v{v}", "traffic_percentage": s} for v, s in shares.items() if s > 0]
    return {"served_entities": [{"name": f"v{v}", "entity_name": name, "entity_version": str(v), "workload_size": "Small", "scale_to_zero_enabled": True} for v in shares], "traffic_config": {"routes": routes}}


def split_holds(counts, shares):
    total = sum(counts.values())
    if not total:
        return False
    for key in list(counts) + list(shares):
        share = shares.get(key, 0) / 100
        deviation = (total * share * (1 - share)) ** 0.5
        if not (total * share - 3 * deviation <= counts.get(key, 0) <= total * share + 3 * deviation):
            return False
    return True
