"""What the warm engine promises: nothing of a submission survives it, what was damaged is replaced, and results are those of the cold engine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from classroom import CONFIG, copy_course, dump_scores, hand_in, with_cell

from lakelab.grading.batch import engine_from, grade
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.grading.execute import COLD, WARM, Limits
from lakelab.grading.keep import close, kept_pool
from lakelab.grading.pool import Done, Job, WorkerPool
from lakelab.grading.verdict import Verdict
from lakelab.warm.client import ForkError, Zygote, libraries_in, supported

pytestmark = pytest.mark.skipif(not supported(), reason="warm processes need Linux")

LIMITS = Limits(cell_timeout=60, notebook_timeout=200, memory_limit=4 * 1024**3)


def notebook(*cells: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])


def run(pool: WorkerPool, *cells: str) -> Done[str]:
    return next(pool.run(iter([Job("one", notebook(*cells))])))


def said(done: Done[str]) -> str:
    return "".join(o.get("text", "") for cell in done.nb.cells for o in cell.get("outputs", []))


def told(done: Done[str]) -> dict[str, Any]:
    """Return the JSON object that the last line of a notebook's output is."""
    assert done.outcome.verdict is Verdict.GRADED, (done.outcome.reason, [c.evalue for c in done.outcome.cells])
    return json.loads(said(done).strip().split("\n")[-1])


# Python


PYTHON = """
import json, os, random, sys, threading, tempfile
import numpy
print(json.dumps({
    "drawn": [random.random(), numpy.random.rand(), numpy.random.default_rng().random()],
    "path": [p for p in sys.path if "lakelab-" not in p],
    "variables": sorted(os.environ),
    "temporary": tempfile.gettempdir() == os.environ["TMPDIR"],
    "threads": [t.name.split(" ")[0] for t in threading.enumerate()],
    "arguments": [os.path.basename(sys.argv[0]), sys.argv[1], *sys.argv[3:]],
    "main": sys.modules["__main__"].__dict__.get("__name__"),
    "parent": os.getppid(),
    "here": [os.path.basename(os.getcwd()), os.listdir(".")],
    "streams": [os.readlink(f"/proc/self/fd/{n}").split(":")[0] for n in (0, 1)],
    "signals": [__import__("signal").getsignal(n) == __import__("signal").SIG_DFL for n in (15, 17)],
}))
"""


def test_a_forked_kernel_is_as_one_that_was_started() -> None:
    found = {}
    for engine in (COLD, WARM):
        with WorkerPool(1, LIMITS, engine) as pool:
            found[engine] = [told(run(pool, PYTHON)) for _ in range(2)]
    first, second = found[WARM]
    assert not set(first.pop("drawn")) & set(second.pop("drawn")), "two submissions drew the same numbers"
    assert first == second
    cold = found[COLD][0]
    cold.pop("drawn")
    extra = set(first.pop("variables")) ^ set(cold.pop("variables"))
    assert extra == {"LAKELAB_JVM", "LAKELAB_WORKER_PYTHON"}
    assert first.pop("parent") != cold.pop("parent")  # two pools
    assert first.pop("streams")[1:] == cold.pop("streams")[1:]
    assert first == cold


def test_plots_come_out_as_from_a_started_kernel() -> None:
    cells = (
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "import pandas as pd\npd.Series([1, 2]).plot.hist()\nplt.show()",
    )
    found = []
    for engine in (COLD, WARM):
        with WorkerPool(1, LIMITS, engine) as pool:
            done = [run(pool, *cells) for _ in range(2)][-1]
        found.append([[sorted(o.get("data", {})) for o in cell.outputs] for cell in done.nb.cells])
    assert found[0] == found[1]
    assert "image/png" in found[0][0][0]


