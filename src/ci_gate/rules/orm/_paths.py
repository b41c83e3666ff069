"""The way of calls that led to an event, and what runs after a statement on that way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Place
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.rules.orm._coroutines import Parents

#: One step of a way: the call (or the event's own node) and the function in which it stands.
Hop = tuple[s.Node, FunctionInfo]

_BLOCKS = ("body", "orelse", "final")


def way(place: Place) -> tuple[Hop, ...]:
    """The calls that led to a place, and the place itself."""
    return (*place.calls, (place.node, place.function))


class Surroundings:
    """What stands around the nodes of functions; remembered."""

    def __init__(self) -> None:
        self._parents: dict[FunctionInfo, Parents] = {}

    def parents(self, function: FunctionInfo) -> Parents:
        found = self._parents.get(function)
        if found is None:
            found = self._parents[function] = Parents(function)
        return found

    def around(self, node: s.Node, function: FunctionInfo) -> Iterator[tuple[s.Node, s.Node]]:
        """The nodes around a node, the nearest first, each with the part that holds the node."""
        of = self.parents(function).of
        part, around = node, of.get(node)
        while around is not None:
            yield around, part
            part, around = around, of.get(around)

    def after(
        self, node: s.Node, function: FunctionInfo, within: s.Node | None = None
    ) -> list[s.Stmt]:
        """The statements that follow when the one with ``node`` is done, up to the end of
        ``within`` (the function's where that is None). In a loop, all of it comes again."""
        found: list[s.Stmt] = []
        for around, part in self.around(node, function):
            if isinstance(around, s.For | s.While) and part in around.body:
                found += around.body
            for block in blocks(around):
                if part in block:
                    found += _behind(block, part)
            if around is within:
                return found
        last = self._outermost(node, function)
        if last in function.node.body:
            found += _behind(function.node.body, last)
        return found

    def before(
        self, node: s.Node, function: FunctionInfo, within: s.Node | None = None
    ) -> list[s.Stmt]:
        """The statements that have run before the one with ``node``, from the start of
        ``within`` (the function's where that is None)."""
        found: list[s.Stmt] = []
        for around, part in self.around(node, function):
            for block in blocks(around):
                if part in block:
                    found += block[: block.index(part)]
            if around is within:
                return found
        body = function.node.body
        last = self._outermost(node, function)
        return found + (body[: body.index(last)] if last in body else [])

    def _outermost(self, node: s.Node, function: FunctionInfo) -> s.Node:
        last = node
        for around, _ in self.around(node, function):
            last = around
        return last


def blocks(node: s.Node) -> Iterator[list[s.Stmt]]:
    """The lists of statements that a statement holds."""
    for name in _BLOCKS:
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block


def _behind(block: Sequence[s.Stmt], part: s.Node) -> Sequence[s.Stmt]:
    return block[block.index(part) + 1 :]


def leaves(body: Sequence[s.Stmt]) -> str:
    """How a block ends: ``raise``, ``return``, ``continue``, ``break``; empty when it goes on."""
    if not body:
        return ""
    last = body[-1]
    if isinstance(last, s.Raise):
        return "raise"
    if isinstance(last, s.Return):
        return "return"
    if isinstance(last, s.Jump) and last.kind != "pass":
        return last.kind
    if isinstance(last, s.If) and last.orelse:
        ends = {leaves(last.body), leaves(last.orelse)}
        return ends.pop() if len(ends) == 1 else ("" if "" in ends else "raise")
    return ""
