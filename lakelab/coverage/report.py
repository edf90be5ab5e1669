"""Compare the objectives with what the course has: what is taught, what is graded, what points at nothing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from lakelab.coverage.headings import headings
from lakelab.coverage.objectives import OBJECTIVES, Objective, Objectives, Section, find_reading, walkthroughs
from lakelab.grading.course import Course
from lakelab.notebooks import read
from lakelab.release.lab import Lab


@dataclass(frozen=True)
class Gap:
    """What an objective still lacks."""

    objective: str
    text: str
    lacks: str
    """`a lesson`, or `a graded question` where a person can do it."""


@dataclass
class Coverage:
    """The objectives of a course and how far it covers them."""

    objectives: Objectives
    problems: list[str]
    """References that point at nothing, one sentence each; these fail."""
    gaps: list[Gap]
    """What is still to be written; reported, and no failure."""

    @property
    def ok(self) -> bool:
        """Whether every reference points at something."""
        return not self.problems

    def of_section(self, section: Section) -> list[Objective]:
        """Return the objectives of a section, in the order of the file."""
        return [objective for objective in self.objectives.objectives.values() if objective.section == section.id]

    def shares(self, sections: Iterable[Section]) -> dict[str, float | None]:
        """Return how much of the given sections is taught, and of their `do` objectives graded: 0 to 1, by weight.

        None where there is nothing to teach or to grade.
        """
        parts = [(section.weight, self.of_section(section)) for section in sections]
        return {
            "taught": _share((weight, [bool(o.taught) for o in objectives]) for weight, objectives in parts),
            "graded": _share(
                (weight, [bool(o.graded) for o in objectives if o.kind == "do"]) for weight, objectives in parts
            ),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result for `--json`."""
        return {
            "ok": self.ok,
            "problems": self.problems,
            "gaps": [{"objective": gap.objective, "text": gap.text, "lacks": gap.lacks} for gap in self.gaps],
            "guides": [
                {
                    "id": guide.id,
                    "title": guide.title,
                    **self.shares(guide.sections),
                    "sections": [
                        {
                            "id": section.id,
                            "title": section.title,
                            "weight": section.weight,
                            **self.shares([section]),
                            "objectives": [_as_dict(objective) for objective in self.of_section(section)],
                        }
                        for section in guide.sections
                    ],
                }
                for guide in self.objectives.guides
            ],
        }


def _share(parts: Iterable[tuple[float, list[bool]]]) -> float | None:
    """Return the weighted mean of the shares of True; parts without any value don't count."""
    counted = [(weight, sum(values) / len(values)) for weight, values in parts if values]
    total = sum(weight for weight, _ in counted)
    return sum(weight * share for weight, share in counted) / total if total else None


def _as_dict(objective: Objective) -> dict[str, Any]:
    return {
        "id": objective.id,
        "kind": objective.kind,
        "text": objective.text,
        "also": list(objective.also),
        "taught": list(objective.taught),
        "graded": list(objective.graded),
    }


def coverage(*, course_root: Path | str) -> Coverage:
    """Check every reference of the course's objectives and find what is still missing.

    Raises GradingError for a folder that is no course and for an objectives file that can't be read.
    """
    course = Course.open(course_root)
    objectives = Objectives.read(course.root)
    lessons = walkthroughs(course.root)
    labs = {
        path.stem: Lab.read(path)
        for name in course.assignments()
        for path in sorted((course.source / name).glob("*.ipynb"))
    }
    problems = [f"{OBJECTIVES.as_posix()}: {problem}" for problem in _dangling(objectives, lessons, labs)]
    pages = [*lessons.values(), *(lab.path for lab in labs.values())]
    for path in pages:
        problems += [f"{path.relative_to(course.root).as_posix()}: {p}" for p in _unknown_ids(path, objectives)]
    return Coverage(objectives, problems, list(_gaps(objectives)))


def _dangling(objectives: Objectives, lessons: dict[str, Path], labs: dict[str, Lab]) -> Iterator[str]:
    sections = [section.id for guide in objectives.guides for section in guide.sections]
    for objective in objectives.objectives.values():
        if objective.section not in sections:
            yield f"{objective.id} stands in no section of a guide; sections are {', '.join(sections)}."
        for other in objective.also:
            if other not in objectives.objectives:
                yield f"{objective.id} says also {other}, which does not exist{_meant(other, objectives.objectives)}."
        for reference in objective.taught:
            if problem := _taught_problem(reference, lessons):
                yield f"{objective.id} is taught in {reference}, {problem}."
        for reference in objective.graded:
            if problem := _graded_problem(reference, labs):
                yield f"{objective.id} is graded by {reference}, {problem}."


