# %% wrong: nan_in_json
# hint: which is no valid JSON
def request_of(frame, form, params=None):
    if form == "csv":
        if params:
            raise ValueError("no parameters in CSV")
        return frame.to_csv(index=False), "text/csv"
    orients = {"dataframe_split": "split", "dataframe_records": "records", "instances": "records", "inputs": "list"}
    if form not in orients:
        raise ValueError(form)
    body = {form: frame.to_dict(orient=orients[form])}
    if params:
        body["params"] = params
    return json.dumps(body), "application/json"

# %% wrong: values_without_names
# hint: MLflow's server can't read this as inputs
def request_of(frame, form, params=None):
    if form == "csv":
        if params:
            raise ValueError("no parameters in CSV")
        return frame.to_csv(index=False), "text/csv"
    if form not in ("dataframe_split", "dataframe_records", "instances", "inputs"):
        raise ValueError(form)
    data = json.loads(frame.reset_index(drop=True).to_json(orient={"dataframe_split": "split", "dataframe_records": "records"}.get(form, "values")))
    return json.dumps({form: data, **({"params": params} if params else {})}), "application/json"

# %% wrong: csv_with_index
# hint: no column for the frame's index
def request_of(frame, form, params=None):
    if form == "csv":
        if params:
            raise ValueError("no parameters in CSV")
        return frame.to_csv(), "text/csv"
    orients = {"dataframe_split": "split", "dataframe_records": "records", "instances": "records", "inputs": "list"}
    if form not in orients:
        raise ValueError(form)
    plain = frame.reset_index(drop=True).astype(object).where(frame.notna().to_numpy(), None)
    return json.dumps({form: plain.to_dict(orient=orients[form]), **({"params": params} if params else {})}), "application/json"

# %% wrong: parameters_forgotten
# hint: the parameters don't go along
def request_of(frame, form, params=None):
    if form == "csv":
        return frame.to_csv(index=False), "text/csv"
    orients = {"dataframe_split": "split", "dataframe_records": "records", "instances": "records", "inputs": "list"}
    plain = frame.reset_index(drop=True).astype(object).where(frame.notna().to_numpy(), None)
    return json.dumps({form: plain.to_dict(orient=orients[form])}), "application/json"

# %% wrong: everything_as_text
# hint: numbers or missing values are sent as texts
def request_of(frame, form, params=None):
    if form == "csv":
        if params:
            raise ValueError("no parameters in CSV")
        return frame.to_csv(index=False), "text/csv"
    orients = {"dataframe_split": "split", "dataframe_records": "records", "instances": "records", "inputs": "list"}
    if form not in orients:
        raise ValueError(form)
    return json.dumps({form: frame.astype(str).to_dict(orient=orients[form]), **({"params": params} if params else {})}), "application/json"

# %% wrong: json_by_hand
# hint: For dataframe_split with parameters, the body is no valid JSON
def request_of(frame, form, params=None):
    if form == "csv":
        return frame.to_csv(index=False), "text/csv"
    orient = {"dataframe_split": "split", "dataframe_records": "records", "instances": "records"}[form]
    body = '{"%s": %s' % (form, frame.reset_index(drop=True).to_json(orient=orient))
    return body + (', "params": %s}' % params if params else "}"), "application/json"

# %% wrong: some_formats_only
# hint: For inputs, return a tuple of two strings
def request_of(frame, form, params=None):
    plain = frame.reset_index(drop=True).astype(object).where(frame.notna().to_numpy(), None)
    extra = {"params": params} if params else {}
    if form == "dataframe_split":
        return json.dumps({form: plain.to_dict(orient="split"), **extra}), "application/json"
    if form in ("dataframe_records", "instances"):
        return json.dumps({form: plain.to_dict(orient="records"), **extra}), "application/json"
    if form == "csv":
        return frame.to_csv(index=False), "text/csv"

# %% wrong: a_word_in_csv
# hint: nothing between the commas
def request_of(frame, form, params=None):
    if form == "csv":
        if params:
            raise ValueError("no parameters in CSV")
        return frame.to_csv(index=False, na_rep="null"), "text/csv"
    orients = {"dataframe_split": "split", "dataframe_records": "records", "instances": "records", "inputs": "list"}
    if form not in orients:
        raise ValueError(form)
    plain = frame.reset_index(drop=True).astype(object).where(frame.notna().to_numpy(), None)
    return json.dumps({form: plain.to_dict(orient=orients[form]), **({"params": params} if params else {})}), "application/json"

# %% right: by_pandas_json
def request_of(frame, form, params=None):
    table = frame.reset_index(drop=True)
    if form == "csv":
        if params:
            raise ValueError("CSV has no place for parameters")
        return table.to_csv(index=False), "text/csv"
    records = json.loads(table.to_json(orient="records"))
    if form in ("dataframe_records", "instances"):
        data = records
    elif form == "dataframe_split":
        data = {"columns": list(table.columns), "data": [list(r.values()) for r in records]}
    elif form == "inputs":
        data = {column: [r[column] for r in records] for column in table.columns}
    else:
        raise ValueError(f"unknown format {form}")
    body = {form: data}
    if params:
        body["params"] = params
    return json.dumps(body), "application/json"

# %% right: value_by_value
def request_of(frame, form, params=None):
    if form not in {"dataframe_split", "dataframe_records", "inputs", "instances", "csv"} or (form == "csv" and params):
        raise ValueError("that can't be asked")
    if form == "csv":
        return frame.to_csv(index=False), "text/csv"
    columns = {c: [None if pd.isna(v) else v.item() if hasattr(v, "item") else v for v in frame[c]] for c in frame}
    rows = [dict(zip(columns, values)) for values in zip(*columns.values())]
    data = {"inputs": columns, "dataframe_split": {"index": list(range(len(rows))), "columns": list(columns), "data": [list(r.values()) for r in rows]}}.get(form, rows)
    return json.dumps({form: data} | ({"params": params} if params else {})), "application/json"
