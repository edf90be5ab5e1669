"""The command line: one thin command per verb. What a verb does lives in the subpackage of its name."""

from __future__ import annotations

import json
import os
import signal
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from lakelab.grading.errors import GradingError

app = typer.Typer(
    name="lakelab",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="""
An autograded course of Jupyter notebooks, and the small local lakehouse it runs on.

**Learn**: open `course/0_start_here.ipynb` (`make lab`), work on the labs in `release/`, and ask `lakelab check NOTEBOOK` what stands.

**Teach**: `lakelab release` makes the students' versions, `lakelab collect` sorts an LMS's download into `submitted/`, `lakelab grade` grades
it, `lakelab feedback` writes what goes back and `lakelab report` shows how the class did. nbgrader's own commands and buttons do the same.

**Write lessons**: edit `source/`, then `lakelab lint`, `lakelab verify` and `lakelab coverage` tell what is left to do.

Something does not work? `lakelab doctor`.
""",
)

Assignments = Annotated[
    list[str] | None, typer.Argument(help="Names of folders in source/. Without any: all of them.", show_default=False)
]
CourseFolder = Annotated[
    Path | None,
    typer.Option(
        "--course", help="The course's folder. Default: the one around the working directory.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs in place of text for people.")]


def _console() -> Console:
    # In pipes and notebooks there is no width to ask for; 80 columns would break most sentences.
    return Console(width=None if sys.stdout.isatty() else 120, highlight=False)


def _show(result: Any, render: Callable[[Any, Console], None], as_json: bool) -> None:
    if as_json:
        print(json.dumps(result.to_dict(), indent=1, ensure_ascii=False))
    else:
        render(result, _console())


def _fail_unless(ok: bool) -> None:
    if not ok:
        raise typer.Exit(1)


def _root(course: Path | None) -> Path:
    from lakelab.grading.course import Course

    return Course.open(course).root


