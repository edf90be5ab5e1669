# %% wrong: just_the_fastest
# hint: takes at most 10 % longer
def choose_parallelism(measurements, cores, memory_gb):
    m = measurements.copy()
    died = m.groupby(["parallelism", "cores_per_trial"])["seconds"].transform(lambda s: s.isna().any())
    gb = m.groupby(["parallelism", "cores_per_trial"])["gb_per_trial"].transform("max")
    m = m[(m.parallelism * m.cores_per_trial <= cores) & (m.parallelism * gb <= memory_gb) & ~died.astype(bool)]
    if m.empty:
        return None
    return tuple(int(v) for v in m.groupby(["parallelism", "cores_per_trial"])["seconds"].median().idxmin())

# %% wrong: mean_of_the_runs
# hint: one disturbed run must not decide
def choose_parallelism(measurements, cores, memory_gb):
    s = measurements.groupby(["parallelism", "cores_per_trial"]).agg(gb=("gb_per_trial", "max"), t=("seconds", "mean"), died=("seconds", lambda x: x.isna().any())).reset_index()
    s = s[(s.parallelism * s.cores_per_trial <= cores) & (s.parallelism * s.gb <= memory_gb) & ~s.died.astype(bool)]
    if s.empty:
        return None
    c = s[s.t <= 1.1 * s.t.min()].iloc[0]
    return int(c.parallelism), int(c.cores_per_trial)

# %% wrong: cores_ignored
# hint: wants more cores than the machine has
def choose_parallelism(measurements, cores, memory_gb):
    s = measurements.groupby(["parallelism", "cores_per_trial"]).agg(gb=("gb_per_trial", "max"), t=("seconds", "median"), died=("seconds", lambda x: x.isna().any())).reset_index()
    s = s[(s.parallelism * s.gb <= memory_gb) & ~s.died.astype(bool)]
    if s.empty:
        return None
    c = s[s.t <= 1.1 * s.t.min()].iloc[0]
    return int(c.parallelism), int(c.cores_per_trial)

# %% wrong: cores_per_trial_not_multiplied
# hint: wants more cores than the machine has
def choose_parallelism(measurements, cores, memory_gb):
    s = measurements.groupby(["parallelism", "cores_per_trial"]).agg(gb=("gb_per_trial", "max"), t=("seconds", "median"), died=("seconds", lambda x: x.isna().any())).reset_index()
    s = s[(s.parallelism <= cores) & (s.cores_per_trial <= cores) & (s.parallelism * s.gb <= memory_gb) & ~s.died.astype(bool)]
    if s.empty:
        return None
    c = s[s.t <= 1.1 * s.t.min()].iloc[0]
    return int(c.parallelism), int(c.cores_per_trial)

# %% wrong: memory_of_one_trial
# hint: runs out of memory
def choose_parallelism(measurements, cores, memory_gb):
    s = measurements.groupby(["parallelism", "cores_per_trial"]).agg(gb=("gb_per_trial", "max"), t=("seconds", "median"), died=("seconds", lambda x: x.isna().any())).reset_index()
    s = s[(s.parallelism * s.cores_per_trial <= cores) & (s.gb <= memory_gb) & ~s.died.astype(bool)]
    if s.empty:
        return None
    c = s[s.t <= 1.1 * s.t.min()].iloc[0]
    return int(c.parallelism), int(c.cores_per_trial)

# %% wrong: deaths_left_out
# hint: leaving out its NaN
def choose_parallelism(measurements, cores, memory_gb):
    s = measurements.groupby(["parallelism", "cores_per_trial"]).agg(gb=("gb_per_trial", "max"), t=("seconds", "median")).reset_index()
    s = s[(s.parallelism * s.cores_per_trial <= cores) & (s.parallelism * s.gb <= memory_gb)]
    if s.empty:
        return None
    c = s[s.t <= 1.1 * s.t.min()].iloc[0]
    return int(c.parallelism), int(c.cores_per_trial)

