# %% wrong: one_chain_without_retries
# hint: neither should wait for the other
# hint: did not wait for it
# hint: fetch is never tried again
def make_job(day):
    keys = ["fetch", "ingest", "features", "train", "batch", "stream", "monitor", "report"]
    tasks = [
        {"task_key": key, "depends_on": [{"task_key": keys[n - 1]}] if n else [], "notebook_task": {"notebook_path": key, "base_parameters": {"day": day}}, "job_cluster_key": "main"}
        for n, key in enumerate(keys)
    ]
    tasks[-1]["run_if"] = "ALL_DONE"
    return {"name": "delay desk", "job_clusters": [{"job_cluster_key": "main"}], "tasks": tasks}

# %% wrong: report_only_when_all_is_well
# hint: monitor does not wait for batch
# hint: which condition lets it run whatever happened
def make_job(day):
    needs = {"fetch": [], "ingest": ["fetch"], "features": ["ingest"], "train": ["features"], "batch": ["train"], "stream": ["train"], "monitor": ["stream"], "report": ["batch", "monitor"]}
    tasks = [{"task_key": k, "depends_on": [{"task_key": o} for o in v], "notebook_task": {"notebook_path": k, "base_parameters": {"day": day}}, "job_cluster_key": "c"} for k, v in needs.items()]
    tasks[0] |= {"max_retries": 2, "min_retry_interval_millis": 1000}
    return {"name": "delay desk", "job_clusters": [{"job_cluster_key": "c"}], "tasks": tasks}

# %% wrong: everything_is_tried_again
# hint: stream does not wait for train
# hint: Only fetch is tried again
def make_job(day):
    needs = {"fetch": [], "ingest": ["fetch"], "features": ["ingest"], "train": ["features"], "batch": ["train"], "stream": ["features"], "monitor": ["batch", "stream"], "report": ["monitor"]}
    tasks = [{"task_key": k, "depends_on": [{"task_key": o} for o in v], "notebook_task": {"notebook_path": k, "base_parameters": {"day": day}}, "job_cluster_key": "c", "max_retries": 2, "min_retry_interval_millis": 1000} for k, v in needs.items()]
    tasks[-1]["run_if"] = "ALL_DONE"
    return {"name": "delay desk", "job_clusters": [{"job_cluster_key": "c"}], "tasks": tasks}

# %% wrong: one_retry_and_a_fixed_day
# hint: the day that make_job was called with
# hint: how often may fetch be tried again
def make_job(day):
    needs = {"fetch": [], "ingest": ["fetch"], "features": ["ingest"], "train": ["features"], "batch": ["train"], "stream": ["train"], "monitor": ["batch", "stream"], "report": ["monitor"]}
    tasks = [{"task_key": k, "depends_on": [{"task_key": o} for o in v], "notebook_task": {"notebook_path": k, "base_parameters": {"day": "2013-01-14"}}, "job_cluster_key": "c"} for k, v in needs.items()]
    tasks[0] |= {"max_retries": 1, "min_retry_interval_millis": 1000}
    tasks[-1]["run_if"] = "ALL_DONE"
    return {"name": "delay desk", "job_clusters": [{"job_cluster_key": "c"}], "tasks": tasks}

# %% right: written_out
def make_job(day):
    def task(key, *needs, **more):
        return {"task_key": key, "depends_on": [{"task_key": need} for need in needs], "job_cluster_key": "desk", "notebook_task": {"notebook_path": f"{key}.ipynb", "base_parameters": {"day": day}}, **more}

    return {
        "name": "delay desk",
        "job_clusters": [{"job_cluster_key": "desk", "new_cluster": {"num_workers": 2}}],
        "tasks": [
            task("report", "fetch", "ingest", "features", "train", "batch", "stream", "monitor", run_if="ALL_DONE"),
            task("monitor", "stream", "batch", run_if="ALL_SUCCESS"),
            task("stream", "features", "train"),
            task("batch", "features", "train"),
            task("train", "features", max_retries=0),
            task("features", "ingest"),
            task("ingest", "fetch"),
            task("fetch", max_retries=2, min_retry_interval_millis=1500),
        ],
    }

# %% right: from_json
def make_job(day):
    text = """{"name": "delay desk", "max_concurrent_runs": 1, "job_clusters": [{"job_cluster_key": "main"}], "tasks": [
      {"task_key": "fetch", "max_retries": 2, "min_retry_interval_millis": 1000},
      {"task_key": "ingest", "depends_on": [{"task_key": "fetch"}]}, {"task_key": "features", "depends_on": [{"task_key": "ingest"}]},
      {"task_key": "train", "depends_on": [{"task_key": "features"}]}, {"task_key": "batch", "depends_on": [{"task_key": "train"}]},
      {"task_key": "stream", "depends_on": [{"task_key": "train"}]},
      {"task_key": "monitor", "depends_on": [{"task_key": "batch"}, {"task_key": "stream"}]},
      {"task_key": "report", "run_if": "ALL_DONE", "depends_on": [{"task_key": "monitor"}]}]}"""
    settings = json.loads(text)
    for task in settings["tasks"]:
        task.update(job_cluster_key="main", notebook_task={"notebook_path": task["task_key"], "base_parameters": {"day": day}})
    return settings
