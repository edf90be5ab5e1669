# %% wrong: plain_append
# hint: was handed over again, and is in the table twice
def make_sink(table, app_id):
    def sink(batch, batch_id):
        note = CommitProperties(app_transactions=[Transaction(app_id, batch_id)])
        write_deltalake(table, batch.toArrow(), mode="append", commit_properties=note)

    return sink

# %% wrong: zero_is_falsy
# hint: The first batch of all was handed over again
def make_sink(table, app_id):
    def sink(batch, batch_id):
        last = (DeltaTable(table).transaction_version(app_id) or -1) if DeltaTable.is_deltatable(table) else -1
        if batch_id > last:
            note = CommitProperties(app_transactions=[Transaction(app_id, batch_id)])
            write_deltalake(table, batch.toArrow(), mode="append", commit_properties=note)

    return sink

# %% wrong: remembers_in_the_process
# hint: what a process remembers is gone
def make_sink(table, app_id):
    done = set()

    def sink(batch, batch_id):
        if batch_id not in done:
            note = CommitProperties(app_transactions=[Transaction(app_id, batch_id)])
            write_deltalake(table, batch.toArrow(), mode="append", commit_properties=note)
            done.add(batch_id)

    return sink

# %% wrong: note_in_a_file_of_its_own
# hint: does not know batch 1 as an application transaction
def make_sink(table, app_id):
    note = Path(table + ".done." + app_id.replace(" ", "_"))

    def sink(batch, batch_id):
        if note.exists() and batch_id <= int(note.read_text()):
            return
        write_deltalake(table, batch.toArrow(), mode="append")
        note.write_text(str(batch_id))

    return sink

# %% wrong: note_in_a_second_commit
# hint: both go into one commit
def make_sink(table, app_id):
    def sink(batch, batch_id):
        if DeltaTable.is_deltatable(table):
            last = DeltaTable(table).transaction_version(app_id)
            if last is not None and batch_id <= last:
                return
        rows = batch.toArrow()
        write_deltalake(table, rows, mode="append")
        write_deltalake(table, rows.slice(0, 0), mode="append", commit_properties=CommitProperties(app_transactions=[Transaction(app_id, batch_id)]))

    return sink

# %% wrong: one_name_for_all
# hint: Another stream's batch was skipped
def make_sink(table, app_id):
    def sink(batch, batch_id):
        if DeltaTable.is_deltatable(table):
            dt = DeltaTable(table)
            known = [v for v in map(dt.transaction_version, (app_id, "stream a", "stream b")) if v is not None]
            if known and batch_id <= max(known):
                return
        write_deltalake(table, batch.toArrow(), mode="append", commit_properties=CommitProperties(app_transactions=[Transaction(app_id, batch_id)]))

    return sink

# %% wrong: compares_rows
# hint: not rows by their content
def make_sink(table, app_id):
    def sink(batch, batch_id):
        rows = batch.toPandas()
        if DeltaTable.is_deltatable(table):
            there = DeltaTable(table).to_pandas().drop_duplicates()
            rows = rows.merge(there, how="left", indicator=True).query("_merge == 'left_only'").drop(columns="_merge").reset_index(drop=True)
        write_deltalake(table, rows, mode="append", commit_properties=CommitProperties(app_transactions=[Transaction(app_id, batch_id)]))

    return sink

# %% wrong: swallows_the_error
# hint: the sink says nothing
def make_sink(table, app_id):
    def sink(batch, batch_id):
        try:
            last = DeltaTable(table).transaction_version(app_id) if DeltaTable.is_deltatable(table) else None
            if last is None or batch_id > last:
                write_deltalake(table, batch.toArrow(), mode="append", commit_properties=CommitProperties(app_transactions=[Transaction(app_id, batch_id)]))
        except Exception as error:
            print("could not write", error)

    return sink

# %% right: asks_for_none_of_it
def make_sink(table, app_id):
    def sink(batch, batch_id):
        try:
            known = DeltaTable(table).transaction_version(app_id)
        except Exception:
            known = None
        if known is None or known < batch_id:
            rows = batch.toPandas()
            write_deltalake(table, rows, mode="append", commit_properties=CommitProperties(app_transactions=[Transaction(app_id=app_id, version=batch_id)]))

    return sink

# %% right: a_class
class make_sink:
    def __init__(self, table, app_id):
        self.table, self.app_id = table, app_id

    def last(self):
        if not DeltaTable.is_deltatable(self.table):
            return -1
        version = DeltaTable(self.table).transaction_version(self.app_id)
        return -1 if version is None else version

    def __call__(self, batch, batch_id):
        if batch_id > self.last():
            properties = CommitProperties(app_transactions=[Transaction(self.app_id, batch_id)])
            write_deltalake(self.table, batch.toArrow(), mode="append", commit_properties=properties)
