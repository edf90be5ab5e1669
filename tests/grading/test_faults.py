"""What a machine may do in the middle of a batch: disks fill and turn read-only, clocks jump, processes are killed. Nothing lost, nothing twice.

Disks fail at every single moment that something is written, with notebooks that "execute" in no time; processes and clocks with real ones.
tests/grading/test_batch.py has a really full disk, a locked gradebook, and the parent ended by signals.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from classroom import FULL, Log, copy_course, dump_scores, hand_in, scores, with_cell
from sqlalchemy import Engine, event

from lakelab.grading import batch, record
from lakelab.grading.batch import Task, grade
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.grading.pool import Done, Job
from lakelab.grading.verdict import CellRecord, CellStatus, Outcome, Verdict

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own

STUDENTS = ("ann", "ben", "cem")


class InstantPool:
    """In place of workers: every cell of a notebook passes at once. Counts what it was given."""

    executed: list[Task]
    isolation = "none"

    def __init__(self, *_: Any) -> None:
        pass

    def __enter__(self) -> InstantPool:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, jobs: Iterator[Job[Task]], on_cell: Callable[..., None] | None = None) -> Iterator[Done[Task]]:
        """Yield each job as it comes."""
        for job in jobs:
            self.executed.append(job.key)
            cells = [
                CellRecord(n, c.metadata.get("nbgrader", {}).get("grade_id", ""), CellStatus.OK)
                for n, c in enumerate(job.nb.cells)
                if c.cell_type == "code"
            ]
            yield Done(job.key, job.nb, Outcome(Verdict.GRADED, "Every cell was run.", cells=cells))


@pytest.fixture
def course(tiny_course_with_gradebook: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A class of three, executed in no time; a fourth one's file is broken, a fifth one's is missing."""
    monkeypatch.setattr(batch, "WorkerPool", InstantPool)
    InstantPool.executed = []
    for student in STUDENTS:
        hand_in(tiny_course_with_gradebook, student)
    hand_in(tiny_course_with_gradebook, "dee", lists=b"no notebook")
    hand_in(tiny_course_with_gradebook, "eva", sums=None)
    return Course.open(tiny_course_with_gradebook)


def recorded(course: Course) -> dict[str, Any]:
    return {key: value for key, value in dump_scores(course.db_url).items() if len(value) > 4}


def until_it_is_done(course: Course, fail: Callable[[int], contextlib.AbstractContextManager[None]]) -> int:
    """Grade with a fault at the first moment, the second, …, each in a run of its own, until a run gets through; return how many failed.

    After each, what had been told to be finished is recorded, and none of it is executed again.
    """
    finished: set[Task] = set()
    for number in range(100):
        log = Log()
        InstantPool.executed = []
        try:
            with fail(number):
                grade(course, progress=log)
        except GradingError as error:
            said = str(error)
        else:
            return number
        finally:
            assert not finished & set(log.done), "a recorded notebook was graded again"
            finished |= set(log.done)
            held = {tuple(key.split("/")) for key in recorded(course)}
            assert {(t.assignment, t.notebook, t.student) for t in finished} <= held
            assert list(course.autograded.rglob(".partial-*")) == []
        assert "\n" not in said
        assert "same command again" in said or "free disk space" in said
    raise AssertionError("it never got through")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO], ids=errno.errorcode.get)
