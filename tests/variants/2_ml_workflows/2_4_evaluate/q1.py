# %% wrong: average_over_classes
# hint: averages over both classes
def scorecard(predictions, threshold):
    from sklearn.metrics import accuracy_score, f1_score, log_loss, precision_score, recall_score

    known = predictions.dropna()
    y, p = known["label"].astype(int), known["p"].clip(1e-15, 1 - 1e-15)
    w = (p >= threshold).astype(int)
    how = {"average": "weighted", "zero_division": 0.0}
    return {
        "accuracy": float(accuracy_score(y, w)),
        "baseline": float(max(y.mean(), 1 - y.mean())),
        "precision": float(precision_score(y, w, **how)),
        "recall": float(recall_score(y, w, **how)),
        "f1": float(f1_score(y, w, **how)),
        "log_loss": float(log_loss(y, p, labels=[0, 1])),
    }


# %% wrong: weighted_f1_only
# hint: This F1 is an average over both classes
def scorecard(predictions, threshold):
    from sklearn.metrics import accuracy_score, f1_score, log_loss, precision_score, recall_score

    known = predictions.dropna()
    y, p = known["label"].astype(int), known["p"].clip(1e-15, 1 - 1e-15)
    w = (p >= threshold).astype(int)
    return {
        "accuracy": float(accuracy_score(y, w)),
        "baseline": float(max(y.mean(), 1 - y.mean())),
        "precision": float(precision_score(y, w, zero_division=0.0)),
        "recall": float(recall_score(y, w, zero_division=0.0)),
        "f1": float(f1_score(y, w, average="weighted")),
        "log_loss": float(log_loss(y, p, labels=[0, 1])),
    }


# %% wrong: precision_and_recall_swapped
# hint: Precision and recall changed places
# hint: Punctual flights count too
def scorecard(predictions, threshold):
    known = predictions.dropna()
    late, warned = known["label"] == 1, known["p"] >= threshold
    right = (late & warned).sum()
    precision, recall = right / max(late.sum(), 1), right / max(warned.sum(), 1)
    return {
        "accuracy": float((late == warned).mean()),
        "baseline": float(max(late.mean(), 1 - late.mean())),
        "precision": float(precision),
        "recall": float(recall),
        "f1": float(2 * precision * recall / (precision + recall)) if right else 0.0,
        "log_loss": float(-np.log(known["p"].clip(1e-15, 1 - 1e-15))[late].mean()),
    }


# %% wrong: above_instead_of_from
# hint: a probability that equals it counts as a warning
# hint: Another base
def scorecard(predictions, threshold):
    known = predictions.dropna()
    late, warned = known["label"] == 1, known["p"] > threshold
    right = (late & warned).sum()
    truth = known["p"].where(late, 1 - known["p"]).clip(1e-15, 1 - 1e-15)
    return {
        "accuracy": float((late == warned).mean()),
        "baseline": float(max(late.mean(), 1 - late.mean())),
        "precision": float(right / max(warned.sum(), 1)),
        "recall": float(right / max(late.sum(), 1)),
        "f1": float(2 * right / max(warned.sum() + late.sum(), 1)),
        "log_loss": float(-np.log2(truth).mean()),
    }


# %% wrong: divides_by_zero
# hint: is there always something to divide by
def scorecard(predictions, threshold):
    rows = predictions.dropna().to_dict("records")
    tp = sum(r["label"] == 1 and r["p"] >= threshold for r in rows)
    fp = sum(r["label"] == 0 and r["p"] >= threshold for r in rows)
    fn = sum(r["label"] == 1 and r["p"] < threshold for r in rows)
    tn = sum(r["label"] == 0 and r["p"] < threshold for r in rows)
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    losses = [-np.log(r["p"] if r["label"] else 1 - r["p"]) for r in rows]
    return {
        "accuracy": (tp + tn) / len(rows),
        "baseline": max(tp + fn, fp + tn) / len(rows),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall),
        "log_loss": float(np.mean(losses)),
    }


# %% wrong: one_class_breaks_the_library
# hint: are there always two classes
def scorecard(predictions, threshold):
    from sklearn.metrics import accuracy_score, f1_score, log_loss, precision_score, recall_score

    known = predictions.dropna()
    y, p = known["label"].astype(int), known["p"].clip(1e-15, 1 - 1e-15)
    w = (p >= threshold).astype(int)
    return {
        "accuracy": float(accuracy_score(y, w)),
        "baseline": float(max(y.mean(), 1 - y.mean())),
        "precision": float(precision_score(y, w, zero_division=0.0)),
        "recall": float(recall_score(y, w, zero_division=0.0)),
        "f1": float(f1_score(y, w, zero_division=0.0)),
        "log_loss": float(log_loss(y, p)),
    }


# %% wrong: baseline_is_always_punctual
# hint: the baseline names *them*
# hint: infinite or not a number
def scorecard(predictions, threshold):
    known = predictions.dropna()
    late, warned = known["label"] == 1, known["p"] >= threshold
    right = (late & warned).sum()
    with np.errstate(all="ignore"):
        loss = -np.log(np.where(late, known["p"], 1 - known["p"])).mean()
    return {
        "accuracy": float((late == warned).mean()),
        "baseline": float(1 - late.mean()),
        "precision": float(right / max(warned.sum(), 1)),
        "recall": float(right / max(late.sum(), 1)),
        "f1": float(2 * right / max(warned.sum() + late.sum(), 1)),
        "log_loss": float(loss),
    }


