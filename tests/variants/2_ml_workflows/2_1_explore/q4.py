# %% wrong: histogram_for_every_number
# hint: draw a bar for each, no histogram
def plot_feature(df, column, ax):
    values = df.select(column).toPandas()[column]
    if dict(df.dtypes)[column] in ("string", "boolean"):
        counts = values.astype(object).dropna().astype(str).value_counts()
        ax.bar(counts.index, counts)
        if values.isna().any():
            ax.bar(["missing"], [values.isna().sum()])
    else:
        ax.hist(values.dropna(), bins=30)
    ax.set_xlabel(column)

# %% wrong: nulls_left_out
# hint: The nulls are not in the picture
def plot_feature(df, column, ax):
    values = df.select(column).toPandas()[column].dropna()
    kind = dict(df.dtypes)[column]
    if kind in ("string", "boolean"):
        counts = values.astype(str).value_counts()
        ax.bar(counts.index, counts)
    elif kind in ("int", "bigint") and values.nunique() <= 12:
        counts = values.astype(int).value_counts().sort_index()
        ax.bar(counts.index.astype(str), counts)
    else:
        ax.hist(values, bins=30)
    ax.set_xlabel(column)

# %% wrong: missing_takes_its_place_by_length
# hint: comes after all others
def plot_feature(df, column, ax):
    kind = dict(df.dtypes)[column]
    values = df.select(column).toPandas()[column]
    if kind in ("string", "boolean"):
        counts = values.astype(object).where(values.notna(), "missing").astype(str).value_counts()
        ax.bar(counts.index, counts)
    elif kind in ("int", "bigint") and values.nunique() <= 12:
        counts = values.dropna().astype(int).value_counts().sort_index()
        ax.bar(counts.index.astype(str), counts)
        if values.isna().any():
            ax.bar("missing", values.isna().sum())
    else:
        ax.hist(values.dropna(), bins=30)
    ax.set_xlabel(column)

# %% wrong: ranks_by_frequency
# hint: Ranks keep the order of the numbers
def plot_feature(df, column, ax):
    kind = dict(df.dtypes)[column]
    few = kind in ("int", "bigint") and df.select(column).distinct().count() <= 13
    if kind in ("string", "boolean") or few:
        counts = df.groupBy(column).count().orderBy(F.col(column).isNull(), F.desc("count")).collect()
        ax.bar(["missing" if r[0] is None else str(r[0]) for r in counts], [r[1] for r in counts])
    else:
        ax.hist(df.select(column).dropna().toPandas()[column], bins=30)
    ax.set_xlabel(column)

# %% wrong: numbers_sorted_as_text
# hint: where 10 comes before 2
def plot_feature(df, column, ax):
    kind = dict(df.dtypes)[column]
    whole = kind in ("int", "bigint")
    if kind in ("string", "boolean") or (whole and df.select(column).dropna().distinct().count() <= 12):
        counts = [("missing" if r[0] is None else str(r[0]), r[1]) for r in df.groupBy(column).count().collect()]
        counts.sort(key=lambda p: (p[0] == "missing", p[0] if whole else -p[1]))
        ax.bar([p[0] for p in counts], [p[1] for p in counts])
    else:
        ax.hist(df.select(column).dropna().toPandas()[column], bins=30)
    ax.set_xlabel(column)

# %% wrong: first_thousand_rows
# hint: count all the rows
def plot_feature(df, column, ax):
    kind = dict(df.dtypes)[column]
    values = df.select(column).limit(1000).toPandas()[column]
    if kind in ("string", "boolean"):
        counts = values.dropna().astype(str).value_counts()
    elif kind in ("int", "bigint") and values.nunique() <= 12:
        counts = values.dropna().astype(int).value_counts().sort_index()
    else:
        ax.hist(values.dropna(), bins=30)
        ax.set_xlabel(column)
        return
    ax.bar(counts.index.astype(str), counts)
    if values.isna().any():
        ax.bar("missing", values.isna().sum())
    ax.set_xlabel(column)

# %% wrong: density_in_place_of_counts
# hint: shares or densities
def plot_feature(df, column, ax):
    ax.hist(df.select(column).dropna().toPandas()[column], bins=30, density=True)
    ax.set_xlabel(column)

# %% wrong: ten_default_bins
# hint: at least 20 bins
def plot_feature(df, column, ax):
    ax.hist(df.select(column).dropna().toPandas()[column])
    ax.set_xlabel(column)

# %% wrong: few_decimals_as_bars
# hint: a floating-point column is continuous
def plot_feature(df, column, ax):
    kind = dict(df.dtypes)[column]
    if kind in ("string", "boolean") or df.select(column).distinct().count() <= 13:
        counts = df.groupBy(column).count().collect()
        counts.sort(key=lambda r: (r[0] is None, -r[1] if kind in ("string", "boolean") else r[0]))
        ax.bar(["missing" if r[0] is None else str(r[0]) for r in counts], [r[1] for r in counts])
    else:
        ax.hist(df.select(column).dropna().toPandas()[column], bins=30)
    ax.set_xlabel(column)

