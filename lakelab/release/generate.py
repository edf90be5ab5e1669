"""Generate `release/` from `source/` with nbgrader, or check that the committed release is what would be generated."""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files
from rich.console import Console
from traitlets.config import Config
from traitlets.log import get_logger

from lakelab.grading.course import Course
from lakelab.notebooks import is_canonical
from lakelab.release.errors import ReleaseError

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, how many are done, how many there are)."""


@dataclass(frozen=True)
class Difference:
    """One file of the committed release that is not what the source gives."""

    path: str
    kind: str
    """`missing`, `changed` or `left over`."""
    detail: str = ""

    @property
    def sentence(self) -> str:
        """The difference in one sentence."""
        return {
            "missing": f"{self.path} is missing.",
            "left over": f"{self.path} comes from no file in the source.",
        }.get(self.kind, f"{self.path} differs from its source{': ' + self.detail if self.detail else ''}.")


@dataclass
class Release:
    """What `release` did or found."""

    assignments: list[str]
    check: bool
    files: list[str] = field(default_factory=list)
    """The files generated, relative to the course."""
    differences: list[Difference] = field(default_factory=list)
    """With `check`, what is not in sync; otherwise, what changed."""

    @property
    def ok(self) -> bool:
        """Whether the release is in sync with its source."""
        return not (self.check and self.differences)

    def to_dict(self) -> dict[str, Any]:
        """Return the result for `--json`."""
        return {
            "ok": self.ok,
            "check": self.check,
            "assignments": self.assignments,
            "files": self.files,
            "differences": [{"path": d.path, "kind": d.kind, "detail": d.detail} for d in self.differences],
        }


def release(
    assignments: list[str] | None = None,
    *,
    course_root: Path | str,
    check: bool = False,
    progress: Progress | None = None,
) -> Release:
    """Generate the students' version of the named assignments, or of all.

    Each assignment is generated aside and then put in place of the old one, so that an error leaves the old release as
    it was. nbgrader records the assignment in the gradebook. With `check`, nothing is written and no gradebook is
    touched: the committed release is compared byte for byte with what would be generated.

    Raises GradingError where someone's answers in the old release would be lost, for a folder that is no course, an assignment that does not exist, and a notebook that nbgrader
    refuses, in one sentence each.
    """
    course = Course.open(course_root)
    names = course.select_assignments(assignments)
    result = Release(assignments=names, check=check)
    if not check:
        course.release.mkdir(parents=True, exist_ok=True)
    # Beside the release, so that putting an assignment in place is a rename within one file system.
    with tempfile.TemporaryDirectory(prefix=".release-", dir=None if check else course.root) as scratch:
        for done, name in enumerate(names):
            if progress:
                progress(name, done, len(names))
            fresh = generate(course, name, Path(scratch) / "new", record=not check)
            committed = course.release / name
            result.differences += _compare(committed, fresh, course)
            if not check:
                _refuse_to_lose_work(committed, course)
                _replace(committed, fresh, Path(scratch) / "old")
            result.files += [_shown(committed / path, course) for path in _files(committed, course)]
        if check and not assignments:
            result.differences += _left_over(course, names)
        if progress:
            progress("", len(names), len(names))
    return result


def generate(course: Course, assignment: str, folder: Path, *, record: bool, notebook: str = "*") -> Path:
    """Run nbgrader's GenerateAssignment into `folder` and return the assignment's folder there.

    With `record`, the gradebook learns of the assignment; without, it is not even opened. `notebook` limits it to one.
    Raises ReleaseError with nbgrader's reason.
    """
    config = Config(course.config)
    config.CourseDirectory.db_url = course.db_url
    coursedir = CourseDirectory(config=config)
    coursedir.assignment_id = assignment
    coursedir.notebook_id = notebook
    coursedir.release_directory = str(folder.resolve())
    if not record:
        config.SaveCells.enabled = False
    with _captured_log() as log, _own_programs_first():
        converter = GenerateAssignment(coursedir=coursedir, config=config)
        converter.force = True
        converter.no_database = not record
        try:
            converter.start()
        except NbGraderException as error:
            reason = _reason(log, error)
            raise ReleaseError(f"nbgrader could not generate the assignment '{assignment}'{reason}") from error
    return folder / assignment


@contextlib.contextmanager
def _captured_log() -> Iterator[list[str]]:
    """Collect what nbgrader logs instead of showing it."""
    messages: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            messages.append(record.getMessage())

    logger = get_logger()
    assert isinstance(logger, logging.Logger)  # traitlets' own, since no application is running
    old = logger.handlers[:], logger.level, logger.propagate
    logger.handlers, logger.propagate = [Collect()], False
    logger.setLevel(logging.INFO)  # at which nbgrader says which notebook it is working on
    try:
        yield messages
    finally:
        logger.handlers, logger.propagate = old[0], old[2]
        logger.setLevel(old[1])


@contextlib.contextmanager
def _own_programs_first() -> Iterator[None]:
    """Let nbgrader find `alembic`, which it starts to make a new gradebook, also where no environment is activated."""
    old = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), old])
    try:
        yield
    finally:
        os.environ["PATH"] = old


def _reason(log: list[str], error: Exception) -> str:
    """Return where and why nbgrader gave up: the last line of the traceback in its log, or its own message."""
    where, why = "", str(error)
    for message in log:
        if message.startswith("Converting notebook "):
            where = f", in {Path(message.removeprefix('Converting notebook ')).name}"
        if "Traceback (most recent call last)" in message:
            why = message.strip().splitlines()[-1].removeprefix("nbgrader.converters.base.")
            break
    if "submissions associated" in why:
        why += (
            ". To release all the same, give this command another gradebook (LAKELAB_DB_URL=sqlite:////tmp/scratch.db); "
            "'lakelab grade' then takes the changed questions over and grades again"
        )
    return f"{where}: {' '.join(why.split())}"


def _refuse_to_lose_work(committed: Path, course: Course) -> None:
    """Raise ReleaseError where somebody has answered questions in `release/` itself.

    What is generated is canonical; what JupyterLab has saved is not. A file that is no notebook any more is nobody's work.
    """
    for path in sorted(committed.glob("*.ipynb")) if committed.is_dir() else []:
        try:
            untouched = is_canonical(path)
        except Exception:
            continue
        if not untouched:
            raise ReleaseError(
                f"{_shown(path, course)} has been worked on since it was released: move your copy elsewhere, "
                f"or restore the file with 'git checkout {_shown(path, course)}', then run the same command again."
            )


def _replace(old: Path, new: Path, attic: Path) -> None:
    """Put the folder `new` in the place of `old`; the moment without either is one rename long."""
    attic.mkdir(exist_ok=True)
    if old.exists():
        old.replace(attic / old.name)
    new.replace(old)


def _files(folder: Path, course: Course) -> list[Path]:
    ignored = list(CourseDirectory(config=course.config).ignore)
    return sorted(Path(path).relative_to(folder) for path in find_all_files(str(folder), ignored))


def _shown(path: Path, course: Course) -> str:
    return path.relative_to(course.root).as_posix()


def _compare(committed: Path, fresh: Path, course: Course) -> list[Difference]:
    have, want = set(_files(committed, course)), set(_files(fresh, course))
    differences = []
    for path in sorted(have | want):
        shown = _shown(committed / path, course)
        if path not in have:
            differences.append(Difference(shown, "missing"))
        elif path not in want:
            differences.append(Difference(shown, "left over"))
        elif (committed / path).read_bytes() != (fresh / path).read_bytes():
            differences.append(Difference(shown, "changed", _first_change(committed / path, fresh / path)))
    return differences


def _first_change(old: Path, new: Path) -> str:
    """Say where two text files begin to differ; nothing for other files."""
    try:
        before, after = (path.read_text(encoding="utf-8").splitlines() for path in (old, new))
    except UnicodeDecodeError:
        return ""
    for number, (there, wanted) in enumerate(itertools.zip_longest(before, after, fillvalue=""), start=1):
        if there != wanted:
            same = next((i for i, (a, b) in enumerate(zip(there, wanted, strict=False)) if a != b), 0)
            part = slice(max(0, same - 20), same + 40)
            return f"line {number} has `{there[part].strip()}` and should have `{wanted[part].strip()}`"
    return "in its line endings"


def _left_over(course: Course, names: list[str]) -> list[Difference]:
    """Return the folders of the release that no assignment stands behind."""
    if not course.release.is_dir():
        return []
    folders = (entry for entry in course.release.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    return [Difference(_shown(entry, course), "left over") for entry in sorted(folders) if entry.name not in names]


def render(result: Release, console: Console) -> None:
    """Print a result for people."""
    names = ", ".join(result.assignments)
    if not result.check:
        changed = len(result.differences)
        console.print(f"Released {names}: {len(result.files)} files, {changed or 'none'} of them changed.")
        return
    if result.ok:
        console.print(f"[green]In sync[/]: the release of {names} is what the source gives, byte for byte.")
        return
    console.print(f"[red]Out of sync[/]: {len(result.differences)} files. Run `lakelab release` and commit the result.")
    for difference in result.differences:
        console.print(f"  {difference.sentence}", highlight=False, markup=False)