def test_files_of_one_submission_are_not_there_for_the_next() -> None:
    look = "import os, json\nprint(json.dumps([[r, d, f] for r, d, f in os.walk(os.path.dirname(os.getcwd()))]))"
    with WorkerPool(1, LIMITS, WARM) as pool:
        before = run(pool, look)
        run(
            pool,
            "import os, pathlib\npathlib.Path('x/y').mkdir(parents=True); pathlib.Path('x/y/z').write_text('1')\n"
            "os.symlink('/', 'link'); pathlib.Path(os.environ['TMPDIR'], 't').write_text('1'); os.mkfifo('pipe')\n"
            "os.chmod('x/y', 0)",
        )
        after = run(pool, look)
        assert said(before) == said(after)
        run(pool, "import os, shutil\nshutil.rmtree(os.path.dirname(os.getcwd()))")
        again = run(pool, "import os\nprint(os.listdir('.'))")
    assert said(again) == "[]\n"


def test_the_importing_process_may_be_killed() -> None:
    kill = (
        "import os, psutil, signal\nme = psutil.Process()\n"
        "[p.kill() for p in psutil.Process(os.getppid()).children() if 'lakelab.warm.zygote' in p.cmdline() and p.pid != me.pid]"
    )
    with WorkerPool(1, LIMITS, WARM) as pool:
        assert run(pool, "1").outcome.verdict is Verdict.GRADED
        assert run(pool, kill, "1 + 1").outcome.verdict is Verdict.GRADED
        assert run(pool, "1", "assert True").outcome.verdict is Verdict.GRADED


def test_what_cannot_be_forked_is_started(tmp_path: Path) -> None:
    zygote = Zygote(tmp_path / ("long" * 40), dict(os.environ), adopted=False)  # longer than a socket's path may be
    try:
        process = zygote.fork(["sleep", "60"], {"PATH": os.environ["PATH"]}, "/", [0, 1, 2])
        assert process.poll() is None
        process.kill()
        assert process.wait(10) == 1  # only the importing process may know more
        assert zygote.usable()
        launcher = zygote.worker_python
        assert launcher is not None
        script = "import os, sys; print(os.environ['A'], sys.argv[1:], os.getcwd()); sys.stderr.write('e')"
        for usable in (True, False):
            assert zygote.usable() is usable
            ran = subprocess.run(
                [launcher, "-c", script, "b c"],
                env={"A": "ä"},
                cwd=tmp_path,
                capture_output=True,
                text=True,
                timeout=30,
            )
            assert (ran.stdout, ran.stderr) == (f"ä ['b c'] {tmp_path}\n", "e")
            zygote.stop()
        with pytest.raises(ForkError):
            zygote.fork(["true"], {}, "/", [])
    finally:
        zygote.stop()


def test_nonsense_does_not_stop_the_importing_process(tmp_path: Path) -> None:
    import socket

    zygote = Zygote(tmp_path / "z", dict(os.environ), adopted=False)
    try:
        for nonsense in (b"", b"x", b"\0" * 7, b"\0" * 8, b"\0\0\0\0\0\0\0\2{}", b"\xff" * 20):
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(tmp_path / "z" / "zygote"))
                connection.sendall(nonsense)
        zygote.need({"numpy"})
        zygote.fork(["sleep", "60"], {"PATH": os.environ["PATH"]}, "/", [0, 1, 2]).kill()
        assert zygote.usable()
    finally:
        zygote.stop()


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    code = (
        "import os, sys, time\nfrom pathlib import Path\nfrom lakelab.warm.client import Zygote\n"
        f"z = Zygote(Path({str(tmp_path / 'z')!r}), dict(os.environ), adopted=False)\nprint(z.process.pid, flush=True)\ntime.sleep(60)"
    )
    starter = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    starter.send_signal(signal.SIGKILL)
    starter.communicate()
    deadline = time.monotonic() + 10
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_learners_kernels_start_warm_from_the_second_on(tmp_path: Path) -> None:
    """In a process of its own, as Jupyter's server is one; what is imported is kept small here."""
    code = """
import os, sys, time
from lakelab.warm import shared
from lakelab.warm.client import ForkedProcess
shared.LESSONS = ("numpy",)
from jupyter_client.manager import start_new_kernel
from jupyter_client.kernelspec import KernelSpecManager
told = []
def ask(client, source):
    reply = client.execute_interactive(source, timeout=60, output_hook=lambda m: told.extend(m["content"].get("text", "").split()))
    return reply["content"]["status"]
for number in range(2):
    manager, client = start_new_kernel(kernel_name="python3")
    warm = isinstance(manager.provisioner.process, ForkedProcess)
    print("warm" if warm else "cold", ask(client, "import sys; print('numpy' in sys.modules)"), told.pop())
    if warm:
        sleeper = client.execute("import time; time.sleep(60)")
        time.sleep(1); manager.interrupt_kernel()
        print(client.get_shell_msg(timeout=20)["content"]["ename"])
        manager.restart_kernel(now=True); client.wait_for_ready(timeout=60)
        print(ask(client, "import os; print(os.getppid() == int(os.environ['JPY_PARENT_PID']))"), told.pop(), manager.is_alive())
        manager.shutdown_kernel(); print(manager.is_alive())
    else:
        manager.shutdown_kernel(now=True)
        while not shared._zygote.loaded: time.sleep(0.1)
"""
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": "lakelab-warm", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert told.stdout.split("\n")[:-1] == [
        "cold ok False",
        "warm ok True",
        "KeyboardInterrupt",
        "ok True True",
        "False",
    ], told.stderr[-2000:]
    assert list(tmp_path.glob("lakelab-*")) == []


