"""Calls that were followed before, taken over instead of followed again.

Endpoints of a large service run the same code: a permission check, a setting, a helper of a generic
view. What following a call does depends on the function, on what the arguments hold, and on little
else; where all of it is as it was, the call's value, its events and what it noted of the run are
those of the first time, moved to where the call stands now.

A call is kept only if it left nothing behind but these: it changed no object that was there before,
opened no session, evaluated nothing for the first time that all runs share. :class:`Machine` counts
what a summary cannot speak of (``unspoken``) and writes to objects that runs share (``version``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, Final, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.arguments import Arguments, NotMovable, key_of
from ci_gate.codemodel.dataflow.domain import Args, Frame, Func, Val
from ci_gate.codemodel.dataflow.relocation import (
    Kept,
    Mapped,
    kept_events,
    kept_things,
    relocated,
)
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

MAX_CALLS: Final = 14
_MAX_NESTING: Final = 600
_SETS: Final = ("entered", "read", "used", "checked", "named", "relations", "responded",
                "reordered", "escaped", "renewed", "changed", "spliced")  # fmt: skip
_PATIENCE: Final = 120
_WORTH: Final = 12
"""Steps below which following a call costs no more than looking it up."""

_BY_METHOD: Final = object()
Key: TypeAlias = tuple[object, ...]


@dataclass(slots=True, eq=False)
class _Tally:
    """Whether keeping the calls of a function pays."""

    hits: int = 0
    misses: int = 0
    small: int = 0
    kept: dict[Key, object] = field(default_factory=dict)

    def pays(self) -> bool:
        if self.small > 2 and not self.hits:
            return False
        return self.misses < _PATIENCE + 4 * self.hits


@dataclass(slots=True, eq=False)
class _Summary:
    """What following a call did. ``around`` are the calls in progress of functions that it comes
    to; ``stack``, ``active`` and ``nesting`` how much deeper it went; ``sets`` what it added to
    each of the run's sets."""

    value: Val
    things: dict[int, Kept]
    events: list[Mapped]
    arguments: Arguments
    around: list[FunctionInfo] = field(default_factory=list)
    sets: tuple[set[object], ...] = ()
    refused: set[FunctionInfo] = field(default_factory=set)
    reloaded: dict[Entity, int] = field(default_factory=dict)
    wildcard: bool = False
    by_method: bool = False
    unknown_calls: int = 0
    steps: int = 0
    ticks: int = 0
    stack: int = 0
    active: int = 0
    nesting: int = 0
    jump: str = ""

    def meets(self, info: FunctionInfo) -> bool:
        """Did the call come to the function? Whether it is entered depends on the calls of it that
        are in progress."""
        return info in self.sets[0] or info in self.refused


