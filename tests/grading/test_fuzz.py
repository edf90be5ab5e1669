"""Hundreds of malformed notebooks through sanitising, execution, recording, feedback and report: each ends in one verdict, and nothing else ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from classroom import CONFIG, FULL, copy_course, hand_in, released, scores, solved
from mutations import INNOCENT, OF_BYTES, STRUCTURAL, Mutant, mutant
from nbformat import NotebookNode

from lakelab.grading.course import Course
from lakelab.grading.sanitise import Unreadable, parse, sanitise
from lakelab.grading.source import RecordedSource
from lakelab.grading.verdict import Verdict

ALL, QUICK = 320, 24
ROOT = Path(__file__).resolve().parents[2]
REAL_LABS = sorted(path for path in (ROOT / "release").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)


def tiny_labs() -> dict[tuple[str, bool], NotebookNode]:
    return {(lab, right): (solved if right else released)(lab) for lab in FULL for right in (True, False)}


@dataclass
class Run:
    """A class of mutants, and all that the commands said."""

    root: Path
    mutants: list[Mutant]
    said: dict[str, subprocess.CompletedProcess[str]]
    report: dict[str, Any]


def lakelab(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lakelab", *arguments]
    env = {**os.environ, "LAKELAB_HOME": str(root / ".home")}
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, timeout=3000, check=False)


@pytest.fixture(scope="module", params=[QUICK, pytest.param(ALL, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    root = copy_course(
        tmp_path_factory.mktemp("fuzz") / "course", CONFIG.replace("cell_timeout = 5", "cell_timeout = 10")
    )
    # The few of `make test` are spread over the whole; an odd step meets every kind.
    mutants = [mutant(number, tiny_labs()) for number in range(0, ALL, ALL // request.param)]
    others = dict.fromkeys(FULL)
    for one in mutants:
        hand_in(root, one.student, **{**others, one.notebook: one.content})
    hand_in(root, "a first")
    hand_in(root, "z last")
    said = {
        "grade": lakelab(root, "grade", "--jobs", "2"),
        "again": lakelab(root, "grade", "--json"),
        "feedback": lakelab(root, "feedback"),
        "report": lakelab(root, "report", "--html", "report.html", "--json"),
    }
    return Run(root, mutants, said, json.loads(said["report"].stdout or "{}"))


def test_no_command_fails_or_shows_a_traceback(run: Run) -> None:
    for name, told in run.said.items():
        assert told.returncode == 0, (name, told.stderr[-2000:])
        assert "Traceback" not in told.stdout + told.stderr, name
        assert told.stderr == "" or name == "again", name  # which prints JSON, and what it is doing beside it


def test_each_ends_in_one_verdict(run: Run) -> None:
    found = Counter((result["student"], result["notebook"]) for result in run.report["results"])
    everyone = {one.student for one in run.mutants} | {"a first", "z last"}
    assert found == Counter({(student, lab): 1 for student in everyone for lab in FULL})
    for result in run.report["results"]:
        assert result["verdict"] in set(Verdict), result
        assert result["reason"].endswith("."), result
        assert "\n" not in result["reason"], result
        assert len(result["reason"]) < 600, result


def test_right_answers_keep_their_points_and_none_are_invented(run: Run) -> None:
    found = scores(Course.open(run.root).db_url)
    for student in ("a first", "z last"):
        assert {lab: found[student, lab] for lab in FULL} == FULL
    for one in run.mutants:
        score = found[one.student, one.notebook]
        assert 0 <= score <= FULL[one.notebook]
        if one.is_innocent:
            assert score == (FULL[one.notebook] if one.is_solved else 0), one.done
        if not one.is_solved:
            assert score == 0, one.done


def test_results_hold_and_everybody_has_feedback(run: Run) -> None:
    again = json.loads(run.said["again"].stdout)
    assert (again["graded"], len(again["kept"])) == ([], len(FULL) * (len(run.mutants) + 2))
    for one in run.mutants:
        page = (run.root / "feedback" / one.student / "arith" / f"{one.notebook}.html").read_text("utf-8")
        assert "BEGIN HIDDEN TESTS" not in page
        assert "<script>alert" not in page
        assert "parent.location" not in page
    assert (run.root / "report.html").stat().st_size > 10_000
    for path in run.root.glob("autograded/*/*/*.ipynb"):
        nbformat.validate(nbformat.read(path, as_version=4))


def test_the_corpus_is_as_varied_as_it_claims() -> None:
    mutants = [mutant(number, tiny_labs()) for number in range(ALL)]
    again = [mutant(number, tiny_labs()) for number in range(ALL)]
    assert mutants == again
    assert len({one.content for one in mutants}) > 300
    used = Counter(step for one in mutants for step in one.done)
    for step in (*STRUCTURAL, *INNOCENT, *OF_BYTES):
        assert used[step.__name__] >= 5, step.__name__


@pytest.mark.parametrize("path", REAL_LABS, ids=lambda path: path.stem)
def test_mutants_of_the_courses_own_labs_are_repaired_or_refused(path: Path) -> None:
    """Without executing them: whatever comes in, what would be executed has the recorded tests, in their order, and nothing that steers."""
    source = RecordedSource.read(Course.open(ROOT), path.parent.name, path.stem)
    labs = {(path.stem, False): nbformat.read(path, as_version=4)}
    tests = [name for name in source.cells if source.is_autograded(name)]
    unreadable = 0
    for number in range(40):
        content = mutant(number, labs).content
        try:
            nb = sanitise(parse(content), source).nb
        except Unreadable:
            unreadable += 1
            continue
        nbformat.validate(nb)
        names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells]
        assert [name for name in names if name in tests] == tests
        for cell, name in zip(nb.cells, names, strict=True):
            assert set(cell.metadata) <= {"nbgrader"}
            if name in tests:
                assert (cell.source, cell.cell_type) == (source.cells[name].source, "code")
    assert unreadable < 15
