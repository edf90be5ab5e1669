"""The report in a browser: tables sort, nothing is loaded, nothing goes wrong, and both themes can be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

if os.environ.get("CI") != "true":
    pytest.importorskip("selenium", reason="selenium is not installed: pip install -e '.[dev]'")

from lab_page import headless_browser
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from lakelab.report.model import Earned, NotebookResult, Question, Report

pytestmark = pytest.mark.browser

POINTS = {"ada": 2.0, "Bo": 10.0, "cy": 0.5}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    results = [
        NotebookResult(student, "a", "lab", {"q1": Earned(points)}, verdict="graded")
        for student, points in POINTS.items()
    ]
    report = Report("course", datetime(2025, 1, 1), ["a"], None, [Question("a", "lab", "q1", 10)], results, [])
    path: Path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(report.to_html(), encoding="utf-8")
    with headless_browser() as running:
        running.get(path.as_uri())
        yield running


def first_column(browser: Chrome) -> list[str]:
    return [cell.text for cell in browser.find_elements(By.CSS_SELECTOR, ".heat tbody th")]


def test_a_click_sorts_and_another_one_turns_the_order(browser: Chrome) -> None:
    heads = browser.find_elements(By.CSS_SELECTOR, ".heat thead th")
    heads[1].click()
    assert first_column(browser) == ["cy", "ada", "Bo"]
    assert heads[1].get_attribute("aria-sort") == "ascending"
    heads[1].click()
    assert first_column(browser) == ["Bo", "ada", "cy"]
    heads[0].click()
    assert first_column(browser) == ["ada", "Bo", "cy"]
    assert heads[1].get_attribute("aria-sort") is None


def test_nothing_is_loaded_and_nothing_fails(browser: Chrome) -> None:
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert browser.get_log("browser") == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_from_every_shade(browser: Chrome, theme: str) -> None:
    media = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    colours = browser.execute_script(
        "const ink = getComputedStyle(document.body).color;"
        "return [...document.querySelectorAll('.scale i')].map(i => [ink, getComputedStyle(i).backgroundColor])"
    )
    assert len(colours) == 11
    for ink, background in colours:
        assert contrast(ink, background) >= 4.5  # what WCAG asks of text


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
