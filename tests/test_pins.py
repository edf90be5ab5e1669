"""environment.yml, pyproject.toml and constraints.txt say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]


def _name(requirement: str) -> str:
    return re.split(r"[<>=!~\[; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def _pins() -> dict[str, str]:
    """The pinned versions for Python 3.11 on Linux, which is what environment.yml asks for."""
    there = {"python_version": "3.11", "python_full_version": "3.11.9", "sys_platform": "linux", "os_name": "posix"}
    pinned = [Requirement(line) for line in (ROOT / "constraints.txt").read_text().splitlines() if line.strip()]
    return {
        _name(requirement.name): next(iter(requirement.specifier)).version
        for requirement in pinned
        if requirement.marker is None or requirement.marker.evaluate(there)
    }


def _direct() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["dev"], *extras["dask"], *extras["postgres"]]
    return {_name(requirement) for requirement in wanted} - {"lakelab"}


def _conda() -> dict[str, str]:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    by_pip = next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    return dict(entry.split("==") for entry in by_pip if "==" in entry)


def test_every_direct_dependency_is_pinned() -> None:
    assert _direct() - set(_pins()) == set()


def test_conda_users_get_the_pinned_versions() -> None:
    pins = _pins()
    assert _conda() == {name: pins[name] for name in _direct()}


def test_pins_name_no_place_to_fetch_from() -> None:
    text = (ROOT / "constraints.txt").read_text() + (ROOT / "environment.yml").read_text()
    assert "://" not in text
    assert " @ " not in text
