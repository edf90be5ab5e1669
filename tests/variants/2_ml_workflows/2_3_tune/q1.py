# %% wrong: limits_not_as_logarithms
# hint: in what units does this distribution take its limits
def make_space():
    return {
        "learning_rate": hp.loguniform("learning_rate", 0.01, 1),
        "max_leaf_nodes": hp.uniformint("max_leaf_nodes", 4, 64),
        "loss": hp.choice("loss", [{"name": "squared_error"}, {"name": "absolute_error"}, {"name": "huber", "alpha": hp.uniform("alpha", 0.5, 0.99)}]),
    }

# %% wrong: logarithms_of_base_ten
# hint: in what units does this distribution take its limits
def make_space():
    return {
        "learning_rate": hp.loguniform("learning_rate", np.log10(0.01), np.log10(1)),
        "max_leaf_nodes": hp.uniformint("max_leaf_nodes", 4, 64),
        "loss": hp.choice("loss", [{"name": "squared_error"}, {"name": "absolute_error"}, {"name": "huber", "alpha": hp.uniform("alpha", 0.5, 0.99)}]),
    }

# %% wrong: uniform_on_the_plain_scale
# hint: spends its draws on the largest order of magnitude
def make_space():
    return {
        "learning_rate": hp.uniform("learning_rate", 0.01, 1),
        "max_leaf_nodes": hp.uniformint("max_leaf_nodes", 4, 64),
        "loss": hp.choice("loss", [{"name": "squared_error"}, {"name": "absolute_error"}, {"name": "huber", "alpha": hp.uniform("alpha", 0.5, 0.99)}]),
    }

# %% wrong: grid_of_rates
# hint: only a few values
def make_space():
    return {
        "learning_rate": hp.choice("learning_rate", [0.01, 0.03, 0.1, 0.3, 1.0]),
        "max_leaf_nodes": hp.uniformint("max_leaf_nodes", 4, 64),
        "loss": hp.choice("loss", [{"name": "squared_error"}, {"name": "absolute_error"}, {"name": "huber", "alpha": hp.uniform("alpha", 0.5, 0.99)}]),
    }

# %% wrong: rounded_but_float
# hint: not of a whole-number type
def make_space():
    return {
        "learning_rate": hp.loguniform("learning_rate", np.log(0.01), np.log(1)),
        "max_leaf_nodes": hp.quniform("max_leaf_nodes", 4, 64, 1),
        "loss": hp.choice("loss", [{"name": "squared_error"}, {"name": "absolute_error"}, {"name": "huber", "alpha": hp.uniform("alpha", 0.5, 0.99)}]),
    }

# %% wrong: upper_limit_left_out
# hint: 64 is never drawn
def make_space():
    return {
        "learning_rate": hp.loguniform("learning_rate", np.log(0.01), np.log(1)),
        "max_leaf_nodes": hp.randint("max_leaf_nodes", 4, 64),
        "loss": hp.choice("loss", [{"name": "squared_error"}, {"name": "absolute_error"}, {"name": "huber", "alpha": hp.uniform("alpha", 0.5, 0.99)}]),
    }

# %% wrong: whole_numbers_as_labels
# hint: a list of labels without an order
def make_space():
    return {
        "learning_rate": hp.loguniform("learning_rate", np.log(0.01), np.log(1)),
        "max_leaf_nodes": hp.choice("max_leaf_nodes", list(range(4, 65))),
        "loss": hp.choice("loss", [{"name": "squared_error"}, {"name": "absolute_error"}, {"name": "huber", "alpha": hp.uniform("alpha", 0.5, 0.99)}]),
    }

# %% wrong: leaves_on_a_log_scale
# hint: about equally likely
def make_space():
    return {
        "learning_rate": hp.loguniform("learning_rate", np.log(0.01), np.log(1)),
        "max_leaf_nodes": scope.int(hp.qloguniform("max_leaf_nodes", np.log(4), np.log(64), 1)),
        "loss": hp.choice("loss", [{"name": "squared_error"}, {"name": "absolute_error"}, {"name": "huber", "alpha": hp.uniform("alpha", 0.5, 0.99)}]),
    }