# %% wrong: a_figure_of_its_own
# hint: draw on ax, not on a figure of your own
def plot_feature(df, column, ax):
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    counts = df.groupBy(column).count().toPandas()
    ax.bar(counts[column].astype(str), counts["count"])
    ax.set_xlabel(column)

# %% wrong: always_the_same_three_bars
# hint: One bar for each value
def plot_feature(df, column, ax):
    ax.bar(["EWR", "JFK", "LGA", "missing", "x"], [9107, 8421, 7423, 0, 0])
    ax.set_xlabel(column)

# %% right: pandas_plot
def plot_feature(df, column, ax):
    kind = dict(df.dtypes)[column]
    values = df.select(column).toPandas()[column]
    known = values.dropna()
    if kind in ("string", "boolean"):
        counts = known.astype(str).value_counts()
    elif kind in ("tinyint", "smallint", "int", "bigint") and known.nunique() <= 12:
        counts = known.astype(int).value_counts().sort_index()
    else:
        known.plot.hist(bins=25, ax=ax)
        ax.set_xlabel(column)
        return
    counts.index = counts.index.astype(str)
    if len(known) < len(values):
        counts["missing"] = len(values) - len(known)
    counts.plot.bar(ax=ax)
    ax.set_xlabel(column)

# %% right: lying_bars
def plot_feature(df, column, ax):
    kind = dict(df.dtypes)[column]
    is_int = kind in ("tinyint", "smallint", "int", "bigint")
    counts = None
    if kind in ("string", "boolean"):
        counts = df.groupBy(column).count().orderBy(F.desc("count")).collect()
    elif is_int:
        counts = df.groupBy(column).count().orderBy(column).collect()
        if len([r for r in counts if r[0] is not None]) > 12:
            counts = None
    if counts is None:
        x = df.select(column).dropna().toPandas()[column]
        n, edges = np.histogram(x, bins=40)
        ax.bar(edges[:-1], n, width=np.diff(edges), align="edge")
        ax.set_xlabel(column)
    else:
        counts = [r for r in counts if r[0] is not None] + [r for r in counts if r[0] is None]
        ax.barh(["missing" if r[0] is None else str(r[0]) for r in counts], [r[1] for r in counts])
        ax.invert_yaxis()
        ax.set_ylabel(column)

# %% right: bins_counted_by_spark
def plot_feature(df, column, ax):
    kind = dict(df.dtypes)[column]
    names = kind in ("string", "boolean")
    if names or (kind in ("tinyint", "smallint", "int", "bigint") and df.select(column).na.drop().distinct().count() <= 12):
        order = F.desc("count") if names else F.col(column)
        counts = df.groupBy(column).count().orderBy(F.col(column).isNull(), order).toPandas()
        labels = ["missing" if pd.isna(v) else str(v if names else int(v)) for v in counts[column]]
        ax.bar(range(len(labels)), counts["count"], tick_label=labels)
    else:
        known = df.where(F.col(column).isNotNull())
        low, high = known.select(F.min(column), F.max(column)).first()
        width = (high - low) / 50
        bins = known.select(F.least(F.floor((F.col(column) - low) / width), F.lit(49)).alias("bin")).groupBy("bin").count().collect()
        n = dict((r[0], r[1]) for r in bins)
        ax.bar([low + (i + 0.5) * width for i in range(50)], [n.get(i, 0) for i in range(50)], width=width)
    ax.set_xlabel(column)

# %% right: lying_bars_from_below
def plot_feature(df, column, ax):
    kind = dict(df.dtypes)[column]
    s = df.select(column).toPandas()[column]
    whole = kind in ("tinyint", "smallint", "int", "bigint")
    if kind in ("string", "boolean") or (whole and s.nunique() <= 12):
        counts = s.dropna().astype(int if whole else str).value_counts()
        counts = counts.sort_index() if whole else counts
        labels, lengths = [str(v) for v in counts.index], list(counts)
        if s.isna().any():
            labels, lengths = labels + ["missing"], lengths + [int(s.isna().sum())]
        ax.barh(labels[::-1], lengths[::-1])
        ax.set(ylabel=column, xlabel="rows")
    else:
        ax.hist(s.dropna(), bins=60)
        ax.set(xlabel=column, ylabel="rows")

# %% right: pandas_shortcuts
def plot_feature(df, column, ax):
    s = df.select(column).toPandas()[column]
    kind = df.schema[column].dataType.simpleString()
    if kind in ("string", "boolean"):
        c = s.value_counts()
    elif kind in ("int", "bigint", "smallint", "tinyint") and s.nunique() <= 12:
        c = s.value_counts().sort_index()
    else:
        s.hist(bins=20, ax=ax)  # insists on the current figure
        ax.set_xlabel(column)
        return
    c.index = c.index.astype(str)
    if s.isna().sum():
        c["missing"] = s.isna().sum()
    c.plot(kind="bar", ax=ax, xlabel=column)
