# %% wrong: appended
# hint: it must be safe to run twice
def ingest(landing, table):
    flights = pd.concat([pd.read_parquet(file) for file in sorted(Path(landing).glob("*.parquet"))], ignore_index=True)
    flights = flights.sort_values("arr_delay", na_position="first", kind="stable").drop_duplicates("flight_id", keep="last")
    flights["hour"] = flights["sched_dep_time"] // 100
    flights["late"] = (flights["arr_delay"] >= 15).astype(float).where(flights["arr_delay"].notna())
    write_deltalake(table, flights[["flight_id", "day", "carrier", "dest", "distance", "hour", "late"]].reset_index(drop=True), mode="append")
    return len(flights)

# %% wrong: unknown_is_punctual
# hint: neither late nor punctual
def ingest(landing, table):
    flights = pd.concat([pd.read_parquet(file) for file in sorted(Path(landing).glob("*.parquet"))], ignore_index=True)
    flights = flights.drop_duplicates("flight_id", keep="last")
    flights["hour"] = flights["sched_dep_time"] // 100
    flights["late"] = (flights["arr_delay"] >= 15).astype(float)
    write_deltalake(table, flights[["flight_id", "day", "carrier", "dest", "distance", "hour", "late"]].reset_index(drop=True), mode="overwrite")
    return len(flights)

# %% wrong: last_file_wins
# hint: has wiped out what an earlier one knew
def ingest(landing, table):
    flights = pd.concat([pd.read_parquet(file) for file in sorted(Path(landing).glob("*.parquet"))], ignore_index=True)
    flights = flights.drop_duplicates("flight_id", keep="last")
    flights["hour"] = flights["sched_dep_time"] // 100
    flights["late"] = (flights["arr_delay"] >= 15).astype(float).where(flights["arr_delay"].notna())
    write_deltalake(table, flights[["flight_id", "day", "carrier", "dest", "distance", "hour", "late"]].reset_index(drop=True), mode="overwrite")
    return len(flights)

# %% wrong: half_written_files_too
# hint: is still being written
def ingest(landing, table):
    flights = pd.concat([pd.read_parquet(file) for file in sorted(Path(landing).iterdir())], ignore_index=True)
    flights = flights.sort_values("arr_delay", na_position="first", kind="stable").drop_duplicates("flight_id", keep="last")
    flights["hour"] = flights["sched_dep_time"] // 100
    flights["late"] = (flights["arr_delay"] >= 15).astype(float).where(flights["arr_delay"].notna())
    write_deltalake(table, flights[["flight_id", "day", "carrier", "dest", "distance", "hour", "late"]].reset_index(drop=True), mode="overwrite")
    return len(flights)

# %% wrong: late_in_words
# hint: hour and late are numbers
def ingest(landing, table):
    flights = pd.concat([pd.read_parquet(file) for file in sorted(Path(landing).glob("*.parquet"))])
    flights = flights.iloc[flights["arr_delay"].notna().argsort(kind="stable")].drop_duplicates("flight_id", keep="last")
    words = flights["arr_delay"].map(lambda delay: None if pd.isna(delay) else "late" if delay >= 15 else "on time")
    rows = flights.assign(hour=flights["sched_dep_time"].astype(str).str[:-2], late=words)
    rows = rows[["flight_id", "day", "carrier", "dest", "distance", "hour", "late"]].reset_index(drop=True)
    write_deltalake(table, rows, mode="overwrite")
    return len(rows)

# %% right: a_loop_over_files
def ingest(landing, table):
    rows = {}
    for file in sorted(path for path in Path(landing).iterdir() if path.suffix == ".parquet"):
        for row in pd.read_parquet(file).to_dict("records"):
            if row["flight_id"] not in rows or not pd.isna(row["arr_delay"]) or pd.isna(rows[row["flight_id"]]["arr_delay"]):
                rows[row["flight_id"]] = row
    flights = pd.DataFrame(rows.values())
    late = [None if pd.isna(delay) else float(delay >= 15) for delay in flights["arr_delay"]]
    flights = flights.assign(hour=(flights["sched_dep_time"] / 100).astype(int), late=pd.Series(late, dtype=float))
    write_deltalake(table, flights.drop(columns=["sched_dep_time", "arr_delay"]), mode="overwrite")
    return len(flights)

# %% right: through_upsert
def ingest(landing, table):
    frames = [pd.read_parquet(file).assign(file=file.name) for file in Path(landing).glob("*.parquet")]
    flights = pd.concat(frames).assign(known=lambda f: f["arr_delay"].notna()).sort_values(["known", "file"]).groupby("flight_id").tail(1)
    flights["hour"] = flights["sched_dep_time"].floordiv(100)
    flights["late"] = flights["arr_delay"].ge(15).where(flights["known"]).astype(float)
    upsert(flights[["flight_id", "day", "carrier", "dest", "distance", "hour", "late"]], table)
    return DeltaTable(table).to_pandas().shape[0]
