"""Grading on a Dask cluster: a scheduler and workers as processes of this machine, some of which are killed."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from classroom import Log, cell_of, changed, copy_course, dump_scores, hand_in, with_cell

from lakelab.grading import cluster
from lakelab.grading.batch import Task, grade
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.grading.execute import COLD
from lakelab.grading.record import ResultRow, open_gradebook, results
from lakelab.grading.verdict import Outcome, Verdict

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own

WRONG = changed("sums", lambda nb: cell_of(nb, "q1").update(source="def total(values):\n    return 0"))
SLOW = with_cell("sums", "import time; time.sleep(1.5)")


class Cluster:
    """A scheduler and its workers, each a process with a thread."""

    def __init__(self, place: Path, workers: int = 3) -> None:
        self.place, self._started = place, 0
        place.mkdir()
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address = self._said("Scheduler at:").split()[-1]
        self.workers = [self.add() for _ in range(workers)]

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        self._started += 1
        log = (self.place / f"{self._started}.log").open("wb")
        tmp = self.place / f"tmp{self._started}"
        tmp.mkdir()
        env = {**os.environ, "TMPDIR": str(tmp), "LAKELAB_HOME": str(self.place / "home"), "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments]
        return subprocess.Popen(command, stdout=log, stderr=log, env=env, cwd=self.place, start_new_session=True)

    def _said(self, words: str) -> str:
        deadline = time.monotonic() + 60
        log = self.place / f"{self._started}.log"
        while time.monotonic() < deadline:
            lines = [line for line in log.read_text().splitlines() if words in line]
            if lines:
                return lines[0]
            time.sleep(0.1)
        raise TimeoutError(log.read_text())

    def add(self) -> subprocess.Popen[bytes]:
        """Start one more worker."""
        return self._start("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard")

    def tell_apart(self) -> dict[int, list[psutil.Process]]:
        """Return what each living worker has started, by its process id."""
        found = {}
        for worker in self.workers:
            with contextlib.suppress(psutil.Error):
                found[worker.pid] = psutil.Process(worker.pid).children(recursive=True)
        return found

    def busy(self) -> list[subprocess.Popen[bytes]]:
        """Return the workers that have a kernel, or are about to have one."""
        started = self.tell_apart()
        return [worker for worker in self.workers if started.get(worker.pid)]

    def leftovers(self) -> list[str]:
        """Return what killed workers left running or lying about, once it had time to go."""
        deadline = time.monotonic() + 20
        while True:
            alive = {worker.pid for worker in self.workers if worker.poll() is None}
            working = []
            for process in psutil.process_iter():
                with contextlib.suppress(psutil.Error):
                    if str(self.place) in process.environ().get("TMPDIR", "") and process.status() != "zombie":
                        parents = {p.pid for p in process.parents()} | {process.pid}
                        if not parents & (alive | {self.scheduler.pid}):
                            working.append(" ".join(process.cmdline())[:200])
            if not working or time.monotonic() > deadline:
                return working
            time.sleep(0.2)

    def end(self) -> None:
        """End everything."""
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler with three workers."""
    made = Cluster(tmp_path / "cluster")
    yield made
    made.end()


def fill(root: Path, students: int) -> Course:
    """Hand in for so many students: right and wrong answers, slow ones, and one of each accident."""
    for number in range(students):
        hand_in(root, f"s{number:02}", sums=[SLOW, WRONG][number % 2])
    hand_in(root, "broken", lists=b"no notebook")
    hand_in(root, "dies", sums=with_cell("sums", "import os; os._exit(1)", before="q2_given"))
    hand_in(
        root,
        "murders",
        lists=with_cell("lists", "import os, signal; os.kill(os.getppid(), signal.SIGKILL)", before="q2"),
    )
    return Course.open(root)


class Watch(Log):
    """Kills workers of a cluster when a notebook begins, and counts how often each result was recorded."""

    def __init__(self, kill: object = None) -> None:
        super().__init__()
        self.kill, self.cells = kill, 0

    def cell(self, task: Task, done: int, total: int) -> None:
        """Count cells, and kill."""
        self.cells += 1
        assert 0 <= done < total
        if callable(self.kill):
            self.kill(self)

    def finished(self, task: Task, outcome: Outcome) -> None:
        """Remember a result; a second one is a mistake."""
        assert task not in self.done
        super().finished(task, outcome)