def _taught_problem(reference: str, lessons: dict[str, Path]) -> str:
    lesson, mark, slug = reference.partition("#")
    if not mark or not slug:
        return "which is not of the form LESSON#SECTION"
    if lesson not in lessons:
        return f"and there is no walkthrough '{lesson}' in course/{_meant(lesson, lessons)}"
    if find_reading(reference, lessons) is None:
        slugs = [heading.slug for heading in headings(lessons[lesson])]
        return f"and that walkthrough has no heading with this anchor{_meant(slug, slugs)}"
    return ""


def _graded_problem(reference: str, labs: dict[str, Lab]) -> str:
    lesson, mark, question = reference.partition("/")
    if not mark or not question:
        return "which is not of the form LESSON/QUESTION"
    if lesson not in labs:
        return f"and there is no lab '{lesson}' in source/{_meant(lesson, labs)}"
    if question not in labs[lesson].questions:
        return f"and that lab has no question '{question}'"
    return ""


def _meant(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" (did you mean {close[0]}?)" if close else ""


def _unknown_ids(path: Path, objectives: Objectives) -> Iterator[str]:
    """Find ids of objectives, as printed below a lesson's title, that don't exist; a group such as C1.5 is fine."""
    sections = "|".join(re.escape(section.id) for guide in objectives.guides for section in guide.sections)
    known = objectives.objectives
    for cell in read(path).cells:
        if cell.cell_type != "markdown":
            continue
        for name in dict.fromkeys(re.findall(rf"(?<![\w.])(?:{sections})(?:\.\d+)+(?![\w])", cell.source)):
            if name not in known and not any(other.startswith(f"{name}.") for other in known):
                yield f"cell {cell.id} mentions {name}, and there is no such objective{_meant(name, known)}."


def _gaps(objectives: Objectives) -> Iterator[Gap]:
    for objective in objectives.objectives.values():
        if not objective.taught:
            yield Gap(objective.id, objective.text, "a lesson")
        if not objective.graded and objective.kind == "do":
            yield Gap(objective.id, objective.text, "a graded question")


def render(result: Coverage, console: Console, *, details: bool = True) -> None:
    """Print a result for people: by guide and section; with `details`, every objective and every gap."""
    for guide in result.objectives.guides:
        shares = result.shares(guide.sections)
        console.print(
            f"[bold]{guide.title}[/]: {_percent(shares['taught'])} of the objectives taught, "
            f"{_percent(shares['graded'])} of those to do graded, by weight",
            highlight=False,
        )
        table = Table(box=None, pad_edge=False)
        for title in ("objective", "", "taught in", "graded by"):
            table.add_column(title, overflow="fold")
        for section in guide.sections:
            part = result.shares([section])
            table.add_row(
                f"[bold]{section.id}[/]",
                f"[bold]{section.title}[/] ({section.weight:g} %)",
                _percent(part["taught"]),
                _percent(part["graded"]),
            )
            for objective in result.of_section(section) if details else ():
                table.add_row(*_row(objective))
        console.print(table)
        console.print()
    if result.gaps:
        untaught = sum(1 for gap in result.gaps if gap.lacks == "a lesson")
        console.print(
            f"Objectives without a lesson: {untaught}; without a graded question: {len(result.gaps) - untaught}."
        )
        for gap in result.gaps if details else ():
            console.print(f"  {gap.objective} lacks {gap.lacks}: {gap.text}", highlight=False, markup=False)
    for problem in result.problems:
        console.print(f"✗ {problem}", style="red", highlight=False, markup=False)
    if result.ok:
        console.print("Every reference points at something.")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _row(objective: Objective) -> tuple[str, str, str, str]:
    nothing = "[yellow]–[/]"
    graded = "\n".join(objective.graded) or (nothing if objective.kind == "do" else "")
    return f"  {objective.id}", objective.text, "\n".join(objective.taught) or nothing, graded
