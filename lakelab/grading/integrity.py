"""Whether a test can be believed: questions to the kernel before and after each one, and a canary that has to fail.

The questions are answered by :mod:`lakelab.grading.guard`, whose text is run in the kernel before anything else. They travel as expressions of an
empty cell, so that nothing which rewrites or watches cells gets to see them. The canary is an ordinary cell whose assertion fails: when the
kernel says that all is well, or says it twice, a test that passed means nothing.
"""

from __future__ import annotations

import ast
import builtins
import itertools
import json
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

GUARD = Path(__file__).with_name("guard.py").read_text(encoding="utf-8")

# What tests use without importing it themselves, because a cell before them did.
_USUAL = ("math", "numpy", "numpy.testing", "operator", "pandas", "pandas.testing", "pyspark.sql.functions", "pyspark.testing", "re", "statistics", "unittest.case")  # fmt: skip

# Reaches the interpreter's own `sys` and builtins without a name that a notebook could have given another meaning.
_OWN = "[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close'][0].__init__.__globals__"


@dataclass(frozen=True)
class Uses:
    """What the tests of a notebook rely on: modules, and names of attributes; all sorted."""

    modules: list[str]
    attributes: list[str]

    @classmethod
    def of(cls, sources: Iterable[str]) -> Uses:
        """Read it from the text of tests."""
        modules, attributes = set(_USUAL), set()
        for node in (node for source in sources for node in _walk(source)):
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module)
            elif isinstance(node, ast.Attribute):
                attributes.add(node.attr)
        return cls(sorted(modules), sorted(attributes))


def builtins_used(source: str) -> list[str]:
    """Return the builtins that a test refers to, and does not define itself."""
    names = [node for node in _walk(source) if isinstance(node, ast.Name)]
    stored = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    return sorted({node.id for node in names} & set(dir(builtins)) - stored)


def names_given(sources: Iterable[str]) -> set[str]:
    """Return the names that cells of the instructor's bind, and those of builtins: what any other name means is up to the submission."""
    found = set(dir(builtins))
    for node in (node for source in sources for node in _walk(source)):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
    return found


def pieces(source: str, given: Collection[str]) -> list[str]:
    """Cut the text of a test behind every statement that calls what the submission defines.

    Code can read the cell that runs it. Cut like this, an answer that is called can read its own arguments, but not yet what is then asserted of
    its result.
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:  # magics or shell lines
        return [source]
    lines, found, first = source.split("\n"), [], 0
    for statement, following in itertools.pairwise(body):
        begin = min([following.lineno, *(d.lineno for d in getattr(following, "decorator_list", []))])
        last = statement.end_lineno or statement.lineno
        if begin > last and _calls_theirs(statement, given):
            found.append("\n".join(lines[first:last]))
            first = last
    return [*found, "\n".join(lines[first:])]


def _calls_theirs(statement: ast.stmt, given: Collection[str]) -> bool:
    return any(
        isinstance(node, ast.Call) and (_root(node.func) or "print") not in given for node in ast.walk(statement)
    )


def _root(node: ast.AST) -> str | None:
    """Return the name that a chain of attributes, items and calls begins with."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _walk(source: str) -> Iterable[ast.AST]:
    try:
        return ast.walk(ast.parse(source))
    except SyntaxError:  # magics or shell lines
        return ()


def is_test(cell: NotebookNode) -> bool:
    """Whether a cell is a test that a machine scores."""
    about = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(about.get("grade")) and not about.get("solution")


class Conversation:
    """The questions to one kernel, in order; each is asked with a word that the answer before has changed."""

    def __init__(self, tests: list[str]) -> None:
        self._uses = Uses.of(tests)
        self._word = secrets.token_hex(16)
        self._nonce = ""

    def begin(self) -> str:
        """Return the expression that has to be evaluated before the submission's first cell."""
        program = f"{GUARD}\nanswer = install({self._word!r}, {self._uses.modules!r})\n"
        return f"(lambda b, ns: (b['exec'](b['compile']({program!r}, '<grader>', 'exec'), ns), ns['answer'])[1])({_OWN}['__builtins__'], {{'__name__': 'grader'}})"

    def begun(self, value: str) -> bool:
        """Whether this is the answer to `begin`."""
        return value == repr(self._word)

    def ask(self, when: str, source: str) -> str:
        """Return the expression that has to be evaluated `before` or `after` the test `source`."""
        word, self._word, self._nonce = self._word, secrets.token_hex(16), secrets.token_hex(8)
        request = {
            "when": when,
            "next": self._word,
            "nonce": self._nonce,
            "names": builtins_used(source),
            "uses": sorted({node.id for node in _walk(source) if isinstance(node, ast.Name)}),
            "attributes": self._uses.attributes,
        }
        return f"(lambda box: ({_OWN}['sys'].audit({word!r}, box), box[0]({json.dumps(request)!r}))[1])([])"

    def found(self, value: str) -> list[str] | None:
        """Return what was found, from the answer to `ask`; None where it is none."""
        try:
            answer: dict[str, Any] = json.loads(ast.literal_eval(value))
            return [str(item)[:200] for item in answer["found"]] if answer["nonce"] == self._nonce else None
        except (ValueError, SyntaxError, TypeError, KeyError, MemoryError, RecursionError):
            return None


def canary() -> tuple[str, str]:
    """Return a cell whose assertion fails, and what that says."""
    name, said, number = f"_{secrets.token_hex(6)}", secrets.token_hex(8), secrets.randbelow(10**6)
    return f"{name} = {number}\ntry:\n    assert {name} == {number + 1}, {said!r}\nfinally:\n    del {name}", said
