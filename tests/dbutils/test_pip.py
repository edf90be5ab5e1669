"""`%pip` and `restartPython`: what is installed where, offline, from wheels that the tests make."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from lakelab.dbutils import DBUtils, library
from lakelab.dbutils.pip import PipError, pip

PANDAS = metadata.version("pandas")


def wheel(folder: Path, name: str, version: str = "1.0", requires: tuple[str, ...] = (), code: str = "") -> Path:
    """Make a wheel of one module."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    requirements = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    files = {
        f"{name}.py": code or f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requirements}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{file},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}\n"
        for file, text in files.items()
    )
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
        archive.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")
    return path


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A folder of wheels: a tool, its helper, and things that the environment's pins don't allow."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    wheel(folder, "lltool", requires=("llhelper>=1", "pandas"), code="import llhelper, pandas\n")
    wheel(folder, "llhelper")
    wheel(folder, "llhelper", "2.0")
    wheel(folder, "llgreedy", requires=("pandas>=99",))
    wheel(folder, "pandas", "99.0")
    wheel(folder, "evidently", "0.0.1")  # pinned in constraints.txt, perhaps not installed
    return folder


@pytest.fixture
def notebook(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the libraries of a notebook; path and modules are as before afterwards."""
    monkeypatch.setenv("LAKELAB_NOTEBOOK", "/lessons/one.ipynb")
    monkeypatch.setenv("PYTHONPATH", "")
    monkeypatch.setattr(sys, "path", list(sys.path))
    known = set(sys.modules)
    yield library.layer()
    for name in set(sys.modules) - known:
        if name.startswith("ll"):
            del sys.modules[name]


def installed(folder: Path) -> list[str]:
    return sorted(f"{d.metadata['Name']} {d.version}" for d in metadata.distributions(path=[str(folder)]))


def environment() -> dict[str, str]:
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    return {entry["name"]: entry["version"] for entry in json.loads(listed.stdout)}


def test_installs_for_the_notebook_alone(notebook: Path, wheels: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = environment()
    pip(f"install --no-index --find-links {wheels} lltool 'llhelper<2'")
    assert installed(notebook) == ["llhelper 1.0", "lltool 1.0"]
    assert environment() == before
    assert "Installed for this notebook: " in capsys.readouterr().out
    assert sys.path[-1] == str(notebook)
    import lltool  # type: ignore[import-not-found]

    assert lltool.pandas.__version__ == PANDAS
    child = [sys.executable, "-c", "import lltool, pandas; print(lltool.llhelper.VERSION, pandas.__version__)"]
    assert subprocess.run(child, capture_output=True, text=True).stdout.split() == ["1.0", PANDAS]

    pip(f"install --no-index --find-links {wheels} --upgrade llhelper")
    assert installed(notebook) == ["llhelper 2.0", "lltool 1.0"]
    pip(f"install --no-index --find-links {wheels} --force-reinstall --no-deps lltool")
    assert installed(notebook) == ["llhelper 2.0", "lltool 1.0"]
    pip("uninstall -y llhelper absent")
    assert installed(notebook) == ["lltool 1.0"]
    assert not (notebook / "llhelper.py").exists()
    assert "absent is not installed." in capsys.readouterr().out


@pytest.mark.parametrize("wanted", ["pandas==99.0", "llgreedy"])
def test_pins_never_break(wanted: str, notebook: Path, wheels: Path) -> None:
    with pytest.raises(
        PipError, match=rf"other versions than the course's \(.*pandas=={PANDAS}.*nothing was installed"
    ):
        pip(f"install --no-index --find-links {wheels} {wanted}")
    assert not notebook.exists()


def test_pins_of_what_is_not_installed_hold_too(
    notebook: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pins = tmp_path / "constraints.txt"
    pins.write_text("# comment\nllhelper==1.0 ; python_version >= '3'\nnumpy==0.1\n")
    monkeypatch.setattr("lakelab.dbutils.pip.CONSTRAINTS", pins)
    pip(f"install --no-index --find-links {wheels} llhelper")
    assert installed(notebook) == ["llhelper 1.0"]


def test_what_is_there_is_not_installed_again(notebook: Path) -> None:
    pip("install --no-index pandas numpy")
    assert not notebook.exists()


def test_an_own_package_from_its_sources(notebook: Path, tmp_path: Path) -> None:
    source = tmp_path / "project"
    source.mkdir()
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "llsource"\nversion = "3.1"\n[tool.setuptools]\npy-modules = ["llsource"]\n'
    )
    (source / "llsource.py").write_text("x = 1\n")
    pip(f"install --no-index --no-build-isolation {source}")
    assert installed(notebook) == ["llsource 3.1"]


def test_each_notebook_has_its_own(notebook: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip(f"install --no-index --find-links {wheels} llhelper")
    monkeypatch.setenv("LAKELAB_NOTEBOOK", "/lessons/two.ipynb")
    assert library.layer() != notebook
    assert not library.layer().exists()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("install --no-index nowhere-to-be-found", "there is no package nowhere-to-be-found to be had"),
        ("install --target /tmp/x nowhere", "--target is not for notebooks"),
        ("install -t /tmp/x nowhere", "-t is not for notebooks"),
        ("uninstall -y pandas", "pandas belongs to the course's environment"),
        ("install", "pip says: You must give at least one requirement to install"),
        ("nonsense", 'pip says: unknown command "nonsense"'),
        ("install --index-url http://127.0.0.1:9/simple nowhere", "there is no network to fetch nowhere from"),
    ],
)
def test_one_sentence(line: str, sentence: str, notebook: Path) -> None:
    with pytest.raises(PipError, match=sentence) as error:
        pip(line)
    assert error.value._render_traceback_() == [f"%pip: {error.value}"]
    assert not notebook.exists()


def test_grading_has_no_network(notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKELAB_GRADING", "1")
    pip("install pandas")
    with pytest.raises(PipError, match="nowhere can't be installed in grading, where there is no network"):
        pip("install nowhere")


def test_other_commands_see_the_notebooks_packages(
    notebook: Path, wheels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pip(f"install --no-index --find-links {wheels} llhelper")
    capsys.readouterr()
    pip("list")
    listed = capsys.readouterr().out
    assert "llhelper" in listed
    assert "pandas" in listed


def test_in_a_notebook(notebook: Path, wheels: Path, tmp_path: Path) -> None:
    """The import of the runtime registers the magic; a notebook finds its libraries again; an error is one line."""
    import nbformat

    cells = [
        "from lakelab.runtime import dbutils",
        f"%pip install --no-index --find-links {wheels} llhelper",
        "import llhelper\ndbutils.library.restartPython()",
        f"%pip install --no-index --find-links {wheels} llgreedy",
        "dbutils.notebook.exit(llhelper.VERSION)",
    ]
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nb.cells[3].metadata["tags"] = ["raises-exception"]
    nbformat.write(nb, str(tmp_path / "child.ipynb"))
    assert DBUtils().notebook.run(str(tmp_path / "child"), 120) == "2.0"
    (copy,) = (notebook.parent.parent / "notebook_runs").iterdir()
    outputs = [cell.outputs for cell in nbformat.read(str(copy), as_version=4).cells if cell.cell_type == "code"]
    assert "Python goes on as it is" in outputs[2][0].text
    (error,) = (output for output in outputs[3] if output.output_type == "error")
    assert len(error.traceback) == 1

    again = ["from lakelab.runtime import dbutils", "import llhelper\ndbutils.notebook.exit(llhelper.VERSION)"]
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in again])
    nbformat.write(nb, str(tmp_path / "child.ipynb"))
    assert DBUtils().notebook.run(str(tmp_path / "child"), 120) == "2.0"


@pytest.mark.spark
def test_spark_workers_have_the_libraries(notebook: Path, wheels: Path) -> None:
    from lakelab.runtime import spark

    spark.range(1).count()  # Spark runs before the library comes
    pip(f"install --no-index --find-links {wheels} llhelper")

    def version(_: int) -> str:
        import llhelper  # type: ignore[import-not-found]

        return str(llhelper.VERSION)

    assert spark.sparkContext.parallelize([1], 1).map(version).collect() == ["2.0"]
    spark.stop()
    assert spark.sparkContext.parallelize([1], 1).map(version).collect() == ["2.0"]


class _Kernel:
    restarted = False

    def do_shutdown(self, restart: bool) -> None:
        self.restarted = restart


def test_restart(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError, match="end Python and start it again"):
        DBUtils().library.restartPython()
    kernel = _Kernel()
    monkeypatch.setattr("lakelab.dbutils.library._kernel", lambda: kernel)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    DBUtils().library.restartPython()
    assert not kernel.restarted
    assert "Python goes on as it is" in capsys.readouterr().out
    monkeypatch.setenv("JPY_SESSION_NAME", "/lessons/one.ipynb")
    DBUtils().library.restartPython()
    assert kernel.restarted
