"""What a decorator of the tree makes of the function it is put on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeGuard

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.values import ExternalValue, FunctionValue, InstanceValue, Value
from ci_gate.data import dataclass

Outcome = Literal["same", "wrapped", "renamed", "unknown"]


@dataclass(frozen=True, slots=True)
class Applied:
    """``same``: the function itself comes back. ``wrapped``: another function of the same name.
    ``renamed``: ``wrapper``, under its own name."""

    outcome: Outcome
    wrapper: s.Function | None = None
    taker: FunctionInfo | None = None


_UNKNOWN = Applied("unknown")


def function_of(model: CodeModel, expr: s.Expr, scope: Scope) -> FunctionInfo | None:
    """The one function of the tree that ``expr`` is."""
    values = model.evaluate(expr, scope)
    found = [value.function for value in values if isinstance(value, FunctionValue)]
    return found[0] if len(found) == len(values) == 1 else None


def applied(model: CodeModel, decorator: s.Expr, scope: Scope) -> Applied:
    """What ``decorator`` gives for the function below it."""
    values = model.evaluate(decorator, scope)
    found = {_of_value(model, value) for value in values}
    return found.pop() if len(found) == 1 else _UNKNOWN


def _of_value(model: CodeModel, value: Value) -> Applied:
    if isinstance(value, ExternalValue):
        return Applied("wrapped")
    taker: FunctionInfo | None = None
    if isinstance(value, FunctionValue):
        taker = value.function
    elif isinstance(value, InstanceValue):
        taker = model.method(value.cls, "__call__")
    if taker is None or not isinstance(taker.node, s.Function) or taker.node.is_generator:
        return _UNKNOWN
    outcomes = {_returned(taker, taker.node, item.value) for item in s.returns_in(taker.node)}
    return outcomes.pop() if len(outcomes) == 1 else _UNKNOWN


def _returned(taker: FunctionInfo, function: s.Function, value: s.Expr | None) -> Applied:
    match value:
        case s.Name(id=name):
            if any(param.name == name for param in function.params):
                return Applied("same")
            inner = [item for item in _functions(function) if item.name == name]
            if len(inner) != 1 or _bound_otherwise(function, name):
                return _UNKNOWN
            return _named(taker, function, inner[0])
        case s.Call(func=s.Name(id="update_wrapper") | s.Attribute(name="update_wrapper")):
            return Applied("wrapped")
        case s.Call(func=s.Call(func=s.Name(id="wraps") | s.Attribute(name="wraps"))):
            return Applied("wrapped")
    return _UNKNOWN


def _functions(function: s.Function) -> Iterator[s.Function]:
    for statement in function.body:
        for node in s.walk(statement, into_functions=False):
            if isinstance(node, s.FunctionDef):
                yield node.function


def _bound_otherwise(function: s.Function, name: str) -> bool:
    return any(
        isinstance(target, s.Name) and target.id == name
        for statement in function.body
        for node in s.walk(statement, into_functions=False)
        if isinstance(node, s.Assign)
        for target in node.targets
    )


def passes_on(taker: FunctionInfo, wrapper: s.Function) -> bool:
    """Does the wrapper call what it wraps with just what it was called with?"""
    if [param.kind for param in wrapper.params] != ["*", "**"]:
        return False
    names = {param.name for param in wrapper.params}
    wrapped = {param.name for param in taker.node.params} if _is_function(taker.node) else set()
    calls = [
        node
        for node in s.walk(wrapper)
        if isinstance(node, s.Call) and isinstance(node.func, s.Name) and node.func.id in wrapped
    ]
    changed = any(
        isinstance(node, s.Name) and node.id in names
        for node in s.walk(wrapper)
        if not any(node is argument.value for call in calls for argument in call.args)
    )
    return bool(calls) and not changed and all(_spreads(call, names) for call in calls)


def _is_function(node: s.Node) -> TypeGuard[s.Function]:
    return isinstance(node, s.Function)


def _spreads(call: s.Call, names: set[str]) -> bool:
    return [argument.star for argument in call.args] == ["*", "**"] and all(
        isinstance(argument.value, s.Name) and argument.value.id in names for argument in call.args
    )


def _named(taker: FunctionInfo, function: s.Function, wrapper: s.Function) -> Applied:
    """Does the wrapper keep the name of what it wraps?"""
    for decorator in wrapper.decorators:
        call = decorator.func if isinstance(decorator, s.Call) else decorator
        last = call.id if isinstance(call, s.Name) else getattr(call, "name", "")
        if last not in ("wraps", "update_wrapper"):
            return _UNKNOWN
        return Applied("wrapped", wrapper, taker)
    for node in s.walk(function):
        match node:
            case s.Attribute(name="__name__", value=s.Name(id=name)) if name == wrapper.name:
                return _UNKNOWN
            case s.Call(func=s.Name(id="update_wrapper") | s.Attribute(name="update_wrapper")):
                return _UNKNOWN
    return Applied("renamed", wrapper, taker)
