"""What a submission can see, reach, write and take at each level of isolation. One sandbox runs all probes; each test looks at its own."""

from __future__ import annotations

import ast
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from classroom import copy_course, hand_in
from nbformat import NotebookNode

from lakelab.doctor import checks
from lakelab.grading import isolation
from lakelab.grading.batch import grade, isolation_from
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.grading.execute import COLD, WARM, Limits
from lakelab.grading.isolation import Bounds, Isolation, choose
from lakelab.grading.pool import Job, WorkerPool
from lakelab.grading.record import isolation_levels, open_gradebook
from lakelab.grading.verdict import Verdict
from lakelab.report import report

LIMITS = Limits(cell_timeout=20, notebook_timeout=60, memory_limit=600 * 1024**2)
ROOT = Path(__file__).parents[2]

TRY = """
import contextlib, ctypes, glob, os, pathlib, signal, socket, subprocess, sys
def attempt(what):
    try:
        return what()
    except BaseException as error:
        return type(error).__name__
"""

PROBES: dict[str, str] = {
    "uid": "os.getuid()",
    "capabilities": "[l.split()[1] for l in open('/proc/self/status') if l.startswith(('CapPrm', 'CapEff', 'CapAmb'))]",
    "sources": "[p for p in SECRETS if os.path.lexists(p)]",
    "root": "sorted(os.listdir('/'))",
    "home": "[os.path.expanduser('~'), sorted(os.listdir(os.path.expanduser('~')))]",
    "notebooks": "sorted(p for top in ('/tmp', '/files', '/etc', '/home', '/var', '/run', '/dev') for p in glob.glob(top + '/**/*.ipynb', recursive=True) if not p.startswith((os.getcwd() + '/', *SHOWN)))",
    "own test": "[str(p) for top in ('/tmp', '/dev/shm') for p in pathlib.Path(top).rglob('*') if p.is_file() and not str(p).startswith(SHOWN) and b'hidden-' + b'marker' in p.read_bytes()]",
    "processes": "sorted({open(f'/proc/{p}/cmdline').read().split(chr(0))[0].split('/')[-1][:6] for p in os.listdir('/proc') if p.isdigit()})",
    "parent's memory": "attempt(lambda: open(f'/proc/{os.getppid()}/mem', 'rb'))",
    "parent's pipes": "attempt(lambda: os.listdir(f'/proc/{os.getppid()}/fd'))",
    "trace": "ctypes.CDLL(None, use_errno=True).ptrace(16, os.getppid(), 0, 0)",
    "reach outside": "attempt(lambda: socket.create_connection(('127.0.0.1', PORT), 2))",
    "reach a name": "attempt(lambda: socket.getaddrinfo('example.org', 80))",
    "reach an address": "attempt(lambda: socket.create_connection(('192.0.2.1', 80), 2))",
    "interfaces": "[name for _, name in socket.if_nameindex()]",
    "loopback": "attempt(lambda: (lambda s: socket.create_connection(s.getsockname(), 2).getpeername()[0])(socket.create_server(('127.0.0.1', 0))))",
    "abstract": "attempt(lambda: socket.socket(socket.AF_UNIX).connect(chr(0) + ABSTRACT))",
    "write": "{p: attempt(lambda p=p: open(p + '/written', 'w').write('x')) for p in ('/', '/usr', '/etc', '/files', '/dev', '/home', sys.prefix, PACKAGE, os.environ['LAKELAB_CACHE'], os.environ['LAKELAB_DATA'])}",
    "mount": "attempt(lambda: subprocess.run(['mount', '-t', 'tmpfs', 'none', '/tmp'], capture_output=True, check=True))",
    "kill outside": "attempt(lambda: os.kill(OUTSIDE, 0))",
    "data": "os.path.exists(os.environ['LAKELAB_DATA'] + '/manifest.json')",
    "files": "sorted(os.listdir('.'))",
    "fill": "attempt(lambda: [open(f'/tmp/full-{n}', 'wb').write(bytes(10**7)) for n in range(40)] and 'all')",
    "large file": "attempt(lambda: os.truncate(os.open('/dev/shm/large', os.O_CREAT | os.O_RDWR), 10**10))",
    "shared memory": "attempt(lambda: [open(f'/dev/shm/full-{n}', 'wb').write(bytes(10**7)) for n in range(40)] and 'all')",
    "open files": "attempt(lambda: len([open('/dev/null') for _ in range(10**5)]))",
    "claim": "attempt(lambda: len(bytearray(5 * 10**9)))",
}  # fmt: skip

