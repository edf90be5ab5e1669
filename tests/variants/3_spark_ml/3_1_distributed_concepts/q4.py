# %% wrong: mean_of_the_means
# hint: forgets that one piece is larger
def merge(left, right):
    return left[0] + right[0], (left[1] + right[1]) / 2, left[2] + right[2]


# %% wrong: deviations_just_added
# hint: How far are the two means apart?
def merge(left, right):
    n = left[0] + right[0]
    if n == 0:
        return 0, 0.0, 0.0
    return n, (left[0] * left[1] + right[0] * right[1]) / n, left[2] + right[2]


# %% wrong: raw_squares
# hint: lost its digits
def merge(left, right):
    n = left[0] + right[0]
    if n == 0:
        return 0, 0.0, 0.0
    mean = (left[0] * left[1] + right[0] * right[1]) / n
    squares = sum(m2 + k * m**2 for k, m, m2 in (left, right))
    return n, mean, squares - n * mean**2


# %% wrong: empty_pieces_divide_by_zero
# hint: With empty pieces it divides by zero
def merge(left, right):
    n = left[0] + right[0]
    mean = (left[0] * left[1] + right[0] * right[1]) / n
    return n, mean, left[2] + right[2] + left[0] * (left[1] - mean) ** 2 + right[0] * (right[1] - mean) ** 2


# %% wrong: nothing_comes_back
# hint: Return a tuple of three
def merge(left, right):
    n = left[0] + right[0]
    mean = (left[0] * left[1] + right[0] * right[1]) / n if n else 0.0
    n, mean, left[2] + right[2] + left[0] * (left[1] - mean) ** 2 + right[0] * (right[1] - mean) ** 2


# %% right: around_the_common_mean
def merge(left, right):
    n = left[0] + right[0]
    mean = (left[0] * left[1] + right[0] * right[1]) / n if n else 0.0
    return n, mean, sum(m2 + k * (m - mean) ** 2 for k, m, m2 in (left, right))


# %% right: as_arrays
def merge(left, right):
    n, mean, m2 = np.array([left, right], dtype=float).T
    if n.sum() == 0:
        return left
    common = np.average(mean, weights=n)
    return int(n.sum()), float(common), float(np.sum(m2 + n * (mean - common) ** 2))
