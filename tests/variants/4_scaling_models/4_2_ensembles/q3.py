# %% wrong: bagging_in_disguise
# hint: The first model learns the prices themselves
def boost(X, y, X_new, rounds, rate, fit):
    answers = [fit(X, y).predict(X_new) for _ in range(rounds)]
    return np.mean(answers, axis=0) if answers else np.full(len(X_new), y.mean())


# %% wrong: same_residuals_each_round
# hint: Every round learns the same thing
def boost(X, y, X_new, rounds, rate, fit):
    answer = np.full(len(X_new), y.mean())
    residuals = y - y.mean()
    for _ in range(rounds):
        answer += rate * fit(X, residuals).predict(X_new)
    return answer


# %% wrong: full_residuals
# hint: The residuals count the first model in full
def boost(X, y, X_new, rounds, rate, fit):
    answer = np.full(len(X_new), y.mean())
    residuals = y - y.mean()
    for _ in range(rounds):
        model = fit(X, residuals)
        residuals = residuals - model.predict(X)
        answer = answer + rate * model.predict(X_new)
    return answer


# %% wrong: wrong_sign
# hint: The residuals have the wrong sign
def boost(X, y, X_new, rounds, rate, fit):
    answer, answer_new = np.full(len(y), y.mean()), np.full(len(X_new), y.mean())
    for _ in range(rounds):
        model = fit(X, answer - y)
        answer = answer + rate * model.predict(X)
        answer_new = answer_new + rate * model.predict(X_new)
    return answer_new


# %% wrong: mean_forgotten
# hint: The mean that the answers begin with
def boost(X, y, X_new, rounds, rate, fit):
    answer, residuals = np.zeros(len(X_new)), y - y.mean()
    for _ in range(rounds):
        model = fit(X, residuals)
        residuals = residuals - rate * model.predict(X)
        answer = answer + rate * model.predict(X_new)
    return answer


# %% right: models_kept
def boost(X, y, X_new, rounds, rate, fit):
    models = []

    def answer(rows):
        return y.mean() + rate * sum((m.predict(rows) for m in models), np.zeros(len(rows)))

    for _ in range(rounds):
        models.append(fit(X, y - answer(X)))
    return answer(X_new)


# %% right: residuals_shrink
def boost(X, y, X_new, rounds, rate, fit):
    left = np.array(y, dtype=float) - np.mean(y)
    out = [float(np.mean(y))] * len(X_new)
    for _ in range(rounds):
        model = fit(X, left.copy())
        left -= rate * np.asarray(model.predict(X))
        out = [o + rate * float(p) for o, p in zip(out, model.predict(X_new))]
    return np.array(out)
