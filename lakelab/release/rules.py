"""The rules of `lakelab lint`, one function each: from a page to (cell id, sentence) for whatever breaks the rule."""

from __future__ import annotations

import ast
import builtins
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from lakelab.notebooks import canonical_text
from lakelab.notebooks.canonical import KERNELSPEC
from lakelab.notebooks.regions import CourseMarks, lines_of
from lakelab.release.lab import Cell, Lab, Question, as_python, question_of, split_regions
from lakelab.release.names import PROVIDED, Names, names_of

Problems = Iterator[tuple[str, str]]

_LEAK = 20
"""Shorter lines, such as `import numpy as np`, give nothing away and stand in many places."""
_TITLE = re.compile(r"\*\*Question (\d+)\b")
_POINTS = re.compile(r"\((\d+(?:\.\d+)?) points?\b")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A lab as its source has it and as students get it."""

    lab: Lab
    released: Lab | None
    """None where nbgrader could not generate the release."""
    released_text: str
    graded: frozenset[str] | None
    """The questions that the objectives list, `LESSON/QUESTION`; None for a course without objectives."""
    marks: CourseMarks
    """What encloses solutions and hidden tests in this course."""

    @cached_property
    def names(self) -> dict[str, Names]:
        """The names of each code cell that is Python, by the cell's id."""
        cells = (cell for cell in self.lab.cells if cell.kind == "code")
        return {
            cell.id: names for cell in cells if (names := _names_or_none(cell.source))
        }  # else see the rule `python`

    @cached_property
    def released_names(self) -> dict[str, Names]:
        """The same of the release."""
        cells = (cell for cell in self.released.cells if cell.kind == "code") if self.released else ()
        return {cell.id: names for cell in cells if (names := _names_or_none(cell.source))}

    def scaffold(self, question: Question) -> ast.Module | None:
        """Return what students find in the answer cell of a question, if that is Python."""
        if self.released is None or question.solution is None:
            return None
        source = next((cell.source for cell in self.released.cells if cell.id == question.solution.id), "")
        try:
            return ast.parse(as_python(source))
        except SyntaxError:
            return None

    def answer_names(self, question: Question) -> list[str]:
        """Return the names that the tests of a question take from its reference answer, sorted."""
        if question.solution is None or question.solution.id not in self.names:
            return []
        used = {name for test in question.tests if test.id in self.names for name in self.names[test.id].free}
        return sorted(used & self.names[question.solution.id].bound)


def _canonical(page: Page) -> Problems:
    if page.lab.path.read_text(encoding="utf-8") != canonical_text(page.lab.notebook):
        yield "", "is not in the canonical form (no outputs, stable ids): save it with `lakelab.notebooks.write`."


def _kernelspec(page: Page) -> Problems:
    if page.lab.notebook.metadata.get("kernelspec") != KERNELSPEC:
        yield "", f"asks for another kernel than {KERNELSPEC['name']} ({KERNELSPEC['display_name']})."


def _python(page: Page) -> Problems:
    for cell in page.lab.cells:
        if cell.kind == "code":
            try:
                ast.parse(as_python(cell.source))
            except SyntaxError as error:
                yield cell.id, f"is no Python: {error.msg}, line {error.lineno}."
    for cell in page.released.cells if page.released else ():
        if cell.kind == "code" and cell.id in page.names and cell.id not in page.released_names:
            yield cell.id, "is no Python once solution and hidden tests are taken out."


def _names_or_none(source: str) -> Names | None:
    try:
        return names_of(source)
    except SyntaxError:
        return None


def _parts(page: Page) -> Problems:
    for name, count in Counter(cell.id for cell in page.lab.cells).items():
        if count > 1:
            yield name, f"{count} cells have this id: give each its own."
    for cell in page.lab.cells:
        if (cell.grade or cell.solution) and question_of(cell.id) is None:
            yield (
                cell.id,
                "is graded or an answer, and its id belongs to no question: call it q1, q1_test, q1_a_test, …",
            )
    for question in page.lab.questions.values():
        yield from _parts_of(question)


