"""The utilities of a notebook. Signatures are those of the stub in databricks-sdk; errors are Python's own where Databricks wraps Java's."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any

import nbformat
import pytest

from conformance.table import Context, Row, signature
from lakelab.dbutils import DBUtils
from lakelab.dbutils.fs import FileInfo, FileSystemUtils
from lakelab.dbutils.jobs import TaskValuesUtils
from lakelab.dbutils.notebook import NotebookExit, NotebookUtils, WorkflowException
from lakelab.dbutils.pip import PipError
from lakelab.dbutils.widgets import InputWidgetNotDefined, WidgetUtils

TITLE = "dbutils"

dbutils = DBUtils()


def printed(call: Callable[[], Any]) -> str:
    """What a call writes to standard output."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        call()
    return output.getvalue()


# -- data


def summarizes_every_kind(context: Context) -> None:
    import pandas as pd

    frame = pd.DataFrame({"delay": [1.0, 2.0, None]})
    spark_frame = context.spark.createDataFrame(frame)
    for table in (frame, spark_frame, spark_frame.pandas_api()):
        assert "delay" in printed(lambda table=table: _returns_nothing(dbutils.data.summarize(table)))


def _returns_nothing(value: object) -> None:
    assert value is None


def summarizes_no_stream(context: Context) -> None:
    with pytest.raises(ValueError, match="stream"):
        dbutils.data.summarize(context.spark.readStream.format("rate").load())


def approximates_unless_precise(context: Context) -> None:
    from lakelab.dbutils import profile

    frame = context.spark.range(10)
    assert profile.from_spark(frame, False).approximate
    assert not profile.from_spark(frame, True).approximate


def pandas_is_always_exact(_: Context) -> None:
    import pandas as pd

    from lakelab.dbutils import profile

    assert not profile.from_pandas(pd.DataFrame({"x": [1]})).approximate


# -- widgets


def widgets(**parameters: str) -> WidgetUtils:
    return WidgetUtils(parameters)


def values_are_strings(_: Context) -> None:
    with pytest.raises(TypeError, match="must be a string"):
        widgets().text("n", 3)  # type: ignore[arg-type]
    own = widgets()
    own.multiselect("m", "b", ["a", "b"])
    assert own.get("m") == "b"


def keeps_its_value(_: Context) -> None:
    own = widgets(year="2023")
    own.dropdown("year", "2013", ["2013", "2023"])
    own.dropdown("year", "2013", ["2013", "2023", "2024"], "Another label")
    assert own.get("year") == "2023"


def removes(_: Context) -> None:
    own = widgets(a="1", b="2", c="3")
    own.remove("a")
    assert own.getAll() == {"b": "2", "c": "3"}
    own.removeAll()
    assert own.getAll() == {}


def argument_has_a_default(_: Context) -> None:
    assert widgets().getArgument("n", "d") == "d"
    assert widgets(n="v").getArgument("n", "d") == "v"


def unknown_widget(_: Context) -> None:
    for call in (widgets().get, widgets().remove):
        with pytest.raises(InputWidgetNotDefined, match="no input widget named 'n'"):
            call("n")
    assert issubclass(InputWidgetNotDefined, LookupError)


def default_is_a_choice(_: Context) -> None:
    for create in (widgets().dropdown, widgets().multiselect):
        with pytest.raises(ValueError, match="must be among its choices"):
            create("n", "c", ["a", "b"])
    widgets().combobox("n", "c", ["a", "b"])


# -- notebook


def written(context: Context, *sources: str, tags: dict[int, list[str]] | None = None) -> Path:
    """A notebook whose first cell makes ``dbutils``; ``tags`` counts the cells after it."""
    cells = [
        nbformat.v4.new_code_cell(source)
        for source in ("from lakelab.dbutils import DBUtils\ndbutils = DBUtils()", *sources)
    ]
    for position, names in (tags or {}).items():
        cells[position + 1].metadata["tags"] = names
    path = context.new_folder() / "child.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), str(path))
    return path


def two_notebooks(context: Context) -> list[Any]:
    """What a notebook saw that was run by another one, which named it relative to its own folder."""
    inner = written(
        context,
        "year = 'default'",
        "import json\ndbutils.notebook.exit(json.dumps([year, dbutils.widgets.get('year'), dbutils.widgets.getAll()]))",
        "1 / 0",
        tags={0: ["parameters"]},
    )
    outer = written(context, "dbutils.notebook.exit(dbutils.notebook.run('sub/child', 0, {'year': '2013'}))")
    (outer.parent / "sub").mkdir()
    inner.rename(outer.parent / "sub" / inner.name)
    seen: list[Any] = json.loads(dbutils.notebook.run(str(outer), 120, {"mine": "1"}) or "")
    return seen