# %% wrong: alpha_for_every_loss
# hint: put the dial inside the option
def make_space():
    alpha = hp.uniform("alpha", 0.5, 0.99)
    return {
        "learning_rate": hp.loguniform("learning_rate", np.log(0.01), np.log(1)),
        "max_leaf_nodes": hp.uniformint("max_leaf_nodes", 4, 64),
        "loss": hp.choice("loss", [{"name": n, "alpha": alpha} for n in ("squared_error", "absolute_error", "huber")]),
    }

# %% wrong: alpha_fixed
# hint: it takes only a few values
def make_space():
    return {
        "learning_rate": hp.loguniform("learning_rate", np.log(0.01), np.log(1)),
        "max_leaf_nodes": hp.uniformint("max_leaf_nodes", 4, 64),
        "loss": hp.choice("loss", [{"name": "squared_error"}, {"name": "absolute_error"}, {"name": "huber", "alpha": 0.9}]),
    }

# %% wrong: names_without_dicts
# hint: itself a dict
def make_space():
    return {
        "learning_rate": hp.loguniform("learning_rate", np.log(0.01), np.log(1)),
        "max_leaf_nodes": hp.uniformint("max_leaf_nodes", 4, 64),
        "loss": hp.choice("loss", ["squared_error", "absolute_error", "huber"]),
    }

# %% wrong: one_draw_as_the_space
# hint: always the same one
def make_space():
    return {"learning_rate": 0.1, "max_leaf_nodes": 8, "loss": {"name": "huber", "alpha": 0.8}}

# %% wrong: drawn_when_the_space_is_made
# hint: always the same one
def make_space():
    losses = [{"name": "squared_error"}, {"name": "absolute_error"}, {"name": "huber", "alpha": np.random.uniform(0.5, 0.99)}]
    return {"learning_rate": 10 ** np.random.uniform(-2, 0), "max_leaf_nodes": np.random.randint(4, 65), "loss": losses[np.random.randint(3)]}

# %% right: int_of_quniform
def make_space():
    losses = [{"name": "squared_error"}, {"name": "absolute_error"}, {"name": "huber", "alpha": hp.uniform("a", 0.5, 0.99)}]
    return dict(
        learning_rate=hp.loguniform("lr", math.log(1e-2), 0),
        max_leaf_nodes=scope.int(hp.quniform("leaves", 4, 64, 1)),
        loss=hp.choice("which_loss", losses),
    )

# %% right: power_of_ten_and_pchoice
def make_space():
    return {
        "learning_rate": scope.pow(10.0, hp.uniform("exponent", -2, 0)),
        "max_leaf_nodes": scope.int(hp.uniformint("nodes", 4, 64)),
        "loss": hp.pchoice("loss", [(1 / 3, {"name": "squared_error"}), (1 / 3, {"name": "absolute_error"}), (1 / 3, {"name": "huber", "alpha": hp.uniform("alpha", 0.5, 0.99)})]),
    }

# %% right: half_a_step_beyond_both_ends
def make_space():
    return {
        "learning_rate": hp.loguniform("learning_rate", np.log(0.01), np.log(1)),
        "max_leaf_nodes": scope.int(hp.quniform("max_leaf_nodes", 3.501, 64.499, 1)),
        "loss": hp.choice("loss", [{"name": "huber", "alpha": hp.uniform("alpha", 0.5, 0.99)}, {"name": "squared_error"}, {"name": "absolute_error"}]),
    }

# %% wrong: a_choice_of_whole_settings
# hint: returns a dict of dials
def make_space():
    return hp.choice("settings", [{"learning_rate": 0.1, "max_leaf_nodes": 8, "loss": {"name": "squared_error"}}, {"learning_rate": 0.3, "max_leaf_nodes": 16, "loss": {"name": "huber", "alpha": 0.8}}])
