# %% wrong: area_for_everything
# hint: Would you multiply those with money
# hint: what would the other three learn
def choose(models, purpose):
    from sklearn.metrics import roc_auc_score

    return max(models, key=lambda name: roc_auc_score(models[name]["label"], models[name]["p"]))


answer_7b = {1: "L", 2: "B", 3: "T", 4: "L", 5: "L"}

# %% wrong: accuracy_for_everything
# hint: For the reserve
# hint: short enough for a card
def choose(models, purpose):
    return max(models, key=lambda name: ((models[name]["p"] > 0.5) == models[name]["label"]).mean())


answer_7b = {1: "L", 2: "B", 3: "L", 4: "K", 5: "L"}

# %% wrong: log_loss_for_everything
# hint: how many of them were late
# hint: they cannot go beyond it
def choose(models, purpose):
    from sklearn.metrics import log_loss

    return min(models, key=lambda name: log_loss(models[name]["label"], models[name]["p"]))


answer_7b = {1: "L", 2: "B", 3: "T", 4: "K", 5: "B"}

# %% wrong: log_loss_also_ranks
# hint: For the ranking it doesn't matter whether the numbers are true
# hint: nobody asks for an explanation
def choose(models, purpose):
    from sklearn.metrics import log_loss

    if purpose == "calls":
        return max(models, key=lambda name: models[name].nlargest(10, "p")["label"].sum())
    return min(models, key=lambda name: log_loss(models[name]["label"], models[name]["p"]))


answer_7b = {1: "L", 2: "L", 3: "T", 4: "K", 5: "L"}

# %% wrong: calls_by_the_area
# hint: never gets beyond the tenth
# hint: the assumption that effects add up
def choose(models, purpose):
    from sklearn.metrics import log_loss, roc_auc_score

    if purpose == "reserve":
        return min(models, key=lambda name: log_loss(models[name]["label"], models[name]["p"]))
    return max(models, key=lambda name: roc_auc_score(models[name]["label"], models[name]["p"]))


answer_7b = {1: "T", 2: "B", 3: "T", 4: "K", 5: "L"}

# %% wrong: largest_log_loss
# hint: For the reserve
# hint: One letter for each
def choose(models, purpose):
    from sklearn.metrics import log_loss, roc_auc_score

    metric = log_loss if purpose == "reserve" else roc_auc_score
    return max(models, key=lambda name: metric(models[name]["label"], models[name]["p"]))


answer_7b = {1: "L", 2: "B"}

# %% wrong: always_the_first
# hint: For the
# hint: Answer with a dict
def choose(models, purpose):
    return next(iter(models))


answer_7b = "LBTKL"

# %% right: brier_and_pairs
def choose(models, purpose):
    def pairs(frame):
        ranks = frame["p"].rank()
        late = frame["label"] == 1
        return (ranks[late].sum() - late.sum() * (late.sum() + 1) / 2) / (late.sum() * (~late).sum())

    if purpose == "reserve":
        worth = {name: -((frame["p"] - frame["label"]) ** 2).mean() for name, frame in models.items()}
    elif purpose == "calls":
        worth = {name: frame.sort_values("p")["label"].tail(10).sum() for name, frame in models.items()}
    else:
        worth = {name: pairs(frame) for name, frame in models.items()}
    return max(worth, key=worth.get)


answer_7b = {"1": "l", "2": "b", "3": "t", "4": "k", "5": "l"}

# %% right: spelled_out
def choose(models, purpose):
    best, best_value = None, None
    for name, frame in models.items():
        y, p = frame["label"].to_numpy(), frame["p"].to_numpy()
        if purpose == "reserve":
            value = np.mean(np.log(np.where(y == 1, p, 1 - p)))
        elif purpose == "calls":
            value = y[np.argsort(-p)[:10]].mean()
        else:
            value = (p[y == 1][:, None] > p[y == 0][None, :]).mean()
        if best_value is None or value > best_value:
            best, best_value = name, value
    return best


answer_7b = dict(enumerate("LBTKL", start=1))