def arguments_fill_widgets(context: Context) -> None:
    assert context.once(two_notebooks)[1:] == ["2013", {"year": "2013"}]


def arguments_fill_parameters(context: Context) -> None:
    assert context.once(two_notebooks)[0] == "2013"


def runs_nest(context: Context) -> None:
    assert len(context.once(two_notebooks)) == 3


def failing_child(context: Context) -> None:
    with pytest.raises(WorkflowException, match="ZeroDivisionError: division by zero"):
        dbutils.notebook.run(str(written(context, "1 / 0")), 120)


def slow_child(context: Context) -> None:
    with pytest.raises(WorkflowException, match="did not end within 1 seconds"):
        dbutils.notebook.run(str(written(context, "import time; time.sleep(60)")), 1)


def child_without_exit(context: Context) -> None:
    assert dbutils.notebook.run(str(written(context, "1")), 120) is None


def exits(_: Context) -> None:
    with pytest.raises(NotebookExit) as caught:
        dbutils.notebook.exit("done")
    assert caught.value._render_traceback_() == ["Notebook exited: done"]
    with pytest.raises(TypeError, match="takes a string"):
        dbutils.notebook.exit(3)  # type: ignore[arg-type]


def run_magic(context: Context) -> None:
    path = written(context, "answer = 42")
    shell = [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", "-c"]
    for name, works in (("child.ipynb", True), ("child", False)):
        code = f"get_ipython().run_line_magic('run', './{name}'); print('got', answer)"
        done = subprocess.run([*shell, code], cwd=path.parent, capture_output=True, text=True, check=False)
        assert ("got 42" in done.stdout) == works, done.stdout + done.stderr


# -- jobs


@contextlib.contextmanager
def job(context: Context, task: str) -> Any:
    """A job run's environment, as the task ``task``; yields the next task's name setter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKELAB_JOB_RUN", str(context.new_folder()))
        patch.setenv("LAKELAB_JOB_TASK", task)
        yield lambda other: patch.setenv("LAKELAB_JOB_TASK", other)


values = TaskValuesUtils()


def passes_values(context: Context) -> None:
    with job(context, "ingest") as become:
        values.set("rows", {"n": [1, None, 2.5]})
        become("train")
        assert values.get(taskKey="ingest", key="rows", debugValue=0) == {"n": [1, None, 2.5]}


def missing_value(context: Context) -> None:
    with job(context, "train"):
        assert values.get("ingest", "rows", default=3) == 3
        with pytest.raises(ValueError, match="has set no value"):
            values.get("ingest", "rows", debugValue=3)


def outside_a_job(_: Context) -> None:
    values.set("rows", object())
    assert values.get("ingest", "rows", default=1, debugValue=2) == 2
    message = "Must pass debugValue when calling get outside of a job context. debugValue cannot be None."
    with pytest.raises(TypeError, match=message):
        values.get("ingest", "rows", default=1)


def size_limit(context: Context) -> None:
    with job(context, "ingest"):
        values.set("k", "x" * (48 * 1024 - 2))
        with pytest.raises(ValueError, match="48 KiB"):
            values.set("k", "x" * (48 * 1024))


def json_only(context: Context) -> None:
    with job(context, "ingest"):
        with pytest.raises(TypeError, match="JSON"):
            values.set("k", {1, 2})
        with pytest.raises(TypeError, match="string"):
            values.set(1, 2)  # type: ignore[arg-type]


# -- fs

fs = FileSystemUtils()


def lists(context: Context) -> None:
    folder = f"dbfs:/{context.new_name()}"
    fs.put(f"{folder}/b.txt", "abc")
    fs.mkdirs(f"{folder}/a")
    sub, file = fs.ls(folder)
    assert (sub.path, sub.name, sub.size) == (f"{folder}/a/", "a/", 0)
    assert (file.path, file.name, file.size) == (f"{folder}/b.txt", "b.txt", 3)
    assert FileInfo._fields == ("path", "name", "size", "modificationTime")
    assert file.modificationTime > 1_600_000_000_000
    assert fs.ls(f"{folder}/b.txt") == [file]


def shows_the_beginning(context: Context) -> None:
    name = f"/{context.new_name()}"
    assert printed(lambda: fs.put(name, "abcdef")) == "Wrote 6 bytes.\n"
    assert printed(lambda: fs.head(name, 2)) == "[Truncated to first 2 bytes]\n"
    assert fs.head(name) == "abcdef"


def put_keeps_what_is_there(context: Context) -> None:
    name = f"/{context.new_name()}"
    fs.put(name, "a")
    with pytest.raises(FileExistsError):
        fs.put(name, "b")
    fs.put(name, "b", True)
    assert fs.head(name) == "b"


def copies_and_moves(context: Context) -> None:
    folder = f"/{context.new_name()}"
    fs.put(f"{folder}/sub/a", "a")
    for call in (fs.cp, fs.mv):
        with pytest.raises(IsADirectoryError, match="recurse=True"):
            call(folder, f"{folder}-new")
    assert fs.cp(folder, f"{folder}-copy", recurse=True)
    assert fs.mv(folder, f"{folder}-moved", recurse=True)
    assert fs.head(f"{folder}-copy/sub/a") == fs.head(f"{folder}-moved/sub/a") == "a"
    with pytest.raises(FileNotFoundError):
        fs.ls(folder)


def removes_files(context: Context) -> None:
    folder = f"/{context.new_name()}"
    fs.put(f"{folder}/a", "a")
    with pytest.raises(OSError, match="not empty"):
        fs.rm(folder)
    assert fs.rm(folder, True)
    assert not fs.rm(folder, True)


def paths_have_schemes(context: Context) -> None:
    name = context.new_name()
    fs.put(f"/{name}", "dbfs")
    assert fs.head(f"dbfs:/{name}") == "dbfs"
    fs.put(f"/Volumes/main/default/files/{name}", "volume")
    assert fs.head(f"dbfs:/Volumes/main/default/files/{name}") == "volume"
    file = context.new_folder() / "local"
    file.write_text("local")
    assert fs.head(f"file:{file}") == "local"


def fuse_paths(context: Context) -> None:
    name = context.new_name()
    fs.put(f"/dbfs/{name}", "x")
    assert fs.head(f"dbfs:/{name}") == "x"
    assert not Path(f"/dbfs/{name}").exists()


def spark_reads_dbfs(context: Context) -> None:
    name = f"dbfs:/{context.new_name()}"
    context.spark.range(3).write.parquet(name)
    assert any(info.name.endswith(".parquet") for info in fs.ls(name))
    assert context.spark.read.parquet(name).count() == 3


def spark_reads_volumes(context: Context) -> None:
    name = f"/Volumes/main/default/files/{context.new_name()}"
    fs.put(f"{name}/a.txt", "one line")
    assert context.spark.read.text(f"dbfs:{name}").count() == 1
    with pytest.raises(Exception, match="PATH_NOT_FOUND"):
        context.spark.read.text(name).count()


def no_mounts(_: Context) -> None:
    calls: list[Callable[[], object]] = [
        lambda: fs.mount("s3a://b", "/mnt/b"), lambda: fs.updateMount("s3a://b", "/mnt/b"),
        lambda: fs.unmount("/mnt/b"), fs.mounts, fs.refreshMounts,
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(NotImplementedError, match="no cloud storage to mount"):
            call()


def no_dbfs_caches(_: Context) -> None:
    for name in ("cacheFiles", "cacheTable", "uncacheFiles", "uncacheTable"):
        assert not hasattr(fs, name)


# -- secrets


@contextlib.contextmanager
def secrets_of(text: str) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKELAB_SECRETS", text)
        yield dbutils.secrets


def reads_secrets(_: Context) -> None:
    with secrets_of('{"s": {"k": "v", "a": "b"}}') as secrets:
        assert (secrets.get("s", "k"), secrets.getBytes("s", "k")) == ("v", b"v")
        assert [metadata.key for metadata in secrets.list("s")] == ["a", "k"]
        assert [scope.name for scope in secrets.listScopes()] == ["s"]


def unknown_secret(_: Context) -> None:
    with secrets_of('{"s": {}}') as secrets:
        with pytest.raises(ValueError, match="Secret does not exist with scope: s and key: k"):
            secrets.get("s", "k")
        with pytest.raises(ValueError, match="Secret scope does not exist: t"):
            secrets.list("t")


def secrets_are_shown(_: Context) -> None:
    with secrets_of('{"s": {"k": "v"}}') as secrets:
        assert printed(lambda: print(secrets.get("s", "k"))) == "v\n"


# -- library and %pip


def restarts(_: Context) -> None:
    script = Path(__file__).resolve().parents[1] / "dbutils" / "restart_kernel.py"
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=300, check=True)
    assert done.stdout.strip() == "False"  # is the variable still there?


def restarts_notebooks_only(context: Context) -> None:
    child = written(context, "dbutils.library.restartPython()\nx = 1", "dbutils.notebook.exit(str(x))")
    assert dbutils.notebook.run(str(child), 120) == "1"


def pip_keeps_pins(_: Context) -> None:
    from lakelab.dbutils.pip import pip

    pip("install --no-index pandas")
    with pytest.raises(PipError, match="other versions than the course's"):
        pip("install --no-index pandas==0.1")


def pip_installs_for_one_notebook(context: Context) -> None:
    """A project of one module; another notebook, another folder."""
    from lakelab.dbutils import library, pip

    source = context.new_folder()
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "llconforms"\nversion = "1"\n[tool.setuptools]\npy-modules = ["llconforms"]\n'
    )
    (source / "llconforms.py").write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", list(sys.path))
        patch.setenv("PYTHONPATH", "")
        patch.setenv("LAKELAB_NOTEBOOK", str(source / "one.ipynb"))
        pip.pip(f"install --no-index --no-build-isolation {source}")
        assert (library.layer() / "llconforms.py").is_file()
        assert sys.path[-1] == str(library.layer())
        patch.setenv("LAKELAB_NOTEBOOK", str(source / "two.ipynb"))
        assert not library.layer().exists()
    shutil.rmtree(source)


# -- everything


def explains_itself(_: Context) -> None:
    assert "taskValues" in printed(dbutils.help)
    assert printed(dbutils.fs.help).count("\n") > 7
    assert printed(lambda: dbutils.fs.help("cp")).startswith("cp(source: ")


def lacks(*names: str) -> Callable[[Context], None]:
    """A check that dbutils has none of these groups or methods."""

    def check(_: Context) -> None:
        for name in names:
            with pytest.raises(AttributeError):
                attrgetter(name)(dbutils)

    return check


_PYTHON_ERROR = "A Python exception; Databricks wraps one of Java's in Py4JJavaError."
_CHOICES = "(name: str, defaultValue: str, choices: List[str], label: Optional[str]=None)"

ROWS = [
    signature("dbutils.data.summarize", "(df: any, precise: bool=False) -> None", lambda: dbutils.data.summarize),
    Row("dbutils.data.summarize", "Takes Spark, pandas and pandas-on-Spark DataFrames, displays statistics and returns nothing.", check=summarizes_every_kind, spark=True),
    Row("dbutils.data.summarize", "Streaming DataFrames are not supported.", check=summarizes_no_stream, spark=True),
    Row("dbutils.data.summarize", "Percentiles and distinct counts are approximate by default and exact with precise=True.", check=approximates_unless_precise, spark=True),
    Row("dbutils.data.summarize", "What precise does for pandas DataFrames.", "approximated", "pandas numbers are always exact: they cost nothing.", pandas_is_always_exact),
    signature("dbutils.widgets.text", "(name: str, defaultValue: str, label: str=None)", lambda: dbutils.widgets.text),
    signature("dbutils.widgets.dropdown", _CHOICES, lambda: dbutils.widgets.dropdown),
    signature("dbutils.widgets.combobox", _CHOICES, lambda: dbutils.widgets.combobox),
    signature("dbutils.widgets.multiselect", _CHOICES, lambda: dbutils.widgets.multiselect),
    signature("dbutils.widgets.get", "(name: str) -> str", lambda: dbutils.widgets.get),
    signature("dbutils.widgets.getArgument", "(name: str, defaultValue: Optional[str]=None) -> Optional[str]", lambda: dbutils.widgets.getArgument),
    signature("dbutils.widgets.remove", "(name: str)", lambda: dbutils.widgets.remove),
    signature("dbutils.widgets.removeAll", "()", lambda: dbutils.widgets.removeAll),
    Row("dbutils.widgets", "Values are always strings; a multiselect's are joined by commas.", check=values_are_strings),
    Row("dbutils.widgets", "A widget that is created again keeps its current value; a job's parameters win over defaults.", check=keeps_its_value),
    Row("dbutils.widgets.dropdown, multiselect", "The default must be one of the choices.", check=default_is_a_choice),
    Row("dbutils.widgets.get, remove", "An unknown widget raises InputWidgetNotDefined.", "approximated", _PYTHON_ERROR, unknown_widget),
    Row("dbutils.widgets.getArgument", "Returns the default if there is no such widget.", check=argument_has_a_default),
    Row("dbutils.widgets.remove, removeAll", "Removes one widget, or all.", check=removes),
    Row("dbutils.widgets", "Widgets stand in a bar above the notebook, and feed SQL cells as :name.", "absent", "A control appears below the cell that makes it; there are no SQL cells: pass values with spark.sql(…, args={…})."),
    signature("dbutils.notebook.run", "(path: str, timeout_seconds: int, arguments: Mapping[str, str]) -> str", lambda: NotebookUtils().run, status="approximated", note="arguments may be left out, as in Databricks' own notebooks."),
    signature("dbutils.notebook.exit", "(value: str) -> None", lambda: NotebookUtils().exit),
    Row("dbutils.notebook.run", "The path is relative to the calling notebook and needs no ending; runs nest, and each has its own arguments.", check=runs_nest),
    Row("dbutils.notebook.run", "Arguments are the values of the child's widgets.", check=arguments_fill_widgets),
    Row("dbutils.notebook.run", "Arguments reach the child as widgets only.", "approximated", "A cell tagged parameters gets them as variables as well, as papermill does it.", arguments_fill_parameters),
    Row("dbutils.notebook.run", "A child that fails makes the caller fail, with the child's error.", "approximated", f"WorkflowException with the child's error and where its executed copy is. {_PYTHON_ERROR}", failing_child),
    Row("dbutils.notebook.run", "After timeout_seconds the child is stopped and the call fails; 0 is no limit.", "approximated", f"WorkflowException. {_PYTHON_ERROR}", slow_child),
    Row("dbutils.notebook.run", "What a child without exit returns (not documented).", "approximated", "None.", child_without_exit),
    Row("dbutils.notebook.run", "Caller and child share the cluster, so a global temporary view passes a DataFrame.", "absent", "The child is a process with a Spark of its own: pass the path of files, or a feature table's name."),
    Row("dbutils.notebook.exit", "Ends the notebook with a value, in a run and without one; the value is a string.", check=exits),
    Row("%run", "Runs another notebook in this one's Python.", "approximated", "IPython's own %run, which needs the ending .ipynb.", run_magic),
    Row("dbutils.notebook.getContext, entry_point", "Internals that some notebooks read the user or the job from.", "absent", "AttributeError.", lacks("notebook.getContext", "notebook.entry_point")),
    signature("dbutils.jobs.taskValues.get", "(taskKey: str, key: str, default: any=None, debugValue: any=None) -> None", lambda: values.get),
    signature("dbutils.jobs.taskValues.set", "(key: str, value: any) -> None", lambda: values.set),
    Row("dbutils.jobs.taskValues", "A value that one task sets is there for later tasks of the same job run.", check=passes_values),
    Row("dbutils.jobs.taskValues.get", "In a job, a missing value is the default, or ValueError without one; debugValue plays no part.", check=missing_value),
    Row("dbutils.jobs.taskValues", "Outside a job, set does nothing, and get returns debugValue or raises TypeError if that is None.", check=outside_a_job),
    Row("dbutils.jobs.taskValues.set", "The value's JSON is at most 48 KiB.", check=size_limit),
    Row("dbutils.jobs.taskValues.set", "The key is a string and the value has a form in JSON.", check=json_only),
    signature("dbutils.fs.ls", "(path: str) -> List[FileInfo]", lambda: fs.ls),
    signature("dbutils.fs.head", "(file: str, max_bytes: int=65536) -> str", lambda: fs.head),
    signature("dbutils.fs.put", "(file: str, contents: str, overwrite: bool=False) -> bool", lambda: fs.put),
    signature("dbutils.fs.cp", "(source: str, dest: str, recurse: bool=False) -> bool", lambda: fs.cp),
    signature("dbutils.fs.mv", "(source: str, dest: str, recurse: bool=False) -> bool", lambda: fs.mv),
    signature("dbutils.fs.rm", "(dir: str, recurse: bool=False) -> bool", lambda: fs.rm),
    signature("dbutils.fs.mkdirs", "(dir: str) -> bool", lambda: fs.mkdirs),
    Row("dbutils.fs.ls", "Returns FileInfo(path, name, size, modificationTime); folders end in a slash and have size 0; times are in milliseconds.", check=lists),
    Row("dbutils.fs.head, put", "head shows the first bytes and says if there are more; put says how many it wrote.", check=shows_the_beginning),
    Row("dbutils.fs.put", "An existing file is replaced with overwrite=True only.", "approximated", f"FileExistsError. {_PYTHON_ERROR}", put_keeps_what_is_there),
    Row("dbutils.fs.cp, mv", "A folder needs recurse=True; a path that is not there fails.", "approximated", f"IsADirectoryError, FileNotFoundError. {_PYTHON_ERROR}", copies_and_moves),
    Row("dbutils.fs.rm", "A folder that is not empty needs recurse=True; the answer tells whether there was anything.", "approximated", f"OSError. {_PYTHON_ERROR}", removes_files),
    Row("dbutils.fs", "A path without a scheme is in dbfs:/; /Volumes is the volumes; file:/ is the driver's disk.", check=paths_have_schemes),
    Row("dbutils.fs", "dbfs:/x is the file /dbfs/x for Python's open, and /Volumes/x is a file too.", "absent", "They lie below LAKELAB_HOME: lakelab.dbutils.fs.local_path gives the path for open. To dbutils.fs, /dbfs/x is dbfs:/x.", fuse_paths),
    Row("spark.read, write", "Spark reads and writes dbfs:/ paths.", check=spark_reads_dbfs, spark=True),
    Row("spark.read, write", "Spark reads and writes /Volumes paths.", "approximated", "With dbfs: in front, dbfs:/Volumes/…; a plain /Volumes/… is a folder of this machine to Spark.", spark_reads_volumes, spark=True),
    Row("dbutils.fs.mount, updateMount, unmount, mounts, refreshMounts", "Cloud storage as folders of dbfs:/mnt.", "absent", "NotImplementedError that says to copy the files into dbfs:/ or a volume.", no_mounts),
    Row("dbutils.fs.cacheFiles, cacheTable, uncacheFiles, uncacheTable", "The disk cache.", "absent", "AttributeError.", no_dbfs_caches),
    signature("dbutils.secrets.get", "(scope: str, key: str) -> str", lambda: dbutils.secrets.get),
    signature("dbutils.secrets.getBytes", "(self, scope: str, key: str) -> bytes", lambda: dbutils.secrets.getBytes),
    signature("dbutils.secrets.list", "(scope: str) -> List[SecretMetadata]", lambda: dbutils.secrets.list),
    signature("dbutils.secrets.listScopes", "() -> List[SecretScope]", lambda: dbutils.secrets.listScopes),
    Row("dbutils.secrets", "Values by scope and key; lists of scopes and of a scope's keys.", "approximated", "From LAKELAB_HOME/secrets.json and the variable LAKELAB_SECRETS in place of a vault.", reads_secrets),
    Row("dbutils.secrets.get, list", "An unknown scope or key fails.", "approximated", f"ValueError that says where to write it. {_PYTHON_ERROR}", unknown_secret),
    Row("dbutils.secrets", "A secret that a notebook prints appears as [REDACTED].", "absent", "It is printed as it is.", secrets_are_shown),
    Row("dbutils.credentials", "Roles of cloud providers.", "absent", "AttributeError.", lacks("credentials")),
    signature("dbutils.library.restartPython", "() -> None", lambda: dbutils.library.restartPython),
    Row("dbutils.library.restartPython", "The notebook's Python starts again, without its variables.", "approximated", "Jupyter starts it again; of a Run All, cells that were still waiting are to be run again.", restarts),
    Row("dbutils.library.restartPython", "In a job the notebook goes on after the restart.", "approximated", "A notebook that runs unattended goes on without one, and says so; outside a notebook it is a RuntimeError.", restarts_notebooks_only),
    Row("%pip install", "Installs for this notebook alone, Spark's workers included.", "approximated", "Kept for the notebook's next session as well; %pip uninstall removes it. The workers' part is tested in tests/dbutils/test_pip.py.", pip_installs_for_one_notebook),
    Row("%pip install", "May replace a package of the runtime for this notebook.", "absent", "Refused in one sentence: the course's pinned versions stay as they are.", pip_keeps_pins),
    Row("dbutils.help", "dbutils.help(), dbutils.GROUP.help() and dbutils.GROUP.help(\"METHOD\") print what there is.", "approximated", "The words are our own.", explains_itself),
    Row("dbutils.api, meta, preview", "Groups for libraries' authors and previews.", "absent", "AttributeError.", lacks("api", "meta", "preview")),
]  # fmt: skip
