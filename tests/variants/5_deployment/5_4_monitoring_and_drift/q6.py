# %% wrong: significant_is_drift
# hint: every difference is significant
# hint: an alert without an action is noise
kinds = {1: "data drift", 2: "concept drift", 3: "data error", 4: "concept drift", 5: "data drift", 6: "data drift"}
actions = {1: "nothing", 2: "test a retrained challenger", 3: "repair the data path", 4: "test a retrained challenger", 5: "test a retrained challenger", 6: "test a retrained challenger"}

# %% wrong: retrain_everything
# hint: the world has not cooled down
# hint: learns the error
kinds = {1: "data drift", 2: "concept drift", 3: "data drift", 4: "concept drift", 5: "no drift", 6: "data drift"}
actions = {n: "test a retrained challenger" for n in range(1, 7)}

# %% wrong: inputs_stand_still_so_nothing
# hint: Call 2: the inputs are the same
# hint: Call 1: the inputs have moved
kinds = {1: "data drift", 2: "no drift", 3: "data error", 4: "no drift", 5: "no drift", 6: "data drift"}
actions = {1: "test a retrained challenger", 2: "nothing", 3: "repair the data path", 4: "nothing", 5: "nothing", 6: "test a retrained challenger"}

# %% wrong: concept_for_all_that_moves
# hint: Call 1: what has moved
# hint: Calls 2 and 4
kinds = {1: "concept drift", 2: "concept drift", 3: "data error", 4: "concept drift", 5: "no drift", 6: "concept drift"}
actions = {1: "nothing", 2: "test a retrained challenger", 3: "repair the data path", 4: "nothing", 5: "nothing", 6: "nothing"}

# %% right: the_other_order
actions = {3: "repair the data path"} | dict.fromkeys((1, 5), "nothing") | dict.fromkeys((2, 4, 6), "test a retrained challenger")
kinds = dict.fromkeys((2, 4), "concept drift") | dict.fromkeys((1, 6), "data drift")
kinds.update({3: "data error", 5: "no drift"})

# %% right: built_up
kinds, actions = {}, {}
for call, kind, action in [(1, "data drift", "nothing"), (2, "concept drift", "test a retrained challenger"), (3, "data error", "repair the data path"), (4, "concept drift", "test a retrained challenger"), (5, "no drift", "nothing"), (6, "data drift", "test a retrained challenger")]:
    kinds[call], actions[call] = kind, action
