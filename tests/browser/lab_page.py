"""JupyterLab on a course, and a browser in front of it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as expected
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 60
"""Seconds that anything may take to appear: machines that run tests are slow and busy."""

_SETTINGS = {
    # Neither news nor updates are fetched, so that nothing covers the page and nothing leaves the machine.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    # All cells are in the page, not only the visible ones.
    "notebook-extension/tracker": {"windowingMode": "none"},
}


def chromium() -> tuple[str, str]:
    """Return the paths of Chromium and its driver.

    Where they are not installed, the test is skipped; on CI it fails, for there nobody would notice.
    """
    browser = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if browser and driver:
        return browser, driver
    reason = "Chromium or its driver is not installed: apt-get install chromium chromium-driver"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextlib.contextmanager
def headless_browser() -> Iterator[webdriver.Chrome]:
    """Give a browser with a profile of its own."""
    binary, driver = chromium()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = binary
        for flag in (
            *("headless", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "disable-quic", "no-first-run"),
            *("disable-background-networking", "disable-component-update", "disable-sync"),
            *("window-size=1400,1000", f"user-data-dir={profile}"),
        ):
            options.add_argument(f"--{flag}")
        browser = webdriver.Chrome(options=options, service=Service(driver))
        try:
            yield browser
        finally:
            browser.quit()


@dataclass
class Server:
    """A running JupyterLab."""

    url: str
    token: str

    def get(self, path: str) -> Any:
        """Return what an address of the server's API answers."""
        request = urllib.request.Request(f"{self.url}{path}", headers={"Authorization": f"token {self.token}"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)


@contextlib.contextmanager
def jupyter_lab(root: Path, state: Path) -> Iterator[Server]:
    """Run this environment's `jupyter lab` on the course at `root`; configuration and state go under `state`."""
    settings = state / "settings" / "@jupyterlab"
    for name, values in _SETTINGS.items():
        path = settings / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    token, port = secrets.token_hex(16), _free_port()
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "JUPYTER_CONFIG_DIR": str(state / "config"),
        "JUPYTER_DATA_DIR": str(state / "data"),
        "JUPYTER_RUNTIME_DIR": str(state / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(state / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(state / "workspaces"),
        "IPYTHONDIR": str(state / "ipython"),
        "LAKELAB_HOME": str(state / "home"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.root_dir={root}"]
    command += ["--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    log = state / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=output, stderr=subprocess.STDOUT)
        server = Server(f"http://127.0.0.1:{port}", token)
        try:
            _wait_for(server, process, log)
            yield server
        finally:
            process.terminate()  # the server ends its kernels
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            server.get("/api/status")
            return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-3000:]}")


class LabPage:
    """What a person does in JupyterLab."""

    def __init__(self, browser: webdriver.Chrome, server: Server) -> None:
        self.browser, self.server = browser, server

    def _wait(self, seconds: float = PATIENCE) -> WebDriverWait[webdriver.Chrome]:
        return WebDriverWait(
            self.browser, seconds, poll_frequency=0.2, ignored_exceptions=[StaleElementReferenceException]
        )

    def _see(self, css: str, seconds: float = PATIENCE) -> WebElement:
        return self._wait(seconds).until(
            expected.visibility_of_element_located((By.CSS_SELECTOR, css)), f"{css} did not appear"
        )

    def _click(self, how: str, what: str) -> None:
        self._wait().until(expected.element_to_be_clickable((how, what)), f"{what} could not be clicked").click()

    def open(self, path: str = "") -> None:
        """Open JupyterLab in an empty workspace, with a file of the course if one is given."""
        place = f"/tree/{path}" if path else ""
        self.browser.get(f"{self.server.url}/lab{place}?reset&token={self.server.token}")
        self._see("#jp-main-dock-panel")
        if path:
            self._see(".jp-NotebookPanel .jp-Notebook")
            self._wait().until(lambda _: self.kernel_is_idle(path), "the kernel did not become ready")

    def kernel_is_idle(self, path: str) -> bool:
        """Whether the notebook's kernel has nothing to do, as page and server see it."""
        sessions = [session for session in self.server.get("/api/sessions") if session["path"] == path]
        status = self.browser.find_elements(By.CSS_SELECTOR, ".jp-NotebookPanel .jp-Notebook-ExecutionIndicator")
        return (
            bool(sessions)
            and sessions[0]["kernel"]["execution_state"] == "idle"
            and bool(status)
            and status[0].get_attribute("data-status") == "idle"
        )

    def kernel_name(self, path: str) -> str:
        """Return the name of the kernel that the notebook runs on."""
        return next(str(s["kernel"]["name"]) for s in self.server.get("/api/sessions") if s["path"] == path)

    def menu(self, name: str) -> list[str]:
        """Open a menu of the menu bar and return its entries."""
        self._click(By.XPATH, f"//li[contains(@class,'lm-MenuBar-item')][.//div[normalize-space()='{name}']]")
        self._see(".lm-Menu .lm-Menu-itemLabel")
        labels = self.browser.find_elements(By.CSS_SELECTOR, ".lm-Menu .lm-Menu-itemLabel")
        return [label.text for label in labels if label.text]

    def choose(self, menu: str, entry: str) -> None:
        """Choose an entry of a menu."""
        self.menu(menu)
        self._click(
            By.XPATH, f"//div[contains(@class,'lm-Menu')]//div[@class='lm-Menu-itemLabel'][normalize-space()='{entry}']"
        )

    def run_all(self, path: str, seconds: float = PATIENCE) -> list[str]:
        """Run all cells, wait for the end, and return the errors that the page shows."""
        self.choose("Run", "Run All Cells")
        self._wait(seconds).until(
            lambda _: (self._last_cell_has_run() or self._errors()) and self.kernel_is_idle(path),
            "the notebook did not run to its end",
        )
        return self._errors()

    def _errors(self) -> list[str]:
        shown = self.browser.find_elements(By.CSS_SELECTOR, ".jp-CodeCell .jp-OutputArea-output")
        return [output.text for output in shown if "Traceback (most recent call last)" in output.text]

    def _last_cell_has_run(self) -> bool:
        prompts = self.browser.find_elements(By.CSS_SELECTOR, ".jp-CodeCell .jp-InputArea-prompt")
        return prompts[-1].text.strip("[]: ").isdigit()

    def validate(self, seconds: float = PATIENCE) -> str:
        """Click nbgrader's Validate button and return what it reports."""
        self._click(By.CSS_SELECTOR, ".jp-NotebookPanel-toolbar .validate-button")
        dialog = self._see(".jp-Dialog .jp-Dialog-content", seconds)
        self._wait().until(lambda _: dialog.text.strip(), "the dialog stayed empty")
        return dialog.text

    def total_points_in_create_assignment(self) -> str:
        """Open nbgrader's side panel for authors and return the total that it shows."""
        self._click(By.CSS_SELECTOR, ".jp-SideBar [data-id^='nbgrader-create']")
        return str(self._see(".nbgrader-TotalPointsInput").get_attribute("value"))

    def close_dialog(self) -> None:
        """Accept the dialog that is open."""
        self._click(By.CSS_SELECTOR, ".jp-Dialog .jp-Dialog-button.jp-mod-accept")
        self._wait().until(expected.invisibility_of_element_located((By.CSS_SELECTOR, ".jp-Dialog")))

    def tile(self, title: str) -> WebElement:
        """Return a tile of the launcher, once it can be clicked."""
        where = (By.XPATH, f"//div[contains(@class,'jp-LauncherCard')][.//p[normalize-space()='{title}']]")
        return self._wait().until(expected.element_to_be_clickable(where), f"the launcher has no tile {title}")

    def widths_of_pictures(self, count: int) -> dict[str, int]:
        """Return the widths of the notebook's pictures by their file names, once `count` of them are loaded."""
        script = (
            "return Object.fromEntries([...document.querySelectorAll('.jp-RenderedMarkdown img')].filter(i => i.naturalWidth)"
            ".map(i => [new URL(i.src).pathname.split('/').pop(), i.naturalWidth]))"
        )
        self._wait().until(lambda browser: len(browser.execute_script(script)) >= count, "the pictures did not appear")
        return dict(self.browser.execute_script(script))

    def text_at(self, address: str, expected_text: str) -> str:
        """Open a page of the server and return its text, once it has `expected_text`."""
        self.browser.get(address)
        return self.text_of_page(expected_text)

    def text_of_page(self, expected_text: str) -> str:
        """Return the text of the page, once it has `expected_text`."""
        try:
            self._wait().until(lambda browser: expected_text in browser.find_element(By.TAG_NAME, "body").text)
        except TimeoutException:
            pytest.fail(f"{expected_text!r} is not in:\n{self.browser.find_element(By.TAG_NAME, 'body').text}")
        return str(self.browser.find_element(By.TAG_NAME, "body").text)

    def text_in_frame(self, expected_text: str) -> str:
        """Return the text of the page that an extension shows in a frame, once it has `expected_text`."""
        self._wait().until(expected.frame_to_be_available_and_switch_to_it((By.CSS_SELECTOR, "iframe")))
        text = self.text_of_page(expected_text)
        self.browser.switch_to.default_content()
        return text
