# %% wrong: maximises_the_error
# hint: look for the worst model
def make_objective(score):
    def objective(settings):
        try:
            value = score(settings)
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": str(error)}
        if not np.isfinite(value):
            return {"status": STATUS_FAIL, "reason": "not finite"}
        return {"status": STATUS_OK, "loss": value}

    return objective

# %% wrong: one_minus_the_score
# hint: is the negative of the score
def make_objective(score):
    def objective(settings):
        try:
            value = score(settings)
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": str(error)}
        if not np.isfinite(value):
            return {"status": STATUS_FAIL, "reason": "not finite"}
        return {"status": STATUS_OK, "loss": 1 - value}

    return objective

# %% wrong: only_value_errors
# hint: came through and would end the whole search
def make_objective(score):
    def objective(settings):
        try:
            value = score(settings)
        except ValueError as error:
            return {"status": STATUS_FAIL, "reason": str(error)}
        if not np.isfinite(value):
            return {"status": STATUS_FAIL, "reason": "not finite"}
        return {"status": STATUS_OK, "loss": -value}

    return objective

# %% wrong: nan_is_ok
# hint: TPE forgets NaNs
def make_objective(score):
    def objective(settings):
        try:
            return {"status": STATUS_OK, "loss": -score(settings)}
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": str(error)}

    return objective

# %% wrong: only_nan_not_infinity
# hint: infinity may win
def make_objective(score):
    def objective(settings):
        try:
            value = score(settings)
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": str(error)}
        if math.isnan(value):
            return {"status": STATUS_FAIL, "reason": "nan"}
        return {"status": STATUS_OK, "loss": -value}

    return objective

# %% wrong: failure_as_a_huge_loss
# hint: is reported with STATUS_FAIL
def make_objective(score):
    def objective(settings):
        try:
            value = score(settings)
        except Exception as error:
            return {"status": STATUS_OK, "loss": 1e9, "reason": str(error)}
        if not np.isfinite(value):
            return {"status": STATUS_OK, "loss": 1e9, "reason": "not finite"}
        return {"status": STATUS_OK, "loss": -value}

    return objective

# %% wrong: failure_with_a_loss
# hint: A trial that failed has no loss
def make_objective(score):
    def objective(settings):
        try:
            value = score(settings)
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": str(error), "loss": 0.0}
        if not np.isfinite(value):
            return {"status": STATUS_FAIL, "reason": "not finite", "loss": 0.0}
        return {"status": STATUS_OK, "loss": -value}

    return objective

# %% wrong: catches_the_keyboard_too
# hint: nobody can stop this search
def make_objective(score):
    def objective(settings):
        try:
            value = score(settings)
            assert np.isfinite(value), "not finite"
            return {"status": STATUS_OK, "loss": -value}
        except BaseException as error:
            return {"status": STATUS_FAIL, "reason": str(error)}

    return objective

# %% wrong: failed_without_a_word
# hint: hold the message of the error
def make_objective(score):
    def objective(settings):
        try:
            value = score(settings)
        except Exception:
            return {"status": STATUS_FAIL, "reason": "failed"}
        if not np.isfinite(value):
            return {"status": STATUS_FAIL, "reason": "failed"}
        return {"status": STATUS_OK, "loss": -value}

    return objective

# %% wrong: zero_taken_for_nothing
# hint: score like any other
def make_objective(score):
    def objective(settings):
        try:
            value = score(settings)
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": str(error)}
        if not value or not np.isfinite(value):
            return {"status": STATUS_FAIL, "reason": "no score", "loss": None}
        return {"status": STATUS_OK, "loss": -value}

    def careful(settings):
        result = objective(settings)
        return result if result["status"] == STATUS_OK else {**result, "loss": float("nan")} if "no score" in result["reason"] else result

    return careful

# %% wrong: scores_the_desks_model_only
# hint: with the settings as they come
def make_objective(score):
    def objective(settings):
        try:
            return {"status": STATUS_OK, "loss": -valid_r2(settings)}
        except Exception as error:
            return {"status": STATUS_FAIL, "reason": str(error)}

    return objective

# %% right: raises_for_what_is_not_finite
def make_objective(score):
    def objective(settings):
        try:
            r2 = score(settings)
            if np.isnan(r2) or np.isinf(r2):
                raise ValueError(f"score was {r2}")
            return {"loss": -r2, "status": STATUS_OK}
        except Exception as e:
            return {"status": STATUS_FAIL, "reason": f"{type(e).__name__}: {e}"}

    return objective

# %% right: a_class_with_a_traceback
import traceback


class _Guarded:
    def __init__(self, score):
        self.score = score

    def __call__(self, settings):
        result = {"status": STATUS_FAIL, "loss": None}
        try:
            value = float(self.score(settings))
        except Exception:
            result["reason"] = traceback.format_exc()
        else:
            if -math.inf < value < math.inf:
                return {"status": "ok", "loss": 0.0 - value}
            result["reason"] = "The score is not a finite number."
        return result


def make_objective(score):
    return _Guarded(score)
