"""What stands between a request and its handler: decorators, middleware, dependencies, permission
classes, and the functions that the handler calls itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo, Route
from ci_gate.codemodel.values import ClassValue
from ci_gate.regex import regex

#: Words of names that may have to do with who the caller is.
AUTH: Final = regex(
    r"auth|login|logged|sign|jwt|token|bearer|permission|protect|require|user|identity|session|"
    r"guard|principal|caller|account|member|owner|access|credential|secur|verify|passport|role|"
    r"admin|scope|key|viewer|current|me$",
    re.IGNORECASE,
)
_OPTIONAL: Final = regex(r"optional|maybe|soft|if_present|or_none|anonymous", re.IGNORECASE)
_FREE: Final = frozenset({"AllowAny"})
_READ_ONLY: Final = regex(r"OrReadOnly$")
_SAFE: Final = ("GET", "HEAD", "OPTIONS")


class Unclear(Exception):
    """The route has a check that cannot be named."""


def guards(model: CodeModel, route: Route) -> frozenset[str]:
    """The names of all that runs for a route and may refuse it.

    Raises:
        Unclear: something there is not known by name.
    """
    found: set[str] = set()
    if not route.handlers:
        raise Unclear
    handler = route.handlers[0]
    for item in route.handlers[1:]:
        found.add(item.name or item.qualname)
    if route.view is not None:
        found |= set(_of_view(model, route.view, route.method))
    found |= set(_of_function(handler))
    found |= set(registered(model, route.module, route.span))
    return frozenset(found)


def is_optional(name: str) -> bool:
    return _OPTIONAL.search(name) is not None


def _of_function(handler: FunctionInfo) -> Iterator[str]:
    node = handler.node
    if not isinstance(node, s.Function):
        return
    for item in node.decorators:
        yield from _names(item, decorator=True)
    for param in node.params:
        for part in (param.annotation, param.default):
            if part is not None:
                yield from _names(part)
    for statement in node.body:
        for inner in s.walk(statement):
            if isinstance(inner, s.Call):
                yield _called(inner.func)
            elif isinstance(inner, s.Attribute):
                yield inner.name


def registered(model: CodeModel, path: str, span: s.Span, *, handler: bool = True) -> Iterator[str]:
    """The names in the call that registers a route: middleware of libraries is there. Without
    ``handler``, the last argument is left out."""
    module = model.modules.get(path)
    for node in s.walk(module) if module is not None else ():
        if isinstance(node, s.Call) and node.span == span:
            for argument in node.args if handler else node.args[:-1]:
                yield from _names(argument.value)
            break


def _names(expr: s.Expr, *, decorator: bool = False) -> Iterator[str]:
    for item in s.walk(expr, into_functions=False):
        if isinstance(item, s.Name):
            yield item.id
        elif isinstance(item, s.Attribute):
            yield item.name
        elif isinstance(item, s.Literal) and isinstance(item.value, str) and not decorator:
            yield item.value[:60]


def _called(func: s.Expr) -> str:
    if isinstance(func, s.Attribute):
        return func.name
    return func.id if isinstance(func, s.Name) else ""


def _of_view(model: CodeModel, view: ClassInfo, method: str) -> Iterator[str]:
    """The permission classes of a view of Django REST framework, for one method."""
    if any(model.method(view, name) for name in ("get_permissions", "check_permissions",
                                                 "initial", "dispatch")):  # fmt: skip
        raise Unclear
    for item in view.node.decorators:
        yield from _names(item, decorator=True)
    for cls in _lineage(model, view):
        for base in cls.node.bases:
            yield from _names(base.value)
        for statement in cls.node.body:
            if isinstance(statement, s.Assign) and statement.value is not None:
                names = [item.id for item in statement.targets if isinstance(item, s.Name)]
                if "permission_classes" in names:
                    for name in _names(statement.value):
                        if name not in _FREE and not (method in _SAFE and _READ_ONLY.search(name)):
                            yield name


def _lineage(model: CodeModel, view: ClassInfo) -> Sequence[ClassInfo]:
    bases = [value.cls for value in model.ancestors(view) if isinstance(value, ClassValue)]
    return [view, *bases]
