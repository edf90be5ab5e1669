# %% wrong: local_time_and_milliseconds
# hint: started has no time zone
# hint: The run's end has moved
def provenance(run_id):
    run = client.get_run(run_id)
    return {
        "started": datetime.fromtimestamp(run.info.start_time / 1000),
        "seconds": run.info.end_time - run.info.start_time if run.info.end_time else None,
        "source": run.data.tags.get("mlflow.source.name"),
        "commit": run.data.tags.get("mlflow.source.git.commit"),
    }


def attach_code(run_id, source, commit, code):
    with mlflow.start_run(run_id=run_id):
        mlflow.set_tag("mlflow.source.name", source)
        mlflow.set_tag("mlflow.source.git.commit", commit)
        mlflow.log_text(code, "code/train.py")

# %% wrong: milliseconds_and_own_tags
# hint: seconds is in milliseconds still
# hint: still has its old value
def provenance(run_id):
    run = client.get_run(run_id)
    return {
        "started": datetime.fromtimestamp(run.info.start_time / 1000, tz=timezone.utc),
        "seconds": float(run.info.end_time - run.info.start_time) if run.info.end_time else None,
        "source": run.data.tags.get("mlflow.source.name"),
        "commit": run.data.tags.get("mlflow.source.git.commit"),
    }


def attach_code(run_id, source, commit, code):
    client.set_tag(run_id, "source", source)
    client.set_tag(run_id, "commit", commit)
    client.log_text(run_id, code, "code/train.py")

# %% wrong: seconds_taken_for_milliseconds
# hint: started is off
# hint: the folder code there is
def provenance(run_id):
    run = client.get_run(run_id)
    return {
        "started": datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=run.info.start_time),
        "seconds": (run.info.end_time - run.info.start_time) / 1000 if run.info.end_time else None,
        "source": run.data.tags.get("mlflow.source.name"),
        "commit": run.data.tags.get("mlflow.source.git.commit"),
    }


def attach_code(run_id, source, commit, code):
    client.set_tag(run_id, "mlflow.source.name", source)
    client.set_tag(run_id, "mlflow.source.git.commit", commit)
    client.log_text(run_id, code, "train.py")

# %% wrong: ends_the_run_again
# hint: This run has neither tag
# hint: The run had ended as FAILED
def provenance(run_id):
    run = client.get_run(run_id)
    return {
        "started": datetime.fromtimestamp(run.info.start_time / 1000, tz=timezone.utc),
        "seconds": (run.info.end_time - run.info.start_time) / 1000 if run.info.end_time else None,
        "source": run.data.tags.get("mlflow.source.name", "unknown"),
        "commit": run.data.tags.get("mlflow.source.git.commit", "unknown"),
    }


def attach_code(run_id, source, commit, code):
    end = client.get_run(run_id).info.end_time
    client.set_tag(run_id, "mlflow.source.name", source)
    client.set_tag(run_id, "mlflow.source.git.commit", commit)
    client.log_text(run_id, code, "code/train.py")
    client.set_terminated(run_id, "FINISHED", end_time=end)

# %% wrong: time_so_far_and_parameters
# hint: has no duration yet
# hint: still has its old value
def provenance(run_id):
    run = client.get_run(run_id)
    end = run.info.end_time or time.time() * 1000
    return {
        "started": datetime.fromtimestamp(run.info.start_time / 1000, tz=timezone.utc),
        "seconds": (end - run.info.start_time) / 1000,
        "source": run.data.tags.get("mlflow.source.name"),
        "commit": run.data.tags.get("mlflow.source.git.commit"),
    }


def attach_code(run_id, source, commit, code):
    client.log_param(run_id, "source", source)
    client.log_param(run_id, "commit", commit)
    client.log_text(run_id, code, "code/train.py")

# %% wrong: another_time_zone
# hint: started should be in UTC
# hint: does not hold the text
def provenance(run_id):
    run = client.get_run(run_id)
    return {
        "started": datetime.fromtimestamp(run.info.start_time / 1000, tz=timezone(timedelta(hours=-8))),
        "seconds": (run.info.end_time - run.info.start_time) / 1000 if run.info.end_time else None,
        "source": run.data.tags.get("mlflow.source.name"),
        "commit": run.data.tags.get("mlflow.source.git.commit"),
    }


def attach_code(run_id, source, commit, code):
    client.set_tag(run_id, "mlflow.source.name", source)
    client.set_tag(run_id, "mlflow.source.git.commit", commit)
    client.log_text(run_id, repr(code), "code/train.py")

# %% wrong: crashes_on_open_runs
# hint: It fails on a run that has not ended
# hint: opened again
def provenance(run_id):
    run = client.get_run(run_id)
    return {
        "started": datetime.fromtimestamp(run.info.start_time / 1000, tz=timezone.utc),
        "seconds": (run.info.end_time - run.info.start_time) / 1000,
        "source": run.data.tags.get("mlflow.source.name"),
        "commit": run.data.tags.get("mlflow.source.git.commit"),
    }


def attach_code(run_id, source, commit, code):
    status = client.get_run(run_id).info.status
    mlflow.start_run(run_id=run_id)
    mlflow.set_tag("mlflow.source.name", source)
    mlflow.set_tag("mlflow.source.git.commit", commit)
    mlflow.log_text(code, "code/train.py")
    mlflow.end_run(status)

# %% wrong: every_run_has_every_tag
# hint: a program that left no tag
# hint: its old value
def provenance(run_id):
    run = client.get_run(run_id)
    return {
        "started": datetime.fromtimestamp(run.info.start_time / 1000),
        "seconds": (run.info.end_time - run.info.start_time) / 1000,
        "source": run.data.tags["mlflow.source.name"],
        "commit": run.data.tags["mlflow.source.git.commit"],
    }


def attach_code(run_id, source, commit, code):
    with mlflow.start_run(run_id=run_id):
        mlflow.set_tag("source", source)
        mlflow.set_tag("commit", commit)
        mlflow.log_text(code, "code/train.py")

# %% right: pandas_timestamp_and_log_artifact
def provenance(run_id):
    info, tags = mlflow.get_run(run_id).info, mlflow.get_run(run_id).data.tags
    seconds = (info.end_time - info.start_time) / 1e3 if info.end_time else None
    return dict(started=pd.Timestamp(info.start_time, unit="ms", tz="UTC"), seconds=seconds, source=tags.get("mlflow.source.name"), commit=tags.get("mlflow.source.git.commit"))


def attach_code(run_id, source, commit, code):
    with open("train.py", "w", encoding="utf-8") as file:
        file.write(code)
    client.log_artifact(run_id, "train.py", artifact_path="code")
    for key, value in {"mlflow.source.name": source, "mlflow.source.git.commit": commit}.items():
        client.set_tag(run_id, key, value)

# %% right: fluent_with_run_id_and_search
def provenance(run_id):
    run = mlflow.get_run(run_id)
    row = run.data.tags
    end = run.info.end_time
    return {
        "started": datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=run.info.start_time),
        "seconds": float(end - run.info.start_time) / 1000 if end is not None else None,
        "source": row["mlflow.source.name"] if "mlflow.source.name" in row else None,
        "commit": row["mlflow.source.git.commit"] if "mlflow.source.git.commit" in row else None,
    }


def attach_code(run_id, source, commit, code):
    mlflow.log_text(code, "code/train.py", run_id=run_id)
    client.set_tag(run_id, "mlflow.source.name", source)
    client.set_tag(run_id, "mlflow.source.git.commit", commit)
