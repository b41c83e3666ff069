"""The words of a Prisma schema file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from ci_gate.data import dataclass
from ci_gate.regex import regex

Kind = Literal["word", "text", "mark", "line", "bad"]

_TOKEN: Final = regex(
    r"(?P<space>[ \t\r\f\ufeff]+)|(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))|(?P<line>\n)"
    r"|(?P<word>-?[0-9][0-9.]*|[^\W\d][\w-]*(?:\.[^\W\d][\w-]*)*)"
    r"|\"(?P<text>(?:[^\"\\\n]|\\.)*)\"|(?P<mark>@@?|[{}()\[\],:=?!])|(?P<bad>.)",
    re.DOTALL,
)
_ESCAPE: Final = regex(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    line: int


def tokens(text: str) -> Iterator[Token]:
    """All tokens without blanks and comments; line ends are tokens."""
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        written = match.group()
        if kind == "line":
            yield Token("line", "\n", line)
        elif kind == "text":
            yield Token("text", _ESCAPE.sub(r"\1", match["text"]), line)
        elif kind in ("word", "mark", "bad"):
            yield Token(kind, written, line)  # type: ignore[arg-type]
        line += written.count("\n")
