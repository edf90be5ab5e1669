# %% wrong: first_n
# hint: their order is an accident
def expected_best(losses, n):
    return float(min(losses[:n])) if n > 1 else float(np.mean(losses))

# %% wrong: first_trial
# hint: With n = 1 this is the first loss
def expected_best(losses, n):
    return float(min(losses[:n]))

# %% wrong: with_replacement
# hint: drawn with replacement
def expected_best(losses, n):
    ordered = sorted(losses)
    total = len(ordered)
    return float(sum(x * (((total - k) / total) ** n - ((total - k - 1) / total) ** n) for k, x in enumerate(ordered))) if n < total else float(ordered[0])

# %% wrong: lowest_of_all
# hint: mean of all losses
def expected_best(losses, n):
    return float(min(losses))

# %% wrong: a_few_random_draws
# hint: not exact enough
def expected_best(losses, n):
    if n in (1, len(losses)):
        return float(np.mean(losses)) if n == 1 else float(min(losses))
    rng = np.random.default_rng(0)
    return float(np.mean([min(rng.choice(losses, n, replace=False)) for _ in range(500)]))

# %% wrong: quantile
# hint: not exact enough
def expected_best(losses, n):
    return float(np.mean(losses)) if n == 1 else float(np.quantile(losses, 1 / (n + 1))) if n < len(losses) else float(min(losses))

# %% right: step_by_step_probabilities
def expected_best(losses, n):
    ordered = sorted(losses)
    total = len(ordered)
    expected, none_so_far = 0.0, 1.0  # the chance that none of the better ones was drawn
    for k, loss in enumerate(ordered):
        drawn = min(1.0, n / (total - k))
        expected += loss * none_so_far * drawn
        none_so_far *= 1 - drawn
    return float(expected)

# %% right: survival_with_scipy
def expected_best(losses, n):
    from scipy.special import comb

    ordered = np.sort(np.asarray(losses, dtype=float))
    total = len(ordered)
    at_least = np.array([comb(total - k, n) for k in range(total + 1)]) / comb(total, n)
    return float(np.sum(ordered * (at_least[:-1] - at_least[1:])))

# %% right: logarithms_of_factorials
def expected_best(losses, n):
    def log_ways(total, drawn):
        return math.lgamma(total + 1) - math.lgamma(drawn + 1) - math.lgamma(total - drawn + 1)

    ordered, total = sorted(losses), len(losses)
    return math.fsum(loss * math.exp(log_ways(total - 1 - k, n - 1) - log_ways(total, n)) for k, loss in enumerate(ordered) if total - 1 - k >= n - 1)
