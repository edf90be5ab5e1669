"""Where a course keeps its files, read from its own `nbgrader_config.py`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from traitlets.config import Config, PyFileConfigLoader

from lakelab.grading.errors import GradingError


@dataclass(frozen=True)
class Course:
    """A course folder with nbgrader's layout.

    A course is any folder with an `nbgrader_config.py`; nothing here knows what is taught in it. `chosen` are the only notebooks that count,
    where not all do.
    """

    root: Path
    config: Config
    db_url: str
    chosen: frozenset[str] | None = None

    @classmethod
    def open(cls, root: Path | str | None = None) -> Course:
        """Read the course at `root`, or the one around the working directory.

        Raises GradingError where there is no `nbgrader_config.py`.
        """
        start = Path(root or Path.cwd()).resolve()
        candidates = [start] if root else [start, *start.parents]
        found = next((folder for folder in candidates if (folder / "nbgrader_config.py").is_file()), None)
        if found is None:
            raise GradingError(
                f"There is no nbgrader_config.py in {start} or above it: go to the course's folder, or pass --course FOLDER."
            )
        try:
            config = PyFileConfigLoader("nbgrader_config.py", path=str(found)).load_config()
        except Exception as error:  # the file is a program: anything can happen in it
            raise GradingError(
                f"{found / 'nbgrader_config.py'} can't be read ({type(error).__name__}: {error}): mend it."
            ) from None
        config.CourseDirectory.root = str(found)
        url = CourseDirectory(config=config).db_url
        return cls(root=found, config=config, db_url=_usable(url, found))

    def with_notebooks(self, names: Iterable[str] | None) -> Course:
        """Return the course as if it had but these notebooks, or all of them; raises GradingError for one that does not exist."""
        known = self._all_notebooks()
        chosen = frozenset(Path(name).stem for name in names or ())
        if unknown := sorted(chosen - set(known)):
            raise GradingError(f"There is no notebook '{unknown[0]}' in {self.source}: choose from {', '.join(known)}.")
        return replace(self, chosen=chosen or None)

    def _folder(self, trait: str, default: str) -> Path:
        return self.root / str(self.config.CourseDirectory.get(trait, default))

    @property
    def source(self) -> Path:
        """Instructor versions."""
        return self._folder("source_directory", "source")

    @property
    def release(self) -> Path:
        """What students get."""
        return self._folder("release_directory", "release")

    @property
    def submitted(self) -> Path:
        """What students hand in: STUDENT/ASSIGNMENT/NOTEBOOK.ipynb."""
        return self._folder("submitted_directory", "submitted")

    @property
    def autograded(self) -> Path:
        """What grading writes, in the same layout."""
        return self._folder("autograded_directory", "autograded")

    @property
    def feedback(self) -> Path:
        """What goes back to students, in the same layout."""
        return self._folder("feedback_directory", "feedback")

    def assignments(self) -> list[str]:
        """Names of all assignments in `source/` that have notebooks, sorted."""
        if not self.source.is_dir():
            return []
        return sorted(f.name for f in self.source.iterdir() if f.is_dir() and self.notebooks(f.name))

    def select_assignments(self, names: list[str] | None) -> list[str]:
        """Return the named assignments, or all; raises GradingError for one that does not exist."""
        known = self.assignments()
        if not known:
            raise GradingError(f"There are no assignments in {self.source}: each one is a folder with notebooks.")
        for name in names or []:
            if name not in known:
                among = " with the chosen notebooks" if self.chosen else ""
                raise GradingError(
                    f"There is no assignment '{name}'{among} in {self.source}: choose from {', '.join(known)}."
                )
        return list(names) if names else known

    def notebooks(self, assignment: str) -> list[str]:
        """Names of the notebooks of an assignment, without the ending, sorted."""
        names = sorted(path.stem for path in (self.source / assignment).glob("*.ipynb"))
        return names if self.chosen is None else [name for name in names if name in self.chosen]

    def find_notebook(self, name: str) -> tuple[str, str]:
        """Return (assignment, notebook) for a notebook's name; raises GradingError for one that does not exist."""
        stem = Path(name).stem
        for assignment in self.assignments():
            if stem in self.notebooks(assignment):
                return assignment, stem
        known = ", ".join(self._all_notebooks())
        raise GradingError(f"No lab is called '{stem}': the file must keep the name of its lab ({known}).")

    def _all_notebooks(self) -> list[str]:
        return [notebook for assignment in self.assignments() for notebook in self.notebooks(assignment)]

    def students(self) -> list[str]:
        """Names of the folders in `submitted/`, sorted."""
        if not self.submitted.is_dir():
            return []
        return sorted(
            folder.name for folder in self.submitted.iterdir() if folder.is_dir() and not folder.name.startswith(".")
        )


def _usable(url: str, root: Path) -> str:
    """Return the URL with what it leaves open.

    A relative SQLite path is anchored at the course, so that the same command means the same file from any folder. PostgreSQL without a
    driver gets the one that is installed: SQLAlchemy's own choice changed from psycopg2 to psycopg.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise GradingError(
            f"The gradebook's db_url in {root / 'nbgrader_config.py'} is no database URL: write for example sqlite:///gradebook.db."
        ) from None
    if parsed.drivername == "postgresql":
        driver = next((name for name in ("psycopg", "psycopg2") if find_spec(name)), "psycopg2")
        return parsed.set(drivername=f"postgresql+{driver}").render_as_string(hide_password=False)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or Path(parsed.database).is_absolute():
        return url
    return f"sqlite:///{(root / parsed.database).resolve()}"


def shown_url(url: str) -> str:
    """Return a database URL fit for a message: without its password."""
    return make_url(url).render_as_string(hide_password=True)


def parse_size(text: str | int) -> int:
    """Return the bytes that a size such as `4g`, `512m` or `1073741824` means; raises GradingError otherwise."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?\s*", str(text).lower())
    if match is None:
        raise GradingError(f"'{text}' is not a size: write for example 512m or 4g.")
    return int(float(match[1]) * 1024 ** " kmgt".index(match[2] or " "))
