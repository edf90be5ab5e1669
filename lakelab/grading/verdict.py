"""What became of one notebook of one submission: its verdict, and the record of every cell."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """How the grading of a notebook ended; every notebook of every submission gets exactly one."""

    GRADED = "graded"
    GRADED_WITH_ERRORS = "graded with errors"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    KERNEL_DIED = "kernel died"
    UNREADABLE = "unreadable"
    TAMPERED = "tampered"
    MISSING = "missing"


class CellStatus(StrEnum):
    """How the execution of a cell ended."""

    OK = "ok"
    ERROR = "error"
    TIMED_OUT = "timed out"
    NOT_RUN = "not run"


@dataclass
class CellRecord:
    """What happened to one code cell.

    `grade_id` is empty for a cell that the student added. `partial` is the number that a test cell returned to ask
    for partial credit (nbgrader's convention), if any. `seconds` is wall time.
    """

    position: int
    grade_id: str = ""
    status: CellStatus = CellStatus.NOT_RUN
    seconds: float = 0.0
    ename: str = ""
    evalue: str = ""
    partial: float | None = None
    wrote_stderr: bool = False

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> CellRecord:
        """Make a record from plain values."""
        return cls(**{**values, "status": CellStatus(values["status"])})


@dataclass
class Outcome:
    """What the execution of a notebook gave, before it is scored.

    `tampering` is evidence, found while it ran, of attempts to change what tests rely on; `notes` is what else an instructor has to know.
    """

    verdict: Verdict
    reason: str
    seconds: float = 0.0
    peak_bytes: int = 0
    cells: list[CellRecord] = field(default_factory=list)
    tampering: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def by_grade_id(self) -> dict[str, CellRecord]:
        """Return the records of the cells that nbgrader knows."""
        return {record.grade_id: record for record in self.cells if record.grade_id}

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Outcome:
        """Make an outcome from what `to_dict` gave."""
        cells = [CellRecord.from_dict(cell) for cell in values.get("cells", [])]
        return cls(**{**values, "verdict": Verdict(values["verdict"]), "cells": cells})
