"""Warm and cold give the same scores over the sample class of real labs, whose answers do all that the course teaches."""

from __future__ import annotations

from pathlib import Path

import pytest
from classroom import dump_scores

from lakelab.demo.sample_class import fill_submitted, usual_labs
from lakelab.grading.batch import grade
from lakelab.grading.course import Course
from lakelab.grading.execute import COLD, WARM
from lakelab.warm.client import supported

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not supported(), reason="warm processes need Linux")
def test_the_sample_class_scores_the_same_warm_and_cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKELAB_DATA", str(ROOT / "data"))
    found = {}
    for engine in (COLD, WARM):
        root = tmp_path / engine
        root.mkdir()
        for folder in ("source", "release", "course", "data", "tests"):
            (root / folder).symlink_to(ROOT / folder)
        # On a machine that does other things at the same time, a limit that one engine reaches and the other does not proves nothing.
        limits = "c.PapermillExecute.cell_timeout, c.PapermillExecute.notebook_timeout = 150, 1200\n"
        (root / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text() + limits)
        course = Course.open(root)
        fill_submitted(course)
        grade(usual_labs(course), jobs=2, engine=engine)
        found[engine] = dump_scores(course.db_url, reasons=False)
    assert len(found[COLD]) >= 16
    assert found[WARM] == found[COLD]
