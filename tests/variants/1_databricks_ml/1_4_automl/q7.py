# %% wrong: every_metric_there_is
# hint: these metrics judge classes
offered = {"accuracy", "log_loss", "mae", "mape", "mse", "r2", "rmse", "roc_auc", "smape"}
by_default, same_order, for_the_desk = "r2", {"r2", "rmse", "mse"}, "mae"

# %% wrong: relative_errors
# hint: are for forecasts
offered = {"mae", "mape", "mse", "r2", "rmse"}
by_default, same_order, for_the_desk = "r2", {"r2", "rmse", "mse"}, "mae"

# %% wrong: rmse_by_default
# hint: whose metric nobody named
offered = {"mae", "mse", "r2", "rmse"}
by_default, same_order, for_the_desk = "rmse", {"r2", "rmse", "mse"}, "mae"

# %% wrong: all_agree
# hint: first by absolute ones
offered = {"mae", "mse", "r2", "rmse"}
by_default, same_order, for_the_desk = "r2", {"r2", "rmse", "mse", "mae"}, "mae"

# %% wrong: rmse_for_the_desk
# hint: dearer than sixty
offered = {"mae", "mse", "r2", "rmse"}
by_default, same_order, for_the_desk = "r2", {"r2", "rmse", "mse"}, "rmse"

# %% right: named_one_by_one
offered = {"r2", "mae", "rmse", "mse"}
by_default = "r2"
same_order = {"mse", "rmse", "r2"}
for_the_desk = "mae"

# %% right: from_the_error_message
try:
    automl.regress(houses, target_col="price", primary_metric="?")
except ValueError as error:
    offered = set(str(error).rsplit("one of ", 1)[1].rstrip(".").split(", "))
by_default = "r2"
same_order = offered - {"mae"}
for_the_desk = "mae"
