"""``display``, as notebooks on Databricks have it: tables are shown as tables, plots as plots.

IPython's own ``display`` shows a Spark DataFrame as the list of its columns.
"""

from __future__ import annotations

import itertools
import math
import sys
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

__all__ = ["display"]

MAX_ROWS = 1000
"""Most rows of a table that are shown."""

_TEXT_ROWS = 20
_CELL_LIMIT = 200
_TEXT_CELL_LIMIT = 24

_STYLE = """
.lakelab-table { font-size: 12px; }
.lakelab-table .scroll { overflow: auto; max-height: 420px; border: 1px solid rgba(128, 128, 128, 0.35); }
.lakelab-table table { border-collapse: separate; border-spacing: 0; border: none; margin: 0; font-size: 12px;
  color: inherit; }
.lakelab-table th, .lakelab-table td { padding: 3px 10px; white-space: nowrap; text-align: left; border: none;
  border-bottom: 1px solid rgba(128, 128, 128, 0.25); max-width: 480px; overflow: hidden; text-overflow: ellipsis;
  font-variant-numeric: tabular-nums; }
.lakelab-table thead th { position: sticky; top: 0; vertical-align: bottom;
  background: var(--jp-layout-color0, Canvas); border-bottom: 1px solid rgba(128, 128, 128, 0.8); }
.lakelab-table .dim { opacity: 0.68; font-weight: 400; }
.lakelab-table p { margin: 4px 0 0; }
"""


def display(*objs: Any) -> None:
    """Show each object in turn.

    Spark, pandas and pandas-on-Spark DataFrames appear as a table with the columns' types: their first 1,000 rows, with
    a note if there are more. Spark runs one job for it. A matplotlib figure appears once, here, and not again at the
    end of the cell. Everything else is shown as IPython's ``display`` shows it. Terminals get text.

    Raises:
        ValueError: an object is a streaming DataFrame.
    """
    from IPython.display import display as show

    for obj in objs:
        show(_viewable(obj))


def _viewable(obj: Any) -> Any:
    """What to hand to IPython in place of ``obj``."""
    if isinstance(obj, _class_of("pyspark.sql", "DataFrame")):
        return _spark_table(obj)
    if isinstance(obj, _class_of("pyspark.pandas", "DataFrame")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # advice about memory, which 1,001 rows don't need
            return _pandas_table(obj.head(MAX_ROWS + 1).to_pandas())
    if isinstance(obj, _class_of("pandas", "DataFrame")):
        return _pandas_table(obj)
    if isinstance(obj, _class_of("matplotlib.figure", "Figure")):
        return _picture(obj)
    return obj


def _class_of(module: str, name: str) -> Any:
    """A class if its module is loaded, else no class at all: whoever has an instance has imported the module."""
    loaded = sys.modules.get(module)
    return () if loaded is None else getattr(loaded, name)


@dataclass(frozen=True)
class TableView:
    """Rows to look at, no more than `MAX_ROWS`. ``more`` tells that the table has others."""

    names: Sequence[str]
    types: Sequence[str]
    rows: Sequence[Sequence[Any]]
    more: bool

    def _repr_html_(self) -> str:
        numeric = [position for position, type_ in enumerate(self.types, 1) if _is_number_type(type_)]
        # A class on each cell would double a saved notebook's size. The rule's name tells which columns it is for, so
        # that tables on one page don't touch each other.
        name = "right-" + "-".join(map(str, numeric))
        style = _STYLE
        if numeric:
            cells = ", ".join(
                f".lakelab-table .{name} {tag}:nth-child({position})" for position in numeric for tag in ("th", "td")
            )
            style += f"{cells} {{ text-align: right; }}\n"
        head = "".join(
            f'<th>{escape(column)}<br><span class="dim">{escape(_clip(type_, 60))}</span></th>'
            for column, type_ in zip(self.names, self.types, strict=True)
        )
        body = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in self.rows)
        return (
            f'<div class="lakelab-table"><style>{style}</style><div class="scroll"><table class="{name}"><thead>'
            f"<tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
            f'<p class="dim">{self._note(len(self.rows))}</p></div>'
        )

    def __repr__(self) -> str:
        shown = self.rows[:_TEXT_ROWS]
        table = [tuple(_clip(name, _TEXT_CELL_LIMIT) for name in self.names)]
        table.append(tuple(_clip(type_, _TEXT_CELL_LIMIT) for type_ in self.types))
        table += [tuple(_clip(_cell_text(value), _TEXT_CELL_LIMIT) for value in row) for row in shown]
        left = {position for position, type_ in enumerate(self.types) if not _is_number_type(type_)}
        return "\n".join([*text_table(table, left), "", self._note(len(shown))])

    def _note(self, shown: int) -> str:
        """How many rows are shown, of how many."""
        if self.more:
            return f"The first {shown:,} rows; there are more than {len(self.rows):,}."
        total = f"{len(self.rows):,} {'row' if len(self.rows) == 1 else 'rows'}"
        return f"{total}." if shown == len(self.rows) else f"The first {shown:,} of {total}."


