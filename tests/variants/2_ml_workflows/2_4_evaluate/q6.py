# %% wrong: compares_with_the_raw_rows
# hint: compare two outputs with each other
# hint: does the morning flight know
def find_leaks(step, train, test):
    train_out, test_out = step(train, test)
    leaks = set()
    if not train_out.equals(train):
        leaks.add("train sees test")
    if not test_out.equals(test):
        leaks.add("test sees test")
    return leaks


answer_6b = {"A", "E", "G"}

# %% wrong: the_label_itself_counts_as_a_feature
# hint: the label is none of them
# hint: contains their labels
def find_leaks(step, train, test):
    train_out, test_out = step(train, test)
    leaks = set()
    if not step(train, test.iloc[:1])[0].equals(train_out):
        leaks.add("train sees test")
    if not step(train, test.assign(label=1 - test["label"]))[1].equals(test_out):
        leaks.add("test sees labels")
    if not step(train, test.iloc[:1])[1].equals(test_out.iloc[:1]):
        leaks.add("test sees test")
    return leaks


answer_6b = {"A", "C", "E"}

# %% wrong: only_the_first_leak
# hint: center_by_all
# hint: written only after take-off
def find_leaks(step, train, test):
    train_out, test_out = step(train, test)
    if not step(train, test.iloc[:1])[0].equals(train_out):
        return {"train sees test"}
    if not step(train, test.assign(label=1 - test["label"]))[1].drop(columns="label").equals(test_out.drop(columns="label")):
        return {"test sees labels"}
    if not step(train, test.iloc[:1])[1].equals(test_out.iloc[:1]):
        return {"test sees test"}
    return set()


answer_6b = {"C", "G"}

# %% wrong: labels_never_looked_at
# hint: hid the test label in a feature
# hint: What is known by then may be used
def find_leaks(step, train, test):
    train_out, test_out = step(train, test)
    leaks = set()
    for i in range(len(test)):
        a, b = step(train, test.iloc[[i]])
        if not a.equals(train_out):
            leaks.add("train sees test")
        if not b.equals(test_out.iloc[[i]]):
            leaks.add("test sees test")
    return leaks


answer_6b = {"A", "C", "D", "E", "G"}

# %% wrong: shuffles_the_training_labels_too
# hint: the training labels was accused
# hint: known two hours before departure
def find_leaks(step, train, test):
    train_out, test_out = step(train, test)
    leaks = set()
    if not step(train, test.iloc[:1])[0].equals(train_out):
        leaks.add("train sees test")
    if not step(train, test.iloc[:1])[1].equals(test_out.iloc[:1]):
        leaks.add("test sees test")
    flipped = step(train.assign(label=1 - train["label"]), test.assign(label=1 - test["label"]))[1]
    if not flipped.drop(columns="label").equals(test_out.drop(columns="label")):
        leaks.add("test sees labels")
    return leaks


answer_6b = {"A", "B", "C", "E", "F", "G"}

# %% wrong: everybody_is_guilty
# hint: Return a set, which is empty where nothing leaks
def find_leaks(step, train, test):
    return ["train sees test", "test sees labels", "test sees test"]


answer_6b = set("ABCDEFG")

# %% wrong: by_the_name_of_the_step
# hint: went unnoticed
def find_leaks(step, train, test):
    return {"train sees test", "test sees test"} if "all" in step.__name__ else set()


answer_6b = {"A", "C", "E", "G"}

# %% wrong: reads_the_source
# hint: went unnoticed
def find_leaks(step, train, test):
    code = step.__code__
    return {"train sees test", "test sees test"} if "concat" in code.co_names else set()


answer_6b = {"A", "C", "E", "G"}

# %% right: values_not_frames
def find_leaks(step, train, test):
    def rows(frame, features_only):
        frame = frame.drop(columns="label") if features_only else frame
        return [tuple("gap" if x != x or x is None else x for x in row) for row in frame.itertuples(index=False)]

    old_train, old_test = step(train.copy(), test.copy())
    found = set()
    flipped = step(train.copy(), test.assign(label=1 - test["label"]))[1]
    if rows(flipped, True) != rows(old_test, True):
        found.add("test sees labels")
    for part in (test.iloc[:1], test.iloc[1:2], test.iloc[-1:]):
        new_train, new_test = step(train.copy(), part.copy())
        where = [test.index.get_loc(i) for i in part.index]
        if rows(new_train, False) != rows(old_train, False):
            found.add("train sees test")
        if rows(new_test, True) != [rows(old_test, True)[k] for k in where]:
            found.add("test sees test")
    return found


answer_6b = ["g", "e", "c", "a"]

# %% right: duplicates_and_strangers
def find_leaks(step, train, test):
    def differ(a, b):
        try:
            pd.testing.assert_frame_equal(a.reset_index(drop=True), b.reset_index(drop=True), check_dtype=False)
        except AssertionError:
            return True
        return False

    def x(frame):
        return frame.drop(columns="label")

    whole = step(train, test)
    halves = [test.iloc[: len(test) // 2], test.iloc[len(test) // 2 :]]
    apart = [step(train, half) for half in halves]
    flipped = step(train, test.assign(label=1 - test["label"]))
    answer = set()
    if any(differ(train_out, whole[0]) for train_out, _ in apart):
        answer.add("train sees test")
    if differ(pd.concat([x(test_out) for _, test_out in apart]), x(whole[1])):
        answer.add("test sees test")
    if differ(x(flipped[1]), x(whole[1])):
        answer.add("test sees labels")
    return answer


answer_6b = "ACEG"
