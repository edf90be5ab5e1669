"""Grading a class: order and parallelism, resuming, what makes a result stale, and what a person is told."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from classroom import CONFIG, FULL, Log, cell_of, changed, copy_course, dump_scores, hand_in, scores, solved, with_cell
from nbformat.v4 import new_markdown_cell

from lakelab.grading.batch import Summary, grade, only_one
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.grading.record import open_gradebook, results
from lakelab.grading.verdict import Verdict
from lakelab.report import report

WRONG = changed("sums", lambda nb: cell_of(nb, "q1").update(source="def total(values):\n    return 0"))
SUBMISSIONS: dict[str, dict[str, bytes | None]] = {
    "ann": {},
    "ben": {"sums": WRONG},
    "cem": {"lists": b"no notebook"},
    "dee": {"sums": None},
    "eva": {"sums": with_cell("sums", "import os; os._exit(1)", before="q2_given")},
    "fay": {"lists": with_cell("lists", "import os, signal; os.kill(os.getppid(), signal.SIGKILL)", before="q2")},
}
EXPECTED = {"ann": (3, 5), "ben": (3, 3), "cem": (0, 5), "dee": (3, 0), "eva": (3, 2), "fay": (2, 5)}


def fill(root: Path) -> Path:
    for student, files in SUBMISSIONS.items():
        hand_in(root, student, **files)
    folder = root / "submitted" / "ben" / "arith"
    (folder / "timestamp.txt").write_text("2030-01-02 00:00:00 UTC")
    return root


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A class graded by one worker, and all that its gradebook then says."""
    root = fill(copy_course(tmp_path_factory.mktemp("undisturbed") / "course"))
    course = Course.open(root)
    grade(course, jobs=1)
    return root, dump_scores(course.db_url)


