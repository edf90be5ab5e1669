"""What a person sees of a grading run: live progress with an estimate, then the result."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from lakelab.grading.batch import Progress, Summary, Task, limits_from
from lakelab.grading.course import Course, parse_size
from lakelab.grading.execute import Limits
from lakelab.grading.isolation import INSTALL, PROMISES, Isolation
from lakelab.grading.verdict import Outcome, Verdict

_COLOURS = {Verdict.GRADED: "green", Verdict.GRADED_WITH_ERRORS: "cyan"}


def limits_with(course: Course, cell: float | None, notebook: float | None, memory: str | None) -> Limits:
    """Return the course's limits with those of the command line in their place; times in seconds."""
    limits = limits_from(course)
    return replace(
        limits,
        cell_timeout=cell or limits.cell_timeout,
        notebook_timeout=notebook or limits.notebook_timeout,
        memory_limit=parse_size(memory) if memory else limits.memory_limit,
    )


class TerminalProgress(Progress):
    """A bar with an estimate on a terminal; a line per notebook elsewhere."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._bar = Bar(
            TextColumn("[bold]grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("·"),
            TimeElapsedColumn(),
            TextColumn("· left"),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[now]}"),
            console=console,
            speed_estimate_period=600,
        )
        self._total: TaskID | None = None
        self._running: dict[Task, str] = {}
        self._done = 0
        self._due = 0

    def __enter__(self) -> TerminalProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def plan(self, due: int, kept: int) -> None:
        """Say what is to be done."""
        self._due = due
        if kept:
            self.console.print(f"{kept} results still hold; {due or 'no'} notebooks are due.")
        if due and self.console.is_terminal:
            self._bar.start()
            self._total = self._bar.add_task("grading", total=due, now="")

    def isolation(self, level: Isolation) -> None:
        """Say what keeps submissions from this machine, and what would keep them better."""
        better = "" if level is Isolation.SANDBOX else f" 'lakelab doctor' tells what a sandbox needs ({INSTALL})."
        self.console.print(f"Isolation: {level}: {PROMISES[level]}.{better}", soft_wrap=True)

    def cell(self, task: Task, done: int, total: int) -> None:
        """Show where a worker is."""
        self._running[task] = f"{task.student} {task.notebook} {done + 1}/{total}"
        self._refresh()

    def finished(self, task: Task, outcome: Outcome) -> None:
        """Show a result as soon as it is safe."""
        self._running.pop(task, None)
        self._done += 1
        self.console.print(
            f"[dim]{self._done:>{len(str(self._due))}}/{self._due}[/] {escape(task.student)} · {escape(task.notebook)} · "
            f"{_verdict(outcome.verdict)} [dim]{outcome.seconds:.1f} s[/]",
            soft_wrap=True,
        )
        if self._total is not None:
            self._bar.advance(self._total)
        self._refresh()

    def _refresh(self) -> None:
        if self._total is not None:
            self._bar.update(self._total, now=escape(" | ".join(list(self._running.values())[:2])))


def _verdict(verdict: Verdict) -> str:
    return f"[{_COLOURS.get(verdict, 'yellow')}]{verdict}[/]"


def render(summary: Summary, console: Console) -> None:
    """Print what a run did: how many of each verdict, and the reason for each that wants a look."""
    counts = Counter(outcome.verdict for outcome in summary.graded.values())
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())) or "nothing new"
    console.print(f"[bold]{len(summary.graded)} graded[/] ({told}), {len(summary.kept)} kept.")
    odd = {t: o for t, o in sorted(summary.graded.items()) if o.verdict not in _COLOURS}
    if odd:
        table = Table(show_edge=False, pad_edge=False)
        for title in ("student", "lab", "verdict", "why"):
            table.add_column(title)
        for task, outcome in odd.items():
            table.add_row(
                escape(task.student), escape(task.notebook), _verdict(outcome.verdict), escape(outcome.reason)
            )
        console.print(table)
