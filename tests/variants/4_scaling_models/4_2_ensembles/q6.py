# %% wrong: forests_wait
# hint: Do the trees of a forest wait
# hint: An average of what is nearly equal
def levels_in_a_row(estimator):
    trees = 1
    if estimator.hasParam("numTrees"):
        trees = estimator.getNumTrees()
    if estimator.hasParam("maxIter"):
        trees = estimator.getMaxIter()
    return trees * estimator.getMaxDepth()


answer_6b = {"A", "C", "D", "E"}


# %% wrong: all_side_by_side
# hint: Can it start before they are done
# hint: does it turn up again
def levels_in_a_row(estimator):
    return estimator.getMaxDepth()


answer_6b = {"B", "C", "D", "E"}


# %% wrong: regression_only
# hint: after all rounds before
# hint: That is bagging
def levels_in_a_row(estimator):
    return estimator.getMaxIter() * estimator.getMaxDepth() if isinstance(estimator, GBTRegressor) else estimator.getMaxDepth()


answer_6b = {"C", "D", "E", "F"}


# %% wrong: rounds_only
# hint: grows a tree of so many levels
# hint: A true statement is missing
def levels_in_a_row(estimator):
    return estimator.getMaxIter() if estimator.hasParam("maxIter") else estimator.getMaxDepth()


answer_6b = {"C", "D"}


# %% right: by_class
def levels_in_a_row(estimator):
    if isinstance(estimator, (GBTRegressor, GBTClassifier)):
        return estimator.getMaxIter() * estimator.getMaxDepth()
    return estimator.getMaxDepth()


answer_6b = ["e", "d", "c"]


# %% right: by_params
def levels_in_a_row(estimator):
    settings = {param.name: value for param, value in estimator.extractParamMap().items()}
    return settings.get("maxIter", 1) * settings["maxDepth"]


answer_6b = "C, D, E"
