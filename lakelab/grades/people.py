"""Who a row of a gradebook is: one student of ours, or nobody that was graded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lakelab.grading.errors import GradingError


class People:
    """Finds students by what an LMS knows of them, the surest first, and nobody twice."""

    def __init__(self, students: Iterable[str], by_id: Mapping[str, str]) -> None:
        self._students = set(students)
        self._by_id = by_id
        self._by_name = {student.casefold(): student for student in sorted(self._students)}
        self._rows: dict[str, int] = {}

    def find(self, row: int, lms_id: str, names: Iterable[str]) -> str | None:
        """Return the student of a row, by the id that collecting noted, else by a name that is the student's folder.

        Raises GradingError when another row was the same student: one of the two would get the other's grade.
        """
        student = self._by_id.get(lms_id) if lms_id else None
        if student is None:
            known = set(
                self._by_id.values()
            )  # whose id is known is not found by a name that somebody else may have, too
            found = (self._by_name.get(name.strip().casefold()) for name in names if name.strip())
            student = next((name for name in found if name is not None and name not in known), None)
        if student is None or student not in self._students:
            return None
        if student in self._rows:
            raise GradingError(
                f"Rows {self._rows[student]} and {row} of the template both seem to be '{student}': give the column of ids in it, or rename the student's folder."
            )
        self._rows[student] = row
        return student

    @property
    def missing(self) -> list[str]:
        """Students whom no row was found of."""
        return sorted(self._students - set(self._rows))