THREADS = """
import threading
threading.stack_size(1 << 16)
wait, made = threading.Event(), 0
try:
    for _ in range(10000):
        threading.Thread(target=wait.wait, daemon=True).start()
        made += 1
except RuntimeError:
    pass
print(made)
"""

FORK_BOMB = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""

LEAVE = """
import ctypes, os, pathlib, subprocess, sys
for place in ("/tmp", "/dev/shm", os.path.expanduser("~"), os.environ["JUPYTER_RUNTIME_DIR"], "."):
    pathlib.Path(place, "left").write_text("x")
os.makedirs("/tmp/deep/er")
os.chmod("/tmp/deep", 0)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
"""

LOOK = "import os, sys\n[p for top in ('/tmp', '/dev/shm') for d, _, names in os.walk(top) if not d.startswith(sys.prefix) for p in names if 'left' in p or 'full' in p or 'large' in p] + [n for n in os.listdir('/tmp') if n == 'deep']"

SYSTEM_V = "import ctypes\nprint(ctypes.CDLL(None).shmget(7, 4096, 0o1666))"

PLANTS = {
    "launcher": "import os\nfolder = os.path.dirname(os.environ['LAKELAB_WORKER_PYTHON'])\nopen(folder + '/python', 'w').write('#!/bin/sh\\nexit 1\\n')",
    "beside": "import os\nopen(os.path.dirname(os.path.dirname(os.environ['LAKELAB_WORKER_PYTHON'])) + '/left', 'w').close()",
}


@dataclass
class Seen:
    """What the probes found, what was left after others, and why things were replaced."""

    found: dict[str, object]
    threads: int
    after: dict[str, str]
    replaced: list[str]


def notebook(*cells: str) -> NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])


