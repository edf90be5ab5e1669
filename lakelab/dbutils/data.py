"""``dbutils.data``: a look at a table."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any

from lakelab.dbutils.help import Utility

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.pandas import DataFrame as PandasOnSpark
    from pyspark.sql import DataFrame


class DataUtils(Utility):
    """Utilities for understanding data sets."""

    def summarize(self, df: DataFrame | pd.DataFrame | PandasOnSpark, precise: bool = False) -> None:
        """Display statistics and a small plot of every column; returns nothing.

        Numbers get mean, standard deviation, quantiles, zeros and a histogram, categories (strings and booleans)
        their most frequent values, dates and times their range. Null and NaN both count as missing. Zeros are a share
        of the known values, missing values one of all rows.

        Args:
            df: a Spark DataFrame, which is read twice whatever its number of columns (three times if ``precise``), a
                pandas-on-Spark one (its index is left out) or a pandas one. Cache a DataFrame that is dear to compute.
            precise: exact quantiles and distinct counts. Spark estimates them by default: quantiles' ranks are off by
                at most 1/10,000 of the rows, distinct counts by about 5 %. For pandas all numbers are always exact.

        Raises:
            ValueError: ``df`` is a stream.
            TypeError: ``df`` is none of these kinds of table.
        """
        from IPython.display import display

        from lakelab.dbutils import profile
        from lakelab.dbutils.profile_view import ProfileView

        if isinstance(df, _class_of("pandas", "DataFrame")):
            found = profile.from_pandas(df)
        else:
            if isinstance(df, _class_of("pyspark.pandas", "DataFrame")):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # advice about the index, which is left out on purpose
                    df = df.to_spark()
            if not isinstance(df, _class_of("pyspark.sql", "DataFrame")):
                raise TypeError(
                    f"dbutils.data.summarize takes a Spark, pandas or pandas-on-Spark DataFrame, not {type(df).__name__}."
                )
            if df.isStreaming:
                raise ValueError(
                    "dbutils.data.summarize cannot summarize a stream, which has no end: write it to a table and summarize that."
                )
            found = profile.from_spark(df, precise)
        display(ProfileView(found))


def _class_of(module: str, name: str) -> Any:
    """A class if its module is loaded, else no class at all: whoever has an instance has imported the module."""
    loaded = sys.modules.get(module)
    return () if loaded is None else getattr(loaded, name)
