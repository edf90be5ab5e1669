"""A state folder of its own for every test."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """LAKELAB_HOME, empty; the caches stay where they are."""
    from lakelab import home

    monkeypatch.setenv("LAKELAB_CACHE", str(home.cache_path()))
    folder = tmp_path / "home"
    monkeypatch.setenv("LAKELAB_HOME", str(folder))
    return folder