class Summaries:
    """The summaries of one machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._tallies: dict[FunctionInfo, _Tally] = {}

    def call(
        self, func: Func, args: Args, node: s.Expr, frame: Frame, follow: Callable[[], Val]
    ) -> Val:
        """What calling ``func`` at ``node`` gives; ``follow`` follows it."""
        machine = self._machine
        tally = self._tallies.get(func.info)
        if tally is None:
            tally = self._tallies[func.info] = _Tally()
        if not tally.pays():
            tally.kept.clear()
            return follow()
        if machine.leaked or not self._is_quiet():
            return follow()
        arguments = Arguments(machine)
        key = key_of(arguments, func, args)
        if key is None:
            return follow()
        found = tally.kept.get(key)
        if found is _BY_METHOD:
            key = (key, self._method())
            found = tally.kept.get(key)
        if isinstance(found, _Summary) and self._fits(found):
            tally.hits += 1
            return self._repeated(found, arguments, (node, frame.function))
        tally.misses += 1
        return self._followed(func, args, arguments, key, tally, follow)

    def _method(self) -> str | None:
        route = self._machine.run.route
        return route.method if route is not None else None

    # --- following ---

    def _followed(
        self,
        func: Func,
        args: Args,
        arguments: Arguments,
        key: Key,
        tally: _Tally,
        follow: Callable[[], Val],
    ) -> Val:
        machine, run = self._machine, self._machine.run
        before = machine.marks()
        peaks, methods = machine.peaks, machine.methods_read
        around, wildcard, unknown = list(machine.active), run.wildcard, run.unknown_calls
        outer: list[set[object]] = [getattr(run, name) for name in _SETS]
        for name in _SETS:
            setattr(run, name, set())
        run.wildcard = False
        refused, machine.refused = machine.refused, set()
        here = (len(machine.stack), len(machine.active), machine._nesting)
        machine.peaks = here
        steps, clock, begin = machine._steps, machine.clock, len(run.events)
        summary: _Summary | None = None
        try:
            value = follow()
            taken = machine._steps - steps
            if taken < _WORTH:
                tally.small += 1
            elif before == machine.marks() and not run.escaped and self._is_quiet():
                summary = self._summary(value, arguments, begin)
                if summary is not None and not self._is_same(func, args, arguments, key):
                    summary = None
            if summary is not None:
                summary.sets = tuple(getattr(run, name) for name in _SETS)
                summary.wildcard = run.wildcard
                summary.by_method = machine.methods_read != methods
                summary.unknown_calls = run.unknown_calls - unknown
                summary.steps, summary.ticks = taken, machine.clock - clock
                summary.reloaded = {
                    entity: tick for entity, tick in machine.state.reloaded.items() if tick > clock
                }
                deepest = machine.peaks
                summary.stack, summary.active, summary.nesting = (
                    most - now for most, now in zip(deepest, here, strict=True)
                )
                summary.refused = machine.refused
                summary.around = [info for info in around if summary.meets(info)]
                summary.jump = machine.jump
                if summary.by_method and not _is_of_method(key):
                    tally.kept[key] = _BY_METHOD
                    key = (key, self._method())
                tally.kept[key] = summary
            return value
        finally:
            for name, known in zip(_SETS, outer, strict=True):
                known.update(getattr(run, name))
                setattr(run, name, known)
            run.wildcard = run.wildcard or wildcard
            refused |= machine.refused
            machine.refused = refused
            machine.peaks = tuple(map(max, peaks, machine.peaks))  # type: ignore[assignment]

    def _is_quiet(self) -> bool:
        machine = self._machine
        run = machine.run
        if run.renewed or run.changed:
            return False
        return not machine.exhausted and not machine.context and machine.state.quiet()

    def _is_same(self, func: Func, args: Args, arguments: Arguments, key: Key) -> bool:
        """Do the arguments hold what they held before the call?"""
        again = Arguments(self._machine)
        found = key_of(again, func, args)
        return found == (key[0] if _is_of_method(key) else key) and again.same_as(arguments)

    def _summary(self, value: Val, arguments: Arguments, begin: int) -> _Summary | None:
        machine = self._machine
        try:
            events = kept_events(arguments, machine.run.events[begin:])
            things = kept_things(arguments, value, events)
        except NotMovable:
            return None
        return _Summary(value, things, events, arguments)

    # --- repeating ---

    def _fits(self, known: _Summary) -> bool:
        """Would following the call again come to the same, where it stands now?"""
        machine = self._machine
        return (
            len(machine.stack) + known.stack <= machine.reach(known.steps)
            and len(machine.active) + known.active < 2 * MAX_CALLS
            and machine._nesting + known.nesting < _MAX_NESTING
            and machine._steps + known.steps < machine.max_steps
            and len(machine.run.events) + len(known.events) < machine.max_events
            and [info for info in machine.active if known.meets(info)] == known.around
        )

    def _repeated(self, known: _Summary, now: Arguments, call: tuple[s.Node, FunctionInfo]) -> Val:
        machine, run = self._machine, self._machine.run
        move = relocated(known.arguments, now, known.things, call)
        machine._steps += known.steps
        clock = machine.clock
        if known.events:
            run.events += map(move.event, known.events)
        value = move.value(known.value)
        machine.clock = clock + known.ticks
        for entity, tick in known.reloaded.items():
            machine.state.reloaded[entity] = tick - known.arguments.clock + clock
        for name, added in zip(_SETS, known.sets, strict=True):
            if added:
                getattr(run, name).update(added)
        run.wildcard = run.wildcard or known.wildcard
        machine.refused |= known.refused
        run.unknown_calls += known.unknown_calls
        machine.methods_read += known.by_method
        machine.jump = known.jump
        deepest = (
            len(machine.stack) + known.stack, len(machine.active) + known.active,
            machine._nesting + known.nesting,
        )  # fmt: skip
        machine.peaks = tuple(map(max, machine.peaks, deepest))  # type: ignore[assignment]
        return value


def _is_of_method(key: Key) -> bool:
    return len(key) == 2  # a key and the request's method
