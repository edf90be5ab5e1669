# %% wrong: counts_rows
# hint: the number of rows is right, and the table is not
def audit(arrived, stored, key):
    more = len(stored) - len(arrived)
    return {"lost": max(-more, 0), "doubled": max(more, 0), "unknown": 0}

# %% wrong: missing_values_dropped
# hint: grouping drops missing values
def audit(arrived, stored, key):
    a, s = arrived.groupby(key).size(), stored.groupby(key).size()
    known = s[s.index.isin(a.index)]
    return {"lost": int((~a.index.isin(s.index)).sum()), "doubled": int((known - 1).sum()), "unknown": int(s.sum() - known.sum())}

# %% wrong: arrived_twice_counts_twice
# hint: however often it came
def audit(arrived, stored, key):
    a, s = arrived.groupby(key, dropna=False).size(), stored.groupby(key, dropna=False).size()
    both = a.to_frame("a").join(s.to_frame("s"), how="outer").fillna(0)
    known = both[both["a"] > 0]
    return {"lost": int((known["a"] - known["s"]).clip(lower=0).sum()), "doubled": int((known["s"] - known["a"]).clip(lower=0).sum()), "unknown": int(both.loc[both["a"] == 0, "s"].sum())}

# %% wrong: doubled_keys_not_rows
# hint: has two rows too many
def audit(arrived, stored, key):
    a = arrived[key].drop_duplicates()
    s = stored.groupby(key, dropna=False).size().rename("n").reset_index()
    m = a.merge(s, on=key, how="outer", indicator=True)
    return {"lost": int((m["_merge"] == "left_only").sum()), "doubled": int(((m["_merge"] == "both") & (m["n"] > 1)).sum()), "unknown": int(m.loc[m["_merge"] == "right_only", "n"].sum())}

# %% right: counters
def audit(arrived, stored, key):
    from collections import Counter

    def keys(frame):
        return [tuple(None if pd.isna(v) else v for v in row) for row in frame[key].itertuples(index=False)]

    came, there = set(keys(arrived)), Counter(keys(stored))
    return {
        "lost": len(came - there.keys()),
        "doubled": sum(n - 1 for k, n in there.items() if k in came),
        "unknown": sum(n for k, n in there.items() if k not in came),
    }

# %% right: duplicated_and_merge
def audit(arrived, stored, key):
    came, rows = arrived[key].drop_duplicates(), stored[key]
    known = rows.merge(came, on=key, how="left", indicator=True)["_merge"].eq("both").to_numpy()
    lost = came.merge(rows.drop_duplicates(), on=key, how="left", indicator=True)["_merge"].eq("left_only").sum()
    return {"lost": int(lost), "doubled": int(rows[known].duplicated().sum()), "unknown": int((~known).sum())}
