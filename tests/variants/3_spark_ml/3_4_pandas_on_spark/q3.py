# %% wrong: index_forgotten
# hint: the index was lost on the way to Spark
def in_spark(psdf, function):
    return function(psdf.to_spark()).pandas_api()


# %% wrong: index_becomes_data
# hint: the index is not one of them
def in_spark(psdf, function):
    return function(psdf.reset_index().to_spark()).pandas_api()


# %% wrong: name_of_the_column_stays
# hint: The index had a name, and it is gone or changed
def in_spark(psdf, function):
    return function(psdf.to_spark(index_col="__i")).pandas_api(index_col="__i")


# %% wrong: one_level_only
# hint: With an index of two levels it raises
def in_spark(psdf, function):
    frame = function(psdf.to_spark(index_col="__i")).pandas_api(index_col="__i")
    frame.index.name = psdf.index.name
    return frame


# %% wrong: names_required
# hint: had no name, and now it has one
def in_spark(psdf, function):
    names = [name or f"level_{i}" for i, name in enumerate(psdf.index.names)]
    return function(psdf.to_spark(index_col=names)).pandas_api(index_col=names)


# %% wrong: index_under_its_own_name
# hint: Where a data column has the name of the index
def in_spark(psdf, function):
    names = [name or f"__level_{i}" for i, name in enumerate(psdf.index.names)]
    result = psdf.spark.apply(function, index_col=names)
    result.index.names = psdf.index.names
    return result


# %% wrong: index_called_index
# hint: or the name that the index got for the way
def in_spark(psdf, function):
    names = ["index"] if psdf.index.nlevels == 1 else [f"level_{i}" for i in range(psdf.index.nlevels)]
    result = psdf.spark.apply(function, index_col=names)
    result.index.names = psdf.index.names
    return result


# %% wrong: every_index_has_a_name
# hint: With an index that has no name it raises
def in_spark(psdf, function):
    return function(psdf.to_spark(index_col=psdf.index.names)).pandas_api(index_col=psdf.index.names)


# %% right: spark_apply
def in_spark(psdf, function):
    names = [f"__level_{i}" for i, _ in enumerate(psdf.index.names)]
    result = psdf.spark.apply(function, index_col=names)
    result.index.names = list(psdf.index.names)
    return result


# %% right: renamed_axis
def in_spark(psdf, function):
    columns = ["__a", "__b", "__c", "__d"][: psdf.index.nlevels]
    out = function(psdf.to_spark(index_col=columns)).pandas_api(index_col=columns)
    return out.rename_axis(psdf.index.names)
