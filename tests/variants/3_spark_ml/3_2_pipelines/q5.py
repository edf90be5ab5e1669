# %% wrong: rows_filtered
# hint: not to throw the row away
class Clipper(Transformer, HasInputCol, HasOutputCol):
    lower = Param(Params._dummy(), "lower", "smallest value that is left alone", typeConverter=TypeConverters.toFloat)
    upper = Param(Params._dummy(), "upper", "largest value that is left alone", typeConverter=TypeConverters.toFloat)

    @keyword_only
    def __init__(self, *, inputCol=None, outputCol=None, lower=None, upper=None):
        super().__init__()
        self._set(**self._input_kwargs)

    def _transform(self, dataset):
        c = F.col(self.getInputCol())
        kept = dataset.where(c.between(self.getOrDefault("lower"), self.getOrDefault("upper")))
        return kept.withColumn(self.getOutputCol(), c.cast("double"))


# %% wrong: nulls_at_the_limit
# hint: Unknown wind is not wind at the limit
class Clipper(Transformer, HasInputCol, HasOutputCol):
    lower = Param(Params._dummy(), "lower", "smallest value that is left alone", typeConverter=TypeConverters.toFloat)
    upper = Param(Params._dummy(), "upper", "largest value that is left alone", typeConverter=TypeConverters.toFloat)

    @keyword_only
    def __init__(self, *, inputCol=None, outputCol=None, lower=None, upper=None):
        super().__init__()
        self._set(**self._input_kwargs)

    def _transform(self, dataset):
        c = F.col(self.getInputCol()).cast("double")
        low, high = F.lit(self.getOrDefault("lower")), F.lit(self.getOrDefault("upper"))
        return dataset.withColumn(self.getOutputCol(), F.least(F.greatest(c, low), high))


# %% wrong: outside_is_null
# hint: became null. Move them to the edge
class Clipper(Transformer, HasInputCol, HasOutputCol):
    lower = Param(Params._dummy(), "lower", "smallest value that is left alone", typeConverter=TypeConverters.toFloat)
    upper = Param(Params._dummy(), "upper", "largest value that is left alone", typeConverter=TypeConverters.toFloat)

    @keyword_only
    def __init__(self, *, inputCol=None, outputCol=None, lower=None, upper=None):
        super().__init__()
        self._set(**self._input_kwargs)

    def _transform(self, dataset):
        c = F.col(self.getInputCol()).cast("double")
        inside = c.between(self.getOrDefault("lower"), self.getOrDefault("upper"))
        return dataset.withColumn(self.getOutputCol(), F.when(inside, c))


# %% wrong: overwrites_the_input
# hint: transform adds the output column
class Clipper(Transformer, HasInputCol, HasOutputCol):
    lower = Param(Params._dummy(), "lower", "smallest value that is left alone", typeConverter=TypeConverters.toFloat)
    upper = Param(Params._dummy(), "upper", "largest value that is left alone", typeConverter=TypeConverters.toFloat)

    @keyword_only
    def __init__(self, *, inputCol=None, outputCol=None, lower=None, upper=None):
        super().__init__()
        self._set(**self._input_kwargs)

    def _transform(self, dataset):
        c = F.col(self.getInputCol()).cast("double")
        low, high = self.getOrDefault("lower"), self.getOrDefault("upper")
        return dataset.withColumn(self.getInputCol(), F.when(c < low, low).when(c > high, high).otherwise(c))


# %% wrong: only_one_side
# hint: A value below the range becomes lower
class Clipper(Transformer, HasInputCol, HasOutputCol):
    lower = Param(Params._dummy(), "lower", "smallest value that is left alone", typeConverter=TypeConverters.toFloat)
    upper = Param(Params._dummy(), "upper", "largest value that is left alone", typeConverter=TypeConverters.toFloat)

    @keyword_only
    def __init__(self, *, inputCol=None, outputCol=None, lower=None, upper=None):
        super().__init__()
        self._set(**self._input_kwargs)

    def _transform(self, dataset):
        c = F.col(self.getInputCol()).cast("double")
        high = self.getOrDefault("upper")
        return dataset.withColumn(self.getOutputCol(), F.when(c > high, high).otherwise(c))


# %% wrong: whole_numbers_stay
# hint: is of type double
class Clipper(Transformer, HasInputCol, HasOutputCol):
    lower = Param(Params._dummy(), "lower", "smallest value that is left alone", typeConverter=TypeConverters.toFloat)
    upper = Param(Params._dummy(), "upper", "largest value that is left alone", typeConverter=TypeConverters.toFloat)

    @keyword_only
    def __init__(self, *, inputCol=None, outputCol=None, lower=None, upper=None):
        super().__init__()
        self._set(**self._input_kwargs)

    def _transform(self, dataset):
        c = F.col(self.getInputCol())
        low, high = self.getOrDefault("lower"), self.getOrDefault("upper")
        clipped = F.when(c < low, low).when(c > high, high).otherwise(c)
        return dataset.withColumn(self.getOutputCol(), clipped.cast(dataset.schema[self.getInputCol()].dataType))


