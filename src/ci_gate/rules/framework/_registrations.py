"""JavaScript: the calls that register handlers, and the functions that they are given."""

from __future__ import annotations

from collections.abc import Container, Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import FunctionValue
from ci_gate.data import dataclass


@dataclass(frozen=True, slots=True)
class Registering:
    """``call`` of ``path`` registers something by the method ``name``."""

    framework: str
    path: str
    name: str
    call: s.Call


def registering(model: CodeModel, frameworks: Container[str]) -> Iterator[Registering]:
    """The calls on the routers and applications of these frameworks."""
    for router in model.route_table.routers:
        for made in router.calls if router.framework in frameworks else ():
            call, path = made.args.call, made.args.module
            if call is not None and not is_outside(path):
                yield Registering(router.framework, path, made.name, call)


def function_of(model: CodeModel, expr: s.Expr) -> FunctionInfo | None:
    """The one function of the tree that an expression stands for."""
    values = model.evaluate(expr)
    value = next(iter(values)) if len(values) == 1 else None
    return value.function if isinstance(value, FunctionValue) else None


def written(expr: s.Expr) -> str:
    """``this.controller`` and ``guard()`` as they are written."""
    match expr:
        case s.Call(func=func):
            return f"{written(func)}()"
        case s.Attribute(value=value, name=name):
            return f"{written(value)}.{name}"
        case s.Name(id=name):
            return name
    return "…"
