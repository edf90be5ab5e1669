"""``dbutils.secrets``: passwords and tokens that stand in no notebook.

They come from ``LAKELAB_HOME/secrets.json``, which is yours to write and which git ignores, and from the environment variable
``LAKELAB_SECRETS``, which wins. Both are JSON objects of scopes::

    {"weather": {"api-token": "…"}}
"""

from __future__ import annotations

import builtins
import json
import os
from typing import NamedTuple

from lakelab import home
from lakelab.dbutils.help import Utility


class SecretScope(NamedTuple):
    """A scope by its name."""

    name: str

    def getName(self) -> str:
        """The scope's name."""
        return self.name


class SecretMetadata(NamedTuple):
    """A secret by its key; the value stays where it is."""

    key: str


class SecretsUtils(Utility):
    """Passwords and tokens by scope and key, from LAKELAB_HOME/secrets.json or the variable LAKELAB_SECRETS."""

    def get(self, scope: str, key: str) -> str:
        """Return a secret's value.

        Raises:
            ValueError: there is no such scope or key, or the secrets can't be read.
        """
        secrets = _scope(scope)
        if key not in secrets:
            raise ValueError(f"Secret does not exist with scope: {scope} and key: {key}. {_where(scope, key)}")
        return secrets[key]

    def getBytes(self, scope: str, key: str) -> bytes:
        """Return a secret's value as bytes in UTF-8.

        Raises:
            ValueError: there is no such scope or key, or the secrets can't be read.
        """
        return self.get(scope, key).encode()

    def list(self, scope: str) -> builtins.list[SecretMetadata]:
        """Return the keys of a scope.

        Raises:
            ValueError: there is no such scope, or the secrets can't be read.
        """
        return [SecretMetadata(key) for key in sorted(_scope(scope))]

    def listScopes(self) -> builtins.list[SecretScope]:
        """Return the scopes.

        Raises:
            ValueError: the secrets can't be read.
        """
        return [SecretScope(name) for name in sorted(_secrets())]


def _scope(scope: str) -> dict[str, str]:
    known = _secrets()
    if scope not in known:
        raise ValueError(f"Secret scope does not exist: {scope}. {_where(scope, 'KEY')}")
    return known[scope]


def _where(scope: str, key: str) -> str:
    example = json.dumps({scope: {key: "…"}}, ensure_ascii=False)
    return f"Write it into {home.secrets_file()} or the variable LAKELAB_SECRETS, as in {example}."


def _secrets() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    path = home.secrets_file()
    sources = {str(path): path.read_text(encoding="utf-8") if path.is_file() else ""}
    sources["LAKELAB_SECRETS"] = os.environ.get("LAKELAB_SECRETS", "")
    for name, text in sources.items():
        for scope, secrets in _parsed(name, text).items():
            found[scope] = found.get(scope, {}) | secrets
    return found


def _parsed(name: str, text: str) -> dict[str, dict[str, str]]:
    if not text.strip():
        return {}
    try:
        scopes = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{name} is not valid JSON (line {error.lineno}, column {error.colno}): mend it.") from None
    if not isinstance(scopes, dict) or not all(
        isinstance(secrets, dict) and all(isinstance(value, str) for value in secrets.values())
        for secrets in scopes.values()
    ):
        raise ValueError(
            f'{name} must hold scopes with secrets that are strings, as in {{"weather": {{"api-token": "…"}}}}.'
        )
    return scopes
