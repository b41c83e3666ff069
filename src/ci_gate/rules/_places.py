"""Where to point, and how to say how one gets there."""

from __future__ import annotations

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Place, Run


def spot(node: s.Node) -> s.Node:
    """The telling part of a node: of a call in a long chain, the method's own name and on."""
    if isinstance(node, s.Call) and isinstance(node.func, s.Attribute):
        start = node.func.name_span
        return s.Node((start[0], start[1], node.span[2], node.span[3]))
    if isinstance(node, s.Attribute):
        start = node.name_span
        return s.Node((start[0], start[1], node.span[2], node.span[3]))
    if isinstance(node, s.Await):
        return spot(node.value)
    return node


def entry(run: Run) -> str:
    """What sets the code in motion: the endpoint, else the function."""
    return run.route.endpoint if run.route is not None else f"{run.entry.name}()"


def outermost(place: Place, path: str) -> Place:
    """The place itself, or the last call in ``path`` that led to it."""
    if place.path == path:
        return place
    for index in range(len(place.calls) - 1, -1, -1):
        node, function = place.calls[index]
        if function.module.path == path:
            return Place(node, function, place.calls[:index], place.loops)
    return place
