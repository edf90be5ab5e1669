# %% wrong: knows_the_future
# hint: It has looked into the future
# hint: A small gap alone is no good sign
def stop_at(errors, patience):
    return int(np.argmin(errors)) + 1


def diagnose(curve, target):
    last = curve.sort_values("rows").iloc[-1]
    if last["other"] <= target:
        return "good"
    return "variance" if last["other"] - last["own"] > 0.1 else "good"


# %% wrong: keeps_the_bad_rounds
# hint: This is the round at which training stops
# hint: There is a gap here
def stop_at(errors, patience):
    best = 0
    for at, error in enumerate(errors):
        if error < errors[best]:
            best = at
        elif at - best >= patience:
            return at + 1
    return best + 1


def diagnose(curve, target):
    last = curve.sort_values("rows").iloc[-1]
    if last["other"] <= target:
        return "good"
    return "variance" if last["other"] > 1.1 * last["own"] else "bias"


# %% wrong: counted_from_zero
# hint: Off by one
# hint: in no particular order
def stop_at(errors, patience):
    best = 0
    for at in range(len(errors)):
        if errors[at] < errors[best]:
            best = at
        elif at - best >= patience:
            break
    return best


def diagnose(curve, target):
    last = curve.iloc[-1]
    if last["other"] <= target:
        return "good"
    return "bias" if last["own"] > target else "variance"


# %% wrong: better_than_the_last_round
# hint: It has looked into the future
# hint: Equal to the target counts as reached
def stop_at(errors, patience):
    worse = 0
    for at in range(1, len(errors)):
        worse = worse + 1 if errors[at] >= errors[at - 1] else 0
        if worse == patience:
            errors = errors[: at + 1]
            break
    return errors.index(min(errors)) + 1


def diagnose(curve, target):
    last = curve.sort_values("rows").iloc[-1]
    if last["other"] < target:
        return "good"
    return "bias" if last["own"] > target else "variance"


# %% right: by_windows
def stop_at(errors, patience):
    for end in range(patience + 1, len(errors) + 1):
        if min(errors[end - patience : end]) >= min(errors[: end - patience]):
            errors = errors[: end - patience]
            break
    return errors.index(min(errors)) + 1


def diagnose(curve, target):
    most = curve[curve["rows"] == curve["rows"].max()]
    own, other = most["own"].iloc[0], most["other"].iloc[0]
    return "good" if other <= target else "variance" if own <= target else "bias"


# %% right: a_counter
def stop_at(errors, patience):
    keep, best, waited = 1, errors[0], 0
    for number, error in enumerate(errors[1:], start=2):
        if error < best:
            keep, best, waited = number, error, 0
        else:
            waited += 1
            if waited == patience:
                return keep
    return keep


def diagnose(curve, target):
    most = curve.loc[curve["rows"].idxmax()]
    if most["other"] <= target:
        return "good"
    if most["own"] <= target:
        return "variance"
    return "bias"
