"""No attack gains points, leaks, writes outside, disturbs others or ends the run; and the same attacks do work under nbgrader's own settings."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
import pytest
from attacks import ATTACKS, EARNED, GAINS, HONEST, RIGHT, SPOILS, UNSCORED, WRONG, Attack, content
from classroom import FULL, Log, copy_course, hand_in, scores, solved
from nbgrader.api import Gradebook

from lakelab.feedback import feedback
from lakelab.grading.batch import grade
from lakelab.grading.course import Course
from lakelab.grading.execute import Limits
from lakelab.grading.isolation import Isolation, trouble
from lakelab.grading.record import open_gradebook, results
from lakelab.grading.source import record_sources
from lakelab.grading.verdict import Verdict
from lakelab.report import report

LIMITS = Limits(cell_timeout=4, notebook_timeout=20, memory_limit=700 * 1024**2)
# What only a sandbox prevents, and the README says so.
NEEDS_A_SANDBOX = {
    "takes the solution from source",
    "copies a neighbour",
    "writes into the gradebook",
    "writes outside",
    "calls home",
}
ALONE_ON_STOCK = [
    name for name, attack in ATTACKS.items() if attack.stock == SPOILS or name == "writes into the gradebook"
]
REPORTED = "test_on_stock_settings"
MARK = f"lakelab-attack-{os.getpid()}"


@dataclass
class Graded:
    """A graded class of attackers and honest students, what it gave, and what reached the outside."""

    course: Course
    log: Log
    scores: dict[tuple[str, str], float]
    home: Path
    calls: int
    isolation: Isolation


def fill(root: Path, students: dict[str, Attack], home: Path, port: int) -> None:
    """Hand in the attackers' notebooks, with what they know of the place, and those of two honest students beside them."""
    known = {"ROOT": str(root), "HOME": str(home), "PORT": port, "MARK": MARK}
    for name, attack in students.items():
        told = "".join(f"{word} = {value!r}\n" for word, value in known.items() if word in attack.cell)
        nb = json.loads(content(attack, solved("lists")))
        for cell in nb["cells"]:
            if cell.get("id") == "own":
                cell["source"] = told + cell["source"]
        hand_in(root, name, lists=json.dumps(nb).encode(), sums=None)
    for name in ("honest", "zz the last"):
        hand_in(root, name, sums=None)


def leftovers() -> list[psutil.Process]:
    """Return processes that an attack left behind."""
    return [p for p in psutil.process_iter(["cmdline"]) if MARK in (p.info["cmdline"] or [])]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(Isolation.SANDBOX, id="sandbox"),
        pytest.param(Isolation.LIMITS, id="limits", marks=pytest.mark.slow),
    ],
)
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """The class as ours grades it; the attacks that take their time only where slow tests run."""
    isolation = request.param
    if isolation is Isolation.SANDBOX and (why := trouble()):
        if os.environ.get("CI") == "true" and sys.platform == "linux":
            pytest.fail(why)
        pytest.skip(why)
    slow_too = "not slow" not in request.config.getoption("markexpr")
    root, home = copy_course(tmp_path_factory.mktemp("class") / "course"), tmp_path_factory.mktemp("home")
    students = {
        name: attack
        for name, attack in ATTACKS.items()
        if (isolation is Isolation.SANDBOX or (attack.stock is not None and name not in NEEDS_A_SANDBOX))
        and (slow_too or not attack.slow)
    }
    students |= {f"honest {name}": attack for name, attack in honest().items()}
    with socket.create_server(("127.0.0.1", 0)) as server:
        fill(root, students, home, server.getsockname()[1])
        course, log = Course.open(root), Log()
        grade(course, jobs=2, limits=LIMITS, isolation=isolation, progress=log)
        server.setblocking(False)
        calls = 0
        with contextlib.suppress(BlockingIOError):
            while server.accept():
                calls += 1
    yield Graded(course, log, scores(course.db_url), home, calls, isolation)
    for process in leftovers():
        process.kill()


def honest() -> dict[str, Attack]:
    """Return the honest oddities with right answers."""
    return {name: a if a.answer != WRONG else Attack(cell=a.cell, answer=RIGHT) for name, a in HONEST.items()}


def outcome_of(graded: Graded, name: str) -> tuple[Verdict, str, float]:
    if (name, "lists") not in graded.log.outcomes:
        pytest.skip("this one takes its time, or needs a sandbox to be tried in")
    outcome = graded.log.outcomes[name, "lists"]
    return outcome.verdict, outcome.reason, graded.scores[name, "lists"]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * attack.slow) for name, attack in ATTACKS.items()]
)
def test_nothing_is_gained(graded: Graded, name: str) -> None:
    attack = ATTACKS[name]
    verdict, reason, score = outcome_of(graded, name)
    assert score <= EARNED, reason
    if not (attack.ends or attack.slow or attack.tampered):
        assert score == EARNED, reason
    assert (verdict is Verdict.TAMPERED) == attack.tampered, reason


