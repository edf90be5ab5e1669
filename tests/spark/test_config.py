"""lakelab.spark.config: the environment's settings over the course's, on one machine and on a cluster."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lakelab.spark import config


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ('{"spark.a": "x", "spark.b": 2, "spark.c": true}', {"spark.a": "x", "spark.b": "2", "spark.c": "true"}),
        ("spark.a=x; spark.b = -Dp=q ;", {"spark.a": "x", "spark.b": "-Dp=q"}),
    ],
)
def test_user_conf(monkeypatch: pytest.MonkeyPatch, text: str, expected: dict[str, str]) -> None:
    monkeypatch.setenv("LAKELAB_SPARK_CONF", text)
    assert config.user_conf() == expected


@pytest.mark.parametrize("text", ["spark.a", "=x", '{"spark.a": '])
def test_user_conf_that_cannot_be_read_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("LAKELAB_SPARK_CONF", text)
    with pytest.raises(config.ConfigError, match="LAKELAB_SPARK_CONF"):
        config.user_conf()


def test_a_cluster_gets_no_loopback_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LAKELAB_SPARK_CONF", raising=False)
    monkeypatch.setenv("LAKELAB_SPARK_MASTER", "spark://head:7077")
    conf = config.spark_conf(tmp_path)
    assert conf["spark.master"] == "spark://head:7077"
    assert not {"spark.driver.host", "spark.sql.warehouse.dir"} & conf.keys()


def test_workers_run_this_python_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYSPARK_PYTHON", "/usr/bin/another")
    monkeypatch.delenv("LAKELAB_WORKER_PYTHON", raising=False)
    config.set_worker_python()

    assert os.environ["PYSPARK_PYTHON"] == sys.executable
