"""Errors that the code itself takes into account, among them those of a driver's rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Place

_CAUGHT: Final = frozenset({"TypeError", "KeyError", "AttributeError", "IndexError", "LookupError"})


def is_expected(place: Place) -> bool:
    """The code reckons with another type: a handler for the error, a test of the type."""
    own = list(s.walk(place.function.node, into_functions=False))
    if is_caught(own, place.node, _CAUGHT):
        return True
    for inner in own:
        if (
            isinstance(inner, s.Call)
            and isinstance(inner.func, s.Name)
            and inner.func.id in ("isinstance", "hasattr", "type")
            and inner.args
            and isinstance(inner.args[0].value, s.Name)
            and inner.args[0].value.id in _names(place.node)
        ):
            return True
    return False


def is_caught(around: Iterable[s.Node], node: s.Node, errors: frozenset[str]) -> bool:
    """Does a ``try`` among the nodes stand around this one, with a handler for one of the errors or
    for all?"""
    return any(
        isinstance(inner, s.Try) and _covers(inner, node) and _catches(inner, errors)
        for inner in around
    )


def _covers(statement: s.Try, node: s.Node) -> bool:
    return any(
        body.span[:2] <= node.span[:2] and node.span[2:] <= body.span[2:] for body in statement.body
    )


def _catches(statement: s.Try, errors: frozenset[str]) -> bool:
    for handler in statement.handlers:
        if handler.type is None:
            return True
        names = {
            inner.id if isinstance(inner, s.Name) else getattr(inner, "name", "")
            for inner in s.walk(handler.type)
        }
        if names & errors:
            return True
    return False


def _names(node: s.Node) -> set[str]:
    return {inner.id for inner in s.walk(node) if isinstance(inner, s.Name)}
