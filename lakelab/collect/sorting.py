"""`lakelab collect`: a download of Moodle, Canvas or another LMS, sorted into `submitted/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb`.

Nothing is unpacked by the name it has in the download: a file is copied under a number first, and then put where its student, its lab and
nothing else say. A submission that a later one replaces is kept in `submitted/.earlier/`. When something was handed in stays the LMS's to say
(its archives carry the time of the download): no `timestamp.txt` is written.

nbgrader's `zip_collect` unpacks archives without limits, knows one naming (a regular expression) and deletes what was there before; so
only its naming is used, where the course configures one (`c.FileNameCollectorPlugin.named_regexp`, or another class as
`c.ZipCollectApp.collector_plugin`).
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.plugins import FileNameCollectorPlugin
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from traitlets import import_item

from lakelab.collect.archive import MAX_ENTRIES, Entry, NotReadable, Refused, entries
from lakelab.files import replacing, sha256
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.grading.sanitise import MAX_BYTES
from lakelab.lms.downloads import HandedIn, folder_name, recognise, stems
from lakelab.lms.ledger import Ledger

PERSON_BYTES = 2 * MAX_BYTES
"""What is taken of one person at most, so that nobody's file fills the disk for the others."""


PERSON_ENTRIES = 2000
"""How many files a person's own archive may list."""


@dataclass
class Collected:
    """What became of a download: paths in `submitted/`, files that were left where they are with the reason, and whom the LMS calls late."""

    new: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    older: list[str] = field(default_factory=list)
    """Notebooks of which a version that does not count is kept in `.earlier/`: once for each."""
    odd: list[str] = field(default_factory=list)
    """Notebooks whose name is no lab's: beside the student's others, where a person finds them."""
    left: list[tuple[str, str]] = field(default_factory=list)
    other_files: int = 0
    late: list[str] = field(default_factory=list)
    assignments: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        return asdict(self)


@dataclass
class _File:
    """A notebook of the download, copied to `copy`."""

    name: str
    who: HandedIn
    copy: Path
    digest: str
    when: float
    assignment: str = ""
    notebook: str = ""
    student: str = ""

    @property
    def order(self) -> tuple[int, float]:
        return self.who.sequence, self.when


def collect(download: Path, *, assignment: str | None = None, course_root: Path | str | None = None) -> Collected:
    """Sort a download into `submitted/`, the latest version of each notebook in its place and earlier ones kept.

    Args:
        download: the LMS's zip file, or the folder that it was unpacked to; either may hold students' own zip files.
        assignment: the assignment that it is of. Without it, the notebooks' names tell.
        course_root: the course's folder; by default the one around the working directory.

    Raises GradingError for a download that can't be read, holds nothing of this course, or fills the disk; then nothing was changed. When the disk
    fails later, while files are put in place, the same command goes on where it ended.
    """
    course = Course.open(course_root)
    names = course.select_assignments([assignment] if assignment else None)
    place, submitted = download.resolve(), course.submitted.resolve()
    if submitted in (place, *place.parents) or place in submitted.parents:
        raise GradingError(
            f"{download} is, or holds, the folder that submissions are collected to: name the LMS's download."
        )
    result = Collected()
    try:
        with Ledger.opened(course) as ledger, _staging(course) as staging:
            files = _Reader(course, staging, result).read(download)
            _find_labs(course, names, files)
            _check_recognised(course, names, download, files, result)
            _find_students(ledger, files)
            _place(course, ledger, files, result)
    except OSError as error:
        raise GradingError(
            f"{error.filename or course.submitted} can't be written ({error.strerror}): free disk space or mend its permissions, then run the same command again; nothing is lost."
        ) from None
    return result


