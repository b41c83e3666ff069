"""Uses of a driver's rows that the code itself takes into account."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Place

_CAUGHT: Final = frozenset({"TypeError", "KeyError", "AttributeError", "IndexError", "LookupError"})


def is_expected(place: Place) -> bool:
    """The code reckons with another type: a handler for the error, a test of the type."""
    for inner in s.walk(place.function.node, into_functions=False):
        if isinstance(inner, s.Try) and _covers(inner, place.node) and _catches(inner):
            return True
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


def _covers(statement: s.Try, node: s.Node) -> bool:
    return any(
        body.span[:2] <= node.span[:2] and node.span[2:] <= body.span[2:] for body in statement.body
    )


def _catches(statement: s.Try) -> bool:
    for handler in statement.handlers:
        if handler.type is None:
            return True
        names = {
            inner.id if isinstance(inner, s.Name) else getattr(inner, "name", "")
            for inner in s.walk(handler.type)
        }
        if names & _CAUGHT:
            return True
    return False


def _names(node: s.Node) -> set[str]:
    return {inner.id for inner in s.walk(node) if isinstance(inner, s.Name)}
