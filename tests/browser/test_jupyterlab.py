"""The learner's way through JupyterLab: open a released lab, run it, press Validate."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

if os.environ.get("CI") != "true":
    pytest.importorskip("selenium", reason="selenium is not installed: pip install -e '.[dev]'")

from lab_page import LabPage, Server, chromium, headless_browser, jupyter_lab

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
TINY_COURSE = ROOT / "tests" / "fixtures" / "tiny_course"
EXPLORE = Path("2_ml_workflows") / "2_1_explore.ipynb"


def solve(course: Path, lab: Path, target: Path) -> None:
    """Write the released lab with the reference answers to `target`."""
    source = nbformat.read(course / "source" / lab, as_version=4)
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in source.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    nb = nbformat.read(course / "release" / lab, as_version=4)
    for cell in nb.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, target)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chromium()  # before anything costs time
    root = tmp_path_factory.mktemp("lab") / "course"
    shutil.copytree(TINY_COURSE, root)
    solve(root, Path("arith") / "sums.ipynb", root / "solved" / "sums.ipynb")
    if (ROOT / "release" / EXPLORE).is_file():
        solve(ROOT, EXPLORE, root / "solved" / EXPLORE.name)
    return root


@pytest.fixture(scope="module")
def server(course: Path) -> Iterator[Server]:
    with jupyter_lab(course, course.parent / "state") as running:
        yield running


@pytest.fixture(scope="module")
def page(server: Server) -> Iterator[LabPage]:
    with headless_browser() as browser:
        yield LabPage(browser, server)


def test_nbgraders_extensions_are_there(page: LabPage) -> None:
    page.open()
    assert {"Assignment List", "Formgrader"} <= set(page.menu("Nbgrader"))


def test_an_instructor_sees_the_points_of_a_source_lab(page: LabPage) -> None:
    page.open("source/arith/sums.ipynb")
    assert page.total_points_in_create_assignment() == "5"


def test_formgrader_reads_the_course(page: LabPage) -> None:
    page.open()
    page.choose("Nbgrader", "Formgrader")
    assert "arith" in page.text_in_frame("arith")


def test_a_released_lab_runs_to_the_first_gap_and_does_not_validate(page: LabPage) -> None:
    path = "release/arith/sums.ipynb"
    page.open(path)
    assert page.kernel_name(path) == "python3"
    errors = page.run_all(path)
    assert len(errors) == 1
    assert "NotImplementedError" in errors[0]
    assert page.validate().count("The following cell failed:") == 2
    page.close_dialog()


def test_the_reference_answers_run_to_the_end_and_validate(page: LabPage, course: Path) -> None:
    path = "solved/sums.ipynb"
    page.open(path)
    assert page.run_all(path) == []
    assert "Success! Your notebook passes all the tests." in page.validate()
    page.close_dialog()
    saved = nbformat.read(course / path, as_version=4)
    assert all(cell.execution_count for cell in saved.cells if cell.cell_type == "code")


@pytest.mark.spark
def test_a_lab_on_spark(page: LabPage, course: Path) -> None:
    path = f"solved/{EXPLORE.name}"
    if not (course / path).is_file():
        pytest.skip(f"release/{EXPLORE} does not exist")
    page.open(path)
    assert page.kernel_name(path) == "python3"
    assert page.run_all(path, seconds=240) == []
    assert "Success! Your notebook passes all the tests." in page.validate(seconds=240)
    page.close_dialog()