@app.command(rich_help_panel="Teach")
def release(
    assignments: Assignments = None,
    course: CourseFolder = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if release/ is not what source/ gives, byte for byte.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the students' versions in `release/` from `source/`, without solutions and hidden tests."""
    from lakelab.release.generate import release as run
    from lakelab.release.generate import render

    result = run(assignments, course_root=_root(course), check=check)
    _show(result, render, as_json)
    _fail_unless(result.ok)


@app.command(rich_help_panel="Teach")
def collect(
    download: Annotated[
        Path, typer.Argument(help="The zip file that Moodle or Canvas gives, or the folder that it was unpacked to.")
    ],
    assignment: Annotated[
        str | None,
        typer.Option(help="What it is a download of. Default: the notebooks' names tell.", show_default=False),
    ] = None,
    course: CourseFolder = None,
    as_json: AsJson = False,
) -> None:
    """Sort an LMS's download into `submitted/`: the latest version of each notebook counts, earlier ones are kept.

    Other systems: set nbgrader's `c.FileNameCollectorPlugin.named_regexp` to how they name files.
    """
    from lakelab.collect import collect as run
    from lakelab.collect import render

    _show(run(download, assignment=assignment, course_root=_root(course)), render, as_json)


@app.command(rich_help_panel="Teach")
def grade(
    assignments: Assignments = None,
    course: CourseFolder = None,
    student: Annotated[
        list[str] | None, typer.Option(help="Only this student; may be given several times.", show_default=False)
    ] = None,
    notebook: Annotated[
        list[str] | None,
        typer.Option(help="Only this lab of the assignments; may be given several times.", show_default=False),
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=1, help="Notebooks to execute at a time. Default: one per core.", show_default=False)
    ] = os.cpu_count() or 1,
    fresh: Annotated[bool, typer.Option("--fresh", help="Grade everything again, not only what has changed.")] = False,
    cell_timeout: Annotated[
        float | None, typer.Option(help="Seconds a cell may take. Default: nbgrader_config.py.", show_default=False)
    ] = None,
    notebook_timeout: Annotated[
        float | None, typer.Option(help="Seconds a notebook may take. Default: nbgrader_config.py.", show_default=False)
    ] = None,
    memory_limit: Annotated[
        str | None,
        typer.Option(help="Memory of one notebook, such as 4g. Default: nbgrader_config.py.", show_default=False),
    ] = None,
    cold: Annotated[
        bool,
        typer.Option("--cold", help="Start Python and Java anew for every notebook: slower, with the same results."),
    ] = False,
    isolation: Annotated[
        str | None,
        typer.Option(
            help="sandbox, limits, none, or auto: the best that is to be had. Default: nbgrader_config.py, or auto.",
            show_default=False,
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            help="The address of a Dask cluster to execute on, such as tcp://10.0.0.5:8786, in place of --jobs; see docs/many_machines.md.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Grade what is in `submitted/`, in parallel, and write scores to the gradebook.

    A run that was interrupted goes on where it ended; notebooks whose submission and lab have not changed keep their result.
    """
    from lakelab.grading.batch import grade as run
    from lakelab.grading.course import Course
    from lakelab.grading.execute import COLD
    from lakelab.grading.terminal import TerminalProgress, limits_with, render

    opened = Course.open(course).with_notebooks(notebook)
    limits = limits_with(opened, cell_timeout, notebook_timeout, memory_limit)
    with TerminalProgress(Console(stderr=as_json, highlight=False)) as progress:
        summary = run(
            opened,
            assignments=assignments,
            students=student,
            jobs=jobs,
            fresh=fresh,
            limits=limits,
            engine=COLD if cold else None,
            isolation=isolation,
            scheduler=scheduler,
            progress=progress,
        )
    _show(summary, render, as_json)


@app.command(rich_help_panel="Teach")
def feedback(
    assignments: Assignments = None,
    course: CourseFolder = None,
    student: Annotated[
        list[str] | None, typer.Option(help="Only this student; may be given several times.", show_default=False)
    ] = None,
) -> None:
    """Write what goes back to students into `feedback/`: scores, messages and verdicts, without hidden tests."""
    from lakelab.feedback import feedback as run
    from lakelab.feedback import render

    render(run(assignments=assignments, students=student, course_root=_root(course)), _console())


@app.command(rich_help_panel="Teach")
def report(
    assignments: Assignments = None,
    course: CourseFolder = None,
    student: Annotated[str | None, typer.Option(help="The report of one learner.", show_default=False)] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a self-contained page to this file.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show how the class did: scores, difficulty and discrimination of questions, verdicts, objectives."""
    from lakelab.report import render
    from lakelab.report import report as run

    result = run(assignments=assignments, student=student, course_root=_root(course))
    if html:
        html.write_text(result.to_html(), encoding="utf-8")
    if as_json or not html:
        _show(result, render, as_json)
    else:
        _console().print(f"Wrote {escape(str(html))}.")


@app.command(rich_help_panel="Learn")
def check(
    notebook: Annotated[Path, typer.Argument(help="Your copy of a lab.")],
    course: CourseFolder = None,
    as_json: AsJson = False,
) -> None:
    """Check your own copy of a lab with the hidden tests: what stands, a hint for what does not, and what to read again."""
    from lakelab.check import check as run
    from lakelab.check import render

    console = Console(stderr=True, highlight=False)
    if console.is_terminal:
        with console.status("Running your notebook …") as status:
            result = run(
                notebook,
                course_root=course,
                progress=lambda done, total: status.update(f"Running your notebook, cell {done + 1} of {total} …"),
            )
    else:
        result = run(notebook, course_root=course)
    _show(result, render, as_json)
    _fail_unless(result.ok)


@app.command(rich_help_panel="Write lessons")
def lint(assignments: Assignments = None, course: CourseFolder = None, as_json: AsJson = False) -> None:
    """Check the sources of labs: prompts, scaffolds and tests agree, and nothing leaks into a release."""
    from lakelab.release.lint import lint as run
    from lakelab.release.lint import render

    result = run(assignments, course_root=_root(course))
    _show(result, render, as_json)
    _fail_unless(result.ok)


@app.command(rich_help_panel="Write lessons")
def verify(
    assignments: Assignments = None,
    course: CourseFolder = None,
    notebook: Annotated[
        list[str] | None, typer.Option(help="Only this lab; may be given several times.", show_default=False)
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Labs to verify at a time.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Prove the graders: right answers pass, wrong answers fail for the right reason, the blank lab scores zero."""
    from lakelab.verify import render
    from lakelab.verify import verify as run

    root, stderr = _root(course), Console(stderr=True, highlight=False)
    if stderr.is_terminal:
        with stderr.status("Verifying …") as status:
            result = run(
                assignments,
                course_root=root,
                notebooks=notebook,
                jobs=jobs,
                progress=lambda what, attempts, _: status.update(f"Verifying: {escape(what)}, attempt {attempts} …"),
            )
    else:
        result = run(assignments, course_root=root, notebooks=notebook, jobs=jobs)
    _show(result, render, as_json)
    _fail_unless(result.ok)


@app.command(rich_help_panel="Write lessons")
def coverage(course: CourseFolder = None, as_json: AsJson = False) -> None:
    """Show which objectives are taught and graded where, and which are not yet."""
    from lakelab.coverage import coverage as run
    from lakelab.coverage import render

    result = run(course_root=_root(course))
    _show(result, render, as_json)
    _fail_unless(result.ok)


@app.command(name="fmt", rich_help_panel="Write lessons")
def format_notebooks(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Notebooks or folders. Default: course/, source/ and release/.", show_default=False),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if a notebook is not canonical.")] = False,
) -> None:
    """Bring notebooks into the one form that is committed: no outputs, no counts, stable ids."""
    from lakelab.notebooks import canonical_text, is_canonical, read, write

    folders = paths or [Path(name) for name in ("course", "source", "release") if Path(name).is_dir()]
    found = sorted(
        {
            p
            for path in folders
            for p in ([path] if path.suffix == ".ipynb" else path.rglob("*.ipynb"))
            if ".ipynb_checkpoints" not in p.parts
        }
    )
    if not found:
        raise GradingError("There are no notebooks here: name a notebook or a folder.")
    others = []
    for path in found:
        try:
            if not is_canonical(path):
                others.append(path)
                if check:
                    canonical_text(read(path))
                else:
                    write(read(path), path)
        except (OSError, ValueError) as error:
            raise GradingError(f"{path} can't be read as a notebook: {error}") from None
    for path in others:
        print(f"{path}: {'is not canonical; run lakelab fmt' if check else 'brought into canonical form'}")
    _fail_unless(not (check and others))


@app.command(rich_help_panel="Write lessons")
def text(
    notebook: Annotated[
        Path,
        typer.Argument(help="A notebook to print as text, or a text file (any other ending) to make a notebook of."),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Where to write. Default: standard output, for a notebook.", show_default=False
        ),
    ] = None,
) -> None:
    """Turn a notebook into plain text for an editor, or such text into a notebook."""
    from lakelab.notebooks import from_text, read, to_text, write

    try:
        if notebook.suffix == ".ipynb":
            content = to_text(read(notebook))
            output.write_text(content, encoding="utf-8") if output else print(content)
        else:
            target = output or notebook.with_suffix(".ipynb")
            write(from_text(notebook.read_text(encoding="utf-8")), target)
            print(f"Wrote {target}.")
    except (OSError, ValueError) as error:
        raise GradingError(f"{notebook}: {error}") from None


@app.command(rich_help_panel="Teach")
def export(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="For Databricks: a notebook, a folder, or a module's name. For grades: assignments, by default all.",
            metavar="NOTEBOOK|MODULE",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            help="databricks (the default): source-format notebooks (.py) with Databricks' names. ipynb: the way back.",
            rich_help_panel="Notebooks for Databricks",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Where to write. Default: the folder exported/; for grades, grades.csv or a like name.",
            show_default=False,
        ),
    ] = None,
    data_folder: Annotated[
        str,
        typer.Option(
            "--data",
            help="The folder of a volume that the course's data are uploaded to.",
            rich_help_panel="Notebooks for Databricks",
        ),
    ] = "/Volumes/main/default/course_data",
    csv: Annotated[
        bool, typer.Option("--csv", help="A row for every notebook, with its verdict.", rich_help_panel="Grades")
    ] = False,
    canvas: Annotated[
        bool, typer.Option("--canvas", help="What Canvas's gradebook imports.", rich_help_panel="Grades")
    ] = False,
    moodle: Annotated[bool, typer.Option("--moodle", help="What Moodle imports.", rich_help_panel="Grades")] = False,
    template: Annotated[
        Path | None,
        typer.Option(
            help="The file that Canvas or Moodle exported, to be filled in: all else in it stays.",
            rich_help_panel="Grades",
            show_default=False,
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            help="'TITLE=NAME' puts an assignment or lab into the template's column TITLE; may be given several times.",
            rich_help_panel="Grades",
            show_default=False,
        ),
    ] = None,
    scale: Annotated[
        bool,
        typer.Option("--scale", help="Scale points to those that the template's column has.", rich_help_panel="Grades"),
    ] = False,
    course: CourseFolder = None,
) -> None:
    """Write grades for an LMS (`--csv`, `--canvas`, `--moodle`), or notebooks for Databricks.

    `lakelab export 2_ml_workflows --to databricks` writes a module as notebooks that run on Databricks with the original services, and says what
    does not run there. `lakelab export --canvas --template Grades.csv` fills Canvas's own export with everybody's points.
    """
    kinds = [kind for kind, chosen in (("csv", csv), ("canvas", canvas), ("moodle", moodle)) if chosen]
    if len(kinds) > 1 or (kinds and to):
        raise GradingError("--to, --csv, --canvas and --moodle are different things to write: choose one.")
    if kinds:
        from lakelab.grades import export_grades
        from lakelab.grades import render as render_grades

        exported = export_grades(
            kinds[0],
            assignments=what,
            template=template,
            columns=column,
            scale=scale,
            output=output,
            course_root=_root(course),
        )
        render_grades(exported, _console())
        return
    if template or column or scale:
        raise GradingError("--template, --column and --scale are about grades: add --canvas or --moodle.")
    if not what or len(what) > 1:
        raise GradingError(
            "Say what to export: one notebook, folder or module for Databricks, or grades with --csv, --canvas or --moodle."
        )
    from lakelab.export import export as run
    from lakelab.export import render
    from lakelab.home import course_root

    root = course or course_root()
    written = run(what[0], to=to or "databricks", output=output, course_root=root, data_folder=data_folder)
    render(written, _console())


@app.command(rich_help_panel="Help")
def doctor(as_json: AsJson = False) -> None:
    """Check this machine and installation, and name the remedy for what is wrong."""
    from lakelab import doctor as diagnosis

    results = diagnosis.run()
    if as_json:
        print(json.dumps(diagnosis.to_dict(results), indent=1, ensure_ascii=False))
    else:
        diagnosis.render(results, _console())
    _fail_unless(diagnosis.all_well(results))


@app.command(rich_help_panel="Help")
def demo(
    course: CourseFolder = None,
    jobs: Annotated[
        int, typer.Option(min=1, help="Notebooks to execute at a time. Default: one per core.", show_default=False)
    ] = os.cpu_count() or 1,
    html: Annotated[Path, typer.Option("--html", help="Where to write the report.")] = Path("report.html"),
    full: Annotated[
        bool, typer.Option("--full", help="A larger class that shows every known misconception of every question.")
    ] = False,
) -> None:
    """Do the whole job once: release, a sample class in `submitted/`, grading, feedback and a report."""
    from lakelab.demo.run import demo as run

    run(course_root=_root(course), jobs=jobs, html=html, console=_console(), full=full)


def _stop(number: int, _frame: object) -> NoReturn:
    raise _Stopped(number)


class _Stopped(BaseException):
    """The process was asked to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main() -> None:
    """Run the command line; what a person can mend is one sentence on standard error and exit status 1."""
    from lakelab.home import HomeError

    # nbgrader's use of SQLAlchemy triggers warnings that nobody here can act on.
    warnings.filterwarnings("ignore", module="nbgrader")
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        app()
    except (GradingError, HomeError) as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"[red]lakelab:[/] {escape(str(error))}")
        sys.exit(1)
    except _Stopped as stopped:
        print("lakelab: stopped. What was finished is kept; run the same command again to go on.", file=sys.stderr)
        sys.exit(128 + stopped.number)
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)
