"""``dbutils.library``: the notebook's own libraries, which ``%pip`` installs.

A notebook has a folder of its own below LAKELAB_HOME. It comes after the environment's packages on ``sys.path`` and holds only what
those lack, so that nothing in it can change the course's pinned packages. Spark's workers get the same folder.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

from lakelab import home
from lakelab.dbutils.help import Utility


class LibraryUtils(Utility):
    """The notebook's libraries: restartPython, after %pip has installed some."""

    def restartPython(self) -> None:
        """Restart the notebook's Python, so that newly installed libraries are imported afresh; variables are gone.

        In a notebook that runs unattended (papermill, a job) nobody would start Python again: it goes on as it is, and says so.

        Raises:
            RuntimeError: this is no notebook.
        """
        kernel = _kernel()
        if kernel is None:
            raise RuntimeError(
                "dbutils.library.restartPython restarts the Python of a notebook; here, end Python and start it again."
            )
        if "JPY_SESSION_NAME" not in os.environ:  # set by Jupyter's server, which starts a kernel that ended again
            print("Python goes on as it is: nobody would start it again in a notebook that runs unattended.")
            return
        kernel.do_shutdown(restart=True)


def layer() -> Path:
    """Return the folder of this notebook's libraries; it need not exist.

    The notebook is the one that Jupyter or `dbutils.notebook.run` names, otherwise whatever runs in the working directory.
    """
    notebook = os.environ.get("LAKELAB_NOTEBOOK") or os.environ.get("JPY_SESSION_NAME") or os.getcwd()  # noqa: PTH109
    return home.libraries_path() / f"{Path(notebook).stem}-{home.fingerprint(Path(notebook).absolute())}"


def use(folder: Path) -> None:
    """Put a folder of libraries behind everything else on this Python's path, and on that of Spark's workers and of child processes."""
    place = str(folder)
    if place not in sys.path:
        sys.path.append(place)
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    if place not in paths:
        os.environ["PYTHONPATH"] = os.pathsep.join([*paths, place])
    importlib.invalidate_caches()
    if (pyspark := sys.modules.get("pyspark")) is not None:
        context = pyspark.SparkContext._active_spark_context
        if context is not None:  # its JVM started before, with another environment
            context.environment["PYTHONPATH"] = os.environ["PYTHONPATH"]


def _kernel() -> Any:
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None)
