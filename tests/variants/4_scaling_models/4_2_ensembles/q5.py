# %% wrong: means_only
# hint: That is luck until shown otherwise
def better(scores):
    means = scores.groupby("model")["rmse"].mean()
    return means.idxmin()


# %% wrong: unpaired
# hint: subtract within each sample first
def better(scores):
    groups = scores.groupby("model")["rmse"].agg(["mean", "std", "count"])
    (a, b) = groups.index
    error = np.sqrt((groups["std"] ** 2 / groups["count"]).sum())
    d = groups.loc[a, "mean"] - groups.loc[b, "mean"]
    return None if abs(d) <= 2 * error else a if d < 0 else b


# %% wrong: no_root_of_n
# hint: over the root of their number
def better(scores):
    pairs = scores.pivot(index="sample", columns="model", values="rmse").dropna()
    if len(pairs) < 2:
        return None
    a, b = pairs.columns
    d = pairs[a] - pairs[b]
    return None if abs(d.mean()) <= 2 * d.std() else a if d.mean() < 0 else b


# %% wrong: larger_is_better
# hint: This is the model with the larger errors
def better(scores):
    pairs = scores.pivot(index="sample", columns="model", values="rmse").dropna()
    if len(pairs) < 2:
        return None
    a, b = pairs.columns
    d = pairs[a] - pairs[b]
    if abs(d.mean()) <= 2 * d.std() / np.sqrt(len(d)):
        return None
    return a if d.mean() > 0 else b


# %% right: merge
def better(scores):
    a, b = sorted(scores["model"].unique())
    both = scores[scores["model"] == a].merge(scores[scores["model"] == b], on="sample").dropna()
    d = (both["rmse_x"] - both["rmse_y"]).to_numpy()
    if len(d) < 2 or abs(d.mean()) <= 2 * d.std(ddof=1) / len(d) ** 0.5:
        return None
    return a if d.mean() < 0 else b


# %% right: plain_python
def better(scores):
    found = {}
    for row in scores.itertuples():
        if row.rmse == row.rmse:
            found.setdefault(row.sample, {})[row.model] = row.rmse
    names = sorted(set(scores["model"]))
    d = [v[names[0]] - v[names[1]] for v in found.values() if len(v) == 2]
    if len(d) < 2:
        return None
    mean = sum(d) / len(d)
    error = (sum((x - mean) ** 2 for x in d) / (len(d) - 1) / len(d)) ** 0.5
    return names[mean > 0] if abs(mean) > 2 * error else None
