"""Middleware of Express, Koa and Hono that is registered after the routes it is meant for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Route
from ci_gate.codemodel.openapi import Operation
from ci_gate.codemodel.program import Late
from ci_gate.rules.base import Facts
from ci_gate.rules.contract import _descriptions as descriptions
from ci_gate.rules.contract._guards import AUTH, is_optional, registered
from ci_gate.rules.framework._order import passes_on

_FRAMEWORKS: Final = frozenset({"express", "koa", "hono"})
_REFUSALS: Final = frozenset({401, 403})


def late_middleware(model: CodeModel) -> Iterator[Late]:
    """Middleware that some routes of its router never pass, because they answer first. Handlers
    that are served a second time behind it are left out."""
    for item in model.route_table.late:
        behind = {
            route.handlers[0]
            for route in model.routes
            if route.handlers and not set(item.handlers).isdisjoint(route.handlers)
        }
        routes = tuple(
            route
            for route in item.routes
            if route.framework in _FRAMEWORKS
            and route.complete
            and route.handlers
            and route.handlers[0] not in behind
            and not passes_on(route)
        )
        if routes and all(goes_on(handler) for handler in item.handlers):
            yield Late(item.handlers, item.module, item.span, routes)


def left_open(facts: Facts, late: Late) -> list[tuple[Operation, Route]]:
    """The routes that a contract protects and that nothing else checks, if ``late`` is a check."""
    names = [name for name in names_of(facts.model, late) if AUTH.search(name)]
    if not names or all(map(is_optional, names)) or not any(map(_refuses, late.handlers)):
        return []
    missed = set(late.routes)
    found: list[tuple[Operation, Route]] = []
    for served in facts.served:
        if descriptions.derived(facts, served):
            continue
        for item in served.operations:
            if item.security and all(item.security):
                found += [
                    (item, route)
                    for route in served.routes_of(item)
                    if route in missed and not _has_check(facts.model, route)
                ]
    return found


def names_of(model: CodeModel, late: Late) -> list[str]:
    """What is registered, in the words of the call and of the functions."""
    found = [handler.name for handler in late.handlers if not handler.name.startswith("<")]
    return list(dict.fromkeys((*found, *registered(model, late.module, late.span))))


def goes_on(handler: FunctionInfo) -> bool:
    """Does it hand the request on (``next()``), as what stands before a route does?"""
    node = handler.node
    if not isinstance(node, s.Function) or not 1 < len(node.params) < 4:
        return False
    name = node.params[-1].name
    return any(
        isinstance(item, s.Call)
        and isinstance(item.func, s.Name)
        and item.func.id == name
        and not item.args
        for item in s.walk(node)
    )


def _has_check(model: CodeModel, route: Route) -> bool:
    """Does something on the route look at who calls, by any of its names?"""
    for handler in route.handlers[1:]:
        if AUTH.search(handler.name):
            return True
        if handler.name.startswith("<") and any(map(_is_of_caller, s.walk(handler.node))):
            return True
    names = registered(model, route.module, route.span, handler=False)
    return any(AUTH.search(name) for name in names)


def _is_of_caller(node: s.Node) -> bool:
    name = node.id if isinstance(node, s.Name) else getattr(node, "name", None)
    name = node.value if isinstance(node, s.Literal) else name
    return isinstance(name, str) and AUTH.search(name) is not None


def _refuses(handler: FunctionInfo) -> bool:
    """May it answer in place of the route, or throw?"""
    return any(
        isinstance(node, s.Raise)
        or (isinstance(node, s.Literal) and node.value in _REFUSALS)
        or (isinstance(node, s.Call) and isinstance(node.func, s.Name) and bool(node.args)
            and isinstance(handler.node, s.Function)
            and node.func.id == handler.node.params[-1].name)
        for node in s.walk(handler.node)
    )  # fmt: skip
