"""Malformed notebooks, made of real ones: each number gives the same file for ever.

A mutation knows what a notebook is (cells, metadata, outputs, ids) and damages it there, or its text, or its bytes. `INNOCENT` ones are what
editors, converters and people do by accident; they cost a right answer nothing.
"""

from __future__ import annotations

import copy
import gzip
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

Document = dict[str, Any]
Chance = random.Random


def _surprise(chance: Chance) -> Any:
    """Return a value that nobody expects there."""
    nested: Any = 0
    for _ in range(chance.choice([3, 60, 400])):
        nested = [nested] if chance.random() < 0.5 else {"a": nested}
    values = [
        None,
        True,
        -1,
        0,
        1e308,
        float("inf"),
        float("nan"),
        10**400,
        "",
        "\x00",
        "\ud83d",
        "\u202e",
        "{{7*7}}",
        [],
        {},
    ]
    return chance.choice([*values, nested, ["x"] * 2000, "y" * 100_000, {"cells": []}])


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside a document."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key in value:
            found += _paths(value[key], (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            found += _paths(item, (*path, position))
    return found


def _parent(document: Document, path: tuple[Any, ...]) -> Any:
    here: Any = document
    for step in path[:-1]:
        here = here[step]
    return here


def _cells(document: Document) -> list[Any]:
    """Return the cells that are still cells."""
    cells = document.get("cells")
    return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []


def _marks(document: Document) -> list[dict[str, Any]]:
    """Return nbgrader's metadata of all cells that have some."""
    metadata = [cell.get("metadata") for cell in _cells(document)]
    found = [data.get("nbgrader") for data in metadata if isinstance(data, dict)]
    return [marks for marks in found if isinstance(marks, dict)]


# In the structure


def delete_something(document: Document, chance: Chance) -> None:
    """Delete a key or an element, wherever it is."""
    path = chance.choice(_paths(document))
    del _parent(document, path)[path[-1]]


def replace_something(document: Document, chance: Chance) -> None:
    """Put a surprising value anywhere."""
    path = chance.choice(_paths(document))
    _parent(document, path)[path[-1]] = _surprise(chance)


def swap_two_values(document: Document, chance: Chance) -> None:
    """Exchange two values of any kind that are not inside each other."""
    first, second = (chance.choice(_paths(document)) for _ in range(2))
    if first[: len(second)] == second or second[: len(first)] == first:
        return
    one, other = _parent(document, first), _parent(document, second)
    one[first[-1]], other[second[-1]] = other[second[-1]], one[first[-1]]


def change_a_cell_type(document: Document, chance: Chance) -> None:
    """Make a cell one of another type, perhaps of none."""
    for cell in chance.sample(_cells(document), min(2, len(_cells(document)))):
        cell["cell_type"] = chance.choice(["code", "markdown", "raw", "heading", "sql", None, 3, ["code"]])


def insert_odd_cells(document: Document, chance: Chance) -> None:
    """Put what is no cell between the cells."""
    cells = document.get("cells")
    if isinstance(cells, list):
        for _ in range(chance.randint(1, 4)):
            cells.insert(chance.randint(0, len(cells)), chance.choice([None, 5, "cell", [], {}, {"cell_type": "code"}]))


def lose_cells(document: Document, chance: Chance) -> None:
    """Delete some cells, or all of them."""
    cells = document.get("cells")
    if isinstance(cells, list) and cells:
        for _ in range(chance.choice([1, 2, len(cells)])):
            cells.pop(chance.randrange(len(cells)))


def change_marks(document: Document, chance: Chance) -> None:
    """Change nbgrader's metadata: flags, points, ids, versions."""
    for marks in chance.sample(_marks(document), min(3, len(_marks(document)))):
        key = chance.choice(
            ["grade_id", "points", "grade", "solution", "locked", "task", "schema_version", "checksum", "cell_type"]
        )
        marks[key] = chance.choice([True, False, "q1", "q1_test", "", None, -5, 1000, 1.5, "nan", ["q1"], {"a": 1}])


def tag_cells(document: Document, chance: Chance) -> None:
    """Tag cells as executors and converters understand it."""
    for cell in chance.sample(_cells(document), min(3, len(_cells(document)))):
        cell["metadata"] = cell["metadata"] if isinstance(cell.get("metadata"), dict) else {}
        cell["metadata"]["tags"] = chance.choice(
            [["skip-execution"], ["raises-exception", "x"], ["parameters"], "tag", [1, None], {}]
        )


def change_the_format(document: Document, chance: Chance) -> None:
    """Claim to be of another format of notebooks, perhaps in the shape of version 3."""
    document["nbformat"] = chance.choice([2, 3, 4, 5, 99, "4", None, -1])
    document["nbformat_minor"] = chance.choice([0, 5, 99, "x", None])
    if chance.random() < 0.4:
        document["worksheets"] = [{"cells": document.pop("cells", [])}]


def odd_sources(document: Document, chance: Chance) -> None:
    """Cut a cell's text, repeat it, or make it hard to read."""
    for cell in chance.sample(_cells(document), min(2, len(_cells(document)))):
        text = cell.get("source")
        if isinstance(text, str):
            half = text[: chance.randint(0, len(text))]
            cell["source"] = chance.choice([
                half, text + "\n(", "(" * 3000, "\t" + text, text.replace("\n", "\r"), "%%nosuchmagic\n" + text, f"if True:\n{text}",
                "\ufeff" + text, text + "\x0c\x1b[31m", [half, 5, None, "\n"], "'''" + text, text.replace("=", "\u2003=\u200b"),
            ])  # fmt: skip


OWN_CELLS = [
    "input('?')", "exit()", "quit", "raise SystemExit(3)", "raise KeyboardInterrupt", "import os\nos._exit(1)", "%reset -f", "%%bash\nexit 3",
    "!kill -9 $PPID", "get_ipython().ask_exit()", "import sys\nsys.setrecursionlimit(10**6)\ndef f(): f()\nf()", "print('x' * 3_000_000)",
    "import sys\nsys.stderr.write('warning\\n' * 20_000)", "class E(BaseException): pass\nraise E('\\ud800\\x00')", "import os\nos.close(1)",
    "from IPython.display import HTML\nHTML('<script>alert(1)</script>')", "import threading, time\nthreading.Thread(target=time.sleep, args=(99,)).start()",
    "def _(x): pass\nassert False, '\\n'.join(['line'] * 5000)", "%matplotlib nosuch", "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)",
    "del total, stock, takings", "import builtins\nbuiltins.len = None", "%%javascript\nalert(1)", "await __import__('asyncio').sleep(0.01)", "1 / 0",
]  # fmt: skip
"""What a student's own cell may hold."""


def insert_an_own_cell(document: Document, chance: Chance) -> None:
    """Put a cell of the student's own, with trouble in it, between the others."""
    cells = document.get("cells")
    if isinstance(cells, list):
        own = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": [], "execution_count": None}
        cells.insert(chance.randint(0, len(cells)), {**own, "source": chance.choice(OWN_CELLS)})


# What does no harm


def shuffle_cells(document: Document, chance: Chance) -> None:
    """Order the cells anew."""
    if isinstance(document.get("cells"), list):
        chance.shuffle(document["cells"])


def repeat_cells(document: Document, chance: Chance) -> None:
    """Paste some cells a second time."""
    cells = document.get("cells")
    if isinstance(cells, list):
        for _ in range(chance.randint(1, 3) if cells else 0):
            cells.insert(chance.randint(0, len(cells)), copy.deepcopy(chance.choice(cells)))


def odd_outputs(document: Document, chance: Chance) -> None:
    """Leave outputs that no kernel gives, some of them active or large."""
    for cell in _cells(document):
        if cell.get("cell_type") == "code":
            cell["execution_count"] = chance.choice([None, 5, -1, "many", 10**30])
            cell["outputs"] = chance.choice([
                [], "text", None, [{"output_type": "stream", "name": "stderr", "text": "x" * 50_000}], [{"output_type": "nosuch"}], [7],
                [{"output_type": "display_data", "data": {"text/html": "<script>parent.location='x'</script>"}, "metadata": []}],
                [{"output_type": "error", "ename": 1, "evalue": [], "traceback": "none"}],
            ])  # fmt: skip


def odd_metadata(document: Document, chance: Chance) -> None:
    """Change what belongs to the notebook as a whole."""
    document["metadata"] = chance.choice([
        {}, [], None, {"kernelspec": {"name": "fortran"}}, {"kernelspec": None, "language_info": 3}, {"widgets": {"a": {}}, "toc": _surprise(chance)},
    ])  # fmt: skip
    document["orig_nbformat"] = _surprise(chance)


def sources_as_lines(document: Document, chance: Chance) -> None:
    """Write texts as lists of lines, as Jupyter does."""
    for cell in _cells(document):
        if isinstance(cell.get("source"), str):
            cell["source"] = cell["source"].splitlines(keepends=True)


def change_cell_ids(document: Document, chance: Chance) -> None:
    """Give cells other ids, equal ones, or none."""
    for number, cell in enumerate(_cells(document)):
        cell.pop("id", None)
        if chance.random() < 0.7:
            cell["id"] = chance.choice(["same", f"c{number}", "", "x" * 200, 5, None])


# In the text and in the bytes


def _text(document: Document, chance: Chance, is_ascii: bool) -> str:
    return json.dumps(document, ensure_ascii=is_ascii, indent=chance.choice([None, 1]))


def cut_off(content: bytes, chance: Chance) -> bytes:
    """End too early."""
    return content[: chance.randint(0, len(content))]


def flip_bytes(content: bytes, chance: Chance) -> bytes:
    """Change a few bytes."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8) if changed else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def insert_tokens(content: bytes, chance: Chance) -> bytes:
    """Put pieces of JSON where they don't belong."""
    for _ in range(chance.randint(1, 3)):
        place = chance.randint(0, len(content))
        token = chance.choice(
            [b"{", b"]", b",", b'"', b"NaN", b"\\u0000", b"\\ud800", b"[" * 500, b"\x00", b"/* */", b"9" * 5000]
        )
        content = content[:place] + token + content[place:]
    return content


def repeat_a_key(content: bytes, chance: Chance) -> bytes:
    """Say a key twice."""
    return content.replace(
        b'"cells"', chance.choice([b'"cells": [], "cells"', b'"cells": 1, "nbformat": 4, "cells"']), 1
    )


def recode(content: bytes, chance: Chance) -> bytes:
    """Write the file in another encoding, pack it, or write it twice."""
    text = content.decode("utf-8", "replace")
    return chance.choice(
        [
            text.encode("utf-16"),
            text.encode("latin-1", "replace"),
            gzip.compress(content, mtime=0),
            content * 2,
            b"\x1f\x8b" + content,
        ]
    )


def with_a_mark(content: bytes, chance: Chance) -> bytes:
    """Begin with a byte-order mark, as some editors do, and end lines as Windows does."""
    return b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")


STRUCTURAL: list[Callable[[Document, Chance], None]] = [
    delete_something, replace_something, swap_two_values, change_a_cell_type, insert_odd_cells, lose_cells, change_marks, tag_cells,
    change_the_format, odd_sources, insert_an_own_cell,
]  # fmt: skip
INNOCENT: list[Callable[[Document, Chance], None]] = [
    shuffle_cells, repeat_cells, odd_outputs, odd_metadata, sources_as_lines, change_cell_ids,
]  # fmt: skip
OF_BYTES: list[Callable[[bytes, Chance], bytes]] = [
    cut_off,
    flip_bytes,
    insert_tokens,
    repeat_a_key,
    recode,
    with_a_mark,
]


@dataclass(frozen=True)
class Mutant:
    """A malformed notebook: what was done to which lab, and whether that may cost or earn anything."""

    number: int
    notebook: str
    is_solved: bool
    is_innocent: bool
    done: tuple[str, ...]
    content: bytes

    @property
    def student(self) -> str:
        """Who hands it in."""
        return f"m{self.number:03}"


def mutant(number: int, labs: dict[tuple[str, bool], NotebookNode]) -> Mutant:
    """Return the mutant of this number; `labs` are the notebooks by name and by whether they are solved."""
    chance = Chance(f"mutant {number}")
    notebook, is_solved = chance.choice(sorted(labs))
    document: Document = json.loads(json.dumps(labs[notebook, is_solved]))
    kind = number % 4  # half of them in the structure, a quarter each innocent and in the bytes
    steps = chance.sample(INNOCENT if kind == 3 else [*STRUCTURAL, *STRUCTURAL, *INNOCENT], chance.randint(1, 3))
    if kind == 2:
        steps = steps[: chance.randint(0, 1)]
    for step in steps:
        if _paths(document):
            step(document, chance)
    # Half of a surrogate pair that is not escaped makes a file that is not UTF-8: no editor's doing.
    content = _text(document, chance, kind == 3 or chance.random() < 0.5).encode("utf-8", "surrogatepass")
    done = [step.__name__ for step in steps]
    if kind == 2:
        for damage in chance.sample(OF_BYTES, chance.randint(1, 2)):
            content = damage(content, chance)
            done.append(damage.__name__)
    return Mutant(number, notebook, is_solved, kind == 3, tuple(done), content)
