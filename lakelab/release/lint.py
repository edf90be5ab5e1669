"""Check source notebooks before they become a release: what a test, a prompt and a scaffold must agree on.

The rules know the shape of a lab (see `lakelab.release.lab`) and nothing of what it teaches.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from lakelab.coverage.objectives import OBJECTIVES, Objectives
from lakelab.grading.course import Course
from lakelab.notebooks.regions import CourseMarks
from lakelab.release.errors import ReleaseError
from lakelab.release.generate import generate
from lakelab.release.lab import Lab
from lakelab.release.rules import RULES, Page

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, how many are done, how many there are)."""


@dataclass(frozen=True)
class Finding:
    """One thing to put right."""

    file: str
    cell: str
    """The cell's id; empty where the whole file is meant."""
    rule: str
    sentence: str

    def __str__(self) -> str:
        where = f"{self.file}, {self.cell}" if self.cell else self.file
        return f"{where}: {self.sentence} [{self.rule}]"


@dataclass
class Lint:
    """What linting found."""

    files: list[str]
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether there is nothing to put right."""
        return not self.findings

    def to_dict(self) -> dict[str, Any]:
        """Return the result for `--json`."""
        return {"ok": self.ok, "files": self.files, "findings": [asdict(finding) for finding in self.findings]}


def lint(
    assignments: list[str] | None = None,
    *,
    course_root: Path | str,
    notebooks: list[str] | None = None,
    progress: Progress | None = None,
) -> Lint:
    """Check the notebooks of the named assignments, or of all, with every rule.

    Raises GradingError for a folder that is no course, a name that does not exist, and an objectives file that can't be
    read.
    """
    course = Course.open(course_root)
    names = course.select_assignments(assignments)
    paths = [course.source / name / f"{notebook}.ipynb" for name in names for notebook in course.notebooks(name)]
    for notebook in notebooks or []:
        if notebook not in [path.stem for path in paths]:
            raise ReleaseError(f"There is no lab '{notebook}' in {', '.join(names)}.")
    paths = [path for path in paths if not notebooks or path.stem in notebooks]
    has_objectives = (course.root / OBJECTIVES).is_file()
    graded = _graded(Objectives.read(course.root)) if has_objectives else None
    result = Lint([path.relative_to(course.root).as_posix() for path in paths])
    for done, path in enumerate(paths):
        if progress:
            progress(path.stem, done, len(paths))
        result.findings += _lint_file(course, path, graded)
    if progress:
        progress("", len(paths), len(paths))
    return result


def _graded(objectives: Objectives) -> frozenset[str]:
    return frozenset(question for objective in objectives.objectives.values() for question in objective.graded)


def _lint_file(course: Course, path: Path, graded: frozenset[str] | None) -> list[Finding]:
    file = path.relative_to(course.root).as_posix()
    try:
        lab = Lab.read(path)
    except Exception as error:  # nbformat has no common base for what it raises on a file that is no notebook
        return [Finding(file, "", "readable", f"can't be read as a notebook: {' '.join(str(error).split())[:200]}")]
    findings = []
    released, text = None, ""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            made = generate(course, lab.assignment, Path(scratch), record=False, notebook=lab.name) / path.name
            released, text = Lab.read(made), made.read_text(encoding="utf-8")
        except ReleaseError as error:
            findings.append(Finding(file, "", "generates", str(error)))
    marks = CourseMarks.of(course.config)
    page = Page(lab=lab, released=released, released_text=text, graded=graded, marks=marks)
    for name, rule in RULES.items():
        findings += [Finding(file, cell, name, sentence) for cell, sentence in rule(page)]
    order = {cell.id: cell.position for cell in lab.cells}
    return sorted(findings, key=lambda finding: order.get(finding.cell, -1))


def render(result: Lint, console: Console) -> None:
    """Print a result for people: the findings by file."""
    by_file = Counter(finding.file for finding in result.findings)
    for file in by_file:
        console.print(f"[bold]{file}[/]")
        for finding in result.findings:
            if finding.file == file:
                where = f"{finding.cell}: " if finding.cell else ""
                console.print(f"  {where}{finding.sentence} [{finding.rule}]", highlight=False, markup=False)
    if result.ok:
        console.print(f"{len(result.files)} labs, nothing to put right.")
    else:
        console.print(f"{len(result.findings)} findings in {len(by_file)} of {len(result.files)} labs.", style="red")