@contextlib.contextmanager
def _staging(course: Course) -> Iterator[Path]:
    """Give a new folder on the disk of `submitted/`, from which files move into place in one step."""
    for left in course.submitted.glob(".incoming-*"):  # by a run that was killed: no other is at work now
        shutil.rmtree(left, ignore_errors=True)
    folder = course.submitted / f".incoming-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Reader:
    """Copies the notebooks of a download to a folder, under limits."""

    def __init__(self, course: Course, staging: Path, result: Collected) -> None:
        self._course, self._staging, self._result = course, staging, result
        self._naming = _configured_naming(course)
        self._taken: Counter[tuple[str, str]] = Counter()
        self._number = 0

    def read(self, download: Path) -> list[_File]:
        """Return the notebooks, those inside people's own zip files included."""
        found = []
        with entries(download, self._refuse, MAX_ENTRIES) as given:
            for entry in given:
                who = self._whose(entry.name)
                if entry.name.lower().endswith(".zip"):
                    found += self._read_inner(entry, who)
                elif who is None:
                    self._left_alone(entry.name)
                else:
                    found += self._take(entry.name, entry, who)
        return found

    def _read_inner(self, entry: Entry, outer: HandedIn | None) -> list[_File]:
        """Return the notebooks of a zip file inside the download: a person's own, or one of several downloads in a folder."""
        copy, found = self._next(".zip"), []
        with self._refusing(entry.name):
            entry.copy_to(copy, PERSON_BYTES)
            most = PERSON_ENTRIES if outer else MAX_ENTRIES
            try:
                with entries(copy, lambda name, why: self._refuse(f"{entry.name}/{name}", why), most) as given:
                    for inner in given:
                        name = f"{entry.name}/{inner.name}"
                        file = PurePosixPath(inner.name).name
                        who = HandedIn(**{**asdict(outer), "file": file}) if outer else self._whose(inner.name)
                        if inner.name.lower().endswith(".zip"):
                            self._refuse(name, "it is a zip file inside a zip file inside the download")
                        elif who is None:
                            self._left_alone(name)
                        else:
                            found += self._take(name, inner, who)
            except NotReadable:
                raise Refused("it is no zip file, is damaged, or lists too many files") from None
        copy.unlink(missing_ok=True)
        return found

    def _take(self, name: str, entry: Entry, who: HandedIn) -> list[_File]:
        if not who.file.lower().endswith(".ipynb"):
            self._left_alone(name)
            return []
        person = (who.lms, who.lms_id)
        copy = self._next(".ipynb")
        with self._refusing(name):
            left = PERSON_BYTES - self._taken[person]
            self._taken[person] += entry.copy_to(copy, min(MAX_BYTES, left))
            return [_File(name, who, copy, sha256(copy), entry.when)]
        self._taken[person] += copy.stat().st_size if copy.exists() else 0
        copy.unlink(missing_ok=True)
        return []

    def _next(self, suffix: str) -> Path:
        self._number += 1
        return self._staging / f"{self._number}{suffix}"

    @contextlib.contextmanager
    def _refusing(self, name: str) -> Iterator[None]:
        try:
            yield
        except Refused as refused:
            self._refuse(name, str(refused))

    def _refuse(self, name: str, why: str) -> None:
        self._result.left.append((name, why))

    def _left_alone(self, name: str) -> None:
        if name.lower().endswith(".ipynb"):
            self._refuse(name, "its name tells nobody whose it is")
        else:
            self._result.other_files += 1

    def _whose(self, name: str) -> HandedIn | None:
        if self._naming is not None:
            told = self._naming.collect(name) or {}
            if told.get("student_id") and told.get("file_id"):
                file = told["file_id"] + ("" if told["file_id"].endswith(".ipynb") else PurePosixPath(name).suffix)
                return HandedIn(
                    "configured", str(told["student_id"]), str(told["student_id"]), PurePosixPath(file).name
                )
        parts = PurePosixPath(name).parts
        if (
            len(parts) >= 3 and parts[-2] in self._course.assignments()
        ):  # nbgrader's own STUDENT/ASSIGNMENT/NOTEBOOK.ipynb
            return HandedIn("folders", parts[-3], parts[-3], parts[-1])
        return recognise(name)


