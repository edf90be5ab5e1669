# %% wrong: formula
# hint: The formula from the two prices
# hint: Weights make the model believe
def cheapest_threshold(predictions, miss, alarm):
    return alarm / (alarm + miss)


answer_2b = {"A", "B", "D", "E"}

# %% wrong: half
# hint: Which ones did you try
# hint: no longer looks like life
def cheapest_threshold(predictions, miss, alarm):
    return 0.5


answer_2b = {"A", "C", "D", "E"}

# %% wrong: coarse_grid
# hint: Which ones did you try
# hint: What is its F1
def cheapest_threshold(predictions, miss, alarm):
    late, p = predictions["label"] == 1, predictions["p"]
    return float(min(np.linspace(0, 1, 101), key=lambda t: miss * (late & (p < t)).sum() + alarm * (~late & (p >= t)).sum()))


answer_2b = {"A", "D", "E", "F"}

# %% wrong: never_is_not_considered
# hint: That is a choice too
# hint: A true statement is missing
def cheapest_threshold(predictions, miss, alarm):
    late, p = predictions["label"] == 1, predictions["p"]
    return float(min(p, key=lambda t: miss * (late & (p < t)).sum() + alarm * (~late & (p >= t)).sum()))


answer_2b = {"D", "E"}

# %% wrong: prices_swapped
# hint: Did the two prices change places
# hint: Answer with a set of letters
def cheapest_threshold(predictions, miss, alarm):
    late, p = predictions["label"] == 1, predictions["p"]
    cuts = [*p, float("inf")]
    return float(min(cuts, key=lambda t: alarm * (late & (p < t)).sum() + miss * (~late & (p >= t)).sum()))


answer_2b = None

# %% wrong: best_f1
# hint: never to warn at all
def cheapest_threshold(predictions, miss, alarm):
    from sklearn.metrics import f1_score

    return float(max(predictions["p"], key=lambda t: f1_score(predictions["label"], predictions["p"] >= t)))


answer_2b = {"A", "D", "E"}

# %% wrong: warns_above_only
# hint: is a flight that equals the threshold warned of
def cheapest_threshold(predictions, miss, alarm):
    late, p = predictions["label"] == 1, predictions["p"]
    cuts = [-1.0, *p]
    return float(min(cuts, key=lambda t: miss * (late & (p <= t)).sum() + alarm * (~late & (p > t)).sum()))


answer_2b = {"A", "D", "E"}

# %% right: between_the_probabilities
def cheapest_threshold(predictions, miss, alarm):
    frame = predictions.sort_values("p")
    late, p = frame["label"].to_numpy() == 1, frame["p"].to_numpy()
    cuts = np.concatenate([[p[0] - 1], (p[:-1] + p[1:]) / 2, [p[-1] + 1]])
    bills = [miss * late[p < t].sum() + alarm * (~late)[p >= t].sum() for t in cuts]
    return float(cuts[int(np.argmin(bills))])


answer_2b = ["e", "a", "d"]

# %% right: cumulative_sums
def cheapest_threshold(predictions, miss, alarm):
    by_p = predictions.groupby("p")["label"].agg(["sum", "count"]).sort_index(ascending=False)
    late, punctual = by_p["sum"], by_p["count"] - by_p["sum"]
    bills = miss * (late.sum() - late.cumsum()) + alarm * punctual.cumsum()
    never = miss * late.sum()
    return float("inf") if never <= bills.min() else float(bills.idxmin())


answer_2b = "ADE"

# %% right: roc_curve
def cheapest_threshold(predictions, miss, alarm):
    from sklearn.metrics import roc_curve

    y = predictions["label"]
    fpr, tpr, cuts = roc_curve(y, predictions["p"], drop_intermediate=False)
    return float(cuts[np.argmin(miss * (1 - tpr) * (y == 1).sum() + alarm * fpr * (y == 0).sum())])


answer_2b = frozenset("ADE")
