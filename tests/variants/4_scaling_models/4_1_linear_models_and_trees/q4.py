# %% wrong: the_best
# hint: This is the best one
def choose(measured, slack):
    tried = measured.dropna()
    if tried.empty:
        return None
    best = tried.sort_values("rmse_later").iloc[0]
    return int(best["maxDepth"]), int(best["maxBins"])


# %% wrong: own_rows
# hint: praises whoever learnt them by heart
def choose(measured, slack):
    best = measured.sort_values("rmse_own").iloc[0]
    return int(best["maxDepth"]), int(best["maxBins"])


# %% wrong: fewest_bins
# hint: every level doubles
def choose(measured, slack):
    tried = measured.dropna(subset=["rmse_later"])
    if tried.empty:
        return None
    enough = tried[tried["rmse_later"] <= (1 + slack) * tried["rmse_later"].min()]
    best = enough.sort_values(["maxBins", "maxDepth"]).iloc[0]
    return int(best["maxDepth"]), int(best["maxBins"])


# %% wrong: depth_before_bins
# hint: against a shallower one with many
def choose(measured, slack):
    tried = measured.dropna(subset=["rmse_later"])
    if tried.empty:
        return None
    enough = tried[tried["rmse_later"] <= (1 + slack) * tried["rmse_later"].min()]
    best = enough.sort_values(["maxDepth", "maxBins"]).iloc[0]
    return int(best["maxDepth"]), int(best["maxBins"])


# %% right: a_loop
def choose(measured, slack):
    rows = [row for row in measured.to_dict("records") if row["rmse_later"] == row["rmse_later"]]
    if not rows:
        return None
    limit = min(row["rmse_later"] for row in rows) * (1 + slack)
    best = min((row for row in rows if row["rmse_later"] <= limit), key=lambda row: (2 ** row["maxDepth"] * row["maxBins"], row["rmse_later"]))
    return best["maxDepth"], best["maxBins"]


# %% right: query
def choose(measured, slack):
    limit = measured["rmse_later"].min() * (1 + slack)
    enough = measured.query("rmse_later <= @limit").copy()
    if len(enough) == 0:
        return None
    enough["cost"] = np.exp2(enough["maxDepth"].astype(float)) * enough["maxBins"]
    enough = enough[enough["cost"] == enough["cost"].min()]
    row = enough.loc[enough["rmse_later"].idxmin()]
    return int(row["maxDepth"]), int(row["maxBins"])
