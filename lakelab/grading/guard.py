"""What is run inside a submission's own kernel around every test: it looks for changes to what a test relies on, and undoes them.

The kernel never imports this file: its text is sent there and run before any cell of the submission (:mod:`lakelab.grading.integrity`). What it
remembers of the untouched interpreter lives behind an audit hook, which nothing can remove, and which answers to a word that changes with every
question. This slows an attacker down and makes traces; a process can't prove its own honesty.

Told as findings is what has no innocent use: replaced builtins, checks replaced by functions of a notebook, transformers that rewrite code, a
tracer set while a test runs, answers that are equal to anything. Put aside for the time of a test without a word: names that hide builtins, hooks on events of cells, timers.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import json
import os
import signal
import sys
import tempfile
import types
from collections.abc import Callable, Iterator
from typing import Any

BENIGN = {"input", "display", "get_ipython", "exit", "quit", "_", "__doc__", "__spec__", "__loader__", "__package__", "help", "copyright", "credits", "license"}  # fmt: skip
"""Builtins that IPython or the site set as they please, and that no test of a value uses."""

TRACERS = ("sys.settrace", "sys.setprofile")

_STATIC = (int, float, complex, str, bytes, bool, list, tuple, dict, set, frozenset, object, type, range, BaseException, Exception, AssertionError)  # fmt: skip


def install(word: str, modules: list[str]) -> str:
    """Remember the interpreter as it is and answer questions from now on; returns what `word` is answered with."""
    from IPython.core import interactiveshell
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    kernel = shell.kernel
    places = (os.path.realpath(os.getcwd()), os.path.realpath(tempfile.gettempdir()), "ipykernel_")  # noqa: PTH109
    state: dict[str, Any] = {"word": word, "armed": False, "traced": [], "aside": {}}

    def function_of(thing: Any) -> Any:
        # By its type: to ask any object for `__func__` makes modules that load on demand import what may not be installed.
        return thing.__func__ if isinstance(thing, (types.MethodType, staticmethod, classmethod)) else thing

    def is_theirs(thing: Any) -> bool:
        """Whether something was made by code of the notebook or of files beside it."""
        thing = function_of(thing)
        if isinstance(thing, (property, functools.cached_property)):
            thing = function_of(getattr(thing, "fget", None) or getattr(thing, "func", None))
        if isinstance(thing, functools.partial):
            return is_theirs(thing.func)
        if isinstance(thing, types.FunctionType):
            name = thing.__code__.co_filename
            return thing.__globals__ is shell.user_ns or any(place in name for place in places)
        kind = thing if isinstance(thing, type) else type(thing)
        return kind.__module__ == "__main__" or any(place in _file_of(kind) for place in places)

    def _file_of(kind: type) -> str:
        return str(getattr(sys.modules.get(kind.__module__), "__file__", "") or "")

    def owners() -> Iterator[tuple[str, Any]]:
        parts = [shell, kernel, kernel.session, shell.events, shell.display_formatter, shell.displayhook, shell.compile, shell.display_pub]  # fmt: skip
        parts += [shell.input_transformer_manager, shell.InteractiveTB, *shell.display_formatter.formatters.values()]
        classes = {kind: None for part in parts for kind in type(part).__mro__ if kind is not object}
        for kind in (*classes, interactiveshell.ExecutionResult, interactiveshell.ExecutionInfo, *_STATIC):
            yield kind.__name__, kind
        inner = (
            "IPython.core.interactiveshell",
            "ipykernel.ipkernel",
            "ipykernel.kernelbase",
            "ast",
            "codeop",
            "traceback",
        )
        for name in (*inner, *modules):
            if (module := sys.modules.get(name)) is not None:
                yield name, module

    def code_of(thing: Any) -> Any:
        plain = function_of(thing)
        return plain.__code__ if isinstance(plain, types.FunctionType) else None

    was = [(label, owner, {k: (v, code_of(v)) for k, v in list(vars(owner).items())}) for label, owner in owners()]
    was_builtins = dict(vars(builtins))
    # Instances whose own attributes could hide methods of their classes.
    instances = [(part, dict(vars(part))) for part in (shell, kernel, kernel.session, shell.events, shell.display_formatter, shell.compile)]  # fmt: skip
    known = {name for name in modules if name in sys.modules}
    lists = [
        (what, owner, name, list(getattr(owner, name)))
        for what, owner, name in (
            ("a transformer of syntax trees", shell, "ast_transformers"),
            ("a transformer of code", shell, "input_transformers_post"),
            ("a transformer of code", shell.input_transformer_manager, "cleanup_transforms"),
            ("a transformer of code", shell.input_transformer_manager, "line_transforms"),
            ("a transformer of code", shell.input_transformer_manager, "token_transformers"),
        )
    ]
    interactivity = shell.ast_node_interactivity

    def look(attributes: list[str]) -> list[str]:
        """Undo what was changed; return what, and `!` before what could not be undone."""
        found: list[str] = []
        for name, value in was_builtins.items():
            if name not in BENIGN and vars(builtins).get(name) is not value:
                setattr(builtins, name, value)
                found.append(f"the builtin {name} was replaced")
        if shell.user_ns.get("__builtins__") not in (builtins, vars(builtins)):
            shell.user_ns["__builtins__"] = builtins
            found.append("__builtins__ was replaced")
        for label, owner, values in was:
            now = vars(owner)
            for name, (value, code) in values.items():
                new = now.get(name, value)
                if code is not None and code_of(value) is not code:
                    with contextlib.suppress(Exception):
                        function_of(value).__code__ = code
                    found.append(f"the code of {label}.{name} was replaced")
                if new is not value and changed(value, new):
                    found.append(put_back(owner, label, name, value))
        for part, had in instances:
            for name in [
                n for n, value in had.items() if vars(part).get(n) is not value and is_theirs(vars(part).get(n))
            ]:
                setattr(part, name, had[name])
                found.append(f"{type(part).__name__}.{name} was replaced")
            for name in [n for n in vars(part) if n not in had]:
                if callable(vars(part)[name]) and hasattr(type(part), name):
                    label = f"{type(part).__name__}.{name}"
                    with contextlib.suppress(Exception):
                        delattr(part, name)
                    found.append(f"{'!' if name in vars(part) else ''}{label} was replaced")
        for what, owner, name, kept in lists:
            added = [item for item in getattr(owner, name) if item not in kept]
            if any(is_theirs(item) for item in added) or len(getattr(owner, name)) < len(kept):
                getattr(owner, name)[:] = kept
                found.append(f"{what} was set ({name})")
        plain = shell.display_formatter.formatters["text/plain"]
        for kind in (str, int, float, bool):
            printer = plain.type_printers.get(kind)
            if printer is not None and is_theirs(printer):
                del plain.type_printers[kind]
                found.append(f"the display of {kind.__name__} was replaced")
        if isinstance(vars(shell).get("custom_exceptions", ()), tuple) and shell.custom_exceptions:
            shell.custom_exceptions = ()
        for name in modules:
            module = sys.modules.get(name)
            if module is None or any(place in str(getattr(module, "__file__", "") or "") for place in places):
                continue
            for attribute, value in list(vars(module).items()):
                if isinstance(value, types.FunctionType) and name not in known and is_theirs(value):
                    found.append(f"!{name}.{attribute} was replaced")
                elif isinstance(value, type) and not is_theirs(value):
                    theirs = [a for a in attributes if a in vars(value) and is_theirs(vars(value)[a])]
                    found += [f"!{attribute}.{a} was replaced" for a in theirs]
        return found

    def equals_all(thing: Any, depth: int = 0) -> bool:
        """Whether something that the notebook made, or that is in a list or the like, is equal to things that nobody can have expected."""
        if type(thing) in (list, tuple, set, frozenset) and depth < 3:
            return any(equals_all(item, depth + 1) for item in list(thing)[:1000])
        if type(thing) is dict and depth < 3:
            return any(equals_all(item, depth + 1) for item in list(thing.values())[:1000])
        if (
            isinstance(thing, type)
            or type(thing).__eq__ in (object.__eq__, str.__eq__, float.__eq__, int.__eq__)
            or not is_theirs(thing)
        ):
            return False
        for strange in (os.urandom(8).hex(), object(), int.from_bytes(os.urandom(7), "big") / 7, [os.urandom(8)]):
            with contextlib.suppress(Exception):
                if (thing == strange) is True:
                    return True
        return False

    def changed(old: Any, new: Any) -> bool:
        if is_theirs(new):
            return True
        if isinstance(old, types.ModuleType) or not callable(function_of(old)):
            return False
        names = [getattr(function_of(thing), "__name__", None) for thing in (old, new)]
        return names[0] is not None and names[0] != names[1]

    def put_back(owner: Any, label: str, name: str, value: Any) -> str:
        with contextlib.suppress(Exception):
            setattr(owner, name, value)
        return f"{'' if vars(owner).get(name) is value else '!'}{label}.{name} was replaced"

    def before(request: dict[str, Any]) -> list[str]:
        if sys.gettrace() is not None and is_theirs(sys.gettrace()):
            sys.settrace(None)
        if sys.getprofile() is not None and is_theirs(sys.getprofile()):
            sys.setprofile(None)
        with contextlib.suppress(Exception):
            signal.setitimer(signal.ITIMER_REAL, 0)
        found = look(request["attributes"])
        aside = {
            name: shell.user_ns.pop(name) for name in request["names"] if name in shell.user_ns and name in was_builtins
        }
        hooks = {event: list(hooked) for event, hooked in shell.events.callbacks.items()}
        for event, hooked in hooks.items():
            shell.events.callbacks[event] = [hook for hook in hooked if not is_theirs(hook)]
        state.update(aside=aside, hooks=hooks, interactivity=shell.ast_node_interactivity, traced=[], armed=True)
        shell.ast_node_interactivity = interactivity
        return found

    def after(request: dict[str, Any]) -> list[str]:
        state["armed"] = False
        same = [name for name in request["uses"] if equals_all(shell.user_ns.get(name))]
        found = [f"{name} held something equal to everything" for name in same]
        found += look(request["attributes"]) + [f"{event} was called while a test was run" for event in state["traced"]]
        shell.user_ns.update({name: value for name, value in state["aside"].items() if name not in shell.user_ns})
        shell.events.callbacks.update(state.get("hooks", {}))
        shell.ast_node_interactivity = state.get("interactivity", interactivity)
        return found

    def answer(text: str) -> str:
        request = json.loads(text)
        state["word"] = request["next"]
        found = {"before": before, "after": after}[request["when"]](request)
        return json.dumps({"nonce": request["nonce"], "found": list(dict.fromkeys(found))})

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == state["word"]:
            arguments[0].append(answer)
        elif state["armed"] and event in TRACERS:
            state["traced"].append(event)
            raise RuntimeError("Nothing can be traced while a test is run.")

    sys.addaudithook(hook)
    return word


Answer = Callable[[str], str]
