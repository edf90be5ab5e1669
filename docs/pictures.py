"""Make the pictures of lesson 1.6 again: run the lesson in JupyterLab, open MLflow's pages by their tile, take screenshots.

    python docs/pictures.py

Writes `course/1_databricks_ml/images/mlflow_*.png`. Needs what the browser tests need: Debian's Chromium and its driver. The lesson
runs in a copy of its folder and on a state folder of its own, so that neither the committed notebook nor your runs are touched.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from selenium.webdriver.common.by import By

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))  # what drives JupyterLab there drives it here

from lab_page import LabPage, headless_browser, jupyter_lab  # noqa: E402

LESSON = ROOT / "course" / "1_databricks_ml" / "1_6_mlflow_tracking.ipynb"
IMAGES = LESSON.parent / "images"
EXPERIMENT, SEARCH, RUN = "lakelab-1-6-tracking", "search for a depth", "depth 8"
COLOURS = 200
"""Of the palette: screens have few, and the files stay small."""

MARK = """
for (const element of document.querySelectorAll('div, span, p, td, th, h2')) {
  const own = [...element.childNodes].some(node => node.nodeType === 3 && arguments[0].includes(node.textContent.trim()));
  if (own) { element.style.outline = '3px solid #d55e00'; element.style.outlineOffset = arguments[1]; }
}
"""
"""Frames the elements whose own text is one of those given."""


def main() -> None:
    """Take the three pictures."""
    with tempfile.TemporaryDirectory() as scratch:
        course = Path(scratch) / "course"
        course.mkdir()
        shutil.copy(LESSON, course)
        os.environ |= {"LOGNAME": "you", "LAKELAB_CACHE": str(ROOT / ".lakelab" / "cache")}
        os.environ.pop("MLFLOW_TRACKING_URI", None)
        with jupyter_lab(course, Path(scratch) / "state") as server, headless_browser() as browser:
            page = LabPage(browser, server)
            page.open(LESSON.name)
            if errors := page.run_all(LESSON.name, seconds=400):
                sys.exit(f"The lesson does not run: {errors}")
            picture_launcher(page)
            picture_runs(page)
            picture_run(page)


def picture_launcher(page: LabPage) -> None:
    """Picture the tile in JupyterLab's launcher."""
    page.open()
    tile = page.tile("MLflow")
    time.sleep(2)  # icons come later than names
    page.browser.execute_script("arguments[0].style.outline = '3px solid #d55e00'", tile)
    box = tile.rect
    save(page, "launcher", (0, 0, int(box["x"] + 4 * box["width"]), int(box["y"] + 1.3 * box["height"])))


def picture_runs(page: LabPage) -> None:
    """Picture the list of runs, with the children of one search."""
    browser = page.browser
    experiments = f"{page.server.url}/mlflow/#/experiments"
    page.text_at(f"{experiments}?workflowType=machine_learning", EXPERIMENT)
    for button in browser.find_elements(By.CSS_SELECTOR, "button[aria-label='Close']"):
        button.click()  # the assistant's panel, which needs a language model
    link = browser.find_element(By.PARTIAL_LINK_TEXT, EXPERIMENT).get_attribute("href")
    page.text_at(f"{link}/runs?workflowType=machine_learning", SEARCH)
    time.sleep(3)  # the table arranges itself
    browser.find_element(By.XPATH, f"//div[@role='row'][.//*[normalize-space(text())='{SEARCH}']]//button").click()
    page.text_of_page(RUN)
    time.sleep(1)
    browser.execute_script(MARK, ["Created", "Source"], "4px")
    last = max(row.rect["y"] + row.rect["height"] for row in browser.find_elements(By.CSS_SELECTOR, "div[role='row']"))
    save(page, "runs", (0, 0, 1400, int(last) + 20))


def picture_run(page: LabPage) -> None:
    """Picture the page of one run."""
    link = page.browser.find_element(By.LINK_TEXT, RUN).get_attribute("href")
    page.text_at(f"{link}?workflowType=machine_learning", "Created at")
    time.sleep(2)
    page.browser.execute_script(MARK, ["Created at", "Source"], "-1px")
    save(page, "run", (0, 0, 1400, 720))


def save(page: LabPage, name: str, crop: tuple[int, int, int, int]) -> None:
    """Write what the browser shows from (left, top) to (right, bottom), with a small palette."""
    image = Image.open(io.BytesIO(page.browser.get_screenshot_as_png())).convert("RGB").crop(crop)
    IMAGES.mkdir(exist_ok=True)
    path = IMAGES / f"mlflow_{name}.png"
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {image.width} × {image.height}, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
