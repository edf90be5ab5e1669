"""Reading `course/objectives.yml`: what the course promises, where it is taught and where it is graded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from lakelab.coverage.errors import CoverageError
from lakelab.coverage.headings import Heading, headings

OBJECTIVES = Path("course") / "objectives.yml"
"""Where a course keeps its objectives."""

_KEYS = {"kind", "text", "also", "taught", "graded"}


@dataclass(frozen=True)
class Section:
    """A part of a guide, with its share of the exam in percent."""

    id: str
    title: str
    weight: float


@dataclass(frozen=True)
class Guide:
    """An exam guide."""

    id: str
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Objective:
    """One thing to know or to be able to do."""

    id: str
    kind: str
    """`know` or `do`."""
    text: str
    also: tuple[str, ...]
    taught: tuple[str, ...]
    """Walkthrough sections, `LESSON#SLUG`."""
    graded: tuple[str, ...]
    """Questions of labs, `LESSON/QUESTION`."""

    @property
    def section(self) -> str:
        """The section of the guide that it stands in."""
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class Reading:
    """A section of a walkthrough to go back to."""

    lesson: str
    slug: str
    title: str
    path: Path

    @property
    def reference(self) -> str:
        """`LESSON#SLUG`, as in the objectives."""
        return f"{self.lesson}#{self.slug}"


@dataclass(frozen=True)
class Objectives:
    """All objectives of a course, in the order of the file."""

    guides: tuple[Guide, ...]
    objectives: dict[str, Objective]

    @classmethod
    def read(cls, course_root: Path | str) -> Objectives:
        """Read the objectives of the course at `course_root`.

        Raises CoverageError where the file is missing, is no YAML, names an objective twice, or has an entry of the
        wrong shape; whether entries point at something is `coverage`'s business.
        """
        path = Path(course_root) / OBJECTIVES
        try:
            document = yaml.load(path.read_text(encoding="utf-8"), _Loader)
        except FileNotFoundError as error:
            raise CoverageError(f"{path} does not exist: it lists what the course teaches and grades.") from error
        except yaml.YAMLError as error:
            raise CoverageError(f"{path} is no valid YAML: {' '.join(str(error).split())}") from error
        if not isinstance(document, dict) or not {"guides", "objectives"} <= document.keys():
            raise CoverageError(f"{path} needs the two keys 'guides' and 'objectives' at its top.")
        try:
            guides = tuple(_guide(name, entry) for name, entry in document["guides"].items())
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CoverageError(f"{path}: every guide needs a title, and sections with title and weight.") from error
        return cls(guides, {name: _objective(name, entry, path) for name, entry in document["objectives"].items()})

    def graded_by(self, question: str) -> list[Objective]:
        """Return the objectives that a question, `LESSON/QUESTION`, grades."""
        return [objective for objective in self.objectives.values() if question in objective.graded]


class _Loader(yaml.SafeLoader):
    """YAML takes the last of two equal keys without a word; here they are an error."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{name!r} stands there twice", node.start_mark)
        return super().construct_mapping(node, deep)


def _guide(name: str, entry: dict[str, Any]) -> Guide:
    sections = tuple(
        Section(id=key, title=value["title"], weight=float(value["weight"])) for key, value in entry["sections"].items()
    )
    return Guide(id=name, title=entry["title"], sections=sections)


def _objective(name: str, entry: Any, path: Path) -> Objective:
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str) or entry.get("kind") not in ("know", "do"):
        raise CoverageError(f"{path}: {name} needs a text and a kind, 'know' or 'do'.")
    if unknown := entry.keys() - _KEYS:
        raise CoverageError(
            f"{path}: {name} has the unknown key '{min(unknown)}'; known are {', '.join(sorted(_KEYS))}."
        )
    lists = {key: entry.get(key) or [] for key in ("also", "taught", "graded")}
    for key, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise CoverageError(f"{path}: '{key}' of {name} must be a list of references.")
    return Objective(name, entry["kind"], entry["text"], **{key: tuple(value) for key, value in lists.items()})


def objectives_for(question: str, *, course_root: Path | str) -> list[Objective]:
    """Return the objectives that the question `LESSON/QUESTION` grades; none for a question nobody listed.

    Raises CoverageError as `Objectives.read` does.
    """
    return _current(Path(course_root).resolve()).graded_by(question)


def sections_for(question: str, *, course_root: Path | str) -> list[Reading]:
    """Return the walkthrough sections to reread for the question `LESSON/QUESTION`, its own lesson's first.

    References that point at nothing are left out, so that a learner is never sent there; `lakelab coverage` reports
    them. Raises CoverageError as `Objectives.read` does.
    """
    root = Path(course_root).resolve()
    lesson = question.partition("/")[0]
    references = dict.fromkeys(ref for objective in _current(root).graded_by(question) for ref in objective.taught)
    found = [reading for reference in references if (reading := find_reading(reference, walkthroughs(root)))]
    return sorted(found, key=lambda reading: reading.lesson != lesson)


def _current(course_root: Path) -> Objectives:
    path = course_root / OBJECTIVES
    return _read(course_root, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=4)
def _read(course_root: Path, _changed: int) -> Objectives:
    return Objectives.read(course_root)


def walkthroughs(course_root: Path) -> dict[str, Path]:
    """Return the walkthroughs of a course by the name of their lesson."""
    paths = sorted((course_root / "course").rglob("*.ipynb"))
    return {path.stem: path for path in paths if ".ipynb_checkpoints" not in path.parts}


def find_reading(reference: str, lessons: dict[str, Path]) -> Reading | None:
    """Return what `LESSON#SLUG` points at, or None."""
    lesson, _, slug = reference.partition("#")
    if lesson not in lessons:
        return None
    found: Heading | None = next((heading for heading in headings(lessons[lesson]) if heading.slug == slug), None)
    return Reading(lesson, slug, found.title, lessons[lesson]) if found else None
