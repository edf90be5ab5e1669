"""``dbutils``, as notebooks on Databricks have it, for a local machine.

One module and class per group of utilities. The groups are made when they are first used, so that a notebook pays only
for what it calls.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lakelab.dbutils.data import DataUtils
    from lakelab.dbutils.widgets import WidgetUtils

__all__ = ["DBUtils"]


class DBUtils:
    """The utilities of one notebook."""

    @cached_property
    def data(self) -> DataUtils:
        """Looking at data sets: ``summarize``."""
        from lakelab.dbutils.data import DataUtils

        return DataUtils()

    @cached_property
    def widgets(self) -> WidgetUtils:
        """The notebook's parameters: ``text``, ``dropdown``, ``combobox``, ``multiselect``, ``get``, ``remove``, …"""
        from lakelab.dbutils.widgets import WidgetUtils

        return WidgetUtils()
