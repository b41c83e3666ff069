"""The nodes of modules and functions, found once for all who look through the whole program."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TypeVar

from ci_gate.codemodel.program import FunctionInfo
from ci_gate.codemodel.scopes import Index
from ci_gate.codemodel.syntax import Assign, Class, Module, Node, Place, gathered, walk

Kind = TypeVar("Kind", bound=Node)


class Nodes:
    def __init__(self, index: Index) -> None:
        self._index = index
        self._by_kind: dict[Module, dict[type[Node], list[Node]]] = {}
        self._own: dict[FunctionInfo, tuple[Node, ...]] = {}
        self._places: dict[Module, list[Place]] = {}

    def of_kind(self, module: Module, kind: type[Kind]) -> Sequence[Kind]:
        """All nodes of exactly this type in a module, in the order of the source."""
        if kind is Assign and module.language == "python":
            return self._index.assignments[module]  # type: ignore[return-value]
        known = self._by_kind.get(module)
        if known is None:
            known = self._by_kind[module] = {}
            for node in walk(module):
                known.setdefault(type(node), []).append(node)
        return known.get(kind, ())  # type: ignore[return-value]

    def own(self, function: FunctionInfo) -> Sequence[Node]:
        """The nodes of the function's own code, defaults and decorators left out; of a module
        those of its class bodies too."""
        known = self._own.get(function)
        if known is None:
            module = function.module
            places = self._places.get(module)
            if places is None:
                places = self._places[module] = list(gathered(module).inner.values())
            known = self._own[function] = tuple(_own(function, places))
        return known


def _own(function: FunctionInfo, places: Sequence[Place]) -> Iterator[Node]:
    """``places``: those of all functions and classes of its module."""
    contents = gathered(function.module)
    nodes = contents.nodes
    of_module = isinstance(function.node, Module)

    def between(start: int, stop: int) -> Iterator[Node]:
        number = bisect_left(places, (start,))
        while number < len(places) and places[number][0] < stop:
            place, body, body_end, end = places[number]
            yield from nodes[start : place + 1]
            if of_module and isinstance(nodes[place], Class):
                yield from between(body, body_end)
            start = end
            number = bisect_left(places, (end,), number)
        yield from nodes[start:stop]

    if of_module:
        return between(0, contents.body_end)
    _, body, body_end, _ = contents.inner[function.node]
    return between(body, body_end)