# %% wrong: mean_memory
# hint: the largest of its runs
def choose_parallelism(measurements, cores, memory_gb):
    s = measurements.groupby(["parallelism", "cores_per_trial"]).agg(gb=("gb_per_trial", "mean"), t=("seconds", "median"), died=("seconds", lambda x: x.isna().any())).reset_index()
    s = s[(s.parallelism * s.cores_per_trial <= cores) & (s.parallelism * s.gb <= memory_gb) & ~s.died.astype(bool)]
    if s.empty:
        return None
    c = s[s.t <= 1.1 * s.t.min()].iloc[0]
    return int(c.parallelism), int(c.cores_per_trial)

# %% wrong: most_trials_at_once
# hint: fewer trials at once takes at most 10 % longer
def choose_parallelism(measurements, cores, memory_gb):
    s = measurements.groupby(["parallelism", "cores_per_trial"]).agg(gb=("gb_per_trial", "max"), t=("seconds", "median"), died=("seconds", lambda x: x.isna().any())).reset_index()
    s = s[(s.parallelism * s.cores_per_trial <= cores) & (s.parallelism * s.gb <= memory_gb) & ~s.died.astype(bool)]
    if s.empty:
        return None
    c = s[s.t <= 1.1 * s.t.min()].sort_values("parallelism").iloc[-1]
    return int(c.parallelism), int(c.cores_per_trial)

# %% wrong: fastest_of_all_as_the_measure
# hint: counted from the fastest that fits
def choose_parallelism(measurements, cores, memory_gb):
    s = measurements.groupby(["parallelism", "cores_per_trial"]).agg(gb=("gb_per_trial", "max"), t=("seconds", "median"), died=("seconds", lambda x: x.isna().any())).reset_index()
    fastest = s.t.min()
    s = s[(s.parallelism * s.cores_per_trial <= cores) & (s.parallelism * s.gb <= memory_gb) & ~s.died.astype(bool)]
    if s.empty:
        return None
    close = s[s.t <= 1.1 * fastest]
    c = (close if len(close) else s.sort_values("t")).iloc[0]
    return int(c.parallelism), int(c.cores_per_trial)

# %% wrong: smallest_row_without_a_look_at_time
# hint: takes far more than 10 % longer
def choose_parallelism(measurements, cores, memory_gb):
    s = measurements[(measurements.parallelism * measurements.cores_per_trial <= cores)]
    s = s.sort_values(["parallelism", "cores_per_trial"])
    return (int(s.iloc[0].parallelism), int(s.iloc[0].cores_per_trial)) if len(s) else None

# %% wrong: the_answer_for_the_given_table
# hint: With 4 cores and plenty of memory
def choose_parallelism(measurements, cores, memory_gb):
    return (2, 4)

# %% right: plain_python
def choose_parallelism(measurements, cores, memory_gb):
    runs = {}
    for row in measurements.itertuples():
        runs.setdefault((int(row.parallelism), int(row.cores_per_trial)), []).append((row.gb_per_trial, row.seconds))
    times = {}
    for (p, c), rows in runs.items():
        seconds = sorted(s for _, s in rows)
        if p * c > cores or p * max(g for g, _ in rows) > memory_gb or any(math.isnan(s) for _, s in rows):
            continue
        middle = len(seconds) // 2
        times[p, c] = seconds[middle] if len(seconds) % 2 else (seconds[middle - 1] + seconds[middle]) / 2
    if not times:
        return None
    return min(key for key, t in times.items() if t <= min(times.values()) * 1.1)

# %% right: median_with_skipna_off
def choose_parallelism(measurements, cores, memory_gb):
    groups = measurements.groupby(["parallelism", "cores_per_trial"], as_index=False)
    table = groups.agg({"gb_per_trial": "max", "seconds": lambda s: s.median(skipna=False)}).dropna()
    table = table.query("parallelism * cores_per_trial <= @cores and parallelism * gb_per_trial <= @memory_gb")
    if len(table) == 0:
        return None
    good = table[table.seconds / table.seconds.min() - 1 <= 0.1].sort_values(["parallelism", "cores_per_trial"])
    return tuple(good[["parallelism", "cores_per_trial"]].astype(int).iloc[0])
