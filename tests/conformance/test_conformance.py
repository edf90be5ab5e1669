"""Every row of the conformance table holds, the comparison notices differences, and the page is what the table gives."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.page import PAGE, areas, page
from conformance.table import Context, Row, signature


def _parameters() -> list[Any]:
    return [
        pytest.param(row.check, id=f"{area.name}: {row.api}: {row.says}"[:120], marks=[pytest.mark.spark] * row.spark)
        for area in areas()
        for row in area.rows
        if row.check is not None
    ]


@pytest.mark.parametrize("check", _parameters())
def test_row(check: Any, context: Context) -> None:
    check(context)


def test_page_is_what_the_table_gives() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make conformance`"


@pytest.mark.parametrize("area", areas(), ids=lambda area: area.name)
def test_no_statement_stands_twice(area: Any) -> None:
    said = [(row.api, row.says) for row in area.rows]
    assert len(set(said)) == len(said)


class Original:
    def same(self, a: str, b: int = 3, *rest: str, c: list[str] | None = None, **kwargs: Any) -> None: ...

    def other(self, a: str, *, b: dict[str, int] = {"x": 1}) -> None: ...  # noqa: B006


@pytest.mark.parametrize(
    ("written", "difference"),
    [
        ("(self, a, b=3, *rest, c: Optional[List[str]]=None, **kwargs) -> X", None),
        ("(self, a, b=..., *rest, c=None, **kwargs)", None),
        ("(self, a, b=4, *rest, c=None, **kwargs)", "parameter 2 is documented as b=4 and here b=3"),
        ("(self, a, b, *rest, c=None, **kwargs)", "parameter 2 is documented as b and here b=3"),
        ("(self, a=..., b=3, *rest, c=None, **kwargs)", "parameter 1 is documented as a=... and here a"),
        ("(self, b=3, *rest, c=None, **kwargs)", "parameter 1 is documented as b=3 and here a"),
        ("(self, a, b=3, *rest, c=None)", r"parameter 5 is \*\*kwargs here and not documented"),
        ("(self, a, b=3, *rest, c=None, d=1, **kwargs)", "parameter 6 is documented as .*kwargs and missing here"),
        ("(self, a, *, b=3, **kwargs)", r"parameter 2 is documented as b=3 \(keyword only\) and here b=3"),
    ],
)
def test_a_different_signature_is_noticed(written: str, difference: str | None, context: Context) -> None:
    row = signature("Original.same", written, lambda: Original().same)
    assert row.check is not None
    if difference is None:
        row.check(context)
    else:
        with pytest.raises(AssertionError, match=difference):
            row.check(context)


def test_a_dictionary_default_is_compared_by_value(context: Context) -> None:
    row = signature("Original.other", "(self, a, *, b: Dict[str, Any]={'x': 1})", lambda: Original.other)
    assert row.check is not None
    row.check(context)


def test_an_approximated_signature_must_differ(context: Context) -> None:
    row = signature("o", "(self, a, *, b={'x': 1})", lambda: Original.other, status="approximated", note="It does not.")
    assert row.check is not None
    with pytest.raises(AssertionError, match="its row should say so"):
        row.check(context)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"status": "same"}, "needs a check"),
        ({"status": "approximated", "note": "n"}, "needs a check"),
        ({"status": "absent"}, "needs a note"),
        ({"status": "similar", "note": "n"}, "none of same"),
        ({"status": "absent", "note": "two\nlines"}, "one line each"),
    ],
)
def test_an_incomplete_row_is_refused(row: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Row("api", "says", **row)