def _configured_naming(course: Course) -> FileNameCollectorPlugin | None:
    """Return nbgrader's plugin that reads file names, if the course configures it."""
    chosen = course.config.ZipCollectApp.get("collector_plugin")
    if not chosen and not course.config.FileNameCollectorPlugin.get("named_regexp"):
        return None
    try:
        kind = import_item(chosen) if isinstance(chosen, str) else chosen or FileNameCollectorPlugin
        plugin: FileNameCollectorPlugin = kind(config=course.config)
    except Exception as error:  # the class is the course's own
        raise GradingError(
            f"c.ZipCollectApp.collector_plugin in {course.root / 'nbgrader_config.py'} can't be used ({error}): mend it."
        ) from None
    plugin.log = logging.Logger("lakelab.collect", logging.CRITICAL)
    return plugin


def _find_labs(course: Course, assignments: list[str], files: list[_File]) -> None:
    """Set the assignment and the notebook of each file whose name is a lab's; upper and lower case don't matter."""
    labs: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in assignments:
        for notebook in course.notebooks(name):
            labs[notebook.casefold()].append((name, notebook))
    for file in files:
        folder = PurePosixPath(file.name).parent.name if file.who.lms == "folders" else ""
        places = next((labs[stem.casefold()] for stem in stems(file.who.file) if stem.casefold() in labs), [])
        places = [place for place in places if folder in ("", place[0])]
        if len(places) > 1:
            raise GradingError(
                f"{file.name} may be of {' or '.join(place[0] for place in places)}: say which with --assignment."
            )
        if places:
            file.assignment, file.notebook = places[0]
    seen = {file.assignment for file in files if file.assignment}
    for file in files:  # a notebook under a name of the student's own, in a download of one assignment
        if not file.assignment and len(seen) == 1:
            file.assignment = next(iter(seen))


def _check_recognised(
    course: Course, assignments: list[str], download: Path, files: list[_File], result: Collected
) -> None:
    if any(file.notebook for file in files):
        return
    labs = [notebook for name in assignments for notebook in course.notebooks(name)]
    shown = [file.name for file in files] or [name for name, _ in result.left]
    holds = f"it holds {', '.join(shown[:3])[:200]}" if shown else "it holds no notebooks"
    raise GradingError(
        f"Nothing in {download} is a lab of this course ({holds}): expected are notebooks called {', '.join(labs[:5])}"
        f"{' …' if len(labs) > 5 else ''}, named as Moodle or Canvas does, or as c.FileNameCollectorPlugin.named_regexp says."
    )


def _find_students(ledger: Ledger, files: list[_File]) -> None:
    """Set each file's student: the folder that the person had before, or a new one that no other person has."""

    def key(file: _File) -> str:
        return Ledger.key(file.who.lms, file.assignment if file.who.scope else "", file.who.lms_id)

    people: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for file in files:
        people[_folder(file.who).casefold(), file.assignment].add(key(file))
    for file in files:
        if key(file) not in ledger.people:
            name = _folder(file.who)
            taken = {
                other
                for other, student in ledger.people.items()
                if student.casefold() == name.casefold() and other.split(":")[:2] == key(file).split(":")[:2]
            }
            is_shared = bool(taken) or len(people[name.casefold(), file.assignment]) > 1
            ledger.people[key(file)] = f"{name} {_distinction(file.who)}" if is_shared else name
        file.student = ledger.people[key(file)]


def _distinction(who: HandedIn) -> str:
    """Return what tells people of one name apart."""
    return who.lms_id if who.scope else hashlib.sha256(who.lms_id.encode()).hexdigest()[:6]


def _folder(who: HandedIn) -> str:
    """Return what a person's folder is called: for Canvas with the id, which is the same in every assignment."""
    if who.lms == "canvas" and not who.scope:
        return folder_name(f"{who.name}_{who.lms_id}".strip("_"))
    return folder_name(who.name)


