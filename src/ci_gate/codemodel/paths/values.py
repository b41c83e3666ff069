"""The abstract values of a path."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.sqltext import Text
from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.paths.frames import Frame

#: A collection of unknown length is followed as if it had this many elements.
ASSUMED_LENGTH = 2


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is not known. Equal keys: the same value."""

    key: str


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number. ``assumed`` names the collection whose assumed length went into it."""

    value: int
    assumed: str | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """None, true, false, or another constant that is neither text nor a whole number."""

    value: bool | float | bytes | None


@dataclass(slots=True, eq=False)
class Item:
    """An element. ``repeated`` names the collection for each of whose elements it stands once."""

    value: Abstract
    repeated: str | None = None


@dataclass(slots=True, eq=False)
class Items:
    """A list, tuple or set; ``open`` once elements may have come or gone unseen."""

    items: list[Item] = field(default_factory=list)
    kind: str = "list"
    open: bool = False

    def copy(self, kind: str | None = None) -> Items:
        return Items(list(self.items), kind or self.kind, self.open)


@dataclass(slots=True, eq=False)
class Entries:
    """A dictionary with text keys; ``open`` once entries may have come or gone unseen."""

    entries: dict[str, Abstract] = field(default_factory=dict)
    open: bool = False


@dataclass(slots=True, eq=False)
class Statement:
    """What SQLAlchemy's ``text()`` gives. ``bound``: the parameters that ``bindparams`` gives
    values to (``open``: perhaps others too); ``made`` is the call that made it."""

    text: Text
    made: s.Call
    bound: frozenset[str] = frozenset()
    open: bool = False


@dataclass(slots=True, eq=False)
class Fragment:
    """What a tagged template gives: a part of a statement, whose values are bound."""

    text: Text


@dataclass(slots=True, eq=False)
class Closure:
    """A function defined on the path, with the variables around it."""

    function: s.Function
    frame: Frame


Abstract: TypeAlias = (
    Text | Unknown | Number | Constant | Items | Entries | Statement | Fragment | Closure
)


def unknown_items(value: Unknown, kind: str = "list") -> Items:
    """The elements of a collection that is not known."""
    return Items(
        [Item(Unknown(f"{value.key}[{number}]"), value.key) for number in range(ASSUMED_LENGTH)],
        kind,
    )


def nested(outer: str | None, inner: str | None) -> str | None:
    """The collection of an element's element."""
    if outer is None or outer == inner:
        return inner
    return outer if inner is None else f"{outer} / {inner}"


@dataclass(slots=True, eq=False)
class Given:
    """The arguments of a call, and what its method is called on (in JavaScript)."""

    positional: Items = field(default_factory=lambda: Items(kind="tuple"))
    keywords: Entries = field(default_factory=Entries)
    receiver: Abstract | None = None
