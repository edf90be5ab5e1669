"""Making an executed notebook harmless to open, for `autograded/`: Formgrader renders it in the browser of whoever grades.

What could act is shown as the text that it is. Nothing is cut or written anew, because feedback has yet to find quotations of hidden tests in it.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from nbformat import NotebookNode

# Elements that load, run or pretend, attributes with code, addresses with code: broader than need be, for the price is only that it is shown as
# text. Every repetition is bounded or can't overlap with what follows, so that no text takes more than time in proportion to its length.
_ACTIVE = re.compile(
    r"<\s{0,9}/?\s{0,9}(?:script|iframe|frame|frameset|object|embed|applet|link|meta|base|form|input|button|textarea|template|math|audio|video|marquee)\b"
    r"|[\s/\"']on\w{1,40}\s{0,9}=|srcdoc|formaction|@import|url\s{0,9}\(|expression\s{0,9}\("
    r"|(?:java|vb|live)\s{0,9}script\s{0,9}:|data\s{0,9}:\s{0,9}(?:text|application)|&(?:colon|tab|newline|lpar)"
    r"|(?:href|src)\s{0,9}=[^>]{0,200}&\#|\]\([^)]{0,200}&\#",
    re.IGNORECASE,
)
# A picture in SVG refers to parts of itself, but to nothing else.
_ACTIVE_PICTURE = re.compile(
    r"<\s{0,9}(?:script|foreignObject|iframe|use|animate|set|handler|image)\b|\son\w{1,40}\s{0,9}=|script\s{0,9}:"
    r"|href\s{0,9}=\s{0,9}[\"']?\s{0,9}[^#\"'\s]|<!ENTITY",
    re.IGNORECASE,
)
_FENCE = "`" * 12

_RENDERED = ("text/html", "text/markdown", "text/latex", "image/svg+xml")
_ALWAYS_ACTIVE = ("application/javascript", "text/javascript", "application/ecmascript")


def harmless(nb: NotebookNode) -> NotebookNode:
    """Return a copy of an executed notebook in which nothing can act."""
    result = copy.deepcopy(nb)
    for cell in result.cells:
        if cell.cell_type == "raw" or (cell.cell_type == "markdown" and is_active(cell.source)):
            cell.source = f"{_FENCE}\n{cell.source}\n{_FENCE}"
            if cell.cell_type == "raw":  # nbconvert would write it into the page as it is
                cell.cell_type = "markdown"
        for output in cell.get("outputs", []):
            if "data" in output:
                _quieten(output.data)
    return result


def is_active(text: str) -> bool:
    """Whether text that is rendered as HTML may do more than be looked at; spaces and control characters inside words hide nothing."""
    plain = re.sub(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\ufeff]+", " ", text)
    patterns = [_ACTIVE, _ACTIVE_PICTURE] if "<svg" in text.lower() else [_ACTIVE]
    return any(pattern.search(form) for pattern in patterns for form in (text, plain))


def _quieten(data: dict[str, Any]) -> None:
    """Replace what is active in an output's data by its text."""
    told = []
    for kind in list(data):
        text = _text(data[kind])
        if (kind in _RENDERED and is_active(text)) or kind in _ALWAYS_ACTIVE:
            del data[kind]
            told.append(f"[{kind}, shown as text because it is active]\n{text}")
    if told:
        data["text/plain"] = "\n".join([_text(data.get("text/plain", "")), *told]).strip()


def _text(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value)