def test_a_disk_that_fails_at_each_notebook(course: Course, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """The file layer fails when the executed notebook is written: at the first one, then later and later."""
    write, writes = record.replacing, [0]

    @contextlib.contextmanager
    def failing(number: int) -> Iterator[None]:
        # What a run before has finished is not written again, so that each run gets one step further.
        writes[0] = 0
        with monkeypatch.context() as patch:

            @contextlib.contextmanager
            def replacing(target: Path) -> Iterator[Path]:
                writes[0] += 1
                if writes[0] > 1 and number < 6:
                    raise OSError(code, os.strerror(code), str(target))
                with write(target) as partial:
                    yield partial

            patch.setattr(record, "replacing", replacing)
            yield

    assert until_it_is_done(course, failing) >= 6
    check_all_graded(course)


def test_a_gradebook_whose_disk_is_full_at_each_moment(course: Course) -> None:
    """SQLite itself is refused its next page, a few pages later in each run, so that every statement is once the one that fails."""
    page = 4096
    pages = Path(course.db_url.removeprefix("sqlite:///")).stat().st_size // page

    @contextlib.contextmanager
    def full(number: int) -> Iterator[None]:
        def limit(connection: Any, _: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages + number}")

        event.listen(Engine, "connect", limit)
        try:
            yield
        finally:
            event.remove(Engine, "connect", limit)

    assert until_it_is_done(course, full) >= 3
    check_all_graded(course)


def check_all_graded(course: Course) -> None:
    found = scores(course.db_url)
    for student in STUDENTS:
        assert {lab: found[student, lab] for lab in FULL} == FULL
    assert (found["dee", "lists"], found["eva", "sums"]) == (0, 0)
    assert len(recorded(course)) == 10
    files = {path.relative_to(course.autograded).as_posix() for path in course.autograded.rglob("*.ipynb")}
    assert len(files) == 8
    log = Log()
    assert (len(grade(course, progress=log).kept), log.done) == (10, [])


def test_a_read_only_disk_from_the_beginning(course: Course, tmp_path: Path) -> None:
    """A file system really read-only, where this user may mount one."""
    place = tmp_path / "place"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)], capture_output=True).returncode:
        pytest.skip("only root may mount; the file layer's faults are tested above")
    try:
        root = Path(shutil.copytree(course.root, place / "course"))
        moved = Course.open(root)
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        with pytest.raises(GradingError, match=r"can't be (written|opened)") as told:
            grade(moved)
        assert "\n" not in str(told.value)
        subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)
        grade(moved)
        check_all_graded(moved)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_files_of_the_past_and_the_future_are_not_due_again(course: Course) -> None:
    grade(course)
    for number, path in enumerate(sorted(course.root.rglob("*.ipynb"))):
        os.utime(path, (1.0, 1.0) if number % 2 else (4e9, 4e9))
    log = Log()
    assert (len(grade(course, progress=log).kept), log.done) == (10, [])


# With real workers

CLOCK = """
import itertools, os, threading, time
_real, _jumps = time.time, itertools.cycle([0, 86400, -86400, 7e8])
_now = [0]
def _jump():
    while True:
        time.sleep(0.3)
        _now[0] = next(_jumps)
time.time = lambda: _real() + _now[0]
if os.environ.get("JUMPING_CLOCK"):
    threading.Thread(target=_jump, daemon=True).start()
"""
DRIVER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import sitecustomize
sitecustomize.threading.Thread(target=sitecustomize._jump, daemon=True).start()
from lakelab.grading.batch import grade
from lakelab.grading.course import Course
for task, outcome in sorted(grade(Course.open(Path(sys.argv[1])), jobs=2, isolation="none").graded.items()):
    print(task.student, task.notebook, outcome.verdict, outcome.seconds, sep=";")
"""


def test_a_clock_that_jumps(tmp_path: Path) -> None:
    """Days forth and back several times a second, at the parent and in everything that it starts: limits are of time that really passes."""
    root, clock = copy_course(tmp_path / "course"), tmp_path / "clock"
    clock.mkdir()
    (clock / "sitecustomize.py").write_text(CLOCK)
    hand_in(root, "ann", sums=with_cell("sums", "import time; time.sleep(2)"))
    hand_in(root, "ben", lists=with_cell("lists", "import time; time.sleep(60)", before="q2"))
    env = {**os.environ, "PYTHONPATH": str(clock), "LAKELAB_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-c", DRIVER, str(root), str(clock)]
    told = subprocess.run(command, env=env, capture_output=True, text=True, timeout=240, check=True)
    found = {tuple(line.split(";")[:3]): float(line.split(";")[3]) for line in told.stdout.splitlines()}
    assert set(found) == {
        ("ann", "lists", "graded"),
        ("ann", "sums", "graded"),
        ("ben", "lists", "timed out"),
        ("ben", "sums", "graded"),
    }
    assert all(0 <= seconds < 60 for seconds in found.values())
    assert scores(Course.open(root).db_url)["ann", "sums"] == FULL["sums"]


@pytest.mark.parametrize("number", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_every_worker_is_killed_once(tmp_path: Path, number: signal.Signals) -> None:
    """From outside, while it executes: nobody loses a point, and everybody is graded once."""
    root = copy_course(tmp_path / "course")

    for student in STUDENTS:
        hand_in(root, student)
    course, me = Course.open(root), psutil.Process()
    before, killed = set(me.children()), set[psutil.Process]()

    class Killer(Log):
        def cell(self, task: Task, done: int, total: int) -> None:
            workers = set(me.children()) - before
            if done >= 2 and len(workers) == 2 and len(killed) < 2:
                victim = next(iter(workers - killed), None)
                if victim is not None:
                    killed.add(victim)
                    victim.send_signal(number)

        def finished(self, task: Task, outcome: Outcome) -> None:
            assert task not in self.done
            super().finished(task, outcome)

    log = Killer()
    grade(course, jobs=2, progress=log)
    assert len(killed) == 2
    assert len(log.done) == 6
    found = scores(course.db_url)
    assert {key: found[key] for key in found} == {(student, lab): FULL[lab] for student in STUDENTS for lab in FULL}
