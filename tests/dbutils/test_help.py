"""`help()` of dbutils and of every group."""

from __future__ import annotations

import pytest

from lakelab.dbutils import DBUtils

GROUPS = ["data", "fs", "jobs", "library", "notebook", "secrets", "widgets"]


def test_groups(capsys: pytest.CaptureFixture[str]) -> None:
    DBUtils().help()
    printed = capsys.readouterr().out
    assert [line.partition(":")[0] for line in printed.splitlines()[2:]] == GROUPS


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_explains_itself(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    utilities = getattr(DBUtils(), group)
    utilities.help()
    summary, _, *methods = capsys.readouterr().out.splitlines()
    assert summary.endswith(".")
    assert methods
    for line in methods:
        name = line.partition("(")[0]
        utilities.help(name)
        assert len(capsys.readouterr().out) > len(name) + 20
    with pytest.raises(ValueError, match=r"There is no 'nonsense' here; there is "):
        utilities.help("nonsense")


def test_a_method(capsys: pytest.CaptureFixture[str]) -> None:
    DBUtils().fs.help("cp")
    printed = capsys.readouterr().out
    assert printed.startswith("cp(source: ")
    assert "IsADirectoryError" in printed
