# %% wrong: others_taken_off
# hint: The other entities have been taken off
def roll_back(endpoint, good):
    served = endpoints.get_endpoint(endpoint)["config"]["served_entities"]
    keep = [e for e in served if e["name"] == good]
    if not keep:
        raise ValueError(good)
    endpoints.update_endpoint_config(endpoint=endpoint, config={"served_entities": keep, "traffic_config": {"routes": [{"served_model_name": good, "traffic_percentage": 100}]}})

# %% wrong: only_the_route
# hint: roll_back raises HTTPError
def roll_back(endpoint, good):
    if good not in [e["name"] for e in endpoints.get_endpoint(endpoint)["config"]["served_entities"]]:
        raise ValueError(good)
    endpoints.update_endpoint_config(endpoint=endpoint, config={"traffic_config": {"routes": [{"served_model_name": good, "traffic_percentage": 100}]}})

# %% wrong: the_name_moved_to_the_old_version
# hint: All the traffic should go to the entity that was named
def roll_back(endpoint, good):
    config = endpoints.get_endpoint(endpoint)["config"]
    entities = {e["name"]: e for e in config["served_entities"]}
    if good not in entities:
        raise ValueError(good)
    for e in entities.values():
        e["entity_version"] = entities[good]["entity_version"]
    endpoints.update_endpoint_config(endpoint=endpoint, config={"served_entities": list(entities.values()), "traffic_config": config["traffic_config"]})

# %% wrong: unknown_name_not_checked
# hint: A name that is not served raises ValueError
def roll_back(endpoint, good):
    served = endpoints.get_endpoint(endpoint)["config"]["served_entities"]
    routes = [{"served_model_name": e["name"], "traffic_percentage": 0} for e in served if e["name"] != good]
    endpoints.update_endpoint_config(endpoint=endpoint, config={"served_entities": served, "traffic_config": {"routes": [*routes, {"served_model_name": good, "traffic_percentage": 100}]}})

# %% right: routes_changed_in_place
def roll_back(endpoint, good):
    config = endpoints.get_endpoint(endpoint)["config"]
    if all(route["served_model_name"] != good for route in config["traffic_config"]["routes"]) and all(e["name"] != good for e in config["served_entities"]):
        raise ValueError("no such entity")
    config["traffic_config"] = {"routes": [{"served_model_name": good, "traffic_percentage": 100}]}
    endpoints.update_endpoint_config(endpoint, dict(config))

# %% right: entities_written_anew
def roll_back(endpoint, good):
    entities = [{key: e[key] for key in ("name", "entity_name", "entity_version")} for e in endpoints.get_endpoint(endpoint).config.served_entities]
    shares = {e["name"]: 0 for e in entities}
    if good not in shares:
        raise ValueError(f"{good} is not served")
    shares[good] = 100
    endpoints.update_endpoint_config(endpoint=endpoint, config={"served_entities": entities, "traffic_config": {"routes": [{"served_entity_name": n, "traffic_percentage": s} for n, s in shares.items()]}})
