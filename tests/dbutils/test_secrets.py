"""`dbutils.secrets`: from the file and the variable, and what is said when there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lakelab.dbutils import DBUtils
from lakelab.dbutils.secrets import SecretMetadata, SecretScope, SecretsUtils


@pytest.fixture
def secrets(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> SecretsUtils:
    own_home.mkdir()
    (own_home / "secrets.json").write_text(json.dumps({"weather": {"token": "t", "user": "ü"}, "mail": {}}))
    monkeypatch.setenv("LAKELAB_SECRETS", json.dumps({"weather": {"token": "newer"}}))
    return DBUtils().secrets


def test_values(secrets: SecretsUtils) -> None:
    assert secrets.get("weather", "token") == "newer"
    assert secrets.getBytes("weather", "user") == "ü".encode()
    assert secrets.list("weather") == [SecretMetadata("token"), SecretMetadata("user")]
    assert secrets.list("weather")[0].key == "token"
    assert secrets.listScopes() == [SecretScope("mail"), SecretScope("weather")]
    assert secrets.listScopes()[0].getName() == "mail"


def test_unknown(secrets: SecretsUtils, own_home: Path) -> None:
    with pytest.raises(
        ValueError, match=r"Secret does not exist with scope: weather and key: x\. Write it into .*secrets.json"
    ):
        secrets.get("weather", "x")
    with pytest.raises(ValueError, match="Secret scope does not exist: nope"):
        secrets.list("nope")


@pytest.mark.parametrize("text", ["{", '["a"]', '{"scope": "key"}', '{"scope": {"key": 3}}'])
def test_damaged(text: str, secrets: SecretsUtils, own_home: Path) -> None:
    (own_home / "secrets.json").write_text(text)
    with pytest.raises(ValueError, match=r"secrets.json (is not valid JSON|must hold scopes)"):
        secrets.listScopes()


def test_none_at_all(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAKELAB_SECRETS", raising=False)
    assert DBUtils().secrets.listScopes() == []
    assert not own_home.exists()
