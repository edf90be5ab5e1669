"""The rows of the conformance table, and how a written signature is compared with a real one.

An area's module reads::

    '''Feature tables, training sets and scoring, as `databricks.feature_engineering` has them.'''

    TITLE = "FeatureEngineeringClient"

    def refuses_an_existing_table(context: Context) -> None:
        ...  # asserts, pytest.raises

    ROWS = [
        signature("FeatureEngineeringClient.drop_table", "(self, *, name: str) -> None", lambda: client().drop_table),
        Row("FeatureEngineeringClient.create_table", "An existing table raises ValueError.", "same",
            check=refuses_an_existing_table, spark=True),
        Row("FeatureEngineeringClient.create_online_store", "Makes an online store.", "absent",
            note="Raises NotImplementedError that names publish_table, which writes to SQLite."),
    ]
"""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Status = Literal["same", "approximated", "absent"]
T = TypeVar("T")


@dataclass
class Context:
    """What every check is handed: one Spark session, one LAKELAB_HOME and one MLflow database for the whole table.

    Attributes:
        folder: an empty folder at the start; LAKELAB_HOME lies in it.
    """

    folder: Path
    _made: dict[Callable[..., Any], Any] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    @cached_property
    def spark(self) -> SparkSession:
        """The course's session; rows that ask for it say ``spark=True``."""
        from lakelab.runtime import spark

        return spark

    def new_name(self, prefix: str = "t") -> str:
        """A name that no other check has: for tables, experiments and the like."""
        return f"{prefix}_{next(self._numbers)}"

    def new_folder(self) -> Path:
        """An empty folder of its own."""
        path = self.folder / self.new_name("folder")
        path.mkdir()
        return path

    def once(self, make: Callable[[Context], T]) -> T:
        """What ``make(self)`` returned the first time: for what is dear and only looked at by several checks."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made


Check = Callable[[Context], None]


@dataclass(frozen=True)
class Row:
    """One documented statement about an API, and how it stands here.

    Attributes:
        api: what the statement is about, such as ``FeatureEngineeringClient.create_table``.
        says: the signature, or the behaviour in one line of our own words.
        status: whether it holds here.
        note: what differs and what happens instead; for every row that is not ``same``.
        check: raises if the row is untrue (for ``approximated`` and ``absent``: if the note is). Only an absent row may do
            without.
        spark: whether the check starts Spark.
    """

    api: str
    says: str
    status: Status = "same"
    note: str = ""
    check: Check | None = None
    spark: bool = False

    def __post_init__(self) -> None:
        if self.status not in ("same", "approximated", "absent"):
            raise ValueError(f"{self.api}: the status {self.status!r} is none of same, approximated, absent.")
        if self.status != "same" and not self.note:
            raise ValueError(f"{self.api}: a row that is {self.status} needs a note that says what happens instead.")
        if self.status != "absent" and self.check is None:
            raise ValueError(f"{self.api}: a row that is {self.status} needs a check that can fail.")
        if "\n" in self.says + self.note + self.api:
            raise ValueError(f"{self.api}: a row's texts are one line each.")


def signature(api: str, documented: str, ours: Callable[[], Any], *, status: Status = "same", note: str = "") -> Row:
    """A row that holds if the callable which ``ours()`` returns has the ``documented`` signature.

    Compared are the parameters' names, order, kinds and defaults; annotations have many spellings and don't matter to
    a caller. ``self`` is left out on both sides. A default written ``...`` is any default.

    Args:
        documented: as Python has it, ``(self, *, name: str, tags: dict = None, **kwargs) -> Table``. Annotations may be
            anything that parses.
        ours: called when the row is checked, so that importing the table stays cheap.
        status: ``approximated`` where parameters differ on purpose; ``note`` then says how, and the check makes sure that
            something does differ (otherwise the note is out of date).
    """
    expected = _parameters_written(documented)

    def check(_: Context) -> None:
        differences = compare(expected, _parameters_of(ours()))
        if status == "same":
            assert not differences, f"{api} differs from its documented signature: {'; '.join(differences)}"
        else:
            assert differences, f"{api} has the documented signature: its row should say so."

    return Row(api, documented, status, note, check)


@dataclass(frozen=True)
class Parameter:
    """One parameter. ``default`` is the source of its default, ``None`` without one, ``...`` if any default will do."""

    name: str
    kind: inspect._ParameterKind
    default: str | None = None

    def __str__(self) -> str:
        kinds = inspect.Parameter
        stars: dict[inspect._ParameterKind, str] = {kinds.VAR_POSITIONAL: "*", kinds.VAR_KEYWORD: "**"}
        only: dict[inspect._ParameterKind, str] = {
            kinds.KEYWORD_ONLY: " (keyword only)",
            kinds.POSITIONAL_ONLY: " (by place only)",
        }
        default = "" if self.default is None else f"={self.default}"
        return f"{stars.get(self.kind, '')}{self.name}{default}{only.get(self.kind, '')}"


def compare(documented: list[Parameter], ours: list[Parameter]) -> list[str]:
    """The differences of two lists of parameters, one sentence each."""
    differences = []
    for position, pair in enumerate(itertools.zip_longest(documented, ours), 1):
        theirs, here = pair
        if theirs is None:
            differences.append(f"parameter {position} is {here} here and not documented")
        elif here is None:
            differences.append(f"parameter {position} is documented as {theirs} and missing here")
        else:
            any_default = theirs.default == "..." and here.default is not None
            if (theirs.name, theirs.kind) != (here.name, here.kind) or not (
                any_default or theirs.default == here.default
            ):
                differences.append(f"parameter {position} is documented as {theirs} and here {here}")
    return differences


def _parameters_written(text: str) -> list[Parameter]:
    function = ast.parse(f"def f{text}: ...").body[0]
    assert isinstance(function, ast.FunctionDef)
    written = function.args
    kinds = inspect.Parameter
    placed: list[tuple[ast.arg, inspect._ParameterKind]] = [(a, kinds.POSITIONAL_ONLY) for a in written.posonlyargs]
    placed += [(a, kinds.POSITIONAL_OR_KEYWORD) for a in written.args]
    defaults: list[ast.expr | None] = [None] * (len(placed) - len(written.defaults))
    defaults += written.defaults
    found = [Parameter(a.arg, kind, _source(default)) for (a, kind), default in zip(placed, defaults, strict=True)]
    if written.vararg:
        found.append(Parameter(written.vararg.arg, kinds.VAR_POSITIONAL))
    found += [
        Parameter(a.arg, kinds.KEYWORD_ONLY, _source(default))
        for a, default in zip(written.kwonlyargs, written.kw_defaults, strict=True)
    ]
    if written.kwarg:
        found.append(Parameter(written.kwarg.arg, kinds.VAR_KEYWORD))
    return _without_self(found)


def _source(default: ast.expr | None) -> str | None:
    if default is None:
        return None
    text = ast.unparse(default)
    try:
        return repr(ast.literal_eval(default)) if text != "..." else text
    except ValueError:
        return text


def _parameters_of(function: Any) -> list[Parameter]:
    return _without_self(
        [
            Parameter(p.name, p.kind, None if p.default is p.empty else repr(p.default))
            for p in inspect.signature(function).parameters.values()
        ]
    )


def _without_self(parameters: list[Parameter]) -> list[Parameter]:
    return parameters[1:] if parameters and parameters[0].name == "self" else parameters
