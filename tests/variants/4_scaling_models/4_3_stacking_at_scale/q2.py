# %% wrong: proportional_to_error_and_clipped
# hint: The worst model has the most to say
# hint: and then to clip the negative ones
def weights_by_error(oof, names):
    errors = {name: oof.select(F.mean((F.col(name) - F.col("label")) ** 2)).first()[0] for name in names}
    return {name: errors[name] / sum(errors.values()) for name in names}


def best_weights(oof, names):
    rows = oof.select("label", *names).toPandas()
    errors = rows[names].to_numpy() - rows[["label"]].to_numpy()
    found = np.linalg.solve(errors.T @ errors, np.ones(len(names)))
    found = np.clip(found / found.sum(), 0, None)
    return dict(zip(names, found / found.sum()))


# %% wrong: roots_and_no_look_at_pairs
# hint: leave the root away
# hint: don't see that twins err together
def weights_by_error(oof, names):
    rmse = {name: oof.select(F.sqrt(F.mean((F.col(name) - F.col("label")) ** 2))).first()[0] for name in names}
    return {name: (1 / rmse[name]) / sum(1 / r for r in rmse.values()) for name in names}


def best_weights(oof, names):
    mse = oof.select(*(F.mean((F.col(n) - F.col("label")) ** 2).alias(n) for n in names)).first().asDict()
    return {n: float((1 / mse[n]) / sum(1 / m for m in mse.values())) for n in names}


# %% wrong: not_normalised_and_winner_takes_all
# hint: should add up to 1
# hint: went to a single model
def weights_by_error(oof, names):
    return {name: 1 / oof.select(F.mean((F.col(name) - F.col("label")) ** 2)).first()[0] for name in names}


def best_weights(oof, names):
    mse = oof.select(*(F.mean((F.col(n) - F.col("label")) ** 2).alias(n) for n in names)).first().asDict()
    best = min(mse, key=mse.get)
    return {n: 1.0 if n == best else 0.0 for n in names}


# %% wrong: equal_and_unlimited
# hint: not proportional
# hint: A weight is negative
def weights_by_error(oof, names):
    return {name: 1 / len(names) for name in names}


def best_weights(oof, names):
    rows = oof.select("label", *names).toPandas()
    errors = rows[names].to_numpy() - rows[["label"]].to_numpy()
    found = np.linalg.solve(errors.T @ errors, np.ones(len(names)))
    return dict(zip(names, found / found.sum()))


# %% wrong: texts_and_covariances
# hint: The weights are plain floats
# hint: if a steady error
def weights_by_error(oof, names):
    inverse = {name: 1 / oof.select(F.mean((F.col(name) - F.col("label")) ** 2)).first()[0] for name in names}
    return {name: str(value / sum(inverse.values())) for name, value in inverse.items()}


def best_weights(oof, names):
    errors = [F.col(name) - F.col("label") for name in names]
    covariances = np.array(oof.select(*(F.covar_pop(a, b) for a in errors for b in errors)).first()).reshape(len(names), -1)
    found = minimize(lambda w: w @ covariances @ w, np.full(len(names), 1 / len(names)), bounds=[(0, 1)] * len(names), constraints={"type": "eq", "fun": lambda w: w.sum() - 1})
    found = found.x.clip(0)
    return dict(zip(names, (found / found.sum()).tolist()))


# %% wrong: deviations_and_a_sum_made_afterwards
# hint: not proportional
# hint: if a steady error
def weights_by_error(oof, names):
    inverse = {name: 1 / oof.select(F.mean(F.abs(F.col(name) - F.col("label")))).first()[0] for name in names}
    return {name: value / sum(inverse.values()) for name, value in inverse.items()}


def best_weights(oof, names):
    rows = oof.select("label", *names).toPandas()
    found, _ = nnls(rows[names].to_numpy(), rows["label"].to_numpy())
    return dict(zip(names, (found / found.sum()).tolist()))


# %% right: nnls_with_a_heavy_row
def weights_by_error(oof, names):
    rows = oof.toPandas()
    inverse = {name: 1 / ((rows[name] - rows["label"]) ** 2).mean() for name in names}
    return {name: float(value / sum(inverse.values())) for name, value in inverse.items()}


def best_weights(oof, names):
    rows = oof.select("label", *names).toPandas()
    errors = rows[names].sub(rows["label"], axis=0).to_numpy()
    heavy = 1e4 * np.abs(errors).max()
    found, _ = nnls(np.vstack([errors, np.full(len(names), heavy)]), np.append(np.zeros(len(errors)), heavy))
    return dict(zip(names, found / found.sum()))


# %% right: shares_by_exponents
def weights_by_error(oof, names):
    losses = [oof.agg(F.avg(F.pow(F.col(name) - F.col("label"), 2))).head()[0] for name in names]
    inverse = 1 / np.array(losses)
    return dict(zip(names, map(float, inverse / inverse.sum())))


def best_weights(oof, names):
    products = np.array([[oof.select(F.mean((F.col(a) - F.col("label")) * (F.col(b) - F.col("label")))).first()[0] for b in names] for a in names])

    def shares(z):
        w = np.exp(z - z.max())
        return w / w.sum()

    found = minimize(lambda z: shares(z) @ products @ shares(z), np.zeros(len(names)), method="BFGS", options={"gtol": 1e-9})
    return {name: float(w) for name, w in zip(names, shares(found.x))}