@pytest.fixture
def graded(undisturbed: tuple[Path, dict[str, object]], tmp_path: Path) -> Course:
    """A copy of the graded class, to be changed at will."""
    shutil.copytree(undisturbed[0], tmp_path / "course")
    return Course.open(tmp_path / "course")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A class of one student, not graded yet."""
    root = copy_course(tmp_path / "course")
    hand_in(root, "ann")
    return Course.open(root)


def again(course: Course) -> tuple[Summary, Log]:
    log = Log()
    return grade(course, progress=log), log


def edit_source(course: Course, notebook: str, old: str, new: str) -> None:
    path = course.source / "arith" / f"{notebook}.ipynb"
    nb = nbformat.read(path, as_version=4)
    assert any(old in cell.source for cell in nb.cells)
    for cell in nb.cells:
        cell.source = cell.source.replace(old, new)
    nbformat.write(nb, path)


def of(course: Course, student: str) -> tuple[float, ...]:
    found = scores(course.db_url)
    return tuple(found[student, lab] for lab in FULL)


def test_scores(undisturbed: tuple[Path, dict[str, object]]) -> None:
    course = Course.open(undisturbed[0])
    assert {student: of(course, student) for student in SUBMISSIONS} == EXPECTED


def test_parallel_and_in_any_order_alike(
    undisturbed: tuple[Path, dict[str, object]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lakelab.grading import batch

    course = Course.open(fill(copy_course(tmp_path / "course")))
    in_order = batch.find_tasks

    def shuffled(*args: object) -> list[batch.Task]:
        tasks = in_order(*args)  # type: ignore[arg-type]
        random.Random(7).shuffle(tasks)
        return tasks

    monkeypatch.setattr(batch, "find_tasks", shuffled)
    grade(course, jobs=2)
    assert dump_scores(course.db_url) == undisturbed[1]


def test_nothing_is_due_twice(graded: Course) -> None:
    summary, log = again(graded)
    assert (log.done, len(summary.kept)) == ([], 12)


def test_a_new_file_replaces_the_score(graded: Course) -> None:
    hand_in(graded.root, "ben")
    assert [(t.student, t.notebook) for t in again(graded)[1].done] == [("ben", "sums")]
    assert of(graded, "ben") == (3, 5)


def test_a_changed_hidden_test_regrades_that_lab(graded: Course) -> None:
    edit_source(graded, "lists", 'assert _letter == "B"', 'assert _letter == "Z"')
    log = again(graded)[1]
    assert {t.notebook for t in log.done} == {"lists"}
    assert of(graded, "ann") == (2, 5)


def test_a_broken_file_drops_to_zero(graded: Course) -> None:
    kept = graded.autograded / "ann" / "arith" / "sums.ipynb"
    assert kept.exists()
    (graded.submitted / "ann" / "arith" / "sums.ipynb").write_bytes(b"")
    again(graded)
    assert of(graded, "ann") == (3, 0)
    assert not kept.exists()


def test_a_removed_file_is_missing(graded: Course) -> None:
    (graded.submitted / "ann" / "arith" / "sums.ipynb").unlink()
    log = again(graded)[1]
    assert log.outcomes["ann", "sums"].verdict is Verdict.MISSING
    assert of(graded, "ann") == (3, 0)


def test_an_assignment_taken_back_scores_nothing(graded: Course) -> None:
    shutil.rmtree(graded.submitted / "ann" / "arith")
    log = again(graded)[1]
    assert {outcome.verdict for outcome in log.outcomes.values()} == {Verdict.MISSING}
    assert of(graded, "ann") == (0, 0)
    assert not list((graded.autograded / "ann").rglob("*.ipynb"))
    assert again(graded)[1].done == []


def test_submissions_kept_elsewhere_stay(graded: Course) -> None:
    shutil.rmtree(graded.submitted / "ann")
    assert again(graded)[1].done == []
    assert of(graded, "ann") == (3, 5)


def test_notebooks_that_were_not_chosen_are_neither_executed_nor_missing(course: Course) -> None:
    summary = grade(course.with_notebooks(["sums.ipynb"]))
    told = report(course_root=course.root)
    assert {task.notebook for task in summary.graded} == {"sums"}
    assert (
        {question.notebook for question in told.questions} == {result.notebook for result in told.results} == {"sums"}
    )
    assert {task.notebook for task in grade(course).graded} == {"lists"}
    assert of(course, "ann") == (3, 5)
    with pytest.raises(GradingError, match=r"no notebook 'nowhere'.*choose from lists, sums"):
        course.with_notebooks(["nowhere"])
    shutil.copytree(course.source / "arith", course.source / "other")
    for path in (course.source / "other").iterdir():
        path.rename(path.with_stem(f"other_{path.stem}"))
    with pytest.raises(GradingError, match=r"no assignment 'other' with the chosen notebooks in .*choose from arith"):
        grade(course.with_notebooks(["sums"]), assignments=["other"])


def test_recorded_scores_of_notebooks_that_were_not_chosen_stay(graded: Course) -> None:
    grade(graded.with_notebooks(["sums"]), fresh=True)
    assert {student: of(graded, student) for student in EXPECTED} == EXPECTED


def test_an_assignment_removed_from_the_source_stays_recorded(graded: Course) -> None:
    shutil.copytree(graded.source / "arith", graded.source / "other")
    shutil.rmtree(graded.source / "arith")
    with pytest.raises(GradingError, match="nothing to grade"):
        grade(graded)
    assert of(graded, "ann") == (3, 5)


def test_a_lab_added_later(graded: Course) -> None:
    for folder in (graded.source, graded.release):
        shutil.copy(folder / "arith" / "lists.ipynb", folder / "arith" / "more.ipynb")
    nbformat.write(solved("lists"), graded.submitted / "ann" / "arith" / "more.ipynb")
    log = again(graded)[1]
    assert {t.notebook for t in log.done} == {"more"}
    found = scores(graded.db_url)
    assert (found["ann", "more"], found["ben", "more"]) == (3, 0)
    assert of(graded, "ann") == (3, 5)


def test_a_question_added_later(graded: Course) -> None:
    path = graded.source / "arith" / "lists.ipynb"
    nb = nbformat.read(path, as_version=4)
    extra = json.loads(json.dumps(cell_of(nb, "q2_test")))
    extra["id"] = extra["metadata"]["nbgrader"]["grade_id"] = "q2_extra_test"
    extra["source"] = "assert answer_2"
    nb.cells.append(nbformat.from_dict(extra))
    nbformat.write(nb, path)
    log = again(graded)[1]
    assert {t.notebook for t in log.done} == {"lists"}
    assert of(graded, "ann") == (4, 5)
    assert of(graded, "ben") == (4, 3)
    assert again(graded)[1].done == []


def test_a_question_removed_later(graded: Course) -> None:
    path = graded.source / "arith" / "sums.ipynb"
    nb = nbformat.read(path, as_version=4)
    nb.cells.remove(cell_of(nb, "q2_b_test"))
    nbformat.write(nb, path)
    again(graded)
    assert of(graded, "ann") == (3, 4)


def test_changed_points(graded: Course) -> None:
    path = graded.source / "arith" / "sums.ipynb"
    nb = nbformat.read(path, as_version=4)
    cell_of(nb, "q1_test").metadata.nbgrader.points = 7
    nbformat.write(nb, path)
    again(graded)
    assert of(graded, "ann") == (3, 10)


def test_scores_by_hand_stay(graded: Course) -> None:
    with open_gradebook(graded) as gradebook:
        gradebook.find_grade("q1_test", "sums", "arith", "ben").manual_score = 1.5
        gradebook.db.commit()
    hand_in(graded.root, "ben")
    again(graded)
    with open_gradebook(graded) as gradebook:
        found = gradebook.find_grade("q1_test", "sums", "arith", "ben")
        assert (found.manual_score, found.auto_score, found.needs_manual_grade) == (1.5, 2, True)


def test_removing_questions_does_not_cost_scores_by_hand(graded: Course) -> None:
    with open_gradebook(graded) as gradebook:
        gradebook.find_grade("q1_test", "sums", "arith", "ben").manual_score = 1.5
        gradebook.db.commit()
    path = graded.source / "arith" / "sums.ipynb"
    nb = nbformat.read(path, as_version=4)
    nb.cells.remove(cell_of(nb, "q2_b_test"))
    nbformat.write(nb, path)
    with pytest.raises(GradingError, match="graded by hand"):
        grade(graded)
    assert of(graded, "ben")[1] == 4.5


LATE = "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"


def test_late_penalties_follow_dates_without_executing_again(graded: Course) -> None:
    with (graded.root / "nbgrader_config.py").open("a") as file:
        file.write(LATE)
    late = Course.open(graded.root)
    with open_gradebook(late) as gradebook:
        gradebook.update_or_create_assignment("arith", duedate="2030-01-01")
    hand_in(late.root, "ben")  # later than due: both the new result and the one that holds
    (late.submitted / "ann" / "arith" / "timestamp.txt").write_text("2029-12-31 23:59:59 UTC")
    (late.submitted / "eva" / "arith" / "timestamp.txt").write_text("yesterday or so")

    def penalties() -> dict[str, list[float | None]]:
        with open_gradebook(late) as gradebook:
            return {
                s.student_id: [n.late_submission_penalty for n in sorted(s.notebooks, key=lambda n: n.name)]
                for s in gradebook.find_assignment("arith").submissions
                if s.student_id in ("ann", "ben", "eva")
            }

    assert len(again(late)[1].done) == 1
    assert penalties() == {"ann": [None, None], "ben": [3, 5], "eva": [None, None]}
    (late.submitted / "ben" / "arith" / "timestamp.txt").write_text("2029-12-31 00:00:00 UTC")
    assert again(late)[1].done == []
    assert penalties() == {"ann": [None, None], "ben": [None, None], "eva": [None, None]}


# What a person is told


def test_unknown_assignment(course: Course) -> None:
    with pytest.raises(GradingError, match=r"no assignment 'algebra'.*arith"):
        grade(course, assignments=["algebra"])


def test_unknown_student(course: Course) -> None:
    with pytest.raises(GradingError, match="no submission of 'zoe'"):
        grade(course, students=["zoe"])


def test_empty_class(course: Course) -> None:
    shutil.rmtree(course.submitted)
    with pytest.raises(GradingError, match="nothing to grade"):
        grade(course)


def test_no_course(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="no nbgrader_config"):
        Course.open(tmp_path)


def test_broken_source(course: Course) -> None:
    (course.source / "arith" / "lists.ipynb").write_text("{")
    with pytest.raises(GradingError, match=r"lists\.ipynb can't be used"):
        grade(course)


def test_names_that_no_database_holds(course: Course) -> None:
    hand_in(course.root, "x" * 129)
    with pytest.raises(GradingError, match="rename it"):
        grade(course)
    shutil.rmtree(course.submitted / ("x" * 129))
    hand_in(course.root, os.fsdecode(b"Jos\xe9"))
    with pytest.raises(GradingError, match="rename it") as told:
        grade(course)
    str(told.value).encode()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:////nowhere/at/all/gradebook.db", "can't be opened"),
        ("sqlite:///submitted", "can't be opened"),
        ("sqlite:///nbgrader_config.py", "can't be opened"),
        ("postgresql://teacher:s3cret@127.0.0.1:1/class", "can't be opened"),
        ("nosuchbase://x", "can't be opened"),
        ("not a url", "gradebook"),
    ],
)
def test_unusable_gradebook(tmp_path: Path, url: str, words: str) -> None:
    root = copy_course(tmp_path / "course", CONFIG + f"\nc.CourseDirectory.db_url = {url!r}\n")
    hand_in(root, "ann")
    with pytest.raises(GradingError, match=words) as told:
        grade(Course.open(root))
    assert "s3cret" not in str(told.value)
    assert "\n" not in str(told.value)


def test_locked_gradebook(course: Course) -> None:
    with open_gradebook(course):
        pass
    with sqlite3.connect(course.root / "gradebook.db") as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(GradingError, match="locked"):
            grade(course)
        holder.rollback()


def test_unwritable_autograded(course: Course) -> None:
    course.autograded.write_text("a file in the place of the folder")
    with pytest.raises(GradingError, match="can't be written"):
        grade(course)


def test_unwritable_place_of_one_student(course: Course) -> None:
    course.autograded.mkdir()
    (course.autograded / "ann").write_text("a file in the place of the folder")
    with pytest.raises(GradingError, match="can't be written"):
        grade(course)


def test_no_place_for_temporary_files(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    with pytest.raises(
        GradingError, match=r"can't be opened .*/nowhere/at/all"
    ):  # nbgrader needs one for a new gradebook
        grade(course)
    monkeypatch.undo()
    with open_gradebook(course):
        pass
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    with pytest.raises(GradingError, match=r"/nowhere/at/all.* can't be written"):
        grade(course)


def test_kernel_that_does_not_start(course: Course) -> None:
    path = course.source / "arith" / "lists.ipynb"
    nb = nbformat.read(path, as_version=4)
    nb.metadata.kernelspec.name = "fortran"
    nbformat.write(nb, path)
    with pytest.raises(GradingError, match="'fortran' does not start"):
        grade(course)
    with open_gradebook(course) as gradebook:
        assert [row.notebook for row in results(gradebook)] in ([], ["sums"])


@pytest.mark.timeout(120)
@pytest.mark.parametrize("size", [0, 1_000_000])
def test_worker_that_does_not_start(course: Course, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """The worker is gone before it has read the notebook; one that fits into no pipe is still being sent then."""
    hand_in(course.root, "ann", lists=changed("lists", lambda nb: nb.cells.append(new_markdown_cell("x" * size))))
    with open_gradebook(course):
        pass
    monkeypatch.setenv("PYTHONPATH", str(course.root))
    (course.root / "nbformat.py").write_text("raise ImportError('broken installation')")
    with pytest.raises(GradingError, match=r"worker does not start.*broken installation"):
        grade(course, isolation="limits")  # a sandbox does not look into PYTHONPATH


def test_a_gradebook_whose_creation_was_killed(course: Course) -> None:
    with open_gradebook(course):
        pass
    with sqlite3.connect(course.root / "gradebook.db") as db:
        (version,) = db.execute("SELECT version_num FROM alembic_version").fetchone()
        db.execute("DELETE FROM alembic_version")
    with open_gradebook(course):
        pass
    with sqlite3.connect(course.root / "gradebook.db") as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchall() == [(version,)]


def test_only_one_at_a_time(course: Course) -> None:
    with only_one(course), pytest.raises(GradingError, match="Another 'lakelab grade'"):
        grade(course)


DRIVER = """
import resource, sys
from pathlib import Path
from lakelab.grading.batch import grade
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
if int(sys.argv[2]):
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    grade(Course.open(Path(sys.argv[1])))
except GradingError as error:
    print(error)
    sys.exit(3)
