# %% wrong: as_it_is_today
# hint: with corrections that the models never saw
def weather_as_trained(run_id, table):
    return fe.read_table(name=table)

# %% wrong: as_it_was_made
# hint: the answer must depend on the run
def weather_as_trained(run_id, table):
    made = fe.get_table(name=table).creation_timestamp / 1000 + 0.3
    for later in range(50):
        moment = datetime.datetime.fromtimestamp(made + later * 0.1, tz=datetime.timezone.utc)
        frame = fe.read_table(name=table, as_of_delta_timestamp=moment)
        if frame.count():
            return frame

# %% wrong: a_minute_later
# hint: with corrections that the models never saw
def weather_as_trained(run_id, table):
    started = mlflow.get_run(run_id).info.start_time / 1000 + 60
    return fe.read_table(name=table, as_of_delta_timestamp=datetime.datetime.fromtimestamp(started, tz=datetime.timezone.utc))

# %% wrong: only_the_changed_rows
# hint: Return the rows of the feature table
def weather_as_trained(run_id, table):
    started = mlflow.get_run(run_id).info.start_time / 1000
    then = fe.read_table(name=table, as_of_delta_timestamp=datetime.datetime.fromtimestamp(started, tz=datetime.timezone.utc))
    return then.exceptAll(fe.read_table(name=table))

# %% right: iso_text
def weather_as_trained(run_id, table):
    started = pd.Timestamp(mlflow.MlflowClient().get_run(run_id).info.start_time, unit="ms")
    return fe.read_table(name=table, as_of_delta_timestamp=started.isoformat())

# %% right: version_of_the_model
def weather_as_trained(run_id, table):
    from lakelab.feature_engineering import table_versions

    versions = table_versions(f"runs:/{run_id}/model")
    return fe.read_table(name=table, version=versions[f"main.{table}"])

# %% wrong: when_the_run_ended
# hint: Which of the run's two times counts
def weather_as_trained(run_id, table):
    ended = mlflow.get_run(run_id).info.end_time / 1000
    return fe.read_table(name=table, as_of_delta_timestamp=datetime.datetime.fromtimestamp(ended, tz=datetime.timezone.utc))