def _place(course: Course, ledger: Ledger, files: list[_File], result: Collected) -> None:
    """Move every file to its place, or to `.earlier/`."""
    by_place: defaultdict[Path, list[_File]] = defaultdict(list)
    for file in files:
        if not file.assignment:
            result.left.append((file.name, "its name is no lab's"))
            continue
        name = f"{file.notebook or folder_name(PurePosixPath(file.who.file).stem)}.ipynb"
        by_place[Path(file.student, file.assignment, name)].append(file)
    for place, versions in sorted(by_place.items()):
        _place_versions(course, ledger, place, sorted(versions, key=lambda file: file.order), result)
    result.assignments = sorted({file.assignment for file in files if file.notebook})
    result.late = sorted({file.student for file in files if file.who.is_late})


def _place_versions(course: Course, ledger: Ledger, place: Path, versions: list[_File], result: Collected) -> None:
    """Place the versions of one notebook, the oldest first, beside what is there already."""
    target, shown = course.submitted / place, place.as_posix()
    if any(folder.is_symlink() for folder in (target, target.parent, target.parent.parent)) or (
        target.exists() and not target.is_file()
    ):
        result.left += [(file.name, f"submitted/{shown} is a link or a folder") for file in versions]
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    existed, changed = target.exists(), False
    for file in versions:
        if not target.exists():
            _move(file, target, ledger, shown)
            continue
        there = sha256(target)
        known = ledger.files.get(shown, {})
        order = (known["sequence"], known["when"]) if known.get("digest") == there else (0, target.stat().st_mtime)
        if there == file.digest:
            if file.order > order:
                _remember(file, ledger, shown)
        elif _is_later(file.order, order):
            _keep_earlier(course, place, target, there, order[1])
            _move(file, target, ledger, shown)
            result.older.append(shown)
            changed = True
        else:
            _keep_earlier(course, place, file.copy, file.digest, file.when)
            result.older.append(shown)
    if not versions[0].notebook:
        result.odd.append(shown)
    elif not existed:
        result.new.append(shown)
    else:
        (result.replaced if changed else result.unchanged).append(shown)


def _is_later(order: tuple[int, float], than: tuple[int, float]) -> bool:
    """Tell by the LMS's own numbers, where both have one, else by dates; of one date, the one that is collected later counts."""
    return order[0] >= than[0] if order[0] and than[0] else order[1] >= than[1]


def _move(file: _File, target: Path, ledger: Ledger, shown: str) -> None:
    if file.when:
        os.utime(file.copy, (file.when, file.when))
    file.copy.replace(target)
    _remember(file, ledger, shown)


def _remember(file: _File, ledger: Ledger, shown: str) -> None:
    ledger.files[shown] = {"digest": file.digest, "sequence": file.who.sequence, "when": file.when}


def _keep_earlier(course: Course, place: Path, version: Path, digest: str, when: float) -> None:
    """Copy a version that does not count to `.earlier/`, under its date and digest; a second time changes nothing."""
    stamp = datetime.fromtimestamp(when).strftime("%Y-%m-%dT%H%M%S") if when else "undated"
    kept = course.submitted / ".earlier" / place.with_name(f"{place.stem}--{stamp}-{digest[:8]}.ipynb")
    if kept.exists():
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    with replacing(kept) as partial:
        shutil.copy2(version, partial)


def render(result: Collected, console: Console) -> None:
    """Print what became of a download."""
    students = {path.split("/")[0] for path in [*result.new, *result.replaced, *result.unchanged]}
    console.print(
        f"[bold]{', '.join(map(escape, result.assignments))}[/]: {len(students)} students · {len(result.new)} new notebooks, "
        f"{len(result.replaced)} newer versions, {len(result.unchanged)} unchanged."
    )
    if result.older:
        console.print("Versions that no longer count are kept in submitted/.earlier/.")
    if result.late:
        console.print(f"Late, says the LMS: {escape(', '.join(result.late))}.", soft_wrap=True)
    for path in result.odd:
        console.print(f"[yellow]No lab's name[/]: submitted/{escape(path)}", soft_wrap=True)
    if result.other_files:
        console.print(f"{result.other_files} files that are no notebooks were left where they are.")
    if result.left:
        table = Table(show_edge=False, pad_edge=False)
        table.add_column("not taken", overflow="fold")
        table.add_column("because")
        for name, why in result.left:
            table.add_row(escape(name), escape(why))
        console.print(table)
