"""What verifying found, per lab and question."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

ENOUGH = {"wrong": 3, "right": 2}
"""How many variants of each kind a question needs."""


@dataclass
class Attempt:
    """One answer to one question, and how its test cells took it."""

    question: str
    kind: str
    """`reference`, `alone` (the reference answer after blank ones), `blank`, `right`, `wrong` or `mutant`."""
    name: str
    error: str = ""
    """What the answer's own cell raised."""
    scored: float = 0.0
    possible: float = 0.0
    failures: dict[str, str] = field(default_factory=dict)
    """Per failing test cell, `ErrorType: message`."""
    seconds: float = 0.0

    @property
    def is_full(self) -> bool:
        """Whether it got all points of the question."""
        return self.scored >= self.possible

    @property
    def got(self) -> str:
        """What came of it, in a few words for a finding."""
        reasons = [*self.failures.values()] or ([self.error] if self.error else [])
        shown = " ".join(reasons[0].split())[:160] if reasons else "no test failed"
        return f"{self.scored:g} of {self.possible:g} points ({shown})"


@dataclass
class QuestionReport:
    """The attempts at one question, and what is wrong with how its tests took them."""

    id: str
    points: float
    attempts: list[Attempt] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def count(self, kind: str) -> tuple[int, int]:
        """Return how many attempts of a kind went as they should, and how many there were."""
        attempts = [attempt for attempt in self.attempts if attempt.kind == kind]
        return sum(1 for attempt in attempts if attempt.name not in self._failed(kind)), len(attempts)

    def _failed(self, kind: str) -> set[str]:
        return {name for failed_kind, name in self.failed if failed_kind == kind}

    failed: list[tuple[str, str]] = field(default_factory=list)
    """(kind, name) of the attempts that did not go as they should."""


@dataclass
class LabReport:
    """One lab."""

    assignment: str
    notebook: str
    questions: list[QuestionReport] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    """What concerns the lab as a whole: a given cell that raises, a process that died."""
    seconds: float = 0.0

    @property
    def all_findings(self) -> list[str]:
        """The lab's findings and its questions', each beginning with where it is."""
        where = f"{self.assignment}/{self.notebook}"
        of_questions = [f"{where}/{question.id}: {text}" for question in self.questions for text in question.findings]
        return [*(f"{where}: {text}" for text in self.findings), *of_questions]


@dataclass
class Verification:
    """All labs that were asked for."""

    labs: list[LabReport]
    seconds: float = 0.0

    @property
    def findings(self) -> list[str]:
        """Every finding, in the order of the labs."""
        return [finding for lab in self.labs for finding in lab.all_findings]

    @property
    def ok(self) -> bool:
        """Whether every grader is proven."""
        return not self.findings

    def to_dict(self) -> dict[str, Any]:
        """Return the result for `--json`."""
        return {"ok": self.ok, "findings": self.findings, **asdict(self)}


def judge(report: QuestionReport, hints: dict[str, tuple[str, ...]]) -> None:
    """Fill in a question's findings from its attempts; `hints` are those of its wrong variants by name."""
    for attempt in report.attempts:
        problem = _JUDGES[attempt.kind](attempt, hints.get(attempt.name, ()))
        if problem:
            report.failed.append((attempt.kind, attempt.name))
            report.findings.append(problem)
    for kind, enough in ENOUGH.items():
        present = report.count(kind)[1]
        if present < enough:
            report.findings.append(f"has {present} {kind} variants and needs {enough} at least.")


def _reference(attempt: Attempt, _hints: tuple[str, ...]) -> str:
    if attempt.is_full and not attempt.error:
        return ""
    got = f"its cell raised {attempt.error}" if attempt.error else f"got {attempt.got}"
    return f"the reference answer must get full marks; {got}."


def _alone(attempt: Attempt, _hints: tuple[str, ...]) -> str:
    if attempt.is_full:
        return ""
    return (
        f"the reference answer must get full marks also where all earlier answers are blank; got {attempt.got}: "
        "give the needed input in a locked cell."
    )


def _blank(attempt: Attempt, _hints: tuple[str, ...]) -> str:
    return f"the blank release must score zero; got {attempt.got}." if attempt.scored else ""


def _right(attempt: Attempt, _hints: tuple[str, ...]) -> str:
    return "" if attempt.is_full else f"right variant '{attempt.name}' must get full marks; got {attempt.got}."


def _wrong(attempt: Attempt, hints: tuple[str, ...]) -> str:
    if attempt.is_full:
        return f"wrong variant '{attempt.name}' must lose points; got {attempt.got}."
    if not hints:
        return f"wrong variant '{attempt.name}' has no `# hint:` line: which message must it be met with?"
    said = " ".join(" ".join(text.split()) for text in attempt.failures.values() if text.startswith("AssertionError"))
    missing = [hint for hint in hints if " ".join(hint.split()) not in said]
    if missing:
        return f"wrong variant '{attempt.name}' must be told '{missing[0]}'; got {attempt.got}."
    return ""


def _mutant(attempt: Attempt, _hints: tuple[str, ...]) -> str:
    return f"full marks although {attempt.name}: compare plain values with what is right." if attempt.is_full else ""


_JUDGES = {
    "reference": _reference,
    "alone": _alone,
    "blank": _blank,
    "right": _right,
    "wrong": _wrong,
    "mutant": _mutant,
}
