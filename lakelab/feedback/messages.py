"""The sentence that tells a student why a test gave no points."""

from __future__ import annotations

import json
from collections.abc import Callable

from lakelab.grading.record import ResultRow
from lakelab.grading.verdict import CellRecord, CellStatus, Outcome
from lakelab.release.lab import question_of

UNANSWERED = "Not answered yet."
NOT_REACHED = "The test was not reached."

LONGEST = 500
"""Characters of a message that are shown: a hint is a sentence, and a submission can make an error's text as long as it likes."""


def cells_of(row: ResultRow) -> list[CellRecord]:
    """Return the records of a notebook's cells in the order in which they were run."""
    return Outcome.from_dict({"verdict": row.verdict, "reason": row.reason, "cells": json.loads(row.cells)}).cells


def message(
    test: str, records: dict[str, CellRecord], is_secret: Callable[[str], bool] = lambda text: False
) -> str | None:
    """Return why the test with this grade_id failed, in words fit for the student; None when it did not fail.

    `records` are the notebook's cells by grade_id. An error's text is the submission's to choose; where `is_secret` says that it
    quotes what students must not see, only the kind of the error is named.
    """
    record = records.get(test)
    if record is None or record.status is CellStatus.NOT_RUN:
        return NOT_REACHED
    if record.status is CellStatus.OK:
        return None
    if record.status is CellStatus.TIMED_OUT:
        return f"The test was stopped after {record.seconds:.0f} s."
    answer = records.get(question_of(test) or "")
    if record.ename == "NotImplementedError" or (answer is not None and answer.ename == "NotImplementedError"):
        return UNANSWERED
    said = "" if is_secret(record.evalue) else record.evalue.strip()
    said = said if len(said) <= LONGEST else said[:LONGEST] + " …"
    if record.ename == "AssertionError" and said:
        return said
    # Most often it is the answer, called by the test, that raised.
    return (
        f"With your answer, the test stopped with {record.ename}: {said}"
        if said
        else f"With your answer, the test stopped with {record.ename}."
    )
