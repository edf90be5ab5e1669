# %% wrong: first_size_that_leads
# hint: This is the first size at which Spark ML was seen to be faster
# hint: At 9,000 rows
def crossing(measured):
    best = None
    for rows, single, cluster in sorted(measured, reverse=True):
        if cluster >= single:
            break
        best = float(rows)
    return best


def choose(measured, rows, table_bytes, memory_bytes):
    limit = crossing(measured)
    return "Spark ML" if table_bytes > memory_bytes or (limit is not None and rows > limit) else "scikit-learn"


# %% wrong: half_way
# hint: Half-way between two sizes
# hint: the line through the last two sizes goes on
def crossing(measured):
    measured = sorted(measured)
    if measured[-1][2] >= measured[-1][1]:
        return None
    behind = [i for i, (_, single, cluster) in enumerate(measured) if single <= cluster]
    if not behind:
        return float(measured[0][0])
    return (measured[behind[-1]][0] + measured[behind[-1] + 1][0]) / 2


def choose(measured, rows, table_bytes, memory_bytes):
    if table_bytes * 3 > memory_bytes:
        return "Spark ML"
    sizes, single, cluster = zip(*sorted(measured))
    return "Spark ML" if np.interp(rows, sizes, cluster) < np.interp(rows, sizes, single) else "scikit-learn"


# %% wrong: order_taken_for_granted
# hint: In another order
def crossing(measured):
    rows, single, cluster = np.array(measured, dtype=float).T
    lead = single - cluster
    if lead[-1] <= 0:
        return None
    behind = np.flatnonzero(lead <= 0)
    if len(behind) == 0:
        return float(rows[0])
    i = behind[-1]
    return float(rows[i] - lead[i] * (rows[i + 1] - rows[i]) / (lead[i + 1] - lead[i]))


def choose(measured, rows, table_bytes, memory_bytes):
    return "Spark ML" if 3 * table_bytes > memory_bytes or rows > (crossing(measured) or math.inf) else "scikit-learn"


# %% wrong: first_crossing_counts
# hint: that it led at a smaller one does not count
def crossing(measured):
    measured = sorted(measured)
    if measured[0][1] > measured[0][2]:
        return float(measured[0][0])
    for (r0, s0, c0), (r1, s1, c1) in zip(measured, measured[1:]):
        if s0 <= c0 and s1 > c1:
            return float(r0 + (r1 - r0) * (c0 - s0) / ((c0 - s0) + (s1 - c1)))
    return None


def choose(measured, rows, table_bytes, memory_bytes):
    return "Spark ML" if 3 * table_bytes > memory_bytes or rows > (crossing(measured) or math.inf) else "scikit-learn"


# %% wrong: draws_count_and_the_nearest_size_decides
# hint: With equal times at the largest size
# hint: neither the nearest size nor the middle decides
def crossing(measured):
    rows, single, cluster = np.array(sorted(measured), dtype=float).T
    lead = single - cluster
    if lead[-1] < 0:
        return None
    behind = np.flatnonzero(lead < 0)
    if len(behind) == 0:
        return float(rows[0])
    i = behind[-1]
    return float(np.interp(0, lead[i : i + 2], rows[i : i + 2]))


def choose(measured, rows, table_bytes, memory_bytes):
    if 3 * table_bytes > memory_bytes:
        return "Spark ML"
    _, single, cluster = min(measured, key=lambda size: abs(size[0] - rows))
    return "Spark ML" if cluster < single else "scikit-learn"


# %% wrong: lines_go_on_at_both_ends
# hint: the lines don't go on there
def crossing(measured):
    measured = sorted(measured)
    if measured[-1][2] >= measured[-1][1]:
        return None
    start = measured[0][0]
    for (n, a, b), (m, c, d) in zip(measured, measured[1:]):
        if a <= b and c > d:
            start = n + (m - n) * (b - a) / (b - a + c - d)
    return float(start)


def choose(measured, rows, table_bytes, memory_bytes):
    if 3 * table_bytes > memory_bytes:
        return "Spark ML"
    measured = sorted(measured)
    i = next((i for i in range(1, len(measured)) if rows <= measured[i][0]), len(measured) - 1)
    (n, a, b), (m, c, d) = measured[i - 1 : i + 1]
    share = (rows - n) / (m - n)
    return "Spark ML" if b + share * (d - b) < a + share * (c - a) else "scikit-learn"


# %% right: plain_python
def crossing(measured):
    measured = sorted(measured)
    found = None
    for (r0, s0, c0), (r1, s1, c1) in zip(measured, measured[1:]):
        if c1 >= s1:
            found = None
        elif c0 >= s0:
            found = float(r0 + (r1 - r0) * (c0 - s0) / ((c0 - s0) + (s1 - c1)))
    if found is None and all(c < s for _, s, c in measured):
        return float(measured[0][0])
    return found


def line(points, rows):
    if rows <= points[0][0]:
        return points[0][1]
    for (r0, t0), (r1, t1) in zip(points, points[1:]):
        if rows <= r1 or (r1, t1) == points[-1]:
            return t0 + (t1 - t0) * (rows - r0) / (r1 - r0)


def choose(measured, rows, table_bytes, memory_bytes):
    if memory_bytes < 3 * table_bytes:
        return "Spark ML"
    measured = sorted(measured)
    single, cluster = (line([(m[0], m[i]) for m in measured], rows) for i in (1, 2))
    return "scikit-learn" if single <= cluster else "Spark ML"


# %% right: pandas_and_bisection
def frame_of(measured):
    return pd.DataFrame(measured, columns=["rows", "single", "cluster"]).sort_values("rows").set_index("rows").astype(float)


def crossing(measured):
    table = frame_of(measured)
    ahead = table["cluster"] < table["single"]
    if not ahead.iloc[-1]:
        return None
    if ahead.all():
        return float(table.index[0])
    low, high = table.index[~ahead].max(), table.index[table.index > table.index[~ahead].max()].min()
    for _ in range(200):
        middle = (low + high) / 2
        single, cluster = (np.interp(middle, table.index, table[c]) for c in ("single", "cluster"))
        low, high = (low, middle) if cluster < single else (middle, high)
    return float(high)


def choose(measured, rows, table_bytes, memory_bytes):
    table = frame_of(measured)
    if rows > table.index[-1]:
        slope = (table.iloc[-1] - table.iloc[-2]) / (table.index[-1] - table.index[-2])
        at = table.iloc[-1] + slope * (rows - table.index[-1])
    else:
        at = {c: np.interp(rows, table.index, table[c]) for c in table}
    faster = "Spark ML" if at["cluster"] < at["single"] else "scikit-learn"
    return "Spark ML" if table_bytes * 3 > memory_bytes else faster
