"""MLflow's pages inside JupyterLab: the tile opens them, they show the course's own runs, and nothing comes from elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import stat
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest

if os.environ.get("CI") != "true":
    pytest.importorskip("selenium", reason="selenium is not installed: pip install -e '.[dev]'")

from lab_page import LabPage, Server, chromium, headless_browser, jupyter_lab

pytestmark = pytest.mark.browser

TINY_COURSE = Path(__file__).parents[1] / "fixtures" / "tiny_course"
LESSON = Path(__file__).parents[2] / "course" / "1_databricks_ml" / "1_6_mlflow_tracking.ipynb"
EXPERIMENT, RUN = "houses by the sea", "the run in question"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chromium()  # before anything costs time
    root = tmp_path_factory.mktemp("mlflow")
    shutil.copytree(TINY_COURSE, root / "course")
    shutil.copy(LESSON, root / "course")
    shutil.copytree(LESSON.parent / "images", root / "course" / "images")
    return root


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with jupyter_lab(folder / "course", folder / "state") as running:
        yield running


@pytest.fixture(scope="module")
def run_page(server: Server, folder: Path) -> str:
    """Log a run where a notebook of that JupyterLab would, and return the address of its page."""
    from mlflow import MlflowClient

    from lakelab import home

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKELAB_HOME", str(folder / "state" / "home"))
        client = MlflowClient(tracking_uri=home.mlflow_uri())
        experiment = client.create_experiment(EXPERIMENT, home.mlflow_artifacts().as_uri())
    run = client.create_run(experiment, run_name=RUN, tags={"mlflow.source.name": "valuation.ipynb"}).info.run_id
    client.log_metric(run, "rmse", 1234.5)
    client.log_text(run, "a word to the wise", "notes.txt")
    client.set_terminated(run)
    return f"{server.url}/mlflow/#/experiments/{experiment}/runs/{run}"


@pytest.fixture(scope="module")
def page(server: Server) -> Iterator[LabPage]:
    with headless_browser() as browser:
        yield LabPage(browser, server)


def test_the_tile_opens_the_experiments_inside_jupyterlab(page: LabPage, run_page: str) -> None:
    page.open()
    page.tile("MLflow").click()
    assert EXPERIMENT in page.text_in_frame(EXPERIMENT)


def test_a_run_tells_when_it_was_and_what_ran(page: LabPage, run_page: str) -> None:
    text = page.text_at(run_page, "valuation.ipynb")
    assert RUN in text
    assert "Created at" in text
    assert "1234.5" in page.text_at(run_page, "1234.5")
    assert "notes.txt" in page.text_at(f"{run_page}/artifacts", "notes.txt")


def test_nothing_is_loaded_from_elsewhere(page: LabPage, run_page: str) -> None:
    page.text_at(run_page, RUN)
    loaded = page.browser.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert len(loaded) > 10
    assert {urlparse(address).netloc for address in loaded} == {urlparse(run_page).netloc}


def test_nobody_gets_in_without_jupyters_token(server: Server, run_page: str) -> None:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.build_opener(Stay).open(f"{server.url}/mlflow/")
    assert refused.value.code in (302, 403)


def test_a_forged_post_from_another_site_is_refused(server: Server, run_page: str) -> None:
    """Host names are Jupyter's affair; the origin of a post is still MLflow's."""

    def post(what: str, body: dict[str, object], origin: str) -> str:
        request = urllib.request.Request(
            f"{server.url}/mlflow/ajax-api/2.0/mlflow/experiments/{what}",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"token {server.token}",
                "Content-Type": "application/json",
                "Origin": origin,
            },
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return str(answer.read().decode())

    # MLflow answers 403 before it has read the body, which the proxy may take for a broken connection (500).
    with pytest.raises(urllib.error.HTTPError, match=r"403|500"):
        post("create", {"name": "forged"}, "https://evil.example")
    post("create", {"name": "honest"}, server.url)
    names = post("search", {"max_results": 50}, server.url)
    assert "honest" in names
    assert "forged" not in names


def test_the_server_listens_where_only_its_owner_may_enter(server: Server, run_page: str) -> None:
    import psutil

    tree = [child for child in psutil.Process().children(recursive=True) if "uvicorn" in child.cmdline()]
    sockets = [c for child in tree for c in child.net_connections(kind="all") if c.status == psutil.CONN_LISTEN]
    assert sockets == []  # no port
    paths = {Path(c.laddr) for child in tree for c in child.net_connections(kind="unix") if c.laddr}
    folders = {path.parent for path in paths if "jupyter-server-proxy" in str(path)}
    assert folders
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_the_lesson_about_these_pages_shows_its_pictures(page: LabPage) -> None:
    page.open(LESSON.name)
    pictures = {path.name for path in (LESSON.parent / "images").glob("mlflow_*.png")}
    assert len(pictures) == 3
    assert page.widths_of_pictures(len(pictures)).keys() == pictures
    assert all(width > 500 for width in page.widths_of_pictures(len(pictures)).values())
