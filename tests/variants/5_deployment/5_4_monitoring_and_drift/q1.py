# %% wrong: counts_not_shares
# hint: Compare shares
def psi(reference, current):
    return float(sum((max(current.get(c, 0), 1e-4) - max(reference.get(c, 0), 1e-4)) * math.log(max(current.get(c, 0), 1e-4) / max(reference.get(c, 0), 1e-4)) for c in {*reference, *current}))

# %% wrong: kullback_leibler
# hint: The factor before the logarithm
def psi(reference, current):
    p, q = (pd.Series(c, dtype=float) / sum(c.values()) for c in (reference, current))
    p, q = p.align(q, fill_value=0)
    p, q = p.clip(lower=1e-4), q.clip(lower=1e-4)
    return float((q * np.log(q / p)).sum())

# %% wrong: kullback_leibler_of_the_reference
# hint: The factor before the logarithm
def psi(reference, current):
    n, m = sum(reference.values()), sum(current.values())
    pairs = [(max(reference.get(c, 0) / n, 1e-4), max(current.get(c, 0) / m, 1e-4)) for c in {*reference, *current}]
    return float(sum(p * math.log(p / q) for p, q in pairs))

# %% wrong: common_categories_only
# hint: A category that is new has been left out
def psi(reference, current):
    n, m = sum(reference.values()), sum(current.values())
    pairs = [(reference[c] / n, current[c] / m) for c in reference if c in current and reference[c] and current[c]]
    return float(sum((q - p) * math.log(q / p) for p, q in pairs))

# %% wrong: everything_gets_a_little
# hint: no other share changes for it
def psi(reference, current):
    n, m = sum(reference.values()), sum(current.values())
    pairs = [(reference.get(c, 0) / n + 1e-4, current.get(c, 0) / m + 1e-4) for c in {*reference, *current}]
    return float(sum((q - p) * math.log(q / p) for p, q in pairs))

# %% right: with_pandas
def psi(reference, current):
    frame = pd.DataFrame({"p": pd.Series(reference, dtype=float), "q": pd.Series(current, dtype=float)}).fillna(0)
    frame = (frame / frame.sum()).clip(lower=0.0001)
    return float(((frame.q - frame.p) * np.log(frame.q / frame.p)).sum())

# %% right: a_loop
def psi(reference, current):
    total_reference, total_current = sum(reference.values()), sum(current.values())
    total = 0.0
    for category in list(reference) + [c for c in current if c not in reference]:
        p = reference.get(category, 0) / total_reference
        q = current.get(category, 0) / total_current
        if p < 0.0001:
            p = 0.0001
        if q < 0.0001:
            q = 0.0001
        total += (q - p) * (np.log(q) - np.log(p))
    return float(total)
