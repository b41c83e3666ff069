"""Flask's ``g``: what views read of it, and what sets it on their way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Route
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass

_G: Final = frozenset({"flask.g", "flask.globals.g"})
_METHODS: Final = frozenset({"get", "pop", "setdefault", "__dict__"})


@dataclass(frozen=True, slots=True, eq=False)
class UnsetGlobal:
    """``route`` comes to ``read``, of ``g.name``, in ``function``, and ``setter`` is not on its
    way."""

    route: Route
    name: str
    read: s.Attribute | s.Subscript
    function: FunctionInfo
    setter: FunctionInfo
    where: s.Node


def unset_globals(model: CodeModel) -> Iterator[UnsetGlobal]:
    reads: defaultdict[FunctionInfo, dict[str, s.Attribute]] = defaultdict(dict)
    setters: defaultdict[str, dict[FunctionInfo, s.Node]] = defaultdict(dict)
    for function in model.functions.values():
        if function.module.language != "python" or "g" not in s.gathered(function.module).words:
            continue
        if _is_dynamic(function):
            return
        for node, is_set in _uses(model, function):
            if is_set:
                setters[node.name].setdefault(function, node)
            elif not _is_asked(function, node.name):
                reads[function].setdefault(node.name, node)
    if not reads or not setters:
        return
    routes = [item for item in model.routes if item.framework == "flask" and item.handlers]
    whole = {route: model.reachable(route.handlers) for route in routes}
    for name, by in setters.items():
        if not any(not whole[route].isdisjoint(by) for route in routes):
            continue
        told: set[FunctionInfo] = set()
        for route in routes:
            view = route.handlers[0]
            if view in told or is_outside(view.module.path) or not whole[route].isdisjoint(by):
                continue
            reached = model.reachable((view,))
            for function in sorted(reached & reads.keys(), key=lambda item: item.qualname):
                if name in reads[function]:
                    told.add(view)
                    setter, where = next(iter(by.items()))
                    yield UnsetGlobal(route, name, reads[function][name], function, setter, where)
                    break


def _is_g(model: CodeModel, expr: s.Expr) -> bool:
    named = isinstance(expr, s.Name) and expr.id == "g"
    if not named and not (isinstance(expr, s.Attribute) and expr.name == "g"):
        return False
    found = model.evaluate(expr)
    return bool(found) and all(
        isinstance(item, ExternalValue) and item.path in _G for item in found
    )


def _uses(model: CodeModel, function: FunctionInfo) -> Iterator[tuple[s.Attribute, bool]]:
    targets: set[s.Node] = set()
    for node in model.own_nodes(function):
        if isinstance(node, s.Assign) and node.op is None:
            targets.update(node.targets)
    for attribute in model.attributes_in(function):
        if attribute.name not in _METHODS and _is_g(model, attribute.value):
            yield attribute, attribute in targets


def _is_dynamic(function: FunctionInfo) -> bool:
    """Does it set names of ``g`` that are not written?"""
    return any(
        isinstance(node, s.Call)
        and isinstance(node.func, s.Name)
        and node.func.id == "setattr"
        and node.args
        and isinstance(node.args[0].value, s.Name)
        and node.args[0].value.id == "g"
        for statement in function.node.body
        for node in s.walk(statement)
    )


def _is_asked(function: FunctionInfo, name: str) -> bool:
    """Does the function ask first whether the name is there?"""
    for statement in function.node.body:
        for node in s.walk(statement):
            if isinstance(node, s.Literal) and node.value == name:
                return True
            if isinstance(node, s.Handler):
                return True
    return False
