"""What a submission may do while it runs, and what becomes of it. One pool runs all jobs; each test looks at its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat import NotebookNode

from lakelab.grading.execute import COLD, WARM, Limits, clean_environment, execute, scratch_folder
from lakelab.grading.integrity import GUARD
from lakelab.grading.isolation import Bounds, Isolation
from lakelab.grading.keeper import command_options
from lakelab.grading.pool import Done, Job, WorkerPool
from lakelab.grading.verdict import CellStatus, Outcome, Verdict

LIMITS = Limits(cell_timeout=3, notebook_timeout=12, memory_limit=600 * 1024**2)
MARK = "lakelab-test-daemon"

DAEMON = f"""
import os, subprocess, sys
code = "import time; time.sleep(300)"
subprocess.Popen([sys.executable, "-c", code, {MARK!r}], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", code, {MARK!r}])
    os._exit(0)
"""

CELLS: dict[str, list[str]] = {
    "plain": ["1 + 1", "print('hello')", "2.5"],
    "error": ["1 / 0", "x = 2"],
    "interruptible": ["while True: pass", "1"],
    "stubborn": [
        "x = 1",
        "import time\nwhile True:\n    try:\n        time.sleep(9)\n    except BaseException: pass",
        "2",
    ],
    "notebook limit": ["import time; time.sleep(2.5)"] * 7,
    "memory": ["y = 1", "x = bytearray(10**9)\nimport time; time.sleep(2)", "1"],
    "detached memory": [
        "import subprocess, sys, time\n"
        "code = 'x = bytearray(10**9); import time; time.sleep(60)'\n"
        "subprocess.run(['setsid', '-f', sys.executable, '-c', code])\ntime.sleep(2.8)",
        "time.sleep(2.8)",
    ],
    "os._exit": ["x = 1", "import os; os._exit(3)", "2"],
    "kill own": ["import os, signal; os.kill(os.getpid(), signal.SIGKILL)"],
    "kill parent": ["x = 1", "import os, signal, time; os.kill(os.getppid(), signal.SIGKILL); time.sleep(2)", "2"],
    "quit": ["x = 1", "quit()", "2"],
    "sys.exit": ["import sys; sys.exit()", "1"],
    "showtraceback": [
        "ip = get_ipython()\nip.showtraceback = ip._showtraceback = ip.showsyntaxerror = lambda *a, **k: None",
        "assert False, 'still seen'",
    ],
    "daemon": [DAEMON, "1"],
    "threads": [
        "import threading, time\ndef work():\n    while True: time.sleep(0.01)\n"
        "for _ in range(5): threading.Thread(target=work).start()",
        "1",
    ],
    "stderr": [
        "import sys, warnings, logging\nwarnings.warn('careful')\nlogging.warning('logged')\nprint('progress', file=sys.stderr)\n"
        "from tqdm import tqdm\nfor _ in tqdm(range(3)): pass",
    ],
    "input": ["input('name? ')", "1"],
    "flood": ["for _ in range(30): print('x' * 10**6)", "1.5"],
    "one line": ["print('x' * 50 * 10**6)", "1"],
    "descriptors": [
        "import os, subprocess, sys\nos.write(1, b'one'); os.write(2, b'two')\n"
        "subprocess.run(['sh', '-c', 'echo out; echo err >&2; yes | head -c 3000000 >&2'])",
        "1",
    ],
    "odd messages": [
        "k = get_ipython().kernel\nfor kind, content in [('stream', {}), ('stream', {'name': 1, 'text': None}), ('display_data', {'data': 7}),"
        " ('comm_open', {}), ('nonsense', {'a': 1}), ('clear_output', None)]:\n"
        "    k.session.send(k.iopub_socket, kind, content, parent=k.get_parent())",
        "1",
    ],
    "hang after the end": [
        "import asyncio\nasync def hang():\n    while True: pass\n_ = asyncio.ensure_future(hang())"
    ],
    "surrogates": ["print('\\ud800')\n'\\udfff'", "raise ValueError('\\ud800\\x00')"],
    "removes all": [
        "import os, shutil\nshutil.rmtree(os.path.dirname(os.path.dirname(os.environ['TMPDIR'])), True)",
        "1",
    ],
    "several results": ["get_ipython().ast_node_interactivity = 'all'", "3\n0.25"],
    "numpy": ["import numpy", "numpy.float64(0.5)"],
    "environment": ["import os", "print(dict(os.environ))\nprint(open(f'/proc/{os.getppid()}/environ').read())"],
    "last": ["1"],
}


def notebook(cells: list[str]) -> NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])


def alive(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if mark in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((COLD, Isolation.LIMITS), id="cold-limits"),
        pytest.param((WARM, Isolation.AUTO), id="warm-auto"),
        pytest.param((WARM, Isolation.NONE), id="warm-none", marks=pytest.mark.slow),
        pytest.param((COLD, Isolation.AUTO), id="cold-auto", marks=pytest.mark.slow),
    ],
)
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Done[str]]]:
    """All of CELLS, executed by either engine, in a sandbox where there is one; temporary files in a folder of the test's own."""
    engine, isolation = request.param
    place = tmp_path_factory.mktemp("pool")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(place))
        for name in ("LAKELAB_DB_URL", "AWS_SECRET_ACCESS_KEY", "JUPYTER_TOKEN", "SPARK_API_KEY"):
            patch.setenv(name, "seen-by-students")
        with WorkerPool(2, LIMITS, engine, isolation) as pool:
            jobs = iter([Job(name, notebook(cells)) for name, cells in CELLS.items()])
            yield {done.key: done for done in pool.run(jobs)}
    assert list(place.iterdir()) == []