def _parts_of(question: Question) -> Problems:
    q = question.id
    if question.prompt is None:
        yield q, f"has no prompt: add a markdown cell {q}_prompt."
    elif not (title := _TITLE.search(question.prompt.source)) or f"q{title[1]}" != q:
        yield question.prompt.id, f"must begin with '**Question {q[1:]} — Title** (P points).'"
    if question.solution is None:
        yield q, f"has no answer cell: add a cell {q} for the solution."
    elif not question.solution.solution:
        yield q, "is not marked as a solution cell."
    if not question.tests and not question.is_manual:
        yield q, f"has no tests: add a cell {q}_test."
    for test in question.tests:
        if not test.is_test or test.kind != "code":
            yield test.id, "is named as a test and is no graded, locked code cell."
        if question.solution and test.position < question.solution.position:
            yield test.id, f"stands above the answer {q}, so it runs before there is one."
    for cell in [*question.given, *question.tests]:
        if not cell.locked:
            yield cell.id, "must be locked, so that grading can restore it."


def _prompts(page: Page) -> Problems:
    for question in page.lab.questions.values():
        prompt = question.prompt
        if prompt and (prompt.kind != "markdown" or not prompt.locked or prompt.solution):
            yield prompt.id, "must be a locked markdown cell."


def _points(page: Page) -> Problems:
    for question in page.lab.questions.values():
        for cell in question.tests:
            if cell.points <= 0:
                yield cell.id, "is graded and gives no points."
        if question.prompt is None:
            continue
        stated = _POINTS.search(question.prompt.source)
        if stated is None:
            yield question.prompt.id, f"must state the points as '({question.points:g} points)'."
        elif float(stated[1]) != question.points:
            yield question.prompt.id, f"states {stated[1]} points, and the tests give {question.points:g}."


def _objectives(page: Page) -> Problems:
    for question in page.lab.questions.values() if page.graded is not None else ():
        reference = f"{page.lab.name}/{question.id}"
        if page.graded is not None and reference not in page.graded:
            yield question.id, f"grades no objective: list {reference} under `graded` in course/objectives.yml."


def _solution_regions(page: Page) -> Problems:
    marks = page.marks.solution
    for cell in page.lab.cells:
        _, inside, problem = split_regions(cell.source, marks)
        if problem:
            yield cell.id, f"{problem}."
        elif inside and not cell.solution:
            yield cell.id, "has a solution region and is no answer cell."
    for question in page.lab.questions.values():
        if question.solution and question.solution.kind == "code" and marks.begin not in question.solution.source:
            yield question.id, f"has no solution region: put the answer between ### {' and ### '.join(marks)}."


def _hidden_regions(page: Page) -> Problems:
    marks = page.marks.tests
    for cell in page.lab.cells:
        _, inside, problem = split_regions(cell.source, marks)
        if problem:
            yield cell.id, f"{problem}."
        elif inside and not cell.is_test:
            yield cell.id, "has hidden tests and is no test cell."
    for question in page.lab.questions.values():
        for test in question.tests:
            if marks.begin not in test.source:
                yield test.id, f"has no hidden tests: put them between ### {' and ### '.join(marks)}."


def _assert_messages(page: Page) -> Problems:
    for question in page.lab.questions.values():
        for test in question.tests:
            if test.id not in page.names:
                continue
            for node in ast.walk(ast.parse(as_python(test.source))):
                if isinstance(node, ast.Assert) and (
                    node.msg is None or (isinstance(node.msg, ast.Constant) and not str(node.msg.value).strip())
                ):
                    shown = ast.unparse(node.test)[:60]
                    yield (
                        test.id,
                        f"line {node.lineno}: `assert {shown}` has no message: say what the learner may have missed.",
                    )


def _test_names(page: Page) -> Problems:
    """A test may use what locked cells above make, its own question's scaffold, and what it makes itself."""
    for question in page.lab.questions.values():
        scaffold = page.scaffold(question)
        if scaffold is None:
            continue
        own = _bound(scaffold)
        for test in question.tests:
            if test.id not in page.names:
                continue
            locked = _locked_names(page, before=test)
            if any(names.is_open for names in (*locked, page.names[test.id])):
                continue  # after `import *` nobody can tell
            known = set().union(own, PROVIDED, dir(builtins), *(names.bound for names in locked))
            for name in sorted(page.names[test.id].free - known):
                yield test.id, f"uses `{name}`, {_whence(name, page, question, test)}."
            seen = page.released_names.get(test.id)
            for name in sorted(seen.free & page.names[test.id].bound - known) if seen else ():
                yield test.id, f"uses `{name}` where learners see it, and makes it only in the hidden tests."


