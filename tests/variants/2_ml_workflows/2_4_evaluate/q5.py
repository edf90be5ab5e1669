# %% wrong: swapped
# hint: The two changed places
# hint: Look at what it does with houses it has not seen
def bias_and_variance(answers, truth):
    bias = ((answers.mean(axis=0) - truth) ** 2).mean()
    return float(answers.var(axis=0).mean()), float(bias)


answer_5b = {"A", "B", "C", "D"}

# %% wrong: bias_of_means
# hint: cancelled: square per house
# hint: too stiff already
def bias_and_variance(answers, truth):
    return float((answers.mean() - truth.mean()) ** 2), float(answers.var(axis=0).mean())


answer_5b = {"A", "B", "D", "E"}

# %% wrong: mse_as_bias
# hint: That is the mean squared error of the single models
# hint: What would be left to gain
def bias_and_variance(answers, truth):
    return float(((answers - truth) ** 2).mean()), float(answers.var(axis=0).mean())


answer_5b = {"A", "B", "D", "F"}

# %% wrong: sample_variance
# hint: divide by the number of models
# hint: A true statement is missing
def bias_and_variance(answers, truth):
    return float(((answers.mean(axis=0) - truth) ** 2).mean()), float(answers.var(axis=0, ddof=1).mean())


answer_5b = {"B", "D"}

# %% wrong: along_the_houses
# hint: differ from house to house
# hint: Answer with a set of letters
def bias_and_variance(answers, truth):
    return float(((answers.mean(axis=0) - truth) ** 2).mean()), float(answers.var(axis=1).mean())


answer_5b = 7

# %% wrong: absolute_bias
# hint: The first number is off
def bias_and_variance(answers, truth):
    return float(np.abs(answers.mean(axis=0) - truth).mean()), float(answers.var(axis=0).mean())


answer_5b = {"A", "B", "D"}

# %% right: what_is_left_of_the_error
def bias_and_variance(answers, truth):
    everything = ((answers - truth) ** 2).mean()
    bias = np.mean((np.mean(answers, axis=0) - truth) ** 2)
    return float(bias), float(everything - bias)


answer_5b = ["a", "B", "d"]

# %% right: house_by_house
def bias_and_variance(answers, truth):
    bias = variance = 0.0
    for column, true in zip(answers.T, truth, strict=True):
        mean = sum(column) / len(column)
        bias += (mean - true) ** 2
        variance += sum((value - mean) ** 2 for value in column) / len(column)
    return float(bias / len(truth)), float(variance / len(truth))


answer_5b = "A B D"
