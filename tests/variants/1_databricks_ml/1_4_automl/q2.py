# %% wrong: always_the_greatest
# hint: is a large one good
def best_by(summary, metric):
    return max(summary.trials, key=lambda trial: trial.metrics[metric])

# %% wrong: best_of_the_summary
# hint: best by the primary metric only
def best_by(summary, metric):
    return summary.best_trial

# %% wrong: log_loss_is_a_score
# hint: Log loss is a loss
def best_by(summary, metric):
    trials = [trial for trial in summary.trials if metric in trial.metrics]
    if not trials:
        return None
    choose = min if metric.split("_", 1)[1] in {"mae", "rmse", "mse"} else max
    return choose(trials, key=lambda trial: trial.metrics[metric])

# %% wrong: missing_metrics
# hint: should not count
def best_by(summary, metric):
    smaller = any(word in metric for word in ("mae", "mse", "loss"))
    return sorted(summary.trials, key=lambda trial: trial.metrics[metric], reverse=not smaller)[0]

# %% wrong: a_number
# hint: not a number
def best_by(summary, metric):
    return max(trial.metrics.get(metric, 0) for trial in summary.trials)

# %% right: sorted_table
def best_by(summary, metric):
    table = pd.DataFrame([{"trial": trial, "score": trial.metrics.get(metric)} for trial in summary.trials]).dropna(subset=["score"])
    if table.empty:
        return None
    return table.sort_values("score", ascending=metric.split("_", 1)[1] in {"log_loss", "mae", "mse", "rmse"})["trial"].iloc[0]

# %% right: loop_with_a_sign
def best_by(summary, metric):
    best, top = None, float("-inf")
    for trial in summary.trials:
        if metric in trial.metrics:
            value = trial.metrics[metric]
            value = value if metric.endswith(("score", "auc")) else -value
            if value > top:
                best, top = trial, value
    return best
