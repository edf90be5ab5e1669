# %% wrong: rows_of_the_training_part
# hint: the notebook looks at all of them
rows = 519
missing = {"yr_renovated"}
skewed = {"bedrooms", "sqft_lot", "view", "sqft_lot15", "price"}
twin_of_sqft_lot = "sqft_lot15"

# %% wrong: target_forgotten
# hint: the target has an alert as well
rows = 865
missing = {"yr_renovated"}
skewed = {"bedrooms", "sqft_lot", "view", "sqft_lot15"}
twin_of_sqft_lot = "sqft_lot15"

# %% wrong: zeros_taken_for_missing
# hint: A zero is a value
rows = 865
missing = {"yr_renovated", "sqft_basement"}
skewed = {"bedrooms", "sqft_lot", "view", "sqft_lot15", "price"}
twin_of_sqft_lot = "sqft_lot15"

# %% wrong: guessed_twin
# hint: of the kind correlated
rows = 865
missing = {"yr_renovated"}
skewed = {"bedrooms", "sqft_lot", "view", "sqft_lot15", "price"}
twin_of_sqft_lot = "sqft_living"

# %% right: read_by_eye
rows = 865
missing = {"yr_renovated"}
skewed = {"price", "bedrooms", "view", "sqft_lot", "sqft_lot15"}
twin_of_sqft_lot = "sqft_lot15"

# %% right: computed_from_the_data
table = houses.drop(columns="id")
rows = len(table)
missing = set(table.columns[table.isna().any()])
skewed = {c for c in table.select_dtypes("number") if abs(table[c].skew()) > 2}
twin_of_sqft_lot = table.select_dtypes("number").corr("spearman")["sqft_lot"].drop("sqft_lot").idxmax()