# %% wrong: limits_written_down
# hint: take everything from the Params
# hint: was ignored
class Clipper(Transformer, HasInputCol, HasOutputCol):
    lower = Param(Params._dummy(), "lower", "smallest value that is left alone", typeConverter=TypeConverters.toFloat)
    upper = Param(Params._dummy(), "upper", "largest value that is left alone", typeConverter=TypeConverters.toFloat)

    @keyword_only
    def __init__(self, *, inputCol=None, outputCol=None, lower=None, upper=None):
        super().__init__()
        self._set(**self._input_kwargs)

    def _transform(self, dataset):
        c = F.col(self.getInputCol()).cast("double")
        low, high = (-2.0, 30.0) if self.getInputCol() == "gust" else (0.0, 60.0)
        return dataset.withColumn(self.getOutputCol(), F.when(c < low, low).when(c > high, high).otherwise(c))


# %% wrong: returns_its_input
# hint: transform adds the output column
class Clipper(Transformer, HasInputCol, HasOutputCol):
    lower = Param(Params._dummy(), "lower", "smallest value that is left alone", typeConverter=TypeConverters.toFloat)
    upper = Param(Params._dummy(), "upper", "largest value that is left alone", typeConverter=TypeConverters.toFloat)

    @keyword_only
    def __init__(self, *, inputCol=None, outputCol=None, lower=None, upper=None):
        super().__init__()
        self._set(**self._input_kwargs)

    def _transform(self, dataset):
        return dataset


# %% wrong: plain_attributes
# hint: not an attribute that was set once
class Clipper(Transformer, HasInputCol, HasOutputCol):
    lower = Param(Params._dummy(), "lower", "smallest value that is left alone", typeConverter=TypeConverters.toFloat)
    upper = Param(Params._dummy(), "upper", "largest value that is left alone", typeConverter=TypeConverters.toFloat)

    @keyword_only
    def __init__(self, *, inputCol=None, outputCol=None, lower=None, upper=None):
        super().__init__()
        self._set(**self._input_kwargs)
        self.limits = (lower, upper)

    def _transform(self, dataset):
        c = F.col(self.getInputCol()).cast("double")
        low, high = self.limits
        return dataset.withColumn(self.getOutputCol(), F.when(c < low, low).when(c > high, high).otherwise(c))


# %% wrong: transform_in_place_of_params
# hint: not in the Params
class Clipper(Transformer, HasInputCol, HasOutputCol):
    lower = Param(Params._dummy(), "lower", "smallest value that is left alone", typeConverter=TypeConverters.toFloat)
    upper = Param(Params._dummy(), "upper", "largest value that is left alone", typeConverter=TypeConverters.toFloat)

    def __init__(self, *, inputCol=None, outputCol=None, lower=None, upper=None):
        super().__init__()
        self.names, self.limits = (inputCol, outputCol), (lower, upper)

    def transform(self, dataset, params=None):
        low, high = (self.limits[0], *params.values()) if params else self.limits
        c = F.col(self.names[0])
        return dataset.withColumn(self.names[1], F.when(c < low, low).when(c > high, high).otherwise(c).cast("double"))

    _transform = transform


# %% right: greatest_and_least
class Clipper(Transformer, HasInputCol, HasOutputCol):
    lower = Param(Params._dummy(), "lower", "smallest value that is left alone", typeConverter=TypeConverters.toFloat)
    upper = Param(Params._dummy(), "upper", "largest value that is left alone", typeConverter=TypeConverters.toFloat)

    @keyword_only
    def __init__(self, *, inputCol=None, outputCol=None, lower=None, upper=None):
        super().__init__()
        self._set(**self._input_kwargs)

    def _transform(self, dataset):
        c = F.col(self.getInputCol()).cast("double")
        low, high = F.lit(self.getOrDefault("lower")), F.lit(self.getOrDefault("upper"))
        return dataset.withColumn(self.getOutputCol(), F.when(c.isNotNull(), F.greatest(low, F.least(high, c))))


# %% right: sql_expression
class Clipper(Transformer, HasInputCol, HasOutputCol):
    lower = Param(Params._dummy(), "lower", "smallest value that is left alone", typeConverter=TypeConverters.toFloat)
    upper = Param(Params._dummy(), "upper", "largest value that is left alone", typeConverter=TypeConverters.toFloat)

    @keyword_only
    def __init__(self, *, inputCol=None, outputCol=None, lower=None, upper=None):
        super().__init__()
        self._set(**self._input_kwargs)

    def _transform(self, dataset):
        name, low, high = self.getInputCol(), self.getOrDefault(self.lower), self.getOrDefault(self.upper)
        text = f"CAST(CASE WHEN `{name}` < {low}D THEN {low}D WHEN `{name}` > {high}D THEN {high}D ELSE `{name}` END AS DOUBLE)"
        return dataset.selectExpr("*", f"{text} AS `{self.getOutputCol()}`")


