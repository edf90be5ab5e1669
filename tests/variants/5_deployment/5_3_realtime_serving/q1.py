# %% wrong: hour_by_division
# hint: 45 minutes are three quarters of an hour
class TaxiAdvice(mlflow.pyfunc.PythonModel):
    def __init__(self, regression):
        self.regression = regression

    def predict(self, context, model_input: pd.DataFrame, params=None):
        patience = (params or {}).get("patience", 20)
        x = pd.DataFrame({"hour": model_input["sched_dep_time"] / 100, "distance": model_input["distance"]})
        minutes = self.regression.predict(x)
        return pd.DataFrame({"minutes": minutes, "advice": np.where(minutes <= patience, "wait", "break")}, index=model_input.index)

# %% wrong: missing_values_handed_on
# hint: of them with something missing
class TaxiAdvice(mlflow.pyfunc.PythonModel):
    def __init__(self, regression):
        self.regression = regression

    def predict(self, context, model_input: pd.DataFrame, params=None):
        patience = (params or {}).get("patience", 20)
        t = model_input["sched_dep_time"]
        minutes = self.regression.predict(pd.DataFrame({"hour": t // 100 + t % 100 / 60, "distance": model_input["distance"]}))
        return pd.DataFrame({"minutes": minutes, "advice": np.where(minutes <= patience, "wait", "break")}, index=model_input.index)

# %% wrong: patience_of_zero_taken_for_none
# hint: 0 is a value, too
class TaxiAdvice(mlflow.pyfunc.PythonModel):
    def __init__(self, regression):
        self.regression = regression

    def predict(self, context, model_input: pd.DataFrame, params=None):
        patience = (params and params.get("patience")) or 20
        t = model_input["sched_dep_time"]
        x = pd.DataFrame({"hour": t // 100 + t % 100 / 60, "distance": model_input["distance"]})
        minutes = self.regression.predict(x)
        return pd.DataFrame({"minutes": minutes, "advice": np.where(minutes <= patience, "wait", "break")}, index=model_input.index)

# %% wrong: rows_dropped
# hint: one row per flight
class TaxiAdvice(mlflow.pyfunc.PythonModel):
    def __init__(self, regression):
        self.regression = regression

    def predict(self, context, model_input: pd.DataFrame, params=None):
        patience = (params or {}).get("patience", 20)
        rows = model_input.dropna(subset=["sched_dep_time", "distance"])
        t = rows["sched_dep_time"]
        minutes = self.regression.predict(pd.DataFrame({"hour": t // 100 + t % 100 / 60, "distance": rows["distance"]}))
        return pd.DataFrame({"minutes": minutes, "advice": np.where(minutes <= patience, "wait", "break")}, index=rows.index)

# %% wrong: frame_changed
# hint: has been changed
class TaxiAdvice(mlflow.pyfunc.PythonModel):
    def __init__(self, regression):
        self.regression = regression

    def predict(self, context, model_input: pd.DataFrame, params=None):
        model_input["hour"] = model_input["sched_dep_time"] // 100 + model_input["sched_dep_time"] % 100 / 60
        minutes = self.regression.predict(model_input[["hour", "distance"]])
        return pd.DataFrame({"minutes": minutes, "advice": np.where(minutes <= (params or {}).get("patience", 20), "wait", "break")}, index=model_input.index)

# %% wrong: the_regression_of_the_page
# hint: is it the regression that TaxiAdvice was made with
class TaxiAdvice(mlflow.pyfunc.PythonModel):
    def __init__(self, model):
        self.model = model

    def predict(self, context, model_input: pd.DataFrame, params=None):
        t = model_input["sched_dep_time"]
        minutes = regression.predict(pd.DataFrame({"hour": t // 100 + t % 100 / 60, "distance": model_input["distance"]}))
        return pd.DataFrame({"minutes": minutes, "advice": np.where(minutes <= (params or {}).get("patience", 20), "wait", "break")}, index=model_input.index)

# %% wrong: a_list_for_the_regression
# hint: The regression wants the columns hour and distance
class TaxiAdvice(mlflow.pyfunc.PythonModel):
    def __init__(self, regression):
        self.regression = regression

    def predict(self, context, model_input: pd.DataFrame, params=None):
        minutes = [self.regression.predict([[t // 100 + t % 100 / 60, d]])[0] for t, d in zip(model_input["sched_dep_time"], model_input["distance"])]
        return pd.DataFrame({"minutes": minutes, "advice": ["wait" if m <= (params or {}).get("patience", 20) else "break" for m in minutes]}, index=model_input.index)

# %% wrong: parameters_expected
# hint: and the parameters None
class TaxiAdvice(mlflow.pyfunc.PythonModel):
    def __init__(self, regression):
        self.regression = regression

    def predict(self, context, model_input: pd.DataFrame, params=None):
        t = model_input["sched_dep_time"]
        minutes = self.regression.predict(pd.DataFrame({"hour": t // 100 + t % 100 / 60, "distance": model_input["distance"]}))
        return pd.DataFrame({"minutes": minutes, "advice": np.where(minutes <= params["patience"], "wait", "break")}, index=model_input.index)

# %% right: row_by_row
class TaxiAdvice(mlflow.pyfunc.PythonModel):
    def __init__(self, regression):
        self.regression = regression

    def predict(self, context, model_input: pd.DataFrame, params=None):
        patience = 20
        if params is not None and "patience" in params:
            patience = params["patience"]
        minutes, advice = [], []
        for time, distance in zip(model_input["sched_dep_time"], model_input["distance"]):
            if pd.isna(time) or pd.isna(distance):
                minutes.append(float("nan"))
                advice.append("ask")
                continue
            hour = math.floor(time / 100) + (time - 100 * math.floor(time / 100)) / 60
            minutes.append(float(self.regression.predict(pd.DataFrame({"hour": [hour], "distance": [float(distance)]}))[0]))
            advice.append("wait" if minutes[-1] <= patience else "break")
        return pd.DataFrame({"minutes": minutes, "advice": advice}, index=model_input.index)

# %% right: complete_rows_then_reindex
class TaxiAdvice(mlflow.pyfunc.PythonModel):
    def __init__(self, regression):
        self.regression = regression

    def predict(self, context, model_input, params=None):
        work = model_input[["sched_dep_time", "distance"]].reset_index(drop=True)
        good = work.dropna().assign(hour=lambda d: d["sched_dep_time"] // 100 + d["sched_dep_time"] % 100 / 60)
        values = self.regression.predict(good[["hour", "distance"]]) if len(good) else []
        minutes = pd.Series(values, index=good.index, dtype=float).reindex(work.index)
        limit = params.get("patience", 20) if params else 20
        advice = minutes.map(lambda m: "ask" if pd.isna(m) else "wait" if m <= limit else "break").astype(object)
        return pd.DataFrame({"minutes": minutes.to_numpy(), "advice": advice.to_numpy()}, index=model_input.index)
