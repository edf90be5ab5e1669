"""``%pip``: installs for one notebook, and leaves the environment that the course runs in as it is.

Every package of the environment, and every pin in ``constraints.txt``, is a constraint: what needs another version of one is refused.
pip first only resolves; then what the environment lacks is put, without its dependencies, into the notebook's own folder
(see `lakelab.dbutils.library`). pip's own ``--target`` alone would fetch all dependencies again, and ``--prefix`` could uninstall.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lakelab.dbutils import library
from lakelab.spark import config

CONSTRAINTS = Path(__file__).resolve().parents[2] / "constraints.txt"
"""The course's pins; there is none where LakeLab is installed without its repository."""

_ELSEWHERE = ("--target", "-t", "--prefix", "--user", "--root", "--python")
"""Options that would install into another place."""
_NAMING = ("-r", "--requirement", "-c", "--constraint", "-e", "--editable")
"""Options whose value says what is wanted; the second run of pip is told exactly."""
_WITH_VALUE = (
    *(
        "-i",
        "--index-url",
        "--extra-index-url",
        "-f",
        "--find-links",
        "--proxy",
        "--retries",
        "--timeout",
        "--cache-dir",
    ),
    *("--trusted-host", "--cert", "--client-cert", "--only-binary", "--no-binary", "-C", "--config-settings", "--log"),
    *(
        "--global-option",
        "--progress-bar",
        "--exists-action",
        "--keyring-provider",
        "--use-feature",
        "--src",
        "--report",
    ),
    *("--upgrade-strategy", "--use-deprecated", "--root-user-action", "--platform", "--python-version", "--abi"),
)
_NO_NETWORK = re.compile(
    "Failed to establish a new connection|NewConnectionError|name resolution|ProxyError|ConnectTimeout|"
    "ConnectionError|Network is unreachable|Max retries exceeded"
)
_UPGRADE_NOTICE = "[notice]"


class PipError(RuntimeError):
    """Nothing was installed; the message says why in one sentence."""

    def _render_traceback_(self) -> list[str]:
        return [f"%pip: {self}"]


def pip(line: str) -> None:
    """The magic: ``%pip install …`` and ``%pip uninstall …`` for this notebook alone, every other command as pip has it.

    Raises:
        PipError: what was asked can't be done.
    """
    command, *arguments = shlex.split(line) or ["help"]
    if command == "install":
        install(arguments)
    elif command == "uninstall":
        uninstall([argument for argument in arguments if not argument.startswith("-")])
    else:
        _run_pip([command, *arguments], shown=True)


def install(arguments: list[str]) -> None:
    """Install into the notebook's folder what ``pip install ARGUMENTS`` would install, and make it importable.

    Raises:
        PipError: pip found no solution that leaves the environment as it is, or nothing to install it from.
    """
    for argument in arguments:
        if argument.split("=")[0] in _ELSEWHERE:
            raise PipError(
                f"{argument} is not for notebooks: %pip installs into the notebook's own folder, so leave it out."
            )
    if config.in_grading():
        arguments = [*arguments, "--no-index"]
    folder = library.layer()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".install-") as scratch:
        pins, report, fresh = Path(scratch) / "pins.txt", Path(scratch) / "report.json", Path(scratch) / "new"
        pins.write_text("\n".join(_pins(folder)) + "\n", encoding="utf-8")
        _run_pip(["install", "--dry-run", "--constraint", str(pins), "--report", str(report), *arguments], shown=True)
        wanted = _missing(json.loads(report.read_text(encoding="utf-8")), folder)
        if not wanted:
            return
        sources = [f"{name} @ {item['download_info']['url']}" for name, item in wanted.items()]
        options = [*_options(arguments), "--no-deps", "--ignore-installed", "--target", str(fresh)]
        _run_pip(["install", "--quiet", *options, *sources], shown=False)
        for name in wanted:
            _remove(folder, name)
        shutil.copytree(fresh, folder, dirs_exist_ok=True)
    library.use(folder)
    versions = ", ".join(f"{item['metadata']['name']} {item['metadata']['version']}" for item in wanted.values())
    print(f"Installed for this notebook: {versions}.")
    print("If an older version was imported already, restart Python: dbutils.library.restartPython().")


def uninstall(names: list[str]) -> None:
    """Remove packages from the notebook's folder.

    Raises:
        PipError: a package is the environment's own.
    """
    folder = library.layer()
    own = {canonicalize_name(name) for name in _installed([str(folder)])}
    for name in map(canonicalize_name, names):
        if name in own:
            _remove(folder, name)
            print(f"Removed {name} from this notebook.")
        elif name in {canonicalize_name(other) for other in _installed(_environment(folder))}:
            raise PipError(f"{name} belongs to the course's environment, which %pip leaves as it is.")
        else:
            print(f"{name} is not installed.")