def statuses(outcome: Outcome) -> list[str]:
    return [str(cell.status) for cell in outcome.cells]


def text(done: Done[str]) -> str:
    return "".join(o.get("text", "") for cell in done.nb.cells for o in cell.get("outputs", []))


@pytest.mark.parametrize(
    ("name", "verdict", "cells"),
    [
        ("plain", Verdict.GRADED, "ok ok ok"),
        ("error", Verdict.GRADED_WITH_ERRORS, "error ok"),
        ("interruptible", Verdict.TIMED_OUT, "timed out|ok"),
        ("stubborn", Verdict.TIMED_OUT, "ok|timed out|not run"),
        ("memory", Verdict.OUT_OF_MEMORY, "ok|error|not run"),
        ("os._exit", Verdict.KERNEL_DIED, "ok|error|not run"),
        ("kill own", Verdict.KERNEL_DIED, "error"),
        ("kill parent", Verdict.KERNEL_DIED, "ok|not run|not run"),
        ("quit", Verdict.KERNEL_DIED, "ok|ok|not run"),
        ("sys.exit", Verdict.GRADED_WITH_ERRORS, "error ok"),
        ("showtraceback", Verdict.GRADED_WITH_ERRORS, "ok error"),
        ("daemon", Verdict.GRADED, "ok ok"),
        ("threads", Verdict.GRADED, "ok ok"),
        ("stderr", Verdict.GRADED, "ok"),
        ("input", Verdict.GRADED_WITH_ERRORS, "error ok"),
        ("flood", Verdict.GRADED, "ok ok"),
        ("one line", Verdict.GRADED, "ok ok"),
        ("descriptors", Verdict.GRADED, "ok ok"),
        ("odd messages", Verdict.GRADED, "ok ok"),
        ("hang after the end", Verdict.GRADED, "ok"),
        ("surrogates", Verdict.GRADED_WITH_ERRORS, "ok error"),
        ("removes all", Verdict.GRADED, "ok ok"),
        ("last", Verdict.GRADED, "ok"),
    ],
)
def test_ends_in_its_verdict(ran: dict[str, Done[str]], name: str, verdict: Verdict, cells: str) -> None:
    outcome = ran[name].outcome
    expected = cells.split("|") if "|" in cells else cells.split() if "timed" not in cells else [cells]
    assert (outcome.verdict, statuses(outcome)) == (verdict, expected), outcome.reason
    assert outcome.reason.endswith(".")
    assert outcome.reason[0].isupper()


def test_every_job_ends_once(ran: dict[str, Done[str]]) -> None:
    assert set(ran) == set(CELLS)


def test_notebook_limit_stops_the_rest(ran: dict[str, Done[str]]) -> None:
    outcome = ran["notebook limit"].outcome
    assert outcome.verdict is Verdict.TIMED_OUT
    assert outcome.cells[0].status is CellStatus.OK
    assert outcome.cells[-1].status is CellStatus.NOT_RUN
    assert outcome.seconds < LIMITS.notebook_timeout + 5


def test_detached_processes_count_for_memory(ran: dict[str, Done[str]]) -> None:
    assert ran["detached memory"].outcome.verdict is Verdict.OUT_OF_MEMORY


def test_detached_processes_are_gone(ran: dict[str, Done[str]]) -> None:
    assert ran["daemon"].outcome.verdict is Verdict.GRADED
    assert alive(MARK) == []


def test_death_takes_no_time(ran: dict[str, Done[str]]) -> None:
    assert ran["os._exit"].outcome.seconds < LIMITS.cell_timeout


def test_output_is_bounded(ran: dict[str, Done[str]]) -> None:
    for name in ("flood", "one line", "descriptors"):
        assert len(text(ran[name])) < 1.1 * 1024**2
    assert "the rest was dropped" in text(ran["flood"])
    assert "out" in text(ran["descriptors"])


def test_stderr_is_noted_and_costs_nothing(ran: dict[str, Done[str]]) -> None:
    assert ran["stderr"].outcome.cells[0].wrote_stderr


