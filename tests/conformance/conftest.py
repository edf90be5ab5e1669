"""The ground that the whole table is checked on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.table import Context


@pytest.fixture(scope="session")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """A state folder of its own; the caches stay where they are, because filling them takes a while."""
    from lakelab import home

    folder = tmp_path_factory.mktemp("conformance")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKELAB_CACHE", str(home.cache_path()))
        patch.setenv("LAKELAB_HOME", str(folder / "home"))
        patch.setenv("MLFLOW_TRACKING_URI", home.mlflow_uri())
        patch.setenv("_MLFLOW_SERVER_ARTIFACT_ROOT", home.mlflow_artifacts().as_uri())
        yield Context(folder)
