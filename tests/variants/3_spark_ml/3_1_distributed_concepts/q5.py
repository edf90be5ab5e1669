# %% wrong: perfectly_divisible
# hint: Tasks can't be divided
# hint: is only a lower bound
def stage_seconds(tasks, cores):
    return max([sum(tasks) / cores, *tasks], default=0.0)


def cores_that_help(tasks):
    return math.ceil(sum(tasks) / max(tasks))


# %% wrong: dealt_out_in_turn
# hint: are not dealt out beforehand
# hint: A core for each task is more than needed
def stage_seconds(tasks, cores):
    return float(max(sum(tasks[i::cores]) for i in range(cores)))


def cores_that_help(tasks):
    return len(tasks)


# %% wrong: longest_first
# hint: and not the longest first
def stage_seconds(tasks, cores):
    free = [0.0] * cores
    for seconds in sorted(tasks, reverse=True):
        free[free.index(min(free))] += seconds
    return max(free)


def cores_that_help(tasks):
    return next(c for c in range(1, len(tasks) + 1) if stage_seconds(tasks, c) == max(tasks))


# %% right: with_a_heap
import heapq


def stage_seconds(tasks, cores):
    running, end = [], 0.0
    for seconds in tasks:
        start = heapq.heappop(running) if len(running) >= cores else 0.0
        heapq.heappush(running, start + seconds)
        end = max(end, start + seconds)
    return float(end)


def cores_that_help(tasks):
    cores = len(tasks)
    while cores > 1 and stage_seconds(tasks, cores - 1) <= max(tasks):
        cores -= 1
    return cores


# %% right: with_numpy
def stage_seconds(tasks, cores):
    free = np.zeros(cores)
    for seconds in tasks:
        free[free.argmin()] += seconds
    return float(free.max())


def cores_that_help(tasks):
    times = [stage_seconds(tasks, cores) for cores in range(1, len(tasks) + 1)]
    return int(np.flatnonzero(np.isclose(times, min(times)))[0]) + 1


# %% right: takes_from_the_list
def stage_seconds(tasks, cores):
    busy, now = [], 0.0
    while tasks or busy:
        while tasks and len(busy) < cores:
            busy.append(now + tasks.pop(0))
        now = min(busy)
        busy.remove(now)
    return now


def cores_that_help(tasks):
    return next(cores for cores in range(1, len(tasks) + 1) if stage_seconds(tasks[:], cores) <= max(tasks))
