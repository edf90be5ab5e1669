"""The switch from LakeLab's names to Databricks' own in the code of a notebook."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field

from lakelab.export.data_cell import PROVIDED

PACKAGE = "lakelab"
COUNTERPARTS = ("automl", "feature_engineering", "feature_store")
"""Modules that ``databricks`` has under the same name."""

_ELSEWHERE = {"serving": "mlflow.deployments"}
"""Modules whose names come from another place there."""

_MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)
_COMMAND = re.compile(rf"^\s*[!%].*\b{PACKAGE}\b.*\n?", re.MULTILINE)
_MENTION = re.compile(PACKAGE, re.IGNORECASE)


@dataclass
class Switched:
    """A cell's code under Databricks' names.

    Attributes:
        source: the code; empty if nothing is left of the cell.
        data: names of ``lakelab.data`` that the code uses.
        missing: what the code uses that has no counterpart, in words.
    """

    source: str
    data: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)


def switch(source: str) -> Switched:
    """Return the code of a cell as it stands on Databricks.

    Import lines of LakeLab are renamed, or fall away with their comments where the names are there anyway (`spark`, `dbutils`, `display`) or
    come from the notebook's data cell. Shell lines that call ``lakelab`` go. Whatever else mentions LakeLab is renamed and reported.
    """
    result = Switched(source)
    if not _MENTION.search(source):
        return result
    for line in _COMMAND.findall(source):
        result.missing.append(f"the course's command `{_own_name(line.strip())}`")
    result.source = _COMMAND.sub("", source)
    lines = result.source.split("\n")
    for statement in reversed(list(_imports(result.source))):
        indent = lines[statement.lineno - 1][: statement.col_offset]
        new = list(dict.fromkeys(_replacement(statement, result)))
        if not new and indent:
            new = ["pass"]  # it may be all that its block holds
        end = statement.end_lineno or statement.lineno
        first, last = lines[statement.lineno - 1], lines[end - 1]
        before, after = (
            first.encode()[: statement.col_offset].decode(),
            last.encode()[statement.end_col_offset :].decode(),
        )
        if before.strip() or after.partition("#")[0].strip():  # it shares its line with other statements
            lines[statement.lineno - 1 : end] = [before + ("; ".join(new) or "pass") + after]
        else:
            lines[statement.lineno - 1 : end] = [indent + text for text in new]
    result.source = _renamed("\n".join(lines), result).strip("\n")
    result.missing = list(dict.fromkeys(result.missing))
    return result


def _imports(source: str) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the import statements of LakeLab's modules, in order; none of what is no Python."""
    try:
        tree = ast.parse(_MAGIC.sub(r"\1pass", source))
    except SyntaxError:
        return
    found = [
        node
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and _is_ours(node.module or ""))
        or (isinstance(node, ast.Import) and any(_is_ours(alias.name) for alias in node.names))
    ]
    yield from sorted(found, key=lambda node: node.lineno)


def _is_ours(module: str) -> bool:
    return module == PACKAGE or module.startswith(f"{PACKAGE}.")


def _replacement(statement: ast.Import | ast.ImportFrom, result: Switched) -> Iterator[str]:
    """Yield the lines that take an import statement's place."""
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            if not _is_ours(alias.name):
                yield f"import {ast.unparse(alias)}"
            elif alias.name.split(".")[1:2] and alias.name.split(".")[1] in COUNTERPARTS:
                yield f"import databricks{ast.unparse(alias).removeprefix(PACKAGE)}"
            elif alias.name != f"{PACKAGE}.runtime":
                result.missing.append(f"the course's package (`import {_own_name(alias.name)}`)")
        return
    module = (statement.module or "").removeprefix(PACKAGE).removeprefix(".")
    for alias in statement.names:
        name = f"{module}.{alias.name}" if module else alias.name
        head, _, rest = name.partition(".")
        if head == "runtime" and rest:
            if alias.asname:
                yield f"{alias.asname} = {rest}"
        elif head == "data":
            yield from _data_names(rest, alias.asname, result)
        elif head in COUNTERPARTS:
            yield f"from databricks{f'.{module}' if module else ''} import {ast.unparse(alias)}"
        elif head in _ELSEWHERE and rest:
            yield f"from {_ELSEWHERE[head]} import {ast.unparse(alias)}"
        else:
            result.missing.append(f"`{alias.name}` of the course's module `{_own_name(statement.module or '')}`")


def _data_names(name: str, known_as: str | None, result: Switched) -> Iterator[str]:
    if not name:  # the module itself
        result.data.update(PROVIDED)
        yield "from types import SimpleNamespace"
        yield f"{known_as or 'data'} = SimpleNamespace({', '.join(f'{each}={each}' for each in PROVIDED)})"
    elif name in PROVIDED:
        result.data.add(name)
        if known_as and known_as != name:
            yield f"{known_as} = {name}"
    else:
        result.missing.append(f"`{name}` of the course's data module")


def _renamed(source: str, result: Switched) -> str:
    """Rename what still mentions LakeLab: in strings (a path, an experiment) and comments, silently; in code, reported."""
    if not _MENTION.search(source):
        return source
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(_MAGIC.sub(r"\1pass", source)).readline))
    except (tokenize.TokenError, IndentationError):
        tokens = []
    for token in tokens:
        harmless = token.type == tokenize.COMMENT or (token.type == tokenize.STRING and "LAKELAB_" not in token.string)
        if not harmless and (names := re.findall(r"\w*lakelab\w*", token.string, re.IGNORECASE)):
            result.missing += [f"`{_own_name(name)}`, a name of the course's own programs" for name in names]
    return _own_name(source)


def _own_name(text: str) -> str:
    """Return a text in which the course stands for LakeLab."""
    return _MENTION.sub(lambda match: "COURSE" if match[0].isupper() else "course", text)
