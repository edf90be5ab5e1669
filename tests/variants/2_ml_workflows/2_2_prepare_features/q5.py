# %% wrong: nothing_dropped
# hint: every column gives up one position
# hint: split destinations into two groups at once
# hint: Trees read sparse vectors without trouble
def encoding_cost(df, columns):
    counts = df.agg(*[F.count_distinct(c) for c in columns]).first()
    return {"one_hot_width": sum(counts), "index_width": len(columns), "max_bins": max(counts)}


answer_5b = {"A", "B", "C", "E"}
answer_5c = "A"

# %% wrong: null_counted
# hint: null is not a category
# hint: Thousands of nearly empty columns
# hint: One zip code in seventy is dropped
def encoding_cost(df, columns):
    counts = [df.select(c).distinct().count() for c in columns]
    return {"one_hot_width": sum(counts) - len(columns), "index_width": len(columns), "max_bins": max(counts)}


answer_5b = {"A", "C", "D", "E"}
answer_5c = "B"

# %% wrong: bins_add_up
# hint: they don't add up
# hint: k-means measures distances
# hint: needs two bins only
def encoding_cost(df, columns):
    counts = [df.agg(F.count_distinct(c)).first()[0] for c in columns]
    return {"one_hot_width": sum(counts) - len(columns), "index_width": len(columns), "max_bins": sum(counts)}


answer_5b = {"A", "C"}
answer_5c = "C"

# %% wrong: dropped_for_the_tree_too
# hint: nothing is dropped for a tree
# hint: multiplies each feature by one weight
# hint: Choose exactly one letter
def encoding_cost(df, columns):
    counts = [df.agg(F.count_distinct(c)).first()[0] - 1 for c in columns]
    return {"one_hot_width": sum(counts), "index_width": len(columns), "max_bins": max(counts)}


answer_5b = {"E"}
answer_5c = {"A", "D"}

# %% wrong: pasted_constants
# hint: Count distinct values, exactly
def encoding_cost(df, columns):
    return {"one_hot_width": 17, "index_width": 2, "max_bins": 16}


answer_5b = {"A", "C", "E"}
answer_5c = "D"

# %% wrong: index_has_all_values
# hint: An index is a single number
def encoding_cost(df, columns):
    counts = [df.agg(F.count_distinct(c)).first()[0] for c in columns]
    return {"one_hot_width": sum(counts) - len(columns), "index_width": sum(counts), "max_bins": max(counts)}


answer_5b = {"A", "C", "E"}
answer_5c = "D"

# %% right: from_the_fitted_stages
def encoding_cost(df, columns):
    labels = StringIndexer(inputCols=columns, outputCols=[f"{c}_i" for c in columns], handleInvalid="skip").fit(df).labelsArray
    return {"one_hot_width": sum(len(x) - 1 for x in labels), "index_width": len(labels), "max_bins": max(map(len, labels))}


answer_5b = ["E", "C", "A"]
answer_5c = {"d"}

# %% right: in_pandas
def encoding_cost(df, columns):
    counts = df.select(*columns).toPandas().nunique()
    return {"one_hot_width": int((counts - 1).sum()), "index_width": len(columns), "max_bins": int(counts.max())}


answer_5b = "ACE"
answer_5c = "D"

# %% wrong: approximate_counts
# hint: Count distinct values, exactly
def encoding_cost(df, columns):
    counts = df.agg(*[F.approx_count_distinct(c, 0.2) for c in columns]).first()
    return {"one_hot_width": sum(n - 1 for n in counts), "index_width": len(columns), "max_bins": max(counts)}


answer_5b = {"A", "C", "E"}
answer_5c = "D"
