"""A gradebook's CSV file as an LMS exports and imports it: its cells, and its way of writing them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from lakelab.files import replacing
from lakelab.grading.errors import GradingError

_DELIMITERS = ",;\t"


@dataclass
class Sheet:
    """The cells of a CSV file, the header first. `delimiter` and `has_mark` (of UTF-8, which Excel likes) are kept for writing."""

    rows: list[list[str]]
    delimiter: str = ","
    has_mark: bool = False

    @property
    def header(self) -> list[str]:
        """The titles of the columns."""
        return self.rows[0]

    def column(self, *titles: str) -> int | None:
        """Return the position of the first column with one of these titles, whatever their case."""
        wanted = {title.casefold() for title in titles}
        return next((n for n, title in enumerate(self.header) if title.strip().casefold() in wanted), None)

    @classmethod
    def read(cls, path: Path) -> Sheet:
        """Read a file; raises GradingError for one that is no table of text in UTF-8."""
        try:
            content = path.read_bytes()
            text = content.decode("utf-8-sig")
            first = text.split("\n", 1)[0]
            delimiter = max(_DELIMITERS, key=first.count)
            rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if row]
        except OSError as error:
            raise GradingError(
                f"{path} can't be read ({error.strerror}): name the CSV file that the LMS exported."
            ) from None
        except (UnicodeDecodeError, csv.Error):
            raise GradingError(f"{path} is no CSV file in UTF-8: export it from the LMS again, as CSV.") from None
        if len(rows) < 2 or len(rows[0]) < 2:
            raise GradingError(f"{path} has no rows of students: export it from the LMS again, as CSV.")
        width = len(rows[0])
        for number, row in enumerate(rows, start=1):
            if len(row) > width:
                raise GradingError(
                    f"{path} has {len(row)} cells in row {number} under a header of {width}: export it from the LMS again, as CSV."
                )
        return cls([row + [""] * (width - len(row)) for row in rows], delimiter, content.startswith(b"\xef\xbb\xbf"))

    def write(self, path: Path) -> None:
        """Write the file in one step; raises GradingError where that can't be done."""
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self.delimiter).writerows(self.rows)
        try:
            with replacing(path) as partial:
                partial.write_bytes(text.getvalue().encode("utf-8-sig" if self.has_mark else "utf-8"))
        except OSError as error:
            raise GradingError(f"{path} can't be written ({error.strerror}): name another file with -o.") from None


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: names are students' to choose."""
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") else text
