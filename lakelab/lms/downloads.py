"""Whose a file of an LMS's download is, told by its name.

Canvas (*Download Submissions*, `lib/content_zipper.rb` in instructure/canvas-lms) puts all files side by side:
`doejane_LATE_12345_67890_lab.ipynb` is the name without spaces, a mark where it was late, the user's id, the attachment's id (which grows, so
the larger of two is the later file) and the file's own name; in an anonymous assignment `anon_AbC12` stands for name and id.

Moodle (*Download all submissions*, `mod/assign` in moodle/moodle) makes a folder for each participant, `Jane Doe_657737_assignsubmission_file`
with or without `_` at its end, or, where *Download in folders* is off, puts that in front of each file's name. The number is the participant's
in this one assignment, the same as in the grading worksheet; it is another one in the next assignment.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

_CANVAS = re.compile(
    r"(?:(?P<anonymous_late>LATE_)?(?P<anonymous>anon_[^\W_]+)|(?P<name>(?:[^\W\d]\w*?)?)_(?P<late>LATE_)?(?P<user>\d+))"
    r"_(?P<attachment>\d+)_(?P<file>.+)"
)
_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<participant>\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL
)
_LONGEST = 1000  # No LMS gives longer paths, and what the patterns take grows with the square.
# What Canvas (-1), browsers ( (1)), JupyterLab (-Copy1) and file managers ( copy, - Copy) add to the name of another copy.
_COPY = re.compile(r"(?:-\d{1,3}| ?\(\d{1,3}\)|-Copy\d{1,3}|(?: -)? copy(?: \d{1,3})?)$", re.IGNORECASE)


@dataclass(frozen=True)
class HandedIn:
    """What a name tells: the system, the person's name and id there, and the file's own name.

    `scope` is "" where the id means the same person in all assignments. `sequence` grows with time (0: not told).
    """

    lms: str
    name: str
    lms_id: str
    file: str
    sequence: int = 0
    is_late: bool = False
    scope: str = ""


def recognise(path: str) -> HandedIn | None:
    """Return what a file's path in a download tells (with `/`), or None for a path that neither Canvas nor Moodle gives."""
    if len(path) > _LONGEST:
        return None
    parts = PurePosixPath(path).parts
    for position, part in enumerate(parts):
        match = _MOODLE.fullmatch(part)
        if match and match["plugin"] == "file":
            file = match["file"] or "" if position == len(parts) - 1 else parts[-1]
            if file:
                return HandedIn("moodle", match["name"].strip(), match["participant"], file, scope="assignment")
    match = _CANVAS.fullmatch(parts[-1]) if parts else None
    if match is None:
        return None
    late = bool(match["late"] or match["anonymous_late"])
    if match["anonymous"]:
        who = match["anonymous"]
        return HandedIn("canvas", who, who, match["file"], int(match["attachment"]), late, scope="assignment")
    return HandedIn("canvas", match["name"], match["user"], match["file"], int(match["attachment"]), late)


def stems(file: str) -> list[str]:
    """Return what the notebook of a file may be called: its name without the ending, then without marks of a copy."""
    stem = unicodedata.normalize("NFC", PurePosixPath(file).stem).strip()
    found = [stem]
    while (shorter := _COPY.sub("", found[-1])) not in ("", found[-1]):
        found.append(shorter)
    return found


def folder_name(name: str) -> str:
    """Return a person's name fit for a folder and for the gradebook: one line, no separators, not hidden, at most 100 characters."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    text = "".join(
        " " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") or c in '/\\:*?"<>|' else c for c in text
    )
    return " ".join(text.split()).lstrip(". ")[:100].strip() or "unnamed"
