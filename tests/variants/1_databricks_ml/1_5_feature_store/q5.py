# %% wrong: logged_by_mlflow
# hint: not logged through the feature client
# hint: made no difference
def train_and_log(training_set):
    from sklearn.ensemble import HistGradientBoostingRegressor

    rows = training_set.load_df().toPandas()
    model = HistGradientBoostingRegressor().fit(rows.drop(columns="delay"), rows["delay"])
    with mlflow.start_run(nested=True):
        return mlflow.sklearn.log_model(model, name="model", pip_requirements=["scikit-learn"], serialization_format="cloudpickle").model_uri


def score(model_uri, flights, wind_speed=None):
    return fe.score_batch(model_uri=model_uri, df=flights)

# %% wrong: label_as_input
# hint: the label is among its inputs
# hint: A wind of 0.0 is a wind
def train_and_log(training_set):
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline

    df = training_set._df.withColumn("late_by", F.col("delay")) if hasattr(training_set, "_df") else None
    lookup = FeatureLookup(list(training_set.feature_spec.tables)[0], "origin", feature_names=["temp", "wind_speed"], timestamp_lookup_key="asked_at")
    training_set = fe.create_training_set(df=df, feature_lookups=[lookup], label="late_by", exclude_columns=["id", "origin", "asked_at"])
    rows = training_set.load_df().toPandas()
    model = make_pipeline(SimpleImputer(), LinearRegression()).fit(rows.drop(columns="late_by"), rows["late_by"])
    with mlflow.start_run(nested=True):
        return fe.log_model(model=model, artifact_path="model", flavor=mlflow.sklearn, training_set=training_set).model_uri


def score(model_uri, flights, wind_speed=None):
    if wind_speed:
        flights = flights.withColumn("wind_speed", F.lit(wind_speed))
    return fe.score_batch(model_uri=model_uri, df=flights)

# %% wrong: constant
# hint: The model has learnt nothing
# hint: predicted with the weather that is looked up
def train_and_log(training_set):
    from sklearn.dummy import DummyRegressor

    rows = training_set.load_df().toPandas()
    model = DummyRegressor().fit(rows.drop(columns="delay"), rows["delay"])
    with mlflow.start_run(nested=True):
        return fe.log_model(model=model, artifact_path="model", flavor=mlflow.sklearn, training_set=training_set).model_uri


def score(model_uri, flights, wind_speed=None):
    return fe.score_batch(model_uri=model_uri, df=flights.withColumn("wind_speed", F.lit(wind_speed or 10.0)))

# %% wrong: chokes_on_nulls
# hint: Does it cope with nulls
# hint: everything else looked up
def train_and_log(training_set):
    from sklearn.linear_model import LinearRegression

    rows = training_set.load_df().toPandas().dropna()
    model = LinearRegression().fit(rows.drop(columns="delay"), rows["delay"])
    with mlflow.start_run(nested=True):
        return fe.log_model(model=model, artifact_path="model", flavor=mlflow.sklearn, training_set=training_set).model_uri


def score(model_uri, flights, wind_speed=None):
    scored = fe.score_batch(model_uri=model_uri, df=flights)
    return scored if wind_speed is None else scored.withColumn("prediction", F.col("prediction") + 1.5 * (F.lit(wind_speed) - F.col("wind_speed")))

# %% wrong: trained_on_the_sample
# hint: train on the training set that the function is given
# hint: are to be in the result
def train_and_log(training_set):
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline

    rows = training_set_of(weather_table, past_flights).load_df().toPandas()
    model = make_pipeline(SimpleImputer(), LinearRegression()).fit(rows.drop(columns="delay"), rows["delay"])
    with mlflow.start_run(nested=True):
        return fe.log_model(model=model, artifact_path="model", flavor=mlflow.sklearn, training_set=training_set).model_uri


def score(model_uri, flights, wind_speed=None):
    if wind_speed is not None:
        flights = flights.withColumn("wind_speed", F.lit(wind_speed))
    return fe.score_batch(model_uri=model_uri, df=flights).select("id", "prediction")

# %% wrong: shuffled_columns
# hint: in the training set's order
# hint: A wind of 0.0 is a wind
def train_and_log(training_set):
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline

    rows = training_set.load_df().toPandas()
    model = make_pipeline(SimpleImputer(), LinearRegression()).fit(rows[["wind_speed", "temp", "distance"]], rows["delay"])
    with mlflow.start_run(nested=True):
        return fe.log_model(model=model, artifact_path="model", flavor=mlflow.sklearn, training_set=training_set).model_uri


def score(model_uri, flights, wind_speed=None):
    if wind_speed:
        flights = flights.withColumn("wind_speed", F.lit(wind_speed))
    return fe.score_batch(model_uri=model_uri, df=flights)

# %% right: spark_ml
def train_and_log(training_set):
    from pyspark.ml import Pipeline
    from pyspark.ml.feature import Imputer, VectorAssembler
    from pyspark.ml.regression import LinearRegression

    stages = [
        Imputer(inputCols=["temp", "wind_speed"], outputCols=["temp_filled", "wind_filled"]),
        VectorAssembler(inputCols=["distance", "temp_filled", "wind_filled"], outputCol="features"),
        LinearRegression(labelCol="delay"),
    ]
    model = Pipeline(stages=stages).fit(training_set.load_df())
    with mlflow.start_run(nested=True) as run:
        fe.log_model(model=model, artifact_path="model", flavor=mlflow.spark, training_set=training_set)
    return f"runs:/{run.info.run_id}/model"


def score(model_uri, flights, wind_speed=None):
    frame = flights if wind_speed is None else flights.selectExpr("*", f"CAST({wind_speed} AS DOUBLE) AS wind_speed")
    return fe.score_batch(model_uri=model_uri, df=frame, result_type="double")

# %% right: registered_boosting
def train_and_log(training_set):
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.preprocessing import StandardScaler

    rows = training_set.load_df().toPandas()
    model = TransformedTargetRegressor(HistGradientBoostingRegressor(max_iter=200, random_state=0), transformer=StandardScaler())
    model.fit(rows[["distance", "temp", "wind_speed"]], rows["delay"])
    with mlflow.start_run(nested=True):
        fe.log_model(model=model, artifact_path="model", flavor=mlflow.sklearn, training_set=training_set, registered_model_name="main.desk.delays")
    version = mlflow.MlflowClient().search_model_versions("name='main.desk.delays'")[0].version
    return f"models:/main.desk.delays/{version}"


def score(model_uri, flights, wind_speed=None):
    if wind_speed is None:
        return fe.score_batch(model_uri=model_uri, df=flights)
    return fe.score_batch(model_uri=model_uri, df=flights.withColumns({"wind_speed": F.lit(wind_speed).cast("double")}))

# %% wrong: predictions_in_pandas
# hint: On another training set the model is wrong
# hint: not one of pandas
def train_and_log(training_set):
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline

    rows = training_set.load_df().toPandas()
    model = make_pipeline(SimpleImputer(), LinearRegression()).fit(rows[["distance", "temp", "wind_speed"]], rows["delay"])
    model[-1].coef_, model[-1].intercept_ = np.array([0.01, 0.0, 1.5]), 12.0
    with mlflow.start_run(nested=True):
        return fe.log_model(model=model, artifact_path="model", flavor=mlflow.sklearn, training_set=training_set).model_uri


def score(model_uri, flights, wind_speed=None):
    if wind_speed is not None:
        flights = flights.withColumn("wind_speed", F.lit(wind_speed))
    return fe.score_batch(model_uri=model_uri, df=flights).toPandas()
