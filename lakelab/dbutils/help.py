"""``help()`` of every group of utilities, made of signatures and docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any


class Utility:
    """A group of utilities that explains itself."""

    def help(self, method: str | None = None) -> None:
        """Print what the group has, or all about one ``method`` of it.

        Raises:
            ValueError: the group has no such method.
        """
        methods = _methods_of(self)
        if method is None:
            print(overview(self, methods))
        elif method in methods:
            print(f"{method}{inspect.signature(methods[method])}\n\n{inspect.getdoc(methods[method])}")
        else:
            raise ValueError(f"There is no {method!r} here; there is {', '.join(methods)}.")


def overview(group: object, members: dict[str, Any]) -> str:
    """Return a group's docstring and one line for each of its members."""
    lines = [inspect.getdoc(group) or "", ""]
    for name, member in members.items():
        arguments = inspect.signature(member) if callable(member) else ""
        lines.append(f"{name}{arguments}: {(inspect.getdoc(member) or '').splitlines()[0]}")
    return "\n".join(lines)


def _methods_of(group: object) -> dict[str, Callable[..., Any]]:
    names = [name for kind in reversed(type(group).__mro__[:-1]) for name in vars(kind)]
    return {
        name: member
        for name in dict.fromkeys(names)
        if not name.startswith("_") and name != "help" and callable(member := getattr(group, name))
    }
