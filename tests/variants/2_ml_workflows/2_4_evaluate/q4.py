# %% wrong: log_scale
# hint: still on the log scale
# hint: compute it, don't guess by size
def dollar_scores(predictions):
    frame = predictions.dropna()
    price, guess = frame["log_price"], frame["log_prediction"]
    miss = guess - price
    return {
        "rmse": float(np.sqrt((miss**2).mean())),
        "mae": float(miss.abs().mean()),
        "r2": float(1 - (miss**2).sum() / ((price - price.mean()) ** 2).sum()),
        "total": float(guess.sum() / price.sum()),
    }


def read_report(predictions, reported):
    if reported < 1:
        return "log scale"
    if reported < 3:
        return "factor"
    return "not exponentiated" if reported > predictions["price"].mean() else "dollars"


# %% wrong: exp_of_rmse
# hint: Exponentiating the error is not the error of the exponentials
# hint: An RMSE of the logarithms got past you
def dollar_scores(predictions):
    frame = predictions.dropna()
    miss = frame["log_prediction"] - frame["log_price"]
    price, guess = np.exp(frame["log_price"]), np.exp(frame["log_prediction"])
    return {
        "rmse": float(np.exp(np.sqrt((miss**2).mean()))),
        "mae": float(np.exp(miss.abs().mean())),
        "r2": float(1 - ((price - guess) ** 2).sum() / ((price - price.mean()) ** 2).sum()),
        "total": float(guess.sum() / price.sum()),
    }


def read_report(predictions, reported):
    true = np.sqrt(((predictions["price"] - np.exp(predictions["log_prediction"])) ** 2).mean())
    return "dollars" if abs(reported / true - 1) < 1e-3 else "none of these"


# %% wrong: gaps_as_perfect
# hint: The rows with a gap were counted
# hint: exp of the RMSE of the logarithms got past you
def dollar_scores(predictions):
    dollars = np.exp(predictions)
    price, guess = dollars["log_price"], dollars["log_prediction"]
    miss = (guess - price).fillna(0.0)
    return {
        "rmse": float(np.sqrt((miss**2).mean())),
        "mae": float(miss.abs().mean()),
        "r2": float(1 - (miss**2).sum() / ((price - price.mean()) ** 2).sum()),
        "total": float(guess.sum() / price.sum()),
    }


def read_report(predictions, reported):
    price, logs = predictions["price"], predictions["log_prediction"]
    for name, a, b in [("dollars", price, np.exp(logs)), ("log scale", np.log(price), logs), ("not exponentiated", price, logs)]:
        if abs(reported / np.sqrt(((a - b) ** 2).mean()) - 1) < 1e-3:
            return name
    return "none of these"


# %% wrong: mse_not_root
# hint: the root is missing
# hint: A number that is none of the four
def dollar_scores(predictions):
    from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score

    dollars = np.exp(predictions.dropna())
    pair = dollars["log_price"], dollars["log_prediction"]
    return {
        "rmse": float(mean_squared_error(*pair)),
        "mae": float(mean_absolute_error(*pair)),
        "r2": float(r2_score(*pair)),
        "total": float(pair[1].sum() / pair[0].sum()),
    }


def read_report(predictions, reported):
    price, logs = predictions["price"], predictions["log_prediction"]
    on_logs = np.sqrt(((np.log(price) - logs) ** 2).mean())
    readings = {
        "dollars": np.sqrt(((price - np.exp(logs)) ** 2).mean()),
        "log scale": on_logs,
        "factor": np.exp(on_logs),
        "not exponentiated": np.sqrt(((price - logs) ** 2).mean()),
    }
    return min(readings, key=lambda name: abs(readings[name] / reported - 1))


# %% wrong: absolute_tolerance
# hint: squared correlation
# hint: a share of the true value
def dollar_scores(predictions):
    dollars = np.exp(predictions.dropna())
    price, guess = dollars["log_price"], dollars["log_prediction"]
    miss = guess - price
    return {
        "rmse": float(np.sqrt((miss**2).mean())),
        "mae": float(miss.abs().mean()),
        "r2": float(np.corrcoef(price, guess)[0, 1] ** 2),
        "total": float(guess.sum() / price.sum()),
    }


def read_report(predictions, reported):
    price, logs = predictions["price"], predictions["log_prediction"]
    on_logs = np.sqrt(((np.log(price) - logs) ** 2).mean())
    readings = {
        "dollars": np.sqrt(((price - np.exp(logs)) ** 2).mean()),
        "log scale": on_logs,
        "factor": np.exp(on_logs),
        "not exponentiated": np.sqrt(((price - logs) ** 2).mean()),
    }
    return next((name for name, value in readings.items() if abs(value - reported) < 0.001), "none of these")


