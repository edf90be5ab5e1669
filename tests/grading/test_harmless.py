"""What is active in a submission's cells and outputs is text in what instructors open."""

from __future__ import annotations

import time

import nbformat
import pytest

from lakelab.grading.harmless import harmless, is_active

ACTIVE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img/onerror=alert(1) src=x>",
    '<img title=">" onload=alert(1)>',
    "<ScRiPt\n>x",
    "< /script>",
    "[click](javascript:alert(1))",
    "<a href='java\tscript:alert(1)'>",
    "<a href='&#106;avascript:alert(1)'>",
    "[click](&#106;avascript:alert(1))",
    '<a href="data:text/html,<b>">',
    "<iframe srcdoc='x'>",
    "<svg onload=alert(1)>",
    "<svg><use href='http://example.org/x'/></svg>",
    "<style>@import 'x'</style>",
    "<div style='background: url(x)'>",
    "<form action=x>",
    "<meta http-equiv=refresh content=0>",
]
INNOCENT = [
    "<table border='1'><tr><td>1 &lt; 2 &amp; 3</td></tr></table>",
    "<style scoped>.dataframe td { text-align: right }</style>",
    "**bold**, `code`, a < b and c > d, on = 3",
    "<svg><path d='M0 0'/><text>on</text></svg>",
    "[a page](https://example.org/the-base)",
    "$x < y$",
]


@pytest.mark.parametrize("text", ACTIVE)
def test_active_html_becomes_text(text: str) -> None:
    output = nbformat.v4.new_output("display_data", {"text/html": text, "text/plain": "<object>"})
    nb = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("1", outputs=[output]), nbformat.v4.new_markdown_cell(text)]
    )
    before = nbformat.writes(nb)
    quiet = harmless(nb)
    assert set(quiet.cells[0].outputs[0].data) == {"text/plain"}
    assert text in quiet.cells[0].outputs[0].data["text/plain"]
    assert quiet.cells[1].source == f"{'`' * 12}\n{text}\n{'`' * 12}"
    nbformat.validate(quiet)
    assert nbformat.writes(nb) == before


@pytest.mark.parametrize("text", INNOCENT)
def test_innocent_html_stays(text: str) -> None:
    output = nbformat.v4.new_output("execute_result", {"text/html": text}, execution_count=1)
    nb = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("1", outputs=[output]), nbformat.v4.new_markdown_cell(text)]
    )
    assert harmless(nb) == nb


def test_other_kinds() -> None:
    data = {
        "application/javascript": "alert(1)",
        "image/svg+xml": ["<svg>", "<script>alert(1)</script></svg>"],
        "image/png": "aGk=",
        "application/vnd.plotly.v1+json": {"data": []},
    }
    output = nbformat.v4.new_output("display_data", data)
    stream = nbformat.v4.new_output("stream", text="<script>")  # always shown as text
    nb = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("1", outputs=[output, stream]), nbformat.v4.new_raw_cell("<script>")]
    )
    quiet = harmless(nb)
    assert set(quiet.cells[0].outputs[0].data) == {"image/png", "application/vnd.plotly.v1+json", "text/plain"}
    assert quiet.cells[0].outputs[1].text == "<script>"
    assert (quiet.cells[1].cell_type, quiet.cells[1].source.splitlines()[1]) == ("markdown", "<script>")


@pytest.mark.parametrize("piece", ["<", " ", "< ", "href=", "](", " on", "java ", "data : ", "url ", "<svg", "onon"])
def test_time_is_proportional_to_length(piece: str) -> None:
    began = time.process_time()
    is_active(piece * 100_000)
    assert time.process_time() - began < 2