def test_partial_credit_is_the_number_of_the_last_expression(ran: dict[str, Done[str]]) -> None:
    assert [cell.partial for cell in ran["plain"].outcome.cells] == [2.0, None, 2.5]
    assert ran["flood"].outcome.cells[1].partial == 1.5
    assert ran["numpy"].outcome.cells[1].partial == 0.5
    assert ran["several results"].outcome.cells[1].partial == 0.25


def test_the_error_that_counts_is_shown(ran: dict[str, Done[str]]) -> None:
    shown = ran["showtraceback"].nb.cells[1].outputs[-1]
    assert (shown.output_type, shown.ename, shown.evalue) == ("error", "AssertionError", "still seen")


def test_no_secret_reaches_kernel_or_worker(ran: dict[str, Done[str]]) -> None:
    shown = text(ran["environment"])
    assert "LAKELAB_GRADING" in shown
    assert "seen-by-students" not in shown
    assert "DB_URL" not in shown
    home = next(
        part
        for part in shown.split("'")
        if part.endswith("/scratch/home") or (part.endswith("/home") and "lakelab-" in part)
    )
    assert str(Path.home()) != home


def test_clean_environment_keeps_what_spark_needs() -> None:
    kept = clean_environment({"PATH": "p", "PYSPARK_PYTHON": "x", "PYSPARK_GATEWAY_SECRET": "s", "PGPASSWORD": "s"})
    assert kept == {"PATH": "p", "PYSPARK_PYTHON": "x"}


def test_executes_in_a_folder_of_its_own_with_the_files(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("1,2")
    nb = notebook(["open('data.csv').read()", "open('new', 'w').write('x')"])
    with scratch_folder(tmp_path) as scratch:
        assert execute(nb, limits=LIMITS, scratch=scratch).verdict is Verdict.GRADED
        assert (scratch / "work" / "new").exists()
    assert not scratch.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["data.csv"]


def test_an_interpreter_that_can_not_be_checked_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = notebook(["1", "assert True"])
    lab.cells[-1].metadata["nbgrader"] = {"grade": True, "solution": False, "locked": True, "grade_id": "test"}
    for guard, noted in (
        (GUARD, []),
        (
            "import nowhere",
            ["The interpreter was not checked around the tests (ModuleNotFoundError: No module named 'nowhere')"],
        ),
    ):
        monkeypatch.setattr("lakelab.grading.integrity.GUARD", guard)
        with scratch_folder() as scratch:
            outcome = execute(lab, limits=LIMITS, scratch=scratch)
        assert outcome.verdict is Verdict.GRADED
        assert outcome.notes == noted


def test_a_lab_without_code_is_graded() -> None:
    with scratch_folder() as scratch:
        outcome = execute(nbformat.v4.new_notebook(), limits=LIMITS, scratch=scratch)
    assert outcome.verdict is Verdict.GRADED


def test_papermill_finds_the_engine() -> None:
    from papermill.engines import papermill_engines

    assert papermill_engines.get_engine("lakelab").__name__ == "GradingEngine"


def test_closing_the_pool_ends_running_jobs() -> None:
    mark = f"lakelab-test-{os.getpid()}"
    cells = [f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import time; time.sleep(60)', {mark!r}])"]
    began = time.monotonic()
    with WorkerPool(1, Limits(30, 60, 10**9)) as pool:
        for _ in pool.run(iter([Job("a", notebook(["1"]))])):
            pool._workers[0].send(Job("b", notebook(cells)), pool.limits, pool.engine)
            while not alive(mark) and time.monotonic() - began < 30:
                time.sleep(0.1)
            assert alive(mark)
            break
    assert alive(mark) == []


KEEPER = """
import os, shutil, sys
removed = []
shutil.rmtree = lambda path, **options: removed.append(str(path))
from pathlib import Path
from lakelab.grading.keeper import keep
child = os.fork()
if child == 0:
    os._exit(0)
said = os.dup(1)
keep(child, Path(sys.argv[1]))
os.write(said, repr(removed).encode())
"""


def test_a_keeper_removes_its_own_folder_even_when_that_is_gone(tmp_path: Path) -> None:
    """It once asked `tempfile` for it, which answers /tmp where TMPDIR does not exist: all of /tmp was removed."""
    gone = tmp_path / "pool" / "worker"
    environment = os.environ | {"TMPDIR": str(gone)}
    done = subprocess.run(
        [sys.executable, "-c", KEEPER, str(gone)],
        input="",
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.stdout == repr([str(gone)]), done.stderr


def test_the_executor_of_a_sandbox_does_nothing_outside_of_one(tmp_path: Path) -> None:
    """It removes all that is in /tmp."""
    command = command_options(Isolation.SANDBOX, Bounds.of(10**9), tmp_path)
    code = "import sys, lakelab.grading.worker as w\nw.drop_privileges = w.limit_resources = lambda *a: None\nw.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *command], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert "none" in done.stderr
    assert done.returncode != 0
