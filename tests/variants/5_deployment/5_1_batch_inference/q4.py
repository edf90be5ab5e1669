# %% wrong: highest_version
# hint: highest version
def who_said(answers, carrier, flight, time_hour):
    mine = answers.where((F.col("carrier") == carrier) & (F.col("flight") == flight) & (F.col("time_hour") == F.lit(time_hour)))
    row = mine.orderBy(F.desc("model_version"), F.desc("scored_at")).first()
    if row is None:
        return None
    return {"prediction": row["prediction"], "model_version": row["model_version"], "months": client.get_run(row["run_id"]).data.params["months"]}


# %% wrong: any_hour_of_the_flight
# hint: answer for another flight
def who_said(answers, carrier, flight, time_hour):
    row = answers.where((F.col("carrier") == carrier) & (F.col("flight") == flight)).orderBy(F.desc("scored_at")).first()
    if row is None:
        return None
    return {"prediction": row["prediction"], "model_version": row["model_version"], "months": client.get_run(row["run_id"]).data.params["months"]}


# %% wrong: the_champions_run
# hint: follow its run_id
def who_said(answers, carrier, flight, time_hour):
    mine = answers.where((F.col("carrier") == carrier) & (F.col("flight") == flight) & (F.col("time_hour") == F.lit(time_hour)))
    row = mine.orderBy(F.desc("scored_at")).first()
    if row is None:
        return None
    run_id = client.get_model_version_by_alias("main.desk.delay", "champion").run_id
    return {"prediction": row["prediction"], "model_version": row["model_version"], "months": client.get_run(run_id).data.params["months"]}


# %% wrong: first_answer
# hint: That is the first answer
def who_said(answers, carrier, flight, time_hour):
    mine = answers.where((F.col("carrier") == carrier) & (F.col("flight") == flight) & (F.col("time_hour") == F.lit(time_hour)))
    row = mine.orderBy("scored_at", "model_version").first()
    if row is None:
        return None
    return {"prediction": row["prediction"], "model_version": row["model_version"], "months": client.get_run(row["run_id"]).data.params["months"]}


# %% right: by_version_in_pandas
def who_said(answers, carrier, flight, time_hour):
    seconds = int(time_hour.timestamp())
    rows = answers.where(F.unix_seconds("time_hour") == seconds).where(F.col("carrier") == carrier).where(F.col("flight") == flight).toPandas()
    if len(rows) == 0:
        return None
    last = rows.sort_values("scored_at").iloc[-1]
    run = mlflow.get_run(client.get_model_version(last["model_name"], str(last["model_version"])).run_id)
    return {"prediction": float(last["prediction"]), "model_version": int(last["model_version"]), "months": run.data.params["months"]}


# %% right: max_by
def who_said(answers, carrier, flight, time_hour):
    mine = answers.filter((F.col("carrier") == carrier) & (F.col("flight") == flight) & (F.col("time_hour") == F.lit(time_hour)))
    said = mine.agg(F.max_by(F.struct("prediction", "model_version", "run_id"), "scored_at").alias("said")).first()["said"]
    if said is None:
        return None
    return {"prediction": said.prediction, "model_version": said.model_version, "months": client.get_run(said.run_id).data.params["months"]}


# %% wrong: champion_of_today
# hint: champion now
def who_said(answers, carrier, flight, time_hour):
    mine = answers.where((F.col("carrier") == carrier) & (F.col("flight") == flight) & (F.col("time_hour") == F.lit(time_hour)))
    row = mine.orderBy(F.desc("scored_at")).first()
    if row is None:
        return None
    champion = client.get_model_version_by_alias(row["model_name"], "champion")
    return {"prediction": row["prediction"], "model_version": int(champion.version), "months": client.get_run(champion.run_id).data.params["months"]}


# %% wrong: clock_faces
# hint: Compare moments, not clock faces
def who_said(answers, carrier, flight, time_hour):
    log = answers.withColumn("time_hour", F.date_format(F.to_utc_timestamp("time_hour", F.current_timezone()), "yyyy-MM-dd HH:mm")).toPandas()
    mine = log[(log["carrier"] == carrier) & (log["flight"] == flight) & (log["time_hour"] == f"{time_hour:%Y-%m-%d %H:%M}")]
    last = mine.sort_values("scored_at").iloc[-1]
    return {"prediction": last["prediction"], "model_version": last["model_version"], "months": client.get_run(last["run_id"]).data.params["months"]}


# %% wrong: never_scored_never_thought_of
# hint: A flight that was never scored gives None
def who_said(answers, carrier, flight, time_hour):
    mine = answers.where((F.col("carrier") == carrier) & (F.col("flight") == flight) & (F.col("time_hour") == F.lit(time_hour)))
    row = mine.orderBy(F.desc("scored_at")).first()
    return {"prediction": row["prediction"], "model_version": row["model_version"], "months": client.get_run(row["run_id"]).data.params["months"]}


# %% wrong: everything_as_text
# hint: prediction is a float, and model_version a whole number
def who_said(answers, carrier, flight, time_hour):
    mine = answers.where((F.col("carrier") == carrier) & (F.col("flight") == flight) & (F.col("time_hour") == F.lit(time_hour)))
    row = mine.orderBy(F.desc("scored_at")).first()
    if row is None:
        return None
    return {"prediction": f"{row['prediction']}", "model_version": f"{row['model_version']}", "months": client.get_run(row["run_id"]).data.params["months"]}


# %% right: datetime_by_its_name
from datetime import datetime, timezone


def who_said(answers, carrier, flight, time_hour):
    moment = time_hour.astimezone(timezone.utc)
    rows = answers.where((F.col("carrier") == carrier) & (F.col("flight") == flight) & (F.col("time_hour") == F.lit(moment))).collect()
    if not rows:
        return None
    last = max(rows, key=lambda row: (row["scored_at"], isinstance(row["scored_at"], datetime)))
    return {"prediction": last["prediction"], "model_version": last["model_version"], "months": client.get_run(last["run_id"]).data.params["months"]}
