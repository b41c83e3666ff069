"""What a decorator of the tree makes of the function it is put on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.values import ExternalValue, FunctionValue, InstanceValue, Value

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
    outcomes = {_returned(taker, taker.node, value) for value in returns(taker.node)}
    return outcomes.pop() if len(outcomes) == 1 else _UNKNOWN


def returns(function: s.Function) -> Iterator[s.Expr | None]:
    """What the function itself returns."""
    for statement in function.body:
        for node in s.walk(statement, into_functions=False):
            if isinstance(node, s.Return):
                yield node.value


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


def _named(taker: FunctionInfo, function: s.Function, wrapper: s.Function) -> Applied:
    """Does the wrapper keep the name of what it wraps?"""
    for decorator in wrapper.decorators:
        call = decorator.func if isinstance(decorator, s.Call) else decorator
        last = call.id if isinstance(call, s.Name) else getattr(call, "name", "")
        return Applied("wrapped") if last in ("wraps", "update_wrapper") else _UNKNOWN
    for node in s.walk(function):
        match node:
            case s.Attribute(name="__name__", value=s.Name(id=name)) if name == wrapper.name:
                return _UNKNOWN
            case s.Call(func=s.Name(id="update_wrapper") | s.Attribute(name="update_wrapper")):
                return _UNKNOWN
    return Applied("renamed", wrapper, taker)
