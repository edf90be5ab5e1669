"""What a text says of this program, taken out: on Databricks it would send readers after commands that are not there."""

from __future__ import annotations

import re

_COUNTERPARTS = re.compile(r"\blakelab\.(automl|feature_engineering|feature_store)\b")
_IN_A_PATH = re.compile(r"(?<=/)lakelab\b")
_NAME_FIRST = re.compile(r"(^|[.!?:] +|^[#>*|\- ]+)LakeLab\b", re.MULTILINE)
_NAME = re.compile(r"\bLakeLab\b")
_MENTION = re.compile("lakelab", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])(\s+)(?=[A-Z0-9`*\[(!])")
_BULLET = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")


def without_mentions(markdown: str) -> tuple[str, list[str]]:
    """Return a Markdown text in which nothing mentions LakeLab, and the sentences, table rows and lines that were left out for it.

    The name of the course becomes "the course", modules that Databricks has under another name get that name, and what speaks of
    commands, settings or files of LakeLab goes.
    """
    text = _COUNTERPARTS.sub(r"databricks.\1", markdown)
    text = _IN_A_PATH.sub("course", text)
    text = _NAME_FIRST.sub(r"\1This course", text)
    text = _NAME.sub("the course", text)
    if not _MENTION.search(text):
        return text, []
    kept: list[str] = []
    dropped: list[str] = []
    for block, is_code in _blocks(text):
        if not _MENTION.search(block):
            kept.append(block)
        elif is_code or block.lstrip().startswith("|"):
            dropped.append(block.strip())
        elif block.startswith("#"):
            kept.append(_MENTION.sub("course", block))
        else:
            rest = _without_sentences(block, dropped)
            if _BULLET.sub("", rest, count=1).strip():
                kept.append(rest)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n"), dropped


def _blocks(text: str) -> list[tuple[str, bool]]:
    """Split a text into what is dropped or kept as one: paragraphs, list items, table rows, lines of code (which is True for)."""
    blocks: list[tuple[str, bool]] = []
    fenced = joined = False
    for line in text.split("\n"):
        if line.lstrip().startswith("```"):
            fenced = not fenced
            blocks.append((line, False))
            joined = False
        elif fenced or (line.startswith("    ") and not joined):
            blocks.append((line, True))
        elif not line.strip() or line.startswith(("#", "|")) or _BULLET.match(line) or not joined:
            blocks.append((line, False))
            joined = bool(line.strip()) and not line.startswith(("#", "|"))
        else:
            blocks[-1] = (f"{blocks[-1][0]}\n{line}", False)
    return blocks


def _without_sentences(block: str, dropped: list[str]) -> str:
    bullet = match[0] if (match := _BULLET.match(block)) else ""
    parts = _SENTENCE_END.split(block[len(bullet) :])
    sentences, gaps = parts[::2], ["", *parts[1::2]]
    kept = ""
    for gap, sentence in zip(gaps, sentences, strict=True):
        if _MENTION.search(sentence):
            dropped.append(" ".join(sentence.split()))
        else:
            kept += (gap if kept else "") + sentence
    return bullet + kept
