"""`lakelab export`: notebooks into Databricks' source format, and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from rich.console import Console
from rich.markup import escape

from lakelab.export.data_cell import DEFAULT_FOLDER
from lakelab.export.databricks import to_databricks
from lakelab.export.errors import ExportError
from lakelab.export.source_format import HEADER, from_source, to_source
from lakelab.files import replacing
from lakelab.notebooks import canonical_text, read

FORMATS = ("databricks", "ipynb")
_ENDINGS = {"databricks": ".ipynb", "ipynb": ".py"}
"""What is read for each format that is written."""


@dataclass
class Written:
    """One file that was written, and what a person has to know about it."""

    source: Path
    target: Path
    todo: list[str] = field(default_factory=list)
    cannot: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def export(
    what: str,
    *,
    to: str,
    output: Path | None = None,
    course_root: Path | None = None,
    data_folder: str = DEFAULT_FOLDER,
) -> list[Written]:
    """Write notebooks in another format; all of them, or after an error none.

    Args:
        what: a file, a folder, or the name of a module: then its walkthroughs in ``course/`` and its labs in ``release/``.
        to: ``databricks`` for Databricks' source format, from ``.ipynb`` files; ``ipynb`` for the way back, from ``.py`` files.
        output: the folder to write to, by default ``exported`` in the working directory; folders of modules are kept in it.
        course_root: where a module's name is looked up; by default the working directory.
        data_folder: the folder of a volume that the course's data are uploaded to.

    Raises:
        ExportError: there is nothing to export, a file can't be read, or another file is in the way.
    """
    if to not in FORMATS:
        raise ExportError(f"There is no format '{to}': choose {' or '.join(FORMATS)}.")
    if not data_folder.startswith("/Volumes/") or any(mark in data_folder for mark in "'\"\\\n{}"):
        raise ExportError(f"The data folder '{data_folder}' is no volume's: give one such as {DEFAULT_FOLDER}.")
    folder = output or Path("exported")
    if folder.exists() and not folder.is_dir():
        raise ExportError(f"{folder} is a file: name a folder with -o.")
    made: list[tuple[Written, str]] = []
    for source, place in _files(what, _ENDINGS[to], course_root or Path.cwd()):
        target = folder / place.with_suffix(".py" if to == "databricks" else ".ipynb")
        _check_target(target, to)
        made.append(_to_source(source, target, data_folder) if to == "databricks" else _to_notebook(source, target))
    for written, text in made:
        try:
            written.target.parent.mkdir(parents=True, exist_ok=True)
            with replacing(written.target) as partial:
                partial.write_text(text, encoding="utf-8")
        except OSError as error:
            raise ExportError(
                f"{written.target} can't be written ({error.strerror}): name another folder with -o."
            ) from None
    return [written for written, _ in made]


def _files(what: str, ending: str, root: Path) -> list[tuple[Path, Path]]:
    """Return the files to export, and the place of each below the folder that is written to."""
    path = Path(what)
    if path.is_file():
        if path.suffix != ending:
            raise ExportError(f"{what} is no {ending} file: name one, or use the other format of --to.")
        return [(path, Path(path.name))]
    if path.is_dir():
        found = [
            (file, Path(path.resolve().name) / file.relative_to(path)) for file in sorted(path.rglob(f"*{ending}"))
        ]
    else:
        found = [
            (file, file.relative_to(root))
            for part in ("course", "release")
            for file in sorted((root / part / what).glob(f"*{ending}"))
        ]
    found = [(file, place) for file, place in found if ".ipynb_checkpoints" not in file.parts]
    if not found:
        raise ExportError(f"There is no notebook, folder or module '{what}' with {ending} files: check the name.")
    return found


def _check_target(target: Path, to: str) -> None:
    if not target.exists():
        return
    if to == "ipynb":
        raise ExportError(f"{target} exists and may hold somebody's work: remove it, or name another folder with -o.")
    if not target.is_file() or not target.read_text(encoding="utf-8", errors="replace").startswith(HEADER):
        raise ExportError(f"{target} exists and is no exported notebook: remove it, or name another folder with -o.")


def _to_source(source: Path, target: Path, data_folder: str) -> tuple[Written, str]:
    try:
        nb = read(source)
    except Exception as error:  # nbformat has no common base for what it raises
        raise ExportError(f"{source} can't be read as a notebook: {' '.join(str(error).split())[:200]}") from None
    exported = to_databricks(nb, data_folder)
    try:
        text = to_source(exported.nb)
    except ExportError as error:
        raise ExportError(f"{source}: {error}") from None
    return Written(source, target, exported.todo, exported.cannot, exported.left_out), text


def _to_notebook(source: Path, target: Path) -> tuple[Written, str]:
    try:
        nb: NotebookNode = from_source(source.read_text(encoding="utf-8"))
        return Written(source, target), canonical_text(nb)
    except (ExportError, UnicodeDecodeError, OSError, nbformat.ValidationError) as error:
        raise ExportError(f"{source} can't be read back: {error}") from None


def render(result: list[Written], console: Console) -> None:
    """Print what was written, and what people have to know about it."""
    for written in result:
        console.print(f"[bold]{escape(str(written.target))}[/]", soft_wrap=True)
        for mark, sentences in (("to do", written.todo), ("[yellow]does not run[/]", written.cannot)):
            for sentence in sentences:
                console.print(f"  {mark}: {escape(sentence)}", soft_wrap=True)
        if written.left_out:
            console.print(f"  left out: {len(written.left_out)} sentences and lines about lakelab's own commands")
    console.print(f"{len(result)} {'notebook' if len(result) == 1 else 'notebooks'} written.")