def test_libraries_are_found_where_they_are_imported() -> None:
    found = libraries_in(
        ["%matplotlib inline\nfrom sklearn.svm import SVC", "def f():\n    import pandas as pd\n# import mlflow"]
    )
    assert found == {"sklearn", "pandas"}


def test_tests_are_checked_where_a_library_loads_its_parts_on_demand() -> None:
    lab = notebook(
        "import mlflow",
        "def abs(x): return 'hides the builtin'",
        "import mlflow\nassert abs(-1) == 1, 'not looked after'",
    )
    lab.cells[-1].metadata["nbgrader"] = {"grade": True, "solution": False, "locked": True, "grade_id": "test"}
    with WorkerPool(1, LIMITS, WARM) as pool:
        done = next(pool.run(iter([Job("one", lab)])))
    assert done.outcome.verdict is Verdict.GRADED
    assert [cell.evalue for cell in done.outcome.cells] == ["", "", ""]


# Spark


SESSION = """
from lakelab.runtime import spark
jvm = getattr(spark, "_" + "j" + "vm")  # spelled so, it is not taken for direct access
"""

MESS = """
import os, pathlib, time
import pandas as pd, mlflow
java = jvm.java
spark.range(5).createOrReplaceTempView("view"); spark.range(5).createOrReplaceGlobalTempView("view")
spark.range(5).write.saveAsTable("kept"); spark.sql("CREATE DATABASE other")
cached = spark.range(100).cache(); cached.count(); broadcast = spark.sparkContext.broadcast(bytes(3 * 10**6))
spark.conf.set("spark.sql.shuffle.partitions", "7"); spark.udf.register("twice", lambda x: 2 * x, "long")
spark.sparkContext.setLogLevel("INFO"); spark.sparkContext.setCheckpointDir("checkpoints")
java.lang.System.setProperty("spark.sql.shuffle.partitions", "9"); java.lang.System.setProperty("student", "was here")
java.lang.System.clearProperty("java.awt.headless")
java.util.TimeZone.setDefault(java.util.TimeZone.getTimeZone("Asia/Tokyo")); java.util.Locale.setDefault(java.util.Locale.GERMANY)
java.lang.System.setOut(java.io.PrintStream("out.txt"))
os.environ["STUDENT"] = "here"; os.environ["TZ"] = "Asia/Tokyo"; time.tzset()
spark.createDataFrame(pd.DataFrame({"a": [1, 2]})).groupBy("a").applyInPandas(lambda d: d, "a long").collect()
mlflow.set_experiment("mine"); mlflow.start_run(); mlflow.log_metric("m", 1)
pathlib.Path("left.txt").write_text("x"); spark.range(3).write.parquet("left.parquet")
print(len(os.listdir(".")))
"""