def _locked_names(page: Page, before: Cell) -> list[Names]:
    return [
        page.names[cell.id]
        for cell in page.lab.cells[: before.position]
        if cell.id in page.names and cell.locked and not cell.grade
    ]


def _whence(name: str, page: Page, question: Question, test: Cell) -> str:
    """Say why a name is not there for a test."""
    makers = [cell for cell in page.lab.cells if cell.id in page.names and name in page.names[cell.id].bound]
    if question.solution in makers:
        return f"which is made inside the solution of {question.id} and not in its scaffold: define it there or import it here"
    if any(cell.position > test.position for cell in makers) and not any(
        cell.position < test.position for cell in makers
    ):
        return f"which only the later cell {makers[0].id} makes"
    if makers:
        return f"which only {makers[0].id} makes, and that may have failed: make it in a locked cell or in the test"
    return "which no cell makes"


def _solution_names(page: Page) -> Problems:
    """The reference answer may use what locked cells above make, and what it makes itself."""
    for question in page.lab.questions.values():
        solution = question.solution
        if solution is None or solution.id not in page.names:
            continue
        locked = _locked_names(page, before=solution)
        if any(names.is_open for names in (*locked, page.names[solution.id])):
            continue
        known = set().union(PROVIDED, dir(builtins), *(names.bound for names in locked))
        for name in sorted(page.names[solution.id].free - known):
            yield solution.id, f"the solution uses `{name}`, which no locked cell above makes."


def _given_names(page: Page) -> Problems:
    """What a question is given must not hang on an answer, or one wrong answer costs two questions."""
    answers = {
        name: q.id
        for q in page.lab.questions.values()
        if q.solution and q.solution.id in page.names
        for name in page.names[q.solution.id].bound
    }
    for question in page.lab.questions.values():
        for given in question.given:
            if given.id not in page.names:
                continue
            locked = set().union(*(names.bound for names in _locked_names(page, before=given)))
            for name in sorted((page.names[given.id].free & answers.keys()) - locked):
                yield given.id, f"uses `{name}`, the answer to {answers[name]}: make it anew here."


def _prompt_names(page: Page) -> Problems:
    """Prompt, scaffold and test use the same names, and the same signature."""
    for question in page.lab.questions.values():
        scaffold = page.scaffold(question)
        if scaffold is None or question.prompt is None:
            continue
        bound = _bound(scaffold)
        spans = [match[2].strip() for match in _CODE_SPAN.finditer(question.prompt.source)]
        for name in page.answer_names(question):
            if name not in bound:
                continue  # the rule `test-names` says so
            if not any(re.search(rf"\b{re.escape(name)}\b", span) for span in spans):
                yield question.prompt.id, f"does not mention `{name}`, which the tests use."
            yield from _signature(question.prompt, name, spans, scaffold)


def _signature(prompt: Cell, name: str, spans: list[str], scaffold: ast.Module) -> Problems:
    function = next((n for n in scaffold.body if isinstance(n, ast.FunctionDef) and n.name == name), None)
    stated = [found for span in spans if (found := _as_signature(span, name))]
    if function is None or not stated:
        return
    wanted = _arguments(function)
    if not any(_agree(_arguments(found), wanted) for found in stated):
        shown = ", ".join(label for label, _ in wanted)
        yield (
            prompt.id,
            f"writes `{ast.unparse(stated[0].args)}` as arguments of `{name}`, and the scaffold has ({shown}).",
        )


def _as_signature(span: str, name: str) -> ast.FunctionDef | None:
    """Return a code span as a function's head, `f(a, b=1) -> int`; None where it is something else, such as `f(3)`."""
    span = re.sub(r"^(def )?|:?$", "", span)
    if not span.startswith(f"{name}("):
        return None
    try:
        statement = ast.parse(f"def {span}: ...").body[0]
    except SyntaxError:
        return None
    return statement if isinstance(statement, ast.FunctionDef) else None