def test_a_killed_worker_changes_nothing(dask: Cluster, tmp_path: Path) -> None:
    """The class with the files that its labs read, once here, once there with a worker killed in the middle."""
    here, there = (fill(copy_course(tmp_path / name), 2) for name in ("here", "there"))
    for course in (here, there):
        (course.release / "arith" / "more").mkdir()
        (course.release / "arith" / "more" / "prices.txt").write_text("4")
        (course.release / "arith" / "more" / "prices.txt").chmod(0o600)
        (course.release / "arith" / "more").chmod(0o700)
        reads = "stock[0] = ('apples', int(open('more/prices.txt').read()))"
        hand_in(course.root, "reads", lists=with_cell("lists", reads))
    grade(here, jobs=2, engine=COLD)  # which imports less: the labs of this course need no library
    killed: list[int] = []

    def kill(watch: Watch) -> None:
        busy = dask.busy()
        if not killed and len(watch.done) >= 2 and busy:
            killed.append(busy[0].pid)
            busy[0].send_signal(signal.SIGKILL)

    watch = Watch(kill)
    summary = grade(there, scheduler=dask.address, engine=COLD, progress=watch)
    assert watch.cells > 30
    assert len(killed) == 1
    assert len(summary.graded) == len(watch.done) == 2 * 6
    assert dump_scores(there.db_url) == dump_scores(here.db_url)
    assert watch.outcomes["murders", "lists"].verdict is Verdict.KERNEL_DIED
    assert dask.leftovers() == []
    again = Watch()
    assert (len(grade(there, scheduler=dask.address, progress=again).kept), again.done) == (12, [])
    for log in dask.place.glob("*.log"):  # what travels says nothing of whom
        assert "s00" not in log.read_text()


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_workers_killed_at_random(dask: Cluster, tmp_path: Path) -> None:
    here, there = (fill(copy_course(tmp_path / name), 12) for name in ("here", "there"))
    grade(here, jobs=2)
    chance, killed, over = random.Random(4), [], threading.Event()

    def kill_and_replace() -> None:
        while len(killed) < 10 and not over.wait(chance.uniform(0.5, 3)):
            busy = dask.busy()
            if busy:
                victim = chance.choice(busy)
                victim.send_signal(signal.SIGKILL)
                victim.wait()
                killed.append(victim.pid)
                dask.workers.remove(victim)
                dask.workers.append(dask.add())

    thread = threading.Thread(target=kill_and_replace)
    thread.start()
    try:
        watch = Watch()
        grade(there, scheduler=dask.address, progress=watch)
        while len(killed) < 10:  # a fast machine: again from the beginning until all have been killed
            grade(there, scheduler=dask.address, fresh=True, progress=Watch())
    finally:
        over.set()
        thread.join()
    assert len(watch.done) == 2 * 15
    assert dump_scores(there.db_url) == dump_scores(here.db_url)
    assert dask.leftovers() == []


@pytest.mark.slow
def test_a_killed_parent_goes_on(dask: Cluster, tmp_path: Path) -> None:
    """By SIGKILL and SIGTERM, through the command line: what was recorded is kept, and workers serve the next run."""
    here, there = (fill(copy_course(tmp_path / name), 4) for name in ("here", "there"))
    grade(here, jobs=2)
    command = [sys.executable, "-m", "lakelab", "grade", "--course", str(there.root), "--scheduler", dask.address]
    kept: dict[str, object] = {}
    for number in (signal.SIGKILL, signal.SIGTERM, None):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if number is not None:
            assert process.stdout is not None
            while not process.stdout.readline().split("/")[0].strip().isdigit():
                assert process.poll() is None
            process.send_signal(number)
        _, complaint = process.communicate(timeout=240)
        assert process.returncode == {signal.SIGKILL: -9, signal.SIGTERM: 143, None: 0}[number], complaint
        assert "Traceback" not in complaint
        now = {f"{row.student}/{row.notebook}": row.graded_at for row in recorded(there)}
        assert {key: now[key] for key in kept} == kept, "a recorded notebook was graded again"
        assert len(now) > len(kept)
        kept = dict(now)
    assert dump_scores(there.db_url) == dump_scores(here.db_url)


def recorded(course: Course) -> list[ResultRow]:
    with open_gradebook(course) as gradebook:
        found = results(gradebook)
        gradebook.db.expunge_all()
        return found


def test_what_is_wrong_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No scheduler, no worker, a worker with another version, and a scheduler that ends in the middle."""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 2.0)
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 1.0)
    course = Course.open(copy_course(tmp_path / "course"))
    hand_in(course.root, "ann")
    for address in ("tcp://127.0.0.1:1", "nonsense", "http://x:y", "tcp://nosuch.invalid:1"):
        with pytest.raises(GradingError, match="no Dask scheduler") as told:
            grade(course, scheduler=address)
        assert "\n" not in str(told.value)
    made = Cluster(tmp_path / "cluster", workers=0)
    try:
        with pytest.raises(GradingError, match=r"No worker is connected.*nothing is lost"):
            grade(course, scheduler=made.address)
        with open_gradebook(course) as gradebook:
            assert [len(a.submissions) for a in gradebook.assignments] == [0]
        monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 60.0)
        made.workers.append(made.add())
        with monkeypatch.context() as patch:
            patch.setattr(cluster, "installed", lambda: {"pandas": "0.1"})
            with pytest.raises(GradingError, match=r"worker tcp.*pandas is .* there and 0\.1 here.*install the same"):
                grade(course, scheduler=made.address)
        with pytest.raises(GradingError, match=r"scheduler at .* is gone.*nothing is lost"):
            grade(course, scheduler=made.address, progress=Watch(lambda _: made.scheduler.kill()))
    finally:
        made.end()