"""


def run_driver(root: Path, file_size: int = 0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", DRIVER, str(root), str(file_size)], capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("spare", [0, 200_000])
def test_full_disk(tmp_path: Path, spare: int) -> None:
    """Where root may mount, a small file system of its own; elsewhere, a limit to the size of files."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    mounted = subprocess.run(mount, capture_output=True).returncode == 0
    try:
        root = copy_course(place / "course")
        hand_in(root, "ann")
        filler = place / "filler"
        if mounted:
            free = shutil.disk_usage(place).free
            filler.write_bytes(bytes(max(0, free - spare - 4096)))
        told = run_driver(root, 0 if mounted else max(spare, 4096))
        assert told.returncode == 3, told.stderr
        assert "Traceback" not in told.stderr
        assert "disk" in told.stdout or "written" in told.stdout
        assert len(told.stdout.strip().split("\n")) == 1
        filler.unlink(missing_ok=True)
        told = run_driver(root)
        assert told.returncode == 0, told.stdout + told.stderr
        assert of(Course.open(root), "ann") == (3, 5)
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(place)], check=True)


# Interruptions, through the command line


def start_cli(root: Path, place: Path, jobs: int = 2) -> subprocess.Popen[str]:
    place.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "lakelab", "grade", "--course", str(root), "--jobs", str(jobs)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(place), "LAKELAB_HOME": str(place.parent / "home")},
    )


