"""Text from strangers, made safe for GitHub's Markdown and for Mermaid."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from ci_gate.regex import regex
from ci_gate.reports.text import clean, whole

_BREAK: Final = "&#8203;"  # a zero-width space: neither a mention nor a link forms across it
_TICKS: Final = regex("`+")
_SPAN: Final = regex("(?<!`)`([^`]+)`(?!`)")
_BLOCK_START: Final = regex(r"(?:[-+]|\d+[.)]|#+)(?:\s|$)|>|[-=][-=\s]*$")
_SPECIAL: Final = regex(r"[\\*\[\]|~`]|(?<![^\W_])_+|_+(?![^\W_])")
_COMMIT: Final = regex(r"(?i)(?<![0-9a-z])[0-9a-f]{7,}(?![0-9a-z])")
_NOT_LABEL: Final = regex(r"[^\w ./-]")


def prose(text: str, limit: int = 600) -> str:
    """Running text: spans in single backticks stay code, everything else is plain."""
    parts = _SPAN.split(clean(text, limit))
    made = ""
    for place, part in enumerate(parts):  # a span of spaces gives nothing: what follows is first
        made += code(part) if place % 2 else _plain(part, first=not made.strip())
    return made


def _plain(text: str, *, first: bool) -> str:
    text = _SPECIAL.sub(lambda found: "".join(f"\\{c}" for c in found[0]), text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace("$", "&#36;")
    text = text.replace("@", f"@{_BREAK}").replace("://", f":{_BREAK}//")
    text = re.sub(r"(?i)\bwww\.", f"www{_BREAK}.", text)
    text = re.sub(r"(?i)\b(gh)-(?=\d)", rf"\1-{_BREAK}", text)
    text = re.sub(r"(?<!&)#(?=\d)", f"#{_BREAK}", text)
    text = _COMMIT.sub(lambda found: _BREAK.join(re.findall(".{1,6}", found[0])), text)
    return f"{_BREAK}{text}" if first and _BLOCK_START.match(text.lstrip()) else text


def code(text: str, limit: int = 400) -> str:
    """A code span that no backtick inside can end; safe in a table cell."""
    text = _unmarked(clean(text, limit)).replace("|", "\u2502")
    if not text:
        return ""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def block(text: str, language: str = "text") -> str:
    """A fenced block that nothing inside can end; its lines are clean already."""
    text = _unmarked(text)
    marks = fence(text)
    return f"{marks}{language}\n{text}\n{marks}"


def fence(text: str) -> str:
    """Backticks, more than ``text`` has in a row."""
    return "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(text)), default=0))


def _unmarked(text: str) -> str:
    """Without what looks like the hidden marks by which own comments are found again."""
    return text.replace("<!--", "<! --")


def link(text: str, path: str, line: int, prefix: str) -> str:
    """A link to a line of a file under ``prefix``; the text alone where there is no prefix."""
    shown = code(text)
    if not prefix:
        return shown
    target = quote(whole(path), safe="/-._~")
    return f"[{shown}]({prefix}{target}#L{max(1, line)})"


def label(text: str, limit: int = 40) -> str:
    """Words inside a quoted Mermaid label: letters, digits and a few harmless signs."""
    return " ".join(_NOT_LABEL.sub(" ", clean(text, limit).replace("…", "")).split()) or "layer"
