"""Functions of Python's frameworks that have to give a response back, besides the views."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.values import ClassValue, ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.rules.framework._flask import is_router

_AFTER: Final = frozenset({"after_request", "after_app_request"})
_BEFORE: Final = frozenset({"before_request", "before_app_request"})
_DECORATED: Final = {
    "flask": "Flask", "django": "Django", "aiohttp": "aiohttp", "fastapi": "FastAPI",
}  # fmt: skip
_DISPATCHING: Final = "BaseHTTPMiddleware"
#: Decorators of libraries that hand the result of the view on.
_TRANSPARENT: Final = frozenset({
    "route", "get", "post", "put", "patch", "delete", "login_required", "jwt_required",
    "csrf_exempt", "require_http_methods", "require_GET", "require_POST", "require_safe", "wraps",
    "view", "never_cache", "cache_page", "cached", "limit", "exempt", "cross_origin",
    "fresh_login_required",
    "auth_required", "staticmethod", "classmethod", "ensure_csrf_cookie", "transaction", "atomic",
})  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Responder:
    """A function around the views. ``answers``: what it returns ends the request (Flask's
    ``before_request``); ``decorates``: it has to return what stands in for the view; else it has to
    return the response."""

    function: FunctionInfo
    framework: str
    answers: bool = False
    decorates: bool = False


def responders(model: CodeModel) -> Iterator[Responder]:
    for function in model.functions.values():
        node = function.node
        if function.module.language != "python" or not isinstance(node, s.Function):
            continue
        if len(node.decorators) == 1:
            yield from _decorated(model, function, node.decorators[0])
        if function.cls is None:
            continue
        if function.name == "__call__" and len(node.params) == 2:
            made = model.method(function.cls, "__init__")
            params = made.node.params if made and isinstance(made.node, s.Function) else []
            if [item.name for item in params][1:2] == ["get_response"]:
                yield Responder(function, "Django")
        elif function.name == "dispatch" and any(
            map(_is_dispatching, model.ancestors(function.cls))
        ):
            yield Responder(function, "Starlette")
    yield from _around_views(model)


def _around_views(model: CodeModel) -> Iterator[Responder]:
    """The project's own decorators of views, and what they put in the place of the view."""
    seen: set[FunctionInfo] = set()
    for route in model.routes:
        view = route.handlers[0] if route.handlers else None
        if view is None or route.framework not in _DECORATED:
            continue
        for decorator in view.node.decorators if isinstance(view.node, s.Function) else ():
            if not isinstance(decorator, s.Name | s.Attribute):
                continue
            values = model.evaluate(decorator)
            value = next(iter(values)) if len(values) == 1 else None
            function = value.function if isinstance(value, FunctionValue) else None
            if function is None or function in seen or not isinstance(function.node, s.Function):
                continue
            seen.add(function)
            params = [item.name for item in function.node.params]
            inner = [
                item.function
                for item in function.node.body
                if isinstance(item, s.FunctionDef) and params and _calls(item.function, params[0])
            ]
            if len(params) != 1 or len(inner) != 1 or function.node.decorators:
                continue
            shown = _DECORATED[route.framework]
            yield Responder(function, shown, decorates=True)
            wrapper = model.function_of(inner[0])
            if wrapper is not None and not any(s.returns_in(inner[0])):
                yield Responder(wrapper, shown)


def _calls(node: s.Function, name: str) -> bool:
    return any(
        isinstance(item, s.Call) and isinstance(item.func, s.Name) and item.func.id == name
        for item in s.walk(node)
    )


def _is_dispatching(base: object) -> bool:
    return isinstance(base, ExternalValue) and base.path.endswith(_DISPATCHING)


def _decorated(model: CodeModel, function: FunctionInfo, decorator: s.Expr) -> Iterator[Responder]:
    func = decorator.func if isinstance(decorator, s.Call) else decorator
    if not isinstance(func, s.Attribute):
        return
    scope = model.scope_of(func)
    if func.name in _AFTER and is_router(model, func.value, scope):
        yield Responder(function, "Flask")
    elif func.name in _BEFORE and is_router(model, func.value, scope):
        yield Responder(function, "Flask", answers=True)
    elif func.name == "middleware":
        for value in model.evaluate(func, scope):
            if isinstance(value, ExternalValue) and value.path.startswith("aiohttp.web"):
                yield Responder(function, "aiohttp")
            elif isinstance(value, ExternalValue) and value.path.startswith("fastapi."):
                yield Responder(function, "FastAPI")


def transparent(model: CodeModel, view: FunctionInfo, framework: str) -> bool:
    """Is what the view returns what the framework gets?"""
    node = view.node
    if not isinstance(node, s.Function) or node.is_generator:
        return False
    if view.cls is not None and (framework != "django" or not _is_django_view(model, view)):
        return False
    for decorator in node.decorators:
        func = decorator.func if isinstance(decorator, s.Call) else decorator
        name = func.id if isinstance(func, s.Name) else ""
        name = func.name if isinstance(func, s.Attribute) else name
        found = model.evaluate(func)
        own = [value.function for value in found if isinstance(value, FunctionValue)]
        if own:
            if len(own) != len(found) or not all(map(_hands_on, own)):
                return False
        elif name not in _TRANSPARENT or any(isinstance(item, ClassValue) for item in found):
            return False
    return not _is_own_application(model)


def _hands_on(decorator: FunctionInfo) -> bool:
    """Does each function in it that wraps another return just what that gives?"""
    node = decorator.node
    if not isinstance(node, s.Function):
        return False
    names = {item.name for inner in _inner(node) for item in inner.params} | {
        item.name for item in node.params
    }
    calls = [
        item
        for item in s.walk(node)
        if isinstance(item, s.Call) and isinstance(item.func, s.Name) and item.func.id in names
    ]
    handed: set[s.Node] = set()
    for item in s.walk(node):
        value = item.value if isinstance(item, s.Return) else None
        value = value.value if isinstance(value, s.Await) else value
        if value is not None:
            handed.add(value)
    return bool(calls) and all(call in handed for call in calls)


def _inner(node: s.Function) -> Iterator[s.Function]:
    for item in s.walk(node):
        if isinstance(item, s.FunctionDef):
            yield item.function


def _is_django_view(model: CodeModel, view: FunctionInfo) -> bool:
    if view.cls is None or view.name not in ("get", "post", "put", "patch", "delete"):
        return False
    bases = list(model.ancestors(view.cls))
    known = all(isinstance(base, ClassValue | ExternalValue) for base in bases)
    return known and any(
        isinstance(base, ExternalValue) and base.path.startswith("django.views.") for base in bases
    )


def _is_own_application(model: CodeModel) -> bool:
    """Does the project change what the framework makes of results?"""
    return any(
        isinstance(base, ExternalValue) and base.path in ("flask.Flask", "flask.app.Flask")
        for cls in model.classes.values()
        if cls.module.language == "python"
        for base in model.bases(cls)
    )
