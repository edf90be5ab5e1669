"""``dbutils``, as notebooks on Databricks have it, for a local machine.

One module and class per group of utilities. The groups are made when they are first used, so that a notebook pays only
for what it calls.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from lakelab.dbutils.help import overview

if TYPE_CHECKING:
    from lakelab.dbutils.data import DataUtils
    from lakelab.dbutils.fs import FileSystemUtils
    from lakelab.dbutils.jobs import JobsUtils
    from lakelab.dbutils.library import LibraryUtils
    from lakelab.dbutils.notebook import NotebookUtils
    from lakelab.dbutils.secrets import SecretsUtils
    from lakelab.dbutils.widgets import WidgetUtils

__all__ = ["DBUtils"]


class DBUtils:
    """The utilities of one notebook. Each group explains itself: dbutils.fs.help(), dbutils.fs.help("cp")."""

    @cached_property
    def data(self) -> DataUtils:
        """Looking at data sets: ``summarize``."""
        from lakelab.dbutils.data import DataUtils

        return DataUtils()

    @cached_property
    def fs(self) -> FileSystemUtils:
        """Files of the workspace: ``ls``, ``head``, ``put``, ``cp``, ``mv``, ``rm``, ``mkdirs``."""
        from lakelab.dbutils.fs import FileSystemUtils

        return FileSystemUtils()

    @cached_property
    def jobs(self) -> JobsUtils:
        """Values passed between the tasks of a job: ``taskValues``."""
        from lakelab.dbutils.jobs import JobsUtils

        return JobsUtils()

    @cached_property
    def library(self) -> LibraryUtils:
        """The notebook's libraries: ``restartPython``."""
        from lakelab.dbutils.library import LibraryUtils

        return LibraryUtils()

    @cached_property
    def notebook(self) -> NotebookUtils:
        """Notebooks that run notebooks: ``run``, ``exit``."""
        from lakelab.dbutils.notebook import NotebookUtils

        return NotebookUtils()

    @cached_property
    def secrets(self) -> SecretsUtils:
        """Passwords and tokens: ``get``, ``getBytes``, ``list``, ``listScopes``."""
        from lakelab.dbutils.secrets import SecretsUtils

        return SecretsUtils()

    @cached_property
    def widgets(self) -> WidgetUtils:
        """The notebook's parameters: ``text``, ``dropdown``, ``combobox``, ``multiselect``, ``get``, ``remove``, …"""
        from lakelab.dbutils.widgets import WidgetUtils

        return WidgetUtils()

    def help(self) -> None:
        """Print what the groups are for."""
        groups = {name: group for name, group in vars(type(self)).items() if isinstance(group, cached_property)}
        print(overview(self, groups))
