# %% wrong: signed_bias
# hint: square for each id
def bias_and_variance(answers, truth):
    joined = answers.merge(truth.dropna(), on="id")
    by_id = joined.groupby("id")
    return float((by_id["prediction"].mean() - by_id["value"].first()).mean() ** 2), float(by_id["prediction"].var(ddof=0).mean())


# %% wrong: whole_error_as_bias
# hint: This is the whole squared error
def bias_and_variance(answers, truth):
    joined = answers.merge(truth.dropna(), on="id")
    return float(((joined["prediction"] - joined["value"]) ** 2).mean()), float(joined.groupby("id")["prediction"].var(ddof=0).mean())


# %% wrong: pandas_default_variance
# hint: one less than the number
def bias_and_variance(answers, truth):
    joined = answers.merge(truth.dropna(), on="id")
    by_id = joined.groupby("id")
    return float(((by_id["prediction"].mean() - by_id["value"].first()) ** 2).mean()), float(by_id["prediction"].var().mean())


# %% wrong: variance_over_houses
# hint: how answers about the *same* id differ
def bias_and_variance(answers, truth):
    joined = answers.merge(truth.dropna(), on="id")
    by_id = joined.groupby("id")
    return float(((by_id["prediction"].mean() - by_id["value"].first()) ** 2).mean()), float(joined.groupby("repeat")["prediction"].var(ddof=0).mean())


# %% right: a_wide_table
def bias_and_variance(answers, truth):
    wide = answers.pivot(index="id", columns="repeat", values="prediction")
    known = truth.dropna().set_index("id")["value"]
    ids = wide.index.intersection(known.index)
    said = wide.loc[ids].to_numpy()
    return float(np.mean((said.mean(axis=1) - known.loc[ids].to_numpy()) ** 2)), float(np.mean(np.var(said, axis=1)))


# %% right: plain_python
def bias_and_variance(answers, truth):
    known = {row.id: row.value for row in truth.itertuples() if row.value == row.value}
    squares, variances = [], []
    for name, value in known.items():
        said = list(answers.loc[answers["id"] == name, "prediction"])
        if said:
            middle = sum(said) / len(said)
            squares.append((middle - value) ** 2)
            variances.append(sum((p - middle) ** 2 for p in said) / len(said))
    return sum(squares) / len(squares), sum(variances) / len(variances)
