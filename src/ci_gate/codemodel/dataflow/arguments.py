"""What a call is given, told without what means something at one point of a run only.

An object of the heap, a closure's frame and a time are numbers of their run. :func:`key_of` tells
the arguments of a call without them: two calls with one key hold the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, TypeAlias

from ci_gate.codemodel.dataflow.domain import (
    Args,
    ClassItem,
    ColumnRef,
    Columns,
    Const,
    DriverRow,
    Eager,
    Expression,
    Field,
    Frame,
    Func,
    Instance,
    Item,
    Library,
    Lookups,
    Manager,
    Many,
    Method,
    ModelRow,
    Module,
    NotIncluded,
    Number,
    Pages,
    Params,
    Partial,
    Ref,
    RelationRef,
    Request,
    Row,
    Statement,
    Subquery,
    Table,
    Text,
    Typed,
    Val,
)
from ci_gate.data import replace

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

#: The connection that every request has of its own (see ``django_results.SESSION``).
OWN: Final = -100
FIXED: Final = frozenset({
    Text, Typed, ClassItem, Module, Library, Request, Params, Table, ColumnRef, RelationRef,
    Columns, Expression, Eager, Field, Statement, Pages, Subquery, DriverRow,
    ModelRow, NotIncluded, Number,
})  # fmt: skip
"""What means the same everywhere."""
MAX_PARTS: Final = 400

Told: TypeAlias = object
Key: TypeAlias = tuple[object, ...]


class NotMovable(Exception):
    """A value means something at its own point only."""


class Arguments:
    """What a call is given: its objects, frames and times, in the order in which they are met."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.heap = len(machine.heap)
        self.clock = machine.clock
        self.depth = machine.depth
        self.stack = tuple(machine.stack)
        self.loops = tuple(machine.loops)
        self.refs: dict[int, int] = {}
        self.frames: dict[Frame, int] = {}
        self.clocks: dict[int, int] = {}

    def same_as(self, other: Arguments) -> bool:
        return (
            list(self.refs) == list(other.refs)
            and list(self.frames) == list(other.frames)
            and list(self.clocks) == list(other.clocks)
        )

    # --- telling ---

    def value(self, value: Val) -> Told:
        if not value.items:
            return (value.sources, value.partial) if value.sources else value.partial
        return (tuple([self.item(item) for item in value.items]), value.sources, value.partial)

    def values(self, values: Iterable[Val]) -> Told:
        return tuple([self.value(value) for value in values])

    def named(self, named: Iterable[tuple[object, Val]]) -> Told:
        return tuple([(name, self.value(value)) for name, value in named])

    def item(self, item: Item) -> Told:
        kind = type(item)
        if kind in FIXED:
            return item
        tell = _TELL.get(kind)
        if tell is None or len(self.refs) > MAX_PARTS:
            raise NotMovable
        return tell(self, item)

    def thing(self, ref: Ref) -> Told:
        known = self.refs.get(ref.id)
        if known is not None:
            return ("again", known)
        if self.machine.is_older(self.machine.heap[ref.id]):
            return ("older", ref.id)
        self.refs[ref.id] = len(self.refs)
        thing = self.machine.heap[ref.id]
        return (
            thing.kind, thing.cls, self.named(thing.fields.items()), self.values(thing.items),
            thing.whole, thing.stored, thing.statement, thing.made,
            None if thing.keys is None else self.value(thing.keys),
            thing.row, tuple(sorted(thing.optional)), self.depth - thing.depth,
        )  # fmt: skip

    def function(self, func: Func) -> Told:
        this = None if func.this is None else self.value(func.this)
        return ("function", func.info, this, self.frame(func.frame), func.raw)

    def frame(self, frame: Frame | None) -> Told:
        if frame is None:
            return None
        known = self.frames.get(frame)
        if known is not None:
            return ("again", known)
        self.frames[frame] = len(self.frames)
        if len(self.frames) > MAX_PARTS or frame.on_yield is not None:
            raise NotMovable
        return (
            frame.function, self.named(frame.names.items()),
            None if frame.this is None else self.value(frame.this), self.frame(frame.parent),
        )  # fmt: skip

    def instance(self, item: Instance) -> Told:
        if item.session is not None and item.session.id != OWN:
            raise NotMovable
        clock = self.clocks.setdefault(item.clock, len(self.clocks))
        return (
            "instance", item.entity, item.loaded, item.session is None, clock, item.fresh,
            item.origin, item.extra,
        )  # fmt: skip

    def lookups(self, item: Lookups) -> Told:
        told = [
            (name.path, name.node, name.under, name.value and self.value(name.value))
            for name in item.names
        ]
        return ("lookups", tuple(told), replace(item, names=()))

    def partial(self, item: Partial) -> Told:
        given = self.values(item.positional)
        return ("partial", self.value(item.func), given, self.named(item.keywords))

    def manager(self, item: Manager) -> Told:
        owner = None if item.owner is None else self.instance(item.owner)
        return ("manager", item.statement, item.classes, owner, item.relation)


_TELL: Final[dict[type, Callable[[Arguments, object], Told]]] = {
    Const: lambda _, item: (type(item.value), item.value),  # type: ignore[attr-defined]
    Ref: Arguments.thing,  # type: ignore[dict-item]
    Func: Arguments.function,  # type: ignore[dict-item]
    Instance: Arguments.instance,  # type: ignore[dict-item]
    Lookups: Arguments.lookups,  # type: ignore[dict-item]
    Manager: Arguments.manager,  # type: ignore[dict-item]
    Many: lambda a, item: ("many", a.value(item.element), item.stored, item.statement),  # type: ignore[attr-defined]
    Method: lambda a, item: ("method", a.item(item.owner), item.name),  # type: ignore[attr-defined]
    Row: lambda a, item: ("row", a.values(item.places)),  # type: ignore[attr-defined]
    Partial: Arguments.partial,  # type: ignore[dict-item]
}


def key_of(arguments: Arguments, func: Func, args: Args) -> Key | None:
    """All that following the call depends on; None where that cannot be told."""
    machine = arguments.machine
    try:
        return (
            machine.version,
            arguments.function(func),
            arguments.values(args.positional),
            arguments.named(args.keywords),
            args.whole,
            args.rest,
            tuple([(loop.node, loop.statement) for loop in machine.loops]),
        )
    except (NotMovable, RecursionError):
        return None
