# %% wrong: sum_of_lengths
# hint: adding the lengths counts too few
def count_models(grid, folds, refit):
    return sum(len(v) for v in grid.values()) * folds + int(refit)

# %% wrong: folds_forgotten
# hint: trained once per fold
def count_models(grid, folds, refit):
    return len(ParameterGrid(grid)) + int(refit)

# %% wrong: refit_forgotten
# hint: The refit is a model too
def count_models(grid, folds, refit):
    return len(ParameterGrid(grid)) * folds

# %% wrong: refit_of_every_combination
# hint: Only the best combination is refitted
def count_models(grid, folds, refit):
    return len(ParameterGrid(grid)) * (folds + int(refit))

# %% wrong: refit_once_per_fold
# hint: not once per fold
def count_models(grid, folds, refit):
    return (len(ParameterGrid(grid)) + int(refit)) * folds

# %% wrong: first_grid_of_a_list
# hint: All the grids of a list
def count_models(grid, folds, refit):
    first = grid[0] if isinstance(grid, list) else grid
    return int(np.prod([len(v) for v in first.values()])) * folds + int(refit)

# %% wrong: refit_per_grid
# hint: refitted once, not one for each grid
def count_models(grid, folds, refit):
    grids = grid if isinstance(grid, list) else [grid]
    return sum(math.prod(len(v) for v in g.values()) * folds + int(refit) for g in grids)

# %% wrong: grids_multiplied
# hint: added, not multiplied
def count_models(grid, folds, refit):
    grids = grid if isinstance(grid, list) else [grid]
    return math.prod(math.prod(len(v) for v in g.values()) for g in grids) * folds + int(refit)

# %% wrong: repeated_values_once
# hint: listed twice are trained twice
def count_models(grid, folds, refit):
    grids = grid if isinstance(grid, list) else [grid]
    return sum(math.prod(len(set(v)) for v in g.values()) for g in grids) * folds + int(refit)

# %% right: product_of_lengths
def count_models(grid, folds, refit):
    grids = grid if isinstance(grid, (list, tuple)) else [grid]
    combinations = 0
    for g in grids:
        n = 1
        for values in g.values():
            n *= len(values)
        combinations += n
    return combinations * folds + (1 if refit else 0)

# %% right: numpy_whole_number
def count_models(grid, folds, refit):
    grids = [grid] if isinstance(grid, dict) else grid
    return np.sum([np.prod([len(v) for v in g.values()], dtype=int) for g in grids]) * folds + refit