def times(root: Path) -> dict[tuple[str, str], str]:
    """Return when each result was recorded, read without nbgrader, which would write into a gradebook that is being made."""
    if not (root / "gradebook.db").exists():
        return {}
    with contextlib.closing(sqlite3.connect(root / "gradebook.db", timeout=30)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'lakelab_result'").fetchall():
            return {}
        return {(s, n): at for s, n, at in db.execute("SELECT student, notebook, graded_at FROM lakelab_result")}


def leftovers(place: Path) -> tuple[list[psutil.Process], list[Path]]:
    """Return processes that still work for a run with this temporary folder, and our files in it, once both had time to go.

    What nbgrader itself leaves there when it is killed while it makes a new gradebook is not ours to find.
    """
    deadline = time.monotonic() + 15
    while True:
        working = []
        for process in psutil.process_iter():
            try:
                if process.status() != psutil.STATUS_ZOMBIE and str(place) in process.environ().get("TMPDIR", ""):
                    working.append(process)
            except psutil.Error:
                continue
        files = list(place.glob("lakelab-*"))
        if not (working or files) or time.monotonic() > deadline:
            return working, files
        time.sleep(0.1)


def test_killed_at_any_moment(undisturbed: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    root, place = fill(copy_course(tmp_path / "course")), tmp_path / "tmp"
    chance, kept = random.Random(20), dict[tuple[str, str], str]()
    killed = 0
    for number in range(10):
        process = start_cli(root, place)
        if number % 2:  # while results come in; else at any moment, the start included
            deadline = time.monotonic() + 60
            while len(times(root)) <= len(kept) and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
        time.sleep(chance.uniform(0, 1) if number % 2 else chance.uniform(0.3, 7))
        killed += process.poll() is None
        process.kill()
        process.communicate()
        assert leftovers(place) == ([], [])
        now = times(root)
        assert {key: now.get(key) for key in kept} == kept, "a recorded notebook was executed again"
        kept = now
    assert killed >= 5
    assert len(kept) >= 4
    process = start_cli(root, place)
    assert process.wait(timeout=120) == 0, process.communicate()
    assert {key: times(root)[key] for key in kept} == kept
    assert dump_scores(f"sqlite:///{root / 'gradebook.db'}") == undisturbed[1]


def test_an_executor_that_ends_before_the_hang_up_is_seen_leaves_no_folder(tmp_path: Path) -> None:
    code = """
import os, select, sys, time
from pathlib import Path
from lakelab.grading import keeper

class Late:  # a hang-up is noticed only when the executor is gone already
    def __init__(self, poll=select.poll):
        self.calls, self.inner = 0, poll()
        self.register = self.inner.register
    def poll(self, milliseconds):
        self.calls += 1
        return self.inner.poll(milliseconds) if self.calls > 1 else time.sleep(0.5)

select.poll = Late
executor = os.fork()
if not executor:
    os._exit(1)
reading, writing = os.pipe()
os.dup2(reading, 0)
os.close(writing)
sys.exit(keeper.keep(executor, Path(os.environ['TMPDIR'])))
"""
    folder = tmp_path / "pool" / "worker"
    folder.mkdir(parents=True)
    subprocess.run([sys.executable, "-c", code], env=os.environ | {"TMPDIR": str(folder)}, timeout=60, check=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_with_a_signal(course: Course, tmp_path: Path, number: int, status: int) -> None:
    hand_in(course.root, "bob", sums=with_cell("sums", "import time; time.sleep(4)"))
    place = tmp_path / "tmp"
    process = start_cli(course.root, place, jobs=1)
    deadline = time.monotonic() + 60
    while ("ann", "sums") not in times(course.root) and time.monotonic() < deadline:
        time.sleep(0.1)
    kept = times(course.root)
    process.send_signal(number)
    _, told = process.communicate(timeout=30)
    assert (process.returncode, told.strip().count("\n")) == (status, 0), told
    assert told.startswith("lakelab: stopped.")
    assert leftovers(place) == ([], [])
    now = times(course.root)
    assert {key: now[key] for key in kept} == kept
    assert len(now) < 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["algebra"], "no assignment"),
        (["--student", "zoe"], "no submission"),
        (["--memory-limit", "lots"], "not a size"),
    ],
)
def test_command_line_tells_in_one_sentence(course: Course, arguments: list[str], words: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "lakelab", "grade", "--course", str(course.root), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.returncode == 1
    assert words in told.stderr
    assert "Traceback" not in told.stderr + told.stdout
    assert told.stderr.strip().count("\n") == 0
