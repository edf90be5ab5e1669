"""Says whether this machine and installation can run the course, and what to do where they can't.

from lakelab import doctor

for result in doctor.run():
    print(result.status, result.name, result.found, result.remedy)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape

from lakelab.doctor.checks import CHECKS, Check, Result, Status, fail

__all__ = ["Result", "Status", "all_well", "render", "run", "to_dict"]

_MARKS = {"ok": "[green]✓[/]", "warn": "[yellow]![/]", "fail": "[red]✗[/]"}


def run(checks: Sequence[Check] = CHECKS) -> list[Result]:
    """Run ``checks`` in order and return a result for each; a check that itself breaks is a failed one.

    Starts no JVM and changes nothing but creating the state folder; takes about two seconds.
    """
    results = []
    for check in checks:
        try:
            results.append(check())
        except Exception as error:  # whatever is wrong with the machine, the other checks still have something to say
            name = check.__name__.replace("_", " ")
            results.append(fail(name, f"the check broke: {error}", "Report this as a bug of LakeLab, with this line."))
    return results


def all_well(results: Sequence[Result]) -> bool:
    """Whether nothing has failed; a warning is no failure."""
    return all(result.status != "fail" for result in results)


def to_dict(results: Sequence[Result]) -> dict[str, Any]:
    """Return plain values, for JSON."""
    return {"ok": all_well(results), "checks": [asdict(result) for result in results]}


def render(results: Sequence[Result], console: Console) -> None:
    """Print a line for each check, and the remedy below those that need one."""
    for result in results:
        console.print(f"{_MARKS[result.status]} [bold]{escape(result.name)}[/]: {escape(result.found)}", soft_wrap=True)
        if result.remedy:
            console.print(f"    → {escape(result.remedy)}", soft_wrap=True)
    failed = sum(result.status == "fail" for result in results)
    console.print("[green]All is well.[/]" if not failed else f"[red]{failed} of {len(results)} checks failed.[/]")
