"""Which names a cell binds and which it takes from elsewhere, by Python's own symbol tables."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator
from dataclasses import dataclass

from lakelab.release.lab import as_python

PROVIDED = frozenset({"get_ipython", "display", "In", "Out", "_", "__", "___", "exit", "quit"})
"""What IPython defines in every notebook, beside the builtins."""


@dataclass(frozen=True)
class Names:
    """The names of one cell."""

    bound: frozenset[str]
    """Assigned, imported or defined at its top level."""
    free: frozenset[str]
    """Read anywhere in it, and not bound at its top level."""
    is_open: bool
    """Whether `from … import *` may bind more than can be told."""


def names_of(source: str) -> Names:
    """Return the names of a code cell; raises SyntaxError where it is no Python."""
    python = as_python(source)
    top = symtable.symtable(python, "cell", "exec")
    bound = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
    read = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    read |= {s.get_name() for table in _below(top) for s in table.get_symbols() if s.is_referenced() and s.is_global()}
    stars = any(
        alias.name == "*"
        for node in ast.walk(ast.parse(python))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    )
    return Names(frozenset(bound), frozenset(read - bound), stars)


def _below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _below(child)