def results(nb: NotebookNode) -> list[str]:
    """Return the value, printed text or error's name of each cell."""
    found = []
    for cell in nb.cells:
        texts = [o.get("text") or o.get("ename") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
        found.append(texts[-1] if texts else "")
    return found


def need_sandbox() -> None:
    """Skip where no sandbox is to be had; but fail in CI on Linux, where bubblewrap is installed for it."""
    if why := isolation.trouble():
        if os.environ.get("CI") == "true" and sys.platform == "linux":
            pytest.fail(why)
        pytest.skip(why)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """One warm worker in a sandbox, and what each notebook that it ran found."""
    need_sandbox()
    root = copy_course(tmp_path_factory.mktemp("sandbox") / "course")
    hand_in(root, "neighbour")
    (root / "gradebook.db").write_text("secret")
    files = root / "release" / "arith"
    (files / "table.csv").write_text("a,b\n")
    secrets = [
        root / "source",
        root / "gradebook.db",
        root / "submitted",
        ROOT / "source",
        ROOT / "tests",
        ROOT / ".git",
    ]
    secrets += [
        Path.home() / ".ssh",
        Path.home() / ".bashrc",
        Path.home() / ".cache",
        Path("/etc/shadow"),
        Path("/var"),
        Path("/sys/fs"),
    ]
    abstract = f"lakelab-test-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as listener:
        listener.bind("\0" + abstract)
        listener.listen()
        known = f"SECRETS = {list(map(str, secrets))!r}\nPORT = {server.getsockname()[1]}\nABSTRACT = {abstract!r}\nOUTSIDE = {os.getpid()}\nPACKAGE = {str(ROOT / 'lakelab')!r}\nSHOWN = (sys.prefix, PACKAGE, os.environ['LAKELAB_CACHE'], os.environ['LAKELAB_DATA'])"
        jobs = [
            Job("probes", notebook(TRY, known, *PROBES.values(), "print('hidden-' 'marker')"), files),
            Job("after probes", notebook(LOOK)),
            Job("threads", notebook(THREADS)),
            Job("bomb", notebook(FORK_BOMB)),
            Job("leave", notebook(LEAVE)),
            Job("after leave", notebook(LOOK)),
            Job("System V", notebook(SYSTEM_V)),
            Job("after System V", notebook("print(open('/proc/sysvipc/shm').read().count(chr(10)))")),
            *(Job(name, notebook(source)) for name, source in PLANTS.items()),
            Job("after plants", notebook("import os\nsorted(os.listdir(os.path.dirname(os.path.dirname(os.environ['LAKELAB_WORKER_PYTHON']))))")),
        ]  # fmt: skip
        with WorkerPool(1, LIMITS, WARM, Isolation.SANDBOX) as pool:
            done = {d.key: d for d in pool.run(iter(jobs))}
            replaced = list(pool.replaced)
    assert [key for key, d in done.items() if d.outcome.verdict is not Verdict.GRADED] == ["bomb"]
    values = {name: results(done[name].nb)[-1] for name in done}
    found = dict(zip(PROBES, results(done["probes"].nb)[2:], strict=False))
    return Seen({k: ast.literal_eval(v) for k, v in found.items()}, int(values["threads"]), values, replaced)


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        ("uid", 1000),
        ("capabilities", ["0000000000000000"] * 3),
        ("sources", []),
        ("notebooks", ["/files/lists.ipynb", "/files/sums.ipynb"]),  # what students have anyway, beside data
        ("own test", []),
        ("parent's memory", "PermissionError"),
        ("parent's pipes", "PermissionError"),
        ("trace", -1),
        ("reach outside", "ConnectionRefusedError"),
        ("reach a name", "gaierror"),
        ("reach an address", "OSError"),
        ("interfaces", ["lo"]),
        ("loopback", "127.0.0.1"),
        ("abstract", "ConnectionRefusedError"),
        ("mount", "CalledProcessError"),
        ("kill outside", "ProcessLookupError"),
        ("data", True),
        ("files", ["lists.ipynb", "sums.ipynb", "table.csv"]),
        ("fill", "OSError"),
        ("large file", "OSError"),
        ("shared memory", "OSError"),
        ("open files", "OSError"),
        ("claim", "MemoryError"),
    ],
)
def test_in_a_sandbox(seen: Seen, probe: str, expected: object) -> None:
    assert seen.found[probe] == expected


def test_a_sandbox_shows_little(seen: Seen) -> None:
    assert not {"home", "var", "run", "mnt", "opt", "srv", "boot", "sys"} & set(seen.found["root"])  # type: ignore[call-overload]
    assert seen.found["home"] == ["/tmp/home", [".ipython"]] or seen.found["home"] == ["/tmp/home", []]
    assert set(seen.found["processes"]) <= {"bwrap", "python"}  # type: ignore[call-overload]


def test_nothing_but_the_scratch_can_be_written(seen: Seen) -> None:
    assert set(seen.found["write"].values()) <= {"OSError", "PermissionError", "FileNotFoundError"}  # type: ignore[attr-defined]


def test_processes_and_threads_are_bounded(seen: Seen) -> None:
    assert 100 < seen.threads < isolation.PROCESSES


def test_nothing_is_left_for_the_next(seen: Seen) -> None:
    assert seen.after["after probes"] == seen.after["after leave"] == "[]"


def test_a_sandbox_that_cannot_be_made_as_new_is_given_up(seen: Seen) -> None:
    assert seen.after["after System V"].strip() == "1"
    assert "System V objects (shm) are left" in seen.replaced


def test_what_is_kept_ready_is_given_up_when_touched(seen: Seen) -> None:
    assert seen.replaced.count("what it keeps ready was touched") == len(PLANTS)
    assert seen.after["after plants"] == "['fork', 'lend', 'scratch']"


