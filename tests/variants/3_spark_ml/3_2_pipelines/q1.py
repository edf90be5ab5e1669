# %% wrong: by_the_name
# hint: Names deceive
# hint: side by side, for one row
def role(stage):
    name = type(stage).__name__
    return "transformer" if name.endswith(("Model", "Encoder", "Transformer", "Assembler", "TF")) else "estimator"


answer_1b = {"A", "B", "D"}

# %% wrong: has_transform_means_estimator
# hint: the answer is not right
# hint: which kind are they
def role(stage):
    return "estimator" if hasattr(stage, "transform") else "transformer"


answer_1b = {"A", "C", "D"}

# %% wrong: everything_with_params
# hint: the answer is not right
# hint: How long is that vector
def role(stage):
    return "transformer"


answer_1b = {"A", "D", "E"}

# %% wrong: pipelines_forgotten
# hint: For a pipeline the answer is not right
# hint: A true statement is missing
def role(stage):
    if isinstance(stage, (Pipeline, Transformer)):
        return "transformer"
    return "estimator"


answer_1b = {"A"}

# %% wrong: spark_classes_only
# hint: somebody's own class
# hint: Answer with a set of letters
def role(stage):
    from pyspark.ml.wrapper import JavaTransformer

    return "transformer" if isinstance(stage, (JavaTransformer, PipelineModel)) else "estimator"


answer_1b = ...

# %% right: has_fit
def role(stage):
    return "estimator" if hasattr(stage, "fit") else "transformer"


answer_1b = ["d", "a"]

# %% right: is_a_transformer
def role(stage):
    if isinstance(stage, Transformer):
        return "transformer"
    return "estimator"


answer_1b = "A, D"
