"""The command line as a person uses it: helpful, one sentence for what is wrong, and an exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest


def lakelab(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `lakelab ARGUMENTS` in `cwd` with a home of its own."""
    env = {**os.environ, "LAKELAB_HOME": str(cwd / ".home"), **environment}
    command = [sys.executable, "-m", "lakelab", *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=300, check=False)


def _one_sentence(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 1, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("lakelab: ")
    return lines[0]


def test_help_names_every_command_and_who_it_is_for(tmp_path: Path) -> None:
    shown = lakelab("--help", cwd=tmp_path).stdout
    for command in (
        "check",
        "collect",
        "coverage",
        "demo",
        "doctor",
        "export",
        "feedback",
        "fmt",
        "grade",
        "lint",
        "release",
        "report",
        "verify",
    ):
        assert f" {command} " in shown
    for audience in ("Learn", "Teach", "Write lessons"):
        assert audience in shown


def test_export_says_what_does_not_run(tmp_path: Path) -> None:
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("from lakelab.runtime import spark\nspark.stop()")])
    nbformat.write(nb, str(tmp_path / "a.ipynb"))
    result = lakelab("export", "a.ipynb", "--to", "databricks", "-o", "out", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "does not run: It stops Spark" in result.stdout
    assert (tmp_path / "out" / "a.py").read_text().startswith("# Databricks notebook source")
    assert "There is no notebook, folder or module 'b'" in _one_sentence(lakelab("export", "b", cwd=tmp_path))


def test_the_whole_way_once(tiny_course: Path) -> None:
    """Release, sample class, grade, feedback, report: the demo, and again without doing anything twice."""
    config = tiny_course / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.PapermillExecute.cell_timeout = 3\n")
    first = lakelab("demo", "--jobs", "2", cwd=tiny_course)
    assert first.returncode == 0, first.stdout + first.stderr
    assert first.stderr == ""
    for verdict in ("timed out", "unreadable", "kernel died", "tampered"):
        assert verdict in first.stdout
    page = (tiny_course / "report.html").read_text(encoding="utf-8")
    assert "ada-perfect" in page
    assert list((tiny_course / "feedback" / "ada-perfect").rglob("*.html"))
    again = lakelab("grade", "--json", cwd=tiny_course)
    summary = json.loads(again.stdout)
    assert summary["graded"] == []
    assert len(summary["kept"]) == len(json.loads(lakelab("report", "--json", cwd=tiny_course).stdout)["results"])


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("grade", "nosuch"), "There is no assignment 'nosuch'"),
        (("grade",), "There is nothing to grade"),
        (("grade", "--student", "nobody"), "There is no submission of 'nobody'"),
        (("grade", "--memory-limit", "plenty"), "'plenty' is not a size"),
        (("report",), "gradebook"),
        (("feedback",), "gradebook"),
        (("release", "nosuch"), "There is no assignment 'nosuch'"),
        (("verify", "nosuch"), "There is no assignment 'nosuch'"),
        (("check", "nosuch.ipynb"), "There is no nosuch.ipynb"),
        (("fmt", "nosuch.ipynb"), "can't be read as a notebook"),
        (("text", "nosuch.txt"), "nosuch.txt"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_wrong_is_one_sentence(tiny_course: Path, arguments: tuple[str, ...], complaint: str) -> None:
    assert complaint in _one_sentence(lakelab(*arguments, cwd=tiny_course))


def test_a_broken_configuration_is_one_sentence(tiny_course: Path) -> None:
    (tiny_course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 1 / 0\n")
    assert "ZeroDivisionError" in _one_sentence(lakelab("grade", cwd=tiny_course))


def test_outside_a_course(tmp_path: Path) -> None:
    assert "There is no nbgrader_config.py" in _one_sentence(lakelab("grade", cwd=tmp_path))


def test_an_unreachable_database_is_one_sentence_without_the_password(tiny_course: Path) -> None:
    config = tiny_course / "nbgrader_config.py"
    url = "postgresql://teacher:secret@127.0.0.1:1/none"
    config.write_text(config.read_text() + f'\nc.CourseDirectory.db_url = "{url}"\n')
    (tiny_course / "submitted" / "ada" / "arith").mkdir(parents=True)
    sentence = _one_sentence(lakelab("grade", cwd=tiny_course))
    assert "can't be opened" in sentence
    assert "secret" not in sentence


def test_fmt_check_fails_on_outputs_and_fmt_mends_them(tiny_course: Path) -> None:
    path = next((tiny_course / "source").rglob("*.ipynb"))
    document = json.loads(path.read_text(encoding="utf-8"))
    canonical = path.read_bytes()
    code = next(cell for cell in document["cells"] if cell["cell_type"] == "code")
    code["execution_count"] = 1
    path.write_text(json.dumps(document), encoding="utf-8")
    checked = lakelab("fmt", "--check", "source", cwd=tiny_course)
    assert checked.returncode == 1
    assert path.name in checked.stdout
    assert lakelab("fmt", "source", cwd=tiny_course).returncode == 0
    assert path.read_bytes() == canonical


def test_text_there_and_back(tiny_course: Path) -> None:
    path = next((tiny_course / "source").rglob("*.ipynb"))
    lakelab("text", str(path), "--output", "lab.txt", cwd=tiny_course)
    assert lakelab("text", "lab.txt", "--output", "again.ipynb", cwd=tiny_course).returncode == 0
    assert (tiny_course / "again.ipynb").read_bytes() == path.read_bytes()
