"""A state folder with an awkward name of its own, and one Spark session, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    from lakelab import home

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKELAB_CACHE", str(home.cache_path()))
        patch.setenv("LAKELAB_HOME", str(tmp_path_factory.mktemp("a home, é")))
        yield


@pytest.fixture(scope="session")
def spark(own_home: None) -> SparkSession:
    from lakelab.runtime import spark

    return spark
