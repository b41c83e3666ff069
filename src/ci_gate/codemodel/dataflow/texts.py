"""Text that is put together: what is known of it stays known, with holes for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final

from ci_gate.codemodel.dataflow.domain import (
    HOLE,
    MAX_ITEMS,
    UNKNOWN,
    Args,
    Const,
    Item,
    Source,
    Text,
    Val,
)
from ci_gate.regex import regex

_MAX_TEXT: Final = 8_000
_MAX_PARTS: Final = 64
_PERCENT: Final = regex(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[sdifr]")
_BRACES: Final = regex(r"\{(\w*)[^{}]*\}")
_HOLES: Final = regex(f"{HOLE}{{2,}}")


def is_text(value: Val) -> bool:
    """Whether the value is a text, at least in part known."""
    return any(
        isinstance(item, Text) or (isinstance(item, Const) and isinstance(item.value, str))
        for item in value.items
    )


def texts(value: Val) -> tuple[str, ...]:
    """The texts that the value may be."""
    found: dict[str, None] = {}
    for item in value.items:
        if isinstance(item, Text):
            found[item.text] = None
        elif isinstance(item, Const) and isinstance(item.value, str):
            found[item.value] = None
        elif isinstance(item, Const) and isinstance(item.value, bytes):
            found[item.value.decode(errors="replace")] = None
    return tuple(found)


def assembled(parts: Sequence[Val], sources: Iterable[Source]) -> Val:
    """``parts`` one after another."""
    carried = frozenset(sources)
    if len(parts) > _MAX_PARTS:
        return Val((), carried)
    variants = [_variants(part) for part in parts]
    count = 1
    for found in variants:
        count *= len(found)
    if count > MAX_ITEMS:
        variants = [[_common(found)] for found in variants]
    items = dict.fromkeys(_item("".join(chosen)) for chosen in product(*variants))
    if any(item is None for item in items):
        return Val((), carried)
    return Val(tuple(item for item in items if item is not None), carried)


def joined(separator: Val, parts: Sequence[Val], sources: Iterable[Source]) -> Val:
    """``separator.join(parts)``."""
    between: list[Val] = []
    for part in parts:
        between += [separator, part] if between else [part]
    return assembled(between, sources)


def percent(item: Item, sources: Iterable[Source]) -> Val:
    """``item % values``, with the values unknown."""
    [text] = texts(Val((item,))) or (HOLE,)
    found = _item(_PERCENT.sub(HOLE, text).replace("%%", "%"))
    return Val((found,) if found is not None else (), frozenset(sources))


def formatted(item: Item, args: Args, sources: Iterable[Source]) -> Val:
    """``item.format(values)``."""
    [text] = texts(Val((item,))) or (HOLE,)
    parts: list[Val] = []
    position = number = 0
    for match in _BRACES.finditer(text):
        parts.append(Val((Const(text[position : match.start()]),)))
        name = match[1]
        index = int(name) if name.isdigit() else number if not name else None
        number += not name
        parts.append(args.get(index, name) or UNKNOWN)
        position = match.end()
    parts.append(Val((Const(text[position:]),)))
    return assembled(parts, sources)


def _variants(value: Val) -> list[str]:
    """What may stand in the text for the value."""
    found: dict[str, None] = {}
    for item in value.items:
        if isinstance(item, Text):
            found[item.text] = None
        elif isinstance(item, Const):
            found[str(item.value)] = None
        else:
            found[HOLE] = None
    if value.partial or not found:
        found[HOLE] = None
    return list(found)


def _common(found: list[str]) -> str:
    """What all of them begin and end with, and a hole between."""
    if len(found) == 1:
        return found[0]
    start = _prefix(found)
    end = _prefix([text[len(start) :][::-1] for text in found])[::-1]
    return start + HOLE + end


def _prefix(found: list[str]) -> str:
    first, last = min(found), max(found)
    length = 0
    while length < len(first) and first[length] == last[length]:
        length += 1
    return first[:length]


def _item(text: str) -> Const | Text | None:
    """The text as an item; None when nothing is known of it."""
    if HOLE not in text:
        return Const(text) if len(text) <= _MAX_TEXT else None
    text = _HOLES.sub(HOLE, text)
    return Text(text) if text.strip(HOLE + " \n") and len(text) <= _MAX_TEXT else None
