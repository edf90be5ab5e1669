# %% wrong: fits_the_original
# hint: fit a copy of it
def better_tree(model, train, validation, target):
    model.set_params(classifier__max_depth=4)
    return model.fit(train, train[target])

# %% wrong: learns_from_both_parts
# hint: has seen the validation part
def better_tree(model, train, validation, target):
    both = pd.concat([train, validation])
    return clone(model).set_params(classifier__max_depth=5).fit(both, both[target])

# %% wrong: fitted_where_it_is_judged
# hint: on which it is then judged
def better_tree(model, train, validation, target):
    return clone(model).fit(validation, validation[target])

# %% wrong: another_algorithm
# hint: wants a decision tree
def better_tree(model, train, validation, target):
    from sklearn.ensemble import RandomForestClassifier

    return clone(model).set_params(classifier=RandomForestClassifier(random_state=0)).fit(train, train[target])

# %% wrong: fitted_again_as_it_was
# hint: no better than the one that was passed
def better_tree(model, train, validation, target):
    return clone(model).fit(train, train[target])

# %% wrong: target_named_late
# hint: has the name that was passed
def better_tree(model, train, validation, target):
    return clone(model).set_params(classifier__max_depth=5).fit(train, train["late"])

# %% right: one_setting
def better_tree(model, train, validation, target):
    better = clone(model)
    better.set_params(classifier__min_samples_leaf=30)
    return better.fit(train, train[target])

# %% right: pipeline_built_anew
def better_tree(model, train, validation, target):
    from sklearn.pipeline import Pipeline
    from sklearn.tree import DecisionTreeClassifier

    best, top = None, 0.0
    for depth in range(2, 9):
        steps = [(name, clone(step)) for name, step in model.steps[:-1]] + [("classifier", DecisionTreeClassifier(max_depth=depth, random_state=0))]
        candidate = Pipeline(steps).fit(train, train[target])
        score = roc_auc_score(validation[target], candidate.predict_proba(validation)[:, 1])
        if score > top:
            best, top = candidate, score
    return best
