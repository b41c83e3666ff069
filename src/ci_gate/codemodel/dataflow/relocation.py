"""Values of one point of a run, made anew at another.

What a call gave holds objects, frames and times of the point where it was followed;
:class:`Move` puts those of another point in their place, as the two calls' :class:`Arguments` tell.
"""

from __future__ import annotations

from dataclasses import field, fields
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.arguments import FIXED, MAX_PARTS, OWN, Arguments, NotMovable
from ci_gate.codemodel.dataflow.domain import (
    Const,
    Frame,
    Func,
    Instance,
    Item,
    Lookup,
    Lookups,
    Manager,
    Many,
    Method,
    Partial,
    Ref,
    Row,
    Session,
    Thing,
    Val,
)
from ci_gate.codemodel.dataflow.events import (
    Attribute,
    ColumnRead,
    Compared,
    Discarded,
    Event,
    KeyRead,
    Loaded,
    Loop,
    Measured,
    Mistaken,
    NotIncludedUsed,
    Paged,
    PartRead,
    Place,
    Ran,
    RowUsed,
    Settled,
    SqlText,
    Wrote,
)
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.data import dataclass, replace

_EVENTS: Final = frozenset({
    Ran, Discarded, Measured, Loaded, Wrote, Settled, SqlText, Attribute, Compared, Paged, RowUsed,
    ColumnRead, PartRead, Mistaken, NotIncludedUsed, KeyRead,
})  # fmt: skip


@dataclass(slots=True, eq=False)
class Kept:
    """An object as it was when it was given. ``depth``: how many branches deeper it was made."""

    thing: Thing
    depth: int


@dataclass(slots=True, eq=False)
class Mapped:
    """An event without what is its point's own: the calls and loops that led to the call.
    ``outer`` is how many of those loops are the event's too."""

    event: Event
    calls: tuple[tuple[s.Node, FunctionInfo], ...]
    outer: int
    loops: tuple[Loop, ...]
    movable: bool = False


# --- keeping -------------------------------------------------------------------------------------


def kept_events(arguments: Arguments, events: list[Event]) -> list[Mapped]:
    """The events of a call, to be told again where it is repeated."""
    return [_kept_event(arguments, event) for event in events]


def _kept_event(arguments: Arguments, event: Event) -> Mapped:
    place = event.place
    before = len(arguments.stack)
    if type(event) not in _EVENTS or len(place.calls) <= before:
        raise NotMovable
    if place.calls[:before] != arguments.stack:
        raise NotMovable
    outer = 0
    for mine, given in zip(place.loops, arguments.loops, strict=False):
        if mine is not given:
            break
        outer += 1
    loops = place.loops[outer:]
    if any(loop is given for loop in loops for given in arguments.loops):
        raise NotMovable
    if isinstance(event, Ran):  # its result may be looked at later
        event = replace(event)
    return Mapped(event, place.calls[before + 1 :], outer, loops)


def kept_things(arguments: Arguments, value: Val, events: list[Mapped]) -> dict[int, Kept]:
    """The objects that the call made and gave, as they are now."""
    found: dict[int, Kept] = {}
    look = _Look(arguments, found)
    look.value(value)
    for event in events:
        look.moved = False
        for name in _PARTS[type(event.event)]:
            look.part(getattr(event.event, name))
        event.movable = look.moved
    return found


@dataclass(slots=True, eq=False)
class _Look:
    """Looks at all parts of values: whether they can be moved, and whether they have to be."""

    arguments: Arguments
    found: dict[int, Kept]
    moved: bool = False

    def part(self, part: object) -> None:
        if isinstance(part, Val):
            self.value(part)
        elif isinstance(part, Instance):
            self.item(part)
        elif isinstance(part, Session) and part.id != OWN:
            raise NotMovable

    def value(self, value: Val) -> None:
        for item in value.items:
            if type(item) not in FIXED and type(item) is not Const:
                self.item(item)

    def item(self, item: Item) -> None:
        kind = type(item)
        if kind in FIXED or kind is Const:
            return
        if isinstance(item, Ref):
            self.thing(item)
        elif isinstance(item, Instance):
            if item.session is not None and item.session.id != OWN:
                raise NotMovable
            self.moved = True
        elif isinstance(item, Func):
            if item.frame is not None and item.frame not in self.arguments.frames:
                raise NotMovable
            self.moved = self.moved or item.frame is not None
            if item.this is not None:
                self.value(item.this)
        elif isinstance(item, Many):
            self.value(item.element)
        elif isinstance(item, Method):
            self.item(item.owner)
        elif isinstance(item, Row):
            for place in item.places:
                self.value(place)
        elif isinstance(item, Partial):
            for given in (item.func, *item.positional, *(held for _, held in item.keywords)):
                self.value(given)
        elif isinstance(item, Lookups):
            for name in item.names:
                if name.value is not None:
                    self.value(name.value)
        elif isinstance(item, Manager):
            if item.owner is not None:
                self.item(item.owner)
        else:
            raise NotMovable

    def thing(self, ref: Ref) -> None:
        if ref.id in self.arguments.refs:
            self.moved = True
        elif ref.id >= self.arguments.heap:
            self.moved = True
            if ref.id in self.found:
                return
            if len(self.found) > MAX_PARTS:
                raise NotMovable
            thing = self.arguments.machine.heap[ref.id]
            copied = replace(
                thing, fields=dict(thing.fields), items=list(thing.items),
                optional=set(thing.optional),
            )  # fmt: skip
            self.found[ref.id] = Kept(copied, thing.depth - self.arguments.depth)
            for value in (*thing.fields.values(), *thing.items):
                self.value(value)
            if thing.keys is not None:
                self.value(thing.keys)
        elif not self.arguments.machine.is_older(self.arguments.machine.heap[ref.id]):
            raise NotMovable


