"""What a call hands over to SQL text: the text among its arguments, and the values bound to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.paths import Abstract, Constant, Entries, Given, Items, Unknown
from ci_gate.codemodel.paths.slices import targets_of
from ci_gate.codemodel.sqldrivers import Entry
from ci_gate.codemodel.sqllex import verb
from ci_gate.codemodel.sqltext import Text
from ci_gate.data import dataclass


@dataclass(frozen=True, slots=True)
class Values:
    """What is bound to a text.

    ``fixed`` counts the positional values; ``repeated`` the ones that stand once per element of a
    collection, by collection. ``open``: there may be more or fewer than can be seen.
    """

    kind: Literal["none", "positional", "named", "unknown"]
    fixed: int = 0
    repeated: Mapping[str, int] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    open: bool = False


def argument_of(given: Given, place: tuple[int, str]) -> Abstract | None:
    position, keyword = place
    if keyword in given.keywords.entries:
        return given.keywords.entries[keyword]
    items = given.positional.items
    if any(item.repeated for item in items[: position + 1]) or position >= len(items):
        return None
    return items[position].value


def rests_on(value: Abstract | None, names: set[str]) -> bool:
    return isinstance(value, Unknown) and value.key in names


def parameter_names(node: s.Function) -> Iterator[str]:
    """The names of a function's parameters, those of patterns too."""
    for param in node.params:
        if param.pattern is None:
            yield param.name
        else:
            yield from targets_of(param.pattern)


def is_sql(text: Text) -> bool:
    return verb(text.render(lambda _: " ").text) is not None


def values_given(given: Given, entry: Entry) -> Values:
    if entry.passing == "none":
        return Values("none")
    if entry.passing == "any":
        return Values("unknown")
    if entry.passing == "rest":
        rest = given.positional.items[1:]
        return positional(Items(rest, "tuple", given.positional.open))
    value = argument_of(given, entry.values)
    if value is None:
        if given.positional.open or given.keywords.open or len(given.positional.items) > 1:
            return Values("unknown")
        extra = set(given.keywords.entries) - {entry.text[1]}
        return Values("unknown") if extra else Values("none")
    if entry.passing == "many" or (entry.driver == "sqlalchemy" and isinstance(value, Items)):
        return _each(value)
    return values_of(value)


def values_of(value: Abstract) -> Values:
    """What a list, tuple or dictionary binds."""
    if isinstance(value, Items):
        return Values("unknown") if value.kind == "set" else positional(value)
    if isinstance(value, Entries):
        return Values("named", names=frozenset(value.entries), open=value.open)
    if isinstance(value, Constant) and value.value is None:
        return Values("none")
    return Values("unknown")


def positional(value: Items) -> Values:
    repeated = Counter(item.repeated for item in value.items if item.repeated is not None)
    fixed = sum(1 for item in value.items if item.repeated is None)
    return Values("positional", fixed, dict(repeated), open=value.open)


def _each(value: Abstract) -> Values:
    """What each element of a list of value sets binds, when all bind alike."""
    if not isinstance(value, Items) or value.open or not value.items:
        return Values("unknown")
    found = [values_of(item.value) for item in value.items]
    return found[0] if all(item == found[0] for item in found[1:]) else Values("unknown")