def text_table(rows: Iterable[Sequence[str]], left: set[int]) -> list[str]:
    """Rows of equal length as aligned lines; the columns in ``left`` are set flush left, the others flush right."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if position in left else cell.rjust(width)
            for position, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _spark_table(frame: Any) -> TableView:
    if frame.isStreaming:
        raise ValueError("display cannot show a stream, which has no end: write it to a table and display that.")
    # collect() would try one partition, then four times as many, and so on: a job each. This is one job for all.
    rows = list(itertools.islice(frame.limit(MAX_ROWS + 1).toLocalIterator(), MAX_ROWS + 1))
    types = [field.dataType.simpleString() for field in frame.schema.fields]
    return TableView(frame.columns, types, rows[:MAX_ROWS], more=len(rows) > MAX_ROWS)


def _pandas_table(frame: Any) -> TableView:
    import pandas as pd

    shown = frame.head(MAX_ROWS)
    plain_index = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    columns = [] if plain_index else [shown.index.get_level_values(level) for level in range(shown.index.nlevels)]
    names = [] if plain_index else ["" if name is None else str(name) for name in shown.index.names]
    columns += [shown.iloc[:, position] for position in range(shown.shape[1])]
    names += [str(name) for name in shown.columns]
    types = [str(column.dtype) for column in columns]
    rows = list(zip(*columns, strict=True)) if columns else [()] * len(shown)
    return TableView(names, types, rows, more=len(frame) > MAX_ROWS)


def _picture(figure: Any) -> Any:
    """The figure as a PNG image, taken from pyplot's list so that the notebook doesn't show it a second time."""
    from IPython.core.pylabtools import print_figure
    from IPython.display import Image

    png = print_figure(figure, "png")
    if (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:
        pyplot.close(figure)
    return Image(data=png) if png else figure  # an empty figure has no picture


def _is_number_type(type_: str) -> bool:
    return type_.lower().startswith(("bigint", "int", "smallint", "tinyint", "uint", "double", "float", "decimal"))


def _html_cell(value: Any) -> str:
    full = _cell_text(value)
    if _is_missing(value):
        return f'<td><i class="dim">{full}</i></td>'
    title = f' title="{escape(_clip(full, 2000))}"' if len(full) > 60 else ""
    return f"<td{title}>{escape(_clip(full, _CELL_LIMIT))}</td>"


def _is_missing(value: Any) -> bool:
    return _cell_text(value) in ("null", "NaN", "NaT", "<NA>") and not isinstance(value, str)


def _cell_text(value: Any) -> str:
    """A value as text; what is missing keeps its own name, because null and NaN behave differently."""
    if value is None:
        return "null"
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else repr(float(value))
    if isinstance(value, bytes | bytearray):
        return value.hex(" ")
    return str(value)


def _clip(value: str, limit: int) -> str:
    flat = " ".join(value.splitlines())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