def _arguments(function: ast.FunctionDef) -> list[tuple[str, str]]:
    """Return a function's arguments with their defaults, `""` for none."""
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    defaults = [""] * (len(positional) - len(args.defaults)) + [ast.unparse(node) for node in args.defaults]
    found = [(arg.arg, default) for arg, default in zip(positional, defaults, strict=True)]
    found += [(f"*{args.vararg.arg}", "")] if args.vararg else []
    keyword = zip(args.kwonlyargs, args.kw_defaults, strict=True)
    found += [(arg.arg, ast.unparse(node) if node else "") for arg, node in keyword]
    return found + ([(f"**{args.kwarg.arg}", "")] if args.kwarg else [])


def _agree(stated: list[tuple[str, str]], wanted: list[tuple[str, str]]) -> bool:
    """Whether a prompt's arguments are the scaffold's; it may leave defaults out, but not give others."""
    return [name for name, _ in stated] == [name for name, _ in wanted] and all(
        default in ("", scaffold) for (_, default), (_, scaffold) in zip(stated, wanted, strict=True)
    )


def _bound(tree: ast.Module) -> frozenset[str]:
    return names_of(ast.unparse(tree)).bound


def _stubs(page: Page) -> Problems:
    """An answer that was left alone must raise, so that nobody takes it for one."""
    for question in page.lab.questions.values():
        if question.is_manual or question.solution is None or question.solution.kind != "code":
            continue
        scaffold = page.scaffold(question)
        if scaffold is None:
            continue  # the rule `python` says so
        if any(isinstance(node, ast.Raise) for statement in scaffold.body for node in _outside_functions(statement)):
            continue
        functions = {n.name: n for n in scaffold.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
        for name in page.answer_names(question):
            function = functions.get(name)
            if function is None or not any(isinstance(node, ast.Raise) for node in ast.walk(function)):
                yield question.id, f"`{name}` does not raise as released: put its body between the solution marks."


def _outside_functions(statement: ast.stmt) -> Iterator[ast.AST]:
    """Walk what runs when the cell runs."""
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            todo.extend(ast.iter_child_nodes(node))


def _leaks(page: Page) -> Problems:
    if page.released is None:
        return
    # nbgrader's own marks too: in a course that configures others they are a mistake that shows everything.
    marks = [pair for known in (page.marks, CourseMarks.of()) for pair in (known.solution, known.tests, known.schemes)]
    for cell in page.released.cells:
        for mark in dict.fromkeys(mark for pair in marks for mark in pair):
            if mark in cell.source:
                yield cell.id, f"still has the mark {mark} in the release."
    outside: list[str] = []
    secret: list[tuple[str, str]] = []
    for cell in page.lab.cells:
        for_all, solution, _ = split_regions(cell.source, page.marks.solution)
        rest = list(lines_of("\n".join(for_all), page.marks.hidden))
        outside += [line.text for line in rest if line.place == "outside"]
        hidden = [line.text for line in rest if line.place == "inside"]
        secret += [(cell.id, line.strip()) for line in (*solution, *hidden) if len(line.strip()) >= _LEAK]
    known = "\n".join(outside)
    for cell_id, line in dict.fromkeys(secret):
        # Metadata and attachments count too, so the search is in the file's text, where strings are written as JSON.
        if line not in known and json.dumps(line, ensure_ascii=False)[1:-1] in page.released_text:
            yield cell_id, f"the release gives away a hidden line: `{line[:60]}`."


RULES: dict[str, Callable[[Page], Problems]] = {
    "canonical": _canonical,
    "kernelspec": _kernelspec,
    "python": _python,
    "parts": _parts,
    "prompts": _prompts,
    "points": _points,
    "objectives": _objectives,
    "solution-regions": _solution_regions,
    "hidden-regions": _hidden_regions,
    "assert-messages": _assert_messages,
    "test-names": _test_names,
    "solution-names": _solution_names,
    "given-names": _given_names,
    "prompt-names": _prompt_names,
    "stubs": _stubs,
    "leaks": _leaks,
}
