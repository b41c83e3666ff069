"""What can be told of an SQL text by its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from ci_gate.codemodel.dataflow.domain import HOLE, Args, Ref, Thing, Val
from ci_gate.regex import regex

Kind = Literal["read", "write", "schema", "begin", "commit", "rollback", "unknown"]

_COMMENTS: Final = regex(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_QUOTED: Final = regex(r"'(?:[^']|'')*'")
_WORD: Final = regex(r"[\s(;]*([A-Za-z]+)")
_WORDS: Final[dict[str, Kind]] = {
    "select": "read", "values": "read", "table": "read", "show": "read", "explain": "read",
    "describe": "read",
    "insert": "write", "update": "write", "delete": "write", "replace": "write", "merge": "write",
    "truncate": "write", "call": "unknown", "with": "read",
    "create": "schema", "alter": "schema", "drop": "schema", "set": "schema", "pragma": "schema",
    "vacuum": "schema", "analyze": "schema", "grant": "schema", "comment": "schema",
    "begin": "begin", "start": "begin", "savepoint": "schema", "release": "schema",
    "commit": "commit", "end": "commit", "rollback": "rollback",
}  # fmt: skip
_CHANGES: Final = regex(r"\)\s*(?:insert\s+into|update\s|delete\s+from|merge\s+into)",
                             re.IGNORECASE)  # fmt: skip
_AGGREGATE: Final = regex(
    r"^\s*select\s+(?:(?:count|sum|avg|min|max|exists|coalesce)\s*\(|1\b)", re.IGNORECASE
)
_GROUPED: Final = regex(r"\bgroup\s+by\b", re.IGNORECASE)
_ONE: Final = regex(r"\blimit\s+1\b(?!\s*,)", re.IGNORECASE)
_PAGE: Final = regex(
    r"\b(?:limit|offset)\s+(?P<first>\?|\$\d+|%s|%\(\w+\)s|:\w+)"
    r"(?:\s*,\s*(?P<second>\?|%s|%\(\w+\)s|:\w+))?",
    re.IGNORECASE,
)
_PLACEHOLDER: Final = regex(r"\?|%s")


def kind(texts: Sequence[str]) -> Kind:
    """What running one of the texts does; ``unknown`` when they are not all alike."""
    found = {_kind(text) for text in texts}
    return found.pop() if len(found) == 1 else "unknown"


def _kind(text: str) -> Kind:
    plain = plainly(text)
    match = _WORD.match(plain)
    if match is None:
        return "unknown"
    word = match[1].lower()
    if word == "with" and _CHANGES.search(plain):
        return "write"
    if word == "rollback" and re.search(r"\bto\b", plain, re.IGNORECASE):
        return "schema"
    return _WORDS.get(word, "unknown")


def plainly(text: str) -> str:
    """The text without comments, and without what stands in quotes."""
    return _QUOTED.sub("''", _COMMENTS.sub(" ", text))


def counts(text: str) -> bool:
    """It gives one row, of numbers."""
    plain = plainly(text)
    return _AGGREGATE.match(plain) is not None and _GROUPED.search(plain) is None


def gives_one(text: str) -> bool:
    """It surely gives no more than one row."""
    return counts(text) or _ONE.search(plainly(text)) is not None


def grows(texts: Sequence[str]) -> bool:
    """The result may have as many rows as there are in the database."""
    return not texts or any(_kind(text) == "read" and not gives_one(text) for text in texts)


# --- bound numbers -------------------------------------------------------------------------------


def paging(text: str, args: Args, things: Sequence[Thing], *, spread: bool) -> list[Val]:
    """What is bound as limit or offset."""
    plain = plainly(text)
    if HOLE in plain:
        return []
    found: list[Val] = []
    for match in _PAGE.finditer(plain):
        for group in ("first", "second"):
            if match[group] is not None:
                value = _bound(plain, match[group], match.start(group), args, things, spread=spread)
                if value is not None:
                    found.append(value)
    return found


def _bound(
    text: str, placeholder: str, position: int, args: Args, things: Sequence[Thing], *, spread: bool
) -> Val | None:
    """The value that is bound to one placeholder."""
    numbered = placeholder.startswith("$")
    if spread and (numbered or placeholder == "?"):
        number = (
            int(placeholder[1:]) if numbered else len(_PLACEHOLDER.findall(text[:position])) + 1
        )
        return args.get(number) if args.whole else None
    given = args.get(1)
    item = given.only() if given is not None else None
    if not isinstance(item, Ref) or item.id >= len(things):
        return None
    thing = things[item.id]
    if numbered or placeholder in ("?", "%s"):
        index = int(placeholder[1:]) - 1 if numbered else len(_PLACEHOLDER.findall(text[:position]))
        if thing.kind != "list" or not thing.whole or thing.optional:
            return None
        return thing.items[index] if 0 <= index < len(thing.items) else None
    name = placeholder[2:-2] if placeholder[0] == "%" else placeholder[1:]
    return thing.fields.get(name) if thing.kind == "dict" else None