@pytest.mark.parametrize("name", HONEST)
def test_honest_oddities_cost_nothing(graded: Graded, name: str) -> None:
    verdict, reason, score = outcome_of(graded, f"honest {name}")
    assert (verdict, score) == (Verdict.GRADED, FULL["lists"]), reason


def test_nobody_else_notices(graded: Graded) -> None:
    for name in ("honest", "zz the last"):
        assert graded.scores[name, "lists"] == FULL["lists"]
        assert graded.log.outcomes[name, "lists"].verdict is Verdict.GRADED


def test_everyone_has_a_verdict(graded: Graded) -> None:
    assert {student for student, lab in graded.log.outcomes if lab == "lists"} == set(graded.course.students())


def test_evidence_is_for_the_instructor(graded: Graded) -> None:
    with open_gradebook(graded.course) as gradebook:
        notes = {row.student: row.notes for row in results(gradebook) if row.notebook == "lists"}
    assert "ast_transformers" in notes["strips assertions from syntax trees"]
    assert "ExecutionResult.success was replaced" in notes["calls every result a success"]
    assert "skip-execution" in notes["skips the test by a tag"]
    if graded.isolation is Isolation.SANDBOX:  # the other levels see only what works on stock settings
        assert "sys.settrace was called while a test was run" in notes["jumps over assertions"]
    assert not any("was not checked" in note for note in notes.values())


def test_nothing_reaches_the_outside(graded: Graded) -> None:
    if graded.isolation is not Isolation.SANDBOX:
        pytest.skip("only a sandbox promises that")
    assert graded.calls == 0
    assert list(graded.course.root.rglob("written-by-attack")) == list(graded.home.iterdir()) == []
    assert leftovers() == []
    with Gradebook(graded.course.db_url) as gradebook:
        assert (
            gradebook.db.connection()
            .exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            .fetchall()
            == []
        )


def test_active_content_is_inert_in_what_people_open(graded: Graded) -> None:
    root, name = graded.course.root, "shows active HTML"
    feedback(course_root=root, students=[name])
    pages = [path.read_text() for path in (root / "feedback" / name).rglob("*.html")]
    pages.append(report(course_root=root).to_html())
    assert len(pages) >= 2
    for page in pages:
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page
    autograded = nbformat.read(root / "autograded" / name / "arith" / "lists.ipynb", as_version=4)
    shown = [output.data for cell in autograded.cells for output in cell.get("outputs", []) if "data" in output]
    assert [set(data) for data in shown] == [{"text/plain"}, {"text/plain"}]
    assert [cell.source for cell in autograded.cells if cell.source.startswith("<script>")] == []


def stock(root: Path, students: dict[str, Attack], tmp_path: Path) -> tuple[int, dict[tuple[str, str], float]]:
    """Grade with `nbgrader autograde` and its own settings; returns its exit status and the scores."""
    copy_course(root, config="c.ExecutePreprocessor.timeout = 20\n")
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    fill(root, students, home, 1)
    course = Course.open(root)
    with open_gradebook(course) as gradebook:
        record_sources(course, gradebook, "arith")
    environment = {
        **os.environ,
        "PATH": str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"],
        "HOME": str(home),
    }
    command = [sys.executable, "-m", "nbgrader", "autograde", "arith", "--force"]
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, check=False, timeout=840, start_new_session=True
    )
    for process in leftovers():
        process.kill()
    return done.returncode, scores(course.db_url)


@pytest.fixture(scope="module")
def stock_scores(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[float, bool]]:
    """Score and need of a person's eye by attack, under nbgrader's own settings; of those that tests were selected for."""
    place = tmp_path_factory.mktemp("stock")
    names = {item.callspec.params["name"] for item in request.session.items if item.originalname == REPORTED}  # type: ignore[attr-defined]
    students = {name: attack for name, attack in ATTACKS.items() if name in names}
    stock(place / "course", students, place)
    with Gradebook(Course.open(place / "course").db_url) as gradebook:
        return {
            submission.student.id: (entry.score, any(grade.needs_manual_grade for grade in entry.grades))
            for submission in gradebook.assignment_submissions("arith")
            for entry in submission.notebooks
            if entry.name == "lists"
        }


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "name", [n for n, a in ATTACKS.items() if a.stock in (GAINS, UNSCORED, "") and n not in ALONE_ON_STOCK]
)
def test_on_stock_settings(stock_scores: dict[str, tuple[float, bool]], name: str) -> None:
    """It does there what is said of it: that ours has nothing to fear from it means something."""
    score, waits = stock_scores[name]
    did = UNSCORED if waits else GAINS if score > EARNED else ""
    assert did == ATTACKS[name].stock, (score, waits)


@pytest.mark.slow
@pytest.mark.parametrize("name", ALONE_ON_STOCK)
def test_alone_on_stock_settings(tmp_path: Path, name: str) -> None:
    status, found = stock(tmp_path / "course", {name: ATTACKS[name]}, tmp_path)
    if ATTACKS[name].stock == SPOILS:
        assert status != 0
        assert found.get(("zz the last", "lists"), 0) != FULL["lists"] or name == "hands the test in twice"
    else:
        assert found[name, "lists"] > EARNED
