"""A `Profile` to look at: HTML for notebooks, text for terminals, logs and executed copies of notebooks.

The HTML needs neither scripts nor fonts nor files. Text takes the page's own colour, lines are half-transparent, and the
two fill colours are a blue and an orange that stand out from light and dark grounds and are told apart by colour-blind
readers; nothing is said by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape

from lakelab.dbutils.profile import ColumnProfile, Histogram, Profile
from lakelab.display import text_table

_STYLE = """
.lakelab-profile { font-family: var(--jp-ui-font-family, system-ui, sans-serif); font-size: 12px; line-height: 1.35; }
.lakelab-profile .scroll { overflow-x: auto; margin: 0 0 14px; }
.lakelab-profile p { margin: 0 0 10px; }
.lakelab-profile h4 { font-size: 12px; margin: 0 0 3px; font-weight: 600; }
.lakelab-profile table { border-collapse: collapse; border: none; margin: 0; font-size: 12px; table-layout: auto;
  color: inherit; }
.lakelab-profile th, .lakelab-profile td { padding: 4px 10px; text-align: right; white-space: nowrap; border: none;
  border-bottom: 1px solid rgba(128, 128, 128, 0.35); vertical-align: middle; background: none; max-width: none;
  font-variant-numeric: tabular-nums; }