# %% wrong: gaps_count
# hint: Rows without a label or without a probability must not count
# hint: changed with the threshold
def scorecard(predictions, threshold):
    late, warned = predictions["label"] == 1, predictions["p"] >= threshold
    right = (late & warned).sum()
    decided = np.where(late == warned, 1 - 1e-15, 1e-15)
    return {
        "accuracy": float((late == warned).mean()),
        "baseline": float(max(late.mean(), 1 - late.mean())),
        "precision": float(right / max(warned.sum(), 1)),
        "recall": float(right / max(late.sum(), 1)),
        "f1": float(2 * right / max(warned.sum() + late.sum(), 1)),
        "log_loss": float(-np.log(decided).mean()),
    }


# %% wrong: gaps_as_zero
# hint: Rows without a label or without a probability must not count
# hint: no value may be put in their place
def scorecard(predictions, threshold):
    filled = predictions.fillna(0)
    late, warned = filled["label"] == 1, filled["p"] >= threshold
    right = (late & warned).sum()
    given_to_truth = np.where(late, filled["p"], 1 - filled["p"]).clip(1e-15, 1 - 1e-15)
    return {
        "accuracy": float((late == warned).mean()),
        "baseline": float(max(late.mean(), 1 - late.mean())),
        "precision": float(right / max(warned.sum(), 1)),
        "recall": float(right / max(late.sum(), 1)),
        "f1": float(2 * right / max(warned.sum() + late.sum(), 1)),
        "log_loss": float(-np.log(given_to_truth).mean()),
    }


# %% wrong: gaps_make_it_infinite
# hint: Who is warned
# hint: infinite or not a number: such rows
def scorecard(predictions, threshold):
    filled = predictions.fillna(0)
    y, p = filled["label"], filled["p"]
    warned = p > threshold
    right = ((y == 1) & warned).sum()
    precision, recall = right / max(warned.sum(), 1), right / max((y == 1).sum(), 1)
    with np.errstate(all="ignore"):
        loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    return {
        "accuracy": float(((y == 1) == warned).mean()),
        "baseline": float(1 - y.mean()),
        "precision": float(precision),
        "recall": float(recall),
        "f1": float(2 * precision * recall / max(precision + recall, 1e-12)),
        "log_loss": float(loss),
    }


# %% wrong: arithmetic_f1_and_summed_loss
# hint: F1 is not the plain mean
# hint: Take the mean over the rows that count
def scorecard(predictions, threshold):
    known = predictions.dropna()
    late, warned = known["label"] == 1, known["p"] >= threshold
    right = (late & warned).sum()
    precision, recall = right / max(warned.sum(), 1), right / max(late.sum(), 1)
    truth = known["p"].where(late, 1 - known["p"]).clip(1e-15, 1 - 1e-15)
    return {
        "accuracy": float((late == warned).mean()),
        "baseline": float(max(late.mean(), 1 - late.mean())),
        "precision": float(precision),
        "recall": float(recall),
        "f1": float((precision + recall) / 2),
        "log_loss": float(-np.log(truth).sum()),
    }


# %% wrong: zeros_everywhere
# hint: Precision: of the flights that were warned of
# hint: the probability that the model gave
def scorecard(predictions, threshold):
    return dict.fromkeys(["accuracy", "baseline", "precision", "recall", "f1", "log_loss"], 0.0)


# %% right: scikit_learn
def scorecard(predictions, threshold):
    from sklearn.metrics import accuracy_score, f1_score, log_loss, precision_score, recall_score

    known = predictions.dropna(subset=["label", "p"])
    y, p = known["label"].astype(int), known["p"].clip(1e-15, 1 - 1e-15)
    w = (known["p"] >= threshold).astype(int)
    return {
        "accuracy": float(accuracy_score(y, w)),
        "baseline": float(y.value_counts(normalize=True).max()),
        "precision": float(precision_score(y, w, zero_division=0.0)),
        "recall": float(recall_score(y, w, zero_division=0.0)),
        "f1": float(f1_score(y, w, zero_division=0.0)),
        "log_loss": float(log_loss(y, p, labels=[0, 1])),
    }


# %% right: plain_python
def scorecard(predictions, threshold):
    import math

    rows = [(y, p) for y, p in zip(predictions["label"], predictions["p"]) if y == y and p == p]
    hits = sum(1 for y, p in rows if y == 1 and p >= threshold)
    alarms = sum(1 for _, p in rows if p >= threshold)
    late = sum(1 for y, _ in rows if y == 1)
    precision = hits / alarms if alarms else 0.0
    recall = hits / late if late else 0.0
    loss = 0.0
    for y, p in rows:
        p = min(max(p, 1e-15), 1 - 1e-15)
        loss -= math.log(p) if y == 1 else math.log(1 - p)
    return {
        "accuracy": sum((y == 1) == (p >= threshold) for y, p in rows) / len(rows),
        "baseline": max(late, len(rows) - late) / len(rows),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        "log_loss": loss / len(rows),
    }


# %% right: spark_for_the_counts
def scorecard(predictions, threshold):
    known = predictions.dropna()[["label", "p"]].astype(float)
    df = spark.createDataFrame(known).coalesce(1)
    late, warned = F.col("label") == 1, F.col("p") >= float(threshold)
    p = F.greatest(F.least(F.col("p"), F.lit(1 - 1e-15)), F.lit(1e-15))
    n, hit, alarms, lates, loss = df.agg(
        F.count("*"), F.count_if(late & warned), F.count_if(warned), F.count_if(late), F.avg(-F.log(F.when(late, p).otherwise(1 - p)))
    ).first()
    return {
        "accuracy": (n - (alarms - hit) - (lates - hit)) / n,
        "baseline": max(lates, n - lates) / n,
        "precision": hit / alarms if alarms else 0.0,
        "recall": hit / lates if lates else 0.0,
        "f1": 2 * hit / (alarms + lates) if alarms + lates else 0.0,
        "log_loss": float(loss),
    }