# %% wrong: signed_mae
# hint: Misses in both directions cancel here
# hint: not recognised
def dollar_scores(predictions):
    dollars = np.exp(predictions.dropna())
    price, guess = dollars["log_price"], dollars["log_prediction"]
    miss = guess - price
    return {
        "rmse": float(np.sqrt((miss**2).mean())),
        "mae": float(abs(miss.mean())),
        "r2": float(1 - (miss**2).sum() / ((price - price.mean()) ** 2).sum()),
        "total": float(guess.sum() / price.sum()),
    }


def read_report(predictions, reported):
    return "log scale"


# %% wrong: squared_correlation
# hint: That is the squared correlation
# hint: got past you
def dollar_scores(predictions):
    dollars = np.exp(predictions.dropna())
    price, guess = dollars["log_price"], dollars["log_prediction"]
    miss = guess - price
    return {
        "rmse": float(np.sqrt((miss**2).mean())),
        "mae": float(miss.abs().mean()),
        "r2": float(np.corrcoef(price, guess)[0, 1] ** 2),
        "total": float(guess.sum() / price.sum()),
    }


def read_report(predictions, reported):
    return "dollars"


# %% wrong: upside_down
# hint: total is upside down
def dollar_scores(predictions):
    dollars = np.exp(predictions.dropna())
    price, guess = dollars["log_price"], dollars["log_prediction"]
    miss = guess - price
    return {
        "rmse": float(np.sqrt((miss**2).mean())),
        "mae": float(miss.abs().mean()),
        "r2": float(1 - (miss**2).sum() / ((price - price.mean()) ** 2).sum()),
        "total": float(price.sum() / guess.sum()),
    }


def read_report(predictions, reported):
    return "none of these"


# %% wrong: r2_never_negative
# hint: R² is negative
def dollar_scores(predictions):
    dollars = np.exp(predictions.dropna())
    price, guess = dollars["log_price"], dollars["log_prediction"]
    miss = guess - price
    return {
        "rmse": float(np.sqrt((miss**2).mean())),
        "mae": float(miss.abs().mean()),
        "r2": max(0.0, float(1 - (miss**2).sum() / ((price - price.mean()) ** 2).sum())),
        "total": float(guess.sum() / price.sum()),
    }


def read_report(predictions, reported):
    return "dollars" if reported > 1 else "log scale"


# %% right: scikit_learn
def dollar_scores(predictions):
    from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

    known = predictions.dropna(subset=["log_price", "log_prediction"])
    price, guess = np.exp(known["log_price"]), np.exp(known["log_prediction"])
    return {
        "rmse": float(root_mean_squared_error(price, guess)),
        "mae": float(mean_absolute_error(price, guess)),
        "r2": float(r2_score(price, guess)),
        "total": float(guess.sum() / price.sum()),
    }


def read_report(predictions, reported):
    from sklearn.metrics import root_mean_squared_error as rmse

    price, logs = predictions["price"], predictions["log_prediction"]
    if np.isclose(reported, rmse(price, np.exp(logs)), rtol=1e-3, atol=0):
        return "dollars"
    if np.isclose(reported, rmse(np.log(price), logs), rtol=1e-3, atol=0):
        return "log scale"
    if np.isclose(reported, np.exp(rmse(np.log(price), logs)), rtol=1e-3, atol=0):
        return "factor"
    if np.isclose(reported, rmse(price, logs), rtol=1e-3, atol=0):
        return "not exponentiated"
    return "none of these"


# %% right: spark_evaluator
def dollar_scores(predictions):
    from pyspark.ml.evaluation import RegressionEvaluator

    df = spark.createDataFrame(predictions.dropna()[["log_price", "log_prediction"]]).coalesce(1)
    df = df.select(F.exp("log_price").alias("label"), F.exp("log_prediction").alias("prediction")).cache()
    scores = {name: RegressionEvaluator(metricName=name).evaluate(df) for name in ("rmse", "mae", "r2")}
    return scores | {"total": df.agg(F.sum("prediction") / F.sum("label")).first()[0]}


def read_report(predictions, reported):
    import math

    rows = list(zip(predictions["price"], predictions["log_prediction"], strict=True))

    def rmse(misses):
        return math.sqrt(sum(m * m for m in misses) / len(rows))

    logs = rmse([math.log(price) - log for price, log in rows])
    known = [
        (rmse([price - math.exp(log) for price, log in rows]), "dollars"),
        (logs, "log scale"),
        (math.exp(logs), "factor"),
        (rmse([price - log for price, log in rows]), "not exponentiated"),
    ]
    for value, name in known:
        if math.isclose(value, reported, rel_tol=1e-3):
            return name
    return "none of these"