# --- moving --------------------------------------------------------------------------------------


def relocated(
    then: Arguments, now: Arguments, things: dict[int, Kept], call: tuple[s.Node, FunctionInfo]
) -> Move:
    """From the point of ``then`` to that of ``now``."""
    return Move(
        now,
        then.clock,
        len(now.stack) - len(then.stack),
        (*now.stack, call),
        things,
        dict(zip(then.refs, now.refs, strict=True)),
        dict(zip(then.frames, now.frames, strict=True)),
        dict(zip(then.clocks, now.clocks, strict=True)),
    )


@dataclass(slots=True, eq=False)
class Move:
    """Makes values of one point anew at another."""

    now: Arguments
    clock: int
    deeper: int
    calls: tuple[tuple[s.Node, FunctionInfo], ...]
    things: dict[int, Kept]
    refs: dict[int, int]
    frames: dict[Frame, Frame]
    clocks: dict[int, int]
    loops: dict[int, Loop] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)

    def value(self, value: Val) -> Val:
        for item in value.items:
            if type(item) not in FIXED and type(item) is not Const:
                items = tuple([self.item(item) for item in value.items])
                return Val(items, value.sources, value.partial)
        return value

    def time(self, clock: int) -> int:
        if clock > self.clock:
            return clock - self.clock + self.now.clock
        return self.clocks.get(clock, clock)

    def item(self, item: Item) -> Item:
        if isinstance(item, Ref):
            return self.ref(item)
        if isinstance(item, Instance):
            return replace(item, clock=self.time(item.clock))
        if isinstance(item, Func):
            frame = None if item.frame is None else self.frames[item.frame]
            this = None if item.this is None else self.value(item.this)
            return Func(item.info, this, frame, item.raw)
        if isinstance(item, Many):
            return Many(self.value(item.element), item.stored, item.statement)
        if isinstance(item, Method):
            return Method(self.item(item.owner), item.name)
        if isinstance(item, Row):
            return Row(tuple(map(self.value, item.places)))
        if isinstance(item, Partial):
            named = tuple((name, self.value(value)) for name, value in item.keywords)
            return Partial(self.value(item.func), tuple(map(self.value, item.positional)), named)
        if isinstance(item, Lookups):
            return replace(item, names=tuple(map(self.lookup, item.names)))
        if isinstance(item, Manager) and item.owner is not None:
            return replace(item, owner=replace(item.owner, clock=self.time(item.owner.clock)))
        return item

    def lookup(self, name: Lookup) -> Lookup:
        return name if name.value is None else replace(name, value=self.value(name.value))

    def ref(self, ref: Ref) -> Ref:
        known = self.refs.get(ref.id)
        if known is None:
            kept = self.things.get(ref.id)
            if kept is None:
                return ref
            made = kept.thing
            thing = replace(made, fields={}, items=[], optional=set(made.optional))
            new = self.now.machine.allocate(thing)
            thing.shared = made.shared
            thing.depth = kept.depth + self.now.depth
            known = self.refs[ref.id] = new.id
            thing.fields.update({name: self.value(held) for name, held in made.fields.items()})
            thing.items += map(self.value, made.items)
            if made.keys is not None:
                thing.keys = self.value(made.keys)
        return Ref(known)

    def part(self, part: object) -> object:
        if isinstance(part, Val):
            return self.value(part)
        return self.item(part) if isinstance(part, Instance) else part

    def loop(self, loop: Loop) -> Loop:
        if not self.deeper:
            return loop
        known = self.loops.get(id(loop))
        if known is None:
            known = self.loops[id(loop)] = replace(loop, depth=loop.depth + self.deeper)
        return known

    def place(self, kept: Mapped) -> Place:
        place = kept.event.place
        known = self.places.get(id(place))
        if known is None:
            loops = (*self.now.loops[: kept.outer], *map(self.loop, kept.loops))
            known = Place(place.node, place.function, (*self.calls, *kept.calls), loops)
            self.places[id(place)] = known
        return known

    def event(self, kept: Mapped) -> Event:
        event = kept.event
        names = _PARTS[type(event)]
        parts = [getattr(event, name) for name in names]
        if kept.movable:
            parts = list(map(self.part, parts))
        return type(event)(self.place(kept), *parts)


_PARTS: Final = {
    kind: tuple(one.name for one in fields(kind) if one.name != "place") for kind in _EVENTS
}