def test_a_probe_finds_what_a_sandbox_hides() -> None:
    """The probes are worth something: without a sandbox they find what they look for."""
    known = f"SECRETS = [{str(ROOT / 'source')!r}]"
    with socket.create_server(("127.0.0.1", 0)) as server, WorkerPool(1, LIMITS, COLD, Isolation.LIMITS) as pool:
        cells = [TRY, f"{known}\nPORT = {server.getsockname()[1]}"]
        wanted = ["sources", "reach outside", "parent's memory", "open files", "claim"]
        done = next(pool.run(iter([Job("a", notebook(*cells, *(PROBES[name] for name in wanted)))])))
    sources, reached, memory, files, claimed = results(done.nb)[2:]
    assert sources == f"[{str(ROOT / 'source')!r}]"
    assert reached.startswith("<socket.socket")
    assert memory == ("'PermissionError'" if os.getuid() else memory)  # root may look into anything
    assert (files, claimed) == ("'OSError'", "'MemoryError'")


def test_a_class_is_graded_in_a_sandbox_and_the_report_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    need_sandbox()
    from rich.console import Console

    from lakelab.grading.terminal import TerminalProgress
    from lakelab.report import render

    root = copy_course(tmp_path / "course")
    hand_in(root, "alice")
    course = Course.open(root)
    grade(course, jobs=2, isolation=Isolation.SANDBOX, progress=TerminalProgress(Console(width=200)))
    assert "Isolation: sandbox: submissions run in a sandbox" in capsys.readouterr().out
    with open_gradebook(course) as gradebook:
        assert isolation_levels(gradebook) == {("arith", lab, "alice"): "sandbox" for lab in ("lists", "sums")}
    result = report(course_root=root)
    assert (result.isolation, result.median) == ({"sandbox": 2}, 1.0)
    render(result, Console(width=200))
    assert "2 in a sandbox" in capsys.readouterr().out
    assert "2 in a sandbox" in result.to_html()


@pytest.fixture
def without_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    isolation.trouble.cache_clear()
    yield
    isolation.trouble.cache_clear()


@pytest.mark.usefixtures("without_bubblewrap")
def test_without_bubblewrap(tmp_path: Path) -> None:
    root = copy_course(tmp_path / "course")
    hand_in(root, "alice")
    assert choose("auto") is Isolation.LIMITS
    with pytest.raises(
        GradingError, match=r"There is no sandbox to be had here \(bubblewrap .*apt-get install bubblewrap"
    ):
        grade(Course.open(root), isolation="sandbox")
    assert not (root / "gradebook.db").exists()
    assert checks.isolation().status == ("warn" if sys.platform == "linux" else "ok")
    assert "limits only" in checks.isolation().found


def test_a_bubblewrap_that_does_not_work_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    isolation.trouble.cache_clear()
    try:
        assert isolation.trouble() == "bubblewrap does not work: bwrap: No permissions to create new namespace"
        assert "user namespaces" in isolation.remedy()
    finally:
        isolation.trouble.cache_clear()


def test_doctor_tells_of_the_sandbox() -> None:
    need_sandbox()
    assert checks.isolation().status == "ok"
    assert checks.isolation().found.startswith("sandbox")


def test_what_is_asked_for_must_exist(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="'jail' is no isolation: choose from auto, sandbox, limits, none"):
        choose("jail")
    course = Course.open(copy_course(tmp_path / "course"))
    course.config.PapermillExecute.isolation = "none"
    assert isolation_from(course) is Isolation.NONE


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_gets_a_sandbox_too(tmp_path: Path) -> None:
    """Root sets its sandbox up in another way, and CI runs as root: `nobody` stands for everybody else."""
    need_sandbox()
    tmp_path.chmod(0o755)
    code = (
        "import os, subprocess, sys\nfrom lakelab.grading import isolation\n"
        "os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)\n"
        "command = isolation._namespaces(isolation._mapped_namespace()) + ['--ro-bind', '/', '/', '--', 'id', '-u']\n"
        "sys.exit(subprocess.run(command).returncode)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd="/")
    assert (done.returncode, done.stdout) == (0, "1000\n"), done.stderr


def test_bounds_follow_the_memory_limit() -> None:
    assert Bounds.of(4 * 1024**3) == Bounds(10 * 1024**3, 2 * 1024**3)
    assert Bounds.of(1024).files == 64 * 1024**2