def register() -> None:
    """Put `pip` in the place of IPython's own ``%pip``, and the libraries that the notebook has already on the path."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return
    shell.register_magic_function(pip, "line", "pip")
    if (folder := library.layer()).is_dir():
        library.use(folder)


def _environment(folder: Path) -> list[str]:
    """Return the path of this Python without the notebook's folder."""
    return [entry for entry in sys.path if entry != str(folder)]


def _installed(path: Iterable[str]) -> dict[str, str]:
    """Return the versions of all packages on a path, by name."""
    found: dict[str, str] = {}
    for distribution in metadata.distributions(path=list(path)):
        if name := distribution.metadata["Name"]:  # a damaged one has none
            found.setdefault(name, distribution.version)
    return found


def _pins(folder: Path) -> Iterator[str]:
    """Yield constraints: every package of the environment at its version, and of the course's pins those not installed."""
    installed = _installed(_environment(folder))
    for name, version in installed.items():
        yield f"{name}=={version}"
    known = {canonicalize_name(name) for name in installed}
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines() if CONSTRAINTS.is_file() else []
    for line in lines:
        text = line.partition("#")[0].strip()
        if text and canonicalize_name(Requirement(text).name) not in known:
            yield text


def _missing(report: dict[str, Any], folder: Path) -> dict[str, dict[str, Any]]:
    """Return pip's findings by name, without what the environment has in that version (``--force-reinstall`` asks for it)."""
    known = {canonicalize_name(name) for name in _installed(_environment(folder))}
    found = {canonicalize_name(item["metadata"]["name"]): item for item in report["install"]}
    return {name: item for name, item in found.items() if name not in known}


def _options(arguments: list[str]) -> list[str]:
    """Return the arguments that say how to install, without those that say what."""
    kept: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if not argument.startswith("-"):
            continue
        value = [next(rest, "")] if argument in (*_NAMING, *_WITH_VALUE) else []
        if argument.split("=")[0] not in (*_NAMING, "--report", "--dry-run"):
            kept += [argument, *value]
    return kept


def _remove(folder: Path, name: str) -> None:
    """Remove the files of a package from a notebook's folder."""
    for distribution in metadata.distributions(path=[str(folder)]):
        if canonicalize_name(distribution.metadata["Name"] or "") != name:
            continue
        for file in distribution.files or ():
            path = (folder / file).resolve()
            if path.is_relative_to(folder.resolve()):
                path.unlink(missing_ok=True)
        for parent in sorted(folder.rglob("*"), reverse=True):
            if parent.is_dir() and not any(child.name != "__pycache__" for child in parent.iterdir()):
                shutil.rmtree(parent, ignore_errors=True)


def _run_pip(arguments: list[str], *, shown: bool) -> None:
    """Run pip with the notebook's packages in its sight; raises PipError with one sentence if it fails."""
    path = [*filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)), str(library.layer())]
    environment = {
        "PIP_RETRIES": "2",  # without a network, five take long and change nothing
        "PIP_ROOT_USER_ACTION": "ignore",
        **os.environ,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(path)),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "pip", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines: list[str] = []
    assert process.stdout is not None
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            if shown and not line.startswith(("ERROR", "WARNING", "Would install", _UPGRADE_NOTICE)):
                print(line.rstrip())
    except BaseException:
        process.kill()
        raise
    finally:
        code = process.wait()
    if code:
        raise PipError(_reason(lines))


def _reason(lines: list[str]) -> str:
    """Return one sentence for what pip wrote before it failed."""
    output = "\n".join(lines)
    if "No module named pip" in output:
        return "this Python has no pip: install it into the environment (uv pip install pip), then try again."
    missing = re.search("No matching distribution found for (.+)", output)
    wanted = missing[1].strip() if missing else "that"
    pinned = sorted(set(re.findall(r"\(constraint\) (\S+)", output)))
    if pinned and ("conflict" in output or missing):
        return f"this needs other versions than the course's ({', '.join(pinned)}), which stay as they are, so nothing was installed."
    if config.in_grading():
        return f"{wanted} can't be installed in grading, where there is no network: labs run with the course's packages alone."
    if _NO_NETWORK.search(output):
        return f"there is no network to fetch {wanted} from, so nothing was installed."
    if missing:
        return f"there is no package {wanted} to be had: check its name and version; nothing was installed."
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return f"pip says: {errors[-1] if errors else (lines or ['nothing'])[-1]}"
