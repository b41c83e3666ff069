"""Text that TypeORM's query builders are given: the names, parameters and open places in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.data import dataclass
from ci_gate.regex import regex

#: Stands for what only the running program knows.
HOLE: Final = "\0"
_QUOTED: Final = regex(r"'(?:[^'\\]|''|\\.)*'|\"[^\"]*\"|`[^`]*`")
_NAME: Final = regex(r"(?<![\w.$:@\0\"`>-])([A-Za-z_]\w*)\.([A-Za-z_]\w*)(?![\w.(\0\"`])")
_PARAMETER: Final = regex(r"(?<![:\w\0\]])(?::\.\.\.|:)([A-Za-z_][\w.]*)(?![:\w\0])")
#: A statement in the text has tables of its own.
_NESTED: Final = regex(r"\b(?:from|join|with)\b", re.IGNORECASE)
_MAX_PARTS: Final = 200


@dataclass(frozen=True, slots=True)
class Text:
    """``text`` has a :data:`HOLE` for each of ``holes``; quoted parts are blank."""

    text: str
    holes: tuple[tuple[s.Expr, bool], ...]
    node: s.Expr

    @property
    def nested(self) -> bool:
        """Does it hold a statement of its own?"""
        return _NESTED.search(self.text) is not None

    def names(self) -> Iterator[tuple[str, str]]:
        """Alias and property of each ``alias.property``."""
        for match in _NAME.finditer(self.text):
            yield match[1], match[2]

    def parameters(self) -> Iterator[str]:
        """The names of ``:name`` and ``:...name``."""
        for match in _PARAMETER.finditer(self.text):
            yield match[1].rstrip(".")


def read_text(expr: s.Expr) -> Text | None:
    """The text that an expression is, as far as it is written; None where none of it is."""
    parts: list[str | s.Expr] = []
    stack: list[s.Expr] = [expr]
    while stack and len(parts) < _MAX_PARTS:
        current = stack.pop()
        match current:
            case s.Literal(value=str(text)):
                parts.append(text)
            case s.Template(parts=items, tag=None):
                stack.extend(reversed(items))
            case s.Binary(op="+", left=left, right=right):
                stack.extend((right, left))
            case _:
                parts.append(current)
    if stack:
        return None
    if not any(isinstance(part, str) for part in parts):
        return None
    whole = "".join(part if isinstance(part, str) else HOLE for part in parts)
    spans = [match.span() for match in _QUOTED.finditer(whole) if whole[match.start()] == "'"]
    holes: list[tuple[s.Expr, bool]] = []
    at = 0
    for part in parts:
        if isinstance(part, str):
            at += len(part)
            continue
        holes.append((part, any(low <= at < high for low, high in spans)))
        at += 1
    blank = _QUOTED.sub(lambda match: match[0][0] + " " * (len(match[0]) - 2) + match[0][-1], whole)
    return Text(blank, tuple(holes), expr)
