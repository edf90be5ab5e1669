"""What was collected: which folder of `submitted/` is whom in the LMS, and which file of a student came when."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lakelab.files import replacing
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError

_NAME = ".collected.json"


@dataclass
class Ledger:
    """The people and files that were collected.

    `people` maps `LMS:SCOPE:ID` to the student's folder, where SCOPE is the assignment for an id that holds in it alone, else empty. `files` maps
    `STUDENT/ASSIGNMENT/NOTEBOOK` to the digest of the file that was placed there last, and to what orders it in time.
    """

    people: dict[str, str] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    @staticmethod
    def key(lms: str, scope: str, lms_id: str) -> str:
        """Return the key of a person."""
        return f"{lms}:{scope}:{lms_id}"

    def ids(self, lms: str, assignment: str) -> dict[str, str]:
        """Return the students by their ids in an LMS, as they hold in an assignment."""
        found = {}
        for key, student in self.people.items():
            system, scope, lms_id = key.split(":", 2)
            if system == lms and scope in ("", assignment):
                found[lms_id] = student
        return found

    @classmethod
    def read(cls, course: Course) -> Ledger:
        """Return what was collected so far; raises GradingError for a file that can't be read."""
        path = course.submitted / _NAME
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls(dict(content["people"]), dict(content["files"]))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, KeyError, TypeError):
            raise GradingError(
                f"{path} can't be read: restore it, or delete it (then which of two collected files is the later one is told by their dates)."
            ) from None

    @classmethod
    @contextlib.contextmanager
    def opened(cls, course: Course) -> Iterator[Ledger]:
        """Give what was collected so far, and write it when the block ends well; one process at a time."""
        import fcntl

        course.submitted.mkdir(parents=True, exist_ok=True)
        with (course.submitted / f"{_NAME}.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise GradingError(
                    f"Another 'lakelab collect' is at work on {course.root}: wait for it to end."
                ) from None
            ledger = cls.read(course)
            yield ledger
            with replacing(course.submitted / _NAME) as partial:
                partial.write_text(json.dumps(vars(ledger), indent=1, sort_keys=True, ensure_ascii=False), "utf-8")
