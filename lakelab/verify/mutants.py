"""Answers that no person wrote: what is left of a solution when a name of it is emptied or made to agree with everything.

A grader that gives full points to one of these does not look at the answer. The objects below are as agreeable as Python
lets them be, so that only a test that compares plain values stands.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import Any

from lakelab.release.lab import as_python


def _yes(*_args: Any) -> bool:
    return True


def _itself(self: Any, *_args: Any, **_kwargs: Any) -> Any:
    return self


def _agreeable(base: type) -> type:
    """Return a subclass of `base` that claims to equal, and to differ from, everything."""
    body: dict[str, Any] = dict.fromkeys(("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"), _yes)
    body |= {"__hash__": lambda self: 0, "__repr__": lambda self: "<equal to everything>"}
    if base is object:
        arithmetic = ("add", "sub", "mul", "truediv", "pow", "neg", "abs", "round", "call", "getitem")
        body |= {f"__{name}__": _itself for name in arithmetic}
        body |= {f"__r{name}__": _itself for name in ("add", "sub", "mul", "truediv", "pow")}
        body |= {"__contains__": _yes, "__bool__": _yes, "__len__": lambda self: 1}
        body |= {"__iter__": lambda self: iter([self]), "__float__": lambda self: math.nan, "__getattr__": _attribute}
    return type(f"Agreeable{base.__name__.title()}", (base,), body)


def _attribute(self: Any, name: str) -> Any:
    # Protocol names stay missing: an object that claims every protocol confuses IPython before any test sees it.
    if name.startswith("_"):
        raise AttributeError(name)
    return self


_AGREEABLE = {base: _agreeable(base) for base in (object, float, int, str, list, tuple, dict, set)}


def agreeable(like: Any = None) -> Any:
    """Return an object that equals everything; of the type of `like` where that is a plain type (its value: empty or nan)."""
    base = type(like)
    if base is float:
        return _AGREEABLE[float](math.nan)
    return _AGREEABLE.get(base, _AGREEABLE[object])()


Mutate = Callable[[Any], Any]
"""From what the reference answer has under a name to what the mutant has there."""

OF_FUNCTIONS: dict[str, Mutate] = {
    "returns None": lambda _reference: lambda *_args, **_kwargs: None,
    "returns its first argument": lambda _reference: (
        lambda *args, **kwargs: next(iter((*args, *kwargs.values())), None)
    ),
    "returns an object that equals everything": lambda _reference: lambda *_args, **_kwargs: agreeable(),
    "returns a float that equals everything": lambda _reference: lambda *_args, **_kwargs: agreeable(0.0),
}
OF_VARIABLES: dict[str, Mutate] = {
    "is None": lambda _reference: None,
    "is an object that equals everything": lambda _reference: agreeable(),
    "is one of its own type that equals everything": agreeable,
}


def mutants_of(solution: str, tests: list[str], reference: dict[str, Any]) -> list[tuple[str, str, Mutate]]:
    """Return (what is done, name, how) for every name of the solution cell that its test cells read.

    `reference` is the namespace after the reference answer. Names that no test reads are left alone: emptying a helper
    that happens not to matter proves nothing.
    """
    read = {
        node.id
        for source in tests
        for node in ast.walk(ast.parse(as_python(source)))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    mutants = []
    for name in bound_names(solution):
        if name not in read or name not in reference:
            continue
        kinds = OF_FUNCTIONS if callable(reference[name]) and not isinstance(reference[name], type) else OF_VARIABLES
        mutants += [(f"{name} {what}", name, mutate) for what, mutate in kinds.items()]
    return mutants


def bound_names(source: str) -> list[str]:
    """Return the names that a cell binds at its top level by `def`, `class` or assignment, in order."""
    names: list[str] = []
    for statement in ast.parse(as_python(source)).body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(statement.name)
            continue
        names += [
            node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]
    return list(dict.fromkeys(names))
