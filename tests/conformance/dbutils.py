"""The utilities of a notebook."""

from __future__ import annotations

from conformance.table import signature
from lakelab.dbutils import DBUtils

TITLE = "dbutils"

ROWS = [
    signature("dbutils.data.summarize", "(self, df, precise: bool=False) -> None", lambda: DBUtils().data.summarize),
]
