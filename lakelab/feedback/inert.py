"""Making what students produced harmless to look at: nothing in it can run, navigate, load or pretend to be the page around it.

HTML is not filtered but written anew: only known elements with known attributes come out, everything else is text. The time for that is
proportional to the size of the input, which is not true of general sanitizers on markup that was made to stall them.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

from nbformat import NotebookNode

MAX_HTML = 200_000
"""Characters of HTML of one output that are shown."""

MAX_TEXT = 20_000
"""Characters of text of one output that are shown."""

_DEEPEST = 50
"""Elements inside one another that are written; browsers and printers get slow on more."""

_TAGS = {
    *("a", "abbr", "b", "blockquote", "caption", "code", "colgroup", "dd", "del", "details", "div", "dl", "dt", "em"),
    *(
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "i",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
    ),
    *("strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
_EMPTY_TAGS = {"br", "col", "hr", "img"}
_LEFT_OUT_WITH_CONTENT = {
    *("script", "style", "template", "noscript", "noembed", "noframes", "iframe", "object", "applet", "svg", "math"),
    *("head", "title", "audio", "video", "canvas", "select", "textarea", "xmp", "plaintext"),
}
_ATTRIBUTES = {"align", "alt", "class", "colspan", "height", "open", "rowspan", "scope", "start", "title", "width"}
_STYLES = {
    *(
        "background-color",
        "border",
        "border-bottom",
        "border-collapse",
        "border-left",
        "border-right",
        "border-top",
        "color",
    ),
    *(
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "height",
        "max-width",
        "min-width",
        "padding",
        "padding-left",
    ),
    *("padding-right", "text-align", "text-decoration", "vertical-align", "white-space", "width"),
}
_STYLE_VALUE = re.compile(r"(?:[\w\s#.,%'-]|(?:rgba?|hsla?)\([\d\s.,%/]*\))+\Z", re.ASCII)
_LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]+\Z")
_SVG_BEGIN, _SVG_END = re.compile(r"<svg\b", re.IGNORECASE), re.compile(r"</svg\s*>", re.IGNORECASE)


class _Rewriter(HTMLParser):
    """Writes what it reads, as far as it is known to be harmless."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self._open: list[str] = []
        self._left_out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write a known element with its known attributes."""
        if self._left_out or tag in _LEFT_OUT_WITH_CONTENT:
            if tag in _LEFT_OUT_WITH_CONTENT and len(self._left_out) < _DEEPEST:
                self._left_out.append(tag)
        elif tag == "img":
            self.written.append(_picture({name: value or "" for name, value in attrs}))
        elif tag in _EMPTY_TAGS or (tag in _TAGS and len(self._open) < _DEEPEST):
            kept = {name: shown for name, value in attrs if (shown := _attribute(tag, name, value or "")) is not None}
            self.written.append(f"<{tag}{_written(kept)}>")
            if tag in _TAGS:
                self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those that were left open in it."""
        if self._left_out:
            if tag in self._left_out:
                while self._left_out.pop() != tag:
                    pass
        elif tag in self._open:
            while True:
                self.written.append(f"</{self._open[-1]}>")
                if self._open.pop() == tag:
                    break

    def handle_data(self, data: str) -> None:
        """Write text as text."""
        if not self._left_out:
            self.written.append(html.escape(data, quote=False))

    def result(self) -> str:
        """Return all that was written, with every element closed."""
        return "".join([*self.written, *(f"</{tag}>" for tag in reversed(self._open))])


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Return what may stay of an attribute, or None."""
    if name == "style":
        pairs = (part.partition(":") for part in value.split(";"))
        kept = [f"{key.strip()}: {text.strip()}" for key, _, text in pairs if _is_style(key, text)]
        return "; ".join(kept) or None
    if name == "href":
        return value.strip() if tag == "a" and _LINK.match(value.strip()) else None
    return value if name in _ATTRIBUTES else None


def _is_style(key: str, value: str) -> bool:
    return key.strip().lower() in _STYLES and len(value) < 200 and _STYLE_VALUE.match(value) is not None


def _picture(attributes: dict[str, str]) -> str:
    """Return a picture that the page itself holds; one from elsewhere would tell its server who reads the page."""
    source = attributes.get("src", "").strip()
    if not _PICTURE.match(source):
        return f"[a picture that is not in the notebook: {html.escape(attributes.get('alt') or 'no description')}]"
    kept = {name: value for name, value in attributes.items() if name in ("width", "height") and value.isdigit()}
    return f"<img{_written({'alt': attributes.get('alt') or 'A picture', **kept, 'src': source})}>"


def inert_html(markup: str) -> str:
    """Return `markup` without anything active: scripts, handlers, forms, frames, other protocols, remote pictures.

    A drawing (`<svg>`) becomes a picture, in which browsers run and load nothing.
    """
    if len(markup) > MAX_HTML:
        return f"<p>[This output has {len(markup):,} characters of HTML; it is not shown here.]</p>"
    rewriter = _Rewriter()
    try:
        # Comments and a tag without an end are taken out first: HTMLParser would look for their ends again and again.
        complete, bracket, rest = _with_pictures(_without_comments(markup)).rpartition(">")
        rewriter.feed(complete + bracket)
        rewriter.close()
        rewriter.handle_data(html.unescape(rest))
    except AssertionError:  # HTMLParser's answer to some malformed declarations
        return f"<pre>{html.escape(_shortened(markup))}</pre>"
    return rewriter.result()


def _without_comments(markup: str) -> str:
    parts, position = [], 0
    while (begin := markup.find("<!--", position)) >= 0 and (end := markup.find("-->", begin + 4)) >= 0:
        parts.append(markup[position:begin])
        position = end + 3
    return "".join([*parts, markup[position:].replace("<!--", "")])


def _with_pictures(markup: str) -> str:
    """Put a picture in the place of every drawing."""
    parts, position = [], 0
    while (begin := _SVG_BEGIN.search(markup, position)) and (end := _SVG_END.search(markup, begin.end())):
        parts += [markup[position : begin.start()], svg_picture(markup[begin.start() : end.end()])]
        position = end.end()
    return "".join([*parts, markup[position:]])


def svg_picture(svg: str) -> str:
    """Return an `<img>` that shows a drawing, or a note where it is not the XML that a picture needs to be."""
    if "xmlns" not in svg.partition(">")[0]:
        svg = _SVG_BEGIN.sub('<svg xmlns="http://www.w3.org/2000/svg"', svg, count=1)
    try:
        ElementTree.fromstring(svg)
    except (ElementTree.ParseError, ValueError):
        return "<p>[a drawing that can't be shown here]</p>"
    data = base64.b64encode(svg.encode("utf-8", "replace")).decode("ascii")
    return f'<img alt="A drawing" src="data:image/svg+xml;base64,{data}">'


def inert_output(output: NotebookNode) -> None:
    """Reduce an output in place to what can be shown safely; kinds of data that would need a script are dropped."""
    if output.output_type == "stream":
        output.text = _shortened(output.text)
    elif output.output_type in ("display_data", "execute_result"):
        size = output.get("metadata", {})
        output.metadata = NotebookNode()
        for kind in ("image/png", "image/jpeg"):
            numbers = size.get(kind) if isinstance(size.get(kind), dict) else {}
            kept = {key: value for key, value in numbers.items() if key in ("width", "height") and type(value) is int}
            if kept:
                output.metadata[kind] = NotebookNode(kept)
        output.data = NotebookNode(
            {kind: shown for kind, value in output.data.items() if (shown := _inert_data(kind, value)) is not None}
        )


def _inert_data(kind: str, value: Any) -> str | None:
    """Return what may be shown of one representation, or None."""
    text = "".join(map(str, value)) if isinstance(value, list) else str(value)
    if kind == "text/html":
        return inert_html(text)
    if kind in ("text/plain", "text/markdown", "text/latex"):
        return _shortened(text)
    if kind in ("image/png", "image/jpeg"):
        return text if _is_base64(text) else None
    if kind == "image/svg+xml":  # nbconvert shows it as a picture
        return text if len(text) <= 10 * MAX_HTML else None
    return None


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _shortened(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    half = MAX_TEXT // 2
    return f"{text[:half]}\n[… {len(text) - MAX_TEXT:,} characters are not shown here …]\n{text[-half:]}"
