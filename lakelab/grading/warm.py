"""What a worker of the engine `lakelab-warm` keeps from one submission to the next, and how it is made as new in between.

Kernels are forked from an importing process; Spark's JVM is lent to one kernel after another; Spark's Python workers are forked like the
kernels. Every submission of a worker finds its files at the same place, emptied in between, because the JVM's working directory is there.
Where something warm is not to be had, its cold counterpart takes its place without a word: results are the same.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
from nbformat import NotebookNode

from lakelab.grading.execute import FOLDERS, kernel_environment, scratch_folder
from lakelab.grading.processes import end_children, memory_of
from lakelab.grading.verdict import Outcome, Verdict
from lakelab.spark import borrowing
from lakelab.spark.lending import SharedJvm
from lakelab.warm import shared
from lakelab.warm.client import ForkError, Zygote, libraries_in, supported

_USES_SPARK = {"lakelab", "pyspark"}

# Ways to the gateway's objects past pyspark's own interface. Whoever hides the words is not found out by them; see `lakelab.spark.lending` for
# what bounds the consequences.
_DIRECT = re.compile(
    r"\b_(?:jvm|jsc|jdf|jsparkSession|java_obj|gateway)\b|py4j|GATEWAY|\badd\s+jar\b|addJar", re.IGNORECASE
)

_SPOILT = (Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY, Verdict.KERNEL_DIED)


def _own_cells(nb: NotebookNode) -> Iterator[str]:
    """Yield the sources of the code that is the submission's; what is locked was restored from the course's source, and courses know what they do."""
    for cell in nb.cells:
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("locked"):
            yield cell.source


class WarmEngine:
    """Places for submissions, one after another, with all that is warm kept ready below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: Path | None = None
        self._zygote: Zygote | None = None
        self._jvm: SharedJvm | None = None
        self._jvm_credit: dict[int, float] = {}

    @contextlib.contextmanager
    def place(self, nb: NotebookNode, files: Path | None) -> Iterator[Path]:
        """Give a scratch folder for one notebook; what the notebook leaves is gone afterwards."""
        sources = [cell.source for cell in nb.cells if cell.cell_type == "code"]
        if not self._warm_up(libraries_in(sources)):
            with scratch_folder(files) as scratch:
                yield scratch
            return
        assert self._own is not None
        scratch = self._own / "scratch"
        if files is not None and files.is_dir():
            shutil.copytree(files, scratch / "work", symlinks=True, dirs_exist_ok=True)
        yield scratch

    def clean(self, nb: NotebookNode, outcome: Outcome | None) -> str:
        """End and remove all that a submission left; what can't be made as new is made anew for the next one.

        Returns why something has to be replaced, or an empty text.
        """
        why = ""
        end_children(self._spared())
        if self._jvm is not None and self._jvm.is_lent:
            direct = any(_DIRECT.search(source) for source in _own_cells(nb))
            if outcome is None or outcome.verdict in _SPOILT or direct:
                why = "its gateway was used directly" if direct else "the notebook did not come to its end"
                self._jvm.stop()
            else:
                why = self._jvm.clean()
        if self._own is not None and not self._empty():
            why = "its folder could not be emptied"
            self._end()
        if self._own is not None and not self._intact():
            why = why or "what it keeps ready was touched"
            self._end()
        end_children(self._spared())
        return why

    def folders(self) -> set[Path]:
        """Return what it keeps from one submission to the next."""
        return {self._own} if self._own is not None else set()

    def environment(self) -> dict[str, str]:
        """Return what a kernel is told about what is ready."""
        told = {}
        if self._zygote is not None and self._zygote.worker_python is not None:
            told["LAKELAB_WORKER_PYTHON"] = str(self._zygote.worker_python)
        if self._jvm is not None:
            told[borrowing.VARIABLE] = str(self._jvm.folder)
        return told

    def memory_credit(self) -> dict[int, float]:
        """Return, by process, the bytes that are not the submission's.

        Of the importing process nothing counts. A JVM counts as if it were new: what earlier submissions made it grow by does not.
        """
        credit = dict(self._jvm_credit)
        if self._zygote is not None:
            credit[self._zygote.process.pid] = math.inf
        return credit

    def _spared(self) -> set[int]:
        jvm = self._jvm.pid() if self._jvm is not None else None
        return {pid for pid in (jvm, self._zygote.process.pid if self._zygote is not None else None) if pid is not None}

    def _warm_up(self, libraries: set[str]) -> bool:
        """See to everything that this notebook will want; return whether there is an importing process."""
        if not supported():
            return False
        if self._own is None or not self._intact():
            self._end()
        try:
            if self._own is None:
                self._begin()
            assert self._own is not None
            assert self._zygote is not None
            if self._jvm is not None and libraries & _USES_SPARK:
                self._jvm.start()  # it opens its gateway while the libraries are imported
            self._zygote.need(libraries)
        except (OSError, ForkError):
            self._end()
            return False
        self._jvm_credit = self._grown()
        return True

    def _begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._own = Path(tempfile.mkdtemp(prefix="warm-", dir=self._folder))
        scratch = self._own / "scratch"
        for name in FOLDERS:
            (scratch / name).mkdir(parents=True)
        environment = kernel_environment(scratch, dict(os.environ))
        # pyspark.pandas wants to see this when it is imported; the course's runtime sets it, too.
        self._zygote = Zygote(self._own / "fork", environment | {"PYARROW_IGNORE_TIMEZONE": "1"}, adopted=True)
        shared.use(self._zygote)
        self._jvm = SharedJvm(self._own / "lend", scratch / "work", environment, self._is_kernel)

    def _is_kernel(self, pid: int) -> bool:
        """Tell whether a process is the kernel itself: what it starts must not share its JVM."""
        return self._zygote is not None and pid == self._zygote.newest

    def _intact(self) -> bool:
        """Whether everything is as it was put, and nothing was put beside it."""
        if self._own is None or self._zygote is None or not self._zygote.usable():
            return False
        beside = {path.name for path in self._own.iterdir()} - {"fork", "lend", "scratch"}
        return not beside and (self._jvm is None or self._jvm.usable())

    def _grown(self) -> dict[int, float]:
        """Return by how much earlier submissions made the JVM grow."""
        jvm = self._jvm
        pid = jvm.pid() if jvm is not None and jvm.loans else None
        if jvm is None or pid is None:
            return {}
        with contextlib.suppress(psutil.Error):
            return {pid: max(0, memory_of(psutil.Process(pid)) - jvm.bytes_when_new)}
        return {}

    def _empty(self) -> bool:
        """Empty the scratch folder, but keep it, for it is the JVM's working directory; return whether it could be done."""
        assert self._own is not None
        scratch = self._own / "scratch"
        try:
            with tempfile.TemporaryDirectory(prefix="gone-", dir=self._own, ignore_cleanup_errors=True) as bin_:
                for name in FOLDERS:
                    for number, path in enumerate(list((scratch / name).iterdir())):
                        if path.is_dir() and not path.is_symlink():
                            path.chmod(0o700)
                        path.rename(Path(bin_) / f"{name}-{number}")
            return sorted(path.relative_to(scratch).as_posix() for path in scratch.rglob("*")) == sorted(FOLDERS)
        except OSError:
            return False

    def _end(self) -> None:
        """Give up all that is warm; the next submission begins anew."""
        shared.use(None)
        if self._jvm is not None:
            self._jvm.close()
        if self._zygote is not None:
            self._zygote.stop()
        self._jvm = self._zygote = None
        if self._own is not None:
            # The folder's own cleaner copes with whatever permissions a submission has set.
            with (
                contextlib.suppress(OSError),
                tempfile.TemporaryDirectory(prefix="gone-", dir=self._folder, ignore_cleanup_errors=True) as bin_,
            ):
                self._own.rename(Path(bin_) / "own")
            self._own = None
