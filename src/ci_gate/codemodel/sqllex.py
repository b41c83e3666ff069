"""Placeholders in SQL text, and the parts of it that are no code: strings, comments, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from ci_gate.data import dataclass
from ci_gate.regex import regex

#: ``qmark`` ``?``, ``numeric`` ``$1``, ``colon`` ``:name``, ``format`` ``%s``, ``pyformat``
#: ``%(name)s``.
Style = Literal["qmark", "numeric", "colon", "format", "pyformat"]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A place in the text for a value; ``name`` is that of a named one, ``number`` that of ``$1``.

    ``quoted``: it stands in a string literal or a comment.
    """

    style: Style
    start: int
    end: int
    name: str | None = None
    number: int | None = None
    quoted: bool = False


_OPAQUE: Final = regex(
    r"""'(?:[^']|'')*(?:'|$)              # string
    | (?P<dollar>\$(?:[A-Za-z_]\w*)?\$).*?(?:(?P=dollar)|$)  # dollar quoted
    | "(?:[^"]|"")*(?:"|$)               # quoted name
    | `[^`]*(?:`|$)
    | --[^\n]*                           # comment
    | /\*.*?(?:\*/|$)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED: Final = regex(r"\b[eE]'(?:[^'\\]|\\.|'')*(?:'|$)", re.DOTALL)
#: ``??`` stands for a name where the library puts values into the text itself; ``\?`` is no
#: placeholder there.
_QMARK: Final = regex(r"(?<!\\)\?(?:\?|(?P<number>\d+))?")
_NUMERIC: Final = regex(r"(?<![\w$])\$(?P<number>\d+)")
_COLON: Final = regex(r"(?<![:\w\x5c]):(?P<name>\w+)(?![:\w])")
_SQLITE_NAMED: Final = regex(r"(?<![:\w]):(?P<name>[A-Za-z_]\w*)|[@$](?P<other>[A-Za-z_]\w*)")
_FORMAT: Final = regex(r"%(?:%|\((?P<name>[^)]*)\)[sbt]|(?P<plain>[sbt]))")


def opaque(text: str) -> list[tuple[int, int]]:
    """The spans of strings, comments and quoted names."""
    return [(match.start(), match.end()) for match in _opaque_matches(text)]


def _opaque_matches(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while True:
        match = _OPAQUE.search(text, position)
        if match is None:
            return
        if text[match.start()] == "'" and text[match.start() - 1 : match.start()] in ("e", "E"):
            match = _ESCAPED.match(text, match.start() - 1) or match
        yield match
        position = max(match.end(), position + 1)


def without_opaque(text: str) -> str:
    """The text with strings, comments and quoted names blanked out, at the same offsets."""
    parts: list[str] = []
    position = 0
    for start, end in opaque(text):
        parts.append(text[position:start])
        parts.append(re.sub(r"[^\n]", " ", text[start:end]))
        position = end
    parts.append(text[position:])
    return "".join(parts)


def placeholders(text: str, styles: frozenset[Style], *, server: bool) -> list[Placeholder]:
    """The placeholders of the given styles.

    ``server``: the database finds them (it passes over strings and comments); else the driver or
    library does, by searching the text as a whole.
    """
    spans = opaque(text)
    found: list[Placeholder] = []
    if "qmark" in styles:
        found.extend(
            Placeholder(
                "qmark", m.start(), m.end(), None, int(m["number"]) if m["number"] else None
            )
            for m in _QMARK.finditer(text)
        )
    if "numeric" in styles:
        found.extend(
            Placeholder("numeric", m.start(), m.end(), None, int(m["number"]))
            for m in _NUMERIC.finditer(text)
        )
    if "colon" in styles:
        pattern = _SQLITE_NAMED if server else _COLON
        found.extend(
            Placeholder("colon", m.start(), m.end(), m["name"] or m.groupdict().get("other"))
            for m in pattern.finditer(text)
        )
    if "format" in styles or "pyformat" in styles:
        for m in _FORMAT.finditer(text):
            if m["plain"] is not None:
                found.append(Placeholder("format", m.start(), m.end()))
            elif m["name"] is not None:
                found.append(Placeholder("pyformat", m.start(), m.end(), m["name"]))
    marked = [_marked(item, spans) for item in found]
    kept = [item for item in marked if not (server and item.quoted)]
    return sorted(kept, key=lambda item: item.start)


def _marked(item: Placeholder, spans: list[tuple[int, int]]) -> Placeholder:
    if any(start <= item.start < end for start, end in spans):
        return Placeholder(item.style, item.start, item.end, item.name, item.number, True)
    return item


#: What :func:`masked` puts in place of strings and quoted names.
MASK: Final = "§"


def masked(text: str) -> str:
    """The text with comments blanked out, and strings and quoted names as :data:`MASK`, at the
    same offsets."""
    parts: list[str] = []
    position = 0
    for start, end in opaque(text):
        parts.append(text[position:start])
        comment = text[start : start + 2] in ("--", "/*")
        parts.append(re.sub(r"[^\n]", " " if comment else MASK, text[start:end]))
        position = end
    parts.append(text[position:])
    return "".join(parts)


_STATEMENT: Final = regex(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(?P<verb>select|insert|update|delete|with|create|alter|drop|"
    r"replace|merge|truncate|pragma|values|begin|commit|rollback|vacuum|explain|set|copy|call|"
    r"grant|revoke|comment|analyze|reindex|attach|show|savepoint|release|listen|notify|lock|do)\b",
    re.IGNORECASE | re.DOTALL,
)


def verb(text: str) -> str | None:
    """The word that a statement begins with, lower case; None when the text is no statement."""
    match = _STATEMENT.match(text)
    return match["verb"].lower() if match is not None else None
