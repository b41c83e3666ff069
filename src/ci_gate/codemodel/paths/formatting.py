"""``%`` and ``str.format`` over abstract values."""

from __future__ import annotations

from collections.abc import Callable

from ci_gate.codemodel.paths.values import Abstract, Entries, Items, Number
from ci_gate.codemodel.sqltext import Hole, Piece, Str, Text, brace_fields, percent_fields


def percent(template: Text, given: Abstract) -> Text:
    """``template % given``."""
    position = 0

    def field(name: str | None) -> Abstract | None:
        nonlocal position
        if name is not None:
            return given.entries.get(name) if isinstance(given, Entries) else None
        position += 1
        if isinstance(given, Items):
            return _at(given, position - 1)
        return given if position == 1 else None

    return _filled(percent_fields(template), field)


def braces(template: Text, positional: Items, keywords: Entries) -> Text:
    """``template.format(*positional, **keywords)``."""
    position = 0

    def field(name: str | None) -> Abstract | None:
        nonlocal position
        if name is None or name == "":
            position += 1
            return _at(positional, position - 1)
        if name.isdigit():
            return _at(positional, int(name))
        return keywords.entries.get(name)

    return _filled(brace_fields(template), field)


def _at(items: Items, position: int) -> Abstract | None:
    if items.open or position >= len(items.items):
        return None
    return items.items[position].value


def _filled(fields: object, value_of: Callable[[str | None], Abstract | None]) -> Text:
    pieces: list[Piece] = []
    for part in fields:  # type: ignore[attr-defined]
        if isinstance(part, Str | Hole):
            pieces.append(part)
            continue
        value = value_of(part[0])
        if isinstance(value, Text):
            pieces.extend(value.pieces)
        elif isinstance(value, Number):
            pieces.append(Str(str(value.value)))
        else:
            pieces.append(Hole(None))
    return Text(tuple(pieces))