LOOK = """
import json, os, pathlib, re, time
import mlflow
java, sc = jvm.java, spark.sparkContext
props = {str(k): str(v) for k, v in java.lang.System.getProperties().items()}
executor, lender = os.getppid(), java.lang.ProcessHandle.current().pid()
import psutil
jvm_process = psutil.Process(lender)
threads = [t.getName() for t in java.lang.Thread.getAllStackTraces().keySet().toArray()]
inner = getattr(sc, "_" + "jsc")
def stored():
    most, free = re.search(r"\\((\\d+),(\\d+)\\)", inner.sc().getExecutorMemoryStatus().toString()).groups()
    return int(most) - int(free)
def tree(folder): return sorted(str(p.relative_to(folder)) for p in pathlib.Path(folder).rglob("*"))
found = {
    "tables": [t.name for t in spark.catalog.listTables()], "databases": [d.name for d in spark.catalog.listDatabases()],
    "global views": [t.name for t in spark.catalog.listTables("global_temp")],
    "functions": [f.name for f in spark.catalog.listFunctions() if f.name == "twice"],
    "cached": inner.getPersistentRDDs().size(),
    "checkpoints": str(inner.sc().getCheckpointDir()),
    "storage": stored() < 10**6,
    "conf": sorted((k, v) for k, v in sc.getConf().getAll() if not re.search("port|app.id|[tT]ime|jars|repl", k)),
    "sql conf": spark.conf.get("spark.sql.shuffle.partitions"),
    "properties": sorted((k, v) for k, v in props.items() if not re.search("[tT]ime$|port$", k)),
    "zone": [java.util.TimeZone.getDefault().getID(), time.tzname, spark.sql("SELECT current_timezone()").first()[0]],
    "locale": java.util.Locale.getDefault().toString(),
    "log level": jvm.org.apache.logging.log4j.LogManager.getRootLogger().getLevel().toString(),
    "environment": sorted((k, v) for k, v in os.environ.items() if k not in ("JPY_SESSION_NAME", "PYDEVD_USE_FRAME_EVAL")),
    "java environment": sorted((str(k), str(v)) for k, v in java.lang.System.getenv().items()),
    "folders": [os.getcwd(), java.io.File("x").getAbsolutePath(), tree("."), tree(os.environ["TMPDIR"])],
    "warehouse": tree(os.path.join(os.path.dirname(java.lang.System.getProperty("java.io.tmpdir")), "warehouse")),
    "odd threads": sorted({re.sub(r"\\d+", "N", t) for t in threads if re.search("Worker Monitor|student", t)}),
    "ports": len([c for c in jvm_process.net_connections() if c.status == "LISTEN"]),
    "children of java": len(jvm_process.children()),
    "processes": sorted("java" if "java" in p.name() else "python" for p in psutil.Process(executor).children(recursive=True)),
    "mlflow": [[e.name for e in mlflow.search_experiments()], mlflow.active_run() is None, mlflow.search_runs(search_all_experiments=True).shape[0]],
}
print(json.dumps({"jvm": lender, "found": found}))
"""


@pytest.mark.spark
def test_nothing_of_a_submission_survives_in_spark_mlflow_and_java() -> None:
    with WorkerPool(1, LIMITS, WARM) as pool:
        before = told(run(pool, SESSION, LOOK))
        mess = run(pool, SESSION, MESS)
        assert mess.outcome.verdict is Verdict.GRADED, [c.evalue for c in mess.outcome.cells]
        assert int(said(mess).split()[-1]) >= 3
        after = told(run(pool, SESSION, LOOK))
        assert before["jvm"] == after["jvm"], f"the JVM was replaced, so nothing is proven: {pool.replaced}"
    for what in before["found"]:
        assert before["found"][what] == after["found"][what], what


@pytest.mark.spark
def test_sparks_workers_know_where_models_are() -> None:
    look = "import json, os\ndef at(_): return os.environ.get('MLFLOW_TRACKING_URI')\n"
    look += "print(json.dumps([at(0), spark.sparkContext.parallelize([0], 1).map(at).first()]))"
    with WorkerPool(1, LIMITS, WARM) as pool:
        here, there = told(run(pool, SESSION, look))
    assert here is not None
    assert here == there


PID = SESSION + "spark.range(1).count(); print(jvm.java.lang.ProcessHandle.current().pid())"


