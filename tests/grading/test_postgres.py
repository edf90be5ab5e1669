"""The same class on a real PostgreSQL server gives the same gradebook as on SQLite."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from classroom import CONFIG, cell_of, changed, copy_course, dump_scores, hand_in, with_cell

from lakelab.grading.batch import grade
from lakelab.grading.course import Course


def _programs() -> Path | None:
    """Return the folder of the server's programs: on PATH, or where Debian keeps them."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda path: float(path.parent.name))


def _absent(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI must not skip this test.")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A cluster of the test's own, reached through a socket in a temporary folder; gives its URL."""
    programs = _programs()
    if programs is None:
        _absent("There is no PostgreSQL server here (Debian: apt install postgresql)")
    assert programs is not None
    # The server refuses to run as root.
    user: str | None = None
    if os.geteuid() == 0:
        try:
            user = pwd.getpwnam("postgres").pw_name
        except KeyError:
            _absent("PostgreSQL does not run as root, and there is no user 'postgres'")
    # Not pytest's folder: the path of a socket has at most 107 bytes, and other users can't enter it.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    data = folder / "data"
    if user:
        shutil.chown(folder, user)

    def run(*command: str | Path) -> None:
        subprocess.run([*command], user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=60)

    try:
        run(programs / "initdb", "-D", data, "-A", "trust", "-U", "teacher", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            run(programs / "createdb", "-h", folder, "-U", "teacher", "course")
            yield f"postgresql://teacher@/course?host={folder}"
        finally:
            run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_same_scores_as_sqlite(server: str, tmp_path: Path) -> None:
    wrong = changed("sums", lambda nb: cell_of(nb, "q1").update(source="def total(values):\n    return 0"))
    submissions: dict[str, dict[str, bytes | None]] = {
        "José Núñez": {},
        "ben": {"sums": wrong, "lists": b"\x00 no notebook"},
        "cem": {"lists": with_cell("lists", "raise ValueError('a\\x00b \\ud800')"), "sums": None},
        "nul": {
            "lists": with_cell("lists", "E = type('E', (Exception,), {})\nE.__name__ = '\\ud800'\nraise E"),
            "sums": None,
        },
    }
    found = []
    for name, config in [("one", CONFIG), ("two", f"{CONFIG}\nc.CourseDirectory.db_url = {server!r}\n")]:
        root = copy_course(tmp_path / name, config)
        for student, files in submissions.items():
            hand_in(root, student, **files)
        (root / "submitted" / "ben" / "arith" / "timestamp.txt").write_text("2030-01-02 00:00:00 UTC")
        course = Course.open(root)
        grade(course, jobs=2)
        assert grade(course).graded == {}
        hand_in(root, "ben")  # a resubmission replaces rows rather than adding some
        assert len(grade(course).graded) == 2
        found.append(dump_scores(course.db_url))
    assert not (tmp_path / "two" / "gradebook.db").exists()
    assert found[0] == found[1]
    assert len(found[0]) == 8
