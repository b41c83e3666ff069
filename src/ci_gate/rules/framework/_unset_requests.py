"""aiohttp and Django: what views read of the request, and which decorator puts it there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import FunctionValue
from ci_gate.rules._contexts import held_objects
from ci_gate.rules.base import Facts
from ci_gate.rules.framework._unset_globals import UnsetGlobal

_KINDS: Final = {"aiohttp.Request": "aiohttp", "django.HttpRequest": "django"}


def unset_of_requests(facts: Facts) -> Iterator[UnsetGlobal]:
    """Routes that come to a read of what only the decorator of other routes sets."""
    model = facts.model
    reads: defaultdict[FunctionInfo, dict[str, s.Attribute | s.Subscript]] = defaultdict(dict)
    setters: defaultdict[str, dict[FunctionInfo, s.Node]] = defaultdict(dict)
    for function, name, node, is_set in _uses(facts):
        if is_set:
            setters[name].setdefault(function, node)
        elif not _is_asked(function, name, node):
            reads[function].setdefault(name, node)
    decorators = _decorators(model) if reads and setters else {}
    routes = [item for item in model.routes if item.framework in _KINDS.values() and item.handlers]
    for name, by in setters.items():
        inside = {function: decorators.get(_outermost(function)) for function in by}
        if any(views is None for views in inside.values()) or _is_set_elsewhere(model, name, by):
            continue
        with_setter = {view for views in inside.values() for view in views or ()}
        told: set[FunctionInfo] = set()
        for route in routes:
            view = route.handlers[0]
            if view in told or view in with_setter or is_outside(view.module.path):
                continue
            told.add(view)
            if any(edge.reason == "call" for edge in model.callers(view)):
                continue
            reached = _reached(model, view, with_setter)
            for function in sorted(reached, key=lambda item: item.qualname):
                if name in reads.get(function, ()):
                    setter, where = next(iter(by.items()))
                    yield UnsetGlobal(route, name, reads[function][name], function, setter, where)
                    break


def _uses(
    facts: Facts,
) -> Iterator[tuple[FunctionInfo, str, s.Attribute | s.Subscript, bool]]:
    for item in held_objects(facts):
        if item.kind not in _KINDS:
            continue
        known = set(item.reads())
        targets: set[s.Node] = set()
        for node in facts.model.own_nodes(item.function):
            if isinstance(node, s.Assign) and node.op is None:
                targets.update(node.targets)
        for node in facts.model.own_nodes(item.function):
            if isinstance(node, s.Attribute | s.Subscript) and node.value in known:
                name = _name(node, item.kind)
                if name is not None:
                    yield item.function, name, node, node in targets


def _name(node: s.Attribute | s.Subscript, kind: str) -> str | None:
    if kind == "django.HttpRequest":
        return node.name if isinstance(node, s.Attribute) else None
    index = node.index if isinstance(node, s.Subscript) else None
    return index.value if isinstance(index, s.Literal) and isinstance(index.value, str) else None


def _decorators(model: CodeModel) -> dict[FunctionInfo, set[FunctionInfo]]:
    """The project's functions that decorate others, each with these others."""
    found: defaultdict[FunctionInfo, set[FunctionInfo]] = defaultdict(set)
    for function in model.functions.values():
        if function.module.language != "python" or not isinstance(function.node, s.Function):
            continue
        for decorator in function.node.decorators:
            func = decorator.func if isinstance(decorator, s.Call) else decorator
            for value in model.evaluate(func):
                if isinstance(value, FunctionValue):
                    found[value.function].add(function)
    return found


def _reached(
    model: CodeModel, view: FunctionInfo, closed: set[FunctionInfo]
) -> frozenset[FunctionInfo]:
    """What the view comes to by calls, without what only the functions of ``closed`` come to."""
    found = {view}
    waiting = [view]
    while waiting:
        for edge in model.callees(waiting.pop()):
            if edge.callee not in found and edge.callee not in closed:
                found.add(edge.callee)
                waiting.append(edge.callee)
    return frozenset(found)


def _outermost(function: FunctionInfo) -> FunctionInfo:
    while function.parent is not None and isinstance(function.parent.node, s.Function):
        function = function.parent
    return function


def _is_set_elsewhere(model: CodeModel, name: str, by: dict[FunctionInfo, s.Node]) -> bool:
    """Is it put on anything by code that is not known to have a request?"""
    if any(store.binding.scope.function not in by for store in model.stores(name)):
        return True
    for module in model.modules.values():
        for statement in model.nodes_of(module, s.Assign) if module.language == "python" else ():
            for target in statement.targets:
                if (
                    isinstance(target, s.Subscript)
                    and isinstance(target.index, s.Literal)
                    and target.index.value == name
                    and target not in by.values()
                    and s.last_name(target.value) in ("request", "req", "self")
                ):
                    return True
    return False


def _is_asked(function: FunctionInfo, name: str, read: s.Node) -> bool:
    """Does the function ask first whether the name is there?"""
    index = read.index if isinstance(read, s.Subscript) else None
    for statement in function.node.body:
        for node in s.walk(statement):
            if isinstance(node, s.Literal) and node.value == name and node is not index:
                return True
            if isinstance(node, s.Handler):
                return True
    return False