@pytest.mark.spark
def test_a_jvm_that_may_be_damaged_is_replaced() -> None:
    opens = SESSION + "jvm.java.net.ServerSocket(0)"
    dies = SESSION + "import os, signal\nos.kill(jvm.java.lang.ProcessHandle.current().pid(), signal.SIGKILL)"
    with WorkerPool(1, LIMITS, WARM) as pool:
        first = said(run(pool, PID))
        assert first == said(run(pool, PID)), "a JVM that nobody harmed is kept"
        for harm, verdict in (
            ("from lakelab.runtime import spark\nspark._jvm.java.lang.System.getProperty('x')", Verdict.GRADED),
            (opens, Verdict.GRADED),
            (dies, Verdict.GRADED),
            (SESSION + "spark.range(1).count()\nimport os; os._exit(1)", Verdict.KERNEL_DIED),
        ):
            assert run(pool, harm).outcome.verdict is verdict
            now = said(run(pool, PID))
            assert now not in ("", first), harm
            first = now
        given = notebook("from lakelab.runtime import spark\nspark._jvm.java.lang.System.getProperty('x')")
        given.cells[0].metadata["nbgrader"] = {"locked": True, "grade": False, "solution": False, "grade_id": "given"}
        assert next(pool.run(iter([Job("given", given)]))).outcome.verdict is Verdict.GRADED
        assert said(run(pool, PID)) == first, "what the course itself does is no reason to replace anything"


@pytest.mark.spark
def test_what_a_submission_starts_has_a_jvm_of_its_own() -> None:
    child = SESSION + "print(jvm.java.lang.ProcessHandle.current().pid())"
    cells = [
        PID,
        f"import subprocess, sys\nprint(subprocess.run([sys.executable, '-c', {child!r}], capture_output=True, text=True).stdout)",
    ]
    with WorkerPool(1, LIMITS, WARM) as pool:
        pids = said(run(pool, *cells)).split()
    assert len(set(pids)) == 2


# Scores


SUBMISSIONS = {
    "ann": {},
    "ben": {"sums": with_cell("sums", "import os; os._exit(1)", before="q2_given")},
    "cem": {"lists": b"no notebook"},
    "dee": {"sums": None},
    "eva": {"lists": with_cell("lists", "from lakelab.runtime import spark\nrows = spark.range(3).count()\n1 / 0")},
    "fay": {"sums": with_cell("sums", "from lakelab.runtime import spark\nspark.range(3).write.saveAsTable('t')")},
    "gil": {"sums": with_cell("sums", "from lakelab.runtime import spark\nspark.range(3).write.saveAsTable('t')")},
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Course]:
    """The same class graded by both engines."""
    courses = {}
    for engine in (COLD, WARM):
        # Spark's start takes long where much else goes on.
        config = CONFIG.replace("cell_timeout = 5", "cell_timeout = 120").replace(
            "notebook_timeout = 30", "notebook_timeout = 300"
        )
        root = copy_course(tmp_path_factory.mktemp(engine) / "course", config.replace('"1g"', '"3g"'))
        for student, files in SUBMISSIONS.items():
            hand_in(root, student, **files)
        courses[engine] = Course.open(root)
        grade(courses[engine], jobs=1, engine=engine)
    return courses


@pytest.mark.spark
def test_scores_are_those_of_the_cold_engine(graded: dict[str, Course]) -> None:
    cold, warm = (dump_scores(graded[engine].db_url, reasons=False) for engine in (COLD, WARM))
    assert warm == cold
    assert len(cold) == 14


def test_the_engine_is_named_in_the_configuration(tmp_path: Path) -> None:
    root = copy_course(tmp_path / "course")
    assert engine_from(Course.open(root)) == WARM
    with (root / "nbgrader_config.py").open("a") as file:
        file.write("\nc.PapermillExecute.engine = 'steam'\n")
    with pytest.raises(GradingError, match=r"'steam'.*can be lakelab-warm or lakelab"):
        grade(Course.open(root))


def test_nbgrader_keeps_its_worker_from_one_notebook_to_the_next() -> None:
    cell = "import os; print(os.getppid())"
    try:
        workers = []
        for _ in range(2):
            with kept_pool(LIMITS, WARM) as pool:
                workers.append(said(run(pool, cell)))
        assert workers[0] == workers[1]
        with kept_pool(Limits(10, 20, 10**9), WARM) as pool:
            assert said(run(pool, cell)) != workers[0]
    finally:
        close()
