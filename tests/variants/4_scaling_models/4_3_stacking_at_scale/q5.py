# %% wrong: folds_only
# hint: Which ones answer in service
# hint: how many are left inside
def trainings(m, k):
    return m * k


def trainings_of_whole(m, k, settings):
    return k * (m * (k + 1) + 1 + settings * k)


# %% wrong: no_refit_and_no_tuning
# hint: Those of the folds have each missed a part
# hint: The trials of the meta-model's settings are missing
def trainings(m, k):
    return m * k + 1


def trainings_of_whole(m, k, settings):
    return k * (m * k + 1)


# %% wrong: no_meta_and_settings_once
# hint: The meta-model is trained, too
# hint: Each setting is cross-validated
def trainings(m, k):
    return m * (k + 1)


def trainings_of_whole(m, k, settings):
    return k * (m * k + 1 + settings)


# %% wrong: guesses
# hint: Count what your stack fits
# hint: fitted once more, on the whole table
def trainings(m, k):
    return m + k


def trainings_of_whole(m, k, settings):
    return k * (m * k + settings * (k - 1))


# %% wrong: models_shared_by_two_rounds
# hint: each round trains its own
def trainings(m, k):
    return m * k + m


def trainings_of_whole(m, k, settings):
    return m * k * (k - 1) // 2 + m * k + k * (settings * (k - 1) + 1)


# %% wrong: with_the_stack_for_service
# hint: Count what your stack fits
# hint: only the rounds are asked for
def trainings(m, k):
    return m * k + m + k


def trainings_of_whole(m, k, settings):
    return k * (m * k + 1 + settings * (k - 1)) + m * k + m + 1


# %% right: counted_one_by_one
def trainings(m, k):
    out_of_fold = sum(1 for _ in range(k) for _ in range(m))
    return out_of_fold + m + 1


def trainings_of_whole(m, k, settings):
    return sum(m * (k - 1) + m + settings * (k - 1) + 1 for _ in range(k))


# %% right: multiplied_out
def trainings(m, k):
    return 1 + m * (1 + k)


def trainings_of_whole(m, k, settings):
    return m * k * k + k + settings * k * k - settings * k
