"""The report for the terminal: what fits on a screen; the page has everything."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lakelab.grading.verdict import Verdict
from lakelab.report.model import LEVELS, Report
from lakelab.report.page import lab_share, one_line, percent, points, redo, seconds

MOST_STUDENTS = 30
"""Students that are listed; of a larger class, those with the fewest points."""

MOST_INCIDENTS = 20
"""Notebooks with a remark that are listed."""


def render(report: Report, console: Console) -> None:
    """Print a report."""
    if report.student:
        _learner(report, console)
    else:
        _class(report, console)


def _table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for column in columns:
        numeric = column in right
        table.add_column(column, justify="right" if numeric else "left", no_wrap=numeric)
    return table


def _class(report: Report, console: Console) -> None:
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in report.verdicts.items())
    console.print(
        f"[bold]{escape(report.course)}[/]: {len(report.students)} students, {len(report.results)} notebooks ({verdicts}); "
        f"mean {percent(report.mean)}, median {percent(report.median)} of {points(report.possible)} points."
    )
    if report.isolation:
        levels = ", ".join(f"{count} {LEVELS.get(level, level)}" for level, count in report.isolation.items())
        console.print(f"Isolation while they were executed: {levels}.")
    _students(report, console)
    _questions(report, console)
    if report.objectives:
        table = _table("objective", "mean", "what a student can do", right=("mean",))
        for objective in report.objectives:
            table.add_row(escape(objective.id), percent(objective.mean_share), escape(objective.text))
        console.print("\n[bold]Objectives[/]", table)
    _incidents(report, console)
    if report.waiting:
        waiting = ", ".join(f"{escape(question)} ({len(who)})" for question, who in report.waiting.items())
        console.print(f"\n[bold]Waiting for a person[/]: {waiting}")
    slow = ", ".join(
        f"{escape(cell.notebook)}/{escape(cell.cell)} {seconds(cell.longest)}" for cell in report.slowest_cells(3)
    )
    if slow:
        console.print(f"\n[bold]Slowest cells[/]: {slow}")


def _students(report: Report, console: Console) -> None:
    listed = sorted(report.students, key=lambda student: report.totals[student])[:MOST_STUDENTS]
    if len(listed) == len(report.students):
        listed = report.students
    labs = list(report.labs)
    names = [notebook for _, notebook in labs]
    table = _table("student", "points", *names, right=("points", *names))
    for student in listed:
        row = []
        for lab in labs:
            result = report.by_lab[lab].get(student)
            row.append(
                _coloured(points(result.earned), lab_share(result, report.labs[lab]))
                if result and result.executed
                else "[dim]–[/]"
            )
        table.add_row(escape(student), points(report.totals[student]), *row)
    more = "" if len(listed) == len(report.students) else f" [dim](the {len(listed)} with the fewest points)[/]"
    console.print(f"\n[bold]Scores[/]{more}", table)


def _coloured(text: str, share: float | None) -> str:
    colour = "dim" if share is None else "green" if share >= 0.8 else "yellow" if share >= 0.4 else "red"
    return f"[{colour}]{text}[/]"


def _questions(report: Report, console: Console) -> None:
    numbers = ("points", "mean", "discrimination")
    table = _table("question", *numbers, "most frequent message", right=numbers)
    for question in report.questions:
        value = question.discrimination.value
        said = f"{question.messages[0][1]} × {one_line(question.messages[0][0], 90)}" if question.messages else ""
        table.add_row(
            escape(question.name),
            points(question.points),
            _coloured(percent(question.mean_share), question.mean_share),
            "[dim]undefined[/]" if value is None else f"{value:.2f}",
            escape(said),
        )
    console.print(
        "\n[bold]Questions[/] [dim](mean share of the points; correlation with the rest of the assignment)[/]", table
    )


def _incidents(report: Report, console: Console) -> None:
    told = [result for result in report.incidents if result.verdict != Verdict.MISSING]
    if told:
        table = _table("student", "notebook", "verdict", "reason")
        for result in told[:MOST_INCIDENTS]:
            reason = escape(one_line(result.reason))
            table.add_row(escape(result.student), escape(result.notebook), result.verdict, reason)
        left = len(told) - MOST_INCIDENTS
        console.print(
            f"\n[bold]Verdicts other than graded[/]{f' [dim]({left} more in the page)[/]' if left > 0 else ''}", table
        )
    if absent := len(report.incidents) - len(told):
        console.print(f"\nNot handed in with the rest of their assignment: {absent} notebook(s), named in the page.")


def _learner(report: Report, console: Console) -> None:
    assert report.student is not None
    total = report.totals[report.student]
    share = percent(total / report.possible if report.possible else None)
    console.print(f"[bold]{escape(report.student)}[/]: {points(total)} of {points(report.possible)} points ({share}).")
    for result in report.incidents:
        console.print(f"[yellow]{escape(result.notebook)}: {result.verdict}[/]. {escape(one_line(result.reason))}")
    due = redo(report)
    if due:
        table = _table("try again", "points", "what the tests say", "read again", right=("points",))
        for question in due:
            mine = report.by_lab[question.lab].get(report.student)
            earned = mine.questions.get(question.id) if mine else None
            said = "\n".join(one_line(text) for text in earned.messages) if earned else "Not handed in."
            got = points(earned.points if earned else 0.0)
            table.add_row(
                escape(question.name),
                f"{got} of {points(question.points)}",
                escape(said),
                escape("\n".join(question.readings)),
            )
        console.print(table)
    if report.objectives:
        table = _table("objective", "", "what you can do")
        for objective in report.objectives:
            stands = objective.mean_share is not None and objective.mean_share >= 1
            mark = "[green]✓[/]" if stands else _coloured(percent(objective.mean_share), objective.mean_share)
            table.add_row(escape(objective.id), mark, escape(objective.text))
        console.print(table)
    if report.waiting:
        console.print(f"A person reads your answers to {', '.join(map(escape, report.waiting))}.")