.lakelab-profile thead th { font-weight: 600; border-bottom: 1px solid rgba(128, 128, 128, 0.8); }
.lakelab-profile tbody th { font-weight: 600; text-align: left; }
.lakelab-profile .left { text-align: left; }
.lakelab-profile .dim { opacity: 0.68; font-weight: 400; }
.lakelab-profile .warn { box-shadow: inset 0 -3px 0 #d9730d; font-weight: 600; }
.lakelab-profile svg { display: block; }
.lakelab-profile .bar { fill: #3a87cf; }
.lakelab-profile .base { stroke: rgba(128, 128, 128, 0.8); stroke-width: 1; }
.lakelab-profile .top { display: grid; grid-template-columns: minmax(60px, max-content) 120px max-content max-content;
  column-gap: 8px; align-items: center; text-align: right; }
.lakelab-profile .top :nth-child(4n + 1) { text-align: left; }
.lakelab-profile .top .track { display: block; height: 9px; background: rgba(128, 128, 128, 0.18); }
.lakelab-profile .top i { display: block; height: 9px; background: #3a87cf; min-width: 1px; }
"""

_WIDTH, _HEIGHT = 168, 36
_TEXT_LIMIT = 32
_OTHERS = "Other columns"
_BLOCKS = " ▁▂▃▄▅▆▇█"


class ProfileView:
    """Shows a profile wherever Python shows objects: ``_repr_html_`` in notebooks, ``repr`` elsewhere."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def _repr_html_(self) -> str:
        return html(self.profile)

    def __repr__(self) -> str:
        return text(self.profile)


# ----------------------------------------------------------------------------------------------------------------------
# Words and numbers


def format_number(value: float, whole: bool = False) -> str:
    """A number for people: four significant digits, thousands set apart from 10,000 on; whole numbers in full."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size >= 1e15 or 0 < size < 1e-3:
        shown = f"{value:.3e}"
    elif size >= 10_000:
        shown = f"{value:,.0f}"
    elif whole and value == int(value):
        shown = f"{value:.0f}"
    else:
        shown = f"{value:.4g}"
    return shown.replace("-", "−")


def format_share(part: int, total: int) -> str:
    """A percentage that calls only nothing 0 % and only everything 100 %."""
    if total == 0 or part == 0:
        return "0 %"
    share = 100 * part / total
    if share < 0.1:
        return "< 0.1 %"
    if 99.9 < share < 100:
        return "> 99.9 %"
    return f"{share:.1f} %" if part != total else "100 %"


def _clip(value: str) -> str:
    flat = " ".join(value.split()) or repr(value)
    return flat if len(flat) <= _TEXT_LIMIT else flat[: _TEXT_LIMIT - 1] + "…"


def format_count(count: int) -> str:
    """A count of rows, in full."""
    return f"{count:,}"


def _distinct(column: ColumnProfile) -> str:
    if column.distinct is None:
        return "–"
    return ("≈ " if column.estimated else "") + format_count(column.distinct)


def _headline(profile: Profile) -> str:
    rows, columns = format_count(profile.rows), len(profile.columns)
    size = f"{rows} {'row' if profile.rows == 1 else 'rows'} × {columns} {'column' if columns == 1 else 'columns'}"
    if profile.approximate:
        return f"{size}. Quantiles are approximate, and so are counts marked ≈; precise=True makes them exact."
    return f"{size}. All numbers are exact."


def _sections(profile: Profile) -> Iterable[tuple[str, tuple[str, ...], list[tuple[ColumnProfile, tuple[str, ...]]]]]:
    """Title, names of the statistics, and rows of each kind of column that the table has."""
    body: list[tuple[ColumnProfile, tuple[str, ...]]]
    numbers, categories, times, others = (
        [column for column in profile.columns if column.kind == kind]
        for kind in ("number", "category", "time", "other")
    )
    if numbers:
        body = [(c, (_distinct(c), *_statistics(c))) for c in numbers]
        yield "Numbers", ("distinct", "mean", "std", "min", "25 %", "median", "75 %", "max", "zeros"), body
    if categories:
        body = [(c, (_distinct(c),)) for c in categories]
        yield "Categories", ("distinct",), body
    if times:
        body = [(c, (_distinct(c), c.first or "–", c.last or "–")) for c in times]
        yield "Dates and times", ("distinct", "first", "last"), body
    if others:
        yield _OTHERS, (), [(column, ()) for column in others]


def _statistics(column: ColumnProfile) -> tuple[str, ...]:
    """Mean, standard deviation, minimum, quantiles, maximum and share of zeros."""
    n = column.numbers
    if n is None:
        return ("–",) * 8
    ends = (format_number(value, column.whole) for value in (n.min, *n.quantiles, n.max))
    return (format_number(n.mean), format_number(n.std), *ends, format_share(n.zeros, column.count))


# ----------------------------------------------------------------------------------------------------------------------
# HTML


def html(profile: Profile) -> str:
    """The profile as an HTML fragment."""
    parts = [f'<div class="lakelab-profile"><style>{_STYLE}</style><p>{escape(_headline(profile))}</p>']
    for title, statistics, body in _sections(profile):
        picture = "" if title == _OTHERS else '<th class="left">distribution</th>'
        head = "".join(f"<th>{escape(name)}</th>" for name in ("count", "missing", *statistics))
        parts.append(
            f'<h4>{escape(title)}</h4><div class="scroll"><table><thead><tr><th class="left">column</th>{picture}{head}'
            "</tr></thead><tbody>"
        )
        for column, cells in body:
            drawing = f'<td class="left">{_drawing(column)}</td>' if picture else ""
            values = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            parts.append(
                f'<tr><th title="{escape(column.name)}">{escape(_clip(column.name))}<br>'
                f'<span class="dim">{escape(_clip(column.type))}</span></th>{drawing}'
                f"<td>{format_count(column.count)}</td>{_missing(column, profile.rows)}{values}</tr>"
            )
        parts.append("</tbody></table></div>")
    return "".join(parts) + "</div>"


def _missing(column: ColumnProfile, rows: int) -> str:
    if not column.missing:
        return '<td><span class="dim">0</span></td>'
    number, share = format_count(column.missing), format_share(column.missing, rows)
    return f'<td><span class="warn">{number}</span><br><span class="dim">{share}</span></td>'


def _drawing(column: ColumnProfile) -> str:
    if column.histogram is not None:
        return _histogram(column, column.histogram)
    if column.top:
        return _top_values(column)
    why = (
        "no values" if not column.count else "values hardly repeat" if column.kind == "category" else "infinite values"
    )
    return f'<span class="dim">{why}</span>'


def _histogram(column: ColumnProfile, histogram: Histogram) -> str:
    highest = max(1, *histogram.counts)
    step = _WIDTH / max(len(histogram.counts), 6)  # a column of one or two values does not get a wall
    bars = []
    for position, count in enumerate(histogram.counts):
        # One pixel at least, so that a lonely outlier can be seen.
        height = max(1.0, (_HEIGHT - 2) * count / highest) if count else 0.0
        low = histogram.low + position * histogram.width
        label = f"{_interval(column, low, histogram.width)}: {format_count(count)}"
        bars.append(
            f'<rect class="bar" x="{position * step:.1f}" y="{_HEIGHT - 1 - height:.1f}" width="{step - 1:.1f}" '
            f'height="{height:.1f}"><title>{escape(label)}</title></rect>'
        )
    return (
        f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="Histogram of {escape(column.name)}">'
        f'{"".join(bars)}<line class="base" x1="0" x2="{_WIDTH}" y1="{_HEIGHT - 0.5}" y2="{_HEIGHT - 0.5}"/></svg>'
    )


def _interval(column: ColumnProfile, low: float, width: float) -> str:
    """What a bar covers, in words."""
    if column.kind == "time":
        try:
            ends = [datetime.fromtimestamp(second, UTC) for second in (low, low + width)]
        except (OverflowError, ValueError, OSError):  # Spark knows years that Python does not
            return "outside Python's calendar"
        return " to ".join(f"{end:%Y-%m-%d %H:%M}" for end in ends)
    if column.whole:
        last = low + width - 1
        return format_number(low, True) if width == 1 else f"{format_number(low, True)} to {format_number(last, True)}"
    return f"{format_number(low)} to {format_number(low + width)}"


def _top_values(column: ColumnProfile) -> str:
    # A bar's full length stands for all known values, so that rare values of many look rare.
    cells = [
        f'<span title="{escape(value)}">{escape(_clip(value))}</span>'
        f'<span class="track"><i style="width: {100 * count / column.count:.1f}%"></i></span>'
        f'<span>{format_count(count)}</span><span class="dim">{format_share(count, column.count)}</span>'
        for value, count in column.top
    ]
    if rest := column.count - sum(count for _, count in column.top):
        share = format_share(rest, column.count)
        cells.append(
            '<span class="dim">others</span><span></span>'
            f'<span class="dim">{format_count(rest)}</span><span class="dim">{share}</span>'
        )
    return f'<div class="top">{"".join(cells)}</div>'


# ----------------------------------------------------------------------------------------------------------------------
# Text


def text(profile: Profile) -> str:
    """The profile as aligned text, with histograms of block characters."""
    lines = [_headline(profile)]
    for title, statistics, body in _sections(profile):
        lines += ["", title]
        table = [("", "type", "count", "missing", *statistics, "" if title == _OTHERS else "distribution")]
        for column, cells in body:
            count = format_count(column.count)
            missing = format_count(column.missing)
            if column.missing:
                missing += f" ({format_share(column.missing, profile.rows)})"
            table.append((_clip(column.name), _clip(column.type), count, missing, *cells, _text_drawing(column)))
        lines += text_table(table, left={0, 1, len(table[0]) - 1})
    return "\n".join(lines)


def _text_drawing(column: ColumnProfile) -> str:
    if column.histogram is not None:
        highest = max(1, *column.histogram.counts)
        return "".join(_BLOCKS[math.ceil((len(_BLOCKS) - 1) * count / highest)] for count in column.histogram.counts)
    return ", ".join(f"{_clip(value)} {format_share(count, column.count)}" for value, count in column.top)
