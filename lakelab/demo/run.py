"""`lakelab demo`: the whole job once, on the sample class."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from lakelab.demo.sample_class import fill_submitted, usual_labs
from lakelab.feedback import feedback
from lakelab.grading.batch import grade, limits_from
from lakelab.grading.course import Course
from lakelab.grading.terminal import TerminalProgress, render
from lakelab.release.generate import release
from lakelab.report import render as render_report
from lakelab.report import report

PATIENCE = 30.0
"""Seconds that a cell may take when the usual class is graded: its one endless answer would else take the demo's time."""


def demo(*, course_root: Path | str, jobs: int, html: Path, console: Console, full: bool = False) -> None:
    """Release, fill `submitted/` with the sample class, grade it, write feedback and the report, and print the result.

    The `full` class shows every known misconception.

    Raises GradingError where `submitted/` already holds somebody else's work.
    """
    began = time.monotonic()
    course = Course.open(course_root)
    console.print("[bold]1/5 release[/]  what students get, from source/ into release/")
    release(course_root=course.root)
    console.print("[bold]2/5 submit[/]   a sample class into submitted/")
    students = fill_submitted(course, full=full)
    for student in students:
        console.print(f"  {student.name:<24} [dim]{student.story}[/]")
    graded, limits = course, limits_from(course)
    if not full:
        # The labs that nobody handed in would all be missing.
        graded, limits = usual_labs(course), replace(limits, cell_timeout=min(limits.cell_timeout, PATIENCE))
    console.print(
        f"[bold]3/5 grade[/]    {len(students)} students, {jobs} notebooks at a time, {limits.cell_timeout:g} s for a cell"
    )
    with TerminalProgress(console) as progress:
        summary = grade(graded, jobs=jobs, limits=limits, progress=progress)
    render(summary, console)
    console.print("[bold]4/5 feedback[/] what goes back to students, into feedback/")
    feedback(course_root=course.root)
    console.print("[bold]5/5 report[/]   how the class did")
    result = report(course_root=course.root)
    target = html if html.is_absolute() else course.root / html
    target.write_text(result.to_html(), encoding="utf-8")
    render_report(result, console)
    console.print(
        f"\nDone in {time.monotonic() - began:.0f} s. Open [bold]{html}[/] in a browser, or run [bold]make lab[/]."
    )
