# %% wrong: the_day_itself_too
# hint: not what happens on the day itself
def make_features(flights):
    day = pd.to_datetime(flights["day"])
    shares = [flights.loc[(flights["carrier"] == c) & (day <= d) & (day >= d - pd.Timedelta(days=7)), "late"].mean() for c, d in zip(flights["carrier"], day)]
    return flights.assign(carrier_late_7d=shares)[["flight_id", "day", "carrier", "hour", "distance", "carrier_late_7d", "late"]]

# %% wrong: last_seven_days_flown
# hint: days of the calendar
def make_features(flights):
    daily = flights.groupby(["carrier", "day"])["late"].agg(["sum", "count"]).sort_index()
    past = daily.groupby("carrier").transform(lambda column: column.shift().rolling(7, min_periods=1).sum())
    share = (past["sum"] / past["count"].replace(0, np.nan)).rename("carrier_late_7d").reset_index()
    return flights.merge(share, on=["carrier", "day"], how="left")[["flight_id", "day", "carrier", "hour", "distance", "carrier_late_7d", "late"]]

# %% wrong: mean_of_days
# hint: not the mean of the days' shares
def make_features(flights):
    date = pd.to_datetime(flights["day"])
    daily = flights.assign(date=date).groupby(["carrier", "date"])["late"].mean().reset_index()
    shares = [daily.loc[(daily["carrier"] == c) & (daily["date"] < d) & (daily["date"] >= d - pd.Timedelta(days=7)), "late"].mean() for c, d in zip(flights["carrier"], date)]
    return flights.assign(carrier_late_7d=shares)[["flight_id", "day", "carrier", "hour", "distance", "carrier_late_7d", "late"]]

# %% wrong: unknown_counts_as_punctual
# hint: it should not count
def make_features(flights):
    day, late = pd.to_datetime(flights["day"]), flights["late"].fillna(0)
    shares = [late[(flights["carrier"] == c) & (day < d) & (day >= d - pd.Timedelta(days=7))].mean() for c, d in zip(flights["carrier"], day)]
    return flights.assign(carrier_late_7d=shares)[["flight_id", "day", "carrier", "hour", "distance", "carrier_late_7d", "late"]]

# %% right: row_by_row
def make_features(flights):
    day = pd.to_datetime(flights["day"])
    shares = [flights.loc[(flights["carrier"] == c) & (day < d) & (day >= d - pd.Timedelta(days=7)), "late"].mean() for c, d in zip(flights["carrier"], day)]
    return flights.assign(carrier_late_7d=shares)[["flight_id", "day", "carrier", "hour", "distance", "carrier_late_7d", "late"]]

# %% right: rolling_over_a_full_calendar
def make_features(flights):
    dated = flights.assign(date=pd.to_datetime(flights["day"]))
    calendar = pd.date_range(dated["date"].min(), dated["date"].max())
    late = dated.pivot_table(index="date", columns="carrier", values="late", aggfunc="sum").reindex(calendar).fillna(0)
    n = dated.pivot_table(index="date", columns="carrier", values="late", aggfunc="count").reindex(calendar).fillna(0)
    share = late.rolling(7, min_periods=1).sum().shift() / n.rolling(7, min_periods=1).sum().shift().replace(0, np.nan)
    share = share.rename_axis("date").reset_index().melt(id_vars="date", value_name="carrier_late_7d", var_name="carrier")
    return dated.merge(share, on=["date", "carrier"], how="left").drop(columns=["date", "dest"])
